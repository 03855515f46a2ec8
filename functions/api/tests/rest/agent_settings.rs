//! What an agent can do, how much they take, when they work.

use crate::support::{ADMIN, World};
use docket_domain::{
    SkillId,
    rule::Skill,
    sla::{Book, BookError},
};
use serde_json::{Value, json};

async fn world_with_skills() -> World {
    let world = World::new().await;
    let changed =
        world
            .desk
            .rules()
            .change_book(world.desk.by_system("a test"), vec![], |book: &mut Book| {
                let skill = |id, name| Skill::new(SkillId(id), "Language", name);
                book.rules.skills = vec![skill(1, "French"), skill(2, "German")];
                Ok::<_, BookError>(())
            });
    changed.await.unwrap();
    world
}

async fn put(world: &World, settings: Value) -> (u16, Value) {
    let body = json!({ "settings": settings });
    let reply = world
        .call_as(ADMIN, "PUT", "agents/2/settings", &[], Some(body))
        .await;
    (reply.status.as_u16(), reply.body)
}

#[tokio::test]
async fn the_skills_there_are_are_listed() {
    let world = world_with_skills().await;
    let listed = world.get("routing/skills.json").await.body;
    assert_eq!(
        (&listed["count"], &listed["skills"][1]["name"]),
        (&json!(2), &json!("German"))
    );
    let shown = world.get("agents/2/settings.json").await.body;
    assert_eq!(shown["settings"]["skills"], json!({}));
}

#[tokio::test]
async fn what_there_is_not_is_refused_at_its_field() {
    let world = world_with_skills().await;
    for (settings, field) in [
        (json!({ "skills": { "Dutch": 1 } }), "skills"),
        (json!({ "skills": { "French": 6 } }), "settings"),
        (json!({ "calendar_id": 5 }), "calendar_id"),
        (json!({ "capacity_units": 1_000_000 }), "settings"),
    ] {
        let (status, body) = put(&world, settings.clone()).await;
        assert_eq!(status, 422, "{settings}: {body}");
        assert!(
            body["details"].as_object().unwrap().contains_key(field),
            "{settings}: {body}"
        );
    }
    let by_agent = world.put("agents/2/settings", json!({ "settings": {} })).await;
    assert_eq!(by_agent.status, 403);
    assert_eq!(world.get("agents/99/settings").await.status, 404);
}
