//! An organization of seventy people becomes part of another: each goes over once, and their tickets with them, whoever is killed. On a
//! desk that was upgraded nobody is left behind.

use crate::{
    in_world,
    jobs::{kill_at, take_one},
    removal::{ask, found, get, pass_minutes},
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_desk::Queue;
use docket_domain::{OrganizationId, PersonId};
use docket_local::{
    sources::{Polled, QueuePoller},
    wiring::source_of,
    world::{World, WorldOptions},
};
use docket_store::keys::{Counter, ItemKey};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// People of the one that goes: two steps' worth.
const PEOPLE: u64 = 70;
/// Numbers of people that are drawn and not used: more than are looked at at once while the lists of an older desk are made.
const NUMBERS_BEFORE: usize = 1_001;
/// Rounds until all must have gone over.
const MOST_ROUNDS: usize = 40;

async fn made(world: &World, path: &str, record: &str, body: Value) -> u64 {
    let answered = ask(world, "POST", path, json!({ record: body })).await;
    assert!(answered.is_success(), "{path}: {answered:?}");
    answered.body[record]["id"].as_u64().unwrap()
}

/// A world with two organizations, one of them with people, of whom the first asked something.
async fn world_with_people() -> (World, u64, u64) {
    let mut world = World::new(WorldOptions {
        seed: 11,
        faults: false,
        ..WorldOptions::default()
    })
    .await
    .unwrap();
    let acme = json!({ "name": "Acme", "domain_names": ["acme.example"] });
    let acme = made(&world, "organizations", "organization", acme).await;
    let club = made(&world, "organizations", "organization", json!({ "name": "Club" })).await;
    let mut first = 0;
    for nth in 0..PEOPLE {
        let user = json!({ "name": format!("Kim {nth}"), "email": format!("kim{nth}@acme.example") });
        let id = made(&world, "users", "user", user).await;
        if nth == 0 {
            first = id;
        }
    }
    let ticket = json!({ "subject": "Late", "comment": { "body": "Where?" }, "requester_id": first });
    made(&world, "tickets", "ticket", ticket).await;
    world.settle().await;
    pass_minutes(&mut world, 1).await;
    (world, acme, club)
}

/// How many belong to an organization.
async fn members(world: &World, id: u64) -> usize {
    let organizations = world.local.desk.organizations();
    organizations
        .count_of_members(OrganizationId(id), 1_000)
        .await
        .unwrap()
}

#[test]
fn seventy_people_go_over_once_whoever_is_killed() {
    in_world(async {
        let (mut world, acme, club) = world_with_people().await;
        // Three calls for each at least: these fall into the first step and into the second.
        kill_at(&world, BTreeSet::from([20, 75, 160, 215]));
        let body = json!({ "organization_merge": { "winner_id": club } });
        let begun = ask(&world, "POST", &format!("organizations/{acme}/merge"), body).await;
        assert_eq!(begun.status, 202, "{begun:?}");
        let merge = begun.body["organization_merge"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let poller = QueuePoller::new(&world.local, source_of(Queue::Jobs));
        let (mut deaths, mut left) = (0, members(&world, acme).await);
        for _ in 0..MOST_ROUNDS {
            if left == 0 {
                break;
            }
            let polled = take_one(&world, &poller).await;
            deaths += usize::from(polled.is_none());
            let now = members(&world, acme).await;
            assert!(now <= left, "it went back from {left} to {now}");
            assert_eq!(now + members(&world, club).await, PEOPLE as usize);
            left = now;
            if !matches!(polled, Some(Polled::Batch)) {
                // Nobody has the message any more: the sweep finds what is left.
                world.local.aws.clock().advance(SignedDuration::from_mins(5));
                world.sweep().await;
            }
        }
        assert!(deaths > 0, "nobody was killed");
        assert_eq!(left, 0);
        world.local.aws.set_fault_plan(None);
        pass_minutes(&mut world, 20).await;
        let shown = get(&world, &format!("organization_merges/{merge}")).await.body;
        assert_eq!(shown["organization_merge"]["status"], "complete");
        assert_eq!(shown["organization_merge"]["docket"]["users_moved"], PEOPLE);
        assert_eq!(get(&world, &format!("organizations/{acme}")).await.status, 404);
        assert_eq!(members(&world, club).await, PEOPLE as usize);
        // The search knows it as well.
        assert_eq!(found(&world, &format!("organization:{club}")).await, [1]);
        assert_eq!(found(&world, &format!("organization:{acme}")).await, [0_u64; 0]);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// Takes an item away, as a desk has none that is older than it.
async fn forget_item(world: &World, key: &ItemKey) {
    let settings = &world.local.desk.settings;
    let dynamo = aws_sdk_dynamodb::Client::new(&world.local.aws.config("test"));
    let delete = dynamo
        .delete_item()
        .table_name(&settings.tickets_table)
        .key("PK", AttributeValue::S(key.pk(&settings.tenant)))
        .key("SK", AttributeValue::S(key.sk()));
    delete.send().await.unwrap();
}

#[test]
fn on_an_upgraded_desk_nobody_is_left_behind_who_is_on_no_list_yet() {
    in_world(async {
        let world = World::new(WorldOptions {
            seed: 12,
            faults: false,
            ..WorldOptions::default()
        })
        .await
        .unwrap();
        let desk = &world.local.desk;
        let acme = made(&world, "organizations", "organization", json!({ "name": "Acme" })).await;
        let club = made(&world, "organizations", "organization", json!({ "name": "Club" })).await;
        for _ in 0..NUMBERS_BEFORE {
            desk.next_number(Counter::People).await.unwrap();
        }
        let kim = json!({ "name": "Kim", "email": "kim@home.example", "organization_id": acme });
        let kim = made(&world, "users", "user", kim).await;
        // As it stands on a desk from before there were lists.
        forget_item(&world, &ItemKey::OrganizationMembersListed).await;
        let membership = ItemKey::OrganizationMember(OrganizationId(acme), PersonId(kim));
        forget_item(&world, &membership).await;
        let body = json!({ "organization_merge": { "winner_id": club } });
        let begun = ask(&world, "POST", &format!("organizations/{acme}/merge"), body).await;
        assert_eq!(begun.status, 202, "{begun:?}");
        for _ in 0..MOST_ROUNDS {
            if !desk.go_on_with_members(OrganizationId(acme)).await.unwrap() {
                break;
            }
        }
        let shown = get(&world, &format!("users/{kim}")).await.body;
        assert_eq!(shown["user"]["organization_id"], club);
        assert_eq!(get(&world, &format!("organizations/{acme}")).await.status, 404);
    });
}
