"""A desk as a bicycle shop has it after a day's work: what it looks like when somebody works at it."""

import datetime

from .http import call, signed_hook, wait_for
from .processes import ROOT

MAILS = ROOT / "tests" / "fixtures" / "desk"
ADA, ANNA, BEN, CLEO = 1, 2, 3, 4
STAFF = {ADA: "Ada Winter", ANNA: "Anna Becker", BEN: "Ben Okafor", CLEO: "Cleo Marsh"}
SUPPORT = 1
# A thread that is longer than a page of it.
MESSAGES_OF_A_LONG_THREAD = 36

MACROS = {
    "Ask for a photo": ("Could you send us a photo of it? One from the side is best.", "waits-for-photo"),
    "Parcel is delayed": ("Your parcel is held up at the depot. It reaches you within two days.", "delayed"),
    "Battery: how to test it": ("Please charge the battery fully, leave it off the bike over night, and tell us what it shows.", "battery"),
}
HAND_OFF = {
    "type": "handoff.requested",
    "data": {
        "external_id": "chat-20418",
        "customer": {"id": "u-77", "email": "jonas@brandt.example", "name": "Jonas Brandt"},
        "subject": "Refund for order HB-20418",
        "summary": "Jonas returned a helmet on 18 November and has not had his money back.",
        "reason": "asked for a person",
        "intent": "refund",
        "confidence": 0.38,
        "sentiment": "annoyed",
        "collected": {"order": "HB-20418", "returned on": "2026-11-18", "amount": "64.90 EUR", "paid by": "card"},
        "bot": {"name": "Pedal", "version": "2.1"},
        "transcript": [
            {"who": "user", "text": "where is my refund"},
            {"who": "bot", "text": "Refunds take up to ten working days. Do you have an order number?"},
            {"who": "user", "text": "HB-20418. it has been two weeks!!"},
            {"who": "bot", "text": "I'm sorry. Shall I hand you to a colleague?"},
            {"who": "user", "text": "yes please"},
        ],
    },
}


class Shop:
    """The desk, and what stands on it by name."""

    def __init__(self, desk):
        self.desk = desk
        self.numbers = {}
        self.views = {}

    def mail(self, name):
        """Lets a mail come in, and waits until the desk has decided what becomes of it."""
        before = self._newest()
        raw = (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")
        assert self.desk.post_mail(raw).status == 202
        self._comes(name, before)

    def held_mail(self, name, envelope):
        """A mail that waits for somebody's decision; `envelope` says why."""
        raw = (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")
        before = self._held()
        assert call("POST", f"{self.desk.address}/_local/mail?{envelope}", raw).status == 202
        wait_for(f"held mail {name}", lambda: self._held() > before)

    def _held(self):
        return len(self.desk.done("GET", "suspended_tickets.json")["suspended_tickets"])

    def hand_off(self, name):
        before = self._newest()
        at = self.desk.now().timestamp()
        assert signed_hook(self.desk.address, "msg_shop", HAND_OFF, at=at).status == 201
        self._comes(name, before)

    def change(self, name, **fields):
        """Changes a ticket, as an admin does it by the API."""
        self.desk.done("PUT", f"tickets/{self.numbers[name]}.json", {"ticket": fields})

    def say(self, name, person, text, public=True, **fields):
        """Somebody who works here writes."""
        self.change(name, comment={"body": text, "public": public, "author_id": person}, **fields)

    def requester(self, name, **fields):
        """What is known of whoever asked."""
        who = self.desk.ticket(self.numbers[name])["requester_id"]
        self.desk.done("PUT", f"users/{who}.json", {"user": fields})

    def _newest(self):
        tickets = self.desk.done("GET", "tickets.json?sort_order=desc&per_page=1")["tickets"]
        return tickets[0]["id"] if tickets else 0

    def _comes(self, name, before):
        number = wait_for(f"the ticket of {name}", lambda: self._newest() > before and self._newest())
        wait_for(f"what becomes of {name}", lambda: self.desk.ticket(number)["priority"])
        self.numbers[name] = number


def set_up(shop):
    """People, groups, macros, fields and views."""
    desk = shop.desk
    for person, name in STAFF.items():
        desk.done("PUT", f"users/{person}.json", {"user": {"name": name, "time_zone": "Europe/London"}})
    desk.done("PUT", f"users/{CLEO}.json", {"user": {"locale": "de", "time_zone": "Europe/Berlin"}})
    workshop = desk.done("POST", "groups.json", {"group": {"name": "Workshop"}})["group"]["id"]
    shop.views["empty"] = desk.done("POST", "groups.json", {"group": {"name": "Billing"}})["group"]["id"]
    for person in (BEN, CLEO):
        desk.done("POST", "group_memberships.json", {"group_membership": {"user_id": person, "group_id": workshop}})
    desk.done("PUT", f"groups/{SUPPORT}.json", {"group": {"docket": {"escalates_to": workshop}}})
    for title, (text, tag) in MACROS.items():
        actions = [{"field": "comment_value", "value": text}, {"field": "current_tags", "value": tag}]
        desk.done("POST", "macros.json", {"macro": {"title": title, "actions": actions}})
    options = [{"name": name, "value": name.lower().replace(" ", "_")} for name in ("City bike", "Cargo bike", "E-bike", "Helmet")]
    for field in (
        {"type": "tagger", "title": "Product", "custom_field_options": options},
        {"type": "text", "title": "Order number"},
        {"type": "checkbox", "title": "Under warranty", "tag": "warranty"},
    ):
        made = desk.done("POST", "ticket_fields.json", {"ticket_field": field})["ticket_field"]
        shop.views[field["title"]] = made["id"]
    status = {"status_category": "hold", "agent_label": "Waits for parts"}
    desk.done("POST", "custom_statuses.json", {"custom_status": status})
    unsolved = {"field": "status", "operator": "less_than", "value": "solved"}
    brakes = {"field": "current_tags", "operator": "includes", "value": "brakes"}
    view = {"title": "Brakes and wheels", "description": "Everything the workshop looks at first.", "all": [unsolved, brakes]}
    shop.views["saved"] = desk.done("POST", "views.json", {"view": view})["view"]["id"]
    # What is kept for half a minute is read anew.
    desk.advance("PT1M")


def fill(desk):
    """The desk with its day; what stands on it."""
    shop = Shop(desk)
    set_up(shop)
    for name in ("newsletter", "frame-size", "pick-up", "invoice"):
        shop.mail(name)
    desk.advance("PT35M")
    for name in ("frame-cracked", "battery", "battery-again"):
        shop.mail(name)
    shop.say("newsletter", BEN, "Done, and sorry that it took three times.", status="solved")
    shop.say("frame-size", CLEO, "Hello Ingrid, a 50 fits you best. It comes in dark green, too.", status="pending")
    desk.done("POST", f"tickets/{shop.numbers['battery']}/merge.json", {"ids": [shop.numbers["battery-again"]]})
    for nth in range(1, MESSAGES_OF_A_LONG_THREAD):
        text = f"Step {nth}: the workshop measured the weld again and noted {40 + nth % 7} degrees."
        shop.say("frame-cracked", (BEN, CLEO)[nth % 2], text, public=False)
    desk.advance("PT7H")
    for name in ("order", "late-order", "brakes"):
        shop.mail(name)
    for name in ("pick-up", "invoice", "battery", "order", "late-order", "brakes"):
        shop.change(name, assignee_id=ANNA, status="open")
    shop.say("brakes", BEN, "Same pads as in the February batch. If it is those, we replace them for free.", public=False)
    values = [
        {"id": shop.views["Product"], "value": "city_bike"},
        {"id": shop.views["Order number"], "value": "HB-20117"},
        {"id": shop.views["Under warranty"], "value": True},
    ]
    answer = "Hello Maria,\n\nthat sounds like the pads, not the disc. Can you come by tomorrow before ten?\n\nAnna"
    shop.say("brakes", ANNA, answer, status="pending", priority="high", additional_tags=["brakes"], custom_fields=values)
    until = desk.now() + datetime.timedelta(days=1)
    shop.change("late-order", docket={"snoozed_until": until.strftime("%Y-%m-%dT08:00:00Z")})
    # From now on agents take what comes themselves.
    desk.done("PUT", f"groups/{SUPPORT}.json", {"group": {"docket": {"strategy": "manual"}}})
    desk.advance("PT41M")
    shop.hand_off("refund")
    shop.change("refund", assignee_id=ANNA, status="open")
    raw = (MAILS / "brakes-answered.eml").read_bytes().replace(b"\n", b"\r\n")
    assert desk.post_mail(raw).status == 202
    for name in ("chains", "opening-hours", "lantern"):
        shop.mail(name)
    shop.change("chains", assignee_id=ANNA, status="open")
    shop.held_mail("prize", "to=support@in.docket.local&spam=FAIL")
    shop.held_mail("opening-hours", "to=sales@in.docket.local")
    wait_for("the answer of Maria", lambda: len(desk.comments(shop.numbers["brakes"])) == 4)
    note = "Ask for Mr Ode, not for the office."
    shop.requester("chains", phone="+44 20 7946 0911", notes=note, time_zone="Europe/London")
    school = {"name": "Riverside School", "notes": "Pays by invoice, 30 days. Orders go through the parents."}
    school = desk.done("POST", "organizations.json", {"organization": school})["organization"]["id"]
    shop.requester("invoice", organization_id=school, details="Accounts Department")
    desk.advance("PT2M")
    wait_for("the index", lambda: desk.done("GET", "search.json?query=lantern")["count"])
    return shop
