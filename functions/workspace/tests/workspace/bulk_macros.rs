//! A macro on several tickets of a list: shown beforehand, run on each by itself, and put back.

use crate::{
    browser::{Browser, Page},
    bulk::{act, done, toast, undo},
    world::{ADMIN, BEN, World},
};
use axum::http::StatusCode;
use docket_desk::setup::SetupChange;
use docket_domain::{
    PersonId, RuleId, TicketNumber,
    rule::{Rule, RuleAction, RuleKind, TemplateText, Text},
    ticket::{Actor, Priority, ReplyVia, Status, Ticket, Update},
};
use std::collections::BTreeMap;

impl World {
    /// A desk with one macro, of the id 4.
    async fn with_macro(actions: Vec<RuleAction>) -> Self {
        let world = Self::new().await.unwrap();
        let rule = Rule {
            id: RuleId(4),
            kind: RuleKind::Macro,
            name: "Restart <it>".to_owned(),
            description: String::new(),
            position: 1,
            condition: "true".to_owned(),
            actions,
            is_last: false,
            budget: 10,
            is_active: true,
            timing: None,
        };
        let by = world.desk.by_system("a test");
        let changed = world.desk.rules().change_book(by, vec![], |book| {
            book.rules.rules = vec![rule.clone()];
            book.rules.last_rule_id = 4;
            book.check()
        });
        assert!(matches!(changed.await.unwrap(), SetupChange::Done(..)));
        world
    }

    /// Open tickets of low priority with a tag and a field, which nobody has.
    async fn open_tickets(&self, count: usize) -> Vec<TicketNumber> {
        let numbers = self.tickets(count).await;
        let first = Update {
            status: Some(Status::Open),
            priority: Some(Priority::Low),
            add_tags: vec!["old".to_owned()],
            fields: BTreeMap::from([("colour".to_owned(), Some("blue".to_owned()))]),
            ..Update::default()
        };
        for number in &numbers {
            self.write(*number, Actor::Agent(ADMIN), "", true, first.clone())
                .await
                .unwrap();
        }
        numbers
    }
}

fn own(body: &str) -> Text {
    Text::Own(TemplateText {
        subject: None,
        body: body.to_owned(),
    })
}

/// What a macro that only sets something sets.
fn sets() -> Vec<RuleAction> {
    vec![
        RuleAction::SetPriority(Priority::High),
        RuleAction::SetStatus(Status::Pending),
        RuleAction::AssignToActor,
        RuleAction::AddTags(vec!["restart".to_owned()]),
        RuleAction::RemoveTags(vec!["old".to_owned()]),
        RuleAction::SetField {
            name: "colour".to_owned(),
            value: Some("red".to_owned()),
        },
    ]
}

type Facts = (
    Option<PersonId>,
    Status,
    Option<Priority>,
    Vec<String>,
    BTreeMap<String, String>,
);

fn facts(ticket: &Ticket) -> Facts {
    (
        ticket.assignee,
        ticket.status,
        ticket.priority,
        ticket.tags.clone(),
        ticket.fields.clone(),
    )
}

/// Chooses the macro for these; the page that shows what it will do.
async fn shown(browser: &Browser, numbers: &[TicketNumber], more: &[(&str, &str)]) -> Page {
    let chosen: Vec<(&str, &str)> = [("macro", "4")].iter().chain(more).copied().collect();
    let page = act(browser, numbers, "macro:chosen", &chosen).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page
}

/// The values of a field that stands several times on a page.
fn values(page: &Page, name: &str) -> Vec<String> {
    let text = page.text();
    let start = format!("name=\"{name}\" value=\"");
    let found = text.split(&start).skip(1);
    found
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// Presses *Do it* on that page.
async fn run(browser: &Browser, page: &Page) -> Page {
    let answer = press(browser, page).await;
    done(browser, &answer).await
}

async fn press(browser: &Browser, page: &Page) -> Page {
    let mut fields: Vec<(&str, String)> = ["csrf", "once", "shown"]
        .into_iter()
        .map(|name| (name, page.field(name)))
        .collect();
    fields.push(("list", page.field("list").replace("&#38;", "&")));
    fields.push(("act", "macro:4".to_owned()));
    for name in ["t", "seen", "all"] {
        fields.extend(values(page, name).into_iter().map(|value| (name, value)));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser.post("/agent/tickets/bulk", &fields).await
}

#[tokio::test]
async fn what_is_another_by_now_is_shown_again_before_it_is_done() {
    let world = World::with_macro(sets()).await;
    let numbers = world.open_tickets(2).await;
    let browser = world.browser(BEN).await;
    let old = shown(&browser, &numbers, &[]).await;
    let whole = shown(&browser, &numbers, &[("all", "1")]).await;
    // One more ticket came to the list.
    world.open_tickets(1).await;
    let again = press(&browser, &whole).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.shows("the macro, or the list, is another by now");
    again.shows("” on 3 tickets</h1>");
    assert_eq!(world.desk.jobs().count_of_open().await.unwrap(), 0);
    // Somebody has the macro do something else.
    let by = world.desk.by_system("a test");
    let changed = world.desk.rules().change_book(by, vec![], |book| {
        book.rules.rules[0].actions = vec![RuleAction::SetPriority(Priority::Urgent)];
        book.check()
    });
    assert!(matches!(changed.await.unwrap(), SetupChange::Done(..)));
    let again = press(&browser, &old).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.shows("Sets the priority to Urgent");
    assert_eq!(world.head(numbers[0]).await.priority, Some(Priority::Low));
    run(&browser, &again).await;
    assert_eq!(world.head(numbers[0]).await.priority, Some(Priority::Urgent));
}

#[tokio::test]
async fn a_macro_is_shown_then_run_on_each_and_put_back() {
    let world = World::with_macro(sets()).await;
    let numbers = world.open_tickets(3).await;
    world.close(numbers[1]).await;
    let before = world.head(numbers[0]).await;
    let browser = world.browser(BEN).await;
    browser
        .get("/agent/tickets?view=open")
        .await
        .shows("<option value=\"4\">Restart &#60;it&#62;</option>");
    let page = shown(&browser, &numbers, &[]).await;
    page.shows("“Restart &#60;it&#62;” on 3 tickets</h1>");
    for words in [
        "Sets the priority to High",
        "Sets the status to Pending",
        "Gives it to you",
        "Adds the tags restart",
        "Takes the tags old away",
        "Sets colour to red",
        "All of it can be undone.",
        "closed: nothing is done",
    ] {
        page.shows(words);
    }
    assert_eq!(
        facts(&world.head(numbers[0]).await),
        facts(&before),
        "nothing is changed yet"
    );

    let page = run(&browser, &page).await;
    assert_eq!(
        toast(&page),
        format!("2 changed by Restart &#60;it&#62;, 1 closed ({})", numbers[1])
    );
    for number in [numbers[0], numbers[2]] {
        let ticket = world.head(number).await;
        assert_eq!((ticket.assignee, ticket.status), (Some(BEN), Status::Pending));
        let has = |tag: &str| ticket.tags.iter().any(|own| own == tag);
        assert!(has("restart") && !has("old"));
        assert_eq!(ticket.fields["colour"], "red");
    }
    let page = undo(&browser, &page).await;
    assert_eq!(toast(&page), "2 put back");
    for number in [numbers[0], numbers[2]] {
        assert_eq!(facts(&world.head(number).await), facts(&before), "{number}");
    }
}

#[tokio::test]
async fn of_tickets_that_were_new_only_what_can_be_put_back_is_said_to_be() {
    let tags = RuleAction::AddTags(vec!["restart".to_owned()]);
    let world = World::with_macro(vec![RuleAction::SetStatus(Status::Pending), tags]).await;
    let numbers = world.tickets(2).await;
    assert_eq!(world.head(numbers[0]).await.status, Status::New);
    let browser = world.browser(BEN).await;
    let page = shown(&browser, &numbers, &[]).await;
    page.hides("All of it can be undone.");
    page.shows("A new ticket is open after Undo.");
    let page = run(&browser, &page).await;
    assert_eq!(toast(&undo(&browser, &page).await), "2 put back");
    for number in &numbers {
        let ticket = world.head(*number).await;
        assert_eq!(ticket.status, Status::Open);
        assert!(!ticket.tags.iter().any(|tag| tag == "restart"));
    }

    let world = World::with_macro(vec![RuleAction::SetStatus(Status::Open)]).await;
    let numbers = world.tickets(2).await;
    let browser = world.browser(BEN).await;
    let page = run(&browser, &shown(&browser, &numbers, &[]).await).await;
    let said = format!("2 not possible ({}, {})", numbers[0], numbers[1]);
    assert_eq!(toast(&undo(&browser, &page).await), said);
}

#[tokio::test]
async fn a_macro_that_is_sent_twice_runs_once_and_what_was_changed_since_stays() {
    let world = World::with_macro(sets()).await;
    let numbers = world.open_tickets(2).await;
    let browser = world.browser(BEN).await;
    let preview = shown(&browser, &numbers, &[]).await;
    let first = run(&browser, &preview).await;
    let v = world.head(numbers[0]).await.v;
    let again = run(&browser, &preview).await;
    again.hides("id=\"undo-bulk\"");
    assert_eq!(world.head(numbers[0]).await.v, v);
    let urgent = Update {
        priority: Some(Priority::Urgent),
        ..Update::default()
    };
    world
        .write(numbers[0], Actor::Agent(ADMIN), "", true, urgent)
        .await
        .unwrap();
    let page = undo(&browser, &first).await;
    assert_eq!(
        toast(&page),
        format!("1 put back, 1 changed by somebody since ({})", numbers[0])
    );
    assert_eq!(
        world.head(numbers[0]).await.status,
        Status::Pending,
        "all of it stays"
    );
}

#[tokio::test]
async fn what_a_macro_writes_is_shown_as_a_ticket_gets_it_and_held_back_where_somebody_wrote() {
    let actions = vec![
        RuleAction::Reply(own(
            "Please restart it, {{ requester.first_name }}. {{ agent.name }}",
        )),
        RuleAction::SetStatus(Status::Pending),
    ];
    let world = World::with_macro(actions).await;
    let numbers = world.open_tickets(2).await;
    let browser = world.browser(BEN).await;
    let page = shown(&browser, &numbers, &[]).await;
    page.shows(&format!("To the customer, on ticket {}", numbers[0]));
    page.shows("Please restart it, Ann. Ben Okafor");
    page.shows("What it writes, mails or calls stays.");
    let ann = world.head(numbers[0]).await.requester;
    world
        .write(
            numbers[0],
            Actor::Requester(ann),
            "It works again!",
            true,
            Update::default(),
        )
        .await
        .unwrap();
    let page = run(&browser, &page).await;
    assert_eq!(
        toast(&page),
        format!(
            "1 changed by Restart &#60;it&#62;, 1 changed by somebody since ({})",
            numbers[0]
        )
    );
    let said = async |number| {
        let file = world.desk.tickets().file(number).await.unwrap().unwrap();
        let mut comments = file.comments.into_iter();
        comments.any(|comment| comment.snippet.starts_with("Please restart it, Ann."))
    };
    assert!(!said(numbers[0]).await && said(numbers[1]).await);
    // What was said stays said; what was set is put back.
    undo(&browser, &page).await;
    assert!(said(numbers[1]).await);
    assert_eq!(world.head(numbers[1]).await.status, Status::Open);
}

#[tokio::test]
async fn what_can_not_be_done_in_full_is_told() {
    let actions = vec![
        RuleAction::Reply(own("Please restart it.")),
        RuleAction::SetPriority(Priority::High),
    ];
    let world = World::with_macro(actions).await;
    let numbers = world.open_tickets(2).await;
    let nowhere = Update {
        reply_via: Some(ReplyVia::Nowhere),
        ..Update::default()
    };
    world
        .write(numbers[1], Actor::Agent(ADMIN), "", true, nowhere)
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let page = shown(&browser, &numbers, &[]).await;
    page.shows("the customer can\u{2019}t be written to");
    let page = run(&browser, &page).await;
    assert_eq!(
        toast(&page),
        format!(
            "2 changed by Restart &#60;it&#62;, 1 not in full ({})",
            numbers[1]
        )
    );
    assert_eq!(world.head(numbers[1]).await.priority, Some(Priority::High));
}

#[tokio::test]
async fn a_whole_view_gets_a_macro_by_a_job() {
    let world = World::with_macro(sets()).await;
    let numbers = world.open_tickets(60).await;
    let browser = world.browser(BEN).await;
    let page = shown(&browser, &numbers[..1], &[("all", "1")]).await;
    page.shows("” on 60 tickets</h1>");
    page.shows("The first 50</h2>");
    page.shows("that is not undone");
    let page = run(&browser, &page).await;
    assert_eq!(
        toast(&page),
        "60 tickets are being changed. You can go on meanwhile."
    );
    page.hides("id=\"undo-bulk\"");
    assert_eq!(world.desk.jobs().count_of_open().await.unwrap(), 1);
    assert_eq!(
        world.head(numbers[0]).await.priority,
        Some(Priority::Low),
        "bit by bit, not at once"
    );
}

#[tokio::test]
async fn a_macro_that_is_none_is_refused_beside_the_list() {
    let world = World::with_macro(sets()).await;
    let numbers = world.open_tickets(1).await;
    let browser = world.browser(BEN).await;
    for (button, chosen, words) in [
        ("macro:chosen", "", "choose a macro first"),
        ("macro:chosen", "9", "there is no such macro any more"),
        ("macro:9", "", "there is no such macro any more"),
        ("macro:x", "", "there is no such choice"),
    ] {
        let page = act(&browser, &numbers, button, &[("macro", chosen)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{button} {chosen}");
        page.shows(words);
    }
    let page = act(&browser, &[], "macro:chosen", &[("macro", "4")]).await;
    page.shows("tick a ticket first");
    // A desk without macros offers none.
    let plain = World::new().await.unwrap();
    plain.tickets(1).await;
    let page = plain.browser(BEN).await.get("/agent/tickets?view=open").await;
    page.hides("id=\"bulk-macro\"");
}
