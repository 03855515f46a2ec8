//! What is done with a ticket while an answer to it waits comes after the answer: whoever does it, and wherever.

use crate::{
    undoing::{Case, texts},
    world::CLEO,
};
use axum::http::StatusCode;
use docket_desk::{
    Attempt,
    tickets::{Amendment, SavedAnswer},
};
use docket_domain::{
    outbox::RecallState,
    ticket::{Actor, Priority, Status, Ticket, Update},
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

impl Case {
    async fn head(&self) -> Ticket {
        let tickets = self.world.desk.tickets();
        tickets.get(self.number).await.unwrap().unwrap()
    }

    /// A colleague changes the ticket, past the pages.
    async fn changed_by_cleo(&self, update: Update) {
        let amendment = Amendment::of(Actor::Agent(CLEO), "test", update);
        let changed = self.world.desk.tickets().amend(self.number, amendment).await;
        changed.unwrap().stands().unwrap();
    }

    /// The answer was saved before what else was done.
    async fn was_sent(&self) {
        assert_eq!(self.answers().await, []);
        let (said, _) = self.stands().await;
        assert_eq!(said, texts(&["It is late.", "It left today."]));
        let tickets = self.world.desk.tickets();
        let file = tickets.file(self.number).await.unwrap().unwrap();
        let answers = file
            .outbox
            .iter()
            .filter(|item| item.answers(file.ticket.requester));
        assert_eq!(answers.count(), 1, "its mail goes out, once");
    }
}

async fn tick(case: &Case, act: &str) {
    let page = case.browser.get("/agent/tickets?view=open").await;
    let (csrf, once, number) = (page.field("csrf"), page.field("once"), case.number.to_string());
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", "view=open"),
        ("act", act),
        ("t", number.as_str()),
    ];
    let done = case.browser.post("/agent/tickets/bulk", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
}

#[tokio::test]
async fn a_colleague_who_deletes_its_ticket_sends_an_answer_first() {
    let case = Case::new().await;
    case.send("It left today.").await;
    let attempt = Attempt::by(Actor::Agent(CLEO), "test");
    case.world
        .desk
        .tickets()
        .delete(case.number, attempt)
        .await
        .unwrap();
    case.was_sent().await;
    let ticket = case.head().await;
    assert!(ticket.is_deleted());
    assert_eq!(ticket.status, Status::Solved);
}

#[tokio::test]
async fn what_a_colleague_chooses_stands_after_the_answer() {
    let case = Case::new().await;
    case.send("It left today.").await;
    case.changed_by_cleo(Update {
        status: Some(Status::Pending),
        priority: Some(Priority::High),
        ..Update::default()
    })
    .await;
    case.was_sent().await;
    let ticket = case.head().await;
    assert_eq!(
        (ticket.status, ticket.priority),
        (Status::Pending, Some(Priority::High))
    );
}

#[tokio::test]
async fn what_an_answer_does_not_undo_lets_it_wait() {
    let case = Case::new().await;
    case.send("It left today.").await;
    case.changed_by_cleo(Update {
        add_tags: vec!["late".to_owned()],
        ..Update::default()
    })
    .await;
    assert_eq!(case.answers().await.len(), 1, "it can be taken back still");
}

#[tokio::test]
async fn what_is_done_from_the_list_comes_after_the_answer() {
    for (act, status, priority) in [
        ("priority:urgent", Status::Solved, Some(Priority::Urgent)),
        ("status:pending", Status::Pending, None),
    ] {
        let case = Case::new().await;
        let before = case.head().await.priority;
        case.send("It left today.").await;
        tick(&case, act).await;
        case.was_sent().await;
        let ticket = case.head().await;
        assert_eq!(
            (ticket.status, ticket.priority),
            (status, priority.or(before)),
            "{act}"
        );
    }
}

/// A ticket that is solved does not sleep: whoever snoozes it is told, and the answer that solved it is not undone.
#[tokio::test]
async fn a_ticket_that_its_answer_solves_is_not_snoozed_after_it() {
    let case = Case::new().await;
    case.send("It left today.").await;
    let until = case
        .world
        .desk
        .now()
        .checked_add(jiff::SignedDuration::from_hours(24));
    let update = Update {
        snooze: Some(Some(until.unwrap())),
        ..Update::default()
    };
    let amendment = Amendment::of(Actor::Agent(CLEO), "test", update);
    let snoozed = case.world.desk.tickets().amend(case.number, amendment).await;
    assert!(snoozed.unwrap().stands().is_err());
    case.was_sent().await;
    assert_eq!(case.head().await.status, Status::Solved);
}

#[tokio::test]
async fn what_can_not_be_sent_stops_no_deletion_and_comes_back() {
    let case = Case::new().await;
    case.send("It left today.").await;
    let (stored, answer) = (case.world.desk.recallable(), case.answers().await.remove(0));
    // Something that came with it can't be any more.
    let mut spoiled = answer.clone();
    spoiled.update.custom_status = Some(4711);
    stored.let_go(&answer).await.unwrap();
    stored
        .keep(&spoiled, &case.head().await, vec![], None)
        .await
        .unwrap();
    let attempt = Attempt::by(Actor::Agent(CLEO), "test");
    case.world
        .desk
        .tickets()
        .delete(case.number, attempt)
        .await
        .unwrap();
    assert!(case.head().await.is_deleted());
    assert_eq!(case.stands().await.0, texts(&["It is late."]));
    assert!(matches!(
        case.answers().await[0].state,
        RecallState::Refused { .. }
    ));
    // Nothing is sent once it is deleted.
    let saved = case.world.desk.tickets().save_answer_now(&answer.id).await;
    assert!(matches!(saved.unwrap(), SavedAnswer::Gone));
}

#[tokio::test]
async fn a_ticket_that_is_merged_right_after_an_answer_takes_it_along() {
    let case = Case::new().await;
    let other = case.world.mail(ANN, "Again", "Where is it?").await.unwrap();
    let page = case.send("It left today.").await;
    let (csrf, other) = (page.field("csrf"), other.to_string());
    let fields = [("csrf", csrf.as_str()), ("other", other.as_str())];
    let merged = case
        .browser
        .post(&format!("/agent/tickets/{}/merge", case.number), &fields)
        .await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    assert_eq!(case.answers().await, []);
    assert!(case.stands().await.0.contains(&"It left today.".to_owned()));
}
