//! What is deleted, restored, or made unreadable: nobody finds it, and what has to go is gone from everywhere.

use crate::{answer, eves_ticket, file, in_world, mail};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{TicketNumber, ticket::Fact};
use docket_local::world::{HttpAnswer, World, WorldOptions};
use embedded_aws::{Call, Fault};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A word that only what has to go says.
pub(crate) const CANARY: &str = "quetzalcoatlus";

pub(crate) async fn ask(world: &World, method: &str, path: &str, body: Value) -> HttpAnswer {
    world.api(method, path, None, &body).await.unwrap()
}

pub(crate) async fn get(world: &World, path: &str) -> HttpAnswer {
    ask(world, "GET", path, Value::Null).await
}

/// The numbers of the tickets that a query finds.
pub(crate) async fn found(world: &World, query: &str) -> Vec<u64> {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let answered = get(world, &format!("search.json?filter[type]=ticket&query={query}")).await;
    assert!(answered.is_success(), "{answered:?}");
    let rows = answered.body["results"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

/// Everything that is stored, as text: items of both tables, objects unpacked.
async fn everything(world: &World) -> Vec<String> {
    let settings = &world.local.desk.settings;
    let dynamo = aws_sdk_dynamodb::Client::new(&world.local.aws.config("test"));
    let mut all = Vec::new();
    for table in [&settings.tickets_table, &settings.guard_table] {
        let scanned = dynamo.scan().table_name(table).send().await.unwrap();
        assert!(scanned.last_evaluated_key.is_none());
        for item in scanned.items() {
            all.push(format!("{item:?}"));
            // Decisions stand packed in the item of their words.
            let packed = item.get("decisions").and_then(|all| all.as_m().ok());
            let packed = packed.into_iter().flat_map(|all| all.values());
            all.extend(packed.filter_map(|value| match value {
                AttributeValue::B(bytes) => Some(unpacked(bytes.as_ref())),
                _ => None,
            }));
        }
    }
    for object in world.local.aws.objects("") {
        let bytes = world.local.aws.object(&object.bucket, &object.key).unwrap();
        all.push(format!("{}: {}", object.key, unpacked(&bytes)));
    }
    all
}

fn unpacked(bytes: &[u8]) -> String {
    let unpacked = zstd::bulk::decompress(bytes, 16 * 1024 * 1024);
    String::from_utf8_lossy(unpacked.as_deref().unwrap_or(bytes)).into_owned()
}

/// Where a word still stands.
pub(crate) async fn says(world: &World, word: &str) -> Vec<String> {
    let mut all = everything(world).await;
    all.retain(|text| text.to_lowercase().contains(word));
    all
}

pub(crate) async fn pass_minutes(world: &mut World, minutes: i64) {
    for _ in 0..minutes {
        world.pass(SignedDuration::from_secs(61)).await;
    }
}

/// A world in which Eve's mail is ticket 1, and has an agent.
async fn world_with(text: &str) -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    world.receive(
        &mail("Eve <eve@example.com>", "m1@example.com", "", text),
        &[],
        false,
    );
    world.settle().await;
    pass_minutes(&mut world, 1).await;
    world
}

#[test]
fn a_deleted_ticket_is_nowhere_and_comes_back_as_it_was() {
    in_world(async {
        let mut world = world_with("The crimson lantern does not glow.").await;
        assert!(answer(&world, 1, "We look at it.", false).await);
        pass_minutes(&mut world, 2).await;
        let before = file(&world, 1).await.ticket;
        let agent = before.assignee.unwrap();
        let load = async |world: &World| {
            world
                .local
                .desk
                .agents()
                .load(agent)
                .await
                .unwrap()
                .unwrap()
                .load_units
        };
        assert_eq!(found(&world, "crimson").await, [1]);
        let had = load(&world).await;
        assert!(had > 0);

        assert_eq!(
            ask(&world, "DELETE", "tickets/1.json", Value::Null).await.status,
            204
        );
        assert_eq!(found(&world, "crimson").await, [0; 0], "at once");
        assert_eq!(load(&world).await, had - i64::from(before.weight));
        pass_minutes(&mut world, 2).await;
        assert_eq!(found(&world, "crimson").await, [0; 0], "from the index, too");
        for path in [
            "tickets/1.json",
            "tickets/1/comments.json",
            "tickets/1/audits.json",
            "tickets/1/decisions.json",
            "tickets/1/metrics.json",
            "tickets/1/sla.json",
        ] {
            assert_eq!(get(&world, path).await.status, 404, "{path}");
        }
        let requested = format!("users/{}/tickets/requested.json", before.requester);
        for path in ["tickets.json", "tickets/show_many.json?ids=1", &requested] {
            let listed = get(&world, path).await;
            assert_eq!(listed.body["tickets"], json!([]), "{path}");
            assert_eq!(listed.body["count"], 0, "{path}");
        }
        let change = json!({ "ticket": { "status": "solved" } });
        assert_eq!(ask(&world, "PUT", "tickets/1.json", change).await.status, 404);
        assert_eq!(
            ask(&world, "DELETE", "tickets/1.json", Value::Null).await.status,
            404
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());

        let deleted = get(&world, "deleted_tickets.json").await.body;
        assert_eq!(deleted["count"], 1);
        let row = &deleted["deleted_tickets"][0];
        assert_eq!(
            (&row["id"], &row["subject"]),
            (&json!(1), &json!("The printer burns"))
        );
        assert_eq!(row["previous_state"], json!(before.status));
        assert!(
            row["actor"]["id"].is_u64() && row["actor"]["name"].is_string(),
            "{row}"
        );

        let restored = ask(&world, "PUT", "deleted_tickets/1/restore.json", Value::Null).await;
        assert_eq!(restored.status, 200);
        assert_eq!(get(&world, "deleted_tickets.json").await.body["count"], 0);
        let after = file(&world, 1).await.ticket;
        assert_eq!((after.status, after.assignee), (before.status, before.assignee));
        assert_eq!(load(&world).await, had);
        assert_eq!(found(&world, "crimson").await, [1]);
        assert_eq!(get(&world, "tickets.json").await.body["count"], 1);
        pass_minutes(&mut world, 2).await;
        assert_eq!(found(&world, "crimson").await, [1]);
        let again = ask(&world, "PUT", "deleted_tickets/1/restore.json", Value::Null).await;
        assert_eq!(again.status, 404);
        let audits = get(&world, "tickets/1/audits.json").await.body.to_string();
        assert!(
            audits.contains("DocketDeleted") && audits.contains("DocketRestored"),
            "{audits}"
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn who_writes_to_a_deleted_ticket_has_a_new_one() {
    in_world(async {
        let mut world = eves_ticket().await;
        assert_eq!(
            ask(&world, "DELETE", "tickets/1.json", Value::Null).await.status,
            204
        );
        let reply = mail(
            "Eve <eve@example.com>",
            "m2@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
            "Any news?",
        );
        world.receive(&reply, &[], false);
        world.settle().await;
        let second = file(&world, 2).await.ticket;
        assert_eq!(second.follows, Some(TicketNumber(1)));
        assert!(crate::hand_over(&world, "msg_1", "A lantern").await);
        world.settle().await;
        assert_eq!(
            ask(&world, "DELETE", "tickets/3.json", Value::Null).await.status,
            204
        );
        assert!(crate::hand_over(&world, "msg_2", "Another lantern").await);
        world.settle().await;
        assert_eq!(file(&world, 4).await.comments.len(), 1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_key_makes_a_deletion_the_same_one() {
    in_world(async {
        let world = eves_ticket().await;
        for _ in 0..2 {
            let answered = world
                .api("DELETE", "tickets/1.json", Some("once"), &Value::Null)
                .await;
            assert_eq!(answered.unwrap().status, 204);
        }
        let events = file(&world, 1).await.events;
        let deletions = events
            .iter()
            .filter(|event| matches!(event.fact, Fact::Deleted { .. }));
        assert_eq!(deletions.count(), 1);
    });
}

#[test]
fn what_nobody_restores_is_deleted_for_good_and_stands_nowhere() {
    in_world(async {
        let long = format!("My {CANARY} is ill. {}", "It does not eat. ".repeat(300));
        let mut world = world_with(&long).await;
        assert!(answer(&world, 1, &format!("Which {CANARY}?"), false).await);
        let change = json!({ "ticket": { "subject": format!("The {CANARY}"), "tags": [CANARY],
            "docket": { "fields": { "animal": CANARY } } } });
        assert!(ask(&world, "PUT", "tickets/1.json", change).await.is_success());
        pass_minutes(&mut world, 2).await;
        assert!(says(&world, CANARY).await.len() > 5);
        assert_eq!(
            ask(&world, "DELETE", "tickets/1.json", Value::Null).await.status,
            204
        );
        world.leap(SignedDuration::from_hours(29 * 24)).await;
        assert!(says(&world, CANARY).await.len() > 5, "it can be restored");
        world.leap(SignedDuration::from_hours(24)).await;
        pass_minutes(&mut world, 4).await;
        let tags = |text: &String| text.contains("TagsChanged");
        let mut left = says(&world, CANARY).await;
        left.retain(|text| !tags(text));
        assert_eq!(left, Vec::<String>::new());
        let restored = ask(&world, "PUT", "deleted_tickets/1/restore.json", Value::Null).await;
        assert_eq!(restored.status, 404);
        let verified = world
            .local
            .desk
            .tickets()
            .verify(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(verified.flaws, []);
        assert!(verified.erased_saves > 0);
        let ticket = file(&world, 1).await;
        assert_eq!(ticket.comments.len(), 2, "that somebody wrote stays");
        assert_eq!(ticket.ticket.next_timer_at(), None);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn an_admin_deletes_for_good_and_is_told_when_it_is_done() {
    in_world(async {
        let mut world = world_with(&format!("My {CANARY} is ill.")).await;
        let at_once = ask(&world, "DELETE", "deleted_tickets/1.json", Value::Null).await;
        assert_eq!(at_once.status, 404, "only what was deleted before");
        assert_eq!(
            ask(&world, "DELETE", "tickets/1.json", Value::Null).await.status,
            204
        );
        let job = ask(&world, "DELETE", "deleted_tickets/1.json", Value::Null).await;
        assert_eq!(job.status, 200);
        let job = &job.body["job_status"];
        assert_eq!(job["status"], "working");
        let path = format!("job_statuses/{}.json", job["id"].as_str().unwrap());
        // A step that fails is done the next time.
        let failed = Arc::new(AtomicUsize::new(0));
        let count = failed.clone();
        let plan = move |call: &Call| {
            let is_erasing = call.actor == "sla-check" && call.operation == "DeleteObjects";
            if is_erasing && count.fetch_add(1, Ordering::Relaxed) == 0 {
                return Fault::FailBefore(500);
            }
            Fault::None
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        pass_minutes(&mut world, 4).await;
        world.local.aws.set_fault_plan(None);
        assert!(failed.load(Ordering::Relaxed) > 1, "it was tried again");
        assert_eq!(get(&world, &path).await.body["job_status"]["status"], "completed");
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
        assert_eq!(
            get(&world, "job_statuses/permanent-deletion-7.json").await.status,
            404
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_was_redacted_is_gone_from_everywhere() {
    in_world(async {
        let filler = "It is a long story. ".repeat(200);
        let text = format!("My number is {CANARY} 17. {filler} Again: {CANARY} 17.");
        let mut world = world_with(&text).await;
        assert!(answer(&world, 1, "Thank you.", false).await);
        pass_minutes(&mut world, 2).await;
        assert_eq!(found(&world, CANARY).await, [1]);
        let comments = get(&world, "tickets/1/comments.json").await.body;
        let id = comments["comments"][0]["id"].as_u64().unwrap();
        let path = format!("tickets/1/comments/{id}/redact.json");
        let absent = ask(&world, "PUT", &path, json!({ "text": "unheard of" })).await;
        assert_eq!(absent.status, 422);
        let blank = ask(&world, "PUT", &path, json!({ "text": " " })).await;
        assert_eq!(blank.status, 422);
        let passage = format!("{CANARY} 17");
        let elsewhere = ask(
            &world,
            "PUT",
            "tickets/1/comments/200002/redact.json",
            json!({ "text": passage }),
        )
        .await;
        assert_eq!(elsewhere.status, 404);

        let redacted = ask(&world, "PUT", &path, json!({ "text": passage })).await;
        assert_eq!(redacted.status, 200, "{redacted:?}");
        let body = redacted.body["comment"]["body"].as_str().unwrap();
        assert!(body.starts_with("My number is ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇."), "{body}");
        assert!(!redacted.body.to_string().contains(CANARY));
        assert_eq!(found(&world, CANARY).await, [0; 0], "at once");
        assert_eq!(found(&world, "\"long story\"").await, [1]);
        pass_minutes(&mut world, 4).await;
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
        assert_eq!(found(&world, CANARY).await, [0; 0]);
        let audits = get(&world, "tickets/1/audits.json").await.body.to_string();
        assert!(audits.contains("CommentRedactionEvent"), "{audits}");
        let verified = world
            .local
            .desk
            .tickets()
            .verify(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((verified.flaws, verified.erased_saves), (vec![], 1));
        assert_eq!(file(&world, 1).await.ticket.erase_due_at, None);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_is_marked_is_redacted_and_a_file_makes_room_for_an_empty_one() {
    in_world(async {
        let mut world = eves_ticket().await;
        let upload = world
            .upload("filename=passport.txt", "text/plain", CANARY.as_bytes())
            .await
            .unwrap();
        let token = upload.body["upload"]["token"].as_str().unwrap().to_owned();
        let comment = json!({ "html_body": "<p>card <b>4111 1111</b> and more</p>", "public": false, "uploads": [token] });
        let change = json!({ "ticket": { "comment": comment } });
        assert!(ask(&world, "PUT", "tickets/1.json", change).await.is_success());
        let comments = get(&world, "tickets/1/comments.json").await.body;
        let added = &comments["comments"][1];
        let (id, url) = (
            added["id"].as_u64().unwrap(),
            added["attachments"][0]["content_url"].clone(),
        );
        let nothing = json!({ "ticket_id": 1, "html_body": "<p>no mark</p>" });
        let path = format!("comment_redactions/{id}.json");
        assert_eq!(ask(&world, "PUT", &path, nothing).await.status, 422);
        let marked = json!({ "ticket_id": 1, "html_body": "<p>card <b><redact>4111 1111</redact></b></p>",
            "external_attachment_urls": [url] });
        let redacted = ask(&world, "PUT", &path, marked).await;
        assert_eq!(redacted.status, 200, "{redacted:?}");
        let comment = &redacted.body["comment"];
        assert!(!comment.to_string().contains("4111"), "{comment}");
        let file = &comment["attachments"][0];
        assert_eq!(
            (&file["file_name"], &file["size"], &file["deleted"]),
            (&json!("redacted.txt"), &json!(0), &json!(true))
        );
        let link = file["content_url"].as_str().unwrap();
        assert_eq!(world.fetch(link).await, Some((200, vec![])));
        // What waits for a comment goes after three days.
        world.leap(SignedDuration::from_hours(73)).await;
        pass_minutes(&mut world, 3).await;
        let mut left = says(&world, CANARY).await;
        left.retain(|text| !text.starts_with("upload/"));
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(says(&world, "4111").await, Vec::<String>::new());
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_comment_is_kept_to_agents() {
    in_world(async {
        let mut world = eves_ticket().await;
        assert!(answer(&world, 1, "The secret recipe is cinnamon.", false).await);
        world.settle().await;
        let comments = get(&world, "tickets/1/comments.json").await.body;
        let (first, id) = (
            &comments["comments"][0]["id"],
            comments["comments"][1]["id"].as_u64().unwrap(),
        );
        assert_eq!(comments["comments"][1]["public"], true);
        let path = format!("tickets/1/comments/{id}/make_private.json");
        assert_eq!(ask(&world, "PUT", &path, Value::Null).await.status, 200);
        assert_eq!(
            ask(&world, "PUT", &path, Value::Null).await.status,
            200,
            "it is already"
        );
        let comments = get(&world, "tickets/1/comments.json").await.body;
        assert_eq!(comments["comments"][1]["public"], false);
        let ticket = file(&world, 1).await.ticket;
        assert_eq!(ticket.last_public_v, first.as_u64().unwrap() % 100_000);
        let audit = comments["comments"][0]["audit_id"].as_u64().unwrap();
        let path = format!("tickets/1/audits/{audit}/make_private.json");
        assert_eq!(ask(&world, "PUT", &path, Value::Null).await.status, 200);
        assert_eq!(file(&world, 1).await.ticket.last_public_v, 0);
        pass_minutes(&mut world, 2).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}
