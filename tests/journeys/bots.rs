//! What bots send: contacts that other desks refused or tore apart, and hand-offs in conversations that have a ticket.

use crate::{answer, collection::cases, file, in_world};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    people::person::{Identity, Person},
    ticket::{Priority, ReplyVia, Status},
};
use docket_local::world::{HttpAnswer, World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

/// Sends a body under an id of its own.
async fn send(world: &World, id: &str, body: &Value) -> HttpAnswer {
    world.hook(id, body).await.unwrap()
}

/// The same of a body that is to be taken: the ticket it came to.
async fn taken(world: &World, id: &str, body: &Value) -> u64 {
    let answer = send(world, id, body).await;
    assert!(answer.is_success(), "{body}: {answer:?}");
    answer.body["ticket"]["id"].as_u64().unwrap()
}

fn contact(data: Value) -> Value {
    json!({ "type": "contact.created", "data": data })
}

async fn requester(world: &World, ticket: u64) -> Person {
    let id = file(world, ticket).await.ticket.requester;
    world.local.desk.people().get(id).await.unwrap().unwrap()
}

/// A ticket of a bot that is called.
async fn ticket_of_a_bot(world: &mut World) -> u64 {
    let data = json!({ "external_id": "chat-42", "customer": { "id": "u-7", "name": "Eve" }, "text": "My money!",
        "reply_via": { "url": "https://bot.example/answers" } });
    let ticket = taken(world, "msg_1", &contact(data)).await;
    world.settle().await;
    ticket
}

#[test]
fn where_answers_go_is_not_the_next_contacts_to_say_once_their_address_was_taken_away() {
    in_world(async {
        let mut world = world().await;
        let writes = |email: &str| {
            let customer = json!({ "id": "u-7", "name": "Eve", "email": email, "verified": true });
            contact(json!({ "external_id": email, "customer": customer, "text": "Hello?" }))
        };
        let ticket = taken(&world, "msg_1", &writes("eve@example.com")).await;
        taken(&world, "msg_2", &writes("eve@work.example")).await;
        let eve = requester(&world, ticket).await;
        assert_eq!(eve.email.as_deref(), Some("eve@example.com"));
        let gone = Identity::email("eve@example.com").number();
        let path = format!("users/{}/identities/{gone}", eve.id);
        let answer = world.api("DELETE", &path, None, &Value::Null).await.unwrap();
        assert!(answer.is_success(), "{answer:?}");
        let next = taken(&world, "msg_3", &writes("mallory@example.com")).await;
        let now = requester(&world, next).await;
        assert_eq!((now.id, now.email.as_deref()), (eve.id, None));
        assert!(!now.signs_in_by("mallory@example.com"));
        let comment = file(&world, next).await.comments.remove(0);
        let blobs = world.local.desk.blobs();
        let problems = blobs
            .body_of(TicketNumber(next), &comment)
            .await
            .unwrap()
            .problems;
        assert!(
            problems
                .iter()
                .any(|problem| problem.starts_with("answers do not go to mallory@example.com:")),
            "{problems:?}"
        );
        world.settle().await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// An agent changes a ticket.
async fn save(world: &mut World, ticket: u64, fields: Value) {
    let body = json!({ "ticket": fields });
    let path = format!("tickets/{ticket}.json");
    let answer = world.api("PUT", &path, None, &body).await.unwrap();
    assert!(answer.is_success(), "{answer:?}");
    world.settle().await;
}

/// What the calls made so far say, those of the first `before` left out.
fn said(world: &World, before: usize) -> Vec<Value> {
    let calls = world.outside.calls();
    let bodies = calls[before..].iter().map(|call| call.body.as_str());
    bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
}

/// The names of all fields, each with the path to it.
fn names(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names(value, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| names(value, &format!("{path}[]"), found)),
        _ => found.push(path.to_owned()),
    }
}

fn last_mail_to(world: &World, address: &str) -> bool {
    let sent = world.local.aws.sent_mails();
    sent.last()
        .is_some_and(|mail| mail.destinations.iter().any(|to| to == address))
}

#[test]
fn what_is_empty_keeps_no_contact_out() {
    in_world(async {
        let Some(cases) = cases() else { return };
        let text = std::fs::read_to_string(cases.join("reports/k08-hook-empties.json")).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        let world = world().await;
        for (name, body) in case["bodies"].as_object().unwrap() {
            assert_eq!(send(&world, name, body).await.status, 201, "{name}");
        }
    });
}

#[test]
fn what_is_told_of_a_customer_later_leads_to_one_person() {
    in_world(async {
        let Some(cases) = cases() else { return };
        let text = std::fs::read_to_string(cases.join("reports/k09-hook-identities.json")).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        let mut world = world().await;
        let mut last = 0;
        for (at, sequence) in case["sequences"].as_array().unwrap().iter().enumerate() {
            let mut requesters = Vec::new();
            for (step, input) in sequence["steps"].as_array().unwrap().iter().enumerate() {
                match input["mail"].as_str() {
                    Some(mail) => drop(world.receive(mail, &[], false)),
                    None => drop(taken(&world, &format!("msg_{at}_{step}"), &input["hook"]).await),
                }
                world.settle().await;
                last += 1;
                requesters.push(file(&world, last).await.ticket.requester);
            }
            // Of the shared address the first may be taken for whom one likes.
            let same: Vec<PersonId> = requesters[usize::from(at == 2)..].to_vec();
            assert!(
                same.iter().all(|person| *person == same[0]),
                "{}: {requesters:?}",
                sequence["name"]
            );
            let (ticket, address) = [
                (last, "carla@known.example"),
                (last - 1, "emi@new.example"),
                (last, "shared@h.example"),
            ][at];
            assert!(answer(&world, ticket, &format!("Here it is, {address}."), false).await);
            world.settle().await;
            assert!(last_mail_to(&world, address), "{address}");
        }
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn answers_go_to_the_address_that_the_bot_names() {
    in_world(async {
        let mut world = world().await;
        let data = json!({ "external_id": "k10", "customer": { "id": "k10", "name": "Rae" }, "text": "please help",
            "reply_via": { "email": "rae@r.example" } });
        let ticket = taken(&world, "msg_1", &contact(data)).await;
        assert!(answer(&world, ticket, "Here it is.", false).await);
        world.settle().await;
        assert!(last_mail_to(&world, "rae@r.example"));
    });
}

#[test]
fn a_hand_off_in_a_conversation_that_has_a_ticket_is_one() {
    in_world(async {
        let mut world = world().await;
        let first =
            contact(json!({ "external_id": "chat-1", "customer": { "id": "u-1" }, "text": "Hello?" }));
        let ticket = taken(&world, "msg_1", &first).await;
        world.settle().await;
        assert!(matches!(
            file(&world, ticket).await.ticket.reply_via,
            ReplyVia::Nowhere
        ));
        let handed = json!({ "type": "handoff.requested", "data": { "external_id": "chat-1", "summary": "Wants money back.",
            "tags": ["refund"], "priority": "urgent", "transcript": [{ "who": "user", "text": "My money!" }],
            "collected": { "order": "1042" }, "reply_via": { "url": "https://bot.example/new" } } });
        assert_eq!(taken(&world, "msg_2", &handed).await, ticket);
        world.settle().await;
        let after = file(&world, ticket).await;
        assert_eq!(after.ticket.priority, Some(Priority::Urgent));
        assert!(after.ticket.tags.contains(&"refund".to_owned()));
        assert_eq!(after.ticket.status, Status::Open);
        let comment = after.comments.last().unwrap();
        assert!(
            comment.public && comment.author == after.ticket.requester,
            "its customer's, not a stranger's: {comment:?}"
        );
        let body = comment.body_json.as_deref().unwrap();
        assert!(body.contains("My money!") && body.contains("1042"), "{body}");
        let before = world.outside.calls().len();
        assert!(answer(&world, ticket, "You get it.", false).await);
        world.settle().await;
        let calls = world.outside.calls();
        assert_eq!(calls.len(), before + 1);
        let call = calls.last().unwrap();
        assert_eq!(call.url, "https://bot.example/new");
        let said: Value = serde_json::from_str(&call.body).unwrap();
        assert_eq!(said["data"]["ticket"]["external_id"], "chat-1");
        assert_eq!(said["data"]["message"]["author_role"], "agent");
        assert_eq!(said["data"]["message"]["text"], "You get it.");
        // The newest word holds.
        let moved = json!({ "type": "message.created", "data": { "external_id": "chat-1", "text": "Still there?",
            "reply_via": { "url": "https://bot.example/newer" } } });
        taken(&world, "msg_3", &moved).await;
        assert!(answer(&world, ticket, "Yes.", false).await);
        world.settle().await;
        assert_eq!(
            world.outside.calls().last().unwrap().url,
            "https://bot.example/newer"
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn more_tags_than_fit_are_left_out_and_said() {
    in_world(async {
        let mut world = world().await;
        let many = |prefix: &str| (0..20).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
        let first =
            contact(json!({ "external_id": "c", "customer": { "id": "u" }, "text": "x", "tags": many("a") }));
        let ticket = taken(&world, "msg_1", &first).await;
        let handed = json!({ "type": "handoff.requested", "data": { "external_id": "c", "text": "y", "tags": many("b") } });
        taken(&world, "msg_2", &handed).await;
        world.settle().await;
        let after = file(&world, ticket).await;
        assert_eq!(after.ticket.tags.len(), 30);
        let body = after.comments.last().unwrap().body_json.clone().unwrap();
        assert!(body.contains("data.tags: 10 more fit"), "{body}");
    });
}

#[test]
fn nobody_speaks_as_a_colleague_by_an_address_that_was_typed() {
    in_world(async {
        let world = world().await;
        let admin = world.local.desk.people().get(PersonId(1)).await.unwrap().unwrap();
        let email = admin.email.clone().unwrap();
        for (n, verified) in [Value::Null, json!(false)].into_iter().enumerate() {
            let data = json!({ "external_id": format!("c{n}"), "customer": { "email": email, "verified": verified }, "text": "I am the boss" });
            let ticket = taken(&world, &format!("msg_{n}"), &contact(data)).await;
            let asks = requester(&world, ticket).await;
            assert_ne!(asks.id, admin.id);
            let body = file(&world, ticket).await.comments[0].body_json.clone().unwrap();
            assert!(body.contains("is not verified"), "{body}");
        }
        let data = json!({ "external_id": "v", "customer": { "email": email, "verified": true }, "text": "It is me" });
        let ticket = taken(&world, "msg_v", &contact(data)).await;
        assert_eq!(requester(&world, ticket).await.id, admin.id);
    });
}

#[test]
fn somebody_else_in_a_conversation_stays_somebody_else() {
    in_world(async {
        let world = world().await;
        let say = |id: &str, text: &str| {
            contact(json!({ "external_id": "c", "customer": { "id": id }, "text": text }))
        };
        let ticket = taken(&world, "msg_1", &say("u-1", "Hello?")).await;
        taken(&world, "msg_2", &say("u-2", "I am another.")).await;
        let after = file(&world, ticket).await;
        assert!(!after.comments[1].public);
        assert_ne!(after.comments[1].author, after.ticket.requester);
    });
}

#[test]
fn a_call_carries_what_a_bot_needs_as_it_is_documented() {
    in_world(async {
        let mut world = world().await;
        let ticket = ticket_of_a_bot(&mut world).await;
        let upload = world
            .upload("filename=receipt.pdf", "application/pdf", b"%PDF-1")
            .await
            .unwrap();
        let token = &upload.body["upload"]["token"];
        let comment = json!({ "html_body": "<p>It is <b>on its way</b>.</p>", "uploads": [token] });
        let before = world.outside.calls().len();
        world.outside.answer_next_with(&[500]);
        save(
            &mut world,
            ticket,
            json!({ "comment": comment, "status": "solved" }),
        )
        .await;
        world.pass(SignedDuration::from_mins(90)).await;
        let said = said(&world, before);
        let [first, again] = &said[..] else {
            panic!("a call and its repeat: {said:?}")
        };
        let data = &first["data"];
        assert_eq!(
            data["ticket"],
            json!({ "id": ticket, "status": "solved", "external_id": "chat-42" })
        );
        assert_eq!(data["changes"]["status"]["to"], "solved");
        let message = &data["message"];
        assert_eq!(
            (&message["author_name"], &message["author_role"]),
            (&json!("Ada Admin"), &json!("agent"))
        );
        let file = &message["attachments"][0];
        assert_eq!(
            (&file["name"], &file["content_type"], &file["size"]),
            (&json!("receipt.pdf"), &json!("application/pdf"), &json!(6))
        );
        let link = |said: &Value| {
            let file = &said["data"]["message"]["attachments"][0];
            file["url"].as_str().unwrap().to_owned()
        };
        assert!(link(first).starts_with("http://desk.test/api/v2/attachments/"));
        // The links were made when the calls were: that of the first is over by now, as is that of the repeat half an hour later.
        assert_ne!(link(first), link(again));
        assert_eq!(world.fetch(&link(first)).await.unwrap().0, 403);
        let comments = format!("tickets/{ticket}/comments.json");
        let comments = world
            .api("GET", &comments, None, &Value::Null)
            .await
            .unwrap()
            .body;
        let newest = comments["comments"].as_array().unwrap().last().unwrap();
        let url = newest["attachments"][0]["content_url"].as_str().unwrap();
        assert_eq!(world.fetch(url).await.unwrap(), (200, b"%PDF-1".to_vec()));

        let document = include_str!("../../docs/integrators/bots.md");
        let (_, answers) = document.split_once("## Answers\n").unwrap();
        let documented = answers.split_once("\n\n{").unwrap().1.lines().next().unwrap();
        let documented: Value = serde_json::from_str(&format!("{{{documented}")).unwrap();
        let of = |value: &Value| {
            let mut found = Vec::new();
            names(value, "", &mut found);
            found
        };
        assert_eq!(of(first), of(&documented));
        assert!(first["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok());
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_link_in_a_call_works_while_the_call_is_fresh() {
    in_world(async {
        let mut world = world().await;
        let ticket = ticket_of_a_bot(&mut world).await;
        let long = "word ".repeat(1_000);
        let upload = world
            .upload("filename=a.txt", "text/plain", b"plain")
            .await
            .unwrap();
        let comment = json!({ "body": long, "uploads": [upload.body["upload"]["token"]] });
        let before = world.outside.calls().len();
        save(&mut world, ticket, json!({ "comment": comment })).await;
        let said = said(&world, before);
        let message = &said[0]["data"]["message"];
        assert_eq!(message["text"].as_str().unwrap().trim(), long.trim());
        let url = message["attachments"][0]["url"].as_str().unwrap();
        assert_eq!(world.fetch(url).await.unwrap(), (200, b"plain".to_vec()));
    });
}

#[test]
fn a_bot_is_told_what_changes_without_words_once_a_save() {
    in_world(async {
        let mut world = world().await;
        let ticket = ticket_of_a_bot(&mut world).await;
        let before = world.outside.calls().len();
        for status in ["pending", "solved", "open", "solved"] {
            save(&mut world, ticket, json!({ "status": status, "tags": ["x"] })).await;
        }
        let note = json!({ "body": "Only for us.", "public": false });
        save(&mut world, ticket, json!({ "comment": note, "priority": "high" })).await;
        // Time closes it.
        world.leap(SignedDuration::from_hours(5 * 24)).await;
        let said = said(&world, before);
        let changes: Vec<_> = said
            .iter()
            .map(|said| {
                assert_eq!(said["type"], "ticket.updated");
                assert_eq!(said["data"]["ticket"]["external_id"], "chat-42");
                let status = &said["data"]["changes"]["status"];
                assert_eq!(said["data"]["ticket"]["status"], status["to"]);
                assert_eq!(said["data"].get("message"), None);
                format!(
                    "{} {}",
                    status["from"].as_str().unwrap(),
                    status["to"].as_str().unwrap()
                )
            })
            .collect();
        let expected = [
            "open pending",
            "pending solved",
            "solved open",
            "open solved",
            "solved closed",
        ];
        assert_eq!(changes, expected);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}
