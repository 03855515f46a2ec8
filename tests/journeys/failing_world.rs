//! What the world's failures may not do: what stands is answered, no mail is in doubt that was never handed over, nobody is
//! forgotten.

use crate::{eves_ticket, file, in_world, mail, one_change::put};
use docket_desk::{Attempt, Wish};
use docket_domain::{
    Digest, PersonId, TicketNumber,
    contact::comment::{AuthorRole, BodyRef, Comment},
    outbox::{DeliveryOutcome, State},
    ticket::{Actor, Command, CommentFacts, Fact, Update},
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{BounceKind, Call, Fault, Service};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

#[test]
fn what_stands_is_answered_though_nothing_can_be_read_after() {
    in_world(async {
        let world = eves_ticket().await;
        let committed = Arc::new(AtomicBool::new(false));
        let seen = committed.clone();
        let plan = move |call: &Call| {
            if call.actor != "api" {
                return Fault::None;
            }
            if call.operation == "TransactWriteItems" {
                seen.store(true, Ordering::Relaxed);
                return Fault::None;
            }
            match seen.load(Ordering::Relaxed) {
                true => Fault::FailBefore(500),
                false => Fault::None,
            }
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        let ticket =
            json!({ "status": "pending", "comment": { "body": "One moment.\nWe look.", "public": true } });
        let (status, body) = put(&world, 1, Some("once"), ticket.clone()).await;
        assert!(committed.load(Ordering::Relaxed));
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["ticket"]["status"], "pending");
        assert!(
            body["audit"]["events"]
                .as_array()
                .is_some_and(|events| !events.is_empty()),
            "{body}"
        );
        world.local.aws.set_fault_plan(None);
        let (status, _) = put(&world, 1, Some("once"), ticket).await;
        assert_eq!(status, 200);
        assert_eq!(
            file(&world, 1).await.comments.len(),
            2,
            "the same request twice is one comment"
        );
    });
}

/// An answer of an agent's while calls like these fail; the world some minutes later.
async fn answered_while(minutes: i64, fault: Fault, fits: fn(&Call) -> bool) -> World {
    let mut world = eves_ticket().await;
    world.pass(SignedDuration::from_mins(1)).await;
    let plan = move |call: &Call| match fits(call) {
        true => fault.clone(),
        false => Fault::None,
    };
    world.local.aws.set_fault_plan(Some(Arc::new(plan)));
    // More than a line, so that the text lies in the bucket.
    let words = format!("It is on its way.\n{}", "Really. ".repeat(80));
    let ticket = json!({ "comment": { "body": words, "public": true } });
    assert_eq!(put(&world, 1, Some("answer"), ticket).await.0, 200);
    world.pass(SignedDuration::from_mins(minutes)).await;
    world.local.aws.set_fault_plan(None);
    world
}

async fn reported(world: &World) -> Vec<DeliveryOutcome> {
    let events = file(world, 1).await.events;
    let told = events.into_iter().filter_map(|event| match event.fact {
        Fact::DeliveryReported { outcome, .. } => Some(outcome),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_mail_whose_texts_can_not_be_read_for_a_minute_is_no_doubt_and_not_late() {
    in_world(async {
        let fits = |call: &Call| call.actor == "delivery" && call.operation == "GetObject";
        let mut world = answered_while(1, Fault::FailBefore(500), fits).await;
        world.pass(SignedDuration::from_mins(4)).await;
        assert_eq!(
            world.local.aws.sent_count(),
            2,
            "the acknowledgement and the answer"
        );
        assert_eq!(reported(&world).await, []);
        assert!(
            file(&world, 1)
                .await
                .outbox
                .iter()
                .all(|item| !item.possibly_double)
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn credentials_that_expired_for_five_minutes_lose_no_mail() {
    in_world(async {
        let fits = |call: &Call| call.service == Service::Ses;
        let mut world = answered_while(5, Fault::Expired, fits).await;
        world.pass(SignedDuration::from_mins(15)).await;
        assert_eq!(world.local.aws.sent_count(), 2);
        assert_eq!(reported(&world).await, []);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn all_credentials_expired_for_five_minutes_lose_no_contact() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let plan = |call: &Call| match call.actor.as_str() {
            "event-source" | "outside" => Fault::None,
            _ => Fault::Expired,
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        world.receive(
            &mail("Eve <eve@example.com>", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.pass(SignedDuration::from_mins(5)).await;
        world.local.aws.set_fault_plan(None);
        world.pass(SignedDuration::from_mins(30)).await;
        assert_eq!(file(&world, 1).await.comments.len(), 1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_mail_whose_text_is_lost_says_so_on_its_ticket() {
    in_world(async {
        let mut world = eves_ticket().await;
        let desk = &world.local.desk;
        let facts = CommentFacts {
            role: AuthorRole::Agent,
            author: PersonId(2),
            public: true,
            body: BodyRef {
                digest: Digest::of(b"never stored"),
                bytes: 700,
            },
            automatic: None,
            monitor: None,
            mentions: vec![],
            tells: None,
        };
        let comment = Comment {
            role: facts.role,
            author: facts.author,
            body: facts.body.clone(),
            body_json: None,
            mail: None,
            ..file(&world, 1).await.comments[0].clone()
        };
        let wish = Wish {
            comments: vec![comment],
            ..Wish::from(Command::Update(Box::new(Update {
                comment: Some(facts),
                ..Update::default()
            })))
        };
        let attempt = Attempt::by(Actor::Agent(PersonId(2)), "test");
        let changed = desk.change_by(TicketNumber(1), attempt, wish).await.unwrap();
        changed.stands().unwrap();
        world.pass(SignedDuration::from_mins(10)).await;
        let file = file(&world, 1).await;
        let told = file.events.iter().find_map(|event| match &event.fact {
            Fact::DeliveryReported { outcome, detail, .. } => Some((*outcome, detail.clone())),
            _ => None,
        });
        let (outcome, detail) = told.expect("the ticket says so");
        assert_eq!(outcome, DeliveryOutcome::Failed);
        assert!(detail.contains("is lost"), "{detail}");
        assert!(file.outbox.iter().any(|item| item.state == State::Failed));
    });
}

#[test]
fn forty_dead_addresses_that_come_back_at_once_are_all_told_and_marked() {
    in_world(async {
        let mut world = eves_ticket().await;
        world.pass(SignedDuration::from_mins(1)).await;
        let address = |n: usize| format!("dead{n}@example.org");
        for n in 0..40 {
            world.local.aws.bounce_mail_to(&address(n), BounceKind::Permanent);
        }
        let copies: Vec<Value> = (0..40)
            .map(|n| json!({ "user_email": address(n), "action": "put" }))
            .collect();
        let ticket = json!({ "email_ccs": copies, "comment": { "body": "For all of you.", "public": true } });
        let (status, body) = put(&world, 1, None, ticket).await;
        assert_eq!(status, 200, "{body}");
        world.settle().await;
        world.pass(SignedDuration::from_mins(20)).await;
        let file = file(&world, 1).await;
        let dead = world
            .local
            .desk
            .people()
            .get_many(&file.ticket.ccs)
            .await
            .unwrap();
        let marked = dead
            .iter()
            .filter(|person| person.undeliverable.is_some())
            .count();
        assert_eq!(marked, 40);
        let told: String = file
            .events
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::DeliveryReported {
                    outcome: DeliveryOutcome::Bounced,
                    detail,
                    ..
                } => Some(format!("{detail}\n")),
                _ => None,
            })
            .collect();
        let missing: Vec<String> = (0..40)
            .map(address)
            .filter(|address| !told.contains(address))
            .collect();
        assert!(missing.is_empty(), "nobody was told of {missing:?}");
    });
}

#[test]
fn feedback_of_many_invocations_at_once_is_told_or_comes_again() {
    in_world(async {
        let mut world = eves_ticket().await;
        world.pass(SignedDuration::from_mins(1)).await;
        let outbox = file(&world, 1).await.outbox[0].clone();
        let tenant = &world.local.desk.settings.tenant;
        let event = |n: usize| {
            let body = json!({ "eventType": "Complaint", "mail": { "messageId": format!("other-{n}"),
                "tags": { "docket-outbox": [outbox.id.tag(tenant)] } } });
            let mut batch = aws_lambda_events::sqs::SqsEvent::default();
            let mut message = aws_lambda_events::sqs::SqsMessage::default();
            message.message_id = Some(format!("m{n}"));
            message.body = Some(body.to_string());
            batch.records.push(message);
            batch
        };
        let desk = &world.local.desk;
        let all = (0..40).map(|n| delivery::handle(desk, event(n)));
        let answers = futures_util::future::join_all(all).await;
        let failed = answers
            .iter()
            .filter(|answer| !answer.as_ref().unwrap().batch_item_failures.is_empty());
        let told = reported(&world).await.len();
        assert_eq!(told + failed.count(), 40, "whoever was not told of comes again");
    });
}
