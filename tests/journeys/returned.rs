//! Mail of ours that comes back.

use crate::{answer, eves_ticket, file, in_world, mail};
use docket_desk::ViewPage;
use docket_domain::{
    TicketNumber,
    contact::intake::HoldReason,
    outbox::{DeliveryOutcome, State},
    people::person::Person,
    ticket::Fact,
};
use docket_local::world::World;
use embedded_aws::BounceKind;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn outcomes(world: &World) -> Vec<(DeliveryOutcome, String)> {
    let file = file(world, 1).await;
    let told = file.events.into_iter().filter_map(|event| match event.fact {
        Fact::DeliveryReported { outcome, detail, .. } => Some((outcome, detail)),
        _ => None,
    });
    told.collect()
}

async fn eve(world: &World) -> Person {
    let ticket = world
        .local
        .desk
        .tickets()
        .get(TicketNumber(1))
        .await
        .unwrap()
        .unwrap();
    world
        .local
        .desk
        .people()
        .get(ticket.requester)
        .await
        .unwrap()
        .unwrap()
}

/// A report that a mail could not be delivered to Eve.
fn report(original: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\r\nTo: support@in.docket.local\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <{status}.{}@mx.example.com>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nI could not deliver your message.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n\
         Final-Recipient: rfc822; eve@example.com\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 {status} user unknown\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\nSubject: x\r\n\r\n--b--\r\n",
        original.len()
    )
}

/// The id under which the newest mail of ours is known outside.
fn id_of_newest(world: &World) -> String {
    let sent = world.local.aws.sent_mails();
    let newest = docket_mail::read(&sent.last().unwrap().as_received, None).unwrap();
    newest.message_id.unwrap()
}

#[test]
fn a_permanent_bounce_marks_the_address_until_its_owner_writes_again() {
    in_world(async {
        let mut world = eves_ticket().await;
        world
            .local
            .aws
            .bounce_mail_to("eve@example.com", BounceKind::Permanent);
        assert!(answer(&world, 1, "First.", false).await);
        world.settle().await;
        assert_eq!(outcomes(&world).await[0].0, DeliveryOutcome::Bounced);
        assert!(eve(&world).await.unreachable_because().is_some());

        // The next answer is not even tried, and the ticket says so at once.
        let sent = world.local.aws.sent_count();
        assert!(answer(&world, 1, "Second.", false).await);
        world.settle().await;
        assert_eq!(world.local.aws.sent_count(), sent);
        let told = outcomes(&world).await;
        assert_eq!(told[1].0, DeliveryOutcome::Failed);
        assert!(
            told[1].1.starts_with("mail to eve@example.com came back"),
            "{told:?}"
        );

        // An agent who knows better has it sent again.
        let file = file(&world, 1).await;
        let second = 100_000 + file.comments.last().unwrap().v;
        let path = format!("tickets/1/comments/{second}/resend");
        let asked = world.api("PUT", &path, None, &Value::Null).await.unwrap();
        assert_eq!(asked.status, 202, "{asked:?}");
        world.pass(SignedDuration::from_mins(1)).await;
        assert_eq!(world.local.aws.sent_count(), sent + 1);
        assert!(
            eve(&world).await.unreachable_because().is_some(),
            "it came back again"
        );
        // What came back may be sent once more, too; what is on its way may not.
        let asked = world.api("PUT", &path, None, &Value::Null).await.unwrap();
        assert_eq!(asked.status, 202, "{asked:?}");
        let asked = world.api("PUT", &path, None, &Value::Null).await.unwrap();
        assert_eq!(asked.status, 409, "{asked:?}");
        world.pass(SignedDuration::from_mins(1)).await;
        assert_eq!(world.local.aws.sent_count(), sent + 2);

        world.receive(
            &mail(
                "eve@example.com",
                "m2@example.com",
                "In-Reply-To: <m1@example.com>\r\n",
                "Hello?",
            ),
            &[],
            false,
        );
        world.settle().await;
        assert_eq!(eve(&world).await.unreachable_because(), None);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// Has the newest answer of ticket 1 sent again; how the call was answered.
async fn resend(world: &World) -> u16 {
    let comments = file(world, 1).await.comments;
    let answer = comments.iter().rfind(|comment| comment.public).unwrap();
    let path = format!("tickets/1/comments/{}/resend", 100_000 + answer.v);
    let asked = world.api("PUT", &path, None, &Value::Null).await.unwrap();
    asked.status
}

#[test]
fn an_answer_that_came_back_from_somebody_in_copy_goes_again_to_them_alone() {
    in_world(async {
        let mut world = eves_ticket().await;
        world
            .local
            .aws
            .bounce_mail_to("bob@example.org", BounceKind::Transient);
        let copies = [
            json!({ "user_email": "bob@example.org", "action": "put" }),
            json!({ "user_email": "dan@example.org", "action": "put" }),
        ];
        let comment = json!({ "body": "Which printer?", "public": true });
        let put = json!({ "ticket": { "comment": comment, "email_ccs": copies } });
        let answered = world.api("PUT", "tickets/1", None, &put).await.unwrap();
        assert!(answered.is_success(), "{answered:?}");
        world.settle().await;
        let to = |world: &World| world.local.aws.sent_mails().pop().unwrap().destinations;
        assert_eq!(
            to(&world),
            ["eve@example.com", "bob@example.org", "dan@example.org"]
        );

        assert_eq!(resend(&world).await, 202);
        world.pass(SignedDuration::from_mins(1)).await;
        assert_eq!(to(&world), ["bob@example.org"]);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_report_that_a_copy_came_back_lets_the_answer_go_to_its_address_again() {
    in_world(async {
        let mut world = eves_ticket().await;
        let put = json!({ "ticket": {
            "comment": { "body": "Which printer?", "public": true },
            "email_ccs": [{ "user_email": "bob@example.org", "action": "put" }],
        } });
        let answered = world.api("PUT", "tickets/1", None, &put).await.unwrap();
        assert!(answered.is_success(), "{answered:?}");
        world.settle().await;
        assert_eq!(resend(&world).await, 409, "it arrived");
        let original = id_of_newest(&world);
        let full = report(&original, "5.2.2").replace("eve@example.com", "bob@example.org");
        world.receive(&full, &[], false);
        world.settle().await;

        assert_eq!(resend(&world).await, 202);
        world.pass(SignedDuration::from_mins(1)).await;
        let again = world.local.aws.sent_mails().pop().unwrap();
        assert_eq!(again.destinations, ["bob@example.org"]);

        // The same report once more is about the mail before, and the one sent again arrived.
        world.receive(&full.replace("<5.2.2.", "<again.5.2.2."), &[], false);
        world.settle().await;
        assert_eq!(resend(&world).await, 409);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_report_by_mail_goes_to_the_ticket_of_the_mail_that_came_back() {
    in_world(async {
        let mut world = eves_ticket().await;
        assert!(answer(&world, 1, "First.", true).await);
        world.settle().await;
        let original = id_of_newest(&world);
        world.receive(&report(&original, "5.1.1"), &[], false);
        world.settle().await;
        let told = outcomes(&world).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, DeliveryOutcome::Bounced);
        assert!(
            told[0].1.contains("eve@example.com") && told[0].1.contains("5.1.1"),
            "{told:?}"
        );
        let file = file(&world, 1).await;
        let note = file.comments.last().unwrap();
        assert!(!note.public && note.automatic.is_some(), "{note:?}");
        assert_eq!(
            file.ticket.status,
            docket_domain::ticket::Status::Solved,
            "it does not reopen"
        );
        assert!(eve(&world).await.unreachable_because().is_some());
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_delay_is_noted_and_marks_nothing() {
    in_world(async {
        let mut world = eves_ticket().await;
        let original = id_of_newest(&world);
        let delay = report(&original, "4.4.1").replace("Action: failed", "Action: delayed");
        world.receive(&delay, &[], false);
        world.settle().await;
        assert_eq!(outcomes(&world).await[0].0, DeliveryOutcome::Delayed);
        assert_eq!(eve(&world).await.unreachable_because(), None);
    });
}

#[test]
fn a_report_on_a_mail_that_we_did_not_send_is_suspended_and_believed_in_nothing() {
    in_world(async {
        let mut world = eves_ticket().await;
        // An id that the desk knows, because Eve wrote it, is no proof; nor is one that looks like ours.
        for (number, original) in ["m1@example.com", "0101018f00000000@email.amazonses.com"]
            .iter()
            .enumerate()
        {
            world.receive(&report(original, "5.1.1"), &[], false);
            world.settle().await;
            let held = world
                .local
                .desk
                .held()
                .page(&ViewPage::newest(10))
                .await
                .unwrap()
                .contacts;
            assert_eq!(held.len(), number + 1);
            assert_eq!(held[0].reason, HoldReason::StrayNotice);
        }
        assert_eq!(outcomes(&world).await, []);
        assert_eq!(eve(&world).await.unreachable_because(), None);
        let file = file(&world, 1).await;
        assert_eq!(file.outbox[0].state, State::Sent);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}
