//! What clients look at before they begin: languages, the brand, settings, roles, and what the desk has not.

use crate::support::{ADMIN, World};
use serde_json::{Value, json};

#[tokio::test]
async fn locales_are_listed_found_and_chosen() {
    let world = World::new().await;
    let all = world.get("locales.json").await.body;
    let rows = all["locales"].as_array().unwrap();
    assert_eq!(
        (all["count"].as_u64().unwrap() as usize, &rows[0]["locale"]),
        (rows.len(), &json!("en-US"))
    );
    let german = rows.iter().find(|row| row["locale"] == "de").unwrap();
    let id = german["id"].as_u64().unwrap();
    for path in [
        format!("locales/{id}"),
        "locales/de".to_owned(),
        "locales/de-AT.json".to_owned(),
    ] {
        assert_eq!(world.get(&path).await.body["locale"], *german, "{path}");
    }
    assert_eq!(
        world.get("locales/current").await.body["locale"]["locale"],
        "en-US"
    );
    world
        .as_admin("PUT", "users/2", json!({ "user": { "locale": "de" } }))
        .await;
    assert_eq!(world.get("locales/current").await.body["locale"]["id"], id);
    let best = async |path: &str, header: &str| {
        let headers = [("accept-language", header)];
        let reply = world.call_as(ADMIN, "GET", path, &headers, None).await;
        reply.body["locale"]["locale"].clone()
    };
    assert_eq!(
        best("locales/detect_best_locale", "xx, fr;q=0.9, de;q=0.8").await,
        "fr"
    );
    let among = "locales/detect_best_locale?available_locales[]=es&available_locales[]=de";
    assert_eq!(best(among, "fr, de;q=0.5").await, "de");
    assert_eq!(world.get("locales/999").await.status, 404);
    for path in ["locales/agent", "locales/public"] {
        assert_eq!(world.get(path).await.body["count"], all["count"], "{path}");
    }
}

#[tokio::test]
async fn a_desk_is_one_brand() {
    let world = World::new().await;
    let body = world.get("brands.json").await.body;
    assert_eq!(
        (&body["count"], &body["brands"][0]["name"]),
        (&json!(1), &json!("Example"))
    );
    assert_eq!(body["brands"][0]["brand_url"], "https://desk.example.com");
    assert_eq!(world.get("brands/1").await.body["brand"], body["brands"][0]);
    assert_eq!(world.get("brands/2").await.status, 404);
    let reply = world
        .call_as(
            ADMIN,
            "POST",
            "brands",
            &[],
            Some(json!({ "brand": { "name": "B" } })),
        )
        .await;
    assert_eq!(reply.status, 403);
    assert!(
        reply.body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("one brand")
    );
}

#[tokio::test]
async fn settings_are_told_and_what_is_not_kept_is_refused() {
    let world = World::new().await;
    let settings = world.get("account/settings.json").await.body;
    assert_eq!(
        settings["settings"]["email"]["mail_addresses"],
        json!(["support@in.example.com"])
    );
    let put = async |body: Value| {
        world
            .call_as(ADMIN, "PUT", "account/settings", &[], Some(body))
            .await
    };
    let same = json!({ "settings": { "tickets": { "tagging": true } } });
    assert_eq!(put(same).await.status, 200);
    let other = put(json!({ "settings": { "tickets": { "tagging": false } } })).await;
    assert_eq!(other.status, 422);
    assert!(other.body["details"]["settings.tickets.tagging"].is_array());
    assert_eq!(
        world
            .put("account/settings", json!({ "settings": {} }))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn roles_are_those_there_are() {
    let world = World::new().await;
    let body = world.get("custom_roles").await.body;
    let counts: Vec<_> = body["custom_roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["team_member_count"].clone())
        .collect();
    assert_eq!(counts, [2, 1]);
    let role = &body["custom_roles"][0];
    let began = json!("2026-03-02T12:00:00Z");
    assert_eq!((&role["created_at"], &role["updated_at"]), (&began, &began));
    assert_eq!(
        world.get("custom_roles/2").await.body["custom_role"],
        body["custom_roles"][1]
    );
    assert_eq!(world.get("custom_roles/3").await.status, 404);
    assert_eq!(
        world
            .post("custom_roles", json!({ "custom_role": {} }))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn what_the_desk_has_not_is_an_empty_list_or_refused_with_words() {
    let world = World::new().await;
    for (path, name) in [
        ("channels/voice/phone_numbers", "phone_numbers"),
        ("sharing_agreements", "sharing_agreements"),
        ("targets", "targets"),
        ("target_failures", "target_failures"),
        ("dynamic_content/items", "items"),
        ("dynamic_content/items/show_many", "items"),
        ("workspaces", "workspaces"),
        ("resource_collections", "resource_collections"),
        ("custom_objects", "custom_objects"),
        ("queues", "queues"),
        ("sessions", "sessions"),
        ("users/2/sessions", "sessions"),
        ("brand_agents", "brand_agents"),
        ("custom_objects/car/fields", "custom_object_fields"),
        ("custom_objects/car/records", "custom_object_records"),
        ("custom_objects/car/triggers", "triggers"),
        ("deletion_schedules", "deletion_schedules"),
        ("dynamic_content/items/1/variants", "variants"),
        ("email_notifications", "email_notifications"),
        ("email_notifications/show_many", "email_notifications"),
        ("macros/1/attachments", "macro_attachments"),
        ("oauth/clients", "clients"),
        ("oauth/global_clients", "global_clients"),
        ("oauth/tokens", "tokens"),
        ("object_layouts/essentials_cards", "object_layouts"),
        ("organization_subscriptions", "organization_subscriptions"),
        ("ticket_content_pins", "ticket_content_pins"),
    ] {
        let by_number = format!("{path}.json");
        let body = world.call_as(ADMIN, "GET", &by_number, &[], None).await.body;
        assert_eq!((&body[name], &body["count"]), (&json!([]), &json!(0)), "{path}");
        let by_cursor = format!("{path}?page[size]=5");
        let body = world.call_as(ADMIN, "GET", &by_cursor, &[], None).await.body;
        assert_eq!(
            (&body[name], &body["meta"]["has_more"]),
            (&json!([]), &json!(false)),
            "{path}"
        );
    }
    assert_eq!(world.get("targets/7").await.status, 404);
    for path in ["object_limit", "record_limit"] {
        let body = world.get(&format!("custom_objects/limits/{path}")).await.body;
        assert_eq!(body["count"], 0, "{path}");
    }
    for path in ["queues", "group_slas/policies"] {
        let body = world.get(&format!("{path}/definitions")).await.body;
        assert!(body["definitions"].is_object(), "{path}");
    }
    for path in [
        "targets",
        "workspaces",
        "sharing_agreements",
        "organization_subscriptions",
        "oauth/clients",
        "oauth/tokens",
    ] {
        let reply = world.call_as(ADMIN, "POST", path, &[], Some(json!({}))).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(!reply.body["error"]["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(world.get("users/me/session").await.status, 403);
}
