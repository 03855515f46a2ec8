//! Two records that are one person's, somebody who is suspended, and what a customer finds.

use crate::{answer, in_world, mail};
use docket_domain::{TicketNumber, contact::comment::AuthorRole, people::person::Identity};
use docket_local::world::{HttpAnswer, World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

async fn api(world: &World, method: &str, path: &str, body: Value) -> HttpAnswer {
    world.api(method, path, None, &body).await.unwrap()
}

async fn writes(world: &mut World, from: &str, id: &str, more: &str) {
    world.receive(
        &mail(from, &format!("{id}@example.com"), more, "Help!"),
        &[],
        false,
    );
    world.settle().await;
}

async fn person(world: &World, email: &str) -> u64 {
    let found = world
        .local
        .desk
        .people()
        .find(&Identity::email(email))
        .await
        .unwrap();
    found.unwrap().id.0
}

async fn sound(world: &World) {
    assert_eq!(world.broken_invariants().await, Vec::<String>::new());
}

#[test]
fn mail_of_somebody_suspended_is_held_with_the_reason_until_it_is_let_in_or_the_suspension_lifted() {
    in_world(async {
        let mut world = world().await;
        writes(&mut world, "eve@example.com", "m1", "").await;
        let eve = person(&world, "eve@example.com").await;
        let suspend = |is: bool| json!({ "user": { "suspended": is } });
        assert!(
            api(&world, "PUT", &format!("users/{eve}"), suspend(true))
                .await
                .is_success()
        );
        writes(&mut world, "eve@example.com", "m2", "").await;
        let held = api(&world, "GET", "suspended_tickets", Value::Null).await.body;
        assert_eq!(held["count"], 1);
        assert_eq!(
            held["suspended_tickets"][0]["cause"],
            "it is from somebody who was suspended"
        );
        let contact = json!({
            "type": "message.created",
            "data": { "customer": { "email": "eve@example.com", "verified": true }, "text": "Me again" },
        });
        let hook = world.hook("w1", &contact).await.unwrap();
        assert_eq!(
            (hook.status, &hook.body["error"]),
            (403, &json!("SuspendedCustomer"))
        );
        let let_in = api(&world, "PUT", "suspended_tickets/1/recover", Value::Null).await;
        assert_eq!(let_in.body["ticket"][0]["requester_id"], eve, "{let_in:?}");
        assert!(
            api(&world, "PUT", &format!("users/{eve}"), suspend(false))
                .await
                .is_success()
        );
        writes(&mut world, "eve@example.com", "m3", "").await;
        let held = api(&world, "GET", "suspended_tickets", Value::Null).await.body;
        assert_eq!(held["count"], 0);
        let hook = world.hook("w2", &contact).await.unwrap();
        assert_eq!(hook.status, 201, "{hook:?}");
        world.settle().await;
        sound(&world).await;
    });
}

#[test]
fn after_a_merge_each_address_writes_as_the_one_who_stays() {
    in_world(async {
        let mut world = world().await;
        writes(&mut world, "lee@example.com", "m1", "").await;
        writes(&mut world, "ann@example.com", "m2", "").await;
        assert!(answer(&world, 1, "Which printer?", false).await);
        world.settle().await;
        let (lee, ann) = (
            person(&world, "lee@example.com").await,
            person(&world, "ann@example.com").await,
        );
        let into = json!({ "user": { "id": ann } });
        assert!(
            api(&world, "PUT", &format!("users/{lee}/merge"), into)
                .await
                .is_success()
        );
        world.settle().await;
        writes(
            &mut world,
            "lee@example.com",
            "m3",
            "In-Reply-To: <m1@example.com>\r\n",
        )
        .await;
        writes(&mut world, "lee@example.com", "m4", "").await;
        let desk = world.local.desk.clone();
        let comments = desk.tickets().comments_of(TicketNumber(1)).await.unwrap();
        let last = comments.last().unwrap();
        assert_eq!((last.author.0, last.role), (ann, AuthorRole::Requester));
        for number in [1, 3] {
            let ticket = desk.tickets().get(TicketNumber(number)).await.unwrap().unwrap();
            assert_eq!(ticket.requester.0, ann, "{number}");
        }
        assert_eq!(person(&world, "lee@example.com").await, ann);
        sound(&world).await;
        let undone = api(&world, "PUT", &format!("users/{lee}/merge/undo"), Value::Null).await;
        assert!(undone.is_success(), "{undone:?}");
        // The sweep does the rest.
        for _ in 0..3 {
            world.pass(SignedDuration::from_secs(65)).await;
        }
        let first = desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap();
        assert_eq!(first.requester.0, lee);
        assert_eq!(person(&world, "lee@example.com").await, lee);
        sound(&world).await;
    });
}

#[test]
fn the_sweep_does_what_is_left_of_a_merge_and_ends() {
    in_world(async {
        let mut world = world().await;
        writes(&mut world, "ann@example.com", "m0", "").await;
        for n in 1..=30 {
            writes(&mut world, "lee@example.com", &format!("m{n}"), "").await;
        }
        let (lee, ann) = (
            person(&world, "lee@example.com").await,
            person(&world, "ann@example.com").await,
        );
        let into = json!({ "user": { "id": ann } });
        assert!(
            api(&world, "PUT", &format!("users/{lee}/merge"), into)
                .await
                .is_success()
        );
        for _ in 0..20 {
            world.pass(SignedDuration::from_secs(65)).await;
        }
        let desk = &world.local.desk;
        assert_eq!(
            desk.people().work(docket_domain::PersonId(lee)).await.unwrap(),
            None
        );
        let requested = api(
            &world,
            "GET",
            &format!("users/{ann}/tickets/requested"),
            Value::Null,
        )
        .await;
        assert_eq!(requested.body["count"], 31);
    });
}

#[test]
fn whoever_searches_their_requests_finds_no_others() {
    in_world(async {
        let mut world = world().await;
        writes(&mut world, "eve@example.com", "m1", "").await;
        let own =
            json!({ "request": { "subject": "Lantern", "comment": { "body": "The crimson lantern" } } });
        let made = api(&world, "POST", "requests", own).await;
        assert_eq!(made.status, 201, "{made:?}");
        world.settle().await;
        let found = async |query: &str| -> Vec<u64> {
            let path = format!("requests/search?query={query}");
            let answer = api(&world, "GET", &path, Value::Null).await;
            assert!(answer.is_success(), "{answer:?}");
            let rows = answer.body["requests"].as_array().unwrap().clone();
            rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
        };
        assert_eq!(found("lantern").await, [2]);
        assert_eq!(found("printer").await, [0; 0], "Eve's");
        assert_eq!(found("status%3Csolved").await, [2]);
        let in_copy = api(&world, "GET", "requests/ccd", Value::Null).await;
        assert_eq!(in_copy.body["count"], 0, "{in_copy:?}");
    });
}

#[test]
fn copies_go_where_somebody_is_found_now_and_to_nobody_twice() {
    in_world(async {
        let mut world = world().await;
        writes(&mut world, "eve@example.com", "m1", "").await;
        let copied = json!({ "ticket": { "email_ccs": [
            { "user_email": "lee@example.com" }, { "user_email": "ann@example.com" },
        ] } });
        let copied = api(&world, "PUT", "tickets/1", copied).await;
        assert!(copied.is_success(), "{copied:?}");
        writes(&mut world, "eve@example.com", "m2", "").await;
        let to_lee = json!({ "ticket": { "email_ccs": [{ "user_email": "lee@example.com" }] } });
        let to_lee = api(&world, "PUT", "tickets/2", to_lee).await;
        assert!(to_lee.is_success(), "{to_lee:?}");
        let (lee, ann) = (
            person(&world, "lee@example.com").await,
            person(&world, "ann@example.com").await,
        );
        let into = json!({ "user": { "id": ann } });
        let merged = api(&world, "PUT", &format!("users/{lee}/merge"), into).await;
        assert!(merged.is_success(), "{merged:?}");
        world.settle().await;
        assert!(answer(&world, 1, "Which printer?", false).await);
        world.settle().await;
        let sent = world.local.aws.sent_mails();
        let with_copies = sent.iter().rev().find(|mail| mail.destinations.len() > 1);
        assert_eq!(
            with_copies.unwrap().destinations,
            ["eve@example.com", "ann@example.com"]
        );
        let path = format!("users/{ann}/tickets/ccd");
        let copied = api(&world, "GET", &path, Value::Null).await.body;
        assert_eq!(copied["count"], 2, "Lee's are Ann's now: {copied}");
    });
}
