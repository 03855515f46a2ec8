"""A real Chromium, and windows of it in which nothing goes wrong unseen."""

import contextlib
import os
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

# A page may be slow on a machine that runs tests meanwhile.
MOST_MILLISECONDS = 60_000
WIDE = {"width": 1440, "height": 900}


@contextlib.contextmanager
def chromium():
    """The browser, ended with the block."""
    expect.set_options(timeout=MOST_MILLISECONDS)
    with sync_playwright() as play:
        # Chromium refuses its sandbox to root, which builds in containers are.
        browser = play.chromium.launch(
            executable_path=os.environ["DOCKET_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Window:
    """A browser of one's own at a desk. What goes wrong in it is kept, to be looked at in the end."""

    def __init__(self, browser, desk, **options):
        self.desk = desk
        self.context = browser.new_context(**{"viewport": WIDE, **options})
        self.wrong = []
        # Statuses of answers, and words, that are what is to be seen.
        self.expected = set()
        # Where pages of the desk came from.
        self.visited = set()
        self.page = self.new_page()

    def new_page(self):
        page = self.context.new_page()
        page.set_default_timeout(MOST_MILLISECONDS)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", self.hear)
        page.on("request", self.see)
        page.on("response", self.judge)
        return page

    def hear(self, message):
        expected = [f"status of {it}" if isinstance(it, int) else it for it in self.expected]
        is_expected = any(words in message.text for words in expected)
        if message.type in ("error", "warning") and not is_expected:
            self.wrong.append(f"console: {message.text}")

    def see(self, request):
        at = urlsplit(request.url)
        if at.scheme in ("http", "https") and f"{at.scheme}://{at.netloc}" != self.desk.address:
            self.wrong.append(f"a call to somebody else: {request.url}")

    def judge(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.wrong.append(f"{response.status}: {response.url}")
        if response.request.is_navigation_request() and "text/html" in response.headers.get("content-type", ""):
            self.visited.add(urlsplit(response.url).path)

    def sign_in(self, person):
        """Picks somebody who works at a desk on this machine."""
        self.page.goto(f"{self.desk.address}/agent")
        self.page.locator(f"button[name=person][value='{person}']").click()
        self.page.wait_for_url("**/agent/tickets*")
        return self

    def open(self, path):
        """Goes to a page of the workspace."""
        self.page.goto(f"{self.desk.address}/agent/{path}")
        return self.page

    def close(self):
        self.context.close()


def assert_nothing_wrong(*windows):
    wrong = [line for window in windows for line in window.wrong]
    assert not wrong, "\n".join(wrong)
