//! An answer that was not sent keeps no promise: the clock goes on as if it had not been written.

use crate::{answer, eves_ticket, file, hand_over, in_world};
use docket_domain::{
    Timestamp,
    outbox::DeliveryOutcome,
    sla::{Course, Metric},
    ticket::Fact,
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::BounceKind;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// How the first reply's clock of a ticket stands, and when it is due.
async fn first_reply(world: &World, number: u64) -> (Course, Option<Timestamp>) {
    let ticket = file(world, number).await.ticket;
    let clocks = ticket.clocks.unwrap();
    let state = clocks.newest(Metric::FirstReply).unwrap();
    (state.course, state.due_at)
}

/// The reply time that the API tells, in minutes.
async fn reply_minutes(world: &World, number: u64) -> Value {
    let path = format!("tickets/{number}/metrics.json");
    let answer = world.api("GET", &path, None, &Value::Null).await.unwrap();
    let body = answer.body;
    body["ticket_metric"]["reply_time_in_minutes"]["calendar"].clone()
}

async fn said(world: &World, number: u64) -> Vec<(DeliveryOutcome, Option<bool>)> {
    let events = file(world, number).await.events.into_iter();
    let said = events.filter_map(|event| match event.fact {
        Fact::DeliveryReported {
            outcome, is_answered, ..
        } => Some((outcome, is_answered)),
        _ => None,
    });
    said.collect()
}

#[test]
fn an_answer_that_came_back_for_good_keeps_no_promise_until_it_goes_out_again() {
    in_world(async {
        let mut world = eves_ticket().await;
        let promised = first_reply(&world, 1).await;
        assert_eq!(promised.0, Course::Running);
        let aws = world.local.aws.clone();
        aws.bounce_mail_to("eve@example.com", BounceKind::Permanent);
        assert!(answer(&world, 1, "Come at nine.", false).await);
        assert_eq!(
            first_reply(&world, 1).await.0,
            Course::Fulfilled,
            "it is on its way"
        );
        world.settle().await;
        assert_eq!(first_reply(&world, 1).await, promised);
        assert_eq!(reply_minutes(&world, 1).await, Value::Null);
        // Mail there goes nowhere: the next answer is not even tried.
        assert!(answer(&world, 1, "At nine.", false).await);
        world.settle().await;
        assert_eq!(first_reply(&world, 1).await, promised);
        assert_eq!(
            said(&world, 1).await,
            [
                (DeliveryOutcome::Bounced, Some(false)),
                (DeliveryOutcome::Failed, Some(false))
            ]
        );
        // The promise is broken when it would have been.
        world.leap(SignedDuration::from_hours(9)).await;
        let breached = file(&world, 1)
            .await
            .events
            .into_iter()
            .find_map(|event| match event.fact {
                Fact::SlaBreached {
                    metric: Metric::FirstReply,
                    due_at,
                    ..
                } => Some(due_at),
                _ => None,
            });
        assert_eq!(breached, promised.1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_is_sent_again_counts_from_when_it_is() {
    in_world(async {
        let mut world = eves_ticket().await;
        let eve = file(&world, 1).await.ticket.requester;
        mark_dead(&world, eve).await;
        assert!(answer(&world, 1, "Come at nine.", false).await);
        world.settle().await;
        assert_eq!(first_reply(&world, 1).await.0, Course::Running);
        world.leap(SignedDuration::from_hours(2)).await;
        let comment = 100_000 + file(&world, 1).await.comments.last().unwrap().v;
        let path = format!("tickets/1/comments/{comment}/resend");
        assert_eq!(
            world.api("PUT", &path, None, &Value::Null).await.unwrap().status,
            202
        );
        world.pass(SignedDuration::from_mins(1)).await;
        assert_eq!(first_reply(&world, 1).await.0, Course::Fulfilled);
        assert!(reply_minutes(&world, 1).await.as_i64() >= Some(120));
        assert_eq!(
            said(&world, 1).await,
            [
                (DeliveryOutcome::Failed, Some(false)),
                (DeliveryOutcome::Resent, Some(true))
            ]
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// Notes that mail to a person goes nowhere.
async fn mark_dead(world: &World, person: docket_domain::PersonId) {
    let people = world.local.desk.people();
    let before = people.get(person).await.unwrap().unwrap();
    let address = before.email.clone().unwrap();
    let by = docket_domain::audit::ChangedBy::system("test", world.local.desk.now());
    let dead = [(address, "no such user".to_owned())];
    let writes = people.undeliverable_writes(&[person], &dead, &by).await.unwrap();
    world.local.desk.commit_writes(vec![], writes).await.unwrap();
}

#[test]
fn an_answer_that_a_bot_never_takes_keeps_no_promise() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        assert!(hand_over(&world, "msg_1", "A human, please.").await);
        world.settle().await;
        let promised = first_reply(&world, 1).await;
        world.outside.answer_next_with(&[410]);
        assert!(answer(&world, 1, "Here I am.", false).await);
        world.settle().await;
        assert_eq!(said(&world, 1).await, [(DeliveryOutcome::Failed, Some(false))]);
        assert_eq!(first_reply(&world, 1).await, promised);
        assert!(answer(&world, 1, "And still here.", false).await);
        world.settle().await;
        assert_eq!(first_reply(&world, 1).await.0, Course::Fulfilled);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn where_there_is_no_way_to_answer_the_promise_stays_due() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let told = json!({ "type": "handoff.requested", "data": {
            "external_id": "chat-1", "customer": { "id": "u-1" }, "text": "My line is dead.",
        } });
        assert!(world.hook("msg_1", &told).await.unwrap().is_success());
        world.settle().await;
        let promised = first_reply(&world, 1).await;
        assert!(answer(&world, 1, "We come at nine.", false).await);
        assert_eq!(first_reply(&world, 1).await, promised);
        assert_eq!(reply_minutes(&world, 1).await, Value::Null);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}
