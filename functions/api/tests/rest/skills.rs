//! Skills in the shapes that clients know: attributes and their values.

use crate::support::{ADMIN, Reply, World};
use docket_domain::{
    RuleId, SkillId,
    assignment::RequiredSkill,
    rule::{Rule, RuleAction, RuleKind, Skill},
    sla::{Book, BookError},
};
use serde_json::{Value, json};

async fn call(world: &World, method: &str, path: &str, body: Value) -> Reply {
    world.call_as(ADMIN, method, path, &[], Some(body)).await
}

/// Makes an attribute, or a value below one; its id.
async fn made(world: &World, path: &str, record: &str, name: &str) -> String {
    let reply = call(world, "POST", path, json!({ record: { "name": name } })).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body[record]["id"].as_str().unwrap().to_owned()
}

async fn attribute(world: &World, name: &str) -> String {
    made(world, "routing/attributes.json", "attribute", name).await
}

async fn value(world: &World, attribute: &str, name: &str) -> String {
    let path = format!("routing/attributes/{attribute}/values.json");
    made(world, &path, "attribute_value", name).await
}

fn said(reply: &Reply, field: &str) -> String {
    assert_eq!(reply.status, 422, "{}", reply.body);
    let words = &reply.body["details"][field][0]["description"];
    words
        .as_str()
        .unwrap_or_else(|| panic!("{}", reply.body))
        .to_owned()
}

#[tokio::test]
async fn attributes_and_values_are_made_shown_renamed_and_deleted() {
    let world = World::new().await;
    let language = attribute(&world, " Language ").await;
    assert_eq!(language.len(), 36, "{language}");
    let french = value(&world, &language, "French").await;
    world.advance(60);
    let path = format!("routing/attributes/{language}");
    let shown = world.get(&path).await.body["attribute"].clone();
    let url = format!("https://desk.example.com/api/v2/{path}.json");
    assert_eq!(
        shown,
        json!({ "id": language, "url": url, "name": "Language",
            "created_at": "2026-03-02T12:00:00Z", "updated_at": "2026-03-02T12:00:00Z" })
    );
    let renamed = call(&world, "PUT", &path, json!({ "attribute": { "name": "Tongue" } })).await;
    let renamed = &renamed.body["attribute"];
    assert_eq!(
        (&renamed["id"], &renamed["name"]),
        (&json!(language), &json!("Tongue"))
    );
    assert_eq!(renamed["updated_at"], "2026-03-02T12:01:00Z");
    let of_value = format!("{path}/values/{french}");
    let body = json!({ "attribute_value": { "name": "Français" } });
    for method in ["PATCH", "PUT"] {
        let reply = call(&world, method, &of_value, body.clone()).await;
        assert_eq!(reply.body["attribute_value"]["name"], "Français");
    }
    let shown = world.get(&of_value).await.body["attribute_value"].clone();
    assert_eq!(
        (&shown["id"], &shown["attribute_id"], &shown["created_at"]),
        (&json!(french), &json!(language), &json!("2026-03-02T12:00:00Z"))
    );
    let listed = world
        .get("routing/attributes?include=attribute_values")
        .await
        .body;
    assert_eq!(
        (&listed["count"], &listed["attributes"][0]["name"]),
        (&json!(1), &json!("Tongue"))
    );
    assert_eq!(listed["attribute_values"][0]["id"], json!(french));

    assert_eq!(call(&world, "DELETE", &of_value, Value::Null).await.status, 204);
    let values = world.get(&format!("{path}/values")).await.body;
    assert_eq!(values["attribute_values"], json!([]));
    assert_eq!(
        world.get(&path).await.status,
        200,
        "an attribute without values stays"
    );
    assert_eq!(call(&world, "DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(world.get(&path).await.status, 404);
    let again = attribute(&world, "Tongue").await;
    assert_ne!(again, language, "an id is never given twice");
}

#[tokio::test]
async fn a_repeat_makes_nothing_twice() {
    let world = World::new().await;
    let key = [("idempotency-key", "k1")];
    let body = json!({ "attribute": { "name": "Language" } });
    let mut ids = Vec::new();
    for _ in 0..2 {
        let reply = world
            .call_as(ADMIN, "POST", "routing/attributes", &key, Some(body.clone()))
            .await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        ids.push(reply.body["attribute"]["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(world.get("routing/attributes").await.body["count"], 1);
}

#[tokio::test]
async fn what_can_not_be_is_refused_with_its_reason() {
    let world = World::new().await;
    let language = attribute(&world, "Language").await;
    let product = attribute(&world, "Product").await;
    let french = value(&world, &language, "French").await;
    let path = format!("routing/attributes/{language}");
    let name = |name: &str| json!({ "attribute": { "name": name } });
    let of_value = |name: &str| json!({ "attribute_value": { "name": name } });
    for (method, path, body, words) in [
        (
            "POST",
            "routing/attributes",
            name("Language"),
            "is already used by another attribute",
        ),
        (
            "PUT",
            &path,
            name("Product"),
            "is already used by another attribute",
        ),
        ("POST", "routing/attributes", name(" "), "cannot be blank"),
        (
            "POST",
            "routing/attributes",
            name(&"x".repeat(101)),
            "1 to 100 characters",
        ),
        (
            "POST",
            &format!("routing/attributes/{product}/values"),
            of_value("French"),
            "is a value of \"Language\"",
        ),
    ] {
        let reply = call(&world, method, path, body).await;
        let said = said(&reply, "name");
        assert!(said.contains(words), "{said}");
    }
    let conditions = json!({ "attribute_value": { "name": "Dutch", "conditions": { "all": [] } } });
    let reply = call(&world, "POST", &format!("{path}/values"), conditions).await;
    assert!(said(&reply, "conditions").contains("routing/rules"));
    for path in [
        "routing/attributes/1",
        &format!("routing/attributes/{french}"),
        &format!("routing/attributes/{product}/values/{french}"),
    ] {
        assert_eq!(world.get(path).await.status, 404, "{path}");
    }
    let required =
        world
            .desk
            .rules()
            .change_book(world.desk.by_system("a test"), vec![], |book: &mut Book| {
                book.rules.rules.push(Rule {
                    id: RuleId(1),
                    kind: RuleKind::Routing,
                    name: "Ask in French".to_owned(),
                    description: String::new(),
                    position: 1,
                    condition: "true".to_owned(),
                    actions: vec![RuleAction::RequireSkills(vec![RequiredSkill {
                        skill: SkillId(1),
                        level: 2,
                    }])],
                    is_last: false,
                    budget: 10,
                    is_active: true,
                    timing: None,
                });
                Ok::<_, BookError>(())
            });
    required.await.unwrap();
    for path in [path.clone(), format!("{path}/values/{french}")] {
        let reply = call(&world, "DELETE", &path, Value::Null).await;
        let said = said(&reply, "base");
        assert!(
            said.contains("the routing rule \"Ask in French\" requires the skill \"French\""),
            "{said}"
        );
    }
    for (method, path) in [
        ("POST", "routing/attributes"),
        ("PUT", path.as_str()),
        ("DELETE", &path),
        ("POST", &format!("{path}/values")),
        ("POST", "routing/agents/2/instance_values"),
    ] {
        let body = json!({ "attribute": { "name": "x" } });
        let by_agent = world
            .call_as("bo@desk.example.com", method, path, &[], Some(body))
            .await;
        assert_eq!(by_agent.status, 403, "{method} {path}");
    }
    let definitions = world.get("routing/attributes/definitions").await.body;
    assert!(
        !definitions["definitions"]["conditions_all"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn attributes_of_skills_from_before_they_were_kept_have_ids_that_stay() {
    let world = World::new().await;
    let changed =
        world
            .desk
            .rules()
            .change_book(world.desk.by_system("a test"), vec![], |book: &mut Book| {
                book.rules.skills = vec![Skill::new(SkillId(1), "Language", "French")];
                Ok::<_, BookError>(())
            });
    changed.await.unwrap();
    let listed = world.get("routing/attributes").await.body;
    let id = listed["attributes"][0]["id"].as_str().unwrap().to_owned();
    value(&world, &id, "German").await;
    let values = world.get(&format!("routing/attributes/{id}/values")).await.body;
    assert_eq!(values["count"], 2);
}

#[tokio::test]
async fn a_ticket_requires_what_is_said_of_it_at_the_level_it_had() {
    let world = World::new().await;
    let language = attribute(&world, "Language").await;
    let french = value(&world, &language, "French").await;
    let german = value(&world, &language, "German").await;
    let id = world.ticket("Bonjour").await;
    let docket = json!({ "docket": { "required_skills": { "French": 3 }, "fields": { "floor": "2" } } });
    let ticket = world.change(id, docket).await;
    let shown = &ticket["docket"];
    assert_eq!(
        (&shown["required_skills"], &shown["fields"]),
        (&json!({ "French": 3 }), &json!({ "floor": "2" }))
    );
    let path = format!("routing/tickets/{id}/instance_values");
    let body = json!({ "attribute_value_ids": [german, french, "of nothing"] });
    let reply = world.post(&path, body).await;
    assert_eq!(reply.body["count"], 2, "{}", reply.body);
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"]["docket"].clone();
    assert_eq!(shown["required_skills"], json!({ "French": 3, "German": 1 }));
    assert_eq!(
        world.get(&path).await.body["attribute_values"][0]["name"],
        "French"
    );
    let audits = world.get(&format!("tickets/{id}/audits")).await.body.to_string();
    assert!(audits.contains("DocketSkillsRequired"), "{audits}");
    for (body, field, words) in [
        (
            json!({ "required_skills": { "Dutch": 1 } }),
            "docket.required_skills",
            "is no skill",
        ),
        (
            json!({ "required_skills": { "French": 9 } }),
            "docket.required_skills",
            "levels go from 1 to 5",
        ),
        (json!({ "fields": { "": "x" } }), "docket.fields", ""),
    ] {
        let reply = world
            .put(&format!("tickets/{id}"), json!({ "ticket": { "docket": body } }))
            .await;
        let said = said(&reply, field);
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(world.post(&path, json!({})).await.status, 422);
    let fulfilled = world
        .get(&format!("routing/requirements/fulfilled?ticket_ids={id},99"))
        .await;
    assert_eq!(fulfilled.body, json!({ "fulfilled_ticket_ids": [] }));
}

#[tokio::test]
async fn what_became_of_attributes_and_values_is_told_change_by_change() {
    let world = World::new().await;
    let made = world
        .as_admin(
            "POST",
            "routing/attributes",
            json!({ "attribute": { "name": "Language" } }),
        )
        .await;
    let attribute = made["attribute"]["id"].as_str().unwrap().to_owned();
    let values = format!("routing/attributes/{attribute}/values");
    let value = json!({ "attribute_value": { "name": "German" } });
    let value = world.as_admin("POST", &values, value).await["attribute_value"]["id"].clone();
    let attributes = world.get("incremental/routing/attributes.json").await.body;
    let told = |row: &Value| (row["id"].clone(), row["name"].clone(), row["type"].clone());
    let rows = attributes["attributes"].as_array().unwrap();
    let of_ours = rows.iter().filter(|row| row["id"] == attribute).map(told);
    assert_eq!(
        of_ours.collect::<Vec<_>>(),
        [(json!(attribute), json!("Language"), json!("create"))]
    );
    assert_eq!(attributes["count"], rows.len());
    // However many changes of values lie between, a page without rows is the end.
    for nth in 0..60 {
        let value = json!({ "attribute_value": { "name": format!("Dialect {nth}") } });
        world.as_admin("POST", &values, value).await;
    }
    let other = json!({ "attribute": { "name": "Product" } });
    world.as_admin("POST", "routing/attributes", other).await;
    let (mut pages, mut names) = (0, Vec::new());
    let mut path_now = "incremental/routing/attribute_values".to_owned();
    loop {
        let page = world.get(&path_now).await.body;
        if page["count"] == 0 {
            break;
        }
        pages += 1;
        let rows = page["attribute_values"].as_array().unwrap().iter();
        names.extend(rows.map(|row| row["name"].as_str().unwrap().to_owned()));
        let (_, next) = page["next_page"]
            .as_str()
            .unwrap()
            .split_once("/api/v2/")
            .unwrap();
        path_now = next.to_owned();
    }
    // No page loads more versions than can be loaded while a client waits, and none is told twice.
    assert!(pages > 1, "{pages}");
    assert_eq!(
        names.iter().filter(|name| name.starts_with("Dialect ")).count(),
        60
    );
    let (_, next) = attributes["next_page"]
        .as_str()
        .unwrap()
        .split_once("/api/v2/")
        .unwrap();
    let attributes = world.get(next).await.body;
    let rows = attributes["attributes"].as_array().unwrap();
    assert_eq!(
        rows.iter().map(|row| row["name"].clone()).collect::<Vec<_>>(),
        [json!("Product")]
    );
    assert!(attributes["end_time"].is_i64());

    // It goes on where it ended, and a page without rows is the end.
    let path = |link: &Value| {
        link.as_str()
            .unwrap()
            .split_once("/api/v2/")
            .unwrap()
            .1
            .to_owned()
    };
    let next = path(&attributes["next_page"]);
    assert_eq!(world.get(&next).await.body["count"], 0);
    let renamed = json!({ "attribute": { "name": "Tongue" } });
    world
        .as_admin("PUT", &format!("routing/attributes/{attribute}"), renamed)
        .await;
    world
        .call_as(
            ADMIN,
            "DELETE",
            &format!("routing/attributes/{attribute}"),
            &[],
            None,
        )
        .await;
    let later = world.get(&next).await.body;
    let rows = later["attributes"].as_array().unwrap();
    assert_eq!(
        rows.iter().map(told).collect::<Vec<_>>(),
        [
            (json!(attribute), json!("Tongue"), json!("update")),
            (json!(attribute), json!("Tongue"), json!("delete")),
        ]
    );
    assert_eq!(world.get(&path(&later["next_page"])).await.body["count"], 0);

    let of_values = world.get("incremental/routing/attribute_values").await.body;
    let rows = of_values["attribute_values"].as_array().unwrap();
    let ours: Vec<&Value> = rows.iter().filter(|row| row["id"] == value).collect();
    let kinds: Vec<&Value> = ours.iter().map(|row| &row["type"]).collect();
    assert_eq!(kinds, ["create"]);
    assert_eq!(ours[0]["attribute_id"], attribute);
    let path_of_rest = path(&of_values["next_page"]);
    let rest = world.get(&path_of_rest).await.body;
    let rows = rest["attribute_values"].as_array().unwrap();
    let ours: Vec<&Value> = rows.iter().filter(|row| row["id"] == value).collect();
    assert_eq!(ours.len(), 1, "{rest}");
    assert_eq!(ours[0]["type"], "delete");

    let refused = world.get("incremental/routing/instance_values").await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        world.get("incremental/routing/attributes?cursor=x").await.status,
        400
    );
}
