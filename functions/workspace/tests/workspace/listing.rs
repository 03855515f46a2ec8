//! What lists of tickets show, in which order, and how one pages through them.

use crate::{
    browser::{Browser, Page},
    world::{ADMIN, BEN, CLEO, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use docket_domain::{
    PersonId, TicketNumber,
    configuration::Group,
    ticket::{Actor, Priority, Status, Update},
};
use docket_projection::{Counters, Projections};
use jiff::SignedDuration;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

/// The tickets that a page lists, in its order.
pub fn listed(page: &Page) -> Vec<u64> {
    let text = page.text();
    let rows = text.split("<li id=\"ticket-").skip(1);
    rows.map(|row| row.split('"').next().unwrap().parse().unwrap())
        .collect()
}

/// The row of a ticket.
pub fn row(page: &Page, number: TicketNumber) -> String {
    let text = page.text();
    let start = text
        .find(&format!("<li id=\"ticket-{number}\""))
        .unwrap_or_else(|| panic!("{number} is not in:\n{text}"));
    text[start..].split("</li>").next().unwrap().to_owned()
}

/// Where a link with an id leads.
pub fn href(page: &Page, id: &str) -> Option<String> {
    let text = page.text();
    let at = text.find(&format!("id=\"{id}\""))?;
    let tag = &text[text[..at].rfind('<')?..];
    let tag = tag.split('>').next()?;
    let href = tag.split("href=\"").nth(1)?.split('"').next()?;
    Some(href.replace("&#38;", "&"))
}

impl World {
    /// A ticket that an agent has.
    pub async fn mail_about(&self, agent: PersonId, subject: &str) -> TicketNumber {
        let number = self.mail(ANN, subject, "It is late.").await.unwrap();
        self.triage(number).await.unwrap();
        let take = Update {
            assignee: Some(Some(agent)),
            ..Update::default()
        };
        self.write(number, Actor::Agent(ADMIN), "", true, take)
            .await
            .unwrap();
        number
    }

    /// The numbers beside the views, as they are counted a moment later.
    pub async fn count(&self) {
        Projections::new(&self.desk, &Counters).catch_up().await.unwrap();
    }
}

#[tokio::test]
async fn a_list_stands_in_sections_by_urgency_with_the_oldest_breach_first() {
    let world = World::new().await.unwrap();
    let first = world.mail_about(BEN, "First").await;
    world.clock.advance(SignedDuration::from_mins(30));
    let second = world.mail_about(BEN, "Second").await;
    world.clock.advance(SignedDuration::from_hours(8));
    let third = world.mail_about(BEN, "Third").await;
    world.clock.advance(SignedDuration::from_mins(14));
    let fourth = world.mail_about(BEN, "Fourth").await;
    let waits = Update {
        status: Some(Status::Pending),
        ..Update::default()
    };
    world
        .write(fourth, Actor::Agent(BEN), "", true, waits)
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/tickets").await;
    assert_eq!(listed(&page), [first.0, second.0, third.0, fourth.0]);
    page.shows("class=\"late\"><b>Overdue</b> 2</h2>");
    page.shows("<b>Tomorrow and after</b> 1</h2>");
    page.shows("<b>No clock runs</b> 1</h2>");
    page.shows("id=\"overdue\">2 overdue</span>");
    let late = row(&page, second);
    assert!(
        late.contains("<abbr class=\"due late\" title=\"First reply overdue, was due 2 Mar 2026, 16:30 UTC\">−14 m</abbr>"),
        "{late}"
    );
    assert!(row(&page, third).contains(">Tue 00:30</abbr>"));
    assert!(row(&page, fourth).contains(">paused</abbr>"));
    assert!(row(&page, fourth).contains("<span class=\"pill \">Pending</span>"));
    // The landing page is one's own, and a ticket leads back to it.
    page.shows("id=\"view-mine\" title=\"Mine\" aria-current=\"page\"");
    page.shows(&format!("<a href=\"/agent/tickets/{first}?view=mine\""));
}

#[tokio::test]
async fn times_of_a_list_are_those_of_the_readers_zone() {
    let world = World::new().await.unwrap();
    let number = world.mail_about(BEN, "Late").await;
    world
        .desk
        .people()
        .change(world.desk.by_system("a test"), "ben@docket.local", |person| {
            person.time_zone = Some("Asia/Tokyo".to_owned());
        })
        .await
        .unwrap();
    let page = world.browser(BEN).await.get("/agent/tickets").await;
    // Sixteen o'clock in London is tomorrow in Tokyo.
    assert!(row(&page, number).contains("title=\"First reply due 3 Mar 2026, 01:00 JST\">Tue 01:00</abbr>"));
    page.shows("<b>Tomorrow and after</b> 1</h2>");
}

#[tokio::test]
async fn a_row_shows_who_wrote_last_and_their_first_words() {
    let world = World::new().await.unwrap();
    let number = world.mail_about(BEN, "Where is my order?").await;
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    let path = "/agent/tickets?view=open";
    let fresh = row(&ben.get(path).await, number);
    assert!(fresh.contains("<bdi>It is late.</bdi>"), "{fresh}");
    assert!(fresh.contains("<bdi>Ann Lee</bdi>"));
    assert!(fresh.contains("class=\"new\""), "nobody has read it");
    world
        .write(
            number,
            Actor::Agent(BEN),
            "On\nits   way.",
            true,
            Update::default(),
        )
        .await
        .unwrap();
    let own = row(&ben.get(path).await, number);
    assert!(own.contains("<bdi>You: On its way.</bdi>"), "{own}");
    assert!(!own.contains("class=\"new\""), "what one wrote one has read");
    let others = row(&cleo.get(path).await, number);
    assert!(others.contains("<bdi>Ben: On its way.</bdi>"), "{others}");
    assert!(others.contains("class=\"new\""));
    let v = world.desk.tickets().get(number).await.unwrap().unwrap().v;
    world
        .desk
        .store()
        .read_marks()
        .note(CLEO, number, v)
        .await
        .unwrap();
    assert!(!row(&cleo.get(path).await, number).contains("class=\"new\""));
}

#[tokio::test]
async fn only_what_is_unusual_is_marked() {
    let world = World::new().await.unwrap();
    let number = world.mail_about(BEN, "Brakes").await;
    let browser = world.browser(BEN).await;
    let change = async |update: Update| {
        world
            .write(number, Actor::Agent(CLEO), "", true, update)
            .await
            .unwrap();
        row(&browser.get("/agent/tickets").await, number)
    };
    let open = change(Update {
        status: Some(Status::Open),
        priority: Some(Priority::Normal),
        ..Update::default()
    })
    .await;
    assert!(!open.contains("pill"), "{open}");
    let urgent = change(Update {
        priority: Some(Priority::Urgent),
        ..Update::default()
    })
    .await;
    assert!(urgent.contains("<span class=\"pill late\">Urgent</span>"));
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    world.desk.presence().look(&ticket, CLEO, true).await.unwrap();
    let written = row(&browser.get("/agent/tickets").await, number);
    assert!(
        written.contains("<span class=\"pill ink live\">Cleo is writing</span>"),
        "{written}"
    );
}

#[tokio::test]
async fn a_long_view_is_paged_back_and_forth_and_comes_to_each_ticket_once() {
    let world = World::new().await.unwrap();
    for n in 1..=120 {
        world
            .mail(ANN, &format!("Order {n}"), "Where is it?")
            .await
            .unwrap();
        world.clock.advance(SignedDuration::from_secs(1));
    }
    world.count().await;
    let browser = world.browser(BEN).await;
    for (path, is_asked) in [
        ("/agent/tickets?view=open", false),
        ("/agent/tickets?view=open&order=oldest", true),
    ] {
        let first = browser.get(path).await;
        first.shows("id=\"range\">1–50 of 120</span>");
        assert_eq!(href(&first, "previous"), None, "{path}");
        let second = browser.get(&href(&first, "next").unwrap()).await;
        second.shows("id=\"range\">51–100 of 120</span>");
        let third = browser.get(&href(&second, "next").unwrap()).await;
        third.shows("id=\"range\">101–120 of 120</span>");
        assert_eq!(href(&third, "next"), None);
        let all: Vec<u64> = [&first, &second, &third].into_iter().flat_map(listed).collect();
        assert_eq!(all, (1..=120).collect::<Vec<u64>>(), "{path}");
        // What comes meanwhile moves no page.
        let late = world.mail(ANN, "Late", "Where is it?").await.unwrap();
        let back = browser.get(&href(&third, "previous").unwrap()).await;
        assert_eq!(listed(&back), listed(&second), "{path}");
        let begin = browser.get(&href(&back, "previous").unwrap()).await;
        assert_eq!(listed(&begin), listed(&first), "{path}");
        assert_eq!(href(&begin, "previous"), None, "{path}: {is_asked}");
        let on = browser.get(&href(&back, "next").unwrap()).await;
        assert_eq!(listed(&on)[..20], listed(&third)[..], "{path}");
        world
            .desk
            .tickets()
            .delete(late, docket_desk::Attempt::by(Actor::Agent(BEN), "test"))
            .await
            .unwrap();
    }
    let garbled = browser.get("/agent/tickets?view=open&after=x%27").await;
    assert_eq!(garbled.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_overdue_and_due_soon_has_views_of_its_own() {
    let world = World::new().await.unwrap();
    let late = world.mail_about(CLEO, "Late").await;
    world.clock.advance(SignedDuration::from_mins(30));
    let soon = world.mail_about(CLEO, "Soon").await;
    world.clock.advance(SignedDuration::from_hours(7));
    let calm = world.mail_about(CLEO, "Calm").await;
    world.clock.advance(SignedDuration::from_mins(40));
    let browser = world.browser(BEN).await;
    let overdue = browser.get("/agent/tickets?view=overdue").await;
    assert_eq!(listed(&overdue), [late.0]);
    overdue.shows("<span>Overdue</span> <b class=\"count late\">1</b>");
    overdue.shows("<span>Due soon</span> <b class=\"count\">1</b>");
    assert_eq!(listed(&browser.get("/agent/tickets?view=soon").await), [soon.0]);
    assert_eq!(
        listed(&browser.get("/agent/tickets?view=open").await),
        [late.0, soon.0, calm.0]
    );
    // The number is kept for half a minute.
    world.clock.advance(SignedDuration::from_mins(30));
    // A place that lies outside of the view by now, as one does that became overdue, is no failure.
    for place in [
        "view=soon&before=0%231000000000000%23000000000012&from=51",
        "view=mine&after=3%231",
    ] {
        let page = browser.get(&format!("/agent/tickets?{place}")).await;
        assert_eq!(page.status, StatusCode::OK, "{place}");
    }
    let later = browser.get("/agent/tickets?view=overdue").await;
    assert_eq!(listed(&later), [late.0, soon.0]);
    later.shows("<b class=\"count late\">2</b>");
}

#[tokio::test]
async fn each_group_has_its_list_with_its_number() {
    let world = World::new().await.unwrap();
    let make = |id| Group::new(id, "Billing", world.desk.now());
    let billing = world
        .desk
        .groups()
        .create(world.desk.by_system("a test"), make)
        .await
        .unwrap()
        .unwrap();
    let number = world.mail_about(BEN, "Invoice").await;
    world.mail_about(BEN, "Brakes").await;
    let to_billing = Update {
        group: Some(billing.id),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "", true, to_billing)
        .await
        .unwrap();
    world.count().await;
    let browser = world.browser(BEN).await;
    let page = browser
        .get(&format!("/agent/tickets?view=group-{}", billing.id))
        .await;
    assert_eq!(listed(&page), [number.0]);
    page.shows("<h1>Billing</h1>");
    page.shows("<span>Billing</span> <b class=\"count\">1</b>");
    let none = browser.get("/agent/tickets?view=group-99").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    // A ticket that was opened there leads back there, by the group's name.
    let ticket = browser
        .get(&format!("/agent/tickets/{number}?view=group-{}", billing.id))
        .await;
    ticket.shows(&format!(
        "href=\"/agent/tickets?view=group-{}#open-{number}\"",
        billing.id
    ));
}

async fn asked(browser: &Browser, query: &str) -> Vec<u64> {
    listed(&browser.get(&format!("/agent/tickets?{query}")).await)
}

#[tokio::test]
async fn a_list_is_narrowed_and_put_into_other_orders() {
    let world = World::new().await.unwrap();
    let calm = world.mail_about(BEN, "Calm").await;
    world.clock.advance(SignedDuration::from_mins(1));
    let urgent = world.mail_about(CLEO, "Urgent").await;
    let change = Update {
        priority: Some(Priority::Urgent),
        status: Some(Status::Pending),
        add_tags: vec!["vip".to_owned(), "refund".to_owned()],
        ..Update::default()
    };
    world
        .write(urgent, Actor::Agent(CLEO), "", true, change)
        .await
        .unwrap();
    world.clock.advance(SignedDuration::from_mins(1));
    let other = world
        .mail(("tom@shop.example", "Tom"), "Other", "Hello")
        .await
        .unwrap();
    world.triage(other).await.unwrap();
    let browser = world.browser(BEN).await;
    let (calm, urgent, other) = (calm.0, urgent.0, other.0);
    for (query, expected) in [
        ("view=open&order=newest", vec![other, urgent, calm]),
        ("view=open&order=oldest", vec![calm, urgent, other]),
        ("view=open&order=priority", vec![urgent, other, calm]),
        ("view=open&status=pending", vec![urgent]),
        (
            "view=open&status=new&status=open&status=pending&order=oldest",
            vec![calm, urgent, other],
        ),
        ("view=open&priority=urgent", vec![urgent]),
        ("view=open&assignee=me", vec![calm]),
        ("view=open&assignee=none", vec![other]),
        ("view=open&assignee=3", vec![urgent]),
        ("view=open&tag=vip+refund", vec![urgent]),
        ("view=open&tag=vip+gone", vec![]),
        ("view=open&group=none", vec![]),
        ("view=open&channel=mail&order=oldest", vec![calm, urgent, other]),
        ("view=mine&status=pending", vec![]),
        ("view=unassigned&order=newest", vec![other]),
    ] {
        assert_eq!(asked(&browser, query).await, expected, "{query}");
    }
    let page = browser
        .get("/agent/tickets?view=open&status=pending&tag=vip")
        .await;
    page.shows("<a class=\"chip\" href=\"/agent/tickets?view=open&#38;tag=vip\"><bdi>Status: Pending</bdi>");
    page.shows("value=\"pending\" checked>Pending</label>");
    // The way back from a ticket keeps it all.
    page.shows(&format!(
        "<a href=\"/agent/tickets/{urgent}?view=open&#38;status=pending&#38;tag=vip\""
    ));
    let ticket = browser
        .get(&format!(
            "/agent/tickets/{urgent}?view=open&status=pending&tag=vip"
        ))
        .await;
    ticket.shows(&format!(
        "href=\"/agent/tickets?view=open&#38;status=pending&#38;tag=vip#open-{urgent}\""
    ));
}

#[tokio::test]
async fn a_customer_is_found_by_their_address() {
    let world = World::new().await.unwrap();
    let number = world.mail_about(BEN, "Mine").await;
    world
        .mail(("tom@shop.example", "Tom"), "Other", "Hello")
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let found = browser
        .get("/agent/tickets?view=open&who=ann%40shop.example&org=")
        .await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    let page = browser.get(found.header("location")).await;
    assert_eq!(listed(&page), [number.0]);
    page.shows("<bdi>Customer: Ann Lee</bdi>");
    for (typed, words) in [
        (
            "who=nobody%40shop.example",
            "No customer has the address nobody@shop.example.",
        ),
        ("org=Nowhere", "There is no organization Nowhere."),
    ] {
        let page = browser.get(&format!("/agent/tickets?view=open&{typed}")).await;
        page.shows(words);
        assert_eq!(listed(&page).len(), 2);
    }
}

#[tokio::test]
async fn a_list_of_fifty_is_light_and_read_by_a_fixed_number_of_calls() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let subject = "The front brake of the cargo bike squeals when it is wet, and only then";
    let cost = async || {
        let path = "/agent/tickets?view=mine";
        browser.get(path).await;
        world.aws.reset_calls();
        let page = browser.get(path).await;
        (world.aws.calls(), page)
    };
    for _ in 0..2 {
        world.mail_about(BEN, subject).await;
    }
    let (few, _) = cost().await;
    for _ in 0..49 {
        world.mail_about(BEN, subject).await;
    }
    let (many, page) = cost().await;
    // One hundred keys are one batch: those of fifty rows beside them are two.
    let sum = |calls: &std::collections::BTreeMap<_, u64>| calls.values().sum::<u64>();
    assert!(sum(&many) <= sum(&few) + 1, "{many:?} instead of {few:?}");
    assert!(sum(&many) <= 18, "{many:?}");
    assert_eq!(listed(&page).len(), 50);
    let bytes = page.bytes.len();
    assert!(bytes <= 60_000, "{bytes}");
    let request = Request::get("/agent/tickets?view=mine")
        .header(header::COOKIE, &browser.cookie)
        .header(header::ACCEPT_ENCODING, "gzip");
    let packed = browser
        .send(request.body(Body::empty()).unwrap())
        .await
        .bytes
        .len();
    assert!(packed <= 15_000, "{packed}");
}
