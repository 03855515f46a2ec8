"""Every page of the workspace in every state that people meet, over the desk of the bicycle shop. Each has a name and a way to get there; they
follow one another, and some go on from the one before."""

import re

from playwright.sync_api import expect

from .bicycle_shop import BEN
from .http import wait_for
from .mails import mail

# Sizes in which a state is there at all.
PHONE = ("narrow",)


def at(path):
    """A page by its address."""
    return lambda window: window.open(path)


def then(*steps):
    """One after the other."""

    def show(window):
        for step in steps:
            step(window)

    return show


def click(selector):
    return lambda window: window.page.locator(selector).first.click()


def press(*names):
    def does(window):
        for name in names:
            window.page.wait_for_load_state()
            window.page.keyboard.press(name)

    return does


def fill(selector, text):
    return lambda window: window.page.locator(selector).fill(text)


def choose(selector, **option):
    return lambda window: window.page.locator(selector).select_option(**option)


def attach(name, text):
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    return lambda window: window.page.locator("#files").set_input_files(file)


def sees(selector):
    return lambda window: expect(window.page.locator(selector).first).to_be_visible()


def of_lists(shop):
    """Lists, their menus, what is done to several tickets."""
    ticked = then(at("tickets?view=open"), press("j", "x", "j", "x"), sees("#bar"))

    def something_comes(window):
        window.open("tickets?view=open")
        # The page has to know how it was.
        window.page.wait_for_timeout(1_000)
        raw = mail("Kim Vale <kim@vale.example>", "Do you rent cargo bikes?", "For a weekend in May.", "rent@vale.example")
        assert window.desk.post_mail(raw).status == 202
        expect(window.page.locator("#show-arrived")).to_be_visible()

    views = ("mine", "unassigned", "overdue", "soon", "waiting", "snoozed", "mentions", "open", "solved", "group-1")
    return [
        *((f"list-{view}", at(f"tickets?view={view}")) for view in views),
        ("list-saved", at(f"tickets?view=saved-{shop.views['saved']}")),
        ("list-empty", at(f"tickets?view=group-{shop.views['empty']}")),
        ("list-narrowed", at("tickets?view=open&status=open&priority=normal")),
        ("list-narrowed-to-nothing", at("tickets?view=open&tag=nowhere")),
        ("list-customer-unknown", at("tickets?view=open&who=nobody%40example.com")),
        ("list-filters", then(at("tickets?view=open"), click("#filter"), sees("#filters"))),
        ("list-orders", then(at("tickets?view=open"), click("#order"), sees("#orders"))),
        ("list-save-view", then(at("tickets?view=open"), click("#save"), sees("#save-view"))),
        ("list-ticked", ticked),
        *(
            (f"list-ticked-{menu}", then(ticked, click(f"#bulk-{menu}"), sees(f"#menu-{menu}")))
            for menu in ("assign", "status", "priority", "tags", "snooze", "macro")
        ),
        ("list-macro-shown-first", then(choose("#menu-macro select", index=1), click("#show-macro"), sees("h1"))),
        ("list-done", then(ticked, press("p", "Enter"), sees("#done"))),
        ("list-undone", then(click("#undo-bulk"), sees("#done"))),
        ("list-refused", then(ticked, click("#bulk-tags"), click("#menu-tags button[value='tags:add']"), sees("#problem"))),
        ("list-something-came", something_comes),
        ("list-held", then(at("held"), sees("#rows"))),
        ("list-held-mail", then(click("#rows .text a"), sees("#why"))),
        ("list-held-decided", then(at("held"), press("j", "x"), click("#discard"), sees("#done"))),
        ("list-rail-on-a-phone", at("tickets?view=mine#rail"), PHONE),
        ("you", then(at("tickets?view=mine"), click("#presence"), sees("#availability"))),
    ]


def of_tickets(shop, colleague):
    """A ticket in all that it can be and that can be done on it. `colleague`: a window of somebody else."""

    def ticket(name, more=""):
        return at(f"tickets/{shop.numbers[name]}?view=mine{more}")

    def colleague_writes(window):
        page = colleague.open(f"tickets/{shop.numbers['brakes']}")
        page.locator("#text").press_sequentially("I look into", delay=20)
        ticket("brakes")(window)
        expect(window.page.locator("#company .live")).to_be_visible()

    def colleague_notes(window):
        shop.say("refund", BEN, "The helmet came back on the 19th, undamaged.", public=False)

    def draft_elsewhere(window):
        ticket("opening-hours")(window)
        other = window.new_page()
        other.goto(window.page.url)
        other.locator("#text").press_sequentially("We are open until two.", delay=10)
        expect(other.locator("#draft-says")).to_contain_text("Draft kept")
        window.page.locator("#text").press_sequentially("Until noon.", delay=10)
        expect(window.page.locator("#draft-elsewhere")).to_be_visible()
        other.close()

    answer = then(fill("#text", "We confirm 24 chains for Friday."), choose("#then", value=""), click("#submit"), sees(".waits"))
    return [
        ("ticket", ticket("brakes")),
        ("ticket-note", then(ticket("brakes"), press("n"), sees("#insiders"))),
        ("ticket-call", then(ticket("chains"), press("l"), sees("#log-call"))),
        ("ticket-new", then(at("tickets/new"), sees("#new-ticket-form"))),
        ("ticket-new-caller-found", then(fill("#find", "maria"), click("#look"), sees("[name=customer]"))),
        ("ticket-mail-as-it-came", then(ticket("order"), sees(".mail iframe"))),
        ("ticket-right-to-left-and-snoozed", ticket("late-order")),
        ("ticket-urgent", ticket("chains")),
        ("ticket-of-an-organization", ticket("invoice")),
        ("ticket-hand-off", then(ticket("refund"), sees(".hand-off"))),
        ("ticket-solved", ticket("newsletter")),
        ("ticket-merged", then(ticket("battery"), sees(f"#merged-{shop.numbers['battery-again']}"))),
        ("ticket-merged-away", then(ticket("battery-again"), sees(".closed"))),
        ("ticket-long", then(ticket("frame-cracked"), sees("#earlier"))),
        ("ticket-earlier", then(click("#earlier"), sees("#newest"))),
        ("ticket-snooze", then(ticket("chains"), click("#snooze-button"), sees("#snooze-menu"))),
        ("ticket-more", then(ticket("chains"), click("#more"), sees("#more-menu"))),
        ("ticket-marked", then(ticket("brakes"), click("#thread .mark"), sees("#split-form"))),
        ("ticket-forward", then(ticket("brakes"), press("f"), sees("#forward-it"))),
        ("ticket-files", then(ticket("lantern"), attach("glass.txt", "12 x 7 cm"), sees("#files-hint"))),
        ("ticket-preview", then(
            ticket("lantern"),
            fill("#text", "Hello Petra,\n\nwe send **just the glass**:\n\n- today\n- by letter post"),
            click("#show-preview"),
            sees("#preview"),
        )),
        ("ticket-macro", then(ticket("pick-up"), choose("#macro", label="Parcel is delayed"), click("#insert"), sees("#macro-rest span"))),
        ("ticket-nothing-to-send", then(ticket("invoice"), click("#submit"), sees("#problem"))),
        ("ticket-held-back", then(ticket("refund"), fill("#text", "It is on its way."), colleague_notes, click("#submit"), sees("#news"))),
        ("ticket-property-saved", then(ticket("order"), choose("#p-priority", value="high"), sees("#saved"))),
        ("ticket-answer-waits", then(ticket("order"), answer)),
        ("ticket-answer-taken-back", then(ticket("order"), answer, press("Control+z"), sees("#unsaved"))),
        ("ticket-in-company", colleague_writes),
        ("ticket-draft-elsewhere", draft_elsewhere),
        ("ticket-details-on-a-phone", ticket("brakes", "#side"), PHONE),
        ("ticket-sla", at(f"tickets/{shop.numbers['brakes']}/sla?view=mine")),
    ]


def of_places():
    """The palette, the search, what one is told, where one is signed in."""
    palette = then(press("Control+k"), sees("#palette-list [role=option]"))
    return [
        ("palette", then(at("tickets?view=mine"), palette)),
        ("palette-found", then(fill("#palette-field", "brake"), sees("#palette-found [role=option]"))),
        ("keys", then(at("tickets?view=mine"), press("?"), sees("#keys"))),
        ("search", then(at("search"), sees("#unasked"))),
        ("search-found", then(at("search?q=brake"), sees("#tickets li"))),
        ("search-nothing", then(at("search?q=zeppelin"), sees("#nothing"))),
        ("search-refused", then(at("search?q=lantern+stat%3Aopen"), sees("#refused"))),
        ("search-people", at("search?q=maria&of=people")),
        ("search-organizations", at("search?q=riverside&of=organizations")),
        ("notifications", then(at("notifications"), sees("#choices"))),
        ("notifications-saved", then(click("#save-choices"), sees("#chosen"))),
        ("sessions", then(at("sessions"), sees("#sessions-list"))),
        ("preferences", then(at("preferences"), sees("#preferences-form"))),
        ("page-missing", at("nowhere")),
        ("ticket-missing", at("tickets/99999")),
    ]


def of_an_admin(shop):
    """What an admin has and others have not, and what is empty for who has no tickets."""
    saved = at(f"tickets?view=saved-{shop.views['saved']}")

    def a_job_is_over(window):
        # One of these is closed.
        ids = ",".join(str(shop.numbers[name]) for name in ("newsletter", "battery-again"))
        tagged = {"ticket": {"additional_tags": ["looked-at"]}}
        job = shop.desk.done("PUT", f"tickets/update_many.json?ids={ids}", tagged)["job_status"]["id"]
        wait_for("the job", lambda: shop.desk.done("GET", f"job_statuses/{job}.json")["job_status"]["status"] == "completed")
        window.open(f"tickets/bulk/{job}")
        expect(window.page.locator("#refused")).to_be_visible()

    return [
        ("list-nothing-of-ones-own", then(at("tickets?view=mine"), sees(".empty"))),
        ("list-edit-view", then(saved, click("#edit"), sees("#edit-view"))),
        ("list-job", a_job_is_over),
        ("list-delete-view", then(saved, click("[popovertarget=delete-view]"), sees("#delete-view"))),
        ("notifications-empty", then(at("notifications"), sees("#nothing-told"))),
    ]


def of_a_bad_line(shop):
    """Without a line, and once the session is over."""

    def line_is_lost(window):
        window.open(f"tickets/{shop.numbers['brakes']}?view=mine")
        # What the browser says of it is what is to be seen.
        window.expected.add("ERR_INTERNET_DISCONNECTED")
        window.context.set_offline(True)
        expect(window.page.locator("#line-says")).to_be_visible()

    def session_is_over(window):
        window.context.set_offline(False)
        expect(window.page.locator("#line-says")).to_have_count(0)
        window.context.clear_cookies()
        expect(window.page.locator("#line-says")).to_be_visible()

    kept = then(fill("#text", "This is to survive."), click("#submit"), sees("textarea[readonly]"))
    return [
        ("line-lost", line_is_lost),
        ("session-over", session_is_over),
        ("text-given-back", kept),
    ]


def of_strangers():
    """Who is not signed in."""
    return [
        ("sign-in", then(at("tickets"), sees(".people"))),
        ("signed-out", then(
            click("button[name=person]"), sees("#presence"), click("#presence"), click("#sign-out"), sees("#signed-out")
        )),
    ]


def of_customers(desk):
    """The pages of those who ask: the way there is in a mail."""
    asked = desk.sent("/portal/solution/")
    link = re.search(r"(http\S+/portal/solution/[\w.-]+)", asked["text"]).group(1)
    to = lambda address: lambda window: window.page.goto(address)  # noqa: E731
    return [
        ("portal-asks", then(to(link), sees("#yes"))),
        ("portal-link-unknown", to(f"{link}x")),
        ("portal-answered", then(to(link), click("#yes button"), sees("#said"))),
    ]


def of_a_reader():
    """The pages that show everything a language, or another size of letters, can break; the numbers of tickets are those of the shop."""
    return [
        ("list", at("tickets?view=open")),
        ("list-ticked", then(at("tickets?view=open"), press("j", "x"), sees("#bar"))),
        ("list-macro-shown-first", then(
            click("#bulk-macro"), choose("#menu-macro select", index=1), click("#show-macro"), sees("#macro-preview")
        )),
        ("list-held", then(at("held"), sees("#rows"))),
        ("list-held-mail", then(click("#rows .text a"), sees("#why"))),
        ("ticket", at("tickets/1?view=open")),
        ("search-found", at("search?q=brake")),
        ("notifications", at("notifications")),
        ("sessions", at("sessions")),
        ("keys", then(at("tickets?view=open"), press("?"), sees("#keys"))),
        ("palette", then(at("tickets?view=open"), press("Control+k"), sees("#palette"))),
    ]
