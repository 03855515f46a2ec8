//! Queue `timers`: what is more than a sweep fires goes on shard by shard, entry by entry.

use crate::{
    in_world,
    timers::{ago, calm_world, closed_once, closing, closing_now, handed_on, numbers_in, untouched},
};
use docket_desk::Queue;
use docket_domain::{OutboxId, Tenant, TicketNumber};
use docket_local::{fill::head_json, sources::scheduled_event, wiring::Function, world::World};
use docket_store::{
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk},
    tickets::{DuePage, SHARD_HELD_SECONDS},
};
use embedded_aws::{Call, Fault, Service};
use jiff::SignedDuration;
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// Entries of one shard that a sweep fires itself, and those that one message does.
const MOST_OF_A_SWEEP: usize = 25;
const MOST_OF_A_MESSAGE: usize = 500;

/// One sweep in which each of these calls takes so long.
async fn slow_sweep(world: &mut World, operation: &'static str, takes: Duration) {
    let faults = world.faults();
    world.local.aws.set_fault_plan(Some(Arc::new(move |call: &Call| {
        match call.operation == operation {
            true => Fault::Delay(takes),
            false => Fault::None,
        }
    })));
    world.sweep().await;
    world.local.aws.set_fault_plan(Some(faults));
}

#[test]
fn entries_that_fail_each_time_keep_none_behind_them_waiting() {
    in_world(async {
        let mut world = calm_world().await;
        let numbers = numbers_in(7..8, MOST_OF_A_SWEEP + MOST_OF_A_MESSAGE + 300);
        let (poisonous, sound) = numbers.split_at(numbers.len() - 100);
        let items = poisonous.iter().map(|number| {
            let ticket = closing(&world, *number, SignedDuration::from_hours(-1));
            let mut item = head_json(&Tenant::main(), &ticket).unwrap();
            item["head"] = json!({ "S": "no head" });
            item
        });
        let items = items.collect();
        world.local.aws.fill_table("tickets", items).unwrap();
        let due = closing_now(&world, sound.iter().copied());
        world.local.fill(due.iter().cloned()).unwrap();

        world.sweep().await;
        world.settle().await;
        closed_once(&world, &due).await;
        // What can't be fired is pushed behind, and looked at again.
        assert_eq!(world.local.desk.due().oldest().await.unwrap(), None);
        world.local.aws.clock().advance(SignedDuration::from_secs(61));
        assert!(world.local.desk.due().oldest().await.unwrap().is_some());
        assert_eq!(
            handed_on(&world),
            [],
            "whoever goes through a shard comes to its end"
        );

        let later = closing_now(&world, [numbers_in(7..8, numbers.len() + 1)[numbers.len()]]);
        world.local.fill(later.iter().cloned()).unwrap();
        world.leap(SignedDuration::from_mins(1)).await;
        closed_once(&world, &due).await;
        closed_once(&world, &later).await;
    });
}

#[test]
fn a_sweep_whose_time_is_over_hands_the_rest_on() {
    in_world(async {
        let mut world = calm_world().await;
        let due = closing_now(&world, 1..=500);
        world.local.fill(due.iter().cloned()).unwrap();
        // Sixteen shards at a time: when the second round is answered, the time is over.
        slow_sweep(&mut world, "Query", Duration::from_secs(16)).await;
        let rest = handed_on(&world);
        let unseen = rest.iter().filter(|nudge| nudge.after.is_none()).count();
        assert_eq!((rest.len(), unseen), (48, 48), "{rest:?}");
        world.settle().await;
        closed_once(&world, &due).await;
    });
}

#[test]
fn a_turn_that_is_cut_short_goes_on_behind_what_it_came_to() {
    in_world(async {
        let mut world = calm_world().await;
        let due = closing_now(&world, numbers_in(9..10, 20));
        world.local.fill(due.iter().cloned()).unwrap();
        // Four at a time: the third round begins before the time is over.
        slow_sweep(&mut world, "TransactWriteItems", Duration::from_secs(12)).await;
        let [rest] = &handed_on(&world)[..] else {
            panic!("{:?}", handed_on(&world));
        };
        let mut in_order = due.clone();
        in_order.sort_by_key(|ticket| ticket.close_due_at);
        closed_once(&world, &in_order[..12]).await;
        untouched(&world, &in_order[12..]).await;
        let last = in_order[11].close_due_at.unwrap().as_millisecond();
        let place = rest.after.clone().unwrap();
        assert!(place.due_sk.starts_with(&format!("{last}#")), "{place:?}");
        world.settle().await;
        closed_once(&world, &due).await;
    });
}

#[test]
fn a_shard_that_a_message_goes_through_is_not_handed_on_again() {
    in_world(async {
        let mut world = calm_world().await;
        let due = closing_now(&world, numbers_in(3..4, 100));
        world.local.fill(due.iter().cloned()).unwrap();
        world.sweep().await;
        world.sweep().await;
        assert_eq!(handed_on(&world).len(), 1);
        // The message is lost, and the shard is free after its time.
        world.local.aws.empty_queues().unwrap();
        let held = SignedDuration::from_secs(SHARD_HELD_SECONDS);
        world.local.aws.clock().advance(held);
        world.sweep().await;
        assert_eq!(handed_on(&world).len(), 1);
        world.settle().await;
        closed_once(&world, &due).await;
        // One that came to its end leaves the shard free at once.
        let more = closing_now(&world, numbers_in(3..4, 150)[100..].iter().copied());
        world.local.fill(more.iter().cloned()).unwrap();
        world.sweep().await;
        assert_eq!(handed_on(&world).len(), 1);
    });
}

#[test]
fn two_sweeps_at_once_fire_each_timer_once() {
    in_world(async {
        let mut world = calm_world().await;
        let due = closing_now(&world, 1..=200);
        world.local.fill(due.iter().cloned()).unwrap();
        let faults = world.faults();
        world
            .local
            .aws
            .set_fault_plan(Some(Arc::new(|call: &Call| match call.service {
                Service::DynamoDb => Fault::Delay(Duration::from_millis(1)),
                _ => Fault::None,
            })));
        let sweep = || {
            let event = scheduled_event(world.local.aws.clock().now());
            world.functions.invoke(Function::SlaCheck, event)
        };
        let (first, second) = tokio::join!(sweep(), sweep());
        first.unwrap();
        second.unwrap();
        world.local.aws.set_fault_plan(Some(faults));
        let calls = world.local.aws.calls();
        let transactions = calls[&(Service::DynamoDb, "TransactWriteItems".to_owned())];
        assert!(transactions > 200, "they did not meet");
        world.settle().await;
        closed_once(&world, &due).await;
    });
}

#[test]
fn a_message_without_a_place_fires_its_shard_from_the_oldest_on() {
    in_world(async {
        let mut world = calm_world().await;
        let due = closing_now(&world, numbers_in(5..6, 3));
        let early = [closing(
            &world,
            numbers_in(5..6, 4)[3],
            SignedDuration::from_millis(1),
        )];
        let elsewhere = closing_now(&world, numbers_in(6..7, 1));
        let filled = due.iter().chain(&early).chain(&elsewhere);
        world.local.fill(filled.cloned()).unwrap();
        let desk = &world.local.desk;
        let message = json!({ "shard": 5 }).to_string();
        desk.queues().send_text(Queue::Timers, message).await.unwrap();
        world.settle().await;
        closed_once(&world, &due).await;
        untouched(&world, &early).await;
        untouched(&world, &elsewhere).await;
    });
}

#[test]
fn of_two_entries_at_one_place_in_the_index_neither_is_passed_over() {
    in_world(async {
        let world = calm_world().await;
        let (shard, now) = (
            due_shard(&Tenant::main(), TicketNumber(1)),
            world.local.desk.now(),
        );
        let at = due_sk(now, DueKind::Outbox, &Tenant::main(), TicketNumber(1));
        let ids = [1, 2].map(|n| OutboxId {
            ticket: TicketNumber(1),
            v: 1,
            n,
        });
        let items = ids.map(ItemKey::Outbox).map(|key| {
            json!({
                "PK": { "S": key.pk(&Tenant::main()) },
                "SK": { "S": key.sk() },
                "due_pk": { "S": due_pk(shard) },
                "due_sk": { "S": at },
            })
        });
        world.local.aws.fill_table("tickets", items.into()).unwrap();
        let desk = &world.local.desk;
        let first = desk.due().in_shard(shard, now, None, 1).await.unwrap();
        let second = desk
            .due()
            .in_shard(shard, now, first.rest.as_ref(), 1)
            .await
            .unwrap();
        let keys = [&first, &second].map(|page| page.entries[0].key.clone());
        assert_eq!(keys, ids.map(ItemKey::Outbox));
        assert_eq!(second.rest, Some(second.entries[0].place(&Tenant::main())));
        let third = desk
            .due()
            .in_shard(shard, now, second.rest.as_ref(), 1)
            .await
            .unwrap();
        assert_eq!(third, DuePage::default());
        // Whoever left that place has a clock ahead of this one's.
        let behind = ago(&world, SignedDuration::from_secs(1));
        let early = desk
            .due()
            .in_shard(shard, behind, second.rest.as_ref(), 1)
            .await
            .unwrap();
        assert_eq!(early, DuePage::default());
    });
}
