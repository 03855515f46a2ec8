//! Whatever happens on the way, what agents are told is told once, and open lists see it.

use crate::{
    notified::{choose, customer_writes, told},
    world::{BEN, World},
};
use docket_domain::{TicketNumber, notification::NotificationKind};
use docket_projection::{Counters, Pass, Projections};
use docket_store::workspace::NotificationState;
use embedded_aws::{Call, Fault, Service};
use jiff::SignedDuration;
use serde_json::json;
use std::{sync::Arc, time::Instant};

/// Longer than whoever died has the lease.
const LEASE: SignedDuration = SignedDuration::from_secs(61);
/// More calls than a ticket that is named takes.
const MOST_CALLS: u64 = 40;

async fn state(world: &World) -> NotificationState {
    world.desk.notifications().state(BEN).await.unwrap()
}

/// How often the list of an agent changed.
async fn list(world: &World) -> u64 {
    world.desk.watched(BEN, None).await.unwrap().lists.of_agent(BEN)
}

/// A ticket of an agent's, who was told of it.
async fn told_of_one() -> (World, TicketNumber) {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    assert_eq!(state(&world).await.told, 1);
    (world, number)
}

fn calls(world: &World, operation: &str) -> u64 {
    let calls = world.aws.calls();
    let of = (Service::DynamoDb, operation.to_owned());
    calls.get(&of).copied().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn whichever_call_fails_first_it_is_told_once_and_the_list_changes() {
    let (world, number) = told_of_one().await;
    let counters = Projections::new(world.desk.store(), &Counters);
    let mut times = 1;
    for fault in [Fault::FailBefore(500), Fault::FailAfter(503)] {
        let mut came_through = false;
        for from in 0..MOST_CALLS {
            let before = list(&world).await;
            customer_writes(&world, number).await;
            world.aws.reset_calls();
            let fault = fault.clone();
            let plan = move |call: &Call| {
                if call.index >= from {
                    fault.clone()
                } else {
                    Fault::None
                }
            };
            world.aws.set_fault_plan(Some(Arc::new(plan)));
            came_through = counters.take_named(&[number]).await.is_ok();
            world.aws.set_fault_plan(None);
            // The nudge comes again.
            world.clock.advance(LEASE);
            assert_eq!(counters.take_named(&[number]).await.unwrap(), Pass::Whole);
            times += 1;
            assert_eq!(state(&world).await.told, times, "from call {from} on");
            assert_ne!(list(&world).await, before, "from call {from} on");
            if came_through {
                break;
            }
        }
        assert!(came_through);
    }
}

#[tokio::test]
async fn what_is_told_while_a_generation_is_built_is_told_once() {
    let (world, number) = told_of_one().await;
    let counters = Projections::new(world.desk.store(), &Counters);
    let cut = counters.working_until(Instant::now());
    assert_eq!(cut.rebuild().await.unwrap(), Pass::Cut);
    // What is in force goes on meanwhile.
    customer_writes(&world, number).await;
    assert_eq!(counters.take_named(&[number]).await.unwrap(), Pass::Whole);
    assert_eq!(state(&world).await.told, 2);
    assert_eq!(counters.rebuild().await.unwrap(), Pass::Whole);
    assert_eq!(state(&world).await.told, 2);
    // The next one finds it first, and the nudge comes after.
    customer_writes(&world, number).await;
    assert_eq!(counters.rebuild().await.unwrap(), Pass::Whole);
    assert_eq!(counters.take_named(&[number]).await.unwrap(), Pass::Whole);
    assert_eq!(state(&world).await.told, 3);
}

#[tokio::test]
async fn what_is_told_of_several_tickets_is_one_transaction_and_what_was_told_is_none() {
    let (world, first) = told_of_one().await;
    let second = world.mail_of(BEN).await.unwrap();
    customer_writes(&world, first).await;
    world.aws.reset_calls();
    let counters = Projections::new(world.desk.store(), &Counters);
    counters.take_named(&[first, second]).await.unwrap();
    assert_eq!(state(&world).await.told, 3);
    // Heads with what is kept of them, and how the agent stands to what they are told.
    assert_eq!(
        (
            calls(&world, "TransactWriteItems"),
            calls(&world, "BatchGetItem"),
            calls(&world, "Query")
        ),
        (1, 2, 2)
    );
    world.aws.reset_calls();
    counters.take_named(&[first, second]).await.unwrap();
    assert_eq!(
        (
            calls(&world, "TransactWriteItems"),
            calls(&world, "BatchGetItem"),
            calls(&world, "Query")
        ),
        (0, 1, 0)
    );
}

#[tokio::test]
async fn what_concerns_nobody_reads_no_settings_and_tells_nothing_but_its_list() {
    let world = World::new().await.unwrap();
    let ann = ("ann@shop.example", "Ann Lee");
    let number = world.mail(ann, "Where is it?", "It is late.").await.unwrap();
    world.tell().await.unwrap();
    let lists = async || world.desk.watched(BEN, None).await.unwrap().lists.all();
    let before = lists().await;
    customer_writes(&world, number).await;
    world.aws.reset_calls();
    let counters = Projections::new(world.desk.store(), &Counters);
    counters.take_named(&[number]).await.unwrap();
    assert_eq!(
        (calls(&world, "TransactWriteItems"), calls(&world, "BatchGetItem")),
        (1, 1)
    );
    assert_ne!(lists().await, before);
    assert_eq!(state(&world).await, NotificationState::default());
}

#[tokio::test]
async fn a_mail_that_stands_already_keeps_nothing_from_being_told() {
    let (world, number) = told_of_one().await;
    let ben = world.browser(BEN).await;
    choose(&ben, &["replied_page", "replied_mail"]).await;
    customer_writes(&world, number).await;
    let head = world.desk.tickets().get(number).await.unwrap().unwrap();
    let v = head.newest_comment_v();
    // However it came there, and though nobody can read it.
    let mail = json!({
        "PK": { "S": format!("T#main#{number}") },
        "SK": { "S": format!("O#{v:010}#2002") },
        "outbox": { "S": "?" },
    });
    world.aws.fill_table("tickets", vec![mail]).unwrap();
    assert_eq!(told(&world, BEN).await[0], (NotificationKind::Replied, number));
}

#[tokio::test]
async fn a_ticket_whose_events_can_not_be_read_keeps_no_other_from_being_told() {
    let (world, bad) = told_of_one().await;
    let good = world.mail_of(BEN).await.unwrap();
    customer_writes(&world, bad).await;
    let event = json!({
        "PK": { "S": format!("T#main#{bad}") },
        "SK": { "S": "E#0000000999" },
        "events": { "S": "?" },
    });
    world.aws.fill_table("tickets", vec![event]).unwrap();
    let all = told(&world, BEN).await;
    let assigned = NotificationKind::Assigned;
    assert!(all.contains(&(assigned, good)), "{all:?}");
    assert!(!all.contains(&(NotificationKind::Replied, bad)), "{all:?}");
}
