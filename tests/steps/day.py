#!/usr/bin/env python3
"""An agent's day by keyboard alone, in a real Chromium: signs in, moves through lists, takes tickets, answers, solves, notes with a mention, uses a
macro, snoozes, escalates, merges and takes it back, changes several and takes it back, searches, goes by the palette, goes home.

No pointer is used, no field is filled but by typing, and the focus can be seen at each stop. What was done is read back from the API.
"""

import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support.browsing import Window, assert_nothing_wrong, chromium  # noqa: E402
from support.http import wait_for  # noqa: E402
from support.keyboard import Keyboard, by_keyboard_alone  # noqa: E402
from support.mails import mail  # noqa: E402
from support.processes import TARGET, LocalDesk, build  # noqa: E402

ANNA, BEN = 2, 3
SUPPORT = 1
ANSWER = "The spoke is in stock. It leaves today."
MACRO = "The parcel is delayed at the depot. It reaches you within two days."
# Each mail becomes the ticket of its place, from 1.
CONTACTS = [
    ("Maria Santos <maria@santos.example>", "A spoke is missing", "One spoke was not in the box. Can you send it?"),
    ("Ingrid Nilsen <ingrid@nilsen.example>", "Which frame size for 1.68 m?", "I can't decide between 50 and 53."),
    ("Tom Tanaka <tom@tanaka.example>", "When does the workshop open?", "I would come by on Saturday."),
    ("Noor Haddad <noor@reed.example>", "Battery does not charge", "Its light stays orange over night."),
    ("Jonas Brandt <jonas@brandt.example>", "Helmet in size L", "Do you have the grey helmet in L?"),
    ("Jonas Brandt <jonas@brandt.example>", "Helmet again", "The grey one, I forgot to say."),
    ("Petra Lang <petra@lang.example>", "A broken lantern", "The lantern came with a crack in its glass."),
    ("Sam Ode <sam@ode.example>", "Invoice for February", "Can I have it with our address?"),
]
HELMET, HELMET_AGAIN, LANTERN = 5, 6, 7


def set_up(desk):
    """Agents take tickets themselves, and have somebody to escalate to."""
    engineers = desk.done("POST", "groups.json", {"group": {"name": "Engineers"}})["group"]["id"]
    desk.done("POST", "group_memberships.json", {"group_membership": {"user_id": BEN, "group_id": engineers}})
    manual = {"group": {"docket": {"strategy": "manual", "escalates_to": engineers}}}
    desk.done("PUT", f"groups/{SUPPORT}.json", manual)
    delayed = {
        "title": "Parcel is delayed",
        "actions": [{"field": "comment_value", "value": MACRO}, {"field": "current_tags", "value": "delayed"}],
    }
    desk.done("POST", "macros.json", {"macro": delayed})
    # What is kept for half a minute is read anew.
    desk.advance("PT1M")
    for place, (sender, subject, text) in enumerate(CONTACTS, 1):
        assert desk.post_mail(mail(sender, subject, text, f"day-{place}@example.com")).status == 202
        wait_for(f"the ticket of {subject}", lambda place=place: desk.ticket(place) and desk.ticket(place)["priority"])
    return engineers


class Day(Keyboard):
    """Anna's."""

    def __init__(self, window):
        super().__init__(window.page)
        self.desk = window.desk

    def view(self, letter, slug):
        self.press("g", letter)
        self.page.wait_for_url(f"**/agent/tickets?view={slug}*")

    def opened(self):
        """The number of the ticket that is open."""
        return int(re.search(r"/tickets/(\d+)", self.page.url).group(1))

    def to_neighbour(self, key, link):
        """To the next ticket of the view, or the one before."""
        there = self.page.locator(link).get_attribute("href")
        self.press(key)
        self.page.wait_for_url(f"{self.desk.address}{there}*")

    def sends(self, keys):
        """Sends what is written, and comes to the next ticket; the number of the one that was answered."""
        number = self.opened()
        there = self.page.locator("#next").get_attribute("href")
        self.press(keys)
        self.page.wait_for_url(f"{self.desk.address}{there}*")
        expect(self.page.locator("#undo")).to_be_visible()
        return number

    def comes_to(self, number, what, wanted):
        """Waits until a ticket is as it is to be."""
        wait_for(what, lambda: wanted(self.desk.ticket(number)))


def signs_in(day):
    # What one types into the address bar.
    day.page.goto(f"{day.desk.address}/agent")
    day.tab_to(f"button[name=person][value='{ANNA}']")
    day.press("Enter")
    day.page.wait_for_url("**/agent/tickets")
    expect(day.page.locator(".empty")).to_be_visible()


def moves_through_a_list(day):
    day.view("u", "unassigned")
    expect(day.page.locator("main .rows li")).to_have_count(len(CONTACTS))
    for key, row in (("j", 1), ("j", 2), ("ArrowDown", 3), ("k", 2), ("ArrowUp", 1), ("k", 1)):
        day.press(key)
        day.lands_on(f"#open-{row}")


def takes_tickets(day):
    page = day.page
    day.press("Enter")
    page.wait_for_url("**/agent/tickets/1?view=unassigned")
    day.press("i")
    day.comes_to(1, "a ticket that was taken", lambda it: it["assignee_id"] == ANNA)
    expect(page.locator("#take")).to_have_count(0)
    # Three more from the list, at once.
    day.press("u")
    page.wait_for_url("**/agent/tickets?view=unassigned*")
    day.press("j")
    day.lands_on("#open-2")
    day.press("x", "j", "j", "X")
    expect(page.locator("#ticked")).to_have_text("3 ticked")
    day.press("a")
    day.lands_on("#menu-assign button[value='assign:me']")
    day.press("Enter")
    expect(page.locator("#done")).to_contain_text("3 assigned to you")
    for number in (2, 3, 4):
        assert day.desk.assignee(number) == ANNA


def answers_and_solves(day):
    page = day.page
    day.view("m", "mine")
    expect(page.locator("main .rows li")).to_have_count(4)
    day.to_row(1)
    day.press("Enter")
    page.wait_for_url("**/agent/tickets/1?view=mine")
    day.to_neighbour("j", "#next")
    day.to_neighbour("k", "#previous")
    assert day.opened() == 1
    day.press("r")
    day.lands_on("#text")
    day.write(ANSWER)
    # Taken back on the next ticket's page, looked at, and sent again from the view.
    day.sends("Control+Enter")
    day.press("Control+z")
    page.wait_for_url("**/agent/tickets/1*")
    expect(page.locator("#unsaved")).to_contain_text("You took your answer back.")
    assert day.desk.ticket(1)["status"] != "solved"
    day.view("m", "mine")
    day.to_row(1)
    day.press("Enter")
    page.wait_for_url("**/agent/tickets/1?view=mine")
    expect(page.locator("#text")).to_have_value(ANSWER)
    day.press("r")
    day.lands_on("#text")
    assert day.sends("Control+Enter") == 1


def notes_with_a_mention(day):
    number = day.opened()
    day.press("n")
    day.lands_on("#text")
    day.write("@Ben Agent, is this one of the February batch?")
    day.press("Control+Enter")
    expect(day.page.locator("#saved")).to_contain_text("internal note")
    assert day.opened() == number, "a note leads nowhere else"
    note = day.desk.comments(number)[-1]
    assert (note["public"], note["author_id"]) == (False, ANNA), note
    day.comes_to(number, "the colleague who was called", lambda it: BEN in it["follower_ids"])


def answers_by_a_macro(day):
    day.press("m")
    day.lands_on("#palette-field")
    day.write("delayed")
    day.press("Enter")
    expect(day.page.locator("#text")).to_have_value(MACRO)
    expect(day.page.locator("#macro-rest")).to_contain_text("delayed")
    day.press("r")
    day.lands_on("#text")
    return day.sends("Control+Shift+Enter")


def snoozes(day):
    number = day.opened()
    day.press("z")
    day.lands_on("#snooze-menu button[value=hours]")
    day.press("Enter")
    day.comes_to(number, "a ticket that sleeps", lambda it: it["docket"]["snoozed_until"])
    expect(day.page.locator("#snooze-button")).to_contain_text("Snoozed")


def escalates(day, engineers):
    day.view("m", "mine")
    day.to_row(4)
    day.press("Enter")
    day.page.wait_for_url("**/agent/tickets/4?view=mine")
    day.tab_to("#more")
    day.press("Enter")
    day.tab_to("#escalate-reason")
    day.write("The charger has to be measured.")
    day.press("Enter")
    day.comes_to(4, "a ticket of the engineers", lambda it: it["group_id"] == engineers)


def merges_and_takes_it_back(day):
    page = day.page
    day.palette(str(HELMET_AGAIN))
    page.wait_for_url(f"**/agent/tickets/{HELMET_AGAIN}")
    before = day.desk.ticket(HELMET_AGAIN)["status"]
    day.tab_to("#more")
    day.press("Enter")
    day.tab_to("#merge-into")
    day.write(str(HELMET))
    day.press("Enter")
    page.wait_for_url(f"**/agent/tickets/{HELMET}*")
    expect(page.locator(f"#merged-{HELMET_AGAIN}")).to_contain_text("The grey one, I forgot to say.")
    merged = day.desk.ticket(HELMET_AGAIN)
    assert (merged["status"], merged["docket"]["merged_into_ticket_id"]) == ("closed", HELMET), merged
    day.tab_to(f"#merged-{HELMET_AGAIN} form button")
    day.press("Enter")
    page.wait_for_url(f"**/agent/tickets/{HELMET_AGAIN}*")
    back = day.desk.ticket(HELMET_AGAIN)
    assert (back["status"], back["docket"]["merged_into_ticket_id"]) == (before, None), back


def changes_several_and_takes_it_back(day):
    page = day.page
    day.view("a", "open")
    day.press("j", "x", "j", "x")
    expect(page.locator("#ticked")).to_have_text("2 ticked")
    ticked = page.evaluate("[...document.querySelectorAll('.rows [name=t]:checked')].map(it => it.value)")
    before = [day.desk.ticket(number)["priority"] for number in ticked]
    assert "urgent" not in before, before
    day.press("p")
    day.lands_on("#menu-priority button[value='priority:urgent']")
    day.press("Enter")
    expect(page.locator("#done")).to_contain_text("2 set to Urgent")
    assert [day.desk.ticket(number)["priority"] for number in ticked] == ["urgent"] * 2
    day.tab_to("#undo-bulk")
    day.press("Enter")
    expect(page.locator("#done")).to_contain_text("2 put back")
    assert [day.desk.ticket(number)["priority"] for number in ticked] == before


def searches(day):
    wait_for("the ticket in the index", lambda: day.desk.done("GET", "search.json?query=lantern")["count"])
    day.press("/")
    day.lands_on("#search")
    day.write("lantern")
    day.press("Enter")
    day.page.wait_for_url("**/agent/search?q=lantern*")
    expect(day.page.locator(f"#ticket-{LANTERN}")).to_be_visible()
    day.press("j")
    day.lands_on(f"#open-{LANTERN}")
    day.press("Enter")
    day.page.wait_for_url(f"**/agent/tickets/{LANTERN}?q=lantern*")


def commands_by_the_palette(day):
    day.palette("> priority high")
    day.comes_to(LANTERN, "a priority by the palette", lambda it: it["priority"] == "high")
    expect(day.page.locator("#saved")).to_contain_text("priority High")
    day.press("?")
    day.lands_on("#single-keys")
    day.press("Escape")
    expect(day.page.locator("#keys")).to_be_hidden()
    day.press("e")
    day.comes_to(LANTERN, "a ticket solved without a word", lambda it: it["status"] == "solved")
    assert day.desk.assignee(LANTERN) == ANNA, "whoever solves what nobody has, has it"


def goes_home(day):
    day.view("m", "mine")
    day.tab_to("#presence")
    day.press("Enter")
    day.tab_to("#go-away")
    day.press("Enter")
    expect(day.page.locator("#my-status")).to_have_text("Away")
    assert day.desk.done("GET", f"agents/{ANNA}/availability.json")["availability"]["status"] == "away"
    day.tab_to("#presence")
    day.press("Enter")
    day.tab_to("#sign-out")
    day.press("Enter")
    expect(day.page.locator("#signed-out")).to_be_visible()


def a_pointer_would_be_seen(day):
    """What watches over the day sees what it is to see."""
    for pointed in (lambda: day.page.locator("body").click(), lambda: day.page.mouse.click(1, 1)):
        try:
            pointed()
        except AssertionError:
            continue
        raise SystemExit("a click went unseen")


def the_answers_left(desk, answered, by_macro):
    wait_for("a ticket that is solved", lambda: desk.ticket(answered)["status"] == "solved")
    wait_for("the macro's tag", lambda: desk.ticket(by_macro)["tags"] == ["delayed"])
    for text in (ANSWER, MACRO):
        wait_for(f"a mail: {text}", lambda text=text: desk.sent(text))
    assert [comment["body"] for comment in desk.comments(answered)].count(ANSWER) == 1
    assert not desk.sent("February batch"), "an internal note left the desk"


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-day-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
            engineers = set_up(desk)
            window = Window(browser, desk)
            day = Day(window)
            with by_keyboard_alone():
                a_pointer_would_be_seen(day)
                signs_in(day)
                moves_through_a_list(day)
                takes_tickets(day)
                answers_and_solves(day)
                notes_with_a_mention(day)
                by_macro = answers_by_a_macro(day)
                snoozes(day)
                the_answers_left(desk, 1, by_macro)
                escalates(day, engineers)
                merges_and_takes_it_back(day)
                changes_several_and_takes_it_back(day)
                searches(day)
                commands_by_the_palette(day)
                goes_home(day)
            assert_nothing_wrong(window)
    print(f"a day's work by {day.pressed} keys and no pointer")


if __name__ == "__main__":
    main()
