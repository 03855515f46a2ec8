#!/usr/bin/env python3
"""Pages speak German to a browser that asks for it, and to an agent who chose it; times are told where the browser is, or where they chose."""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect, sync_playwright  # noqa: E402

from support.axe import assert_none  # noqa: E402
from support.http import wait_for  # noqa: E402
from support.processes import ROOT, TARGET, LocalDesk, build  # noqa: E402

PICTURES = ROOT / "target" / "screenshots"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
AGENT = "2"
MOST_MILLISECONDS = 60_000
MAIL = (
    "From: Eve <eve@example.com>\r\nTo: support@in.docket.local\r\nSubject: Wo bleibt es?\r\n"
    "Message-ID: <german@example.com>\r\n\r\nEs ist noch nicht da.\r\n"
)
# What stands on each page for whoever reads German.
PAGES = {
    "tickets?view=open": "Alle offenen",
    "tickets?view=snoozed": "Kein Ticket ist zurückgestellt",
    "tickets?view=mentions": "Niemand hat mich erwähnt",
    "held": "Keine Mail wartet auf eine Entscheidung",
    "tickets/1": "Warum ist es hier?",
    "tickets/new": "Neues Ticket per Telefon",
    "search?q=noch": "gefunden",
    "notifications": "Benachrichtigungen",
    "sessions": "Überall abmelden",
    "preferences": "Sprache und Zeit",
}


class Window:
    """A page of a browser with a language and a time zone."""

    def __init__(self, browser, desk, language, zone):
        self.desk = desk
        self.page = browser.new_context(viewport=WIDE, locale=language, timezone_id=zone).new_page()
        self.page.set_default_timeout(MOST_MILLISECONDS)
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", lambda it: it.type == "error" and self.wrong.append(f"console: {it.text}"))

    def open(self, path):
        self.page.goto(f"{self.desk.address}/agent/{path}")

    def sign_in(self):
        self.open("tickets")
        self.page.locator(f"button[name=person][value='{AGENT}']").click()
        self.page.wait_for_url("**/agent/tickets*")

    def speaks(self, language, zone=None):
        root = self.page.locator("html")
        expect(root).to_have_attribute("lang", language)
        if zone:
            expect(root).to_have_attribute("data-zone", zone)

    def picture(self, name):
        """The page as it is, wide and narrow; narrow, nothing may stick out, however long German words are."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")
        self.page.set_viewport_size(NARROW)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.screenshot(path=PICTURES / f"{name}-narrow.png", full_page=True)
        self.page.set_viewport_size(WIDE)
        assert width <= NARROW["width"], f"{name} is {width} wide on a screen of {NARROW['width']}"


def assigned(desk):
    answer = desk.api("GET", "tickets/1.json")
    return answer.status == 200 and answer.json["ticket"]["assignee_id"]


def a_browser_asks_for_german(browser, desk):
    window = Window(browser, desk, "de-DE", "America/New_York")
    page = window.page
    window.open("tickets")
    window.speaks("de")
    expect(page.locator("h1")).to_have_text("Wer arbeitet?")
    assert_none(page, "the sign-in in German")
    window.sign_in()
    # The first page after the browser said where it is tells times there already.
    window.speaks("de", "America/New_York")
    for path, words in PAGES.items():
        window.open(path)
        window.speaks("de", "America/New_York")
        expect(page.locator("body")).to_contain_text(words)
        assert_none(page, f"{path} in German")
        window.picture("german-" + path.split("?")[0].replace("/", "-"))
    window.open("tickets?view=open")
    page.keyboard.press("?")
    expect(page.locator("#keys h1")).to_have_text("Tasten")
    expect(page.locator("#keys")).to_contain_text("Vorherige Seite")
    assert_none(page, "the keys in German")
    assert not window.wrong, "\n".join(window.wrong)
    page.context.close()


def an_agent_chooses_german(browser, desk):
    window = Window(browser, desk, "en-US", "UTC")
    page = window.page
    window.sign_in()
    window.speaks("en", "UTC")
    # What is found has no filters and nothing to tick: no key is said to do that there.
    window.open("search?q=noch")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Down")
    expect(page.locator("#keys")).not_to_contain_text("Filter")
    expect(page.locator("#keys")).not_to_contain_text("Tick up to here")
    other = page.context.new_page()
    other.goto(f"{desk.address}/agent/tickets?view=open")
    expect(other.locator("html")).to_have_attribute("lang", "en")
    window.open("preferences")
    page.locator("#language").select_option("de")
    page.locator("#zone").select_option("Europe/Berlin")
    page.locator("#save-preferences").click()
    window.speaks("de", "Europe/Berlin")
    # A list that is open elsewhere becomes another as a whole, never half of one.
    assert desk.post_mail(MAIL.replace("<german@", "<german-2@").encode()).status == 202
    expect(other.locator("html")).to_have_attribute("lang", "de")
    expect(other.locator("html")).to_have_attribute("data-zone", "Europe/Berlin")
    other.close()
    expect(page.locator("#chosen")).to_have_text("Gespeichert.")
    window.open("tickets/1")
    exact = page.locator("#thread time").first.get_attribute("title")
    assert exact.endswith((" CET", " CEST")), exact
    user = desk.api("GET", f"users/{AGENT}.json").json["user"]
    assert (user["locale"], user["iana_time_zone"]) == ("de", "Europe/Berlin"), user
    # And as the browser says again.
    window.open("preferences")
    page.locator("#language").select_option("")
    page.locator("#zone").select_option("")
    page.locator("#save-preferences").click()
    window.speaks("en", "UTC")
    assert not window.wrong, "\n".join(window.wrong)
    page.context.close()


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-german-") as name:
        with LocalDesk(TARGET / "debug" / "docket", pathlib.Path(name) / "desk") as desk, sync_playwright() as play:
            assert desk.post_mail(MAIL.encode()).status == 202
            wait_for("the mail's ticket with its agent", lambda: assigned(desk))
            # Chromium refuses its sandbox to root, which builds in containers are.
            browser = play.chromium.launch(
                executable_path=os.environ["DOCKET_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
            )
            expect.set_options(timeout=MOST_MILLISECONDS)
            a_browser_asks_for_german(browser, desk)
            an_agent_chooses_german(browser, desk)
            browser.close()
    print(f"{len(PAGES)} pages spoke German, asked for and chosen")


if __name__ == "__main__":
    main()
