//! People by what they belong to, by what is typed, and what comes along with them.

use crate::{support::World, views_running::Searching};
use serde_json::{Value, json};

fn ids(body: &Value) -> Vec<u64> {
    let rows = body["users"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

/// A world with an organization and two customers and an agent in it: the organization, and the customers.
async fn with_members() -> (World, u64, [u64; 2]) {
    let world = World::new().await;
    let acme = json!({ "organization": { "name": "Acme" } });
    let acme = world.as_admin("POST", "organizations", acme).await["organization"]["id"]
        .as_u64()
        .unwrap();
    let mut customers = [0; 2];
    for (customer, name) in customers.iter_mut().zip(["ann", "eve"]) {
        let user = json!({ "user": {
            "name": name, "email": format!("{name}@example.com"), "external_id": name, "organization_id": acme,
        } });
        *customer = world.post("users", user).await.body["user"]["id"]
            .as_u64()
            .unwrap();
    }
    let bo = json!({ "user": { "organization_id": acme, "phone": "+49 30 123456" } });
    world.as_admin("PUT", "users/2", bo).await;
    (world, acme, customers)
}

#[tokio::test]
async fn members_of_an_organization_are_listed_and_counted_by_their_roles() {
    let (world, acme, [ann, eve]) = with_members().await;
    let of = format!("organizations/{acme}/users");
    assert_eq!(ids(&world.get(&of).await.body), [2, ann, eve]);
    for (query, expected, count, has_next) in [
        ("role=end-user", vec![ann, eve], 2, false),
        ("role=end-user&per_page=1", vec![ann], 2, true),
        ("role=end-user&per_page=1&page=2", vec![eve], 2, false),
        (
            "role=end-user&per_page=1&page=2&sort_order=desc",
            vec![ann],
            2,
            false,
        ),
        ("role[]=end-user&role[]=agent&per_page=2", vec![2, ann], 3, true),
        ("role=agent", vec![2], 1, false),
        ("role=admin", vec![], 0, false),
        ("external_id=eve", vec![eve], 1, false),
        ("external_id=eve&role=agent", vec![], 0, false),
        ("permission_set=7", vec![], 0, false),
    ] {
        let body = world.get(&format!("{of}?{query}")).await.body;
        assert_eq!(ids(&body), expected, "{query}");
        assert_eq!(body["count"], count, "{query}");
        assert_eq!(body["next_page"].is_string(), has_next, "{query}");
    }
    let by_cursor = world.get(&format!("{of}?role=end-user&page[size]=2")).await.body;
    assert_eq!(ids(&by_cursor), [ann]);
    assert_eq!(by_cursor["meta"]["has_more"], true);
    for (query, count) in [
        ("", 3),
        ("?role=end-user", 2),
        ("?role=agent", 1),
        ("?permission_set=7", 0),
    ] {
        let body = world.get(&format!("{of}/count{query}")).await.body;
        assert_eq!(body["count"]["value"], count, "{query}");
    }
    assert_eq!(world.get("organizations/99/users/count").await.status, 404);
    assert_eq!(world.get("organizations/99/users?role=agent").await.status, 404);
}

#[tokio::test]
async fn members_of_a_group_are_listed_and_counted_by_their_roles() {
    let world = World::new().await;
    let all = ids(&world.get("groups/1/users").await.body);
    let agents = world.get("groups/1/users?role=agent").await.body;
    assert!(ids(&agents).iter().all(|id| all.contains(id)));
    assert!(ids(&agents).contains(&2));
    let customers = world.get("groups/1/users?role=end-user").await.body;
    assert_eq!(customers["count"], 0);
    let count = world.get("groups/1/users/count").await.body;
    assert_eq!(count["count"]["value"], all.len());
    let agents_alone = world.get("groups/1/users/count?role=agent").await.body;
    assert_eq!(agents_alone["count"]["value"], ids(&agents).len());
    assert_eq!(world.get("groups/99/users/count").await.status, 404);
    let none = world.get("users/count?permission_set=7").await.body;
    assert_eq!(none["count"]["value"], 0);
}

#[tokio::test]
async fn whoever_is_found_brings_along_what_is_asked_for() {
    let (world, acme, [ann, _]) = with_members().await;
    let found = world
        .get("users/search?external_id=ann&include=organizations,identities,users,roles")
        .await
        .body;
    assert_eq!(ids(&found), [ann], "what was found stays what it is");
    assert_eq!(found["organizations"][0]["id"], acme);
    let identities = found["identities"].as_array().unwrap();
    assert!(identities.iter().any(|row| row["value"] == "ann@example.com"));
    assert!(found["roles"].is_array());
    let group = json!({ "organization": { "group_id": 1 } });
    world
        .as_admin("PUT", &format!("organizations/{acme}"), group)
        .await;
    let found = world
        .get("organizations/search?name=acme&include=organizations,groups")
        .await
        .body;
    assert_eq!(found["organizations"][0]["id"], acme);
    assert_eq!(found["groups"][0]["id"], 1);
}

#[tokio::test]
async fn pages_of_people_reach_as_far_as_lists_by_number() {
    let (world, ..) = with_members().await;
    let second = world.get("users/search?external_id=ann&page=2").await.body;
    assert_eq!((ids(&second), &second["count"]), (vec![], &json!(1)));
    for (page, status) in [(1, 200), (100, 200), (101, 422)] {
        let path = format!("users/search?external_id=ann&page={page}");
        assert_eq!(world.get(&path).await.status, status, "{page}");
    }
}

#[tokio::test]
async fn whoever_calls_is_told_what_they_may_do_and_how_much_there_is_to_do() {
    let (world, _, [ann, _]) = with_members().await;
    world.ticket("Parcel").await;
    let assigned = json!({ "ticket": { "assignee_id": 2, "group_id": 1 } });
    world.put("tickets/1", assigned).await;
    let include = "include=abilities,open_ticket_count,groups";
    let me = world.get(&format!("users/me?{include}")).await.body;
    assert_eq!(me["user"]["id"], 2);
    assert_eq!(me["open_ticket_count"], json!({ "2": 1 }));
    assert_eq!(me["groups"][0]["id"], 1);
    assert_eq!(
        me["abilities"][0],
        json!({
            "url": "https://desk.example.com/api/v2/users/2.json",
            "user_id": 2,
            "can_edit": false,
            "can_edit_password": false,
            "can_manage_identities_of": false,
            "can_verify_identities": false,
        }),
        "agents change no agents"
    );
    let shown = world.get(&format!("users/{ann}?{include}")).await.body;
    assert_eq!(shown["open_ticket_count"], json!({ (ann.to_string()): 0 }));
    assert_eq!(shown["abilities"][0]["can_edit"], true);
    let of_a_customer = world
        .call_as(
            "ann@example.com",
            "GET",
            &format!("users/me?{include}"),
            &[],
            None,
        )
        .await
        .body;
    assert_eq!(of_a_customer["user"]["id"], ann);
    assert_eq!(of_a_customer.get("abilities"), None);
}

#[tokio::test]
async fn those_who_can_be_given_tickets_are_proposed_by_what_is_typed() {
    let (world, ..) = with_members().await;
    for (query, expected) in [
        ("name=bo", vec![2]),
        ("name=bo%20ag", vec![2]),
        ("name=ag%20bo", vec![]),
        ("name=ann", vec![]),
        ("phone=%2B49%20(0)30%2012", vec![2]),
        ("phone=30123", vec![2]),
        ("phone=31123", vec![]),
    ] {
        let path = format!("users/autocomplete?{query}&filter=assignable");
        assert_eq!(ids(&world.get(&path).await.body), expected, "{query}");
    }
    let both = world
        .get("users/autocomplete?name=agent&filter=assignable&per_page=1&page=2")
        .await
        .body;
    assert_eq!((ids(&both), &both["count"]), (vec![3], &json!(2)));
    let asked = json!({ "name": "Bo", "filter": "assignable" });
    let said = world.post("users/autocomplete", asked).await.body;
    assert_eq!(ids(&said), [2]);
    let in_address = world
        .post("users/autocomplete?name=cy&filter=assignable", Value::Null)
        .await
        .body;
    assert_eq!(ids(&in_address), [3]);
    for (query, status) in [
        ("name=bo&filter=others", 400),
        ("filter=assignable", 422),
        ("phone=0", 422),
        ("phone=3012&name=bo", 422),
    ] {
        let path = format!("users/autocomplete?{query}");
        assert_eq!(world.get(&path).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn whoever_is_in_copy_comes_along_with_a_ticket() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let copy = json!({ "ticket": {
        "email_ccs": [{ "user_email": "dee@example.com", "action": "put" }],
        "followers": [{ "user_id": 3, "action": "put" }],
    } });
    assert_eq!(world.put("tickets/1", copy).await.status, 200);
    let shown = world.get("tickets/show_many?ids=1&include=users").await.body;
    let emails: Vec<_> = shown["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["email"].as_str().unwrap_or_default())
        .collect();
    assert!(emails.contains(&"dee@example.com"), "{emails:?}");
    assert!(ids(&shown).contains(&3));
}

#[tokio::test]
async fn a_part_of_a_number_finds_whose_number_it_is_and_nobody_else() {
    let desk = Searching::new().await;
    let phone = json!({ "user": { "phone": "+49 30 123456" } });
    desk.world.as_admin("PUT", "users/2", phone).await;
    let named = json!({ "user": { "name": "Line 30123", "email": "line30123@example.com" } });
    desk.world.as_admin("POST", "users", named).await;
    desk.index().await;
    for (typed, expected) in [
        ("30123", vec![2]),
        ("%2B49%20(0)30%2012", vec![2]),
        ("4930123456", vec![2]),
        ("31123", vec![]),
        ("49301234567", vec![]),
    ] {
        let found = desk.get(&format!("users/autocomplete?phone={typed}")).await;
        assert_eq!(ids(&found), expected, "{typed}");
    }
}
