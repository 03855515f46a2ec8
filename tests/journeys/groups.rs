//! Groups, memberships, availability and escalation through the API.

use crate::{in_world, mail};
use docket_domain::{
    PersonId, SkillId, TicketNumber,
    assignment::RequiredSkill,
    rule::{RuleAction, RuleBook, RuleKind, Skill},
};
use docket_local::world::{HttpAnswer, World, WorldOptions};
use serde_json::{Value, json};

const ANNA: u64 = 2;

async fn call(world: &World, method: &str, path: &str, body: Value) -> HttpAnswer {
    world.api(method, path, None, &body).await.unwrap()
}

async fn done(world: &World, method: &str, path: &str, body: Value) -> Value {
    let answer = call(world, method, path, body).await;
    assert!(answer.is_success(), "{answer:?}");
    answer.body
}

/// The field and the words of a refusal.
async fn refused(world: &World, method: &str, path: &str, body: Value) -> (u16, String) {
    let answer = call(world, method, path, body).await;
    (answer.status, answer.body.to_string())
}

#[test]
fn a_group_is_made_changed_and_deleted() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let made = json!({ "group": { "name": " Engineers ", "description": "They know." } });
        let made = &done(&world, "POST", "groups", made).await["group"];
        assert_eq!(
            (
                &made["name"],
                &made["description"],
                &made["default"],
                &made["deleted"]
            ),
            (
                &json!("Engineers"),
                &json!("They know."),
                &json!(false),
                &json!(false)
            )
        );
        let path = format!("groups/{}", made["id"]);
        let change = json!({ "group": { "docket": {
            "strategy": "round_robin", "relax_skills_after_seconds": 600, "escalates_to": 1
        } } });
        let changed = &done(&world, "PUT", &path, change).await["group"];
        assert_eq!(
            (&changed["name"], &changed["docket"]),
            (
                &json!("Engineers"),
                &json!({ "strategy": "round_robin", "relax_skills_after_seconds": 600, "escalates_to": 1 })
            )
        );
        let never = json!({ "group": { "docket": { "relax_skills_after_seconds": null } } });
        let changed = &done(&world, "PUT", &path, never).await["group"];
        assert_eq!(changed["docket"]["relax_skills_after_seconds"], Value::Null);
        assert_eq!(call(&world, "DELETE", &path, Value::Null).await.status, 204);
        assert_eq!(call(&world, "DELETE", &path, Value::Null).await.status, 404);
        let gone = &done(&world, "GET", &path, Value::Null).await["group"];
        assert_eq!(gone["deleted"], true);
        let list = done(&world, "GET", "groups", Value::Null).await;
        assert_eq!((&list["count"], &list["groups"][0]["id"]), (&json!(1), &json!(1)));
    });
}

#[test]
fn a_group_that_could_not_work_is_refused_with_its_field() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        for (record, words) in [
            (json!({ "description": "x" }), "cannot be blank"),
            (json!({ "name": " " }), "cannot be blank"),
            (json!({ "name": "Support" }), "is another group's name"),
            (json!({ "name": "x".repeat(201) }), "at most 200"),
            (
                json!({ "name": "A", "docket": { "strategy": "best" } }),
                "strategy",
            ),
            (
                json!({ "name": "A", "docket": { "escalates_to": 9 } }),
                "is no other group's id",
            ),
            (
                json!({ "name": "A", "docket": { "relax_skills_after_seconds": 2_592_001 } }),
                "is at most 2592000",
            ),
        ] {
            let (status, body) = refused(&world, "POST", "groups", json!({ "group": record })).await;
            assert_eq!(status, 422, "{record}: {body}");
            assert!(body.contains(words), "{record}: {body}");
        }
        let itself = json!({ "group": { "docket": { "escalates_to": 1 } } });
        assert_eq!(refused(&world, "PUT", "groups/1", itself).await.0, 422);
        assert_eq!(
            refused(&world, "DELETE", "groups/1", Value::Null).await.0,
            409,
            "the default one"
        );
        assert_eq!(
            refused(&world, "PUT", "groups/7", json!({ "group": {} })).await.0,
            404
        );
    });
}

#[test]
fn memberships_are_listed_made_and_ended() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let group = done(&world, "POST", "groups", json!({ "group": { "name": "B" } })).await;
        let group = group["group"]["id"].as_u64().unwrap();
        let record = json!({ "group_membership": { "user_id": ANNA, "group_id": group } });
        let made = done(&world, "POST", "group_memberships", record).await;
        let made = &made["group_membership"];
        assert_eq!(
            (&made["user_id"], &made["group_id"]),
            (&json!(ANNA), &json!(group))
        );
        let path = format!("group_memberships/{}", made["id"]);
        let shown = done(&world, "GET", &path, Value::Null).await;
        assert_eq!(&shown["group_membership"], made);
        for (list, count) in [
            ("group_memberships".to_owned(), 4),
            (format!("groups/{group}/memberships"), 1),
            (format!("users/{ANNA}/group_memberships"), 2),
        ] {
            assert_eq!(
                done(&world, "GET", &list, Value::Null).await["count"],
                count,
                "{list}"
            );
        }
        assert_eq!(call(&world, "DELETE", &path, Value::Null).await.status, 204);
        assert_eq!(call(&world, "GET", &path, Value::Null).await.status, 404);
        let nobody = json!({ "group_membership": { "user_id": 999, "group_id": 1 } });
        assert_eq!(refused(&world, "POST", "group_memberships", nobody).await.0, 422);
    });
}

#[test]
fn an_agent_goes_away_with_their_tickets_handed_back_and_comes_online() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for agent in [3, 4] {
            let path = format!("agents/{agent}/availability");
            done(&world, "PUT", &path, json!({ "status": "away" })).await;
        }
        world.receive(
            &mail("eve@example.com", "g1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let path = format!("agents/{ANNA}/availability");
        let shown = done(&world, "GET", &path, Value::Null).await;
        assert_eq!(shown["availability"]["load_units"], 1);
        let away = json!({ "status": "away", "hand_back": true });
        let shown = done(&world, "PUT", &path, away).await;
        let shown = &shown["availability"];
        assert_eq!(
            (&shown["status"], &shown["load_units"]),
            (&json!("away"), &json!(0))
        );
        done(&world, "PUT", &path, json!({ "status": "online" })).await;
        world.settle().await;
        let ticket = world
            .local
            .desk
            .tickets()
            .get(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(ticket.assignee, Some(PersonId(ANNA)));
        for wrong in [
            json!({ "status": "lunch" }),
            json!({ "status": "online", "hand_back": true }),
        ] {
            assert_eq!(refused(&world, "PUT", &path, wrong).await.0, 422);
        }
        let nobody = refused(
            &world,
            "PUT",
            "agents/99/availability",
            json!({ "status": "away" }),
        )
        .await;
        assert_eq!(nobody.0, 404);
    });
}

#[test]
fn a_ticket_is_escalated_with_a_reason_once_for_each_key() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(
            &mail("eve@example.com", "g1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let body = json!({ "escalation": { "reason": "too hard" } });
        let (status, words) = refused(&world, "POST", "tickets/1/escalate", body.clone()).await;
        assert_eq!(status, 422);
        assert!(words.contains("no group stands above group 1"), "{words}");
        let group = done(&world, "POST", "groups", json!({ "group": { "name": "B" } })).await;
        let above = json!({ "group": { "docket": { "escalates_to": group["group"]["id"] } } });
        done(&world, "PUT", "groups/1", above).await;
        for _ in 0..2 {
            let answer = world
                .api("POST", "tickets/1/escalate", Some("key"), &body)
                .await
                .unwrap();
            assert!(answer.is_success(), "{answer:?}");
            assert_eq!(answer.body["ticket"]["group_id"], group["group"]["id"]);
        }
        let file = crate::file(&world, 1).await;
        let escalated = file
            .events
            .iter()
            .filter(|event| event.fact.name() == "Escalated");
        assert_eq!(escalated.count(), 1);
        let empty = json!({ "escalation": { "group_id": 1 } });
        assert_eq!(refused(&world, "POST", "tickets/1/escalate", empty).await.0, 422);
    });
}

#[test]
fn a_ticket_that_requires_a_skill_goes_to_whoever_was_given_it() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let french = RequiredSkill {
            skill: SkillId(1),
            level: 3,
        };
        let mut rules = RuleBook {
            skills: vec![Skill::new(SkillId(1), "Language", "French")],
            ..RuleBook::default()
        };
        rules.rules.push(crate::rules::rule(
            1,
            RuleKind::Routing,
            "In French",
            r#"ticket.subject.contains("burns")"#,
            vec![RuleAction::RequireSkills(vec![french])],
        ));
        crate::rules::lay_down(&world, &rules).await;
        let agent = ANNA + 2;
        let path = format!("agents/{agent}/settings");
        let weak = json!({ "settings": { "skills": { "French": 2 }, "capacity_units": 7 } });
        let set = &done(&world, "PUT", &path, weak).await["settings"];
        assert_eq!(
            (&set["skills"], &set["capacity_units"]),
            (&json!({ "French": 2 }), &json!(7))
        );
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Au secours!"),
            &[],
            false,
        );
        world.settle().await;
        let ticket = crate::file(&world, 1).await.ticket;
        assert_eq!((ticket.assignee, ticket.skills.clone()), (None, vec![french]));
        let reason = ticket.waiting.and_then(|waiting| waiting.reason).unwrap();
        assert!(reason.contains("French"), "{reason}");

        let strong = json!({ "settings": { "skills": { "French": 4 } } });
        let set = &done(&world, "PUT", &path, strong).await["settings"];
        assert_eq!(set["capacity_units"], 7, "what is not sent stays");
        world.settle().await;
        assert_eq!(
            crate::file(&world, 1).await.ticket.assignee,
            Some(PersonId(agent))
        );
    });
}

#[test]
fn clients_that_know_attributes_say_who_can_and_what_a_ticket_needs() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let attribute = json!({ "attribute": { "name": "Language" } });
        let made = done(&world, "POST", "routing/attributes", attribute).await;
        let values = format!(
            "routing/attributes/{}/values",
            made["attribute"]["id"].as_str().unwrap()
        );
        let value = json!({ "attribute_value": { "name": "French" } });
        let made = done(&world, "POST", &values, value).await;
        let french = json!({ "attribute_value_ids": [made["attribute_value"]["id"]] });
        let agent = ANNA + 1;
        let away = json!({ "status": "away" });
        for other in [ANNA, ANNA + 1, ANNA + 2] {
            done(
                &world,
                "PUT",
                &format!("agents/{other}/availability"),
                away.clone(),
            )
            .await;
        }
        let letter = mail("eve@example.com", "m1@example.com", "", "Au secours!");
        world.receive(&letter, &[], false);
        world.settle().await;
        done(
            &world,
            "POST",
            "routing/tickets/1/instance_values",
            french.clone(),
        )
        .await;
        let online = json!({ "status": "online" });
        for other in [ANNA, ANNA + 1, ANNA + 2] {
            done(
                &world,
                "PUT",
                &format!("agents/{other}/availability"),
                online.clone(),
            )
            .await;
        }
        world.settle().await;
        let ticket = crate::file(&world, 1).await.ticket;
        assert_eq!(ticket.assignee, None, "nobody speaks French");
        assert!(ticket.waiting.unwrap().reason.unwrap().contains("French"));
        let path = format!("routing/agents/{agent}/instance_values");
        let had = done(&world, "POST", &path, french).await;
        assert_eq!(had["attribute_values"][0]["name"], "French");
        world.settle().await;
        let assignee = crate::file(&world, 1).await.ticket.assignee;
        assert_eq!(assignee, Some(PersonId(agent)));
        let strong = json!({ "settings": { "skills": { "French": 4 } } });
        done(&world, "PUT", &format!("agents/{agent}/settings"), strong).await;
        let all = done(&world, "GET", "routing/agents/instance_values", Value::Null).await;
        let row = &all["instance_values"][0];
        assert_eq!(
            (&row["agent_id"], &row["name"]),
            (&json!(agent), &json!("French"))
        );
        let path_of_some = "routing/agents/instance_values?filter[agent_ids]=2";
        let some = done(&world, "GET", path_of_some, Value::Null).await;
        assert_eq!(some["instance_values"], json!([]));
        let same = json!({ "attribute_value_ids": [row["attribute_value_id"]] });
        done(&world, "POST", &path, same).await;
        let settings = done(&world, "GET", &format!("agents/{agent}/settings"), Value::Null).await;
        assert_eq!(
            settings["settings"]["skills"],
            json!({ "French": 4 }),
            "the level stays"
        );
        let none = json!({ "attribute_value_ids": [] });
        done(&world, "POST", &path, none).await;
        let shown = done(&world, "GET", &path, Value::Null).await;
        assert_eq!(shown["attribute_values"], json!([]));
    });
}
