"""Pages as people see them: in every size, light and dark. Nothing sticks out, axe finds nothing, and a picture is left."""

import html

from .axe import assert_none
from .processes import ROOT

FOLDER = ROOT / "target" / "screenshots"
SIZES = {"wide": (1440, 900), "middle": (1024, 768), "narrow": (390, 844)}
SCHEMES = ("light", "dark")
# What is looked at where nothing else is said: each size, each scheme.
ALL = tuple((size, scheme) for scheme in SCHEMES for size in SIZES)
# The two that differ most.
FEW = (("wide", "light"), ("narrow", "dark"))


def look_at(page, name, looks=ALL, *, leaves_pictures=True, asks_axe=True):
    """Looks at a page as it is, then puts it back to wide and light."""
    try:
        for size, scheme in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(_size(size))
            where = f"{name}-{size}-{scheme}"
            if leaves_pictures:
                picture(page, where)
            assert_fits(page, where)
            if asks_axe:
                assert_none(page, where)
    finally:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(_size("wide"))


def _size(size):
    width, height = SIZES[size]
    return {"width": width, "height": height}


def picture(page, name):
    """A picture of what is in sight."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


def assert_fits(page, where):
    """A page is never to be moved sideways."""
    wanted, there = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wanted <= there, f"{where} is {wanted} wide on a screen of {there}"


def forget_all():
    """Takes the pictures of earlier runs away."""
    for old in FOLDER.glob("*.png"):
        old.unlink()


def write_index():
    """A page with every picture that is there, a line for each state; where it is."""
    looks = {f"-{size}-{scheme}": (size, scheme) for size, scheme in ALL}
    states = {}
    for path in sorted(FOLDER.glob("*.png")):
        end = next((end for end in looks if path.stem.endswith(end)), "")
        states.setdefault(path.stem.removesuffix(end), []).append(path.name)
    order = [f"{size}-{scheme}" for size, scheme in ALL]

    def place(name):
        return next((at for at, look in enumerate(order) if look in name), len(order))

    def figure(name):
        name = html.escape(name)
        return f'<a href="{name}"><img src="{name}" alt="{name}" loading="lazy"></a>'

    lines = [
        f'<section id="{html.escape(state)}"><h2><a href="#{html.escape(state)}">{html.escape(state)}</a></h2>'
        f"<p>{''.join(figure(name) for name in sorted(names, key=place))}</p></section>"
        for state, names in states.items()
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    index = FOLDER / "index.html"
    index.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title>'
        "<style>body{font:16px system-ui;margin:24px;background:#777;color:#fff}a{color:inherit}p{display:flex;flex-wrap:wrap;"
        "gap:12px;align-items:start}img{height:320px;background:#fff}</style>"
        f"<h1>{len(states)} states</h1>{''.join(lines)}</html>\n"
    )
    return index
