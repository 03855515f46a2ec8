"""Which pages the workspace has, as its code says, and which of them somebody looked at."""

import re

from .processes import ROOT

SOURCES = ROOT / "functions" / "workspace" / "src"
# What answers a browser and is no page, with what looks at it instead.
NO_PAGES = {
    "/": "leads to the tickets",
    "/agent": "leads to the tickets",
    "/agent/": "leads to the tickets",
    "/agent/assets/{name}": "parts of every page",
    "/agent/held/{id}/original": "a file",
    "/agent/notifications/news": "what scripts ask",
    "/agent/palette": "a part of the palette",
    "/agent/sign-in/callback": "leads on; step sign_in",
    "/agent/sign-in/provider": "leads on; step sign_in",
    "/agent/tickets/{number}/attachments/{digest}": "a file",
    "/agent/tickets/{number}/comments/{v}/original": "a file",
    "/agent/version": "what scripts ask",
    "/agent/views/counts": "what scripts ask",
}


def pages():
    """The patterns of addresses that show a page."""
    found = set()
    for source in sorted(SOURCES.rglob("*.rs")):
        text = source.read_text()
        for route in re.finditer(r'\.route\(\s*"([^"]+)",', text):
            handlers = _until_closed(text, route.end())
            if re.search(r"\bget\(|\bhome\(\)", handlers):
                found.add(route.group(1))
    assert len(found) > len(NO_PAGES), f"routes are written another way: {found}"
    stale = NO_PAGES.keys() - found
    assert not stale, f"named as no pages, and no routes any more: {stale}"
    return found - NO_PAGES.keys()


def unseen(paths):
    """The pages that none of these addresses is one of."""
    patterns = {page: re.compile(re.sub(r"\{[^}]+\}", "[^/]+", page)) for page in pages()}
    return sorted(page for page, pattern in patterns.items() if not any(pattern.fullmatch(path) for path in paths))


def _until_closed(text, start):
    """What stands until the bracket closes that is open there."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]
