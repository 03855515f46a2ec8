use crate::support::{ADMIN, World};
use serde_json::{Value, json};

async fn write(world: &World, method: &str, path: &str, record: Value) -> (u16, Value) {
    let body = json!({ "recipient_address": record });
    let reply = world.call_as(ADMIN, method, path, &[], Some(body)).await;
    (reply.status.as_u16(), reply.body)
}

#[tokio::test]
async fn a_mailbox_is_made_changed_made_the_default_and_removed() {
    let world = World::new().await;
    let record = json!({ "email": " Sales@in.example.com ", "name": "Sales", "docket": { "group_id": 1, "signature": "{{ agent }}" } });
    let (status, made) = write(&world, "POST", "recipient_addresses", record).await;
    let made = &made["recipient_address"];
    assert_eq!(
        (status, &made["email"], &made["default"]),
        (201, &json!("sales@in.example.com"), &json!(false))
    );
    let path = format!("recipient_addresses/{}", made["id"]);
    let change =
        json!({ "default": true, "docket": { "signature": null, "aliases": ["offers@in.example.com"] } });
    let (status, changed) = write(&world, "PUT", &path, change).await;
    let changed = &changed["recipient_address"];
    assert_eq!((status, &changed["default"]), (200, &json!(true)));
    let docket =
        json!({ "signature": changed["docket"]["signature"], "group_id": changed["docket"]["group_id"] });
    assert_eq!(
        docket,
        json!({ "signature": null, "group_id": 1 }),
        "what is not sent stays"
    );

    let refused = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(refused.status, 409, "the default stays: {}", refused.body);
    let list = world.get("recipient_addresses").await.body;
    let other = list["recipient_addresses"][1]["id"].clone();
    let gone = format!("recipient_addresses/{other}");
    assert_eq!(world.call_as(ADMIN, "DELETE", &gone, &[], None).await.status, 204);
    assert_eq!(world.get(&gone).await.status, 404);
}

#[tokio::test]
async fn a_mailbox_that_could_not_work_is_refused_with_its_field() {
    let world = World::new().await;
    let long = "x".repeat(31);
    for (record, field, words) in [
        (json!({ "name": "No address" }), "email", "not a mail address"),
        (json!({ "email": "sales" }), "email", "not a mail address"),
        (
            json!({ "email": format!("{long}@in.example.com") }),
            "email",
            "at most 30",
        ),
        (json!({ "email": "a+b@in.example.com" }), "email", "without '+'"),
        (
            json!({ "email": "a@in.example.com", "docket": { "aliases": ["x"] } }),
            "docket.aliases",
            "not a mail address",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "aliases": ["a@in.example.com"] } }),
            "docket.aliases",
            "already",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "contact_forms": ["a@in.example.com"] } }),
            "docket.contact_forms",
            "mailbox of this desk",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "group_id": 99 } }),
            "docket.group_id",
            "no group",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "signature": "{{ subject }}" } }),
            "docket.signature",
            "subject is none of",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "answer_template": "Hello" } }),
            "docket.answer_template",
            "exactly once",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "acknowledgement_template": "{{ agent }}" } }),
            "docket.acknowledgement_template",
            "agent is none of",
        ),
        (
            json!({ "email": "a@in.example.com", "docket": { "acknowledgement_subject": "two\nlines" } }),
            "docket.acknowledgement_subject",
            "one line",
        ),
    ] {
        let (status, body) = write(&world, "POST", "recipient_addresses", record.clone()).await;
        assert_eq!(status, 422, "{record}");
        let told = body["details"][field].to_string();
        assert!(told.contains(words), "{record}: {body}");
    }
    assert_eq!(
        world.get("recipient_addresses").await.body["count"],
        1,
        "nothing was changed"
    );
}

#[tokio::test]
async fn only_admins_change_mailboxes_and_a_repeat_makes_one() {
    let world = World::new().await;
    let body = json!({ "recipient_address": { "email": "sales@in.example.com", "name": "Sales" } });
    assert_eq!(world.post("recipient_addresses", body.clone()).await.status, 403);
    let once = [("idempotency-key", "one")];
    let mut ids = Vec::new();
    for lookup in ["miss", "hit"] {
        let made = world
            .call_as(ADMIN, "POST", "recipient_addresses", &once, Some(body.clone()))
            .await;
        assert_eq!(
            (
                made.status.as_u16(),
                made.headers["x-idempotency-lookup"].to_str().unwrap()
            ),
            (201, lookup)
        );
        ids.push(made.body["recipient_address"]["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(world.post("recipient_addresses", body).await.status, 403);
}

#[tokio::test]
async fn a_copy_that_is_no_address_or_a_mailbox_of_ours_is_refused() {
    let world = World::new().await;
    let id = world.ticket("a").await;
    for (cc, words) in [
        (json!({ "user_email": "nobody" }), "not a mail address"),
        (
            json!({ "user_email": "support@in.example.com" }),
            "mailbox of this desk",
        ),
        (json!({ "user_id": 99 }), "nobody's id"),
        (
            json!({ "user_email": "bob@example.org", "action": "drop" }),
            "put or delete",
        ),
    ] {
        let reply = world
            .put(
                &format!("tickets/{id}"),
                json!({ "ticket": { "email_ccs": [cc] } }),
            )
            .await;
        assert_eq!(reply.status, 422, "{}", reply.body);
        assert!(
            reply.body["details"].to_string().contains(words),
            "{}",
            reply.body
        );
    }
    let many: Vec<Value> = (0..41)
        .map(|n| json!({ "user_email": format!("p{n}@example.org") }))
        .collect();
    let reply = world
        .put(
            &format!("tickets/{id}"),
            json!({ "ticket": { "email_ccs": many } }),
        )
        .await;
    assert_eq!(reply.status, 422, "{}", reply.body);

    let whole = json!({ "ticket": { "collaborators": ["bob@example.org", { "name": "Dan", "email": "dan@example.org" }] } });
    let two = world.put(&format!("tickets/{id}"), whole).await.body;
    assert_eq!(two["ticket"]["email_cc_ids"].as_array().unwrap().len(), 2);
    let one = json!({ "ticket": { "collaborators": ["dan@example.org"] } });
    let left = world.put(&format!("tickets/{id}"), one).await.body;
    assert_eq!(
        left["ticket"]["email_cc_ids"].as_array().unwrap().len(),
        1,
        "a whole list replaces what is there"
    );
}

#[tokio::test]
async fn the_ledger_takes_a_span_that_it_can_read() {
    let world = World::new().await;
    let shown = world
        .get("ledger?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z")
        .await;
    assert_eq!(
        (shown.status.as_u16(), &shown.body["ledger"]["is_balanced"]),
        (200, &json!(true))
    );
    for query in [
        "from=yesterday",
        "from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
    ] {
        let reply = world.get(&format!("ledger?{query}")).await;
        assert_eq!(reply.status, 422, "{query}");
    }
}
