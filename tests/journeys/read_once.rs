//! What is read once for several uses is used as if each had read it: what was read may be old, may be about the same thing twice,
//! and may not be had.

use crate::{file, in_world, mail};
use docket_domain::{
    GroupId, OutboxId, PersonId, Tenant, TicketNumber,
    assignment::AgentLoad,
    outbox::{MailPurpose, OutboxItem, State, Work},
};
use docket_local::{
    wiring::Function,
    world::{World, WorldOptions},
};
use docket_store::Nudge;
use embedded_aws::{Call, Fault, Service};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;

const SUPPORT: GroupId = GroupId(1);
const ANNA: PersonId = PersonId(2);

/// How many tickets there are.
async fn tickets(world: &World) -> usize {
    let tickets = world.local.desk.tickets();
    let last = tickets.last_number().await.unwrap();
    let numbers: Vec<_> = (1..=last).map(TicketNumber).collect();
    tickets.get_many(&numbers).await.unwrap().len()
}

/// A batch of these messages, each with an id.
fn batch(bodies: &[String]) -> Value {
    let records = bodies.iter().enumerate().map(|(n, body)| {
        json!({ "messageId": format!("m{n}"), "body": body, "eventSource": "aws:sqs", "awsRegion": "us-east-1" })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

/// A batch of queue `delivery` about these pieces of work.
fn nudges(ids: &[OutboxId]) -> Value {
    let body = |id: &OutboxId| {
        let nudge = Nudge::outbox(&Tenant::main(), *id, "a test");
        serde_json::to_string(&nudge).unwrap()
    };
    batch(&ids.iter().map(body).collect::<Vec<_>>())
}

/// Tickets of these senders, whose acknowledgements nobody has sent: their nudges are lost.
async fn unsent(senders: &[&str]) -> (World, Vec<OutboxItem>) {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    for (n, from) in senders.iter().enumerate() {
        world.receive(&mail(from, &format!("m{n}@x.example"), "", "Help!"), &[], false);
    }
    world.local.aws.drop_stream("tickets");
    let mut items = vec![];
    while items.len() < senders.len() {
        assert!(world.step().await, "no mail became a ticket");
        world.local.aws.drop_stream("tickets");
        items.clear();
        for n in 1..=senders.len() as u64 {
            if world
                .local
                .desk
                .tickets()
                .get(TicketNumber(n))
                .await
                .unwrap()
                .is_some()
            {
                items.extend(file(&world, n).await.outbox);
            }
        }
    }
    (world, items)
}

#[test]
fn a_batch_that_names_a_mail_twice_sends_it_once_and_its_neighbour_once() {
    in_world(async {
        let (mut world, items) = unsent(&["eve@example.com", "joe@example.com"]).await;
        let (eve, joe) = (items[0].id, items[1].id);
        world.local.aws.reset_calls();
        let done = world
            .functions
            .invoke(Function::Delivery, nudges(&[eve, joe, eve]))
            .await;
        assert_eq!(done.unwrap()["batchItemFailures"], json!([]));
        assert_eq!(world.local.aws.sent_count(), 2);
        let again = nudges(&[joe, eve]);
        world.functions.invoke(Function::Delivery, again).await.unwrap();
        assert_eq!(world.local.aws.sent_count(), 2);
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_batch_whose_work_cannot_be_read_at_once_is_sent_all_the_same() {
    in_world(async {
        let (mut world, items) = unsent(&["eve@example.com", "joe@example.com"]).await;
        let faults = world.faults();
        world.local.aws.set_fault_plan(Some(Arc::new(|call: &Call| {
            // People are read in batches, too; only the first reading of all fails.
            let is_first = call.operation == "BatchGetItem" && call.index < 4;
            if is_first {
                Fault::FailBefore(500)
            } else {
                Fault::None
            }
        })));
        world.local.aws.reset_calls();
        let ids = [items[0].id, items[1].id];
        let done = world.functions.invoke(Function::Delivery, nudges(&ids)).await;
        assert_eq!(done.unwrap()["batchItemFailures"], json!([]));
        assert_eq!(world.local.aws.sent_count(), 2);
        let calls = world.local.aws.calls_by_actor();
        let batches = calls["delivery"][&(Service::DynamoDb, "BatchGetItem".to_owned())];
        assert!(
            batches > 2,
            "the first was tried, beside one for the people of each: {calls:?}"
        );
        let gets = calls["delivery"].get(&(Service::DynamoDb, "GetItem".to_owned()));
        assert!(
            gets.is_some_and(|gets| *gets >= 2),
            "each read for itself: {calls:?}"
        );
        world.local.aws.set_fault_plan(Some(faults));
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// What SES tells of a mail.
fn event(kind: &str, id: OutboxId, ses_id: &str) -> String {
    let tag = id.tag(&Tenant::main());
    json!({
        "eventType": kind,
        "mail": { "messageId": ses_id, "tags": { docket_store::mail::OUTBOX_TAG: [tag] } },
    })
    .to_string()
}

#[test]
fn evidence_that_comes_twice_in_a_batch_settles_a_doubt_once() {
    in_world(async {
        let (mut world, items) = unsent(&["eve@example.com", "joe@example.com"]).await;
        // Whether SES took them is not known.
        let faults = world.faults();
        world
            .local
            .aws
            .set_fault_plan(Some(Arc::new(|call: &Call| match call.service {
                Service::Ses => Fault::Timeout { done: false },
                _ => Fault::None,
            })));
        let ids = [items[0].id, items[1].id];
        world
            .functions
            .invoke(Function::Delivery, nudges(&ids))
            .await
            .unwrap();
        world.local.aws.set_fault_plan(Some(faults));
        let state = |n: u64| {
            let world = &world;
            async move { file(world, n).await.outbox[0].state.clone() }
        };
        assert!(
            matches!(state(1).await, State::InDoubt { .. }),
            "{:?}",
            state(1).await
        );
        let [eve, joe] = ids;
        let told = batch(&[
            event("Send", eve, "ses-1"),
            event("Send", joe, "ses-2"),
            event("Delivery", eve, "ses-1"),
            event("Delivery", joe, "ses-2"),
        ]);
        world.local.aws.reset_calls();
        let done = world.functions.invoke(Function::Delivery, told.clone()).await;
        assert_eq!(done.unwrap()["batchItemFailures"], json!([]));
        assert_eq!((state(1).await, state(2).await), (State::Sent, State::Sent));
        let calls = world.local.aws.calls_by_actor();
        let writes = calls["delivery"][&(Service::DynamoDb, "TransactWriteItems".to_owned())];
        assert_eq!(writes, 2, "one for each: {calls:?}");
        // The same once more: one reading of all, and nothing to do.
        world.local.aws.reset_calls();
        world.functions.invoke(Function::Delivery, told).await.unwrap();
        let calls = world.local.aws.calls_by_actor();
        assert_eq!(calls["delivery"].values().sum::<u64>(), 1, "{calls:?}");
        world.settle().await;
    });
}

#[test]
fn who_left_or_joined_since_the_members_were_seen_is_not_or_is_among_them() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = world.local.desk_of("assignment");
        let members = || async {
            let (group, loads) = desk.agents().of_group(SUPPORT).await.unwrap();
            assert_eq!(group.unwrap().id, SUPPORT);
            loads
                .iter()
                .map(|load: &AgentLoad| load.agent)
                .collect::<Vec<_>>()
        };
        let before = members().await;
        assert!(before.contains(&ANNA));
        // From another function's hands: this one has seen nothing of it.
        let groups = world.local.desk.groups();
        groups.remove_member(SUPPORT, ANNA, world.by()).await.unwrap();
        assert!(!members().await.contains(&ANNA));
        groups.add_member(SUPPORT, ANNA, world.by()).await.unwrap();
        assert_eq!(members().await, before);
    });
}

#[test]
fn a_batch_of_mails_that_cannot_leave_the_spool_comes_again_and_is_not_doubled() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let faults = world.faults();
        for n in 0..5 {
            let from = format!("a{n}@example.com");
            world.receive(&mail(&from, &format!("m{n}@x.example"), "", "Help!"), &[], false);
        }
        world.local.aws.set_fault_plan(Some(Arc::new(|call: &Call| {
            match call.operation.starts_with("DeleteObject") {
                true => Fault::FailBefore(400),
                false => Fault::None,
            }
        })));
        for _ in 0..40 {
            world.step().await;
        }
        assert_eq!(tickets(&world).await, 5, "they are tickets all the same");
        world.local.aws.set_fault_plan(Some(faults));
        world.pass(SignedDuration::from_mins(15)).await;
        assert_eq!(tickets(&world).await, 5);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        let acknowledged = |item: &OutboxItem| {
            matches!(
                &item.work,
                Work::Mail {
                    purpose: MailPurpose::Acknowledgement,
                    ..
                }
            )
        };
        for n in 1..=5 {
            assert_eq!(
                file(&world, n)
                    .await
                    .outbox
                    .iter()
                    .filter(|item| acknowledged(item))
                    .count(),
                1
            );
        }
    });
}

#[test]
fn two_mails_of_one_new_sender_at_one_moment_are_acknowledged_once() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for n in 0..2 {
            let raw = mail("eve@example.com", &format!("m{n}@x.example"), "", "Help!");
            world.receive(&raw, &[], false);
        }
        world.settle().await;
        assert_eq!(tickets(&world).await, 2);
        let mut acknowledged = 0;
        for n in 1..=2 {
            acknowledged += file(&world, n).await.outbox.len();
        }
        assert_eq!((acknowledged, world.local.aws.sent_count()), (1, 1));
    });
}
