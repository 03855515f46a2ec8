#!/usr/bin/env python3
"""Every page of the workspace in every state, over a desk that looks as if somebody worked at it: axe finds nothing, nothing sticks out, and no
page that the code has goes unseen. In English; the main ones in German, too, and with letters twice as large.

    tests/steps/pages.py               each state in the two looks that differ most, without pictures
    tests/steps/pages.py --pictures    a picture of each state in every size, light and dark, with an index; axe is not asked
"""

import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import Error, expect  # noqa: E402

from support import bicycle_shop, states  # noqa: E402
from support.axe import assert_none  # noqa: E402
from support.bicycle_shop import ADA, ANNA, BEN, CLEO  # noqa: E402
from support.browsing import Window, assert_nothing_wrong, chromium  # noqa: E402
from support.pictures import ALL, FEW, assert_fits, forget_all, look_at, picture, write_index  # noqa: E402
from support.processes import ROOT, TARGET, LocalDesk, build  # noqa: E402
from support.routes import unseen  # noqa: E402

# What does not come within these is a failure of its own state, and the others are still looked at.
MOST_MILLISECONDS = 30_000
# Half the width in each direction, each point four: a page at 200 %.
ZOOMED = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}


class Tour:
    """Goes from state to state; what is wrong with one is told in the end, with all the others."""

    def __init__(self, takes_pictures):
        self.takes_pictures = takes_pictures
        self.seen, self.wrong = 0, []

    def goes(self, window, of, prefix=""):
        window.page.set_default_timeout(MOST_MILLISECONDS)
        for name, show, *sizes in of:
            try:
                show(window)
                self.look(window.page, f"{prefix}{name}", *sizes)
                self.seen += 1
            except (AssertionError, Error) as error:
                self.wrong.append(f"---- {prefix}{name}\n{error}")

    def look(self, page, name, sizes=None):
        if page.viewport_size == ZOOMED["viewport"]:
            # It is the size itself that is looked at.
            picture(page, name) if self.takes_pictures else assert_none(page, name)
            assert_fits(page, name)
            return
        looks = [look for look in (ALL if self.takes_pictures else FEW) if not sizes or look[0] in sizes]
        look_at(page, name, looks, leaves_pictures=self.takes_pictures, asks_axe=not self.takes_pictures)


def tour(browser, shop, takes_pictures):
    """Everybody who meets pages, one after the other."""
    desk, tour = shop.desk, Tour(takes_pictures)
    strangers = Window(browser, desk)
    tour.goes(strangers, states.of_strangers())
    anna, ben, ada = (Window(browser, desk).sign_in(person) for person in (ANNA, BEN, ADA))
    # Refusals are states, too.
    anna.expected = {404, 409, 422}
    tour.goes(anna, states.of_lists(shop))
    tour.goes(anna, states.of_tickets(shop, ben))
    tour.goes(anna, states.of_places())
    tour.goes(ada, states.of_an_admin(shop))
    customer = Window(browser, desk)
    customer.expected = {404}
    tour.goes(customer, states.of_customers(desk))
    in_german = Window(browser, desk, locale="de-DE").sign_in(CLEO)
    tour.goes(in_german, states.of_a_reader(), "german-")
    if in_german.page.locator("html").get_attribute("lang") != "de":
        tour.wrong.append("---- german: the page says that it is in another language")
    zoomed = Window(browser, desk, **ZOOMED).sign_in(ANNA)
    tour.goes(zoomed, states.of_a_reader(), "zoomed-")
    ben.expected = {401}
    tour.goes(ben, states.of_a_bad_line(shop))
    windows = (strangers, anna, ben, ada, customer, in_german, zoomed)
    assert not tour.wrong, "\n".join(tour.wrong)
    assert_nothing_wrong(*windows)
    missed = unseen({path for window in windows for path in window.visited})
    assert not missed, f"pages that no state shows: {missed}"
    return tour.seen


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pictures", action="store_true", help="leave pictures instead of asking axe")
    takes_pictures = arguments.parse_args().pictures
    build()
    if takes_pictures:
        forget_all()
    try:
        with tempfile.TemporaryDirectory(prefix="docket-pages-") as name:
            folder = pathlib.Path(name) / "desk"
            with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
                shop = bicycle_shop.fill(desk)
                expect.set_options(timeout=MOST_MILLISECONDS)
                seen = tour(browser, shop, takes_pictures)
        print(f"{seen} states were looked at")
    finally:
        # What there is can be looked at, whatever was wrong.
        if takes_pictures:
            print(f"pictures: {write_index().relative_to(ROOT)}")


if __name__ == "__main__":
    main()
