//! Forms and statuses of the operator's own.

use crate::support::{ADMIN, World};
use serde_json::{Value, json};

async fn status(world: &World, category: &str, label: &str) -> u64 {
    let body = json!({ "custom_status": { "status_category": category, "agent_label": label } });
    let made = world.as_admin("POST", "custom_statuses", body).await;
    made["custom_status"]["id"].as_u64().unwrap()
}

fn ids(list: &Value) -> Vec<u64> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_form_is_made_changed_copied_put_in_order_and_deleted() {
    let world = World::new().await;
    assert_eq!(world.get("ticket_forms").await.body["ticket_forms"], json!([]));
    let body = json!({ "ticket_form": {
        "name": "Returns", "display_name": "Send it back", "end_user_visible": true, "ticket_field_ids": [1, 2, 5],
    } });
    let made = world.as_admin("POST", "ticket_forms", body).await["ticket_form"].clone();
    assert_eq!(made["ticket_field_ids"], json!([1, 2, 5]));
    assert_eq!((&made["default"], &made["active"]), (&json!(true), &json!(true)));
    assert_eq!(made["display_name"], "Send it back");
    let id = made["id"].as_u64().unwrap();
    let path = format!("ticket_forms/{id}");
    let wrong = json!({ "ticket_form": { "ticket_field_ids": [999] } });
    let reply = world.call_as(ADMIN, "PUT", &path, &[], Some(wrong)).await;
    assert!(
        reply.body["details"]["ticket_field_ids"].is_array(),
        "{}",
        reply.body
    );
    let body = json!({ "ticket_form": { "name": "Returned", "agent_conditions": [
        { "parent_field_id": 5, "value": "high", "child_fields": [{ "id": 1, "is_required": true }] },
    ] } });
    let changed = world.as_admin("PUT", &path, body.clone()).await;
    assert_eq!(
        changed["ticket_form"]["agent_conditions"],
        body["ticket_form"]["agent_conditions"]
    );
    assert_eq!(world.get(&path).await.body, changed);
    let clone = json!({ "prepend_clone_title": true });
    let copy = world.as_admin("POST", &format!("{path}/clone"), clone).await["ticket_form"].clone();
    assert_eq!(
        (&copy["name"], &copy["default"]),
        (&json!("Clone of Returned"), &json!(false))
    );
    let copied = copy["id"].as_u64().unwrap();
    let order = json!({ "ticket_form_ids": [copied, id] });
    let reordered = world.as_admin("PUT", "ticket_forms/reorder", order).await;
    assert_eq!(ids(&reordered["ticket_forms"]), [copied, id]);
    assert_eq!(
        ids(&world.get("ticket_forms").await.body["ticket_forms"]),
        [copied, id]
    );
    let many = world
        .get(&format!("ticket_forms/show_many?ids={id},77"))
        .await
        .body;
    assert_eq!(ids(&many["ticket_forms"]), [id]);
    let off = json!({ "ticket_form": { "active": false } });
    assert_eq!(
        world
            .call_as(ADMIN, "PUT", &path, &[], Some(off.clone()))
            .await
            .status,
        422,
        "the default"
    );
    world
        .as_admin("PUT", &format!("ticket_forms/{copied}"), off)
        .await;
    assert_eq!(
        ids(&world.get("ticket_forms?active=true").await.body["ticket_forms"]),
        [id]
    );
    assert_eq!(
        world.call_as(ADMIN, "DELETE", &path, &[], None).await.status,
        422,
        "the default"
    );
    let gone = format!("ticket_forms/{copied}");
    assert_eq!(world.call_as(ADMIN, "DELETE", &gone, &[], None).await.status, 204);
    assert_eq!(world.get(&gone).await.status, 404);
}

#[tokio::test]
async fn a_ticket_belongs_to_a_form() {
    let world = World::new().await;
    let body = json!({ "ticket_form": { "name": "Returns" } });
    let form = world.as_admin("POST", "ticket_forms", body).await["ticket_form"]["id"].clone();
    let id = world.ticket("Printer").await;
    assert_eq!(
        world.get("tickets/1").await.body["ticket"]["ticket_form_id"],
        Value::Null
    );
    let changed = world.change(id, json!({ "ticket_form_id": form })).await;
    assert_eq!(changed["ticket_form_id"], form);
    assert_eq!(
        world.get("tickets/1").await.body["ticket"]["ticket_form_id"],
        form
    );
    let none = world.change(id, json!({ "ticket_form_id": null })).await;
    assert_eq!(none["ticket_form_id"], Value::Null);
}

#[tokio::test]
async fn statuses_of_one_s_own_are_of_a_category_and_one_of_each_is_the_default() {
    let world = World::new().await;
    let listed = world.get("custom_statuses").await.body["custom_statuses"].clone();
    assert_eq!(ids(&listed), [1, 2, 3, 4, 5]);
    assert_eq!(
        (&listed[3]["status_category"], &listed[3]["agent_label"]),
        (&json!("hold"), &json!("On-hold"))
    );
    let waiting = status(&world, "open", "Waiting for parts").await;
    let path = format!("custom_statuses/{waiting}");
    let shown = world.get(&path).await.body["custom_status"].clone();
    assert_eq!(
        (&shown["active"], &shown["default"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(shown["end_user_label"], "Waiting for parts");
    let body = json!({ "custom_status": { "end_user_label": "In progress", "description": "Parts" } });
    let changed = world.as_admin("PUT", &path, body).await;
    assert_eq!(changed["custom_status"]["end_user_label"], "In progress");
    assert_eq!(world.get(&path).await.body, changed);
    let open = world.get("custom_statuses?status_categories=open").await.body;
    assert_eq!(ids(&open["custom_statuses"]), [2, waiting]);
    assert_eq!(
        world.get("custom_statuses?status_categories=stuck").await.status,
        422
    );
    let reply = world
        .call_as(
            ADMIN,
            "PUT",
            "custom_status/default",
            &[],
            Some(json!({ "ids": [waiting] })),
        )
        .await;
    assert_eq!(reply.status, 204, "{}", reply.body);
    let defaults = world.get("custom_statuses?default=true").await.body;
    assert_eq!(ids(&defaults["custom_statuses"]), [1, waiting, 3, 4, 5]);
    let off = json!({ "custom_status": { "active": false } });
    assert_eq!(
        world.call_as(ADMIN, "PUT", &path, &[], Some(off)).await.status,
        422,
        "the default"
    );
    for (sent, at) in [
        (json!({ "agent_label": "x" }), "status_category"),
        (
            json!({ "agent_label": "x", "status_category": "closed" }),
            "status_category",
        ),
        (json!({ "status_category": "open" }), "agent_label"),
        (
            json!({ "status_category": "open", "agent_label": "x".repeat(49) }),
            "agent_label",
        ),
    ] {
        let body = Some(json!({ "custom_status": sent }));
        let reply = world.call_as(ADMIN, "POST", "custom_statuses", &[], body).await;
        assert!(reply.body["details"][at].is_array(), "{sent}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_status_of_one_s_own_sets_its_category_and_a_category_its_default() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let parts = status(&world, "hold", "Waiting for parts").await;
    let shipped = status(&world, "hold", "Shipped").await;
    let of = |ticket: &Value| (ticket["status"].clone(), ticket["custom_status_id"].clone());
    let shown = world.get("tickets/1").await.body["ticket"].clone();
    assert_eq!(of(&shown), (json!("new"), json!(1)));
    let held = world.change(id, json!({ "custom_status_id": parts })).await;
    assert_eq!(of(&held), (json!("hold"), json!(parts)));
    assert_eq!(
        of(&world.get("tickets/1").await.body["ticket"]),
        (json!("hold"), json!(parts))
    );
    let next = world
        .change(id, json!({ "custom_status_id": shipped, "status": "hold" }))
        .await;
    assert_eq!(of(&next), (json!("hold"), json!(shipped)));
    let back = world.change(id, json!({ "status": "hold" })).await;
    assert_eq!(
        of(&back),
        (json!("hold"), json!(4)),
        "a category alone means its default"
    );
    world.change(id, json!({ "custom_status_id": parts })).await;
    let open = world.change(id, json!({ "status": "open" })).await;
    assert_eq!(of(&open), (json!("open"), json!(2)));
    world
        .as_admin(
            "PUT",
            &format!("custom_statuses/{parts}"),
            json!({ "custom_status": { "default": true } }),
        )
        .await;
    let held = world.change(id, json!({ "status": "hold" })).await;
    assert_eq!(of(&held), (json!("hold"), json!(parts)));
    let off = json!({ "custom_status": { "active": false } });
    world
        .as_admin("PUT", &format!("custom_statuses/{shipped}"), off)
        .await;
    let body = json!({ "ticket": { "custom_status_id": shipped } });
    let reply = world.put("tickets/1", body).await;
    assert!(
        reply.body["details"]["custom_status_id"].is_array(),
        "{}",
        reply.body
    );
    let audits = world.get("tickets/1/audits").await.body.to_string();
    assert!(audits.contains(r#""field_name":"custom_status_id""#), "{audits}");

    let record = json!({
        "title": "Parts",
        "conditions": { "all": [{ "field": "custom_status_id", "operator": "includes", "value": [parts] }], "any": [] },
        "actions": [{ "field": "current_tags", "value": "parts" }],
    });
    let made = world
        .as_admin("POST", "triggers", json!({ "trigger": record }))
        .await;
    assert_eq!(made["trigger"]["conditions"], record["conditions"]);
    world.change(id, json!({ "status": "open" })).await;
    let held = world.change(id, json!({ "custom_status_id": parts })).await;
    assert_eq!(held["tags"], json!(["parts"]));
}

#[tokio::test]
async fn a_form_s_tickets_have_the_form_s_statuses() {
    let world = World::new().await;
    let id = world.ticket("Printer").await;
    let body = json!({ "ticket_form": { "name": "Returns" } });
    let form = world.as_admin("POST", "ticket_forms", body).await["ticket_form"]["id"].clone();
    let parts = status(&world, "hold", "Waiting for parts").await;
    let shipped = status(&world, "hold", "Shipped").await;
    let path = format!("ticket_forms/{form}/ticket_form_statuses");
    let body = json!({ "ticket_form_status": [{ "custom_status_id": parts }] });
    let made = world.as_admin("POST", &path, body).await["ticket_form_statuses"].clone();
    assert_eq!(
        (&made[0]["custom_status_id"], &made[0]["ticket_form_id"]),
        (&json!(parts), &form)
    );
    let pair = made[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.get(&path).await.body["ticket_form_statuses"], made);
    assert_eq!(
        world.get("ticket_form_statuses").await.body["ticket_form_statuses"],
        made
    );
    let many = world
        .get(&format!("ticket_form_statuses/show_many?ids={pair}"))
        .await
        .body;
    assert_eq!(many["ticket_form_statuses"], made);
    world.change(id, json!({ "ticket_form_id": form })).await;
    let body = json!({ "ticket": { "custom_status_id": shipped } });
    let reply = world.put("tickets/1", body.clone()).await;
    assert!(
        reply.body["details"]["custom_status_id"].is_array(),
        "{}",
        reply.body
    );
    let of_status = json!({ "ticket_form_status": [{ "ticket_form_id": form }] });
    world
        .as_admin(
            "POST",
            &format!("custom_statuses/{shipped}/ticket_form_statuses"),
            of_status,
        )
        .await;
    assert_eq!(world.put("tickets/1", body).await.status, 200);
    let change = json!({ "ticket_form_status": { "custom_status_id": 4 } });
    let changed = world.as_admin("PUT", &format!("{path}/{pair}"), change).await;
    assert_eq!(changed["ticket_form_statuses"][0]["custom_status_id"], 4);
    let gone = json!({ "ticket_form_status": [{ "id": pair, "_destroy": true }, { "custom_status_id": 2 }] });
    let left = world.as_admin("PUT", &path, gone).await["ticket_form_statuses"].clone();
    assert_eq!(
        (
            left[0]["custom_status_id"].clone(),
            left[1]["custom_status_id"].clone()
        ),
        (json!(shipped), json!(2))
    );
    let one = format!("{path}/{}", left[1]["id"].as_str().unwrap());
    assert_eq!(world.call_as(ADMIN, "DELETE", &one, &[], None).await.status, 204);
    assert_eq!(world.call_as(ADMIN, "DELETE", &path, &[], None).await.status, 204);
    assert_eq!(world.get(&path).await.body["ticket_form_statuses"], json!([]));
}

#[tokio::test]
async fn a_filter_that_is_neither_yes_nor_no_is_refused() {
    let world = World::new().await;
    for path in ["ticket_forms?active=perhaps", "custom_statuses?default=perhaps"] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, 422, "{path}: {}", reply.body);
        assert_eq!(
            world.get(&path.replace("perhaps", "")).await.status,
            200,
            "{path}"
        );
    }
}
