//! Fields that lead to a ticket, a person or an organization.

use crate::{
    fields::field,
    support::{ADMIN, World, anns_ticket},
};
use serde_json::{Value, json};

fn lookup(title: &str, target: &str) -> Value {
    json!({ "type": "lookup", "title": title, "relationship_target_type": target })
}

async fn keyed(world: &World, list: &str, key: &str, target: &str) {
    let mut field = lookup(key, target);
    field["key"] = json!(key);
    let record = list.trim_end_matches('s');
    world.as_admin("POST", list, json!({ record: field })).await;
}

/// The value that a ticket shows of a field.
fn value(ticket: &Value, id: u64) -> Value {
    let rows = ticket["custom_fields"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == id);
    row.map_or(json!("no such field"), |row| row["value"].clone())
}

fn with(id: u64, value: Value) -> Value {
    json!({ "ticket": { "custom_fields": [{ "id": id, "value": value }] } })
}

#[tokio::test]
async fn a_lookup_says_what_it_leads_to_and_that_stays() {
    let world = World::new().await;
    let manager = field(&world, lookup("Manager", "zen:user")).await;
    let path = format!("ticket_fields/{manager}");
    let shown = world.get(&path).await.body["ticket_field"].clone();
    assert_eq!(
        (
            &shown["type"],
            &shown["relationship_target_type"],
            &shown["relationship_filter"]
        ),
        (
            &json!("lookup"),
            &json!("zen:user"),
            &json!({ "all": [], "any": [] })
        )
    );
    // What was read can be sent back.
    let back = json!({ "ticket_field": shown });
    let again = world.as_admin("PUT", &path, back).await;
    assert_eq!(again["ticket_field"]["relationship_target_type"], "zen:user");
    let other = json!({ "ticket_field": { "relationship_target_type": "zen:ticket" } });
    let reply = world.call_as(ADMIN, "PUT", &path, &[], Some(other)).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body["details"]["relationship_target_type"].is_array());
}

#[tokio::test]
async fn a_tickets_value_leads_to_what_is_there() {
    let world = World::new().await;
    let manager = field(&world, lookup("Manager", "zen:user")).await;
    let first = field(&world, lookup("First", "zen:ticket")).await;
    world.ticket("Parcel").await;
    let set = async |id: u64, sent: Value| world.put("tickets/1", with(id, sent)).await;
    let changed = set(manager, json!(3)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(value(&changed.body["ticket"], manager), "3");
    let changed = set(first, json!("1")).await;
    assert_eq!(value(&changed.body["ticket"], first), "1");
    for (id, sent) in [
        (manager, json!(99)),
        (manager, json!("Cy")),
        (manager, json!("external_id:nobody")),
        (first, json!(2)),
        (first, json!("external_id:a")),
    ] {
        let reply = set(id, sent.clone()).await;
        assert_eq!(reply.status, 422, "{sent}: {}", reply.body);
        let place = format!("custom_fields.{id}");
        assert!(reply.body["details"][&place].is_array(), "{}", reply.body);
    }
    let user = json!({ "user": { "name": "Eve", "email": "eve@example.com", "external_id": "c-7" } });
    let eve = world.post("users", user).await.body["user"]["id"].clone();
    let changed = set(manager, json!("external_id:c-7")).await;
    assert_eq!(value(&changed.body["ticket"], manager), eve.to_string());
    // Who goes leaves the value where it is: it can be sent back, and not be given anew.
    world.as_admin("DELETE", &format!("users/{eve}"), json!({})).await;
    let back = set(manager, json!(eve.to_string())).await;
    assert_eq!(back.status, 200, "{}", back.body);
    set(manager, Value::Null).await;
    assert_eq!(set(manager, eve).await.status, 422);
}

#[tokio::test]
async fn values_of_people_and_organizations_lead_to_what_is_there() {
    let world = World::new().await;
    keyed(&world, "user_fields", "buddy", "zen:user").await;
    keyed(&world, "organization_fields", "parent", "zen:organization").await;
    let head = json!({ "organization": { "name": "Head", "external_id": "h-1" } });
    let head = world.as_admin("POST", "organizations", head).await["organization"]["id"].clone();
    let branch = json!({ "organization": { "name": "Branch", "organization_fields": { "parent": "external_id:h-1" } } });
    let branch = world.as_admin("POST", "organizations", branch).await["organization"].clone();
    assert_eq!(branch["organization_fields"]["parent"], head.to_string());
    let nowhere = json!({ "organization": { "organization_fields": { "parent": 99 } } });
    let path = format!("organizations/{}", branch["id"]);
    let reply = world.call_as(ADMIN, "PUT", &path, &[], Some(nowhere)).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body["details"]["organization_fields.parent"].is_array());
    let ann = json!({ "user": { "name": "Ann", "email": "ann@example.com", "user_fields": { "buddy": 3 } } });
    let ann = world.post("users", ann).await.body["user"].clone();
    assert_eq!(ann["user_fields"]["buddy"], "3");
    let alone =
        json!({ "user": { "name": "Eve", "email": "eve@example.com", "user_fields": { "buddy": 99 } } });
    let reply = world.post("users", alone).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body["details"]["user_fields.buddy"].is_array());
    // What is sent back as it was read does no harm once the other is gone.
    let path = format!("organizations/{head}");
    assert_eq!(world.call_as(ADMIN, "DELETE", &path, &[], None).await.status, 204);
    let back =
        json!({ "organization": { "notes": "alone", "organization_fields": branch["organization_fields"] } });
    let path = format!("organizations/{}", branch["id"]);
    let shown = world.as_admin("PUT", &path, back).await;
    assert_eq!(shown["organization"]["notes"], "alone");
}

#[tokio::test]
async fn customers_fill_in_no_lookup() {
    let world = World::new().await;
    let mut manager = lookup("Manager", "zen:user");
    for flag in ["visible_in_portal", "editable_in_portal"] {
        manager[flag] = json!(true);
    }
    let manager = field(&world, manager).await;
    world.post("tickets", anns_ticket("Parcel")).await;
    let mut told = Vec::new();
    for id in [3, 99] {
        let request = json!({ "request": {
            "subject": "Lamp", "comment": { "body": "It is dark." },
            "custom_fields": [{ "id": manager, "value": id }],
        } });
        let reply = world
            .call_as("ann@example.com", "POST", "requests", &[], Some(request))
            .await;
        assert_eq!(reply.status, 422, "{}", reply.body);
        told.push(reply.body);
    }
    assert_eq!(told[0], told[1], "nobody learns who is there");
}

#[tokio::test]
async fn what_leads_to_something_is_asked_by_a_field_that_leads_there() {
    let world = World::new().await;
    let manager = field(&world, lookup("Manager", "zen:user")).await;
    for (path, status) in [
        // Nothing is searched in this world.
        (
            format!("zen:user/3/relationship_fields/{manager}/zen:ticket"),
            503,
        ),
        (
            format!("zen%3Auser/3/relationship_fields/{manager}/zen%3Aticket.json"),
            503,
        ),
        (
            format!("zen:user/99/relationship_fields/{manager}/zen:ticket"),
            404,
        ),
        (
            format!("zen:ticket/1/relationship_fields/{manager}/zen:ticket"),
            404,
        ),
        (format!("zen:user/3/relationship_fields/{manager}/zen:user"), 404),
        (format!("zen:user/3/relationship_fields/{manager}/zen:brand"), 404),
        ("zen:user/3/relationship_fields/1/zen:ticket".to_owned(), 404),
    ] {
        let reply = world.get(&path).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
    }
}
