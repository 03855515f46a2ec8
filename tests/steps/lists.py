#!/usr/bin/env python3
"""An agent works through lists in a real Chromium by keys alone: ticks, changes several at once, takes it back, narrows, saves a view, pages.

Pictures of the list, wide, middle and narrow, light and dark, are left in target/screenshots.
"""

import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support import mails  # noqa: E402
from support.axe import assert_none  # noqa: E402
from support.browsing import MOST_MILLISECONDS, Window, assert_nothing_wrong, chromium  # noqa: E402
from support.http import wait_for  # noqa: E402
from support.pictures import look_at, picture  # noqa: E402
from support.processes import TARGET, LocalDesk, build  # noqa: E402

ANNA = "2"
SUBJECTS = [
    "Ramme revnet ved krankboksen efter 300 km",
    "لم يصل الطلب رقم 55812 حتى الآن",
    "¿Dónde está mi pedido 5521? El seguimiento no cambia desde el viernes",
    "Wrong colour delivered, and the box had been opened before it reached us in Leeds",
]


def mail(nth):
    sender = f"Customer {nth} <customer{nth}@example.com>"
    text = f"Hello, this is number {nth}. I have waited since Friday and would like to know more.\n"
    return mails.mail(sender, SUBJECTS[nth % len(SUBJECTS)], text, f"list-{nth}@example.com")


class Watched(Window):
    """Somebody's lists."""

    def open(self, query=""):
        return super().open(f"tickets{query}")

    def pictures(self, name):
        look_at(self.page, f"list-{name}")


def several_are_changed_by_keys(desk, watched):
    page = watched.open("?view=open")
    watched.pictures("open")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('li').id")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("X")
    expect(page.locator("#ticked")).to_have_text("3 ticked")
    expect(page.locator("#bar")).to_be_visible()
    watched.pictures("ticked")
    before = {row: desk.assignee(row) for row in ticked(page)}
    assert f"ticket-{next(iter(before))}" == first
    page.keyboard.press("p")
    expect(page.locator("#menu-priority")).to_be_visible()
    assert_none(page, "the menu of the bar")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("3 set to Urgent")
    # What was said is not said again.
    expect(page).not_to_have_url(re.compile("did="))
    expect(page.locator(f"#{first} .pill.late")).to_have_text("Urgent")
    watched.pictures("done")
    page.locator("#undo-bulk").click()
    expect(page.locator("#done")).to_contain_text("3 put back")
    expect(page.locator(f"#{first} .pill.late")).to_have_count(0)
    # Without a tick the key means the row that has the focus.
    page.locator(f"#{first} .text a").focus()
    page.keyboard.press("a")
    page.locator("#menu-assign button").first.click()
    expect(page.locator("#done")).to_contain_text("1 assigned to you")
    wait_for("their ticket", lambda: str(desk.assignee(first.removeprefix("ticket-"))) == ANNA)


def ticked(page):
    return page.evaluate("[...document.querySelectorAll('.rows [name=t]:checked')].map(it => it.value)")


def a_list_is_narrowed_and_kept(watched):
    page = watched.open("?view=open")
    page.keyboard.press("f")
    expect(page.locator("#filters")).to_be_visible()
    picture(page, "list-filters")
    assert_none(page, "the filters")
    page.locator("#filters").get_by_label("Open", exact=True).check()
    page.locator("#filters button").click()
    expect(page.locator(".chip")).to_contain_text("Status: Open")
    page.locator("#order").click()
    assert_none(page, "the orders")
    page.locator("#orders").get_by_text("Newest first").click()
    expect(page.locator("#order")).to_contain_text("Newest first")
    watched.pictures("narrowed")
    page.locator("#save").click()
    page.locator("#save-view input[name=title]").fill("Open, newest")
    page.locator("#save-view button").click()
    expect(page.locator("h1")).to_have_text("Open, newest")
    link = page.locator("#rail").get_by_text("Open, newest")
    expect(link).to_be_visible()
    expect(page.locator("#rail [id^=view-saved-] .count")).to_be_visible()
    page.locator("#edit").click()
    assert_none(page, "the form of a view")
    page.locator("#edit-view input[name=title]").fill("Newest of what is open")
    page.locator("#edit-view button").click()
    expect(page.locator("h1")).to_have_text("Newest of what is open")


def pages_turn_by_keys(watched):
    page = watched.open("?view=open")
    expect(page.locator("#range")).to_contain_text("1–50 of")
    page.keyboard.press("]")
    expect(page.locator("#range")).to_contain_text("51–")
    page.keyboard.press("[")
    expect(page.locator("#range")).to_contain_text("1–50 of")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    # The place in the list is carried along, and is where one goes back to.
    page.wait_for_url("**/agent/tickets/*?view=open&before=*")
    page.locator("#back").click()
    page.wait_for_url("**/agent/tickets?view=open&before=*#open-*")
    expect(page.locator("#range")).to_contain_text("1–50 of")


def a_macro_is_run_on_several(desk, watched):
    actions = [{"field": "priority", "value": "high"}, {"field": "current_tags", "value": "restart"}]
    record = {"macro": {"title": "Restart", "actions": actions}}
    made = desk.api("POST", "macros.json", record)
    assert made.status == 201, made
    # Rules are read again after half a minute.
    desk.advance("PT31S")
    page = watched.open("?view=open")
    for key in ("j", "x", "j", "x", "m"):
        page.keyboard.press(key)
    expect(page.locator("#menu-macro")).to_be_visible()
    assert_none(page, "the macros of the bar")
    page.locator("#menu-macro select").select_option(label="Restart")
    page.locator("#show-macro").click()
    expect(page.locator("h1")).to_contain_text("on 2 tickets")
    expect(page.locator("main")).to_contain_text("Sets the priority to High")
    watched.pictures("macro")
    page.locator("#run-macro").click()
    expect(page.locator("#done")).to_contain_text("2 changed by Restart")
    page.locator("#undo-bulk").click()
    expect(page.locator("#done")).to_contain_text("2 put back")


def held_mail_is_decided_about(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/held")
    expect(page.locator("main")).to_contain_text("No mail waits for a decision")
    watched.pictures("held-none")
    raw = mail(901).replace(b"To: support@in.docket.local", b"To: sales@in.docket.local")
    for nth in range(3):
        assert desk.post_mail(raw.replace(b"list-901", b"held-%d" % nth), to="sales@in.docket.local").status == 202
    # Whoever has the list open sees that something came.
    page.locator("#show-arrived").click()
    expect(page.locator(".rows li").first).to_be_visible()
    page.goto(f"{desk.address}/agent/tickets")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.locator("h1")).to_have_text("Held mail")
    expect(page.locator(".rows li")).to_have_count(3)
    watched.pictures("held")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#why")).to_contain_text("there is no such mailbox")
    expect(page.locator("main")).to_contain_text("Hello, this is number 901.")
    watched.pictures("held-mail")
    # Enter in the field of the reason decides nothing.
    page.locator("[name=reason]").fill("a customer")
    page.keyboard.press("Enter")
    page.locator("#let-in").click()
    expect(page.locator("#done")).to_contain_text("1 let in")
    expect(page.locator("#let-in-as")).to_be_visible()
    expect(page.locator(".rows li")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("#discard").click()
    expect(page.locator("#done")).to_contain_text("1 discarded")
    expect(page.locator("#view-held .count")).to_have_text("1")


def it_works_without_script(browser, watched):
    context = browser.new_context(java_script_enabled=False, storage_state=watched.page.context.storage_state())
    page = context.new_page()
    page.set_default_timeout(MOST_MILLISECONDS)
    page.goto(f"{watched.desk.address}/agent/tickets?view=open")
    page.locator("[name=t]").first.check()
    expect(page.locator("#bar")).to_be_visible()
    page.locator("#bulk-status").click()
    page.locator("#menu-status").get_by_text("On hold").click()
    expect(page.locator("#done")).to_contain_text("1 set to On hold")
    page.locator("#undo-bulk").click()
    expect(page.locator("#done")).to_contain_text("1 put back")
    context.close()


def a_finger_ticks(browser, watched):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, storage_state=watched.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{watched.desk.address}/agent/tickets?view=open")
    page.locator("#pick").click()
    expect(page.locator("[name=t]").first).to_be_visible()
    page.locator("[name=t]").first.check()
    expect(page.locator("#bar")).to_be_visible()
    picture(page, "list-finger")
    page.locator(".tabbar").get_by_text("Views").click()
    expect(page.locator("#rail")).to_be_visible()
    picture(page, "list-rail")
    context.close()


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-lists-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
            for nth in range(1, 58):
                assert desk.post_mail(mail(nth)).status == 202
            wait_for("all tickets", lambda: desk.ticket(57))
            watched = Watched(browser, desk).sign_in(ANNA)
            watched.pictures("mine")
            several_are_changed_by_keys(desk, watched)
            a_list_is_narrowed_and_kept(watched)
            pages_turn_by_keys(watched)
            a_macro_is_run_on_several(desk, watched)
            held_mail_is_decided_about(desk, watched)
            it_works_without_script(browser, watched)
            a_finger_ticks(browser, watched)
            assert_nothing_wrong(watched)
    print("lists were worked through by keys, with and without script")


if __name__ == "__main__":
    main()
