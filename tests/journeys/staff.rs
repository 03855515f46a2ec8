//! Who works here, and what becomes of the tickets of somebody who leaves.

use crate::{in_world, mail, rules::rule};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_desk::{
    Committed, Desk,
    agents::RoleRefused,
    seed::SUPPORT,
    tickets::{Alongside, Amendment},
};
use docket_domain::{
    PersonId, TicketNumber,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
    rule::{RuleAction, RuleKind},
    sla::{Book, BookError},
    ticket::{Actor, Status, Ticket, Update},
};
use docket_local::world::{World, WorldOptions};
use docket_store::keys::ItemKey;
use embedded_aws::{Call, Fault};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// The people that a desk starts with.
const ADMIN: PersonId = PersonId(1);
const ANNA: PersonId = PersonId(2);
const BEN: PersonId = PersonId(3);
const CLEO: PersonId = PersonId(4);

/// A world in which only Anna takes tickets, and has three.
async fn with_annas_tickets() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    for agent in [BEN, CLEO] {
        world.go_away(agent, false).await;
    }
    for id in 1..=3 {
        let from = format!("writer{id}@example.com");
        let letter = mail(&from, &format!("s{id}@example.com"), "", "Help!");
        world.receive(&letter, &[], false);
        world.settle().await;
    }
    world
}

async fn ticket(world: &World, number: u64) -> Ticket {
    let ticket = world.local.desk.tickets().get(TicketNumber(number)).await;
    ticket.unwrap().unwrap()
}

async fn amend(world: &World, number: u64, status: Status) {
    let update = Update {
        status: Some(status),
        ..Update::default()
    };
    let amendment = Amendment {
        actor: Actor::Agent(CLEO),
        cause: "test".to_owned(),
        update,
        comment: None,
        alongside: Alongside::default(),
    };
    let desk = &world.local.desk;
    desk.tickets()
        .amend(TicketNumber(number), amendment)
        .await
        .unwrap();
}

/// Gives somebody a role, as it is stored, without what follows.
async fn store_role(desk: &Desk, id: PersonId, role: Role) {
    let before = desk.people().get(id).await.unwrap().unwrap();
    let after = Person {
        role,
        ..before.clone()
    };
    let writes = desk
        .people()
        .changed_writes(&before, &after, &desk.by_system("a test"))
        .await
        .unwrap();
    let stored = desk.commit_writes(vec![], writes).await.unwrap();
    assert!(matches!(stored, Committed::Done(_)));
}

async fn staff(desk: &Desk) -> Vec<PersonId> {
    let staff = desk.agents().all().await.unwrap();
    staff.into_iter().map(|person| person.id).collect()
}

#[test]
fn whoever_leaves_leaves_nothing_behind() {
    in_world(async {
        let mut world = with_annas_tickets().await;
        amend(&world, 2, Status::Pending).await;
        amend(&world, 3, Status::Solved).await;
        let desk = world.local.desk.clone();
        let role = json!({ "user": { "role": "end-user" } });
        let refused = world.api("PUT", "users/1", None, &role).await.unwrap();
        assert_eq!(refused.status, 422, "the only admin: {refused:?}");
        let left = world.api("PUT", "users/2", None, &role).await.unwrap();
        assert_eq!(left.body["user"]["role"], "end-user");
        world.settle().await;
        for number in [1, 2] {
            let ticket = ticket(&world, number).await;
            assert_eq!((ticket.assignee, ticket.group), (None, Some(SUPPORT)), "{number}");
            assert!(ticket.waiting.is_some(), "{number}");
        }
        assert_eq!(
            ticket(&world, 3).await.assignee,
            Some(ANNA),
            "who solved it stands"
        );
        assert_eq!(staff(&desk).await, [ADMIN, BEN, CLEO]);
        assert!(!desk.groups().members(SUPPORT).await.unwrap().contains(&ANNA));
        assert_eq!(desk.people().get(ANNA).await.unwrap().unwrap().groups, []);
        // A solved ticket that comes back does not come back to her.
        amend(&world, 3, Status::Open).await;
        desk.agents()
            .come_online(BEN, desk.by_system("a test"))
            .await
            .unwrap();
        world.settle().await;
        for number in 1..=3 {
            assert_eq!(ticket(&world, number).await.assignee, Some(BEN), "{number}");
        }
        for _ in 0..2 {
            world.leap(SignedDuration::from_mins(2)).await;
        }
        assert_eq!(desk.agents().work(ANNA).await.unwrap(), None);
        assert_eq!(desk.agents().load(ANNA).await.unwrap().unwrap().load_units, 0);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn leaving_that_dies_half_way_is_taken_on_by_the_sweep() {
    in_world(async {
        let mut world = with_annas_tickets().await;
        store_role(&world.local.desk, ANNA, Role::EndUser).await;
        let dies = |call: &Call| match (call.actor.as_str(), call.operation.as_str()) {
            ("api", "TransactWriteItems") => Fault::KillAfter,
            _ => Fault::None,
        };
        world.local.aws.set_fault_plan(Some(Arc::new(dies)));
        let desk = world.local.desk_of("api");
        assert!(world.call("api", desk.agents().settle(ANNA)).await.is_none());
        world.local.aws.set_fault_plan(Some(world.faults()));
        world.pass(SignedDuration::from_mins(3)).await;
        let desk = &world.local.desk;
        for number in 1..=3 {
            assert_eq!(ticket(&world, number).await.assignee, None, "{number}");
        }
        assert!(!desk.groups().members(SUPPORT).await.unwrap().contains(&ANNA));
        assert_eq!(desk.agents().work(ANNA).await.unwrap(), None);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_desk_keeps_an_admin_and_whom_its_rules_count_on() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = &world.local.desk;
        let person = |id| async move { desk.people().get(id).await.unwrap().unwrap() };
        let refused = desk
            .agents()
            .refuses_role(&person(ADMIN).await, Role::Agent)
            .await
            .unwrap();
        assert_eq!(refused, Some(RoleRefused::LastAdmin));
        store_role(desk, ANNA, Role::Admin).await;
        for role in [Role::Agent, Role::EndUser] {
            let refused = desk
                .agents()
                .refuses_role(&person(ADMIN).await, role)
                .await
                .unwrap();
            assert_eq!(refused, None, "{role:?}");
        }
        let named = desk
            .rules()
            .change_book(desk.by_system("a test"), vec![], |book: &mut Book| {
                let id = book.rules.next_rule_id();
                let gives = vec![RuleAction::SetAssignee(Some(BEN))];
                let to_ben = rule(id.0, RuleKind::Trigger, "To Ben", "true", gives);
                book.rules.rules.push(to_ben);
                Ok::<_, BookError>(())
            });
        named.await.unwrap();
        let refused = desk
            .agents()
            .refuses_role(&person(BEN).await, Role::EndUser)
            .await
            .unwrap();
        assert_eq!(refused, Some(RoleRefused::Named("trigger \"To Ben\"".to_owned())));
        let refused = desk
            .agents()
            .refuses_role(&person(BEN).await, Role::Admin)
            .await
            .unwrap();
        assert_eq!(refused, None);
    });
}

#[test]
fn a_desk_from_before_the_list_gets_it_when_it_is_asked_for() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = &world.local.desk;
        let by = desk.by_system("a test");
        let found = desk
            .people()
            .find_or_make(vec![Identity::email("kim@x.example")], "Kim", None, &by);
        let (kim, writes) = found.await.unwrap();
        desk.commit_writes(vec![], writes).await.unwrap();
        let client = aws_sdk_dynamodb::Client::new(&world.local.aws.config("test"));
        let listed = (1..=4).map(|id| ItemKey::Staff(PersonId(id)));
        for item in listed.chain([ItemKey::StaffListed]) {
            let tenant = &desk.settings.tenant;
            let forget = client
                .delete_item()
                .table_name(&desk.settings.tickets_table)
                .key("PK", AttributeValue::S(item.pk(tenant)))
                .key("SK", AttributeValue::S(item.sk()));
            forget.send().await.unwrap();
        }
        assert_eq!(staff(desk).await, [ADMIN, ANNA, BEN, CLEO]);
        store_role(desk, kim.id, Role::Agent).await;
        assert_eq!(staff(desk).await, [ADMIN, ANNA, BEN, CLEO, kim.id]);
    });
}

#[test]
fn two_admins_who_take_each_others_role_away_at_once_leave_one() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = &world.local.desk;
        let second = PersonId(2);
        let before = desk.people().get(second).await.unwrap().unwrap();
        let mut after = before.clone();
        after.role = Role::Admin;
        let writes = desk
            .people()
            .changed_writes(&before, &after, &desk.by_system("a test"))
            .await
            .unwrap();
        assert!(matches!(
            desk.commit_writes(vec![], writes).await.unwrap(),
            Committed::Done(_)
        ));
        let admins = || async {
            let staff = desk.agents().all().await.unwrap();
            staff.iter().filter(|person| person.role == Role::Admin).count()
        };
        assert_eq!(admins().await, 2);
        // Each reads that the other is one, and takes the role away.
        let mut results = Vec::new();
        let mut ready = Vec::new();
        for id in [PersonId(1), second] {
            let before = desk.people().get(id).await.unwrap().unwrap();
            assert_eq!(
                desk.agents().refuses_role(&before, Role::Agent).await.unwrap(),
                None
            );
            let after = Person {
                role: Role::Agent,
                ..before.clone()
            };
            ready.push(
                desk.people()
                    .changed_writes(&before, &after, &desk.by_system("a test"))
                    .await
                    .unwrap(),
            );
        }
        for writes in ready {
            let committed = desk.commit_writes(vec![], writes).await.unwrap();
            results.push(matches!(committed, Committed::Done(_)));
        }
        assert_eq!(results, [true, false], "the second finds nobody but themselves");
        assert_eq!(admins().await, 1);
        let last = desk.people().get(second).await.unwrap().unwrap();
        let refused = desk.agents().refuses_role(&last, Role::Agent).await.unwrap();
        assert_eq!(refused, Some(RoleRefused::LastAdmin));
    });
}

#[test]
fn of_two_admins_whose_roles_are_taken_away_by_two_calls_at_once_one_stays_and_is_told_why() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let role = |role: &str| json!({ "user": { "role": role } });
        let put = |id: u64, user: Value| {
            let world = &world;
            async move {
                let path = format!("users/{id}.json");
                let answer = world.api("PUT", &path, None, &user).await.unwrap();
                (answer.status, answer.body)
            }
        };
        assert_eq!(put(2, role("admin")).await.0, 200);
        // Both have looked before either has saved.
        let slow = |call: &Call| match call.operation.as_str() {
            "TransactWriteItems" => Fault::Delay(Duration::from_secs(1)),
            _ => Fault::None,
        };
        world.local.aws.set_fault_plan(Some(Arc::new(slow)));
        let (first, second) = tokio::join!(put(1, role("agent")), put(2, role("agent")));
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "{first:?} {second:?}");
        let refused = if first.0 == 422 { first.1 } else { second.1 };
        let why = refused["details"]["role"][0]["description"].as_str().unwrap();
        assert!(why.contains("admin"), "{refused}");
    });
}
