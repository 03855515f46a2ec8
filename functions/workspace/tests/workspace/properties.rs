//! What stands beside the thread is changed there: each property, the operator's own fields, links to other tickets.

use crate::{
    mailed::Ticket,
    world::{BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_desk::{StoreError, setup::SetupChange};
use docket_domain::{
    field::{FieldDefinition, FieldKind},
    sla::Book,
    ticket::{Actor, Priority, Status, TicketType, Update},
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

#[tokio::test]
async fn a_property_is_changed_by_itself_and_nothing_else_is() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    world.triage(number).await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    let was = page.field("was").replace("&#34;", "\"");
    let (csrf, change) = (page.field("csrf"), format!("{path}/properties"));
    // Meanwhile somebody else sets the type; the form still shows none.
    let update = Update {
        ticket_type: Some(Some(TicketType::Problem)),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(CLEO), "", false, update)
        .await
        .unwrap();
    let cleo = CLEO.to_string();
    let fields = [
        ("csrf", csrf.as_str()),
        ("was", &was),
        ("priority", "urgent"),
        ("assignee", &cleo),
        ("type", ""),
        ("tags", "lamp, dark"),
    ];
    let saved = browser.post(&change, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let address = saved.header("location").split('#').next().unwrap().to_owned();
    browser.get(&address).await.shows("Saved: priority Urgent");
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(ticket.priority, Some(Priority::Urgent));
    assert_eq!(
        (ticket.assignee, ticket.ticket_type),
        (Some(CLEO), Some(TicketType::Problem))
    );
    assert_eq!(ticket.tags, ["dark", "lamp"]);
    let forged = browser
        .post(&change, &[("csrf", "forged"), ("priority", "low")])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let wrong = browser
        .post(&change, &[("csrf", &csrf), ("assignee", "99")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows("The assignee is not an agent of the ticket&#39;s group.");
}

#[tokio::test]
async fn one_takes_a_ticket_and_solves_it_with_one_press_each() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    world.triage(number).await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    page.shows("id=\"take\"");
    let (csrf, change) = (page.field("csrf"), format!("{path}/properties"));
    let ben = BEN.to_string();
    browser
        .post(&change, &[("csrf", &csrf), ("assignee", &ben)])
        .await;
    let page = browser.get(&path).await;
    page.hides("id=\"take\"");
    let text = page.text();
    let (before, _) = text.split_once("\" id=\"solve\"").unwrap();
    let status = before.rsplit_once("value=\"").unwrap().1.to_owned();
    browser
        .post(&change, &[("csrf", &csrf), ("status", &status)])
        .await;
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!((ticket.assignee, ticket.status), (Some(BEN), Status::Solved));
}

#[tokio::test]
async fn fields_of_the_operators_own_have_their_names() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    let by = world.desk.by_system("a test");
    let define = |book: &mut Book| {
        let id = book.rules.fields.take_id();
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let field = FieldDefinition::new(id, FieldKind::Integer, "Order number", now);
        book.rules.fields.ticket_fields.push(field);
        Ok::<_, StoreError>(id)
    };
    let changed = world.desk.rules().change_book(by, vec![], define).await;
    let SetupChange::Done(_, field) = changed.unwrap() else {
        panic!("the field was not made");
    };
    world.clock.advance(jiff::SignedDuration::from_mins(2));
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    page.shows("<bdi>Order number</bdi>");
    let (csrf, was) = (page.field("csrf"), page.field("was").replace("&#34;", "\""));
    let name = format!("field_{field}");
    let change = format!("{path}/properties");
    let wrong = [("csrf", csrf.as_str()), ("was", &was), (&name, "many")];
    browser.post(&change, &wrong).await.shows("Order number: ");
    let right = [("csrf", csrf.as_str()), ("was", &was), (&name, "0042")];
    browser.post(&change, &right).await;
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(
        ticket.fields.get(&field.to_string()).map(String::as_str),
        Some("42")
    );
    browser
        .get(&path)
        .await
        .shows(&format!("id=\"p-{name}\" value=\"42\""));
}

#[tokio::test]
async fn tickets_are_merged_and_unmerged_split_and_linked() {
    let world = World::new().await.unwrap();
    let target = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    let source = world.mail(ANN, "Lamp again", "It does not glow.").await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{source}")).await;
    let csrf = page.field("csrf");
    let merge = format!("/agent/tickets/{source}/merge");
    let none = browser.post(&merge, &[("csrf", &csrf), ("other", "x")]).await;
    none.shows("Not merged: type the number");
    let missing = browser.post(&merge, &[("csrf", &csrf), ("other", "999")]).await;
    missing.shows("Not merged: ");
    let number = format!("#{target}");
    let merged = browser.post(&merge, &[("csrf", &csrf), ("other", &number)]).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER);
    assert!(
        merged
            .header("location")
            .starts_with(&format!("/agent/tickets/{target}?saved="))
    );
    let page = browser.get(&format!("/agent/tickets/{target}")).await;
    page.shows("It does not glow.");
    page.shows("Undo the merge");
    let undo = format!("/agent/tickets/{source}/merge/undo");
    browser.post(&undo, &[("csrf", &csrf)]).await;
    let ticket = world.desk.tickets().get(source).await.unwrap().unwrap();
    assert_eq!(ticket.merged_into, None);

    let split = format!("/agent/tickets/{target}/split");
    let opened = browser.post(&split, &[("csrf", &csrf), ("comment", "2")]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let address = opened.header("location").split('?').next().unwrap().to_owned();
    browser.get(&address).await.shows("It is dark.");
    let wrong = browser.post(&split, &[("csrf", &csrf), ("comment", "99")]).await;
    wrong.shows("No ticket was opened: the ticket has no comment 99.");

    let link = format!("/agent/tickets/{source}/problem");
    let other = target.to_string();
    browser.post(&link, &[("csrf", &csrf), ("other", &other)]).await;
    let ticket = world.desk.tickets().get(source).await.unwrap().unwrap();
    assert_eq!(
        (ticket.problem, ticket.ticket_type),
        (Some(target), Some(TicketType::Incident))
    );
    browser
        .get(&format!("/agent/tickets/{source}"))
        .await
        .shows("Incident of");
}

#[tokio::test]
async fn a_note_calls_a_colleague_who_follows_from_then_on() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    let fields = [("text", "@Cleo look, please"), ("visibility", "internal")];
    browser.answer(&page, number, &fields).await;
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    assert_eq!(file.ticket.followers, [CLEO]);
    let called = file.events.iter().find_map(|event| match &event.fact {
        docket_domain::ticket::Fact::CommentAdded(added) if !added.public => Some(added.mentions.clone()),
        _ => None,
    });
    assert_eq!(called, Some(vec![CLEO]));
    // An answer calls nobody.
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    browser.answer(&page, number, &[("text", "@Dan will see")]).await;
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(ticket.followers, [CLEO]);
}

#[tokio::test]
async fn a_ticket_has_its_place_in_the_view_and_leads_to_the_next() {
    let world = World::new().await.unwrap();
    let mut numbers = Vec::new();
    for n in 1..=3 {
        let number = world.mail(ANN, &format!("Lamp {n}"), "Dark.").await.unwrap();
        world.triage(number).await.unwrap();
        world
            .write(
                number,
                Actor::Agent(BEN),
                "",
                false,
                Update {
                    assignee: Some(Some(BEN)),
                    ..Update::default()
                },
            )
            .await
            .unwrap();
        numbers.push(number);
    }
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{}?view=mine", numbers[1]);
    let page = browser.get(&path).await;
    page.shows(&format!(
        "href=\"/agent/tickets/{}?view=mine\" id=\"previous\"",
        numbers[0]
    ));
    page.shows(&format!(
        "href=\"/agent/tickets/{}?view=mine\" id=\"next\"",
        numbers[2]
    ));
    page.shows("<li aria-current=\"true\"><span class=\"text cut\">");
    assert_eq!(page.field("next"), numbers[2].to_string());
    // Sent, one is at the next one.
    let fields = page.field("csrf");
    let fields = [
        ("csrf", fields.as_str()),
        ("seen", "99"),
        ("text", "It glows."),
        ("visibility", "public"),
        ("act", "solve"),
        ("then", "next"),
        ("next", &numbers[2].to_string()),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let sent = browser.post(&path, &fields).await;
    assert_eq!(
        sent.header("location"),
        format!("/agent/tickets/{}?view=mine&done={}", numbers[2], numbers[1])
    );
    let ticket = world.desk.tickets().get(numbers[1]).await.unwrap().unwrap();
    assert_eq!(ticket.status, Status::Solved);
}

#[tokio::test]
async fn an_answer_with_marks_goes_out_as_html_too_and_is_shown_before() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    let text = "Take **two** <b>lamps</b>.";
    let shown = browser
        .answer(&page, number, &[("text", text), ("preview", "1")])
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    shown.shows("Take <strong>two</strong> &lt;b&gt;lamps&lt;/b&gt;.");
    shown.shows("Take **two** &#60;b&#62;lamps&#60;/b&#62;.</textarea>");
    let bodies = || async {
        let file = world.desk.tickets().file(number).await.unwrap().unwrap();
        let last = file.comments.last().unwrap().clone();
        world.desk.blobs().body_of(number, &last).await.unwrap()
    };
    assert_eq!(bodies().await.text, "It is dark.");
    browser.answer(&page, number, &[("text", text)]).await;
    let body = bodies().await;
    assert_eq!(body.text, text);
    assert!(body.html.unwrap().contains("<strong>two</strong>"));
    browser.get(&path).await.shows("Take <strong>two</strong>");
    let page = browser.get(&path).await;
    browser.answer(&page, number, &[("text", "Plainly.")]).await;
    assert_eq!(bodies().await.html, None);
}

#[tokio::test]
async fn each_clock_is_proved() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Lamp", "It is dark.").await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}/sla")).await;
    page.shows("First reply");
    page.shows("every interval of every clock");
    let none = browser.get("/agent/tickets/99/sla").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

/// Saves a priority as the script does, beside what is typed on a page that showed the ticket until this version; what the form on the
/// page that comes back has seen.
async fn seen_after_saving(ticket: &Ticket, priority: &str, shown: &str) -> String {
    let csrf = ticket.page().await.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("priority", priority),
        ("seen", shown),
        ("saw", ""),
    ];
    let path = format!("{}/properties", ticket.path);
    let saved = ticket.browser.post(&path, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let address = saved.header("location").split('#').next().unwrap().to_owned();
    ticket.browser.get(&address).await.field("seen")
}

#[tokio::test]
async fn what_is_saved_beside_what_is_typed_jumps_over_nobodys_word() {
    let ticket = Ticket::new().await;
    let ann = ticket.person(ANN.0).await.unwrap().id;
    let shown = ticket.page().await.field("seen");
    let own = seen_after_saving(&ticket, "high", &shown).await;
    let head = ticket.world.desk.tickets().get(ticket.number).await;
    assert_eq!(own, head.unwrap().unwrap().v.to_string(), "one's own was seen");
    for (actor, text) in [
        (Actor::Requester(ann), "And the red one?"),
        (Actor::Agent(CLEO), ""),
    ] {
        let update = match text {
            "" => Update {
                priority: Some(Priority::Urgent),
                ..Update::default()
            },
            _ => Update::default(),
        };
        let page = ticket.page().await;
        let shown = page.field("seen");
        let written = ticket.world.write(ticket.number, actor, text, true, update);
        written.await.unwrap();
        let seen = seen_after_saving(&ticket, "low", &shown).await;
        assert_eq!(seen, shown, "{text}");
        let fields = [("text", "It left today."), ("seen", seen.as_str())];
        let held = ticket.browser.answer(&page, ticket.number, &fields).await;
        held.shows("this ticket has changed since you opened it");
    }
    assert_eq!(ticket.comments().await.len(), 2, "no answer was sent");
}
