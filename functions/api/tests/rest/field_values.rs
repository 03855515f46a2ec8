//! What stands in fields of tickets, people and organizations, and what follows from it.

use crate::{
    fields::{choice, field},
    support::{ADMIN, BO, World, anns_ticket},
};
use serde_json::{Value, json};

/// The value that a ticket shows of a field.
fn value(ticket: &Value, id: u64) -> Value {
    let rows = ticket["custom_fields"].as_array().unwrap();
    assert_eq!(ticket["custom_fields"], ticket["fields"]);
    let row = rows.iter().find(|row| row["id"] == id);
    row.map_or(json!("no such field"), |row| row["value"].clone())
}

fn sent(values: &[(u64, Value)]) -> Value {
    let rows = values
        .iter()
        .map(|(id, value)| json!({ "id": id, "value": value }));
    json!({ "custom_fields": rows.collect::<Vec<_>>() })
}

async fn refused(world: &World, id: u64, fields: Value, at: &str) {
    let path = format!("tickets/{id}");
    let reply = world.put(&path, json!({ "ticket": fields })).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body["details"][at].is_array(), "{at}: {}", reply.body);
}

#[tokio::test]
async fn values_are_kept_typed_and_read_back_wherever_a_ticket_is_shown() {
    let world = World::new().await;
    let of = async |sent: Value| field(&world, sent).await;
    let text = of(json!({ "type": "text", "title": "Text" })).await;
    let area = of(json!({ "type": "textarea", "title": "Area" })).await;
    let flag = of(json!({ "type": "checkbox", "title": "Flag", "tag": "flagged" })).await;
    let integer = of(json!({ "type": "integer", "title": "Integer" })).await;
    let decimal = of(json!({ "type": "decimal", "title": "Decimal" })).await;
    let date = of(json!({ "type": "date", "title": "Date" })).await;
    let order = of(json!({ "type": "regexp", "title": "Order", "regexp_for_validation": "^A-\\d+$" })).await;
    let card = of(json!({ "type": "partialcreditcard", "title": "Card" })).await;
    let plan = of(choice("tagger", "Plan", &["gold", "lead"])).await;
    let many = of(choice("multiselect", "Many", &["red", "green", "blue"])).await;
    let values = [
        (text, json!("A 7")),
        (area, json!("one\n\"two\"")),
        (flag, json!(true)),
        (integer, json!(42)),
        (decimal, json!(12.5)),
        (date, json!("2026-01-31")),
        (order, json!("A-17")),
        (card, json!("4111111111111234")),
        (plan, json!("gold")),
        (many, json!(["red", "blue"])),
    ];
    let mut body = anns_ticket("Printer");
    body["ticket"]["custom_fields"] = sent(&values)["custom_fields"].clone();
    let made = world.post("tickets", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["ticket"]["id"].as_u64().unwrap();
    let check = |ticket: &Value| {
        for (field, sent) in &values {
            let expected = if *field == card {
                json!("XXXXXXXXXXXX1234")
            } else {
                sent.clone()
            };
            assert_eq!(value(ticket, *field), expected, "{field}");
        }
        assert_eq!(ticket["tags"], json!(["blue", "flagged", "gold", "red"]));
        assert_eq!(ticket["docket"]["fields"], json!({}));
        assert_eq!(ticket["brand_id"], 1);
    };
    check(&made.body["ticket"]);
    check(&world.get(&format!("tickets/{id}")).await.body["ticket"]);
    check(&world.get("tickets.json").await.body["tickets"][0]);
    check(&world.get(&format!("tickets/show_many?ids={id}")).await.body["tickets"][0]);
    check(&world.elsewhere().get(&format!("tickets/{id}")).await.body["ticket"]);

    let gone =
        json!({ "fields": { text.to_string(): null, flag.to_string(): false, many.to_string(): ["green"] } });
    let changed = world.change(id, gone).await;
    assert_eq!(value(&changed, text), Value::Null);
    assert_eq!(value(&changed, flag), json!(false));
    assert_eq!(value(&changed, many), json!(["green"]));
    assert_eq!(changed["tags"], json!(["gold", "green"]));
    let same = world
        .change(id, json!({ "custom_fields": changed["custom_fields"] }))
        .await;
    assert_eq!(same["updated_at"], changed["updated_at"]);
    assert_eq!(
        same["docket"]["version"], changed["docket"]["version"],
        "nothing was changed"
    );
}

#[tokio::test]
async fn what_is_no_value_is_refused_at_its_field() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let integer = field(&world, json!({ "type": "integer", "title": "Integer" })).await;
    let order = json!({ "type": "regexp", "title": "Order", "regexp_for_validation": "^A-\\d+$" });
    let order = field(&world, order).await;
    let plan = field(&world, choice("tagger", "Plan", &["gold", "lead"])).await;
    for (field, wrong) in [
        (integer, json!("many")),
        (order, json!("B-1")),
        (plan, json!("tin")),
        (1_999_999, json!("x")),
        (3, json!("open")),
    ] {
        refused(
            &world,
            id,
            sent(&[(field, wrong)]),
            &format!("custom_fields.{field}"),
        )
        .await;
    }
    refused(&world, id, json!({ "custom_fields": "x" }), "custom_fields").await;
    refused(&world, id, json!({ "brand_id": 2 }), "brand_id").await;
    refused(&world, id, json!({ "ticket_form_id": 7 }), "ticket_form_id").await;
    refused(&world, id, json!({ "custom_status_id": 77 }), "custom_status_id").await;
    refused(&world, id, json!({ "due_at": "2026-05-01T12:00:00Z" }), "due_at").await;
    let docket = json!({ "docket": { "fields": { integer.to_string(): "5" } } });
    refused(&world, id, docket, &format!("docket.fields.{integer}")).await;
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(
        (value(&shown, integer), shown["docket"]["version"].clone()),
        (Value::Null, json!(2))
    );
    let own = json!({ "docket": { "fields": { "region": "north" } }, "brand_id": 1 });
    let changed = world.change(id, own).await;
    assert_eq!(changed["docket"]["fields"], json!({ "region": "north" }));
}

#[tokio::test]
async fn tags_and_choices_follow_each_other() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let plan = field(&world, choice("tagger", "Plan", &["gold", "lead"])).await;
    let flag = json!({ "type": "checkbox", "title": "Flag", "tag": "flagged" });
    let flag = field(&world, flag).await;
    let set = world.change(id, sent(&[(plan, json!("gold"))])).await;
    assert_eq!(set["tags"], json!(["gold"]));
    let other = world.change(id, sent(&[(plan, json!("lead"))])).await;
    assert_eq!(other["tags"], json!(["lead"]), "the other option's tag goes");
    let tagged = world
        .change(
            id,
            json!({ "additional_tags": ["gold", "flagged"], "remove_tags": ["lead"] }),
        )
        .await;
    assert_eq!(
        (value(&tagged, plan), value(&tagged, flag)),
        (json!("gold"), json!(true))
    );
    let none = world.change(id, json!({ "tags": ["kept"] })).await;
    assert_eq!(
        (value(&none, plan), value(&none, flag)),
        (Value::Null, json!(false))
    );
    assert_eq!(none["tags"], json!(["kept"]));
}

#[tokio::test]
async fn an_agent_solves_only_what_has_all_that_is_required() {
    let world = World::new().await;
    let order = field(
        &world,
        json!({ "type": "text", "title": "Order", "required": true }),
    )
    .await;
    let id = world.ticket("Printer").await;
    refused(
        &world,
        id,
        json!({ "status": "solved" }),
        &format!("custom_fields.{order}"),
    )
    .await;
    let form = json!({ "ticket_form": { "name": "Short", "ticket_field_ids": [1, 2] } });
    let form = world.as_admin("POST", "ticket_forms", form).await["ticket_form"]["id"].clone();
    let without = world
        .change(id, json!({ "status": "solved", "ticket_form_id": form }))
        .await;
    assert_eq!(without["status"], "solved", "the form does not ask for it");
    let other = world.ticket("Scanner").await;
    let mut both = sent(&[(order, json!("A-1"))]);
    both["status"] = json!("solved");
    assert_eq!(world.change(other, both).await["status"], "solved");
}

#[tokio::test]
async fn an_audit_names_a_field_by_its_id() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let order = field(&world, json!({ "type": "text", "title": "Order" })).await;
    world.change(id, sent(&[(order, json!("A-1"))])).await;
    let body = json!({ "ticket": sent(&[(order, json!("A-2"))]) });
    let reply = world.put(&format!("tickets/{id}"), body).await.body;
    let events = reply["audit"]["events"].as_array().unwrap();
    let change = events
        .iter()
        .find(|event| event["field_name"].as_str() == Some(order.to_string().as_str()))
        .unwrap();
    assert_eq!(
        (&change["type"], &change["previous_value"], &change["value"]),
        (&json!("Change"), &json!("A-1"), &json!("A-2"))
    );
}

#[tokio::test]
async fn a_field_that_is_not_in_use_or_deleted_shows_nothing_and_holds_nobody_up() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let plan = field(&world, choice("tagger", "Plan", &["gold", "lead"])).await;
    let order = field(&world, json!({ "type": "text", "title": "Order" })).await;
    world
        .change(id, sent(&[(plan, json!("gold")), (order, json!("A-1"))]))
        .await;
    let path = format!("ticket_fields/{order}");
    let off = json!({ "ticket_field": { "active": false } });
    world.as_admin("PUT", &path, off).await;
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(value(&shown, order), Value::Null);
    world
        .change(id, json!({ "custom_fields": shown["custom_fields"] }))
        .await;
    refused(
        &world,
        id,
        sent(&[(order, json!("A-2"))]),
        &format!("custom_fields.{order}"),
    )
    .await;
    let on = json!({ "ticket_field": { "active": true } });
    world.as_admin("PUT", &path, on).await;
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(value(&shown, order), "A-1", "what stood in it was not lost");

    world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    world
        .call_as(ADMIN, "DELETE", &format!("ticket_fields/{plan}"), &[], None)
        .await;
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(shown["custom_fields"], json!([]));
    assert_eq!(
        (&shown["tags"], &shown["docket"]["fields"]),
        (&json!(["gold"]), &json!({}))
    );
    let solved = world
        .change(id, json!({ "status": "solved", "tags": ["done"] }))
        .await;
    assert_eq!(
        (&solved["status"], &solved["tags"]),
        (&json!("solved"), &json!(["done"]))
    );
    refused(
        &world,
        id,
        sent(&[(order, json!("A-1"))]),
        &format!("custom_fields.{order}"),
    )
    .await;
}

#[tokio::test]
async fn definitions_that_are_changed_at_once_all_stand() {
    let world = World::new().await;
    let one = async |at: usize| {
        let here = world.elsewhere();
        let body = json!({ "ticket_field": { "type": "text", "title": format!("Field {at}") } });
        here.call_as(ADMIN, "POST", "ticket_fields", &[], Some(body))
            .await
    };
    let (a, b, c) = tokio::join!(one(1), one(2), one(3));
    for reply in [a, b, c] {
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
    let listed = world.elsewhere().get("ticket_fields").await.body;
    assert_eq!(listed["count"], 11);
    let key = [("idempotency-key", "field-1")];
    let body = json!({ "ticket_field": { "type": "text", "title": "Once" } });
    let first = world
        .call_as(ADMIN, "POST", "ticket_fields", &key, Some(body.clone()))
        .await;
    let again = world
        .call_as(ADMIN, "POST", "ticket_fields", &key, Some(body))
        .await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(again.headers["x-idempotency-lookup"], "hit");
    assert_eq!(world.get("ticket_fields/count").await.body["count"]["value"], 12);
}

#[tokio::test]
async fn what_is_defined_elsewhere_can_be_written_at_once() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let there = world.elsewhere();
    let order = field(&there, json!({ "type": "text", "title": "Order" })).await;
    let changed = world.change(id, sent(&[(order, json!("A-1"))])).await;
    assert_eq!(value(&changed, order), "A-1");
}

#[tokio::test]
async fn people_and_organizations_have_fields_by_key() {
    let world = World::new().await;
    for (path, record, things, thing) in [
        ("user_fields", "user_field", "users", "user"),
        (
            "organization_fields",
            "organization_field",
            "organizations",
            "organization",
        ),
    ] {
        let mut plan = choice("dropdown", "Plan", &["pro", "free"]);
        plan["key"] = json!("plan");
        let made = world.as_admin("POST", path, json!({ record: plan })).await;
        assert_eq!(
            (&made[record]["key"], &made[record]["type"]),
            (&json!("plan"), &json!("dropdown"))
        );
        let seats = json!({ record: { "type": "integer", "title": "Seats", "key": "seats" } });
        let seats = world.as_admin("POST", path, seats).await[record]["id"].clone();
        let again = json!({ record: { "type": "text", "title": "x", "key": "plan" } });
        let taken = world.call_as(ADMIN, "POST", path, &[], Some(again)).await;
        assert!(taken.body["details"]["key"].is_array(), "{}", taken.body);
        let by_key = world.get(&format!("{path}/seats.json")).await.body;
        assert_eq!(by_key[record]["id"], seats);

        let own = format!("{thing}_fields");
        let body = json!({ thing: { "name": "Acme", own.clone(): { "plan": "pro", "seats": "12", "tier": "gold" } } });
        let made = world.as_admin("POST", things, body).await;
        let id = made[thing]["id"].as_u64().unwrap();
        let expected = json!({ "plan": "pro", "seats": 12, "tier": "gold" });
        assert_eq!(made[thing][&own], expected);
        let shown = world.elsewhere().get(&format!("{things}/{id}")).await.body;
        assert_eq!(shown[thing][&own], expected);
        let body = json!({ thing: { own.clone(): { "plan": null } } });
        let changed = world.as_admin("PUT", &format!("{things}/{id}"), body).await;
        assert_eq!(
            changed[thing][&own],
            json!({ "plan": null, "seats": 12, "tier": "gold" })
        );
        for (key, wrong) in [
            ("plan", json!("basic")),
            ("seats", json!("many")),
            ("colour", json!("red")),
        ] {
            let body = json!({ thing: { own.clone(): { key: wrong } } });
            let reply = world
                .call_as(ADMIN, "PUT", &format!("{things}/{id}"), &[], Some(body))
                .await;
            assert_eq!(reply.status, 422, "{}", reply.body);
            assert!(
                reply.body["details"][format!("{own}.{key}")].is_array(),
                "{}",
                reply.body
            );
        }
        let order = json!({ format!("{record}_ids"): [seats] });
        world.as_admin("PUT", &format!("{path}/reorder"), order).await;
        assert_eq!(world.get(path).await.body[path][0]["key"], "seats");
        let gone = world
            .call_as(ADMIN, "DELETE", &format!("{path}/seats"), &[], None)
            .await;
        assert_eq!(gone.status, 204);
        let shown = world.get(&format!("{things}/{id}")).await.body;
        assert_eq!(shown[thing][&own], json!({ "plan": null, "tier": "gold" }));
    }
}

#[tokio::test]
async fn a_task_is_due_and_a_ticket_has_one_brand() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let task = json!({ "type": "task", "due_at": "2026-05-01T12:00:00Z" });
    assert_eq!(world.change(id, task).await["due_at"], "2026-05-01T12:00:00Z");
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(
        (&shown["due_at"], &shown["brand_id"]),
        (&json!("2026-05-01T12:00:00Z"), &json!(1))
    );
    let day = world.change(id, json!({ "due_at": "2026-06-01" })).await;
    assert_eq!(day["due_at"], "2026-06-01T00:00:00Z");
    assert_eq!(
        world.change(id, json!({ "type": "incident" })).await["due_at"],
        Value::Null
    );
    assert_eq!(
        world.change(id, json!({ "due_at": null })).await["due_at"],
        Value::Null
    );
    let audits = world.get(&format!("tickets/{id}/audits")).await.body;
    assert!(
        audits.to_string().contains(r#""field_name":"due_at""#),
        "{audits}"
    );
}

#[tokio::test]
async fn rules_read_and_set_fields_as_clients_write_them() {
    let world = World::new().await;
    let plan = field(&world, choice("tagger", "Plan", &["gold", "lead"])).await;
    let seats = field(&world, json!({ "type": "integer", "title": "Seats" })).await;
    let clause = |field: String, operator: &str, value: Value| json!({ "field": field, "operator": operator, "value": value });
    let record = json!({
        "title": "Large",
        "conditions": { "all": [
            clause(format!("custom_fields_{seats}"), "greater_than", json!(9)),
            clause(format!("custom_fields_{seats}"), "changed", Value::Null),
        ], "any": [] },
        "actions": [{ "field": format!("custom_fields_{plan}"), "value": "gold" }],
    });
    let made = world
        .as_admin("POST", "triggers", json!({ "trigger": record }))
        .await;
    assert_eq!(made["trigger"]["conditions"], record["conditions"]);
    assert_eq!(made["trigger"]["actions"], record["actions"]);
    let definitions = world.get("triggers/definitions").await.body;
    assert!(
        definitions
            .to_string()
            .contains(&format!("custom_fields_{seats}"))
    );
    let id = world.ticket("Printer").await;
    let few = world.change(id, sent(&[(seats, json!(9))])).await;
    assert_eq!(value(&few, plan), Value::Null);
    let many = world.change(id, sent(&[(seats, json!(10))])).await;
    assert_eq!(
        (value(&many, plan), &many["tags"]),
        (json!("gold"), &json!(["gold"]))
    );
    let other = world
        .change(id, json!({ "subject": "Scanner", "tags": [] }))
        .await;
    assert_eq!(
        value(&other, plan),
        Value::Null,
        "the field was not changed, so it does not run again"
    );

    let unknown = json!({ "trigger": {
        "title": "x",
        "conditions": { "all": [clause("custom_fields_1999999".to_owned(), "is", json!("x"))] },
        "actions": [{ "field": "priority", "value": "high" }],
    } });
    let reply = world.call_as(ADMIN, "POST", "triggers", &[], Some(unknown)).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    let body = json!({ "macro": { "title": "Upgrade", "actions": [
        { "field": format!("custom_fields_{plan}"), "value": "lead" },
    ] } });
    let made = world.as_admin("POST", "macros", body).await["macro"]["id"].clone();
    let would = world.get(&format!("macros/{made}/apply")).await.body;
    assert_eq!(
        would["result"]["ticket"]["custom_fields"],
        json!([{ "id": plan, "value": "lead" }])
    );
    let ran = world
        .call_as(BO, "POST", &format!("tickets/{id}/macros/{made}/run"), &[], None)
        .await;
    assert_eq!(value(&ran.body["ticket"], plan), "lead");
}
