"""A desk worked by keyboard alone: no pointer, no field filled but by typing, and a focus that can be seen wherever it stops."""

import contextlib
import unittest.mock

from playwright.sync_api import ElementHandle, Frame, Locator, Mouse, Page, Touchscreen, expect

# Most stops until what is looked for has the focus: some pages have as many.
MOST_STOPS = 160
# What a driver can do that no keyboard does: pointing, and putting words, choices or the focus into place by itself.
BY_HAND = (
    "blur check clear click dblclick dispatch_event down drag_and_drop drag_to fill focus hover move press press_sequentially "
    "select_option select_text set_checked set_input_files tap type uncheck up wheel"
).split()
DRIVERS = (ElementHandle, Frame, Locator, Mouse, Page, Touchscreen)

# Whether what has the focus shows it: nothing where it does, else what is wrong. A ring may be drawn by what it lies in. The focus is taken away
# and given back, to tell the ring from what is there anyway.
SHOWS_FOCUS = """() => {
    const it = document.activeElement;
    if (!it || it === document.body || it === document.documentElement || it.matches("iframe")) return "";
    const around = [];
    for (let at = it; at && around.length < 5; at = at.parentElement) around.push(at);
    const looks = () => around.map((at) => {
        const style = getComputedStyle(at);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join(" ");
    });
    const focused = looks();
    it.blur();
    const plain = looks();
    it.focus({ preventScroll: true });
    const name = it.outerHTML.slice(0, 200);
    const shows = around.find((_, at) => focused[at] !== plain[at]);
    if (!shows) return `no ring: ${name}`;
    const box = shows.getBoundingClientRect();
    const spots = [[0.5, 0.5], [0.02, 0.5], [0.98, 0.5], [0.5, 0.1], [0.5, 0.9]];
    const isInSight = spots.some(([x, y]) => {
        const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return top && (shows.contains(top) || top.contains(shows));
    });
    return isInSight ? "" : `out of sight: ${name}`;
}"""


@contextlib.contextmanager
def by_keyboard_alone():
    """As long as this lasts, whatever is done with a pointer, or past the keyboard, fails."""

    def refuse(name):
        def refused(*_, **__):
            raise AssertionError(f"{name} is nothing that a keyboard does")

        return refused

    with contextlib.ExitStack() as patches:
        for driver in DRIVERS:
            for name in BY_HAND:
                if hasattr(driver, name):
                    patches.enter_context(
                        unittest.mock.patch.object(driver, name, refuse(f"{driver.__name__}.{name}"))
                    )
        yield


class Keyboard:
    """Whoever works a page by its keys."""

    def __init__(self, page):
        self.page = page
        self.pressed = 0

    def press(self, *names):
        """Presses keys, one after the other, on a page that is there."""
        for name in names:
            self.page.wait_for_load_state()
            self.page.keyboard.press(name)
            self.pressed += 1

    def write(self, text):
        """Types into what has the focus."""
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def lands_on(self, selector):
        """This has the focus now, and shows it."""
        expect(self.page.locator(selector)).to_be_focused()
        self._shows_focus()

    def tab_to(self, selector):
        """Goes on with Tab until this has the focus; at each stop it shows."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            self._shows_focus()
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} is not reached with {MOST_STOPS} times Tab on {self.page.url}")

    def to_row(self, number):
        """Goes down a list until the row of this ticket has the focus."""
        rows = self.page.locator("main .rows li").count()
        for _ in range(rows + 1):
            if self.page.evaluate("document.activeElement.id") == f"open-{number}":
                self._shows_focus()
                return
            self.press("j")
        raise AssertionError(f"ticket {number} is no row of {self.page.url}")

    def palette(self, text):
        """Opens the palette and does what stands first for this."""
        self.press("Control+k")
        self.lands_on("#palette-field")
        self.write(text)
        self.press("Enter")

    def _shows_focus(self):
        wrong = self.page.evaluate(SHOWS_FOCUS)
        assert not wrong, f"{wrong}\non {self.page.url}"
