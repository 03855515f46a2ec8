//! Files of answers: handed in, taken by a comment, sent, and handed out again.

use crate::{eves_ticket, file};
use docket_local::world::{HttpAnswer, World};
use docket_mail::InboundMail;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::in_world;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

async fn upload(world: &World, query: &str, content_type: &str, bytes: &[u8]) -> String {
    let answer = world.upload(query, content_type, bytes).await.unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["upload"]["token"].as_str().unwrap().to_owned()
}

async fn answer(world: &World, comment: Value) -> HttpAnswer {
    let body = json!({ "ticket": { "comment": comment } });
    world.api("PUT", "tickets/1", None, &body).await.unwrap()
}

/// The newest mail that went out, as a reader has it and as it is.
fn newest(world: &World) -> (InboundMail, String) {
    let sent = world.local.aws.sent_mails().pop().unwrap();
    let raw = String::from_utf8(sent.as_received.to_vec()).unwrap();
    (docket_mail::read(&sent.as_received, None).unwrap(), raw)
}

#[test]
fn an_image_within_an_answer_goes_out_beside_its_html_and_a_file_after_it() {
    in_world(async {
        let mut world = eves_ticket().await;
        let token = upload(&world, "filename=chart.png", "image/png", PNG).await;
        let more = format!("filename=invoice.pdf&token={token}");
        upload(&world, &more, "application/pdf", b"%PDF-1.7").await;
        let html = "<p>Like this: <img src=\"cid:chart.png\" alt=\"chart\"></p>";
        let answered = answer(
            &world,
            json!({ "html_body": html, "public": true, "uploads": [token] }),
        )
        .await;
        assert_eq!(answered.status, 200, "{answered:?}");
        world.settle().await;
        let (mail, raw) = newest(&world);
        for kind in ["multipart/mixed", "multipart/alternative", "multipart/related"] {
            assert!(raw.contains(kind), "{kind} is not in:\n{raw}");
        }
        let image = mail
            .attachments
            .iter()
            .find(|file| file.name == "chart.png")
            .unwrap();
        let id = image.content_id.clone().unwrap();
        assert!(mail.html.unwrap().contains(&format!("src=\"cid:{id}\"")));
        assert_eq!(image.bytes, PNG);
        let pdf = mail
            .attachments
            .iter()
            .find(|file| file.name == "invoice.pdf")
            .unwrap();
        assert_eq!((pdf.content_id.as_deref(), &*pdf.bytes), (None, &b"%PDF-1.7"[..]));
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn the_largest_files_that_are_taken_can_be_sent_with_the_longest_text() {
    in_world(async {
        let mut world = eves_ticket().await;
        // The most that a text of its length can become: every byte is written as three, and the HTML repeats it.
        let text = "\u{fc}".repeat(docket_domain::contact::comment::LONGEST_TEXT_BYTES / 2);
        let token = upload(&world, "filename=a.bin", "a/b", &vec![b'a'; 4_000_000]).await;
        let more = format!("filename=b.bin&token={token}");
        upload(&world, &more, "a/b", &vec![b'b'; 3_000_000]).await;
        let answered = answer(&world, json!({ "body": text, "public": true, "uploads": token })).await;
        assert_eq!(answered.status, 200, "{answered:?}");
        world.settle().await;
        let (mail, _) = newest(&world);
        assert_eq!(mail.attachments.len(), 2);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_token_that_has_expired_saves_and_sends_nothing() {
    in_world(async {
        let mut world = eves_ticket().await;
        let sent = world.local.aws.sent_count();
        let token = upload(&world, "filename=a.png", "image/png", PNG).await;
        world.local.aws.clock().advance(SignedDuration::from_hours(73));
        let answered = answer(&world, json!({ "body": "Look", "uploads": [token] })).await;
        assert_eq!(answered.status, 422, "{answered:?}");
        world.settle().await;
        assert_eq!(file(&world, 1).await.comments.len(), 1);
        assert_eq!(world.local.aws.sent_count(), sent);
    });
}
