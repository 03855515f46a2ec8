//! What a person sees when the world fails.

use crate::{
    undoing::Case,
    world::{BEN, CLEO, DeskClock, World},
};
use axum::http::StatusCode;
use docket_desk::{Attempt, Changed, Desk, Wish};
use docket_domain::{
    Digest,
    ticket::{Actor, Command, CommentFacts, Update},
};
use docket_store::{Clients, ports::SystemEntropy};
use embedded_aws::{Call, Fault, FaultPlan};
use std::{sync::Arc, time::Duration};

/// Every call of one operation fails.
pub struct Down(pub &'static str);

impl FaultPlan for Down {
    fn plan(&self, call: &Call) -> Fault {
        if call.operation == self.0 {
            Fault::FailBefore(500)
        } else {
            Fault::None
        }
    }
}

async fn world_with_ticket() -> (World, docket_domain::TicketNumber) {
    let world = World::new().await.unwrap();
    let from = ("ann@shop.example", "Ann Lee");
    let number = world
        .mail(from, "Private subject", "Private words")
        .await
        .unwrap();
    (world, number)
}

#[tokio::test(start_paused = true)]
async fn a_page_that_can_not_be_read_names_an_id_and_nothing_else() {
    let (world, number) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    world.aws.set_fault_plan(Some(Arc::new(Down("Query"))));
    for path in ["/agent/tickets".to_owned(), format!("/agent/tickets/{number}")] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        page.shows("the id <code>");
        page.hides("Query");
    }
}

#[tokio::test(start_paused = true)]
async fn a_text_that_is_gone_leaves_the_rest_of_the_ticket_readable() {
    let (world, number) = world_with_ticket().await;
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    let mut lost = file.comments[0].clone();
    lost.body.digest = Digest::of(b"a blob that was never stored");
    lost.body_json = None;
    lost.snippet = "First words of the lost text".into();
    let facts = CommentFacts {
        role: lost.role,
        author: lost.author,
        public: true,
        body: lost.body.clone(),
        automatic: None,
        monitor: None,
        mentions: vec![],
        tells: None,
    };
    let update = Update {
        comment: Some(facts),
        ..Update::default()
    };
    let attempt = Attempt::by(Actor::Requester(lost.author), "test");
    let wish = Wish {
        comments: vec![lost],
        ..Wish::from(Command::Update(Box::new(update)))
    };
    let changed = world.desk.change_by(number, attempt, wish).await.unwrap();
    assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
    let page = world
        .browser(BEN)
        .await
        .get(&format!("/agent/tickets/{number}"))
        .await;
    page.shows("The whole text can&#39;t be read at the moment");
    page.shows("First words of the lost text");
    page.shows("Private words");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_can_not_be_saved_is_given_back() {
    let (world, number) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    world
        .aws
        .set_fault_plan(Some(Arc::new(Down("TransactWriteItems"))));
    let kept = browser
        .answer(&page, number, &[("text", "An hour of work")])
        .await;
    assert_eq!(kept.status, StatusCode::SERVICE_UNAVAILABLE);
    kept.shows("An hour of work</textarea>");
    kept.shows("it may have been saved");
}

/// Each save of the workspace is on its way for a second.
struct SlowSaves;

impl FaultPlan for SlowSaves {
    fn plan(&self, call: &Call) -> Fault {
        if call.actor == "workspace" && call.operation == "TransactWriteItems" {
            Fault::Delay(Duration::from_secs(1))
        } else {
            Fault::None
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_on_a_ticket_that_others_change_all_the_time_is_a_conflict_and_keeps_its_words() {
    let case = Case::new().await;
    let world = &case.world;
    let others = Desk::new(
        world.desk.settings.clone(),
        Clients::new(&world.aws.config("others")),
        Arc::new(DeskClock(world.clock.clone())),
        Arc::new(SystemEntropy),
    );
    let page = case.browser.get(&format!("/agent/tickets/{}", case.number)).await;
    world.aws.set_fault_plan(Some(Arc::new(SlowSaves)));
    let changes = async {
        for nth in 0_u32.. {
            tokio::time::sleep(Duration::from_millis(400)).await;
            let update = Update {
                external_id: Some(Some(nth.to_string())),
                ..Update::default()
            };
            let attempt = Attempt::by(Actor::Agent(CLEO), "a test");
            let command = Command::Update(Box::new(update));
            let changed = others.change_by(case.number, attempt, command).await;
            assert!(matches!(changed, Ok(Changed::Done(_))), "{changed:?}");
        }
    };
    let fields = [("text", "It left today."), ("act", "solve")];
    let told = tokio::select! {
        told = case.browser.answer(&page, case.number, &fields) => told,
        () = changes => unreachable!("they go on"),
    };
    assert_eq!(told.status, StatusCode::CONFLICT);
    told.shows("The ticket is being changed all the time. Send it again.");
    told.shows("It left today.</textarea>");
    assert_eq!(case.answers().await, []);
}
