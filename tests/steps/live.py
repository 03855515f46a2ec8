#!/usr/bin/env python3
"""Two agents work side by side in a real Chromium: each sees the other look and write, lists and threads follow, what is typed is kept, and
the palette and its keys do the rest."""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support.axe import assert_none  # noqa: E402
from support.browsing import Window, assert_nothing_wrong, chromium  # noqa: E402
from support.http import wait_for  # noqa: E402
from support.pictures import picture  # noqa: E402
from support.processes import TARGET, LocalDesk, build  # noqa: E402

# An open page asks every three seconds; a change is there some seconds later.
SOON = 15_000
ANNA, BEN = "2", "3"


def mail(nth, subject="Where is my order?", references=""):
    return (
        f"From: Eve <eve{nth}@example.com>\r\nTo: support@in.docket.local\r\nSubject: {subject}\r\n"
        f"Message-ID: <live-{nth}-{len(references)}@example.com>\r\n{references}\r\nIt has not come yet, number {nth}.\r\n"
    ).encode()


class Agent(Window):
    """Somebody at a browser of their own."""

    def __init__(self, browser, desk, person):
        super().__init__(browser, desk, permissions=["notifications"])
        self.person = person

    def sign_in(self):
        return super().sign_in(self.person)

    def picture(self, name):
        picture(self.page, name)


def given(desk, number, person):
    """A ticket that somebody has."""
    changed = desk.api("PUT", f"tickets/{number}.json", {"ticket": {"assignee_id": int(person), "status": "open"}})
    assert changed.status == 200, changed


def they_see_each_other(anna, ben):
    page, other = anna.open("tickets/1"), ben.open("tickets/1")
    expect(page.locator("#company")).to_contain_text("Ben Agent looks", timeout=SOON)
    other.locator("#text").press_sequentially("I look into", delay=20)
    expect(page.locator("#company .live")).to_contain_text("Ben Agent is writing", timeout=SOON)
    assert_none(page, "a ticket that somebody writes on")
    anna.picture("live-1-company")
    # Kept at a pause, and there on another machine; colleagues see that there is one.
    expect(other.locator("#draft-says")).to_contain_text("Draft kept", timeout=SOON)
    again = Agent(ben.context.browser, ben.desk, BEN).sign_in()
    again.open("tickets/1")
    expect(again.page.locator("#text")).to_have_value("I look into")
    again.context.close()
    ben.open("tickets?view=mine")
    expect(page.locator("#company")).to_contain_text("Ben Agent has a draft", timeout=SOON)


def the_thread_follows(desk, anna):
    page = anna.open("tickets/1")
    page.locator("#text").press_sequentially("Dear Eve", delay=10)
    before = page.locator("[id^=comment-]").count()
    assert desk.post_mail(mail(1, "Re: Where is my order?", "In-Reply-To: <live-1-0@example.com>\r\n")).status == 202
    expect(page.locator("#new-since")).to_be_attached(timeout=2 * SOON)
    assert page.locator("[id^=comment-]").count() > before
    # What was typed, and where, stays.
    expect(page.locator("#text")).to_have_value("Dear Eve")
    expect(page.locator("#text")).to_be_focused()
    assert_none(page, "a thread that grew")
    anna.picture("live-2-thread")
    page.locator("#text").fill("")
    expect(page.locator("#draft-says")).to_have_text("", timeout=SOON)


def the_list_follows(desk, anna):
    page = anna.open("tickets?view=open")
    marker = page.evaluate("window.samePage = Math.random()")
    assert desk.post_mail(mail(9, "A lantern broke")).status == 202
    show = page.locator("#show-arrived")
    expect(show).to_be_visible(timeout=2 * SOON)
    assert_none(page, "a list to which something came")
    anna.picture("live-3-list")
    show.click()
    expect(page.locator("main")).to_contain_text("A lantern broke")
    assert page.evaluate("window.samePage") == marker, "the page was not loaded anew"


def the_list_sees_who_comes(anna, ben):
    page = anna.open("tickets?view=mine")
    row = page.locator("#ticket-1 .marks")
    expect(row).not_to_contain_text("Seen by Ben")
    other = ben.open("tickets/1")
    expect(row).to_contain_text("Seen by Ben", timeout=SOON)
    other.locator("#text").press_sequentially("Dear", delay=20)
    expect(row).to_contain_text("Ben is writing", timeout=SOON)
    other.locator("#text").fill("")
    expect(other.locator("#draft-says")).to_have_text("", timeout=SOON)
    ben.open("tickets?view=mine")
    expect(row).not_to_contain_text("Ben", timeout=SOON)


def one_is_told(desk, anna):
    page = anna.open("tickets?view=mine")
    page.wait_for_timeout(4_000)
    given(desk, 2, BEN)
    given(desk, 2, ANNA)
    expect(page.locator(".tellings .toast")).to_be_visible(timeout=2 * SOON)
    expect(page.locator("#presence .dot-news")).to_be_visible()
    page = anna.open("notifications")
    expect(page.locator("#news")).to_contain_text("gave it to you")
    assert_none(page, "notifications")
    anna.picture("live-4-notifications")
    page.locator("input[name=replied_mail]").check()
    page.locator("#save-choices").click()
    expect(page.locator("#chosen")).to_have_text("Saved.")
    expect(page.locator("input[name=replied_mail]")).to_be_checked()


def all_goes_by_the_palette(anna):
    page = anna.open("tickets?view=mine")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette).to_be_visible()
    expect(page.locator("#palette-field")).to_be_focused()
    assert_none(page, "the palette")
    page.keyboard.type("order")
    expect(page.locator("#palette-found")).to_contain_text("Where is my order?", timeout=SOON)
    anna.picture("live-5-palette")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    # A place by its name, a ticket by its number, the search by what is left.
    page.keyboard.press("Control+k")
    page.keyboard.type("waiting")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*view=waiting*")
    page.keyboard.press("Control+k")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agent/tickets/2")
    page.keyboard.press("Control+k")
    page.keyboard.type("> all keys")
    page.keyboard.press("Enter")
    expect(page.locator("#keys")).to_be_visible()
    assert_none(page, "the list of keys")
    anna.picture("live-6-keys")


def single_keys_can_be_off(anna):
    page = anna.page
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    page = anna.open("tickets?view=open")
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_timeout(500)
    expect(page.locator("#keys")).to_have_count(0)
    assert "view=open" in page.url, page.url
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("> all keys")
    page.keyboard.press("Enter")
    page.locator("#single-keys").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/*view=waiting*")
    # While one writes, they are letters.
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("?gm")
    expect(page.locator("#search")).to_have_value("?gm")


def the_search_has_tabs(anna):
    page = anna.open("search?q=order")
    expect(page.locator("#tickets")).to_contain_text("Where is my order?")
    page.locator(".tabs a", has_text="People").click()
    page.wait_for_url("**/*of=people*")
    assert_none(page, "the search")
    anna.picture("live-7-search")


def a_session_that_ended_says_so(anna):
    page = anna.open("tickets/1")
    page.locator("#text").press_sequentially("Still here", delay=10)
    # That it is refused is what is to be seen.
    anna.expected.add(401)
    anna.context.clear_cookies()
    expect(page.locator("#line-says")).to_contain_text("You are signed out", timeout=SOON)
    expect(page.locator("#text")).to_have_value("Still here")


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-live-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
            for nth in (1, 2, 3):
                assert desk.post_mail(mail(nth)).status == 202
                wait_for("a ticket with its agent", lambda nth=nth: desk.assignee(nth))
            given(desk, 1, ANNA)
            anna, ben = (Agent(browser, desk, person).sign_in() for person in (ANNA, BEN))
            they_see_each_other(anna, ben)
            the_thread_follows(desk, anna)
            the_list_follows(desk, anna)
            the_list_sees_who_comes(anna, ben)
            one_is_told(desk, anna)
            all_goes_by_the_palette(anna)
            single_keys_can_be_off(anna)
            the_search_has_tabs(anna)
            a_session_that_ended_says_so(anna)
            assert_nothing_wrong(anna, ben)
    print("two agents worked side by side")


if __name__ == "__main__":
    main()
