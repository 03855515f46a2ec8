use crate::support::World;
use docket_domain::TicketNumber;
use serde_json::{Value, json};

fn ids(body: &Value, name: &str) -> Vec<u64> {
    let rows = body[name].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

/// The path of a link, below the API's root.
fn path(link: &Value) -> Option<String> {
    let link = link.as_str()?;
    Some(
        link.strip_prefix("https://desk.example.com/api/v2/")
            .unwrap()
            .to_owned(),
    )
}

#[tokio::test]
async fn a_list_by_page_numbers_leads_through_all_tickets() {
    let world = World::new().await;
    for subject in ["a", "b", "c"] {
        world.ticket(subject).await;
    }
    let (mut seen, mut next) = (Vec::new(), Some("tickets.json?per_page=2".to_owned()));
    while let Some(page) = next {
        let body = world.get(&page).await.body;
        assert_eq!(body["count"], 3);
        seen.extend(ids(&body, "tickets"));
        next = path(&body["next_page"]);
    }
    assert_eq!(seen, [1, 2, 3]);
}

/// What each page by number of a list has, and its count.
async fn pages(world: &World, path: &str, name: &str) -> Vec<(Vec<u64>, u64)> {
    let (mut seen, mut next) = (Vec::new(), Some(path_of(path)));
    while let Some(page) = next {
        let body = world.get(&page).await.body;
        seen.push((ids(&body, name), body["count"].as_u64().unwrap()));
        next = self::path(&body["next_page"]);
    }
    seen
}

fn path_of(path: &str) -> String {
    format!("{path}{}per_page=2", if path.contains('?') { "&" } else { "?" })
}

#[tokio::test]
async fn count_is_the_number_of_rows_and_no_page_by_number_is_empty() {
    let world = World::new().await;
    world.ticket("a").await;
    for _ in 0..5 {
        world.desk.tickets().next_number().await.unwrap();
    }
    for subject in ["b", "c"] {
        world.ticket(subject).await;
    }
    world.desk.tickets().next_number().await.unwrap();
    let expected = [(vec![1, 7], 3), (vec![8], 3)];
    assert_eq!(pages(&world, "tickets.json", "tickets").await, expected);
    let turned = [(vec![8, 7], 3), (vec![1], 3)];
    assert_eq!(
        pages(&world, "tickets.json?sort_order=desc", "tickets").await,
        turned
    );
    let metrics = world.get("ticket_metrics").await.body;
    assert_eq!(
        (ids(&metrics, "ticket_metrics").len(), &metrics["count"]),
        (3, &json!(3))
    );
}

#[tokio::test]
async fn what_was_looked_at_long_after_it_was_drawn_is_not_looked_at_again() {
    let world = World::new().await;
    for nth in 0..60 {
        world.ticket("a").await;
        if nth % 20 == 7 {
            world.desk.tickets().next_number().await.unwrap();
        }
    }
    let count = || async { world.get("tickets?per_page=1").await.body["count"].clone() };
    let units_of_a_count = || async {
        world.aws.tally_capacity(true);
        assert_eq!(count().await, 60);
        let used = world.aws.capacity().into_iter();
        used.map(|used| used.units).sum::<f64>()
    };
    let at_first = units_of_a_count().await;
    world.advance(15 * 60);
    assert_eq!(count().await, 60);
    let later = units_of_a_count().await;
    assert!(later < at_first / 2.0, "{at_first} read units, then {later}");
    world.aws.tally_capacity(false);
    world.desk.tickets().next_number().await.unwrap();
    world.ticket("b").await;
    assert_eq!(count().await, 61);
    // A number that was taken for absent and is used after all, as by a mail that drew it long ago.
    let drawn = TicketNumber(9);
    assert!(world.desk.tickets().get(drawn).await.unwrap().is_none());
    let write = world.desk.present_write(drawn);
    world.desk.commit_writes(vec![], vec![write]).await.unwrap();
    assert_eq!(count().await, 62);
}

#[tokio::test]
async fn what_came_just_now_without_a_gap_is_not_looked_at_again() {
    let world = World::new().await;
    for _ in 0..60 {
        world.ticket("a").await;
    }
    let units_of_a_count = || async {
        world.aws.tally_capacity(true);
        assert_eq!(world.get("tickets?per_page=1").await.body["count"], 60);
        let used = world.aws.capacity().into_iter();
        used.map(|used| used.units).sum::<f64>()
    };
    let at_first = units_of_a_count().await;
    let again = units_of_a_count().await;
    assert!(again < at_first / 2.0, "{at_first} read units, then {again}");
}

#[tokio::test]
async fn people_of_a_role_are_counted_and_fill_their_pages() {
    let world = World::new().await;
    for name in ["d", "e", "f"] {
        let user = json!({ "user": { "name": name, "email": format!("{name}@example.com") } });
        assert_eq!(world.post("users", user).await.status, 201);
    }
    let customers = [(vec![4, 5], 3), (vec![6], 3)];
    assert_eq!(pages(&world, "users?role=end-user", "users").await, customers);
    let with_admins = [(vec![1, 4], 4), (vec![5, 6], 4)];
    let path = "users?role[]=end-user&role[]=admin";
    assert_eq!(pages(&world, path, "users").await, with_admins);
    assert_eq!(pages(&world, "users", "users").await.last().unwrap().1, 6);
    assert_eq!(world.get("users?role=nobody").await.body["count"], 0);
}

#[tokio::test]
async fn an_organization_that_was_deleted_is_not_counted() {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        let body = json!({ "organization": { "name": name } });
        world.as_admin("POST", "organizations", body).await;
    }
    let admin = crate::support::ADMIN;
    let gone = world.call_as(admin, "DELETE", "organizations/2", &[], None).await;
    assert_eq!(gone.status, 204);
    let expected = [(vec![1, 3], 2)];
    assert_eq!(pages(&world, "organizations", "organizations").await, expected);
}

#[tokio::test]
async fn a_list_by_cursor_leads_through_all_tickets_and_over_gaps() {
    let world = World::new().await;
    world.ticket("a").await;
    for _ in 0..5 {
        world.desk.tickets().next_number().await.unwrap();
    }
    world.ticket("b").await;
    let (mut seen, mut next) = (Vec::new(), Some("tickets.json?page[size]=2".to_owned()));
    while let Some(page) = next {
        let body = world.get(&page).await.body;
        assert_eq!(body["meta"]["has_more"], !body["links"]["next"].is_null());
        assert!(!body["tickets"].as_array().unwrap().is_empty());
        seen.extend(ids(&body, "tickets"));
        next = path(&body["links"]["next"]);
    }
    assert_eq!(seen, [1, 7]);
}

#[tokio::test]
async fn the_newest_come_first_where_asked() {
    let world = World::new().await;
    world.ticket("a").await;
    world.ticket("b").await;
    let body = world.get("tickets?sort_by=created_at&sort_order=desc").await.body;
    assert_eq!(ids(&body, "tickets"), [2, 1]);
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_brought_along() {
    let world = World::new().await;
    world.ticket("a").await;
    let body = world.get("tickets?include=None").await.body;
    assert_eq!(body.get("users"), None);
    assert_eq!(body.get("groups"), None);
}

#[tokio::test]
async fn people_and_groups_come_along_where_asked() {
    let world = World::new().await;
    world.ticket("a").await;
    world
        .put(
            "tickets/1",
            json!({ "ticket": { "assignee_id": 3, "group_id": 1 } }),
        )
        .await;
    for path in ["tickets?include=users,groups", "tickets/1?include=users,groups"] {
        let body = world.get(path).await.body;
        let names: Vec<_> = body["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|u| &u["name"])
            .collect();
        assert_eq!(names, ["Bo Agent", "Cy Agent", "Ann"], "{path}");
        assert_eq!(body["groups"][0]["name"], "Support");
    }
}

#[tokio::test]
async fn many_are_shown_in_the_order_asked_for() {
    let world = World::new().await;
    world.ticket("a").await;
    world.ticket("b").await;
    let body = world.get("tickets/show_many.json?ids=2,9,1,2").await.body;
    assert_eq!(ids(&body, "tickets"), [2, 1]);
    assert_eq!(body["count"], 2);
    let body = world.get("users/show_many?ids=3,1,99").await.body;
    assert_eq!(ids(&body, "users"), [3, 1]);
}

#[tokio::test]
async fn a_list_tells_the_whole_description() {
    let world = World::new().await;
    let text = "line\n".repeat(100);
    let body = json!({ "ticket": { "subject": "a", "comment": { "body": text } } });
    world.post("tickets", body).await;
    let body = world.get("tickets").await.body;
    assert_eq!(body["tickets"][0]["description"], text);
}

#[tokio::test]
async fn a_persons_tickets_are_listed() {
    let world = World::new().await;
    world.ticket("a").await;
    world
        .post("tickets", json!({ "ticket": { "description": "mine" } }))
        .await;
    world.ticket("b").await;
    let ann = world.get("tickets/1").await.body["ticket"]["requester_id"].clone();
    let body = world
        .get(&format!("users/{ann}/tickets/requested.json"))
        .await
        .body;
    assert_eq!(ids(&body, "tickets"), [1, 3]);
}

#[tokio::test]
async fn comments_are_listed_in_both_orders_and_in_pages() {
    let world = World::new().await;
    world.ticket("a").await;
    world
        .put("tickets/1", json!({ "ticket": { "comment": { "body": "b" } } }))
        .await;
    let body = world
        .get("tickets/1/comments.json?include_inline_images=true")
        .await
        .body;
    assert_eq!(ids(&body, "comments"), [100_002, 100_003]);
    let body = world
        .get("tickets/1/comments?sort_order=desc&page[size]=1&include=users")
        .await
        .body;
    assert_eq!(ids(&body, "comments"), [100_003]);
    assert_eq!(body["meta"]["has_more"], true);
    assert_eq!(body["users"][0]["name"], "Bo Agent");
}

#[tokio::test]
async fn groups_are_listed_and_shown() {
    let world = World::new().await;
    assert_eq!(ids(&world.get("groups.json").await.body, "groups"), [1]);
    let group = world.get("groups/1").await.body["group"].clone();
    assert_eq!(
        (&group["name"], &group["default"]),
        (&json!("Support"), &json!(true))
    );
    assert_eq!(world.get("groups/2").await.status, 404);
}

#[tokio::test]
async fn users_are_listed_by_role() {
    let world = World::new().await;
    world.ticket("a").await;
    assert_eq!(ids(&world.get("users").await.body, "users"), [1, 2, 3, 4]);
    let staff = world.get("users?role[]=agent&role[]=admin").await.body;
    assert_eq!(ids(&staff, "users"), [1, 2, 3]);
    let asking = world.get("users?role=end-user&page[size]=1").await.body;
    assert_eq!(ids(&asking, "users"), [4]);
}
