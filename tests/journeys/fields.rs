//! Fields of the operator's own: found by the search, judged by rules when their time has come, and as they were stored.

use crate::{in_world, mail};
use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn ask(world: &World, method: &str, path: &str, body: Value) -> Value {
    let answered = world.api(method, path, None, &body).await.unwrap();
    assert!(answered.is_success(), "{path}: {answered:?}");
    answered.body
}

async fn defined(world: &World, path: &str, record: &str, fields: Value) -> u64 {
    let made = ask(world, "POST", path, json!({ record: fields })).await;
    made[record]["id"].as_u64().unwrap()
}

/// The numbers of the tickets that a query finds, in their order.
async fn found(world: &World, query: &str) -> Vec<u64> {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let path = format!("search.json?query={query}&sort_by=created_at&sort_order=asc");
    let answered = ask(world, "GET", &path, Value::Null).await;
    let rows = answered["results"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

/// Three tickets; the first has everything of the operator's own.
async fn desk() -> (World, [u64; 4]) {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let options = json!([{ "name": "Red", "value": "red" }, { "name": "Sea green", "value": "sea_green" }]);
    let order = json!({ "type": "text", "title": "Order" });
    let order = defined(&world, "ticket_fields", "ticket_field", order).await;
    let colours = json!({ "type": "multiselect", "title": "Colours", "custom_field_options": options });
    let colours = defined(&world, "ticket_fields", "ticket_field", colours).await;
    let form = defined(
        &world,
        "ticket_forms",
        "ticket_form",
        json!({ "name": "Send back" }),
    )
    .await;
    let status = json!({ "status_category": "hold", "agent_label": "Waiting for parts" });
    let status = defined(&world, "custom_statuses", "custom_status", status).await;
    for nth in 1..=3 {
        let from = format!("Eve <eve{nth}@example.com>");
        world.receive(
            &mail(&from, &format!("f{nth}@example.com"), "", "It is dark."),
            &[],
            false,
        );
        world.settle().await;
    }
    let body = json!({ "ticket": {
        "custom_fields": [{ "id": order, "value": "AB-1234" }, { "id": colours, "value": ["red", "sea_green"] }],
        "ticket_form_id": form,
        "custom_status_id": status,
        "type": "task",
        "due_at": "2031-05-01T12:00:00Z",
    } });
    ask(&world, "PUT", "tickets/1.json", body).await;
    world.settle().await;
    (world, [order, colours, form, status])
}

#[test]
fn a_ticket_is_found_by_its_fields_form_status_and_due_date_before_and_after_the_index_took_it_in() {
    in_world(async {
        let (mut world, [order, colours, form, status]) = desk().await;
        for nth in 0..2 {
            for query in [
                format!("type:ticket custom_field_{order}:AB-1234"),
                format!("type:ticket custom_field_{order}:*"),
                format!("custom_field_{colours}:sea_green"),
                format!("custom_field_{colours}:red"),
                "fieldvalue:AB-1234".to_owned(),
                format!("form:{form}"),
                "form:\"send back\"".to_owned(),
                format!("custom_status_id:{status}"),
                "custom_status:\"Waiting for parts\"".to_owned(),
                "due_date:2031-05-01".to_owned(),
                "due_date>2031-04-30 brand_id:1 type:ticket".to_owned(),
            ] {
                assert_eq!(found(&world, &query).await, [1], "{query}, {nth}");
            }
            for query in [
                "type:ticket form:none".to_owned(),
                format!("type:ticket -custom_field_{order}:AB-1234"),
                format!("type:ticket custom_field_{order}:none"),
                format!("type:ticket -custom_status_id:{status}"),
            ] {
                let mut others = found(&world, &query).await;
                others.sort_unstable();
                assert_eq!(others, [2, 3], "{query}, {nth}");
            }
            for query in [
                format!("custom_field_{order}:AB-9999"),
                format!("custom_field_{colours}:blue"),
                "custom_status_id:4".to_owned(),
                "form:returns".to_owned(),
                "due_date<2031-05-01 ticket_type:task".to_owned(),
            ] {
                assert_eq!(found(&world, &query).await, [0; 0], "{query}, {nth}");
            }
            world.settle().await;
            world.pass(SignedDuration::from_secs(65)).await;
        }
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn an_automation_judges_a_field_when_its_time_has_come() {
    in_world(async {
        let (mut world, [order, ..]) = desk().await;
        let automation = json!({ "automation": {
            "title": "Old orders",
            "conditions": { "all": [
                { "field": format!("custom_fields_{order}"), "operator": "is", "value": "AB-1234" },
                { "field": "NEW", "operator": "greater_than", "value": "2" },
            ], "any": [] },
            "actions": [{ "field": format!("custom_fields_{order}"), "value": "done" }],
        } });
        ask(&world, "POST", "automations", automation).await;
        world.pass(SignedDuration::from_hours(4)).await;
        let shown = ask(&world, "GET", "tickets/1.json", Value::Null).await;
        let values = shown["ticket"]["custom_fields"].as_array().unwrap();
        let value = values.iter().find(|row| row["id"] == order).unwrap();
        assert_eq!(value["value"], "done");
        let others = ask(&world, "GET", "tickets/2.json", Value::Null).await;
        assert!(!others.to_string().contains("done"));
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_people_say_in_their_fields_stands_in_no_event() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let plan = json!({ "type": "text", "title": "Plan", "key": "plan" });
        defined(&world, "user_fields", "user_field", plan.clone()).await;
        defined(&world, "organization_fields", "organization_field", plan).await;
        for (path, record) in [("users", "user"), ("organizations", "organization")] {
            let own = format!("{record}_fields");
            let body = json!({ record: { "name": "Acme", own.clone(): { "plan": "canary-7" } } });
            let id = defined(&world, path, record, body[record].clone()).await;
            let body = json!({ record: { own: { "plan": "canary-8" } } });
            ask(&world, "PUT", &format!("{path}/{id}"), body).await;
            let subject = match record {
                "user" => docket_domain::audit::Subject::Person(docket_domain::PersonId(id)),
                _ => docket_domain::audit::Subject::Organization(docket_domain::OrganizationId(id)),
            };
            let events = world.local.desk.audits().events(subject).await.unwrap();
            let last = &events.last().unwrap().changed[&format!("{record}_fields")];
            assert_eq!(last.to, Some(json!([["plan", "canary-8"]])));
            world.local.desk.audits().erase_words(subject).await.unwrap();
            let events = world.local.desk.audits().events(subject).await.unwrap();
            assert!(!format!("{events:?}").contains("canary"));
        }
    });
}
