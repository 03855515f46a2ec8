//! What a redaction takes away, and what it leaves: what others said, what others have, what has a form.

use crate::{
    answer, file, in_world, mail,
    removal::{CANARY, ask, found, get, pass_minutes, says},
    rules::{lay_down, rule},
};
use docket_domain::{
    TicketNumber,
    rule::{RuleAction, RuleBook, RuleKind},
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Call, Fault};
use serde_json::{Value, json};
use std::sync::Arc;

/// A second mailbox of the local desk.
const SALES: &str = "sales@in.docket.local";

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

async fn redact(world: &World, ticket: u64, place: usize, text: &str) -> u16 {
    let comments = get(world, &format!("tickets/{ticket}/comments.json")).await.body;
    let id = comments["comments"][place]["id"].as_u64().unwrap();
    let path = format!("tickets/{ticket}/comments/{id}/redact.json");
    ask(world, "PUT", &path, json!({ "text": text })).await.status
}

#[test]
fn a_short_passage_harms_nothing_that_has_a_form() {
    in_world(async {
        let mut world = world().await;
        let condition = r#"event.kind == "ticket_created" && ticket.text.contains("11")"#;
        let actions = vec![RuleAction::AddTags(vec!["eleven".to_owned()])];
        lay_down(
            &world,
            &RuleBook {
                rules: vec![rule(1, RuleKind::Trigger, "Eleven", condition, actions)],
                last_rule_id: 1,
                ..RuleBook::default()
            },
        )
        .await;
        pass_minutes(&mut world, 1).await;
        world.receive(
            &mail(
                "Eve <eve@example.com>",
                "m1@example.com",
                "",
                "Card 11, new and open: mail 20.",
            ),
            &[],
            false,
        );
        world.settle().await;
        assert!(crate::hand_over(&world, "msg_1", "Card 11, user 20 text").await);
        assert!(answer(&world, 2, "Which 11?", false).await);
        pass_minutes(&mut world, 1).await;
        for ticket in [1, 2] {
            for passage in ["11", "20", "a", "e"] {
                let status = redact(&world, ticket, 0, passage).await;
                assert!([200, 422].contains(&status), "{passage}: {status}");
            }
        }
        pass_minutes(&mut world, 4).await;
        for path in [
            "tickets/1.json",
            "tickets/1/comments.json",
            "tickets/1/audits.json",
            "tickets/1/decisions.json",
            "tickets/1/metrics.json",
            "tickets/2.json",
            "tickets/2/comments.json",
            "tickets/2/audits.json",
        ] {
            assert_eq!(get(&world, path).await.status, 200, "{path}");
        }
        let second = get(&world, "tickets/2/comments.json").await.body;
        assert_eq!(
            second["comments"][1]["body"], "Which 11?",
            "what others said is theirs"
        );
        assert_eq!(file(&world, 1).await.ticket.erase_due_at, None);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_large_comment_that_quotes_it_stays_as_it_was() {
    in_world(async {
        let mut world = world().await;
        let long = "Ünd so weiter. ".repeat(300);
        let quote = format!("I see.\r\n\r\n> {CANARY} {long}\r\n");
        world.receive(
            &mail(
                "Eve <eve@example.com>",
                "m1@example.com",
                "",
                &format!("{CANARY} {long}"),
            ),
            &[],
            false,
        );
        world.settle().await;
        let reply = mail(
            "Eve <eve@example.com>",
            "m2@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
            &quote,
        );
        world.receive(&reply, &[], false);
        world.settle().await;
        let before = get(&world, "tickets/1/comments.json").await.body["comments"][1].clone();
        assert_eq!(redact(&world, 1, 0, CANARY).await, 200);
        pass_minutes(&mut world, 4).await;
        let after = get(&world, "tickets/1/comments.json").await.body["comments"][1].clone();
        assert_eq!(after["body"], before["body"]);
        assert_eq!(after["metadata"], before["metadata"]);
        assert_eq!(found(&world, CANARY).await, [1], "the quote says it");
        assert_eq!(redact(&world, 1, 1, CANARY).await, 200);
        pass_minutes(&mut world, 4).await;
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_passage_that_is_not_there_is_told_and_nothing_is_done() {
    in_world(async {
        let mut world = world().await;
        world.receive(
            &mail("Eve <eve@example.com>", "m1@example.com", "", "One two three."),
            &[],
            false,
        );
        world.settle().await;
        let comments = get(&world, "tickets/1/comments.json").await.body;
        let id = comments["comments"][0]["id"].as_u64().unwrap();
        let marked = json!({ "ticket_id": 1, "html_body": "<redact>two</redact> <redact>four</redact>" });
        let refused = ask(&world, "PUT", &format!("comment_redactions/{id}.json"), marked).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.to_string().contains("four"), "{refused:?}");
        let large =
            json!({ "ticket_id": 1, "html_body": format!("<redact>{}</redact>", "x".repeat(70_000)) });
        let refused = ask(&world, "PUT", &format!("comment_redactions/{id}.json"), large).await;
        assert_eq!(refused.status, 422);
        let after = get(&world, "tickets/1/comments.json").await.body;
        assert!(
            after["comments"][0]["body"]
                .as_str()
                .unwrap()
                .contains("One two three.")
        );
    });
}

#[test]
fn an_original_that_another_mailbox_needs_stays_until_it_goes_there() {
    in_world(async {
        let mut world = world().await;
        let mailbox = json!({ "recipient_address": { "name": "Sales", "email": SALES } });
        let made = ask(&world, "POST", "recipient_addresses.json", mailbox).await;
        assert!(made.is_success(), "{made:?}");
        pass_minutes(&mut world, 1).await;
        for (id, text) in [("m1@example.com", CANARY), ("", "the cinnamon one")] {
            let raw = mail("Eve <eve@example.com>", id, "", text);
            let raw = raw.replace("Message-ID: <>\r\n", "");
            world.receive(&raw, &["support@in.docket.local", SALES], false);
            world.settle().await;
        }
        let originals = async |world: &World| {
            let mut all = says(world, CANARY).await;
            all.extend(says(world, "the cinnamon one").await);
            all.into_iter().filter(|text| text.starts_with("mail/")).count()
        };
        assert_eq!(originals(&world).await, 2);
        for ticket in [1, 3] {
            let text = if ticket == 1 { CANARY } else { "the cinnamon one" };
            assert_eq!(redact(&world, ticket, 0, text).await, 200);
        }
        pass_minutes(&mut world, 4).await;
        assert_eq!(originals(&world).await, 2, "the other tickets have them");
        for ticket in [2, 4] {
            let text = if ticket == 2 { CANARY } else { "the cinnamon one" };
            assert_eq!(redact(&world, ticket, 0, text).await, 200);
        }
        pass_minutes(&mut world, 4).await;
        assert_eq!(originals(&world).await, 0);
    });
}

#[test]
fn a_mail_that_came_twice_goes_twice() {
    in_world(async {
        let mut world = world().await;
        let raw = mail(
            "Eve <eve@example.com>",
            "m1@example.com",
            "",
            &format!("My {CANARY} is ill."),
        );
        for _ in 0..2 {
            world.receive(&raw, &[], false);
            world.settle().await;
        }
        assert_eq!(file(&world, 1).await.comments.len(), 1);
        for path in ["tickets/1.json", "deleted_tickets/1.json"] {
            assert!(ask(&world, "DELETE", path, Value::Null).await.is_success());
        }
        pass_minutes(&mut world, 4).await;
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
        // And once more, after all of it is gone.
        world.receive(&raw, &[], false);
        world.settle().await;
        pass_minutes(&mut world, 4).await;
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
    });
}

#[test]
fn of_many_files_in_one_object_one_is_redacted_and_the_others_stay() {
    in_world(async {
        let mut world = world().await;
        let mut raw = "From: Eve <eve@example.com>\r\nSubject: Files\r\nMessage-ID: <m1@example.com>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the files.\r\n"
            .to_owned();
        for n in 0..30 {
            let text = if n == 7 {
                CANARY.to_owned()
            } else {
                format!("file number {n}")
            };
            raw += &format!(
                "--b\r\nContent-Type: text/plain; name=f{n}.txt\r\nContent-Disposition: attachment; filename=f{n}.txt\r\n\r\n{text}\r\n"
            );
        }
        raw += "--b--\r\n";
        world.receive(&raw, &[], false);
        world.settle().await;
        let comments = get(&world, "tickets/1/comments.json").await.body;
        let comment = &comments["comments"][0];
        let files = comment["attachments"].as_array().unwrap();
        assert_eq!(files.len(), 30);
        let at = files
            .iter()
            .position(|file| file["file_name"] == "f7.txt")
            .unwrap();
        let (id, file) = (&comment["id"], &files[at]["id"]);
        let path = format!("tickets/1/comments/{id}/attachments/{file}/redact.json");
        let redacted = ask(&world, "PUT", &path, Value::Null).await;
        assert_eq!(redacted.status, 200, "{redacted:?}");
        assert_eq!(redacted.body["attachment"]["file_name"], "redacted.txt");
        pass_minutes(&mut world, 4).await;
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
        let comments = get(&world, "tickets/1/comments.json").await.body;
        for (n, file) in comments["comments"][0]["attachments"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let (status, bytes) = world.fetch(file["content_url"].as_str().unwrap()).await.unwrap();
            assert_eq!(status, 200, "{n}");
            assert_eq!(bytes.is_empty(), n == at, "{n}");
        }
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn an_answer_that_was_made_private_before_it_left_does_not_leave() {
    in_world(async {
        let mut world = world().await;
        world.receive(
            &mail("Eve <eve@example.com>", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let plan = |call: &Call| match call.operation.as_str() {
            "SendRawEmail" => Fault::FailBefore(503),
            _ => Fault::None,
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        assert!(answer(&world, 1, "The recipe is cinnamon.", false).await);
        world.settle().await;
        let comments = get(&world, "tickets/1/comments.json").await.body;
        let id = comments["comments"][1]["id"].as_u64().unwrap();
        let path = format!("tickets/1/comments/{id}/make_private.json");
        assert_eq!(ask(&world, "PUT", &path, Value::Null).await.status, 200);
        world.local.aws.set_fault_plan(None);
        pass_minutes(&mut world, 20).await;
        let sent = world.local.aws.sent_mails();
        let left = sent
            .iter()
            .filter(|mail| String::from_utf8_lossy(&mail.as_received).contains("cinnamon"));
        assert_eq!(left.count(), 0);
        let path = format!("tickets/1/comments/{id}/resend.json");
        assert_eq!(ask(&world, "PUT", &path, Value::Null).await.status, 409);
        let verified = world
            .local
            .desk
            .tickets()
            .verify(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(verified.flaws, []);
    });
}

#[test]
fn a_subject_that_says_it_is_redacted_too() {
    in_world(async {
        let mut world = world().await;
        let raw = format!(
            "From: eve@example.com\r\nSubject: {CANARY}\r\nMessage-ID: <m1@example.com>\r\n\r\n{CANARY} is ill.\r\n"
        );
        world.receive(&raw, &[], false);
        world.settle().await;
        pass_minutes(&mut world, 2).await;
        assert_eq!(redact(&world, 1, 0, CANARY).await, 200);
        pass_minutes(&mut world, 4).await;
        let ticket = get(&world, "tickets/1.json").await.body;
        assert_eq!(ticket["ticket"]["subject"], "▇▇▇▇▇▇▇▇▇▇▇▇▇▇");
        assert_eq!(says(&world, CANARY).await, Vec::<String>::new());
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}
