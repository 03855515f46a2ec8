use crate::support::{ADMIN, BO, Reply, World};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

pub const ANN: &str = "ann@example.com";
pub const LEE: &str = "lee@example.com";

pub async fn person(world: &World, email: &str) -> u64 {
    let body = json!({ "user": { "name": email, "email": email } });
    world.post("users/create_or_update", body).await.body["user"]["id"]
        .as_u64()
        .unwrap()
}

pub async fn as_customer(world: &World, email: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
    world.call_as(email, method, path, &[], body).await
}

pub async fn get(world: &World, email: &str, path: &str) -> Reply {
    as_customer(world, email, "GET", path, None).await
}

/// A request of somebody's; its id.
pub async fn asks(world: &World, email: &str, subject: &str) -> u64 {
    let body = json!({ "request": { "subject": subject, "comment": { "body": "My printer is on fire." } } });
    let made = as_customer(world, email, "POST", "requests.json", Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["request"]["id"].as_u64().unwrap()
}

#[tokio::test]
async fn a_customer_asks_reads_answers_and_says_that_it_is_solved() {
    let world = World::new().await;
    let ann = person(&world, ANN).await;
    let id = asks(&world, ANN, "Fire").await;
    let shown = get(&world, ANN, &format!("requests/{id}.json")).await.body["request"].clone();
    assert_eq!(
        (
            &shown["subject"],
            &shown["description"],
            &shown["requester_id"],
            &shown["status"],
            &shown["solved"]
        ),
        (
            &json!("Fire"),
            &json!("My printer is on fire."),
            &json!(ann),
            &json!("new"),
            &json!(false)
        )
    );
    world
        .change(
            id,
            json!({ "assignee_id": 2, "comment": { "body": "Which one?" } }),
        )
        .await;
    let comment = json!({ "request": { "comment": { "body": "The blue one." } } });
    let changed = as_customer(&world, ANN, "PUT", &format!("requests/{id}"), Some(comment)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["request"]["can_be_solved_by_me"], true);
    let comments = get(&world, ANN, &format!("requests/{id}/comments")).await.body;
    let texts: Vec<&Value> = comments["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["body"])
        .collect();
    assert_eq!(texts, ["My printer is on fire.", "Which one?", "The blue one."]);
    assert_eq!(comments["count"], 3);
    assert_eq!(
        comments["users"][0],
        json!({ "id": 2, "name": "Bo Agent", "photo": null, "agent": true, "organization_id": null })
    );
    let one = comments["comments"][1].clone();
    let alone = get(&world, ANN, &format!("requests/{id}/comments/{}", one["id"]))
        .await
        .body;
    assert_eq!(alone["comment"], one);
    let solved = json!({ "request": { "solved": true, "comment": { "body": "Thanks, it is out." } } });
    let solved = as_customer(&world, ANN, "PUT", &format!("requests/{id}"), Some(solved)).await;
    assert_eq!(
        (
            &solved.body["request"]["status"],
            &solved.body["request"]["solved"]
        ),
        (&json!("solved"), &json!(true)),
        "{}",
        solved.body
    );
    let ticket = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(
        (&ticket["status"], &ticket["requester_id"]),
        (&json!("solved"), &json!(ann))
    );
    let all = world.get(&format!("tickets/{id}/comments")).await.body;
    assert_eq!(all["comments"][3]["author_id"], ann);
}

#[tokio::test]
async fn requests_are_listed_by_status_and_in_the_order_asked_for() {
    let world = World::new().await;
    person(&world, ANN).await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(asks(&world, ANN, &format!("No. {n}")).await);
        world.advance(60);
    }
    world
        .change(ids[0], json!({ "assignee_id": 2, "status": "solved" }))
        .await;
    let list = |path: &'static str| {
        let world = &world;
        async move {
            let reply = get(world, ANN, path).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
            let rows = reply.body["requests"].as_array().unwrap().clone();
            let ids: Vec<u64> = rows.iter().map(|row| row["id"].as_u64().unwrap()).collect();
            (ids, reply.body["count"].as_u64())
        }
    };
    assert_eq!(list("requests").await, (ids.clone(), Some(3)));
    assert_eq!(
        list("requests?sort_order=desc&per_page=2").await,
        (vec![ids[2], ids[1]], Some(3))
    );
    assert_eq!(
        list("requests?sort_by=updated_at").await,
        (vec![ids[1], ids[2], ids[0]], Some(3))
    );
    assert_eq!(
        list("requests?status=solved,closed").await,
        (vec![ids[0]], Some(1))
    );
    assert_eq!(list("requests/open").await, (vec![ids[1], ids[2]], Some(2)));
    assert_eq!(list("requests/solved").await, (vec![ids[0]], Some(1)));
    assert_eq!(list("requests?page[size]=2").await, (vec![ids[0], ids[1]], None));
    assert_eq!(get(&world, ANN, "requests?status=lost").await.status, 422);
    assert_eq!(get(&world, ANN, "requests?sort_by=subject").await.status, 422);
    let of_ann = world.get("users/4/requests").await.body;
    assert_eq!(of_ann["count"], 3);
}

#[tokio::test]
async fn nobody_sees_others_requests_nor_what_is_for_agents() {
    let world = World::new().await;
    person(&world, ANN).await;
    person(&world, LEE).await;
    let id = asks(&world, ANN, "Secret").await;
    world
        .change(
            id,
            json!({ "comment": { "body": "He always complains.", "public": false }, "tags": ["grumpy"] }),
        )
        .await;
    let comments = world.get(&format!("tickets/{id}/comments")).await.body["comments"].clone();
    let (public, private) = (comments[0]["id"].clone(), comments[1]["id"].clone());
    for path in [
        format!("requests/{id}"),
        format!("requests/{id}/comments"),
        format!("requests/{id}/comments/{public}"),
    ] {
        assert_eq!(get(&world, LEE, &path).await.status, 404, "{path}");
        assert_eq!(get(&world, ANN, &path).await.status, 200, "{path}");
    }
    let write = json!({ "request": { "comment": { "body": "Me, too" }, "solved": true } });
    assert_eq!(
        as_customer(&world, LEE, "PUT", &format!("requests/{id}"), Some(write))
            .await
            .status,
        404
    );
    assert_eq!(
        get(&world, ANN, &format!("requests/{id}/comments/{private}"))
            .await
            .status,
        404
    );
    for path in [
        format!("requests/{id}"),
        format!("requests/{id}/comments"),
        "requests".to_owned(),
    ] {
        let seen = get(&world, ANN, &path).await.body.to_string();
        assert!(
            !seen.contains("complains") && !seen.contains("grumpy") && !seen.contains("docket"),
            "{seen}"
        );
    }
    assert_eq!(get(&world, LEE, "requests").await.body["count"], 0);
    // An agent's own are none, whatever tickets there are.
    assert_eq!(world.get("requests").await.body["count"], 0);
    assert_eq!(world.get(&format!("requests/{id}")).await.status, 404);
    let behalf = [("x-on-behalf-of", ANN)];
    let as_ann = world
        .call_as(ADMIN, "GET", &format!("requests/{id}"), &behalf, None)
        .await;
    assert_eq!(as_ann.status, 200);
    let tickets = world
        .call_as(ADMIN, "GET", &format!("tickets/{id}"), &behalf, None)
        .await;
    assert_eq!(tickets.status, 403, "on behalf of a customer a customer's call");
}

#[tokio::test]
async fn a_ticket_that_only_agents_wrote_on_is_nothing_to_its_requester() {
    let world = World::new().await;
    let ann = person(&world, ANN).await;
    let body = json!({ "ticket": {
        "subject": "Watch her", "requester_id": ann, "comment": { "body": "x", "public": false, "author_id": 2 },
    } });
    let id = world.post("tickets", body).await.body["ticket"]["id"].clone();
    assert_eq!(get(&world, ANN, &format!("requests/{id}")).await.status, 404);
    world
        .change(
            id.as_u64().unwrap(),
            json!({ "comment": { "body": "How are you?" } }),
        )
        .await;
    let shown = get(&world, ANN, &format!("requests/{id}")).await.body;
    assert_eq!(shown["request"]["description"], "How are you?");
    let listed = get(&world, ANN, "requests").await.body;
    assert_eq!(listed["requests"][0]["description"], "");
}

#[tokio::test]
async fn who_is_in_copy_reads_and_writes_and_solves_nothing() {
    let world = World::new().await;
    person(&world, ANN).await;
    let lee = person(&world, LEE).await;
    let id = asks(&world, ANN, "Fire").await;
    let copy = json!({ "request": { "additional_collaborators": [LEE], "comment": { "body": "With Lee" } } });
    let changed = as_customer(&world, ANN, "PUT", &format!("requests/{id}"), Some(copy)).await;
    assert_eq!(
        changed.body["request"]["email_cc_ids"],
        json!([lee]),
        "{}",
        changed.body
    );
    world
        .change(id, json!({ "assignee_id": 2, "status": "pending" }))
        .await;
    let path = format!("requests/{id}");
    let seen = get(&world, LEE, &path).await;
    assert_eq!(
        (seen.status.as_u16(), &seen.body["request"]["can_be_solved_by_me"]),
        (200, &json!(false))
    );
    let comment = json!({ "request": { "comment": { "body": "It is the blue one." } } });
    assert_eq!(
        as_customer(&world, LEE, "PUT", &path, Some(comment)).await.status,
        200
    );
    let solve = json!({ "request": { "solved": true } });
    let refused = as_customer(&world, LEE, "PUT", &path, Some(solve)).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let comments = world.get(&format!("tickets/{id}/comments")).await.body;
    assert_eq!(comments["comments"][2]["author_id"], lee);
    assert_eq!(comments["comments"][2]["public"], true);
    // By their ids only those are named who are on it.
    let foreign = json!({ "request": { "collaborator_ids": [3] } });
    assert_eq!(
        as_customer(&world, ANN, "PUT", &path, Some(foreign)).await.status,
        422
    );
}

#[tokio::test]
async fn an_organizations_people_see_what_it_shares() {
    let world = World::new().await;
    let acme = world
        .as_admin(
            "POST",
            "organizations",
            json!({ "organization": { "name": "Acme" } }),
        )
        .await;
    let acme = acme["organization"]["id"].clone();
    for email in [ANN, LEE] {
        let id = person(&world, email).await;
        let body = json!({ "organization_membership": { "user_id": id, "organization_id": acme } });
        world.post("organization_memberships", body).await;
    }
    let id = asks(&world, ANN, "Fire").await;
    let path = format!("requests/{id}");
    let status = || async { get(&world, LEE, &path).await.status.as_u16() };
    let comment = || json!({ "request": { "comment": { "body": "Here, too" } } });
    let write = || async {
        as_customer(&world, LEE, "PUT", &path, Some(comment()))
            .await
            .status
            .as_u16()
    };
    let share = async |what: Value| {
        world
            .as_admin(
                "PUT",
                &format!("organizations/{acme}"),
                json!({ "organization": what }),
            )
            .await
    };
    assert_eq!((status().await, write().await), (404, 404));
    share(json!({ "shared_tickets": true })).await;
    assert_eq!((status().await, write().await), (200, 403));
    share(json!({ "shared_comments": true })).await;
    assert_eq!((status().await, write().await), (200, 200));
    share(json!({ "shared_tickets": false })).await;
    assert_eq!(status().await, 404);
    let lee = person(&world, LEE).await;
    world
        .put(
            &format!("users/{lee}"),
            json!({ "user": { "ticket_restriction": "organization" } }),
        )
        .await;
    assert_eq!((status().await, write().await), (200, 403));
}

async fn without_credentials(world: &World, body: Value) -> Reply {
    let request = Request::post("/api/v2/requests.json").header("host", "desk.example.com");
    world
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

fn anonymous(email: &str) -> Value {
    json!({ "request": {
        "requester": { "name": "Kim", "email": email }, "subject": "Help", "comment": { "body": "I forgot my password." },
    } })
}

#[tokio::test]
async fn somebody_without_credentials_asks_and_does_no_more() {
    let world = World::new().await;
    let made = without_credentials(&world, anonymous("kim@example.com")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["request"]["id"].as_u64().unwrap();
    let ticket = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    let kim = world.get(&format!("users/{}", ticket["requester_id"])).await.body["user"].clone();
    assert_eq!(
        (&kim["email"], &kim["name"], &kim["verified"]),
        (&json!("kim@example.com"), &json!("Kim"), &json!(false))
    );
    let read = Request::get(format!("/api/v2/requests/{id}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(read).await.status, 401);
    for (body, status) in [
        (anonymous(BO), 403),
        (anonymous("support@in.example.com"), 422),
        (anonymous("nobody"), 422),
        (json!({ "request": { "comment": { "body": "x" } } }), 422),
        (
            json!({ "request": { "requester": { "email": "k@x.example" } } }),
            422,
        ),
        (
            json!({ "request": { "requester": { "email": "k@x.example" }, "comment": { "body": "x" }, "collaborators": ["a@x.example"] } }),
            422,
        ),
    ] {
        let reply = without_credentials(&world, body.clone()).await;
        assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.body);
    }
}

#[tokio::test]
async fn who_is_suspended_calls_nothing_until_it_is_lifted() {
    let world = World::new().await;
    let ann = person(&world, ANN).await;
    asks(&world, ANN, "Fire").await;
    let suspend = |is: bool| json!({ "user": { "suspended": is } });
    world.put(&format!("users/{ann}"), suspend(true)).await;
    for path in ["requests", "users/me"] {
        assert_eq!(get(&world, ANN, path).await.status, 403, "{path}");
    }
    let behalf = [("x-on-behalf-of", ANN)];
    assert_eq!(
        world
            .call_as(ADMIN, "GET", "requests", &behalf, None)
            .await
            .status,
        403
    );
    assert_eq!(without_credentials(&world, anonymous(ANN)).await.status, 403);
    world.put(&format!("users/{ann}"), suspend(false)).await;
    assert_eq!(get(&world, ANN, "requests").await.body["count"], 1);
}

#[tokio::test]
async fn a_request_sent_twice_is_made_once_and_what_is_not_kept_is_refused() {
    let world = World::new().await;
    person(&world, ANN).await;
    let body = json!({ "request": { "subject": "Once", "comment": { "body": "x" } } });
    let key = [("idempotency-key", "k1")];
    let once = world
        .call_as(ANN, "POST", "requests", &key, Some(body.clone()))
        .await;
    let again = world.call_as(ANN, "POST", "requests", &key, Some(body)).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &once.body));
    assert_eq!(get(&world, ANN, "requests").await.body["count"], 1);
    let other = json!({ "request": { "subject": "Twice", "comment": { "body": "x" } } });
    assert_eq!(
        world
            .call_as(ANN, "POST", "requests", &key, Some(other))
            .await
            .status,
        422
    );
    let fields =
        json!({ "request": { "comment": { "body": "x" }, "custom_fields": [{ "id": 1, "value": "x" }] } });
    assert_eq!(
        as_customer(&world, ANN, "POST", "requests", Some(fields))
            .await
            .status,
        422
    );
    let id = once.body["request"]["id"].clone();
    let subject = json!({ "request": { "subject": "Another" } });
    assert_eq!(
        as_customer(&world, ANN, "PUT", &format!("requests/{id}"), Some(subject))
            .await
            .status,
        422
    );
    let early = json!({ "request": { "solved": true } });
    assert_eq!(
        as_customer(&world, ANN, "PUT", &format!("requests/{id}"), Some(early))
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn a_customer_hands_a_file_in_and_reads_it_by_its_link() {
    let world = World::new().await;
    person(&world, ANN).await;
    person(&world, LEE).await;
    asks(&world, ANN, "First").await;
    let token = "token-of-4";
    let upload = Request::post("/api/v2/uploads.json?filename=a.txt")
        .header("host", "desk.example.com")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "text/plain");
    let upload = world.send(upload.body(Body::from("hello")).unwrap()).await;
    assert_eq!(upload.status, 201, "{}", upload.body);
    let body = json!({ "request": { "subject": "File", "comment": { "body": "See", "uploads": [upload.body["upload"]["token"]] } } });
    let made = as_customer(&world, ANN, "POST", "requests", Some(body)).await;
    let id = made.body["request"]["id"].clone();
    let comments = get(&world, ANN, &format!("requests/{id}/comments")).await.body;
    let file = comments["comments"][0]["attachments"][0].clone();
    assert_eq!(file["file_name"], "a.txt");
    let (status, _, bytes) = world
        .fetch_with(file["content_url"].as_str().unwrap(), None)
        .await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (302, &b""[..]));
    let bare = format!("attachments/{}/content", file["id"]);
    for email in [ANN, LEE] {
        assert_eq!(get(&world, email, &bare).await.status, 403, "by its link alone");
    }
}
