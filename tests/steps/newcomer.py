#!/usr/bin/env python3
"""Somebody who never saw the desk: starts it, writes it three test mails, and answers a customer with nothing read but the pages.

What they do is told by what pages say, never by a name that only we know, and counted: an address opened, a click, a text typed. They pick an
agent, or whoever else is offered: an admin has no tickets of their own and is told where there are some.
"""

import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support.browsing import Window, assert_nothing_wrong, chromium  # noqa: E402
from support.http import wait_for  # noqa: E402
from support.mails import mail  # noqa: E402
from support.processes import TARGET, LocalDesk, build  # noqa: E402

# Acts from the address to an answer that is sent: the address, who one is, the ticket, the text, Send.
MOST_ACTS = 5
# An admin is shown the way to tickets that somebody else has.
MOST_ACTS_OF_AN_ADMIN = 6
MAILS = [
    ("Maria Santos <maria@santos.example>", "When can I pick up my bike?", "Hello, is my bike ready?"),
    ("Tom Tanaka <tom@tanaka.example>", "Newsletter", "Please take me off the list."),
    ("Petra Lang <petra@lang.example>", "The lamp arrived broken", "Its glass has a crack. Can I send it back?"),
]


class Newcomer:
    """Sees what is on the page, and counts what they do."""

    def __init__(self, window):
        self.window, self.page = window, window.page
        self.acts = []

    def opens(self, address):
        self.acts.append(f"opens {address}")
        self.page.goto(address)

    def clicks(self, role, words):
        """Clicks what is called so, and is in sight."""
        there = self.page.get_by_role(role, name=words).filter(visible=True).first
        expect(there).to_be_in_viewport()
        self.acts.append(f"clicks {there.inner_text().strip().splitlines()[0]}")
        there.click()

    def types(self, words):
        """Types into the largest field that is in sight."""
        fields = self.page.get_by_role("textbox").filter(visible=True).all()
        field = max(fields, key=lambda it: it.bounding_box()["width"] * it.bounding_box()["height"])
        expect(field).to_be_in_viewport()
        self.acts.append("types")
        field.fill(words)

    def reads(self, words):
        """What the page has to say for them to know what is next."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_in_viewport()


def address_printed(desk):
    """Where agents are to go, as the program says it."""
    printed = wait_for("what the program prints", lambda: re.search(r"agents\s+(http://\S+/agent)\s", desk.log.read_text()))
    return printed.group(1)


def first_answer(newcomer, desk, name, text):
    """From the address to an answer that is on its way."""
    newcomer.opens(address_printed(desk))
    newcomer.reads("Who are you?")
    newcomer.clicks("button", name)
    newcomer.page.wait_for_url("**/agent/tickets*")
    mine = [subject for _, subject, _ in MAILS if newcomer.page.get_by_role("link", name=subject).filter(visible=True).count()]
    if not mine:
        # Nothing is theirs: the page names the places where there is something, and both are in sight.
        newcomer.reads("Nothing waits for you")
        newcomer.reads("All open")
        newcomer.clicks("link", re.compile("^All open"))
        newcomer.page.wait_for_url("**/agent/tickets?view=open*")
        mine = [subject for _, subject, _ in MAILS]
    newcomer.clicks("link", mine[0])
    newcomer.page.wait_for_url("**/agent/tickets/*")
    newcomer.types(text)
    newcomer.clicks("button", re.compile("^Send$"))
    # It is said that it goes, and it goes.
    newcomer.reads("is sent in a moment")
    sent = wait_for("the answer as a mail", lambda: desk.sent(text))
    asked = next(sender for sender, subject, _ in MAILS if subject == mine[0])
    assert sent["to"][0] in asked, (sent["to"], asked)
    return len(newcomer.acts)


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-newcomer-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
            for place, (sender, subject, text) in enumerate(MAILS, 1):
                assert desk.post_mail(mail(sender, subject, text, f"test-{place}@example.com")).status == 202
                wait_for("a ticket with its agent", lambda place=place: desk.assignee(place))
            counts = []
            for who, text, most in (
                ("Anna", "Your bike is ready, come by any time.", MOST_ACTS),
                ("Ada", "I looked it up for you.", MOST_ACTS_OF_AN_ADMIN),
            ):
                window = Window(browser, desk)
                newcomer = Newcomer(window)
                acts = first_answer(newcomer, desk, re.compile(f"^{who}"), text)
                assert acts <= most, f"{acts} acts: {newcomer.acts}"
                counts.append(acts)
                assert_nothing_wrong(window)
                window.close()
    print(f"from the program's start to a first answer in {counts[0]} acts, for an admin in {counts[1]}")


if __name__ == "__main__":
    main()
