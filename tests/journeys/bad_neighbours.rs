//! Tickets with which something is wrong: none of them keeps the others of its group.

use crate::{answer, eves_ticket, file, in_world, mail, one_change::others_are_assigned};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_desk::setup::SetupChange;
use docket_domain::{
    PersonId, PolicyId, TicketNumber,
    sla::{Hours, Metric, Policy, PolicyDraft, Promise},
    ticket::{Priority, Status},
};
use docket_local::world::{World, WorldOptions};
use docket_store::keys::{DueKind, ItemKey, due_pk, due_shard, due_sk};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The agents that a desk starts with.
const AGENTS: [PersonId; 3] = [PersonId(2), PersonId(3), PersonId(4)];

/// Spoils the head of a ticket, with its places in the indexes.
pub(crate) fn spoil_head(world: &World, number: u64) {
    let desk = &world.local.desk;
    let (tenant, key) = (&desk.settings.tenant, ItemKey::Head(TicketNumber(number)));
    let now = desk.now();
    let item = json!({
        "PK": { "S": key.pk(tenant) }, "SK": { "S": key.sk() }, "v": { "N": "3" },
        "head": { "M": { "number": { "S": "no number" } } },
        "waiting_pk": { "S": format!("W#{tenant}#1") },
        "waiting_sk": { "S": "0#0#0000000000" },
        "due_pk": { "S": due_pk(due_shard(tenant, TicketNumber(number))) },
        "due_sk": { "S": due_sk(now, DueKind::Head, tenant, TicketNumber(number)) },
    });
    world
        .local
        .aws
        .fill_table(&desk.settings.tickets_table, vec![item])
        .unwrap();
}

#[test]
fn a_head_that_can_not_be_read_stops_nobody_else() {
    in_world(async {
        let mut world = eves_ticket().await;
        spoil_head(&world, 1);
        assert!(others_are_assigned(&mut world, "m2").await);
        assert!(others_are_assigned(&mut world, "m3").await);
        let answer = world
            .api("GET", "tickets.json", None, &Value::Null)
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "the others are listed");
        world.sweep().await;
        world.settle().await;
        let oldest = world.local.desk.due().oldest().await.unwrap();
        assert_eq!(oldest, None, "what can't be fired is pushed behind");
        let bad = world
            .api("GET", "tickets/1.json", None, &Value::Null)
            .await
            .unwrap();
        assert_eq!(bad.status, 500, "{:?}", bad.body);
    });
}

/// Eve's ticket, which waits: every agent is away.
async fn eves_ticket_waits(before: impl AsyncFnOnce(&mut World)) -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    for agent in AGENTS {
        world.go_away(agent, false).await;
    }
    before(&mut world).await;
    world.receive(
        &mail("eve@example.com", "m1@example.com", "", "Help!"),
        &[],
        false,
    );
    world.settle().await;
    assert_eq!(assignee(&world, 1).await, None);
    world
}

async fn assignee(world: &World, number: u64) -> Option<PersonId> {
    let ticket = world.local.desk.tickets().get(TicketNumber(number)).await;
    ticket.unwrap().unwrap().assignee
}

async fn come_online(world: &mut World) {
    for agent in AGENTS {
        world.come_online(agent).await;
    }
    world.settle().await;
}

/// Puts something else into an item; whether it fits.
pub async fn spoil(world: &World, key: &ItemKey, attribute: &str, value: AttributeValue) -> bool {
    let settings = &world.local.desk.settings;
    let client = aws_sdk_dynamodb::Client::new(&world.local.aws.config("test"));
    let update = client
        .update_item()
        .table_name(&settings.tickets_table)
        .key("PK", AttributeValue::S(key.pk(&settings.tenant)))
        .key("SK", AttributeValue::S(key.sk()))
        .condition_expression("attribute_exists(PK)")
        .update_expression(format!("SET {attribute} = :value"))
        .expression_attribute_values(":value", value);
    update.send().await.is_ok()
}

/// Puts a policy into force that promises a reply to each mail.
async fn promise_replies(world: &World, within_hours: i64) {
    let targets = Priority::ALL
        .iter()
        .map(|priority| (*priority, within_hours * 3600));
    let draft = PolicyDraft {
        id: PolicyId(1),
        version: 0,
        title: "Mail".to_owned(),
        description: String::new(),
        position: 1,
        condition: r#"ticket.channel == "mail""#.to_owned(),
        hours: Hours::RoundTheClock,
        pausing: vec![Status::Pending],
        promises: vec![Promise {
            metric: Metric::FirstReply,
            target_seconds: targets.collect(),
            warnings: vec![],
            escalations: vec![],
        }],
    };
    let policy = Policy::new(draft).unwrap();
    let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
        book.policies = vec![policy.clone()];
        book.check()
    });
    assert!(matches!(changed.await.unwrap(), SetupChange::Done(..)));
}

#[test]
fn a_ticket_whose_promises_can_not_be_read_is_assigned_as_the_others_are() {
    in_world(async {
        let mut world = eves_ticket_waits(async |world| {
            promise_replies(world, 4).await;
            world.pass(SignedDuration::from_mins(2)).await;
        })
        .await;
        let clocks = file(&world, 1).await.ticket.clocks.unwrap();
        // The version that the ticket is under is superseded, and can't be read any more.
        promise_replies(&world, 8).await;
        let key = ItemKey::Policy(PolicyId(1), clocks.in_force.policy_version);
        let broken = AttributeValue::S("no policy".to_owned());
        assert!(spoil(&world, &key, "policy", broken).await);
        assert!(!others_are_assigned(&mut world, "m2").await, "everybody is away");
        come_online(&mut world).await;
        assert!(assignee(&world, 1).await.is_some());
        assert!(assignee(&world, 2).await.is_some());
        assert!(answer(&world, 1, "We are on it.", false).await);
        world.settle().await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_ticket_that_is_too_large_to_be_saved_keeps_none_of_the_others() {
    in_world(async {
        let mut world = eves_ticket_waits(async |_| ()).await;
        let key = ItemKey::Head(TicketNumber(1));
        // As much as there is room for: with what assignment adds it is more than an item may be.
        let mut bytes = 400 * 1024;
        let large = |bytes| AttributeValue::S("x".repeat(bytes));
        while !spoil(&world, &key, "head.subject", large(bytes)).await {
            bytes -= 16;
        }
        assert!(!others_are_assigned(&mut world, "m2").await, "everybody is away");
        come_online(&mut world).await;
        assert_eq!(assignee(&world, 1).await, None, "its save can never stand");
        assert!(assignee(&world, 2).await.is_some());
        assert!(others_are_assigned(&mut world, "m3").await);
    });
}
