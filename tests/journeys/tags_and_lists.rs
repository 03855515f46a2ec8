//! What the index of the search answers beside searches: which tags there are, and lists of tickets in other orders than that of
//! their numbers. Without an index it is made from the newest tickets.

use crate::in_world;
use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn ask(world: &World, path: &str) -> Value {
    let answered = world.api("GET", path, None, &Value::Null).await.unwrap();
    assert!(answered.is_success(), "{path}: {answered:?}");
    answered.body
}

async fn write(world: &World, method: &str, path: &str, body: Value) -> Value {
    let answered = world.api(method, path, None, &body).await.unwrap();
    assert!(answered.is_success(), "{path}: {answered:?}");
    answered.body
}

fn ids(body: &Value) -> Vec<u64> {
    let rows = body["tickets"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_u64().unwrap()).collect()
}

/// Three tickets: of Eve, who belongs to Acme; the last is copied to Kim.
async fn some_tickets(world: &mut World) -> (u64, u64, u64) {
    let acme = json!({ "organization": { "name": "Acme" } });
    let acme = write(world, "POST", "organizations", acme).await["organization"]["id"].clone();
    let user = |name: &str, organization: &Value| {
        let email = format!("{name}@example.com");
        json!({ "user": { "name": name, "email": email, "organization_id": organization } })
    };
    let eve = write(world, "POST", "users", user("eve", &acme)).await["user"]["id"].clone();
    let kim = write(world, "POST", "users", user("kim", &Value::Null)).await["user"]["id"].clone();
    for (n, tags, ccs) in [
        (1, vec!["vip", "refund"], json!([])),
        (2, vec!["vip", "return"], json!([])),
        (3, vec!["vip"], json!([{ "user_id": kim, "action": "put" }])),
    ] {
        let ticket = json!({ "ticket": {
            "subject": format!("Order {n}"),
            "comment": { "body": "Where is it?" },
            "requester_id": eve,
            "external_id": format!("order-{n}"),
            "tags": tags,
            "email_ccs": ccs,
        } });
        write(world, "POST", "tickets", ticket).await;
        world.pass(SignedDuration::from_secs(65)).await;
    }
    let number = |value: &Value| value.as_u64().unwrap();
    (number(&acme), number(&eve), number(&kim))
}

#[test]
fn tags_are_counted_completed_and_listed_the_most_frequent_first() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        some_tickets(&mut world).await;
        let tags = |body: &Value| {
            let rows = body["tags"].as_array().unwrap().iter();
            rows.map(|row| {
                (
                    row["name"].as_str().unwrap().to_owned(),
                    row["count"].as_u64().unwrap(),
                )
            })
            .collect::<Vec<_>>()
        };
        let named = |name: &str, count| (name.to_owned(), count);
        let listed = ask(&world, "tags.json").await;
        assert_eq!(
            tags(&listed),
            [named("vip", 3), named("refund", 1), named("return", 1)]
        );
        assert_eq!(
            (&listed["count"], &listed["next_page"]),
            (&json!(3), &Value::Null)
        );
        assert_eq!(ask(&world, "tags/count").await["count"]["value"], 3);
        let proposed = ask(&world, "autocomplete/tags?name=RE").await;
        assert_eq!(proposed["tags"], json!(["refund", "return"]));
        assert_eq!(
            ask(&world, "autocomplete/tags.json?name=zz").await["tags"],
            json!([])
        );
        let page = ask(&world, "tags?page[size]=2").await;
        assert_eq!((tags(&page).len(), &page["meta"]["has_more"]), (2, &json!(true)));
        // What changes is counted at once.
        write(&world, "PUT", "tickets/3/tags", json!({ "tags": ["refund"] })).await;
        assert_eq!(tags(&ask(&world, "tags").await)[1], named("refund", 2));
        let short = world
            .api("GET", "autocomplete/tags?name=r", None, &Value::Null)
            .await
            .unwrap();
        assert_eq!(short.status, 422);
    });
}

#[test]
fn lists_around_people_and_organizations_have_their_tickets_and_counts() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let (acme, eve, kim) = some_tickets(&mut world).await;
        let agent = ask(&world, "tickets/1").await["ticket"]["assignee_id"].clone();
        let assignee = if agent.is_null() { json!(2) } else { agent };
        write(
            &world,
            "PUT",
            "tickets/2",
            json!({ "ticket": { "assignee_id": assignee, "status": "solved" } }),
        )
        .await;
        for (path, expected) in [
            (format!("users/{eve}/tickets/requested"), vec![1, 2, 3]),
            (format!("users/{kim}/tickets/requested"), vec![]),
            (format!("users/{kim}/tickets/ccd"), vec![3]),
            (format!("organizations/{acme}/tickets"), vec![1, 2, 3]),
            (
                format!("organizations/{acme}/tickets?sort_order=desc"),
                vec![3, 2, 1],
            ),
            ("tickets?external_id=order-2".to_owned(), vec![2]),
            ("tickets.json?external_id=order-9".to_owned(), vec![]),
            (
                "tickets?sort_by=updated_at&sort_order=desc".to_owned(),
                vec![2, 3, 1],
            ),
            ("tickets?sort=updated_at".to_owned(), vec![1, 3, 2]),
        ] {
            let body = ask(&world, &path).await;
            assert_eq!(ids(&body), expected, "{path}");
            assert_eq!(body["count"], expected.len(), "{path}");
        }
        let requests = ask(&world, &format!("organizations/{acme}/requests")).await;
        let rows = requests["requests"].as_array().unwrap();
        let numbers: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
        assert_eq!(numbers, [1, 2, 3], "{requests}");
        let assigned = format!("users/{assignee}/tickets/assigned");
        let body = ask(&world, &assigned).await;
        // Solved ones are theirs, too.
        assert!(ids(&body).contains(&2), "{body}");
        for (path, expected) in [
            ("tickets/count".to_owned(), json!(3)),
            (format!("{assigned}/count"), body["count"].clone()),
            (format!("users/{kim}/tickets/ccd/count"), json!(1)),
            (format!("users/{eve}/tickets/requested/count"), json!(3)),
            (format!("organizations/{acme}/tickets/count"), json!(3)),
        ] {
            assert_eq!(ask(&world, &path).await["count"]["value"], expected, "{path}");
        }
        for path in [
            "users/99/tickets/assigned",
            "users/99/tickets/ccd",
            "organizations/99/tickets",
            "organizations/99/requests",
        ] {
            assert_eq!(
                world.api("GET", path, None, &Value::Null).await.unwrap().status,
                404,
                "{path}"
            );
        }
    });
}

#[test]
fn a_list_of_an_organization_is_led_through_by_number_and_by_cursor() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let (acme, ..) = some_tickets(&mut world).await;
        for first in [
            format!("organizations/{acme}/tickets?per_page=2"),
            format!("organizations/{acme}/tickets?page[size]=2"),
            format!("organizations/{acme}/tickets?page[size]=2&sort=updated_at"),
        ] {
            let (mut seen, mut next) = (vec![], first.clone());
            for _ in 0..4 {
                let body = ask(&world, &next).await;
                seen.extend(ids(&body));
                let link = body["next_page"].as_str().or(body["links"]["next"].as_str());
                match link {
                    Some(link) => link.split_once("/api/v2/").unwrap().1.clone_into(&mut next),
                    None => break,
                }
            }
            assert_eq!(seen, [1, 2, 3], "{first}");
        }
    });
}
