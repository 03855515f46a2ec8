//! What is done to several tickets of a list at once, and put back.

use crate::{
    browser::{Browser, Page},
    listing::listed,
    world::{ADMIN, BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_desk::Attempt;
use docket_domain::{
    PersonId, TicketNumber,
    configuration::Group,
    ticket::{Actor, Priority, Status, Ticket, Update},
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

impl World {
    /// So many tickets, which nobody has.
    pub async fn tickets(&self, count: usize) -> Vec<TicketNumber> {
        let mut numbers = Vec::new();
        for n in 1..=count {
            let number = self
                .mail(ANN, &format!("Order {n}"), "Where is it?")
                .await
                .unwrap();
            self.triage(number).await.unwrap();
            numbers.push(number);
        }
        numbers
    }

    pub async fn head(&self, number: TicketNumber) -> Ticket {
        self.desk.tickets().get(number).await.unwrap().unwrap()
    }

    pub async fn close(&self, number: TicketNumber) {
        for status in [Status::Solved, Status::Closed] {
            let update = Update {
                status: Some(status),
                ..Update::default()
            };
            self.write(number, Actor::Agent(ADMIN), "", true, update)
                .await
                .unwrap();
        }
    }
}

/// Ticks these and presses a button, on a page of all open tickets.
pub async fn act(browser: &Browser, numbers: &[TicketNumber], act: &str, more: &[(&str, &str)]) -> Page {
    let page = browser.get("/agent/tickets?view=open").await;
    let (csrf, once) = (page.field("csrf"), page.field("once"));
    let ticked: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", "view=open"),
        ("act", act),
    ];
    fields.extend(ticked.iter().map(|number| ("t", number.as_str())));
    fields.extend(more);
    browser.post("/agent/tickets/bulk", &fields).await
}

/// The page that says what became of it.
pub async fn done(browser: &Browser, answer: &Page) -> Page {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let location = answer.header("location");
    assert!(
        location.starts_with("/agent/tickets?view=open&did="),
        "{location}"
    );
    browser.get(location).await
}

/// Presses Undo.
pub async fn undo(browser: &Browser, page: &Page) -> Page {
    let (did, proof, csrf) = (page.field("did"), page.field("proof"), page.field("csrf"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("list", "view=open"),
        ("did", did.as_str()),
        ("proof", proof.as_str()),
    ];
    let answer = browser.post("/agent/tickets/bulk/undo", &fields).await;
    done(browser, &answer).await
}

/// What the page says became of it.
pub fn toast(page: &Page) -> String {
    let text = page.text();
    let at = text.find("id=\"done\"><span>").unwrap() + "id=\"done\"><span>".len();
    text[at..].split("</span>").next().unwrap().to_owned()
}

#[tokio::test]
async fn several_are_taken_at_once_and_one_that_can_not_be_stops_no_other() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(5).await;
    world.close(numbers[1]).await;
    let attempt = Attempt::by(Actor::Agent(ADMIN), "test");
    world.desk.tickets().delete(numbers[3], attempt).await.unwrap();
    let browser = world.browser(BEN).await;
    let page = done(&browser, &act(&browser, &numbers, "assign:me", &[]).await).await;
    assert_eq!(
        toast(&page),
        format!(
            "3 assigned to you, 1 closed ({}), 1 not there any more ({})",
            numbers[1], numbers[3]
        )
    );
    for (at, number) in numbers.iter().enumerate() {
        // Whoever solved it has it.
        let expected = match at {
            1 => Some(ADMIN),
            3 => None,
            _ => Some(BEN),
        };
        assert_eq!(world.head(*number).await.assignee, expected, "{number}");
    }
    // What was done is put back, and nothing else.
    let page = undo(&browser, &page).await;
    assert_eq!(toast(&page), "3 put back");
    page.hides("id=\"undo-bulk\"");
    for (at, number) in numbers.iter().enumerate() {
        let expected = (at == 1).then_some(ADMIN);
        assert_eq!(world.head(*number).await.assignee, expected);
    }
}

#[tokio::test]
async fn every_act_of_the_bar_is_done_and_put_back() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(2).await;
    let first = Update {
        status: Some(Status::Open),
        priority: Some(Priority::Low),
        add_tags: vec!["vip".to_owned()],
        ..Update::default()
    };
    for number in &numbers {
        world
            .write(*number, Actor::Agent(ADMIN), "", true, first.clone())
            .await
            .unwrap();
    }
    let browser = world.browser(BEN).await;
    for (button, more, said) in [
        ("assign:3", vec![], "2 assigned to Cleo Marsh"),
        ("status:pending", vec![], "2 set to Pending"),
        ("status:solved", vec![], "2 solved"),
        ("priority:urgent", vec![], "2 set to Urgent"),
        ("tags:add", vec![("tags", "vip Refund")], "2 tagged"),
        ("tags:remove", vec![("tags", "vip")], "2 untagged"),
        ("snooze:tomorrow", vec![], "2 snoozed"),
        ("snooze:date", vec![("date", "2026-04-01")], "2 snoozed"),
    ] {
        let before = world.head(numbers[0]).await;
        let page = done(&browser, &act(&browser, &numbers, button, &more).await).await;
        assert_eq!(toast(&page), said, "{button}");
        let changed = world.head(numbers[0]).await;
        assert_ne!(facts(&changed), facts(&before), "{button}");
        let page = undo(&browser, &page).await;
        assert_eq!(toast(&page), "2 put back", "{button}");
        assert_eq!(facts(&world.head(numbers[0]).await), facts(&before), "{button}");
    }
}

#[tokio::test]
async fn the_status_of_new_tickets_is_put_back_to_open_and_what_slept_sleeps_on() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(2).await;
    assert_eq!(world.head(numbers[0]).await.status, Status::New);
    let browser = world.browser(BEN).await;
    let page = done(&browser, &act(&browser, &numbers, "status:pending", &[]).await).await;
    assert_eq!(toast(&undo(&browser, &page).await), "2 put back");
    assert_eq!(world.head(numbers[1]).await.status, Status::Open);
    act(&browser, &numbers, "snooze:tomorrow", &[]).await;
    let until = world.head(numbers[0]).await.snoozed_until;
    assert!(until.is_some());
    let page = done(&browser, &act(&browser, &numbers, "status:solved", &[]).await).await;
    assert_eq!(world.head(numbers[0]).await.snoozed_until, None);
    assert_eq!(toast(&undo(&browser, &page).await), "2 put back");
    let back = world.head(numbers[0]).await;
    assert_eq!((back.status, back.snoozed_until), (Status::Open, until));
}

type Facts = (
    Option<PersonId>,
    Status,
    Option<Priority>,
    Vec<String>,
    Option<docket_domain::Timestamp>,
);

fn facts(ticket: &Ticket) -> Facts {
    (
        ticket.assignee,
        ticket.status,
        ticket.priority,
        ticket.tags.clone(),
        ticket.snoozed_until,
    )
}

#[tokio::test]
async fn what_somebody_changed_since_is_not_put_back() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(2).await;
    let browser = world.browser(BEN).await;
    let page = done(&browser, &act(&browser, &numbers, "assign:me", &[]).await).await;
    let to_cleo = Update {
        assignee: Some(Some(CLEO)),
        ..Update::default()
    };
    world
        .write(numbers[0], Actor::Agent(ADMIN), "", true, to_cleo)
        .await
        .unwrap();
    let page = undo(&browser, &page).await;
    assert_eq!(
        toast(&page),
        format!("1 put back, 1 changed by somebody since ({})", numbers[0])
    );
    assert_eq!(world.head(numbers[0]).await.assignee, Some(CLEO));
    assert_eq!(world.head(numbers[1]).await.assignee, None);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(1).await;
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/tickets?view=open").await;
    let (csrf, once, number) = (page.field("csrf"), page.field("once"), numbers[0].to_string());
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", "view=open"),
        ("act", "assign:me"),
        ("t", number.as_str()),
    ];
    browser.post("/agent/tickets/bulk", &fields).await;
    let to_cleo = Update {
        assignee: Some(Some(CLEO)),
        ..Update::default()
    };
    world
        .write(numbers[0], Actor::Agent(ADMIN), "", true, to_cleo)
        .await
        .unwrap();
    let again = browser.post("/agent/tickets/bulk", &fields).await;
    let page = done(&browser, &again).await;
    page.hides("id=\"undo-bulk\"");
    assert_eq!(world.head(numbers[0]).await.assignee, Some(CLEO));
}

#[tokio::test]
async fn nobody_gets_a_ticket_of_a_group_that_is_not_theirs() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(1).await;
    for group in world.desk.groups().all().await.unwrap() {
        world
            .desk
            .groups()
            .remove_member(group.id, CLEO, world.desk.by_system("a test"))
            .await
            .unwrap();
    }
    let browser = world.browser(BEN).await;
    let page = done(&browser, &act(&browser, &numbers, "assign:3", &[]).await).await;
    assert_eq!(
        toast(&page),
        format!("1 of another group than the agent ({})", numbers[0])
    );
    assert_eq!(world.head(numbers[0]).await.assignee, None);
}

#[tokio::test]
async fn what_can_not_be_done_is_refused_beside_the_list() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(1).await;
    let browser = world.browser(BEN).await;
    for (numbers, button, words) in [
        (&numbers[..], "status:gone", "there is no such choice"),
        (&numbers[..], "tags:add", "write a tag first"),
        (&numbers[..], "snooze:date", "choose a day first"),
        (&numbers[..0], "assign:me", "tick a ticket first"),
    ] {
        let page = act(&browser, numbers, button, &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{button}");
        page.shows(words);
        assert_eq!(listed(&page).len(), 1, "the list is still there");
    }
    let many: Vec<TicketNumber> = (1..=51).map(TicketNumber).collect();
    let page = act(&browser, &many, "assign:me", &[]).await;
    page.shows("at most 50 tickets can be ticked");
}

#[tokio::test]
async fn nobodys_link_puts_anything_back() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(1).await;
    let browser = world.browser(BEN).await;
    let page = done(&browser, &act(&browser, &numbers, "assign:me", &[]).await).await;
    let (did, proof, csrf) = (page.field("did"), page.field("proof"), page.field("csrf"));
    let forged = did.replace(".0", ".3");
    assert_ne!(forged, did);
    let shown = browser
        .get(&format!(
            "/agent/tickets?view=open&did={}&proof={proof}",
            forged.replace('|', "%7C")
        ))
        .await;
    shown.hides("id=\"done\"");
    for (did, proof) in [
        (forged.as_str(), proof.as_str()),
        (did.as_str(), csrf.as_str()),
        (did.as_str(), ""),
    ] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("list", "view=open"),
            ("did", did),
            ("proof", proof),
        ];
        let answer = browser.post("/agent/tickets/bulk/undo", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{did} {proof}");
    }
    let fields = [("csrf", ""), ("act", "assign:none"), ("t", "1")];
    let foreign = browser.post("/agent/tickets/bulk", &fields).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert_eq!(world.head(numbers[0]).await.assignee, Some(BEN));
}

#[tokio::test]
async fn by_a_whole_view_nobody_gets_a_ticket_of_a_group_that_is_not_theirs_either() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(55).await;
    let make = |id| Group::new(id, "Billing", world.desk.now());
    let by = world.desk.by_system("a test");
    let billing = world.desk.groups().create(by, make).await.unwrap().unwrap();
    let to_billing = Update {
        group: Some(billing.id),
        ..Update::default()
    };
    for number in &numbers[..4] {
        world
            .write(*number, Actor::Agent(ADMIN), "", true, to_billing.clone())
            .await
            .unwrap();
    }
    let browser = world.browser(BEN).await;
    let everything = [("all", "1")];
    let answer = act(&browser, &numbers[..1], "assign:3", &everything).await;
    assert_eq!(
        toast(&done(&browser, &answer).await),
        "51 tickets are being changed, but not 4 of another group than the agent. You can go on meanwhile."
    );
    let jobs = world.desk.jobs().newest(10).await.unwrap();
    assert_eq!((jobs.len(), jobs[0].total), (1, 51));
    let rows = world.desk.jobs().rows(&jobs[0]).await.unwrap().rows;
    let is_of_billing = |number: &TicketNumber| rows.contains(&number.0.into());
    assert!(!numbers[..4].iter().any(is_of_billing));
    // Oneself takes what one likes.
    let answer = act(&browser, &numbers[..1], "assign:me", &everything).await;
    assert_eq!(
        toast(&done(&browser, &answer).await),
        "55 tickets are being changed. You can go on meanwhile."
    );
    // Where nobody could be changed no job begins.
    let of_billing = format!("/agent/tickets?view=group-{}", billing.id);
    let page = browser.get(&of_billing).await;
    let (csrf, once, list) = (
        page.field("csrf"),
        page.field("once"),
        format!("view=group-{}", billing.id),
    );
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", list.as_str()),
        ("act", "assign:3"),
        ("all", "1"),
    ];
    let answer = browser.post("/agent/tickets/bulk", &fields).await;
    let page = browser.get(answer.header("location")).await;
    assert_eq!(toast(&page), "4 of another group than the agent");
    assert_eq!(world.desk.jobs().count_of_open().await.unwrap(), 2);
}

#[tokio::test]
async fn a_whole_view_is_changed_by_a_job() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(60).await;
    let browser = world.browser(BEN).await;
    browser
        .get("/agent/tickets?view=open")
        .await
        .shows("name=\"all\" value=\"1\"");
    let page = done(
        &browser,
        &act(&browser, &numbers[..1], "priority:high", &[("all", "1")]).await,
    )
    .await;
    assert_eq!(
        toast(&page),
        "60 tickets are being changed. You can go on meanwhile."
    );
    page.hides("id=\"undo-bulk\"");
    assert_eq!(world.desk.jobs().count_of_open().await.unwrap(), 1);
}
