//! Fields of tickets, people and organizations: what is defined, and what stands in them.

use crate::support::{ADMIN, World};
use serde_json::{Value, json};

/// A field of tickets; its id.
pub async fn field(world: &World, fields: Value) -> u64 {
    let body = json!({ "ticket_field": fields });
    let made = world.as_admin("POST", "ticket_fields.json", body).await;
    made["ticket_field"]["id"].as_u64().unwrap()
}

/// A field with options whose names are their values in capitals.
pub fn choice(kind: &str, title: &str, values: &[&str]) -> Value {
    let options = values
        .iter()
        .map(|value| json!({ "name": value.to_uppercase(), "value": value }));
    json!({ "type": kind, "title": title, "custom_field_options": options.collect::<Vec<_>>() })
}

#[tokio::test]
async fn a_desk_lists_the_fields_that_every_desk_has() {
    let world = World::new().await;
    let listed = world.get("ticket_fields.json").await.body;
    assert_eq!(listed["count"], 8);
    assert_eq!(listed["next_page"], Value::Null);
    let rows = listed["ticket_fields"].as_array().unwrap();
    let types: Vec<&str> = rows.iter().map(|row| row["type"].as_str().unwrap()).collect();
    let expected = [
        "subject",
        "description",
        "status",
        "tickettype",
        "priority",
        "group",
        "assignee",
        "custom_status",
    ];
    assert_eq!(types, expected);
    assert!(rows.iter().all(|row| row["removable"] == false));
    assert_eq!(
        rows[4]["system_field_options"][3],
        json!({ "name": "Urgent", "value": "urgent" })
    );
    assert_eq!(rows[7]["custom_statuses"].as_array().unwrap().len(), 5);
    let shown = world.get("ticket_fields/3.json").await.body;
    assert_eq!(shown["ticket_field"], rows[2]);
    for (path, list) in [
        ("user_fields", "user_fields"),
        ("organization_fields", "organization_fields"),
    ] {
        let listed = world.get(&format!("{path}.json")).await.body;
        assert_eq!(
            (&listed["count"], &listed[list][0]["key"]),
            (&json!(1), &json!("tier"))
        );
        assert_eq!(listed[list][0]["system"], true);
    }
    let gone = world.call_as(ADMIN, "DELETE", "ticket_fields/1", &[], None).await;
    assert_eq!(gone.status, 422);
}

#[tokio::test]
async fn a_field_is_made_shown_changed_counted_put_in_order_and_deleted() {
    let world = World::new().await;
    let all = json!({
        "type": "regexp",
        "title": "Order",
        "title_in_portal": "Your order",
        "description": "As on the bill",
        "agent_description": "Ask for it",
        "active": true,
        "required": true,
        "required_in_portal": true,
        "visible_in_portal": true,
        "editable_in_portal": true,
        "collapsed_for_agents": true,
        "regexp_for_validation": "^A-\\d+$",
        "position": 3,
    });
    let made = world
        .as_admin("POST", "ticket_fields", json!({ "ticket_field": all }))
        .await;
    let made = &made["ticket_field"];
    for (name, sent) in all.as_object().unwrap() {
        assert_eq!(&made[name], sent, "{name}");
    }
    assert_eq!(
        (&made["raw_title"], &made["removable"]),
        (&json!("Order"), &json!(true))
    );
    let id = made["id"].as_u64().unwrap();
    assert_eq!(
        made["url"],
        format!("https://desk.example.com/api/v2/ticket_fields/{id}.json")
    );
    world.advance(60);
    let path = format!("ticket_fields/{id}.json");
    let changed = world
        .as_admin(
            "PUT",
            &path,
            json!({ "ticket_field": { "title": "Order number", "required": false } }),
        )
        .await;
    let shown = world.get(&path).await.body;
    assert_eq!(shown, changed);
    let shown = &shown["ticket_field"];
    assert_eq!(
        (&shown["title"], &shown["required"]),
        (&json!("Order number"), &json!(false))
    );
    assert_eq!(shown["description"], "As on the bill", "what is not sent stays");
    assert_eq!(shown["created_at"], "2026-03-02T12:00:00Z");
    assert_eq!(shown["updated_at"], "2026-03-02T12:01:00Z");
    let count = world.get("ticket_fields/count.json").await.body;
    assert_eq!(count["count"]["value"], 9);
    let order = json!({ "ticket_field_ids": [id, 5] });
    world.as_admin("PUT", "ticket_fields/reorder", order).await;
    let listed = world.get("ticket_fields").await.body;
    let rows = listed["ticket_fields"].as_array().unwrap();
    let ids: Vec<u64> = rows.iter().map(|row| row["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [id, 5, 1, 2, 3, 4, 6, 7, 8]);
    let page = world.get("ticket_fields?page[size]=2").await.body;
    assert_eq!(
        (&page["ticket_fields"][1]["id"], &page["meta"]["has_more"]),
        (&json!(5), &json!(true))
    );
    let gone = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(gone.status, 204);
    assert_eq!(world.get(&path).await.status, 404);
    let next = field(&world, json!({ "type": "text", "title": "Another" })).await;
    assert!(next > id, "an id is not given twice");
}

#[tokio::test]
async fn a_definition_that_can_t_be_is_refused_at_its_attribute() {
    let world = World::new().await;
    let two = [
        json!({ "name": "A", "value": "a" }),
        json!({ "name": "B", "value": "a" }),
    ];
    for (sent, at) in [
        (json!({ "title": "x" }), "type"),
        (
            json!({ "type": "lookup", "title": "x" }),
            "relationship_target_type",
        ),
        (
            json!({ "type": "lookup", "title": "x", "relationship_target_type": "zen:brand" }),
            "relationship_target_type",
        ),
        (
            json!({ "type": "text", "title": "x", "relationship_target_type": "zen:user" }),
            "relationship_target_type",
        ),
        (
            json!({
                "type": "lookup", "title": "x", "relationship_target_type": "zen:user",
                "relationship_filter": { "all": [{ "field": "role", "operator": "is", "value": "agent" }] },
            }),
            "relationship_filter",
        ),
        (json!({ "type": "colour", "title": "x" }), "type"),
        (json!({ "type": "text" }), "title"),
        (
            json!({ "type": "regexp", "title": "x", "regexp_for_validation": "(" }),
            "regexp_for_validation",
        ),
        (json!({ "type": "tagger", "title": "x" }), "custom_field_options"),
        (
            json!({ "type": "tagger", "title": "x", "custom_field_options": two }),
            "custom_field_options",
        ),
        (json!({ "type": "text", "title": "x".repeat(256) }), "title"),
        (json!({ "type": "checkbox", "title": "x", "tag": "a b" }), "tag"),
        (
            json!({ "type": "text", "title": "x", "sub_type_id": 1 }),
            "sub_type_id",
        ),
    ] {
        let body = Some(json!({ "ticket_field": sent }));
        let reply = world.call_as(ADMIN, "POST", "ticket_fields", &[], body).await;
        assert_eq!(reply.status, 422, "{sent}: {}", reply.body);
        assert!(reply.body["details"][at].is_array(), "{sent}: {}", reply.body);
    }
    let body = json!({ "ticket_field": { "type": "text", "title": "x" } });
    assert_eq!(world.post("ticket_fields", body).await.status, 403, "only admins");
    assert_eq!(world.get("ticket_fields/count").await.body["count"]["value"], 8);
}

#[tokio::test]
async fn options_are_kept_by_their_ids_and_changed_one_by_one() {
    let world = World::new().await;
    let id = field(&world, choice("tagger", "Plan", &["gold", "lead"])).await;
    let path = format!("ticket_fields/{id}/options");
    let listed = world.get(&path).await.body;
    let options = listed["custom_field_options"].as_array().unwrap().clone();
    assert_eq!((listed["count"].clone(), options.len()), (json!(2), 2));
    assert_eq!(
        (&options[0]["name"], &options[0]["value"]),
        (&json!("GOLD"), &json!("gold"))
    );
    let added = json!({ "custom_field_option": { "name": "Tin", "value": "tin", "position": 0 } });
    let reply = world.call_as(ADMIN, "POST", &path, &[], Some(added)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let tin = reply.body["custom_field_option"]["id"].clone();
    let renamed = json!({ "custom_field_option": { "id": options[1]["id"], "name": "Pb" } });
    let reply = world.call_as(ADMIN, "POST", &path, &[], Some(renamed)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.body["custom_field_option"]["value"], "lead");
    let one = world.get(&format!("{path}/{tin}.json")).await.body;
    assert_eq!(one["custom_field_option"]["position"], 0);
    let gone = format!("{path}/{}", options[0]["id"]);
    assert_eq!(world.call_as(ADMIN, "DELETE", &gone, &[], None).await.status, 204);
    assert_eq!(world.get(&gone).await.status, 404);
    let shown = world.get(&format!("ticket_fields/{id}")).await.body;
    let names = shown["ticket_field"]["custom_field_options"].as_array().unwrap();
    let names: Vec<&Value> = names.iter().map(|option| &option["name"]).collect();
    assert_eq!(names, ["Tin", "Pb"]);
    let all = json!({ "ticket_field": { "custom_field_options": [
        { "name": "Lead", "value": "lead" }, { "name": "Zinc", "value": "zinc" },
    ] } });
    let changed = world.as_admin("PUT", &format!("ticket_fields/{id}"), all).await;
    let kept = &changed["ticket_field"]["custom_field_options"][0];
    assert_eq!(kept["id"], options[1]["id"], "the same value is the same option");
}
