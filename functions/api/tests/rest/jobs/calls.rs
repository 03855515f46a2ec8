//! Calls that begin jobs, and how jobs stand.

use super::{bulk, done, id_of};
use crate::support::{ADMIN, BO, Reply, World, anns_ticket};
use api::{TakenUp, take_up};
use docket_domain::{TicketNumber, audit::ChangedBy, people::staff::Role};
use serde_json::{Value, json};

#[tokio::test]
async fn the_same_bulk_call_twice_is_one_job() {
    let world = World::new().await;
    let body = json!({ "tickets": [anns_ticket("a")["ticket"]] });
    let send = async |path: &str, key: &str, body: &Value| {
        let headers = [("idempotency-key", key)];
        world
            .call_as(BO, "POST", path, &headers, Some(body.clone()))
            .await
    };
    let first = send("tickets/create_many.json", "k1", &body).await;
    done(&world, &first).await;
    let second = send("tickets/create_many.json", "k1", &body).await;
    assert_eq!(second.headers["x-idempotency-lookup"], "hit");
    assert_eq!(id_of(&first), id_of(&second));
    assert_eq!(second.body["job_status"]["status"], "completed");
    assert_eq!(world.get("tickets").await.body["count"], 1);
    let other = json!({ "tickets": [anns_ticket("b")["ticket"]] });
    assert_eq!(send("tickets/create_many", "k1", &other).await.status, 422);

    let delete = async |path: &str| {
        let headers = [("idempotency-key", "k2")];
        world.call_as(BO, "DELETE", path, &headers, None).await
    };
    let first = delete("tickets/destroy_many?ids=1").await;
    assert_eq!(
        id_of(&first),
        id_of(&delete("tickets/destroy_many.json?ids=1").await)
    );
    assert_eq!(delete("tickets/destroy_many?ids=2").await.status, 422);
}

#[tokio::test]
async fn what_is_asked_of_too_many_or_of_nothing_is_refused() {
    let world = World::new().await;
    let many = |rows: usize| json!({ "tickets": vec![json!({ "id": 1 }); rows] });
    let field = |reply: &Reply| {
        let details = reply.body["details"].as_object().unwrap();
        details.keys().next().unwrap().clone()
    };
    let refused = world.put("tickets/update_many", many(101)).await;
    assert_eq!(
        (refused.status.as_u16(), field(&refused).as_str()),
        (422, "tickets")
    );
    assert_eq!(world.put("tickets/update_many", many(100)).await.status, 200);
    let numbers = |count: u64| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    for (path, body, named) in [
        ("tickets/update_many", json!({ "tickets": [] }), "tickets"),
        ("tickets/update_many", json!({}), "tickets"),
        ("tickets/update_many", json!({ "tickets": {} }), "tickets"),
        ("tickets/update_many?ids=1", json!({}), "ticket"),
        ("tickets/update_many?ids=1,x", json!({ "ticket": {} }), "ids"),
        ("tickets/mark_many_as_spam", Value::Null, "ids"),
        ("tickets/mark_many_as_spam?ids=,", Value::Null, "ids"),
    ] {
        let refused = world.put(path, body).await;
        assert_eq!(refused.status, 422, "{path}");
        assert_eq!(field(&refused), named, "{path}");
    }
    let path = format!("tickets/mark_many_as_spam?ids={}", numbers(101));
    assert_eq!(world.put(&path, Value::Null).await.status, 422);
    // A list of rows that are no records is taken, and each says so.
    let odd = world
        .put("tickets/update_many", json!({ "tickets": [7, "x", null] }))
        .await;
    let job = done(&world, &odd).await;
    let failed = job["results"].as_array().unwrap();
    assert!(failed.iter().all(|row| row["success"] == false), "{job}");
}

#[tokio::test]
async fn more_jobs_than_can_be_open_are_refused_until_one_is_over() {
    let world = World::new().await;
    let body = json!({ "ticket": { "priority": "low" } });
    let mut begun = Vec::new();
    for _ in 0..30 {
        begun.push(bulk(&world, "PUT", "tickets/update_many?ids=1", body.clone()).await);
    }
    let refused = world.put("tickets/update_many?ids=1", body.clone()).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["error"]),
        (429, &json!("TooManyJobs"))
    );
    let wait: u32 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!(wait > 0);
    done(&world, &begun[3]).await;
    assert_eq!(
        world.put("tickets/update_many?ids=1", body.clone()).await.status,
        200
    );
    assert_eq!(world.put("tickets/update_many?ids=1", body).await.status, 429);
}

#[tokio::test]
async fn jobs_are_listed_the_newest_first() {
    let world = World::new().await;
    let mut begun = Vec::new();
    for _ in 0..3 {
        world.advance(1);
        begun.push(id_of(
            &bulk(&world, "DELETE", "tickets/destroy_many?ids=1", json!({})).await,
        ));
    }
    let listed = world.get("job_statuses.json").await.body;
    assert_eq!(
        (&listed["count"], &listed["next_page"]),
        (&json!(3), &Value::Null)
    );
    let id = |listed: &Value, at: usize| listed["job_statuses"][at]["id"].as_str().unwrap().to_owned();
    assert_eq!(id(&listed, 0), begun[2].as_str());
    assert_eq!(id(&listed, 2), begun[0].as_str());
    let page = world.get("job_statuses?page[size]=2").await.body;
    assert_eq!(
        (&page["meta"]["has_more"], id(&page, 1)),
        (&json!(true), begun[1].to_string())
    );
    let path = format!("job_statuses/show_many.json?ids={},nobody,{}", begun[0], begun[2]);
    let many = world.get(&path).await.body;
    assert_eq!((&many["count"], id(&many, 0)), (&json!(2), begun[0].to_string()));
    for path in ["job_statuses/nobody", &format!("job_statuses/{}", "0".repeat(32))] {
        assert_eq!(world.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn who_may_not_any_more_has_nothing_more_done_in_their_name() {
    let world = World::new().await;
    for _ in 0..30 {
        world.ticket("a").await;
    }
    let ids: Vec<String> = (1..=30).map(|id| id.to_string()).collect();
    let path = format!("tickets/update_many?ids={}", ids.join(","));
    let reply = world
        .put(&path, json!({ "ticket": { "additional_tags": ["x"] } }))
        .await;
    assert_eq!(
        take_up(&world.desk, &id_of(&reply)).await.unwrap(),
        TakenUp::GoesOn
    );
    let by = ChangedBy::system("a test", world.desk.now());
    let people = world.desk.people();
    people
        .change(by, BO, |person| person.role = Role::EndUser)
        .await
        .unwrap();
    assert_eq!(take_up(&world.desk, &id_of(&reply)).await.unwrap(), TakenUp::Over);
    let path = format!("job_statuses/{}", id_of(&reply));
    let shown = world.call_as(ADMIN, "GET", &path, &[], None).await;
    let job = shown.body["job_status"].clone();
    assert_eq!((&job["status"], &job["progress"]), (&json!("killed"), &json!(25)));
    assert!(job["message"].as_str().unwrap().contains("any more"), "{job}");
    let tagged = async |id: u64| {
        let ticket = world
            .call_as(ADMIN, "GET", &format!("tickets/{id}"), &[], None)
            .await;
        ticket.body["ticket"]["tags"] == json!(["x"])
    };
    assert!(tagged(25).await);
    assert!(!tagged(26).await);
}

/// Two workers do a job at the same time, to its end.
async fn done_by_two(world: &World, begun: &Reply) -> Vec<u64> {
    let other = world.elsewhere();
    let id = id_of(begun);
    loop {
        let (one, two) = tokio::join!(take_up(&world.desk, &id), take_up(&other.desk, &id));
        if [one.unwrap(), two.unwrap()].contains(&TakenUp::Over) {
            break;
        }
    }
    let job = done(world, begun).await;
    assert_eq!(
        (&job["status"], &job["progress"]),
        (&json!("completed"), &json!(30))
    );
    let rows = job["results"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["success"] == true), "{job}");
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn two_workers_at_one_job_do_each_row_once() {
    let world = World::new().await;
    let rows: Vec<Value> = (0..30)
        .map(|nth| anns_ticket(&format!("Parcel {nth}"))["ticket"].clone())
        .collect();
    let made = bulk(&world, "POST", "tickets/create_many", json!({ "tickets": rows })).await;
    let made = done_by_two(&world, &made).await;
    assert_eq!(made.len(), 30);
    // Two who make the same ticket draw a number each, and one of them stays nobody's.
    assert_eq!(world.get("tickets").await.body["count"], 30);

    let ids: Vec<String> = made.iter().map(u64::to_string).collect();
    let path = format!("tickets/update_many?ids={}", ids.join(","));
    let body = json!({ "ticket": { "comment": { "body": "Soon." } } });
    let changed = bulk(&world, "PUT", &path, body).await;
    assert_eq!(done_by_two(&world, &changed).await, made);
    for number in made.into_iter().map(TicketNumber) {
        let file = world.desk.tickets().file(number).await.unwrap().unwrap();
        assert_eq!(file.comments.len(), 2, "ticket {number}");
    }
}
