//! An answer that was just sent is taken back, or not any more.

use crate::{
    browser::{Browser, Page},
    world::{BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_desk::{
    Attempt,
    tickets::{Recalled, SavedAnswer},
};
use docket_domain::{
    PersonId, TicketNumber,
    notification::NotificationKind,
    outbox::{RecallState, RecallableAnswer},
    ticket::{Actor, Status, Update},
};
use jiff::SignedDuration;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

pub struct Case {
    pub world: World,
    pub number: TicketNumber,
    path: String,
    pub browser: Browser,
}

impl Case {
    /// A ticket of Ann's that Ben looks at, on a desk where answers wait.
    pub async fn new() -> Self {
        let mut world = World::new().await.unwrap();
        world.app = workspace::app(world.desk.clone());
        let number = world
            .mail(ANN, "Where is my order?", "It is late.")
            .await
            .unwrap();
        world.triage(number).await.unwrap();
        let browser = world.browser(BEN).await;
        Self {
            path: format!("/agent/tickets/{number}"),
            world,
            number,
            browser,
        }
    }

    async fn page(&self) -> Page {
        self.browser.get(&self.path).await
    }

    /// Ben sends an answer that solves the ticket; the page that he comes to.
    pub async fn send(&self, text: &str) -> Page {
        let page = self.page().await;
        let fields = [("text", text), ("act", "solve")];
        let sent = self.browser.answer(&page, self.number, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let address = sent.header("location").split('#').next().unwrap().to_owned();
        assert!(address.contains("?undo="), "{address}");
        self.browser.get(&address).await
    }

    pub async fn answers(&self) -> Vec<RecallableAnswer> {
        let stored = self.world.desk.recallable();
        stored.of_ticket(self.number).await.unwrap()
    }

    /// What the queue or the sweep does with all that wait.
    async fn deliver(&self) -> Vec<SavedAnswer> {
        let mut saved = Vec::new();
        for answer in self.answers().await {
            saved.push(self.world.desk.tickets().save_answer(&answer.id).await.unwrap());
        }
        saved
    }

    async fn after_the_wait(&self) -> Vec<SavedAnswer> {
        self.world.clock.advance(SignedDuration::from_secs(8));
        self.deliver().await
    }

    /// The press on the button.
    async fn undo(&self, page: &Page) -> Page {
        let name = &self.answers().await[0].id.name.clone();
        let fields = [("csrf", page.field("csrf"))];
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let path = format!("{}/answers/{name}/recall", self.path);
        self.browser.post(&path, &fields).await
    }

    /// Texts and status of the ticket.
    pub async fn stands(&self) -> (Vec<String>, Status) {
        let file = self
            .world
            .desk
            .tickets()
            .file(self.number)
            .await
            .unwrap()
            .unwrap();
        let mut texts = Vec::new();
        for comment in &file.comments {
            let body = self.world.desk.blobs().body_of(self.number, comment).await;
            texts.push(body.unwrap().text);
        }
        (texts, file.ticket.status)
    }
}

pub fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn an_answer_waits_and_is_then_saved_as_it_was_sent() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    page.shows("The answer to ticket 1 is sent in a moment.");
    page.shows("Goes out in a moment");
    assert_eq!(case.stands().await, (texts(&["It is late."]), Status::New));
    assert!(matches!(case.deliver().await[..], [SavedAnswer::NotYet]));
    let saved = case.after_the_wait().await;
    assert!(matches!(saved[..], [SavedAnswer::Saved { .. }]), "{saved:?}");
    assert_eq!(
        case.stands().await,
        (texts(&["It is late.", "It left today."]), Status::Solved)
    );
    assert_eq!(case.answers().await, []);
    let file = case
        .world
        .desk
        .tickets()
        .file(case.number)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(file.ticket.assignee, Some(BEN));
    assert!(file.outbox.iter().any(|item| item.answers(file.ticket.requester)));
    case.page().await.hides("Goes out in a moment");
}

#[tokio::test]
async fn what_is_taken_back_was_never_sent_and_is_in_the_form_again() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    let undone = case.undo(&page).await;
    assert_eq!(undone.header("location"), format!("{}#composer", case.path));
    assert!(matches!(case.after_the_wait().await[..], [SavedAnswer::Gone]));
    assert_eq!(case.stands().await, (texts(&["It is late."]), Status::New));
    // However often the page is made: a browser that was killed finds it, too.
    for _ in 0..2 {
        let page = case.page().await;
        page.shows("You took your answer back.");
        page.shows("It left today.</textarea>");
        page.shows("<option value=\"solved\" selected>");
    }
    let again = case.undo(&page).await;
    assert_eq!(
        again.status,
        StatusCode::SEE_OTHER,
        "a second press finds it done"
    );
    // A colleague sees nothing of it.
    let cleo = case.world.browser(CLEO).await;
    cleo.get(&case.path).await.hides("It left today.");
}

#[tokio::test]
async fn what_was_taken_back_is_sent_after_all_once_and_let_go_of() {
    let case = Case::new().await;
    let page = case.send("It left todya.").await;
    case.undo(&page).await;
    let page = case.page().await;
    let restores = page.field("restores");
    let fields = [("text", "It left today."), ("restores", restores.as_str())];
    case.browser.answer(&page, case.number, &fields).await;
    assert_eq!(case.answers().await.len(), 1);
    case.after_the_wait().await;
    assert_eq!(case.stands().await.0, texts(&["It is late.", "It left today."]));
    case.page().await.hides("You took your answer back.");
}

#[tokio::test]
async fn it_can_be_discarded() {
    let case = Case::new().await;
    let page = case.send("Nonsense.").await;
    case.undo(&page).await;
    let name = case.answers().await[0].id.name.clone();
    let csrf = page.field("csrf");
    let path = format!("{}/answers/{name}/discard", case.path);
    case.browser.post(&path, &[("csrf", &csrf)]).await;
    assert_eq!(case.answers().await, []);
    case.page().await.hides("Nonsense.");
    // Whoever presses the first button again, on a page as it was left, learns what became of it.
    let again = format!("{}/answers/{name}/recall", case.path);
    let again = case.browser.post(&again, &[("csrf", &csrf)]).await;
    again.shows("Too late: no answer of yours waits here any more.");
}

#[tokio::test]
async fn after_it_was_saved_it_is_too_late_and_said() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    let id = case.answers().await[0].id.clone();
    case.after_the_wait().await;
    let path = format!("{}/answers/{}/recall", case.path, id.name);
    let late = case.browser.post(&path, &[("csrf", &page.field("csrf"))]).await;
    late.shows("Too late: the answer is already on its way.");
    assert_eq!(case.stands().await.0.len(), 2);
}

#[tokio::test]
async fn of_undo_and_sending_exactly_one_wins() {
    let case = Case::new().await;
    case.send("It left today.").await;
    let id = case.answers().await[0].id.clone();
    case.world.clock.advance(SignedDuration::from_secs(8));
    let tickets = case.world.desk.tickets();
    let (recalled, saved) = tokio::join!(tickets.recall_answer(&id), tickets.save_answer(&id));
    let was_recalled = matches!(recalled.unwrap(), Recalled::Recalled(_));
    let was_saved = matches!(saved.unwrap(), SavedAnswer::Saved { .. });
    assert_ne!(was_recalled, was_saved);
    assert_eq!(case.stands().await.0.len(), 1 + usize::from(was_saved));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_waits_once() {
    let case = Case::new().await;
    let page = case.page().await;
    for _ in 0..2 {
        let sent = case.browser.answer(&page, case.number, &[("text", "Once")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(case.answers().await.len(), 1);
    case.after_the_wait().await;
    case.browser.answer(&page, case.number, &[("text", "Once")]).await;
    assert_eq!(case.answers().await, []);
    assert_eq!(case.stands().await.0, texts(&["It is late.", "Once"]));
}

#[tokio::test]
async fn whoever_goes_on_with_the_ticket_sends_what_waits_first() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    let fields = [("text", "Watch it."), ("visibility", "internal")];
    let noted = case.browser.answer(&page, case.number, &fields).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text());
    let (texts_now, _) = case.stands().await;
    assert_eq!(texts_now, texts(&["It is late.", "It left today.", "Watch it."]));
}

#[tokio::test]
async fn an_answer_that_went_out_while_its_page_was_open_holds_nothing_back() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    case.after_the_wait().await;
    let fields = [("text", "With ship."), ("visibility", "public")];
    let sent = case.browser.answer(&page, case.number, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
}

#[tokio::test]
async fn two_colleagues_do_not_answer_at_once() {
    let case = Case::new().await;
    let cleo = case.world.browser(CLEO).await;
    let page = cleo.get(&case.path).await;
    case.send("It left today.").await;
    let held = cleo.answer(&page, case.number, &[("text", "Me too")]).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    held.shows("answer goes out in some seconds");
    held.shows("Me too</textarea>");
    // Now she has seen it.
    let sent = cleo
        .answer(
            &held,
            case.number,
            &[("text", "Me too"), ("saw", &held.field("saw"))],
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_the_customer_writes_meanwhile_is_not_solved_unread() {
    let case = Case::new().await;
    case.send("It left today.").await;
    let requester = case
        .world
        .desk
        .tickets()
        .get(case.number)
        .await
        .unwrap()
        .unwrap()
        .requester;
    case.world
        .write(
            case.number,
            Actor::Requester(requester),
            "One more thing",
            true,
            Update::default(),
        )
        .await
        .unwrap();
    case.after_the_wait().await;
    let (said, status) = case.stands().await;
    assert_eq!(said, texts(&["It is late.", "One more thing", "It left today."]));
    assert!(status.is_unsolved(), "{status}");
}

#[tokio::test]
async fn of_a_ticket_that_was_deleted_meanwhile_the_text_comes_back() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    let tickets = case.world.desk.tickets();
    let attempt = Attempt::by(Actor::Agent(CLEO), "test");
    // It is sent in the very moment in which the ticket is deleted.
    let (stored, answer) = (case.world.desk.recallable(), case.answers().await.remove(0));
    stored.let_go(&answer).await.unwrap();
    tickets.delete(case.number, attempt.clone()).await.unwrap();
    let deleted = tickets.get(case.number).await.unwrap().unwrap();
    stored.keep(&answer, &deleted, vec![], None).await.unwrap();
    let saved = case.after_the_wait().await;
    assert!(matches!(saved[..], [SavedAnswer::Refused(_)]), "{saved:?}");
    // Ben is elsewhere by then: he is told.
    let told = case.world.desk.notifications().newest(BEN, 10).await.unwrap();
    let kinds: Vec<_> = told.iter().map(|telling| telling.notification.kind).collect();
    assert!(kinds.contains(&NotificationKind::Unsent), "{kinds:?}");
    let list = case.browser.get("/agent/notifications").await;
    list.shows("Your answer was not sent");
    let gone = case.page().await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    gone.shows("It left today.</textarea>");
    case.world
        .browser(CLEO)
        .await
        .get(&case.path)
        .await
        .hides("It left today.");
    let undone = case.undo(&page).await;
    undone.shows("It left today.</textarea>");
    // Restored, its page says why it was not sent.
    tickets.restore(case.number, attempt).await.unwrap();
    let page = case.page().await;
    page.shows("Your answer was not sent: ");
    page.shows("It left today.</textarea>");
    assert!(matches!(
        case.answers().await[0].state,
        RecallState::Refused { .. }
    ));
}

#[tokio::test]
async fn what_would_be_refused_is_refused_at_once() {
    let case = Case::new().await;
    let page = case.page().await;
    let attempt = Attempt::by(Actor::Agent(CLEO), "test");
    let update = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    let solve = docket_domain::ticket::Command::Update(Box::new(update));
    case.world
        .desk
        .change_by(case.number, attempt, solve)
        .await
        .unwrap();
    let close = Update {
        status: Some(Status::Closed),
        ..Update::default()
    };
    let close = docket_domain::ticket::Command::Update(Box::new(close));
    let attempt = Attempt::by(Actor::Agent(CLEO), "test");
    case.world
        .desk
        .change_by(case.number, attempt, close)
        .await
        .unwrap();
    let seen = case
        .world
        .desk
        .tickets()
        .get(case.number)
        .await
        .unwrap()
        .unwrap()
        .v;
    let fields = [("text", "Too late"), ("seen", &seen.to_string())];
    let refused = case.browser.answer(&page, case.number, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("Not saved: ");
    refused.shows("Too late</textarea>");
    assert_eq!(case.answers().await, []);
}

#[tokio::test]
async fn nobody_takes_a_colleagues_answer_back() {
    let case = Case::new().await;
    case.send("It left today.").await;
    let name = case.answers().await[0].id.name.clone();
    let cleo = case.world.browser(CLEO).await;
    let page = cleo.get(&case.path).await;
    let path = format!("{}/answers/{name}/recall", case.path);
    let tried = cleo.post(&path, &[("csrf", &page.field("csrf"))]).await;
    tried.shows("Too late");
    let forged = case.browser.post(&path, &[("csrf", "forged")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(matches!(
        case.after_the_wait().await[..],
        [SavedAnswer::Saved { .. }]
    ));
}

#[tokio::test]
async fn notes_and_changes_do_not_wait() {
    let case = Case::new().await;
    let page = case.page().await;
    let fields = [("text", "Careful"), ("visibility", "internal")];
    case.browser.answer(&page, case.number, &fields).await;
    assert_eq!(case.answers().await, []);
    assert_eq!(case.stands().await.0.len(), 2);
    assert_eq!(PersonId(2), BEN);
}

#[tokio::test]
async fn what_was_taken_back_stays_beside_what_was_typed_instead() {
    let case = Case::new().await;
    let page = case.send("It left today.").await;
    case.undo(&page).await;
    let csrf = page.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("known", "0"),
        ("text", "Which order?"),
        ("visibility", "public"),
    ];
    case.browser.post(&format!("{}/draft", case.path), &fields).await;
    let page = case.page().await;
    page.shows("Which order?</textarea>");
    page.shows("It left today.</textarea>");
    assert_eq!(page.field("restores"), "");
    let fields = [("text", "Which order?"), ("restores", "")];
    case.browser.answer(&page, case.number, &fields).await;
    case.after_the_wait().await;
    assert_eq!(case.stands().await.0, texts(&["It is late.", "Which order?"]));
    case.page().await.shows("It left today.</textarea>");
}

#[tokio::test]
async fn a_page_that_was_brought_back_after_undo_sends_nothing_unsaid() {
    let case = Case::new().await;
    let page = case.page().await;
    case.browser.answer(&page, case.number, &[("text", "Once")]).await;
    case.undo(&page).await;
    let back = case
        .browser
        .answer(&page, case.number, &[("text", "Once more")])
        .await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    back.shows("the answer of this page was taken back");
    back.shows("Once more</textarea>");
    let fields = [("text", "Once more"), ("restores", &back.field("restores"))];
    case.browser.answer(&back, case.number, &fields).await;
    case.after_the_wait().await;
    assert_eq!(case.stands().await.0, texts(&["It is late.", "Once more"]));
    assert_eq!(case.answers().await, []);
}
