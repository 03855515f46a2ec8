//! Mail that is held back, and let in or thrown away through the API.

use crate::{in_world, mail};
use docket_desk::ViewPage;
use docket_domain::TicketNumber;
use docket_local::world::{HttpAnswer, World, WorldOptions};
use embedded_aws::{Fate, Verdict, Verdicts};
use jiff::SignedDuration;
use serde_json::{Value, json};

const FORGED: Verdicts = Verdicts {
    dmarc: Verdict::Fail,
    ..Verdicts::PASS
};

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

async fn get(world: &World, path: &str) -> Value {
    let answer = world.api("GET", path, None, &Value::Null).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.body
}

async fn call(world: &World, method: &str, path: &str) -> HttpAnswer {
    world.api(method, path, None, &Value::Null).await.unwrap()
}

async fn holds(world: &World) -> usize {
    get(world, "suspended_tickets.json").await["suspended_tickets"]
        .as_array()
        .unwrap()
        .len()
}

async fn sound(world: &World) {
    assert_eq!(world.broken_invariants().await, Vec::<String>::new());
}

#[test]
fn a_mail_to_no_mailbox_of_ours_is_listed_shown_and_let_in_once() {
    in_world(async {
        let mut world = world().await;
        let raw = mail("Eve <eve@example.com>", "m1@example.com", "", "Is anybody there?");
        world.receive(&raw, &["sales@in.docket.local"], false);
        world.settle().await;
        let held = get(&world, "suspended_tickets/1.json").await["suspended_ticket"].clone();
        assert_eq!(held["cause"], "there is no such mailbox");
        assert_eq!(held["recipient"], "sales@in.docket.local");
        assert_eq!(held["author"]["email"], "eve@example.com");
        assert_eq!(held["subject"], "The printer burns");
        assert_eq!(held["content"], "Is anybody there?");
        assert_eq!(holds(&world).await, 1);

        let first = call(&world, "PUT", "suspended_tickets/1/recover?reason=a+customer").await;
        assert_eq!((first.status, &first.body["ticket"][0]["id"]), (200, &json!(1)));
        let again = call(&world, "PUT", "suspended_tickets/1/recover").await;
        assert_eq!((again.status, &again.body["ticket"][0]["id"]), (200, &json!(1)));
        world.settle().await;
        assert_eq!(holds(&world).await, 0);
        let held = get(&world, "suspended_tickets/1").await["suspended_ticket"].clone();
        assert_eq!(held["docket"]["resolution"]["reason"], "a customer");
        let ticket = world
            .local
            .desk
            .tickets()
            .get(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert!(ticket.assignee.is_some(), "it goes on as any other");
        sound(&world).await;
    });
}

#[test]
fn what_claims_to_be_from_an_agent_waits_until_somebody_vouches_and_then_lands_on_its_ticket() {
    in_world(async {
        let mut world = world().await;
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let agent = world
            .local
            .desk
            .people()
            .get(docket_domain::PersonId(2))
            .await
            .unwrap()
            .unwrap();
        let agent = agent.email.unwrap();
        let reply = mail(
            &agent,
            "a1@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
            "Done.",
        );
        world.receive_judged(&reply, &[], FORGED, Fate::Once);
        world.settle().await;
        assert_eq!(holds(&world).await, 1);
        assert_eq!(
            world.local.aws.sent_count(),
            1,
            "nothing left for Eve but the acknowledgement"
        );
        let released = call(&world, "PUT", "suspended_tickets/1/recover").await;
        assert_eq!(released.body["ticket"][0]["id"], 1);
        let comments = get(&world, "tickets/1/comments.json").await;
        assert_eq!(comments["comments"][1]["plain_body"], "Done.");
        assert_eq!(comments["comments"][1]["author_id"], 2);
        world.settle().await;
        sound(&world).await;
    });
}

#[test]
fn a_quarantined_mail_is_let_in_with_the_original_as_a_file() {
    in_world(async {
        let mut world = world().await;
        let mut bomb = "From: a@example.com\r\nSubject: Boom\r\nMIME-Version: 1.0\r\n".to_owned();
        for depth in 0..101 {
            bomb += &format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        }
        world.receive(&bomb, &[], false);
        world.settle().await;
        let held = get(&world, "suspended_tickets/1").await["suspended_ticket"].clone();
        assert_eq!(held["docket"]["is_quarantined"], true);
        assert_eq!(
            (&held["author"]["email"], &held["subject"]),
            (&json!("a@example.com"), &json!("Boom"))
        );
        let released = call(&world, "PUT", "suspended_tickets/1/recover").await;
        assert_eq!(released.body["ticket"][0]["subject"], "Boom");
        let comments = get(&world, "tickets/1/comments.json").await;
        assert_eq!(
            comments["comments"][0]["attachments"][0]["file_name"],
            "original.eml"
        );
        world.settle().await;
        sound(&world).await;
    });
}

#[test]
fn what_is_discarded_leaves_the_list_keeps_its_reason_and_is_not_let_in_any_more() {
    in_world(async {
        let mut world = world().await;
        let spam = Verdicts {
            spam: Verdict::Fail,
            ..Verdicts::PASS
        };
        world.receive_judged(
            &mail("x@example.com", "m1@example.com", "", "Buy!"),
            &[],
            spam,
            Fate::Once,
        );
        world.settle().await;
        let gone = call(&world, "DELETE", "suspended_tickets/1.json?reason=spam+indeed").await;
        assert_eq!(gone.status, 204);
        assert_eq!(holds(&world).await, 0);
        let held = get(&world, "suspended_tickets/1").await["suspended_ticket"].clone();
        assert_eq!(held["docket"]["resolution"]["outcome"], "discarded");
        assert_eq!(held["docket"]["resolution"]["reason"], "spam indeed");
        assert_eq!(
            call(&world, "PUT", "suspended_tickets/1/recover").await.status,
            409
        );
        assert_eq!(call(&world, "DELETE", "suspended_tickets/7").await.status, 404);
        assert_eq!(
            call(&world, "DELETE", "suspended_tickets/destroy_many?ids=x")
                .await
                .status,
            422
        );
        sound(&world).await;
    });
}

#[test]
fn a_replay_tells_what_would_become_of_a_mail_and_changes_nothing() {
    in_world(async {
        let mut world = world().await;
        let raw = mail("eve@example.com", "m1@example.com", "", "Is anybody there?");
        world.receive(&raw, &["sales@in.docket.local"], false);
        world.settle().await;
        let replay = get(&world, "suspended_tickets/1/replay").await["replay"].clone();
        assert_eq!(replay["is_same"], true);
        assert_eq!(replay["now"]["reason"], "unknown_mailbox");
        assert_eq!(replay["text"].as_str().unwrap().trim(), "Is anybody there?");
        assert_eq!(holds(&world).await, 1);
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 0);
    });
}

#[test]
fn open_pages_see_that_mail_is_held_and_that_it_is_gone() {
    in_world(async {
        let mut world = world().await;
        let before = changes(&world).await;
        let raw = mail("eve@example.com", "m1@example.com", "", "Is anybody there?");
        world.receive(&raw, &["sales@in.docket.local"], false);
        world.settle().await;
        let held = changes(&world).await;
        assert!(held > before, "{held} {before}");
        let gone = call(&world, "DELETE", "suspended_tickets/1").await;
        assert_eq!(gone.status, 204);
        assert!(changes(&world).await > held);
    });
}

/// How often lists changed, as open pages see it.
async fn changes(world: &World) -> u64 {
    let agent = docket_domain::PersonId(2);
    let watched = world.local.desk.watched(agent, None).await.unwrap();
    watched.lists.all()
}

#[test]
fn under_faults_a_held_mail_is_let_in_exactly_once() {
    for seed in 1..=30 {
        in_world(async {
            let options = WorldOptions {
                seed,
                faults: true,
                ..WorldOptions::default()
            };
            let mut world = World::new(options).await.unwrap();
            let raw = mail("eve@example.com", "m1@example.com", "", "Is anybody there?");
            world.receive(&raw, &["sales@in.docket.local"], false);
            // A number that was drawn and not used leaves a gap.
            let mut path = String::new();
            for _ in 0..20 {
                world.pass(SignedDuration::from_mins(3)).await;
                if let Some(held) = world
                    .local
                    .desk
                    .held()
                    .page(&ViewPage::newest(1))
                    .await
                    .unwrap()
                    .contacts
                    .first()
                {
                    path = format!("suspended_tickets/{}/recover", held.id);
                    break;
                }
            }
            let mut released = false;
            for _ in 0..20 {
                let answer = world.api("PUT", &path, None, &Value::Null).await;
                released |= answer.is_some_and(|answer| answer.is_success());
            }
            assert!(released, "seed {seed}");
            world.calm();
            for minutes in [2, 2, 3, 5, 10, 16, 20, 40] {
                world.leap(SignedDuration::from_mins(minutes)).await;
            }
            assert_eq!(
                world.broken_invariants().await,
                Vec::<String>::new(),
                "seed {seed}"
            );
        });
    }
}
