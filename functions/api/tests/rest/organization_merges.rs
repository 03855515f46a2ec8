//! One organization becomes part of another.

use crate::{
    exports::{ids, path},
    support::{ADMIN, BO, Reply, World},
};
use docket_desk::Committed;
use docket_domain::{OrganizationId, PersonId, people::organization_merge::OrganizationMerge};
use serde_json::{Value, json};

async fn made(world: &World, record: Value) -> u64 {
    let body = json!({ "organization": record });
    world.as_admin("POST", "organizations", body).await["organization"]["id"]
        .as_u64()
        .unwrap()
}

async fn user(world: &World, record: Value) -> Value {
    world.as_admin("POST", "users", json!({ "user": record })).await["user"].clone()
}

async fn merge(world: &World, loser: u64, winner: u64) -> Reply {
    let body = json!({ "organization_merge": { "winner_id": winner } });
    let path = format!("organizations/{loser}/merge.json");
    world.call_as(ADMIN, "POST", &path, &[], Some(body)).await
}

/// What function `jobs` does: some people with each call, until there is nothing to do now.
async fn go_on(world: &World, organization: u64) -> usize {
    let mut calls = 1;
    while world
        .desk
        .go_on_with_members(OrganizationId(organization))
        .await
        .unwrap()
    {
        calls += 1;
    }
    calls
}

async fn get(world: &World, path: &str) -> Value {
    let reply = world.call_as(ADMIN, "GET", path, &[], None).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    reply.body
}

#[tokio::test]
async fn people_domains_and_tickets_go_over_and_all_else_goes() {
    let world = World::new().await;
    let fields = json!({ "tier": "gold" });
    let acme = json!({ "name": "Acme", "domain_names": ["acme.example"], "tags": ["a"], "organization_fields": fields });
    let acme = made(&world, acme).await;
    let club = made(
        &world,
        json!({ "name": "Club", "domain_names": ["club.example"], "tags": ["c"] }),
    )
    .await;
    let ann = user(&world, json!({ "name": "Ann", "email": "ann@acme.example" })).await;
    let both = json!({ "name": "Bo", "email": "bo@home.example", "organization_id": club });
    let both = user(&world, both).await;
    let joins = json!({ "organization_membership": { "user_id": both["id"], "organization_id": acme } });
    world.as_admin("POST", "organization_memberships", joins).await;
    let ticket = json!({ "ticket": { "subject": "Late", "comment": { "body": "Where?" }, "requester_id": ann["id"] } });
    let ticket = world.as_admin("POST", "tickets", ticket).await["ticket"].clone();
    assert_eq!(ticket["organization_id"], acme);

    let begun = merge(&world, acme, club).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    let begun = &begun.body["organization_merge"];
    assert_eq!(
        (&begun["loser_id"], &begun["winner_id"], &begun["status"]),
        (&json!(acme), &json!(club), &json!("new"))
    );
    // Whoever is new writes for the other one already.
    let late = user(&world, json!({ "name": "Cy", "email": "cy@acme.example" })).await;
    assert_eq!(late["organization_id"], club);
    go_on(&world, acme).await;

    let shown = get(&world, &path(&begun["url"])).await;
    assert_eq!(shown["organization_merge"]["status"], "complete");
    assert_eq!(shown["organization_merge"]["docket"]["users_moved"], 2);
    assert_eq!(world.get(&format!("organizations/{acme}")).await.status, 404);
    let kept = get(&world, &format!("organizations/{club}")).await["organization"].clone();
    assert_eq!(kept["domain_names"], json!(["club.example", "acme.example"]));
    assert_eq!(
        (&kept["tags"], &kept["organization_fields"]["tier"]),
        (&json!(["c"]), &Value::Null)
    );
    for person in [&ann, &both] {
        let memberships = get(
            &world,
            &format!("users/{}/organization_memberships", person["id"]),
        )
        .await;
        let memberships = memberships["organization_memberships"].as_array().unwrap();
        assert_eq!(memberships.len(), 1, "{memberships:?}");
        assert_eq!(
            (&memberships[0]["organization_id"], &memberships[0]["default"]),
            (&json!(club), &json!(true))
        );
    }
    let ticket = get(&world, &format!("tickets/{}", ticket["id"])).await;
    assert_eq!(ticket["ticket"]["organization_id"], club);
    for id in [acme, club] {
        let listed = get(&world, &format!("organizations/{id}/merges")).await;
        assert_eq!(listed["organization_merges"][0], shown["organization_merge"]);
        assert_eq!(listed["count"], 1);
    }
}

#[tokio::test]
async fn more_people_than_fit_in_a_step_go_over_each_once() {
    let world = World::new().await;
    let acme = made(
        &world,
        json!({ "name": "Acme", "domain_names": ["acme.example"] }),
    )
    .await;
    let club = made(&world, json!({ "name": "Club" })).await;
    for nth in 0..55 {
        user(
            &world,
            json!({ "name": "Ann", "email": format!("ann{nth}@acme.example") }),
        )
        .await;
    }
    let merge_id = merge(&world, acme, club).await.body["organization_merge"]["id"].clone();
    let merge_path = format!("organization_merges/{}", merge_id.as_str().unwrap());
    // A worker that died after one step: the sweep finds it two minutes later.
    assert!(world.desk.go_on_with_members(OrganizationId(acme)).await.unwrap());
    let status = get(&world, &merge_path).await["organization_merge"]["status"].clone();
    assert_eq!(status, "in_progress");
    assert_eq!(world.desk.due().oldest().await.unwrap(), None);
    world.advance(121);
    assert!(world.desk.due().oldest().await.unwrap().is_some());
    assert!(go_on(&world, acme).await > 1);
    let shown = get(&world, &merge_path).await["organization_merge"].clone();
    assert_eq!(
        (&shown["status"], &shown["docket"]["users_moved"]),
        (&json!("complete"), &json!(55))
    );
    let members = get(&world, &format!("organizations/{club}/organization_memberships")).await;
    assert_eq!(members["count"], 55);
    // Who was about to belong to it may be stored for a while yet, and then nothing is left to do.
    assert_eq!(world.desk.due().oldest().await.unwrap(), None);
    world.advance(16 * 60);
    assert!(world.desk.due().oldest().await.unwrap().is_some());
    go_on(&world, acme).await;
    assert_eq!(world.desk.due().oldest().await.unwrap(), None);
}

#[tokio::test]
async fn who_comes_to_one_that_is_gone_goes_over_as_well() {
    let world = World::new().await;
    let acme = made(&world, json!({ "name": "Acme" })).await;
    let club = made(&world, json!({ "name": "Club" })).await;
    let firm = made(&world, json!({ "name": "Firm" })).await;
    let ann = user(&world, json!({ "name": "Ann", "email": "ann@home.example" })).await;
    merge(&world, acme, club).await;
    go_on(&world, acme).await;
    // It goes on with what the first became part of.
    merge(&world, club, firm).await;
    go_on(&world, club).await;
    // Somebody who read the first before it was gone stores her now.
    let people = world.desk.people();
    let id = docket_domain::PersonId(ann["id"].as_u64().unwrap());
    let before = people.get(id).await.unwrap().unwrap();
    let mut after = before.clone();
    after.set_organizations([OrganizationId(acme)]);
    let by = world.desk.by_system("a late writer");
    let writes = people.changed_writes(&before, &after, &by).await.unwrap();
    world.desk.commit_writes(vec![], writes).await.unwrap();
    world.advance(16 * 60);
    go_on(&world, acme).await;
    let shown = get(&world, &format!("users/{}", ann["id"])).await;
    assert_eq!(shown["user"]["organization_id"], firm);
}

#[tokio::test]
async fn a_merge_that_can_not_be_is_refused_and_one_that_is_sent_twice_is_one() {
    let world = World::new().await;
    let acme = made(&world, json!({ "name": "Acme" })).await;
    let club = made(&world, json!({ "name": "Club" })).await;
    let firm = made(&world, json!({ "name": "Firm" })).await;
    let itself = merge(&world, acme, acme).await;
    assert_eq!(itself.status, 422, "{}", itself.body);
    let nothing = merge(&world, acme, 99).await;
    assert!(
        nothing.body["details"]["winner_id"].is_array(),
        "{}",
        nothing.body
    );
    assert_eq!(merge(&world, 99, acme).await.status, 404);
    let body = json!({ "organization_merge": { "winner_id": club } });
    let merge_path = format!("organizations/{acme}/merge");
    let blank = world
        .call_as(
            ADMIN,
            "POST",
            &merge_path,
            &[],
            Some(json!({ "organization_merge": {} })),
        )
        .await;
    assert!(blank.body["details"]["winner_id"].is_array(), "{}", blank.body);
    let agent = world
        .call_as(BO, "POST", &merge_path, &[], Some(body.clone()))
        .await;
    assert_eq!(agent.status, 403);

    let key = [("idempotency-key", "k1")];
    let first = world
        .call_as(ADMIN, "POST", &merge_path, &key, Some(body.clone()))
        .await;
    let second = world.call_as(ADMIN, "POST", &merge_path, &key, Some(body)).await;
    assert_eq!(
        (first.status, second.status),
        (http::StatusCode::ACCEPTED, http::StatusCode::ACCEPTED)
    );
    assert_eq!(first.body, second.body);
    // As long as it is under way, neither goes elsewhere; others may come to the one that stays.
    for (loser, winner) in [(acme, firm), (club, firm), (firm, acme)] {
        assert_eq!(
            merge(&world, loser, winner).await.status,
            409,
            "{loser} to {winner}"
        );
    }
    for id in [acme, club] {
        let reply = world
            .call_as(ADMIN, "DELETE", &format!("organizations/{id}"), &[], None)
            .await;
        assert_eq!(reply.status, 409, "{}", reply.body);
    }
    // What is given to one that goes would go with it; the one that stays may have it.
    let given = json!({ "organization": { "domain_names": ["given.example"] } });
    for (id, status) in [(acme, 409), (club, 200)] {
        let reply = world
            .call_as(
                ADMIN,
                "PUT",
                &format!("organizations/{id}"),
                &[],
                Some(given.clone()),
            )
            .await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
    assert_eq!(merge(&world, firm, club).await.status, 202);
    for id in [acme, firm] {
        go_on(&world, id).await;
        assert_eq!(world.get(&format!("organizations/{id}")).await.status, 404);
    }
    let reply = world
        .call_as(ADMIN, "DELETE", &format!("organizations/{club}"), &[], None)
        .await;
    assert_eq!(reply.status, 204);
}

#[tokio::test]
async fn organizations_that_are_gone_and_people_who_were_deleted_are_told_by_exports() {
    let world = World::new().await;
    let acme = json!({ "name": "Acme", "external_id": "crm-7", "organization_fields": { "tier": "gold" } });
    let acme = made(&world, acme).await;
    let club = made(&world, json!({ "name": "Club" })).await;
    let ann = user(&world, json!({ "name": "Ann", "email": "ann@home.example" })).await;
    world.advance(60);
    world
        .call_as(ADMIN, "DELETE", &format!("organizations/{acme}"), &[], None)
        .await;
    world
        .call_as(ADMIN, "DELETE", &format!("users/{}", ann["id"]), &[], None)
        .await;
    let told = get(&world, "incremental/organizations?start_time=0").await;
    assert_eq!(ids(&told, "organizations"), [club, acme]);
    let rows = told["organizations"].as_array().unwrap();
    assert_eq!(rows[0]["deleted_at"], Value::Null);
    assert_eq!(rows[1]["deleted_at"], "2026-03-02T12:01:00Z");
    assert_eq!(
        (
            &rows[1]["name"],
            &rows[1]["external_id"],
            &rows[1]["organization_fields"]["tier"]
        ),
        (&json!("Acme"), &json!("crm-7"), &json!("gold"))
    );
    for export in [
        "incremental/users?start_time=0",
        "incremental/users/cursor?start_time=0",
    ] {
        let told = get(&world, export).await;
        let rows = told["users"].as_array().unwrap();
        let anns = rows.iter().find(|row| row["id"] == ann["id"]).unwrap();
        assert_eq!(anns["active"], false, "{export}");
    }
    // One that was merged is told as one that was deleted.
    let firm = made(&world, json!({ "name": "Firm" })).await;
    merge(&world, club, firm).await;
    go_on(&world, club).await;
    let told = get(&world, "incremental/organizations?start_time=0").await;
    let rows = told["organizations"].as_array().unwrap();
    let clubs = rows.iter().find(|row| row["id"] == club).unwrap();
    assert!(clubs["deleted_at"].is_string(), "{clubs}");
}

#[tokio::test]
async fn what_changes_at_the_same_moment_is_not_lost() {
    let world = World::new().await;
    let acme = made(&world, json!({ "name": "Acme" })).await;
    let club = made(&world, json!({ "name": "Club" })).await;
    let organizations = world.desk.organizations();
    let read = |id: u64| async move { organizations.get(OrganizationId(id)).await.unwrap().unwrap() };
    let (loser, winner) = (read(acme).await, read(club).await);
    let by = world.desk.by_system("a merge");
    let id = docket_domain::job::JobId::new(by.at, [7; 10]);
    let asked = OrganizationMerge::new(id, (loser.id, winner.id), by.actor.clone(), by.at);
    let begins = organizations
        .merge_writes(&asked, [(&loser, &loser), (&winner, &winner)], &by)
        .unwrap();
    let mut changed = loser.clone();
    changed.domains = vec!["late.example".to_owned()];
    let late = organizations.changed_writes(&loser, &changed, &by).unwrap();
    // Whoever is first wins, and the other one has to look again: the change, although the merge had no domain to hand over…
    let commit = |writes| world.desk.commit_writes(vec![], writes);
    assert!(matches!(commit(late).await.unwrap(), Committed::Done(_)));
    assert!(matches!(commit(begins).await.unwrap(), Committed::Lost));
    // … or the merge.
    assert_eq!(merge(&world, acme, club).await.status, 202);
    let changed = read(acme).await;
    let renamed = docket_domain::people::organization::Organization {
        notes: Some("Late".to_owned()),
        ..changed.clone()
    };
    let late = organizations.changed_writes(&changed, &renamed, &by).unwrap();
    assert!(matches!(commit(late).await.unwrap(), Committed::Lost));
    go_on(&world, acme).await;
    let kept = get(&world, &format!("organizations/{club}")).await;
    assert_eq!(kept["organization"]["domain_names"], json!(["late.example"]));
}

#[tokio::test]
async fn who_changed_since_they_were_read_stays_on_the_list() {
    let world = World::new().await;
    let acme = made(&world, json!({ "name": "Acme" })).await;
    let kim = json!({ "name": "Kim", "email": "kim@home.example", "organization_id": acme });
    let id = PersonId(user(&world, kim).await["id"].as_u64().unwrap());
    let (organizations, acme) = (world.desk.organizations(), OrganizationId(acme));
    let read = world.desk.people().get(id).await.unwrap().unwrap().v;
    for other in [None, Some(read + 1)] {
        assert!(!organizations.take_off_list(acme, id, other).await.unwrap());
        assert_eq!(organizations.listed(acme, 10).await.unwrap(), [id]);
    }
    assert!(organizations.take_off_list(acme, id, Some(read)).await.unwrap());
    assert!(organizations.listed(acme, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_undone_merge_of_people_gives_back_what_their_organization_became() {
    let world = World::new().await;
    let acme = made(&world, json!({ "name": "Acme" })).await;
    let club = made(&world, json!({ "name": "Club" })).await;
    let ann = user(&world, json!({ "name": "Ann", "email": "ann@home.example" })).await;
    let lee = json!({ "name": "Lee", "email": "lee@work.example", "organization_id": acme });
    let lee = user(&world, lee).await;
    let person = |record: &Value| PersonId(record["id"].as_u64().unwrap());
    let (ann, lee) = (person(&ann), person(&lee));
    let by = world.desk.by_system("a test");
    let people = world.desk.people();
    people.merge(lee, ann, &by, vec![]).await.unwrap();
    merge(&world, acme, club).await;
    go_on(&world, acme).await;
    let of = |id: PersonId| async move { people.get(id).await.unwrap().unwrap().organizations() };
    assert_eq!(of(ann).await, [OrganizationId(club)]);
    people.part(lee, &by, vec![]).await.unwrap();
    assert!(of(ann).await.is_empty());
    assert_eq!(of(lee).await, [OrganizationId(club)]);
}
