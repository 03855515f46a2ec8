#!/usr/bin/env python3
"""Markup wherever a text of somebody can stand: on each page of the workspace, and in what its script shows, it is the text it is.

Each place has a text of its own, so that one that is shown nowhere, or becomes an element, is known by its name. Mail in HTML is another thing: of
the ways in which HTML runs something none is left of it.
"""

import pathlib
import re
import sys
import tempfile
import urllib.parse
from email.headerregistry import Address

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from playwright.sync_api import expect  # noqa: E402

from support.browsing import Window, assert_nothing_wrong, chromium  # noqa: E402
from support.http import signed_hook, wait_for  # noqa: E402
from support.mails import mail  # noqa: E402
from support.processes import TARGET, LocalDesk, build  # noqa: E402

ANNA, BEN = 2, 3
SUPPORT = 1
# Where texts were put.
PLACES = set()
# What a page shows, in whatever way, and what of it became an element.
SHOWN = """() => {
    const texts = [document.documentElement.textContent];
    for (const it of document.querySelectorAll("input, textarea")) texts.push(it.value);
    for (const it of document.querySelectorAll("*")) for (const name of ["title", "aria-label", "data-rest", "placeholder"]) {
        if (it.hasAttribute(name)) texts.push(it.getAttribute(name));
    }
    return [texts.join("\\n"), [...document.querySelectorAll("[data-place]")].map((it) => it.dataset.place)];
}"""
# What must not be left of a mail.
LEFT = """() => [...document.body.querySelectorAll("*")].filter((it) =>
    ["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED", "FORM", "INPUT", "BUTTON", "LINK", "META", "BASE", "TEMPLATE", "svg", "math"].includes(it.tagName)
    || [...it.attributes].some(({ name, value }) => /^on|^style$|^srcdoc$|^formaction$/i.test(name)
        || /^[\\s\\u0000-\\u0020]*(javascript|vbscript|data|livescript|mocha):/i.test(value))).map((it) => it.outerHTML)"""
RUN = "alert(document.domain)"
# Ways in which HTML runs something or goes somewhere: each in a mail of its own, since one may swallow the next. RUN stands for what is run.
VECTORS = [
    "<script>RUN</script>",
    "<ScRiPt/x>RUN</sCrIpT >",
    "<script src=//evil.example/x.js></script>",
    "<<script>RUN//<</script>",
    "<img src=x onerror=RUN>",
    "<img/src=x/onerror=RUN>",
    "<img src='x' onerror\n=\n'RUN'>",
    "<img \"\"\"><script>RUN</script>\">",
    "<body onload=RUN>",
    "<body><p onmouseover=RUN>over</p>",
    "<svg onload=RUN>",
    "<svg><script>RUN</script></svg>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:RUN'><text y=20>x</text></a></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>RUN</script>'></iframe></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=RUN></style></mglyph></table></mtext></math>",
    "<math href='javascript:RUN'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>",
    "<iframe src='javascript:RUN'></iframe>",
    "<iframe srcdoc='&lt;script&gt;RUN&lt;/script&gt;'></iframe>",
    "<object data='javascript:RUN'></object>",
    "<embed src='javascript:RUN'>",
    "<a href='javascript:RUN'>x</a>",
    "<a href=' &#1; javascript:RUN'>x</a>",
    "<a href='java&#9;script:RUN'>x</a>",
    "<a href='data:text/html,<script>RUN</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<form action='javascript:RUN'><input type=submit autofocus onfocus=RUN></form>",
    "<button formaction='javascript:RUN'>x</button>",
    "<input onfocus=RUN autofocus>",
    "<details open ontoggle=RUN><summary>x</summary></details>",
    "<video><source onerror=RUN></video>",
    "<audio src=x onerror=RUN></audio>",
    "<marquee onstart=RUN>x</marquee>",
    "<style>@import 'http://evil.example/x.css';</style><p>x</p>",
    "<p style=\"background:url('http://evil.example/x')\">x</p>",
    "<p style='width:expression(RUN)'>x</p>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href='http://evil.example/'><img src='x.png'>",
    "<img src='http://evil.example/pixel.gif'>",
    "<img srcset='http://evil.example/pixel.gif 1x'>",
    "<table background='http://evil.example/x'><tr><td>x</td></tr></table>",
    "<noscript><p title='</noscript><img src=x onerror=RUN>'></noscript>",
    "<template><img src=x onerror=RUN></template>",
    "<p id=body><p name=location>x</p>",
    "<!--><img src=x onerror=RUN>-->",
    "<![CDATA[><img src=x onerror=RUN>]]>",
    "<title><img src=x onerror=RUN></title>",
    "<textarea><img src=x onerror=RUN></textarea>",
    "<xmp><img src=x onerror=RUN></xmp>",
    "<plaintext><img src=x onerror=RUN>",
    "&lt;img src=x onerror=RUN&gt;",
    "+ADw-script+AD4-RUN+ADw-/script+AD4-",
    "\u00bcscript\u00beRUN\u00bc/script\u00be",
    "<p>x</p>\u2028<img src=x onerror=RUN>",
]


def text(place):
    """Markup that leaves an attribute, a text field, a title and a comment, for one place."""
    PLACES.add(place)
    return f"\"'--></textarea></title><img src=x data-place={place} onerror=alert(1)>"


def tag(place):
    """The same in 40 characters without space."""
    PLACES.add(place)
    return f'"><img/src=x/data-place={place}>'


class Reader(Window):
    """Reads pages, and keeps what places they show."""

    def __init__(self, browser, desk):
        super().__init__(browser, desk)
        # What can't be read is shown with its words, too.
        self.expected = {422}
        self.shown = set()

    def new_page(self):
        page = super().new_page()
        page.on("dialog", self._ran)
        return page

    def _ran(self, dialog):
        self.wrong.append(f"it ran: {dialog.message}")
        dialog.dismiss()

    def reads(self, path=None):
        """The page of an address, or the one that is there, as it is now."""
        if path is not None:
            self.open(path)
        shown, made = self.page.evaluate(SHOWN)
        assert not made, f"{made} became elements on {self.page.url}"
        self.shown.update(re.findall(r"data-place=([a-z-]+)", shown))
        return self.page

    def waits_for(self, selector, place):
        """Reads the page once something on it shows this place."""
        expect(self.page.locator(selector).first).to_contain_text(f"data-place={place}")
        return self.reads()


def set_up(desk):
    """Texts in all that is configured."""
    name = lambda what, record: desk.done("POST", f"{what}s.json", {what: record})[what]["id"]  # noqa: E731
    desk.done("PUT", f"users/{BEN}.json", {"user": {"name": text("agent")}})
    group = name("group", {"name": text("group")})
    desk.done("POST", "group_memberships.json", {"group_membership": {"user_id": ANNA, "group_id": group}})
    desk.done("PUT", f"groups/{SUPPORT}.json", {"group": {"docket": {"strategy": "manual", "escalates_to": group}}})
    actions = [
        {"field": "comment_value", "value": text("macro-text")},
        {"field": "current_tags", "value": tag("macro-tag")},
    ]
    name("macro", {"title": text("macro"), "actions": actions})
    options = [{"name": text("option"), "value": "one"}]
    fields = [
        name("ticket_field", {"type": "text", "title": text("field"), "agent_description": text("field-hint")}),
        name("ticket_field", {"type": "tagger", "title": "Choice", "custom_field_options": options}),
    ]
    name("ticket_form", {"name": text("form"), "ticket_field_ids": fields})
    status = {"status_category": "open", "agent_label": text("status")}
    desk.done("POST", "custom_statuses.json", {"custom_status": status})
    here = [{"field": "recipient", "operator": "is", "value": "support@in.docket.local"}]
    target = {"priority": "normal", "metric": "first_reply_time", "target": 30, "business_hours": False}
    policy = {"title": text("policy"), "filter": {"all": here, "any": []}, "policy_metrics": [target]}
    desk.done("POST", "slas/policies.json", {"sla_policy": policy})
    unsolved = [{"field": "status", "operator": "less_than", "value": "solved"}]
    view = name("view", {"title": text("view"), "description": text("view-description"), "all": unsolved})
    company = {"name": text("organization"), "notes": text("organization-note")}
    organization = name("organization", company)
    # What is kept for half a minute is read anew.
    desk.advance("PT1M")
    return {"group": group, "view": view, "organization": organization, "fields": fields}


def contacts_arrive(desk, made):
    """Texts in all that customers and bots send, and in what colleagues do then."""
    raw = mail(
        Address(display_name=text("person"), addr_spec="eve@example.com"),
        text("subject"),
        text("text") + "\n\n> " + text("quoted") + "\n",
        "markup@example.com",
        copied=Address(display_name=text("copied"), addr_spec="kim@example.com"),
        files=[(text("file"), "text/plain", b"x")],
    )
    assert desk.post_mail(raw).status == 202
    wait_for("the mail's ticket", lambda: desk.ticket(1) and desk.ticket(1)["priority"])
    customer = {"notes": text("person-note"), "organization_id": made["organization"]}
    desk.done("PUT", f"users/{desk.ticket(1)['requester_id']}.json", {"user": customer})
    note = {"body": "@Anna Agent " + text("note"), "public": False, "author_id": BEN}
    values = [{"id": made["fields"][0], "value": text("value")}, {"id": made["fields"][1], "value": "one"}]
    changes = {"comment": note, "additional_tags": [tag("tag")], "custom_fields": values, "assignee_id": ANNA}
    desk.done("PUT", "tickets/1.json", {"ticket": changes})
    answer = {"body": "**Soon**, " + text("answer"), "public": True, "author_id": ANNA}
    desk.done("PUT", "tickets/1.json", {"ticket": {"comment": answer}})
    hand_off = {
        "external_id": "chat-1",
        "customer": {"id": "u-1", "name": text("customer-of-a-bot")},
        "subject": text("hand-off"),
        "summary": text("summary"),
        "reason": text("handed-over-because"),
        "intent": text("intent"),
        "collected": {text("collected-name"): text("collected")},
        "bot": {"name": text("bot"), "version": "1"},
        "transcript": [{"who": "user", "text": text("said")}],
    }
    at = desk.now().timestamp()
    payload = {"type": "handoff.requested", "data": hand_off}
    assert signed_hook(desk.address, "msg_markup", payload, at=at).status == 201
    wait_for("the hand-off's ticket", lambda: desk.ticket(2) and desk.ticket(2)["priority"])
    desk.done("POST", "tickets/2/escalate.json", {"escalation": {"reason": text("escalated-because")}})
    held = mail(
        Address(display_name=text("held-person"), addr_spec="kit@example.com"),
        text("held-subject"),
        text("held-text"),
        "markup-held@example.com",
        files=[(text("held-file"), "text/plain", b"x")],
    )
    assert desk.post_mail(held, to="sales@in.docket.local").status == 202
    wait_for("the mail that is held", lambda: desk.done("GET", "suspended_tickets.json")["suspended_tickets"])
    wait_for("the index", lambda: desk.done("GET", "search.json?query=textarea")["count"])


def lists_show_text(reader, made):
    for view in ("mine", "open", "mentions", f"group-{made['group']}", f"saved-{made['view']}"):
        reader.reads(f"tickets?view={view}")
    typed = {
        "tag": tag("filter"),
        "who": text("address-typed"),
        "org": text("organization-typed"),
    }
    for parameter, value in typed.items():
        reader.reads(f"tickets?view=open&{parameter}={urllib.parse.quote(value)}")
    reader.reads(f"tickets?view=open&organization={made['organization']}&group={made['group']}&assignee={BEN}")
    page = reader.open("tickets?view=open")
    page.locator("#rows [name=t]").first.check()
    page.locator("#bulk-tags").click()
    page.locator("#menu-tags input[name=tags]").fill(tag("bulk"))
    page.locator("#menu-tags button[value='tags:add']").click()
    expect(page.locator("#done")).to_contain_text("1 tagged")
    reader.reads()
    page.locator("#rows [name=t]").first.check()
    page.locator("#bulk-macro").click()
    page.locator("#menu-macro select").select_option(index=1)
    page.locator("#show-macro").click()
    reader.waits_for("#macro-preview h1", "macro")
    page = reader.open("tickets?view=open")
    page.locator("#save").click()
    page.locator("#save-view input[name=title]").fill(text("view-saved-here"))
    page.locator("#save-view button").click()
    reader.waits_for("h1", "view-saved-here")
    page.locator("#edit").click()
    page.locator("#edit-view input[name=title]").fill(text("view-renamed"))
    page.locator("#edit-view button").click()
    reader.waits_for("h1", "view-renamed")


def held_mail_shows_text(reader):
    page = reader.reads("held")
    page.locator("#rows .text a").first.click()
    page.wait_for_url("**/agent/held/*")
    at = urllib.parse.urlsplit(page.url).path.removeprefix("/agent/")
    reader.waits_for("main", "held-text")
    page.locator("#decide [name=reason]").fill(text("held-reason"))
    page.locator("#discard").click()
    expect(page.locator("#done")).to_contain_text("1 discarded")
    reader.reads(at)


def tickets_show_text(reader):
    for number in (1, 2):
        reader.reads(f"tickets/{number}?view=open")
    reader.reads("tickets/1/sla?view=open")
    page = reader.open("tickets/1?view=open")
    page.locator("#macro").select_option(index=1)
    page.locator("#insert").click()
    expect(page.locator("#text")).to_have_value(re.compile("data-place=macro-text"))
    reader.reads()
    page.locator("#text").fill("**marked** " + text("typed"))
    page.locator("#show-preview").click()
    reader.waits_for("#preview", "typed")
    # As it is kept, on another page.
    page.locator("#text").press_sequentially(".")
    expect(page.locator("#draft-says")).to_contain_text("Draft kept")
    page = reader.reads("tickets/1")
    expect(page.locator("#text")).to_have_value(re.compile("data-place=typed"))
    # A problem is said with the words that led to it.
    page.locator("#copies").fill(text("copies-typed"))
    page.locator("#submit").click()
    expect(page.locator("#problem")).to_be_visible()
    reader.reads()


def calls_and_forwards_show_text(reader):
    page = reader.open("tickets/1?view=open")
    page.locator("body").press("f")
    page.locator("#forward-to").fill(text("forward-typed"))
    page.locator("#forward-it").click()
    expect(page.locator("#problem")).to_be_visible()
    reader.reads()
    page = reader.open("tickets/1?view=open")
    page.locator("body").press("l")
    page.locator("#text").fill(text("call"))
    page.locator("#log-call").click()
    reader.waits_for("#thread", "call")
    page = reader.open("tickets/new")
    for field in ("name", "subject", "text"):
        page.locator(f"#new-ticket-form [name={field}]").fill(text(f"phoned-{field}"))
    # Whoever is looked for stays in the field, and what was filled in, too.
    page.locator("#find").fill(text("phoned-find"))
    page.locator("#look").click()
    page.wait_for_load_state()
    reader.reads()
    page.locator("[name=customer][value=new]").check()
    page.locator("#open-ticket").click()
    reader.waits_for("h1", "phoned-subject")


def the_search_and_the_palette_show_text(reader):
    words = urllib.parse.quote(text("searched"))
    for of in ("", "&of=people", "&of=organizations"):
        reader.reads(f"search?q={words}{of}")
        reader.reads(f"search?q=textarea{of}")
    reader.reads(f"search?q=status:{urllib.parse.quote(text('query-refused'))}")
    page = reader.open("tickets/1?view=open")
    page.keyboard.press("Control+k")
    page.keyboard.type("textarea")
    reader.waits_for("#palette-found", "subject")
    page.keyboard.press("Escape")
    for key in ("a", "s", "m"):
        page.keyboard.press(key)
        expect(page.locator("#palette-list [role=option]").first).to_be_visible()
        reader.reads()
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type(text("palette-typed"))
    reader.waits_for("#palette-list", "palette-typed")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    reader.waits_for("#keys", "view")


def one_is_told_in_text(reader, desk):
    page = reader.open("tickets?view=waiting")
    # The page has to know how it was.
    page.wait_for_timeout(4_000)
    desk.done("PUT", "tickets/2.json", {"ticket": {"group_id": SUPPORT, "assignee_id": BEN}})
    desk.done("PUT", "tickets/2.json", {"ticket": {"assignee_id": ANNA}})
    reader.waits_for(".tellings", "hand-off")
    reader.open("notifications")
    reader.waits_for("#news", "hand-off")
    reader.reads("sessions")


def nothing_runs_from_a_mail(reader, desk):
    """Each way in the page of its own that a mail has, and in the thread."""
    for nth, vector in enumerate(VECTORS):
        subject = f"Way {nth} in"
        # A table, so that it is shown as it came.
        html = f"<table><tr><td>before</td></tr></table>{vector.replace('RUN', RUN)}<p>after</p>"
        raw = mail(f"Eve <eve{nth}@example.com>", subject, "plain", f"way-{nth}@example.com", formatted=html)
        assert desk.post_mail(raw).status == 202
        ticket = wait_for(subject, lambda subject=subject: desk.about(subject))
        page = reader.open(f"tickets/{ticket['id']}")
        frame = page.locator("#thread iframe").first
        # What is left of some is nothing: then their text is shown.
        source = frame.get_attribute("src") if frame.count() else None
        if source is None:
            expect(page.locator("#thread .body").first).to_be_visible()
            continue
        page.goto(f"{desk.address}{source}")
        left = page.evaluate(LEFT)
        assert not left, f"{vector!r} leaves {left}"


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-markup-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder) as desk, chromium() as browser:
            made = set_up(desk)
            contacts_arrive(desk, made)
            reader = Reader(browser, desk).sign_in(ANNA)
            lists_show_text(reader, made)
            held_mail_shows_text(reader)
            tickets_show_text(reader)
            calls_and_forwards_show_text(reader)
            the_search_and_the_palette_show_text(reader)
            one_is_told_in_text(reader, desk)
            unseen = sorted(PLACES - reader.shown)
            assert not unseen, f"what stands here was shown nowhere: {unseen}"
            nothing_runs_from_a_mail(reader, desk)
            assert_nothing_wrong(reader)
    print(f"markup in {len(PLACES)} places is text, and none of {len(VECTORS)} ways in leads anywhere")


if __name__ == "__main__":
    main()
