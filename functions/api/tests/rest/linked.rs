//! Problems with their incidents, follow-ups, and agents who follow a ticket.

use crate::{
    merging::head,
    support::{ADMIN, World, anns_ticket},
};
use docket_desk::IncidentsNudge;
use docket_domain::{
    TicketNumber,
    outbox::{MailPurpose, Work},
};
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_problem_has_incidents() {
    let world = World::new().await;
    let problem = world.ticket("The mail server is down").await;
    let other = world.ticket("Nothing else").await;
    world.change(problem, json!({ "type": "problem" })).await;
    let refused = world
        .put(
            &format!("tickets/{other}"),
            json!({ "ticket": { "problem_id": problem } }),
        )
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it is no incident"
    );
    let incident = world
        .change(other, json!({ "type": "incident", "problem_id": problem }))
        .await;
    assert_eq!(incident["problem_id"], problem);
    let listed = world.get(&format!("tickets/{problem}/incidents")).await.body;
    assert_eq!(
        (&listed["count"], &listed["tickets"][0]["id"]),
        (&json!(1), &json!(other))
    );
    assert_eq!(
        world.get(&format!("tickets/{problem}")).await.body["ticket"]["has_incidents"],
        true
    );
    assert_eq!(
        world.get(&format!("tickets/{problem}/related")).await.body["incidents"],
        1
    );
    let problems = world.get("problems").await.body;
    assert_eq!(
        (&problems["count"], &problems["tickets"][0]["id"]),
        (&json!(1), &json!(problem))
    );
    for (text, count) in [("MAIL", 1), ("lamp", 0)] {
        let found = world.post("problems/autocomplete", json!({ "text": text })).await;
        assert_eq!(found.body["count"], count, "{}", found.body);
    }
    let by_address = world.post("problems/autocomplete?text=mail", Value::Null).await;
    assert_eq!(by_address.body["count"], 1, "{}", by_address.body);
    let no_problem = world
        .put(
            &format!("tickets/{other}"),
            json!({ "ticket": { "problem_id": other } }),
        )
        .await;
    assert_eq!(no_problem.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What is no incident any more has no problem either.
    assert_eq!(
        world.change(other, json!({ "type": "question" })).await["problem_id"],
        Value::Null
    );
    assert_eq!(
        world.get(&format!("tickets/{problem}/incidents")).await.body["count"],
        0
    );
    assert_eq!(
        world.get(&format!("tickets/{problem}")).await.body["ticket"]["has_incidents"],
        false
    );
    let audits = world.get(&format!("tickets/{other}/audits")).await.body;
    assert!(audits.to_string().contains("problem_id"));
}

#[tokio::test]
async fn solving_a_problem_solves_its_incidents_and_says_the_same_there() {
    let world = World::new().await;
    // Whoever works here may ask for it themselves.
    let down = json!({ "subject": "The mail server is down", "type": "problem", "comment": { "body": "All of it." } });
    let made = world.post("tickets", json!({ "ticket": down })).await.body;
    let (problem, me) = (
        made["ticket"]["id"].as_u64().unwrap(),
        &made["ticket"]["requester_id"],
    );
    let (incident, solved) = (
        world.ticket("No mail").await,
        world.ticket("No mail either").await,
    );
    for number in [incident, solved] {
        let linked = json!({ "type": "incident", "problem_id": problem });
        world.change(number, linked).await;
    }
    world.change(solved, json!({ "status": "solved" })).await;
    let said = json!({ "status": "solved", "comment": { "body": "It runs again.", "public": true } });
    world.change(problem, said).await;
    let audits = world.get(&format!("tickets/{problem}/audits")).await.body;
    let queued = events_of(&audits, "DocketIncidentsQueued");
    let comments = world.get(&format!("tickets/{problem}/comments")).await.body;
    assert_eq!(queued.len(), 1, "{audits}");
    assert_eq!(queued[0]["comment_id"], comments["comments"][1]["id"]);

    let due = head(&world, problem).await.incidents_due.unwrap();
    let nudge = IncidentsNudge::new(&world.desk.settings.tenant, TicketNumber(problem), due.v);
    for _ in 0..2 {
        assert_eq!(world.desk.tickets().solve_incidents(&nudge).await.unwrap(), None);
    }
    let shown = world.get(&format!("tickets/{incident}")).await.body;
    assert_eq!(shown["ticket"]["status"], "solved");
    let bodies = async |number: u64| -> Vec<(Value, Value, Value)> {
        let listed = world.get(&format!("tickets/{number}/comments")).await.body;
        let rows = listed["comments"].as_array().unwrap().iter();
        rows.map(|row| {
            (
                row["body"].clone(),
                row["author_id"].clone(),
                row["public"].clone(),
            )
        })
        .skip(1)
        .collect()
    };
    assert_eq!(
        bodies(incident).await,
        [(json!("It runs again."), me.clone(), json!(true))]
    );
    assert_eq!(bodies(solved).await, [], "it was solved before");
    let audits = world.get(&format!("tickets/{problem}/audits")).await.body;
    let recorded = events_of(&audits, "DocketIncidentsSolved");
    assert_eq!((recorded.len(), &recorded[0]["left"]), (1, &json!(0)));
}

/// The events of a kind in a list of audits.
fn events_of(audits: &Value, kind: &str) -> Vec<Value> {
    let all = audits["audits"].as_array().unwrap().iter();
    all.flat_map(|audit| audit["events"].as_array().unwrap().clone())
        .filter(|event| event["type"] == kind)
        .collect()
}

#[tokio::test]
async fn a_new_ticket_follows_a_closed_one() {
    let world = World::new().await;
    let closed = world.ticket("Old").await;
    let mut body = anns_ticket("New");
    body["ticket"]["via_followup_source_id"] = json!(closed);
    assert_eq!(
        world.post("tickets", body.clone()).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    world.change(closed, json!({ "status": "solved" })).await;
    world.change(closed, json!({ "status": "closed" })).await;
    let made = world.post("tickets", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let ticket = &made.body["ticket"];
    assert_eq!(ticket["via"]["source"]["rel"], "follow_up");
    assert_eq!(ticket["via"]["source"]["from"]["ticket_id"], closed);
    let id = ticket["id"].as_u64().unwrap();
    assert_eq!(
        world.get(&format!("tickets/{closed}")).await.body["ticket"]["followup_ids"],
        json!([id])
    );
    let related = world.get(&format!("tickets/{id}/related")).await.body;
    assert_eq!(related["followup_source_ids"], json!([closed]));
}

#[tokio::test]
async fn agents_who_follow_are_mailed_what_they_did_not_write() {
    let world = World::new().await;
    let id = world.ticket("Lamp").await;
    let followed = world
        .change(id, json!({ "followers": [{ "user_id": 1 }, { "user_email": "cy@desk.example.com", "action": "put" }, { "user_id": 2 }] }))
        .await;
    assert_eq!(followed["follower_ids"], json!([1, 2, 3]));
    let users = world.get(&format!("tickets/{id}/followers")).await.body;
    assert_eq!(users["count"], 3);
    world
        .change(
            id,
            json!({ "comment": { "body": "Only for us.", "public": false } }),
        )
        .await;
    let file = world
        .desk
        .tickets()
        .file(TicketNumber(id))
        .await
        .unwrap()
        .unwrap();
    let told: Vec<_> = file
        .outbox
        .iter()
        .filter_map(|item| match &item.work {
            Work::Mail {
                purpose: MailPurpose::FollowerNotice { .. },
                ..
            } => Some(
                item.work
                    .recipients()
                    .iter()
                    .map(|person| person.0)
                    .collect::<Vec<_>>(),
            ),
            _ => None,
        })
        .collect();
    assert_eq!(told, [vec![1, 3]], "Bo wrote it");
    let fewer = world
        .change(id, json!({ "followers": [{ "user_id": 1, "action": "delete" }] }))
        .await;
    assert_eq!(fewer["follower_ids"], json!([2, 3]));
    assert_eq!(
        world.change(id, json!({ "follower_ids": [3] })).await["follower_ids"],
        json!([3])
    );
    let ann = head(&world, id).await.requester;
    let refused = world
        .put(
            &format!("tickets/{id}"),
            json!({ "ticket": { "followers": [{ "user_id": ann }] } }),
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        world
            .call_as(ADMIN, "GET", &format!("tickets/{id}/followers"), &[], None)
            .await
            .body["count"],
        1
    );
}

#[tokio::test]
async fn whoever_works_here_no_more_can_still_stop_following() {
    let world = World::new().await;
    let id = world.ticket("Lamp").await;
    let cy = json!([{ "user_email": "cy@desk.example.com" }]);
    world.change(id, json!({ "followers": cy })).await;
    let left = json!({ "user": { "role": "end-user" } });
    let reply = world.call_as(ADMIN, "PUT", "users/3", &[], Some(left)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let gone = json!([{ "user_email": "cy@desk.example.com", "action": "delete" }, { "user_id": 999, "action": "delete" }]);
    let ticket = world.change(id, json!({ "followers": gone })).await;
    assert_eq!(ticket["follower_ids"], json!([]));
}
