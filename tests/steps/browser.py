#!/usr/bin/env python3
"""An agent answers a mail ticket in a real Chromium, at a desk on this machine.

Each page is looked at, wide and narrow; pictures are left in target/screenshots.
"""

import base64
import email
import email.policy
import pathlib
import sys
import tempfile
from urllib.parse import urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support.browsing import MOST_MILLISECONDS, Window, assert_nothing_wrong, chromium  # noqa: E402
from support.http import signed_hook, wait_for  # noqa: E402
from support.pictures import FEW, FOLDER, look_at  # noqa: E402
from support.processes import ROOT, TARGET, LocalDesk, build  # noqa: E402

AGENT = "2"
MAIL = (
    "From: =?utf-8?q?Eve_M=C3=BCller?= <eve@example.com>\r\n"
    "To: support@in.docket.local\r\n"
    "Subject: =?utf-8?q?Where_is_my_order=3F_=E2=82=AC_40?=\r\n"
    "Message-ID: <order@example.com>\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    '--b\r\nContent-Type: text/plain; charset="iso-8859-1"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    "Hello,\r\n\r\nmy order A-17 hasn't come. Please look for it, it is for my sister in M=FCnchen.\r\n\r\n"
    "On Friday Docket wrote:\r\n> Your order has left us.\r\n"
    '--b\r\nContent-Type: text/plain; name="invoice.txt"\r\nContent-Disposition: attachment; filename="invoice.txt"\r\n\r\n'
    "40 EUR\r\n--b--\r\n"
)
# A mail of many lines from somebody whose name is written from right to left, with a letter that turns what follows.
LONG_MAIL = (
    "From: =?utf-8?b?4oCu2LPYp9ix2Kk=?= <sara@example.com>\r\n"
    "To: support@in.docket.local\r\nSubject: Many lines\r\nMessage-ID: <lines@example.com>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/html; charset=utf-8\r\n\r\n"
    + "".join(f"<p>Line {line} of many</p>\r\n" for line in range(60))
)
HAND_OFF = {
    "type": "handoff.requested",
    "data": {
        "external_id": "chat-7",
        "customer": {"id": "u-1", "name": "Max"},
        "subject": "Refund",
        "reason": "asked for a human",
        "summary": "Max wants a refund for order A-18.",
        "collected": {"order": "A-18", "amount": "20 EUR"},
        "transcript": [
            {"who": "user", "text": "I want my money back"},
            {"who": "bot", "text": "Let me hand you over."},
        ],
    },
}


class Watched(Window):
    """An agent's browser."""

    def picture(self, name):
        look_at(self.page, f"answer-{name}", FEW)


def contacts_arrive(desk):
    assert desk.post_mail(MAIL.encode()).status == 202
    wait_for("the mail's ticket with its agent", lambda: desk.assignee(1))
    assert signed_hook(desk.address, "msg_1", HAND_OFF).status == 201
    wait_for("the hand-off's ticket with its agent", lambda: desk.assignee(2))
    assert desk.post_mail(LONG_MAIL.encode()).status == 202
    wait_for("the long mail's ticket with its agent", lambda: desk.assignee(3))
    restart = {
        "title": "Restart",
        "actions": [
            {"field": "comment_value", "value": "Please restart it."},
            {"field": "current_tags", "value": "restart"},
        ],
    }
    assert desk.api("POST", "macros.json", {"macro": restart}).status == 201


def an_agent_answers(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent")
    watched.picture("1-sign-in")
    page.locator(f"button[name=person][value='{AGENT}']").click()
    # One's own tickets are the first page.
    expect(page.locator("#view-mine")).to_have_attribute("aria-current", "page")
    page.goto(f"{desk.address}/agent/tickets?view=open")
    expect(page.locator("#ticket-1 .text a")).to_have_text("Where is my order? € 40")
    expect(page.locator("#ticket-1 .who bdi")).to_have_text("Eve Müller")
    watched.picture("2-tickets")

    page.locator("#ticket-1 a").click()
    expect(page.locator(".thread")).to_contain_text("for my sister in München")
    quoted = page.locator(".thread details.quoted")
    expect(quoted.locator("blockquote")).to_be_hidden()
    quoted.locator("summary").click()
    expect(quoted.locator("blockquote")).to_contain_text("Your order has left us.")
    expect(page.locator(".thread .files a")).to_have_text("invoice.txt")
    with page.expect_download() as download:
        page.locator(".thread .files a").click()
    assert pathlib.Path(download.value.path()).read_bytes().strip() == b"40 EUR"
    expect(page.locator("#why-triage")).to_contain_text("group by default")
    expect(page.locator("#why-assignment")).to_contain_text("least loaded")
    watched.picture("3-ticket")

    page.locator("label:has(#internal)").click()
    expect(page.locator("#insiders")).to_be_visible()
    page.locator("#text").fill("The carrier lost it. A new one leaves today.")
    # A note that was begun stays one, and its status what was chosen, over a page that comes anew.
    page.locator("#status").select_option("pending")
    page.reload()
    expect(page.locator("#text")).to_have_value("The carrier lost it. A new one leaves today.")
    expect(page.locator("#internal")).to_be_checked()
    expect(page.locator("#status")).to_have_value("pending")
    page.locator("#status").select_option(index=0)
    page.locator("#add-note").click()
    # What was saved is said where the eye is: at the comment, or wherever the page is scrolled to.
    expect(page.locator("#saved")).to_have_text("Saved: internal note.")
    expect(page.locator("#saved")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("#saved")).to_be_in_viewport()

    page.locator("label:has(#public)").click()
    # Enter in a field of one line sends nothing.
    page.locator("#copies").fill("Kim <kim@example.org>")
    page.locator("#copies").press("Enter")
    page.wait_for_timeout(500)
    expect(page.locator("#copies")).to_have_value("Kim <kim@example.org>")
    assert page.locator(".msg.out").count() == 0
    expect(page.locator("#recipient")).to_contain_text("eve@example.com")
    page.locator("#text").fill("We found your order.\n\nIt leaves today, by ship → München.")
    page.locator("#copies").fill("Kim <kim@example.org>")
    page.locator("#files").set_input_files({"name": "label.txt", "mimeType": "text/plain", "buffer": b"A-17"})
    # A property is saved as it is changed; what is typed stays.
    page.locator("#p-priority").select_option("high")
    expect(page.locator("#saved")).to_contain_text("priority High")
    expect(page.locator("#text")).to_have_value("We found your order.\n\nIt leaves today, by ship → München.")
    watched.picture("4-answer-written")
    page.locator("#then").select_option("")
    page.locator("#send-and-solve").click()
    # It waits, can be taken back, and is sent again.
    expect(page.locator("#undo")).to_be_visible()
    expect(page.locator(".waits")).to_contain_text("We found your order.")
    page.keyboard.press("Control+z")
    expect(page.locator("#unsaved")).to_contain_text("You took your answer back.")
    expect(page.locator("#text")).to_have_value("We found your order.\n\nIt leaves today, by ship → München.")
    assert desk.api("GET", "tickets/1.json").json["ticket"]["status"] != "solved"
    page.locator("#files").set_input_files({"name": "label.txt", "mimeType": "text/plain", "buffer": b"A-17"})
    page.locator("#send-and-solve").click()
    expect(page.locator("#undo")).to_be_visible()
    wait_for("the answer after its seconds", lambda: desk.api("GET", "tickets/1.json").json["ticket"]["status"] == "solved")
    page.reload()
    expect(page.locator("#undo")).to_have_count(0)
    expect(page.locator("#status-shown")).to_have_text("Solved")
    expect(page.locator(".msg.out .in-copy")).to_contain_text("kim@example.org")
    watched.picture("5-answered")

    page.goto(f"{desk.address}/agent/tickets/2")
    expect(page.locator(".hand-off")).to_contain_text("Max wants a refund")
    watched.picture("6-hand-off")


def formatted_mail_has_its_own_height(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/tickets/3")
    page.locator(".formatted summary").click()
    frame = page.locator(".formatted iframe")
    text = page.frame_locator(".formatted iframe").locator("body")
    expect(text).to_contain_text("Line 59 of many")
    hidden = """frame => {
        const page = frame.contentDocument.documentElement;
        return [page.scrollHeight - page.clientHeight, frame.clientHeight - page.getBoundingClientRect().height];
    }"""

    def fits():
        below, spare = frame.evaluate(hidden)
        return below <= 0 and spare <= 20

    wait_for("the mail in its whole height", fits)
    # The sentence stands from left to right, its name the other way, and nothing is turned.
    recipient = page.locator("#recipient")
    assert recipient.evaluate("it => getComputedStyle(it).direction") == "ltr"
    expect(recipient).to_have_text("To \u2068سارة\u2069 <sara@example.com>, from support@in.docket.local")
    assert "\u202e" not in page.content()
    watched.picture("7-formatted")


def one_goes_back_to_where_one_came_from(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/tickets?view=open")
    page.locator("#ticket-3 a").click()
    expect(page.locator("#back")).to_have_text("All open")
    page.locator("label:has(#internal)").click()
    page.locator("#text").fill("Looked at it.")
    page.locator("#then").select_option("")
    page.locator("#add-note").click()
    expect(page.locator("#saved")).to_have_text("Saved: internal note.")
    page.locator("body").press("u")
    page.wait_for_url("**/agent/tickets?view=open#open-3")
    expect(page.locator("#ticket-3 .text a")).to_be_focused()


def a_draft_keeps_its_macro(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/tickets/3")
    page.locator("#macro").select_option(label="Restart")
    page.locator("#insert").click()
    expect(page.locator("#macro-rest")).to_have_text("Restart also adds the tags restart on sending.")
    # Somewhere else and back, as after a crash: words, macro, and what it does besides.
    page.goto(f"{desk.address}/agent/tickets")
    page.goto(f"{desk.address}/agent/tickets/3")
    expect(page.locator("#text")).to_have_value("Please restart it.")
    expect(page.locator("#macro-rest")).to_contain_text("Restart also adds the tags restart on sending.")
    page.locator("#submit").click()
    expect(page.locator("#undo")).to_be_visible()
    wait_for("the macro's tag", lambda: desk.api("GET", "tickets/3.json").json["ticket"]["tags"] == ["restart"])


def two_tabs_hold_each_other_back(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/tickets/3")
    other = page.context.new_page()
    other.set_default_timeout(MOST_MILLISECONDS)
    other.goto(f"{desk.address}/agent/tickets/3")
    page.locator("label:has(#internal)").click()
    page.locator("#text").fill("From the first tab.")
    page.locator("#add-note").click()
    expect(page.locator("#saved")).to_have_text("Saved: internal note.")
    other.locator("#text").fill("From the second tab.")
    other.locator("#submit").click()
    expect(other.locator("#news")).to_contain_text("added an internal note")
    expect(other.locator("#text")).to_have_value("From the second tab.")
    other.close()
    notes = [comment["body"] for comment in desk.api("GET", "tickets/3/comments.json").json["comments"]]
    assert "From the first tab." in notes and "From the second tab." not in notes, notes


def calls_forwards_and_tickets_of_marked_messages(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/tickets/2")
    page.locator("body").press("l")
    expect(page.locator("#log-call")).to_be_visible()
    page.locator("[name=minutes]").fill("4")
    page.locator("#text").fill("Max wants it today.")
    watched.picture("8-call")
    page.locator("#log-call").click()
    expect(page.locator("#saved")).to_have_text("Saved: call.")
    expect(page.locator(".msg.note").last).to_contain_text("for 4 min")

    page.goto(f"{desk.address}/agent/tickets/3")
    # A draft would stay what it was begun as.
    page.evaluate("localStorage.clear()")
    page.locator(".mark").first.check()
    page.locator("#forward-marked").click()
    expect(page.locator("#forward")).to_be_checked()
    page.locator("#forward-to").fill("parts@example.net")
    page.locator("#text").fill("Are these lines yours?")
    watched.picture("8-forward")
    page.locator("#forward-it").click()
    expect(page.locator("#undo")).to_be_visible()
    mail = wait_for("what was forwarded", lambda: desk.sent("Are these lines yours?"))
    assert mail["to"] == ["parts@example.net"], mail
    assert "Line 59 of many" in mail["text"], mail

    page.goto(f"{desk.address}/agent/tickets/3")
    expect(page.locator("#thread")).to_contain_text("Forwarded to parts@example.net")
    expect(page.locator("#split-form")).to_be_hidden()
    for mark in (page.locator(".mark").first, page.locator(".mark").last):
        mark.check()
    expect(page.locator("#split-form")).to_be_visible()
    page.locator("#split-form [name=subject]").fill("The lines alone")
    watched.picture("8-marked")
    page.locator("#open-marked").click()
    expect(page.locator("h1")).to_have_text("The lines alone")
    expect(page.locator("#thread .msg[id^=comment]")).to_have_count(2)


def the_agent_goes_away_and_comes_back(desk, watched):
    page = watched.page
    page.goto(f"{desk.address}/agent/tickets/2")
    menu = page.locator("#availability")
    expect(menu).to_be_hidden()
    # It closes by Escape, and by a click elsewhere.
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        page.locator("#presence").click()
        expect(menu).to_be_visible()
        box = menu.bounding_box()
        above = page.locator("#presence").bounding_box()["y"] - (box["y"] + box["height"])
        assert 0 < above < 40, f"the menu stands {above} px above its button"
        close()
        expect(menu).to_be_hidden()
    page.locator("#presence").click()
    watched.picture("8-online")
    if not menu.is_visible():
        page.locator("#presence").click()
    page.locator("#availability input[name=hand_back]").check()
    page.locator("#go-away").click()
    expect(page.locator("#my-status")).to_have_text("Away")
    assert urlsplit(page.url).path == "/agent/tickets/2", page.url
    wait_for("their tickets went back", lambda: not mine(desk))
    page.locator("#presence").click()
    page.locator("#come-online").click()
    expect(page.locator("#my-status")).to_have_text("Online")


def mine(desk):
    """Unsolved tickets that the agent has."""
    tickets = desk.api("GET", "tickets.json").json["tickets"]
    done = ("solved", "closed")
    return [ticket for ticket in tickets if str(ticket["assignee_id"]) == AGENT and ticket["status"] not in done]


def the_customer_got_it(desk):
    answer = wait_for("the answer as a mail", lambda: desk.sent("We found your order."))
    assert answer["to"] == ["eve@example.com", "kim@example.org"], answer
    assert answer["references"][0] == "order@example.com", answer
    mail = email.message_from_bytes(base64.b64decode(answer["raw"]), policy=email.policy.default)
    assert "by ship → München" in mail.get_body(("plain",)).get_content(), mail
    assert [part.get_filename() for part in mail.iter_attachments()] == ["label.txt"], mail
    assert not mail.defects, mail.defects
    assert not desk.sent("The carrier lost it"), "an internal note left the desk"


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-browser-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
            contacts_arrive(desk)
            watched = Watched(browser, desk)
            an_agent_answers(desk, watched)
            the_customer_got_it(desk)
            formatted_mail_has_its_own_height(desk, watched)
            one_goes_back_to_where_one_came_from(desk, watched)
            a_draft_keeps_its_macro(desk, watched)
            two_tabs_hold_each_other_back(desk, watched)
            calls_forwards_and_tickets_of_marked_messages(desk, watched)
            the_agent_goes_away_and_comes_back(desk, watched)
            assert_nothing_wrong(watched)
    print(f"a mail ticket was answered; pictures are in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
