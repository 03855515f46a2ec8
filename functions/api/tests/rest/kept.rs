//! What is sent for a ticket is kept or refused; what was read can be sent back. And what lists of tickets bring along.

use crate::{
    fields::field,
    merging::head,
    support::{World, anns_ticket},
};
use serde_json::{Value, json};

/// Refused with this field.
async fn refused(world: &World, id: u64, fields: Value, at: &str) {
    let body = json!({ "ticket": fields });
    let reply = world.put(&format!("tickets/{id}"), body).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body["details"][at].is_array(), "{at}: {}", reply.body);
}

#[tokio::test]
async fn a_whole_ticket_that_is_sent_back_changes_nothing() {
    let world = World::new().await;
    let order = field(&world, json!({ "type": "text", "title": "Order" })).await;
    let id = world.ticket("Whole").await;
    world
        .change(
            id,
            json!({
                "assignee_id": 2,
                "priority": "high",
                "type": "task",
                "due_at": "2026-04-05T12:00:00Z",
                "tags": ["blue", "red"],
                "external_id": "X-1",
                "custom_fields": [{ "id": order, "value": "A 7" }],
                "additional_collaborators": ["lee@example.com"],
                "followers": [{ "user_id": 3 }],
                "docket": { "snoozed_until": "2026-03-03T12:00:00Z", "fields": { "region": "north" } },
            }),
        )
        .await;
    let path = format!("tickets/{id}");
    let read = world.get(&path).await.body["ticket"].clone();
    let before = head(&world, id).await;
    let sent = world.put(&path, json!({ "ticket": read.clone() })).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert_eq!(head(&world, id).await, before);
    // One field of it is another.
    let mut other = read;
    other["subject"] = json!("Another");
    let sent = world.put(&path, json!({ "ticket": other })).await;
    assert_eq!(sent.body["ticket"]["subject"], "Another", "{}", sent.body);
    world.change(id, json!({ "raw_subject": "A third" })).await;
    assert_eq!(head(&world, id).await.subject, "A third");
}

#[tokio::test]
async fn fields_that_a_ticket_does_not_keep_are_refused() {
    let world = World::new().await;
    let id = world.ticket("Kept").await;
    for (fields, at) in [
        (json!({ "organization_id": 99 }), "organization_id"),
        (json!({ "recipient": "nobody@example.org" }), "recipient"),
        (json!({ "macro_ids": [1] }), "macro_ids"),
        (json!({ "macro_id": 1 }), "macro_id"),
        (json!({ "metadata": { "custom": 1 } }), "metadata"),
        (json!({ "via": { "channel": "email" } }), "via"),
        (json!({ "via_id": 5 }), "via_id"),
        (json!({ "voice_comment": { "from": "1" } }), "voice_comment"),
        (json!({ "via_followup_source_id": 1 }), "via_followup_source_id"),
        (json!({ "requester_id": 2 }), "requester_id"),
    ] {
        refused(&world, id, fields, at).await;
    }
    for fields in [
        json!({ "organization_id": null, "priority": null, "macro_ids": [], "metadata": {} }),
        json!({ "via": { "channel": "api" }, "recipient": "support@in.example.com" }),
    ] {
        world.change(id, fields).await;
    }
    world
        .change(id, json!({ "priority": "low", "group_id": 1 }))
        .await;
    refused(&world, id, json!({ "priority": null }), "priority").await;
    refused(&world, id, json!({ "group_id": null }), "group_id").await;
    for (fields, at) in [
        (json!({ "organization_id": 99 }), "organization_id"),
        (json!({ "recipient": "nobody@example.org" }), "recipient"),
        (
            json!({ "requester": { "email": "lu@example.com", "locale_id": 9999 } }),
            "requester.locale_id",
        ),
    ] {
        let mut body = anns_ticket("New");
        let ticket = body["ticket"].as_object_mut().unwrap();
        ticket.extend(fields.as_object().unwrap().clone());
        let reply = world.post("tickets", body).await;
        assert_eq!(reply.status, 422, "{}", reply.body);
        assert!(reply.body["details"][at].is_array(), "{at}: {}", reply.body);
    }
}

#[tokio::test]
async fn what_a_new_ticket_says_is_kept() {
    let world = World::new().await;
    let french = world.get("locales/fr").await.body["locale"]["id"].clone();
    let acme = world
        .as_admin(
            "POST",
            "organizations",
            json!({ "organization": { "name": "Acme" } }),
        )
        .await;
    let acme = acme["organization"]["id"].clone();
    let lu = json!({ "user": { "name": "Lu", "email": "lu@example.com", "organization_id": acme } });
    let lu = world.as_admin("POST", "users", lu).await["user"]["id"].clone();
    let made = world
        .post(
            "tickets",
            json!({ "ticket": {
                "raw_subject": "Raw",
                "requester_id": lu,
                "organization_id": acme,
                "recipient": "Support@in.example.com",
                "comment": { "body": "Hello" },
            } }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let ticket = &made.body["ticket"];
    assert_eq!(
        (&ticket["subject"], &ticket["organization_id"]),
        (&json!("Raw"), &acme)
    );
    let mut body = anns_ticket("French");
    body["ticket"]["requester"] = json!({ "name": "Max", "email": "max@example.com", "locale_id": french });
    let made = world.post("tickets", body).await;
    let requester = made.body["ticket"]["requester_id"].clone();
    let user = world.get(&format!("users/{requester}")).await.body["user"].clone();
    assert_eq!(user["locale"], "fr", "{user}");
}

#[tokio::test]
async fn the_id_in_another_system_comes_later_changes_and_goes() {
    let world = World::new().await;
    let id = world.ticket("Bug").await;
    assert_eq!(
        world.change(id, json!({ "external_id": "ISSUE-7" })).await["external_id"],
        "ISSUE-7"
    );
    let changed = world.change(id, json!({ "external_id": "ISSUE-8" })).await;
    assert_eq!(changed["external_id"], "ISSUE-8");
    let audits = world.get(&format!("tickets/{id}/audits")).await.body["audits"].clone();
    let events = audits.as_array().unwrap().last().unwrap()["events"].clone();
    assert_eq!(
        (
            &events[0]["field_name"],
            &events[0]["previous_value"],
            &events[0]["value"]
        ),
        (&json!("external_id"), &json!("ISSUE-7"), &json!("ISSUE-8")),
        "{events}"
    );
    refused(
        &world,
        id,
        json!({ "external_id": "x".repeat(256) }),
        "external_id",
    )
    .await;
    let gone = world.change(id, json!({ "external_id": null })).await;
    assert_eq!(gone["external_id"], Value::Null);
}

#[tokio::test]
async fn lists_of_tickets_bring_along_what_is_asked_for() {
    let world = World::new().await;
    let problem = world.ticket("Down").await;
    world.change(problem, json!({ "type": "problem" })).await;
    let incident = world.ticket("Mine, too").await;
    world
        .change(incident, json!({ "type": "incident", "problem_id": problem }))
        .await;
    let include =
        "include=comment_count,dates,last_audits,incident_counts,custom_statuses,ticket_forms,metric_sets";
    let body = world.get(&format!("tickets?{include}")).await.body;
    let row = &body["tickets"][0];
    assert_eq!(
        (&row["comment_count"], &row["incident_count"]),
        (&json!(1), &json!(1)),
        "{row}"
    );
    assert!(row["dates"]["latest_comment_added_at"].is_string(), "{row}");
    assert!(row["metric_set"]["id"].is_number(), "{row}");
    assert_eq!(body["last_audits"].as_array().unwrap().len(), 2);
    assert_eq!(body["last_audits"][0]["ticket_id"], problem);
    assert_eq!(body["custom_statuses"][0]["id"], row["custom_status_id"]);
    assert_eq!(body["ticket_forms"], json!([]));
    let found = world.get("tickets?include=tickets(users,groups)").await.body;
    assert!(found["users"].is_array() && found["groups"].is_array(), "{found}");
}
