use crate::support::{ADMIN, World};
use docket_domain::PersonId;
use serde_json::{Value, json};

async fn person(world: &World, name: &str) -> u64 {
    let body = json!({ "user": { "name": name, "email": format!("{name}@example.com") } });
    world.post("users", body).await.body["user"]["id"]
        .as_u64()
        .unwrap()
}

/// A ticket that somebody wrote themselves.
async fn letter(world: &World, of: u64) -> u64 {
    let body = json!({ "ticket": {
        "subject": "Help", "requester_id": of, "comment": { "body": "It does not work.", "author_id": of },
    } });
    world.post("tickets", body).await.body["ticket"]["id"]
        .as_u64()
        .unwrap()
}

async fn requester(world: &World, ticket: u64) -> u64 {
    let shown = world.get(&format!("tickets/{ticket}")).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    shown.body["ticket"]["requester_id"].as_u64().unwrap()
}

async fn merge(world: &World, loser: u64, winner: u64) -> crate::support::Reply {
    world
        .put(
            &format!("users/{loser}/merge"),
            json!({ "user": { "id": winner } }),
        )
        .await
}

/// Does what is left to the sweep.
async fn sweep(world: &World, id: u64) {
    for _ in 0..3 {
        world.desk.people().go_on(PersonId(id), 100).await.unwrap();
        world.advance(61);
    }
}

#[tokio::test]
async fn of_two_records_one_stays_and_all_that_was_the_others_leads_to_it() {
    let world = World::new().await;
    let acme = world
        .as_admin(
            "POST",
            "organizations",
            json!({ "organization": { "name": "Acme" } }),
        )
        .await;
    let acme = acme["organization"]["id"].clone();
    let (ann, lee) = (person(&world, "ann").await, person(&world, "lee").await);
    let belongs = json!({ "organization_membership": { "user_id": lee, "organization_id": acme } });
    world.post("organization_memberships", belongs).await;
    let (open, closed, deleted) = (
        letter(&world, lee).await,
        letter(&world, lee).await,
        letter(&world, lee).await,
    );
    world.change(closed, json!({ "status": "solved" })).await;
    world
        .call_as(ADMIN, "DELETE", &format!("tickets/{deleted}"), &[], None)
        .await;
    let merged = merge(&world, lee, ann).await;
    assert_eq!(
        (merged.status.as_u16(), &merged.body["user"]["id"]),
        (200, &json!(ann)),
        "{}",
        merged.body
    );
    assert_eq!(merged.body["user"]["organization_id"], acme);
    let identities = world.get(&format!("users/{ann}/identities")).await.body;
    assert_eq!(identities["count"], 2);
    for ticket in [open, closed] {
        assert_eq!(requester(&world, ticket).await, ann);
    }
    world
        .call_as(
            ADMIN,
            "PUT",
            &format!("deleted_tickets/{deleted}/restore"),
            &[],
            None,
        )
        .await;
    assert_eq!(requester(&world, deleted).await, ann);
    let requested = world.get(&format!("users/{ann}/tickets/requested")).await.body;
    assert_eq!(requested["count"], 3);
    assert_eq!(
        world.get(&format!("organizations/{acme}/users")).await.body["users"][0]["id"],
        ann
    );
    let later =
        json!({ "ticket": { "comment": { "body": "Again" }, "requester": { "email": "lee@example.com" } } });
    let later = world.post("tickets", later).await.body;
    assert_eq!(
        later["ticket"]["requester_id"], ann,
        "whoever writes with the other's address"
    );
    let gone = world.get(&format!("users/{lee}")).await.body["user"].clone();
    assert_eq!(
        (&gone["active"], &gone["docket"]["merged_into"]),
        (&json!(false), &json!(ann))
    );
    let listed = world.get("users").await.body;
    assert!(
        listed["users"]
            .as_array()
            .unwrap()
            .iter()
            .all(|user| user["id"] != lee)
    );
    let again = merge(&world, lee, ann).await;
    assert_eq!(again.status, 200, "a repeat finds it done");
}

#[tokio::test]
async fn an_undo_gives_back_what_was_there_and_leaves_what_came_since() {
    let world = World::new().await;
    let (ann, lee) = (person(&world, "ann").await, person(&world, "lee").await);
    let (of_ann, of_lee) = (letter(&world, ann).await, letter(&world, lee).await);
    merge(&world, lee, ann).await;
    let since =
        json!({ "ticket": { "comment": { "body": "Again" }, "requester": { "email": "lee@example.com" } } });
    let since = world.post("tickets", since).await.body["ticket"]["id"]
        .as_u64()
        .unwrap();
    let undone = world.put(&format!("users/{lee}/merge/undo"), json!({})).await;
    assert_eq!(
        (undone.status.as_u16(), &undone.body["user"]["id"]),
        (200, &json!(lee)),
        "{}",
        undone.body
    );
    sweep(&world, lee).await;
    assert_eq!(
        (
            requester(&world, of_ann).await,
            requester(&world, of_lee).await,
            requester(&world, since).await
        ),
        (ann, lee, ann)
    );
    let emails = |id: u64| {
        let world = &world;
        async move {
            let listed = world.get(&format!("users/{id}/identities")).await.body;
            let rows = listed["identities"].as_array().unwrap().clone();
            rows.iter()
                .map(|row| row["value"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        (emails(ann).await, emails(lee).await),
        (
            vec!["ann@example.com".to_owned()],
            vec!["lee@example.com".to_owned()]
        )
    );
    let user = world.get(&format!("users/{lee}")).await.body["user"].clone();
    assert_eq!(
        (&user["active"], &user["docket"]["merged_into"]),
        (&json!(true), &Value::Null)
    );
    let listed = world.get("users").await.body;
    assert!(
        listed["users"]
            .as_array()
            .unwrap()
            .iter()
            .any(|user| user["id"] == lee)
    );
    let twice = world.put(&format!("users/{lee}/merge/undo"), json!({})).await;
    assert_eq!(twice.status, 422);
}

#[tokio::test]
async fn a_merge_of_the_merged_is_undone_in_turn() {
    let world = World::new().await;
    let (ann, lee, kim) = (
        person(&world, "ann").await,
        person(&world, "lee").await,
        person(&world, "kim").await,
    );
    let ticket = letter(&world, lee).await;
    merge(&world, lee, ann).await;
    merge(&world, ann, kim).await;
    assert_eq!(requester(&world, ticket).await, kim);
    let early = world.put(&format!("users/{lee}/merge/undo"), json!({})).await;
    assert_eq!(early.status, 422);
    assert!(
        early.body.to_string().contains("undo that first"),
        "{}",
        early.body
    );
    world.put(&format!("users/{ann}/merge/undo"), json!({})).await;
    sweep(&world, ann).await;
    assert_eq!(requester(&world, ticket).await, ann);
    world.put(&format!("users/{lee}/merge/undo"), json!({})).await;
    sweep(&world, lee).await;
    assert_eq!(requester(&world, ticket).await, lee);
}

#[tokio::test]
async fn a_merge_that_can_not_be_is_refused_with_words() {
    let world = World::new().await;
    let ann = person(&world, "ann").await;
    for (loser, body, status) in [
        (ann, json!({ "user": { "id": ann } }), 422),
        (ann, json!({ "user": { "id": 2 } }), 422),
        (2, json!({ "user": { "id": ann } }), 422),
        (ann, json!({ "user": { "id": 99 } }), 422),
        (99, json!({ "user": { "id": ann } }), 404),
        (ann, json!({ "user": {} }), 422),
    ] {
        let reply = world.put(&format!("users/{loser}/merge"), body.clone()).await;
        assert_eq!(reply.status.as_u16(), status, "{loser} {body}: {}", reply.body);
    }
}

#[tokio::test]
async fn what_more_somebody_asked_than_one_call_moves_follows_however_often_it_breaks_off() {
    let world = World::new().await;
    let (ann, lee) = (person(&world, "ann").await, person(&world, "lee").await);
    let mut tickets = Vec::new();
    for _ in 0..60 {
        tickets.push(letter(&world, lee).await);
    }
    merge(&world, lee, ann).await;
    // Each as another function, which knows of the ones before only what is stored.
    for _ in 0..8 {
        world
            .elsewhere()
            .desk
            .people()
            .go_on(PersonId(lee), 10)
            .await
            .unwrap();
    }
    for ticket in &tickets {
        assert_eq!(requester(&world, *ticket).await, ann);
    }
    let late = world.desk.people().work(PersonId(lee)).await.unwrap();
    assert!(late.is_some(), "what may be on its way is waited for");
    world.advance(20 * 60);
    world.desk.people().go_on(PersonId(lee), 100).await.unwrap();
    assert_eq!(world.desk.people().work(PersonId(lee)).await.unwrap(), None);
    let audits = world.get(&format!("tickets/{}/audits", tickets[0])).await.body;
    let last = audits["audits"].as_array().unwrap().last().unwrap()["events"].clone();
    assert_eq!(
        (&last[0]["field_name"], &last[0]["value"]),
        (&json!("requester_id"), &json!(ann.to_string()))
    );
}

#[tokio::test]
async fn they_are_merged_while_they_write() {
    let world = World::new().await;
    let (ann, lee) = (person(&world, "ann").await, person(&world, "lee").await);
    let write = |n: u64| {
        let world = &world;
        async move {
            let body = json!({ "ticket": {
                "subject": format!("No. {n}"), "comment": { "body": "Help" }, "requester": { "email": "lee@example.com" },
            } });
            world.post("tickets", body).await.body["ticket"]["id"]
                .as_u64()
                .unwrap()
        }
    };
    let (one, merged, two, three) = tokio::join!(write(1), merge(&world, lee, ann), write(2), write(3));
    assert_eq!(merged.status, 200, "{}", merged.body);
    world.advance(17 * 60);
    sweep(&world, lee).await;
    for ticket in [one, two, three] {
        assert_eq!(requester(&world, ticket).await, ann);
    }
}

#[tokio::test]
async fn tickets_that_are_still_given_follow_a_merge_of_the_merged() {
    let world = World::new().await;
    let (ann, lee, kim) = (
        person(&world, "ann").await,
        person(&world, "lee").await,
        person(&world, "kim").await,
    );
    let mut tickets = Vec::new();
    for _ in 0..30 {
        tickets.push(letter(&world, lee).await);
    }
    merge(&world, lee, ann).await;
    merge(&world, ann, kim).await;
    // What Ann had is all Kim's before the rest of Lee's goes on.
    world.advance(20 * 60);
    sweep(&world, ann).await;
    assert_eq!(world.desk.people().work(PersonId(ann)).await.unwrap(), None);
    sweep(&world, lee).await;
    for ticket in &tickets {
        assert_eq!(requester(&world, *ticket).await, kim);
    }
    world.put(&format!("users/{ann}/merge/undo"), json!({})).await;
    sweep(&world, ann).await;
    world.put(&format!("users/{lee}/merge/undo"), json!({})).await;
    sweep(&world, lee).await;
    for ticket in &tickets {
        assert_eq!(requester(&world, *ticket).await, lee);
    }
}
