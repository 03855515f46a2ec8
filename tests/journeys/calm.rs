//! Journeys with nothing going wrong.

use crate::{answer, file, hand_over, in_world, mail, status};
use docket_desk::ViewPage;
use docket_domain::{TicketNumber, ticket::Status};
use docket_local::{
    stack::LOCAL_MAILBOX,
    world::{World, WorldOptions},
};
use jiff::SignedDuration;

#[test]
fn a_mail_is_acknowledged_assigned_answered_solved_reopened_and_closed() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(
            &mail("Eve <eve@example.com>", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let ticket = world
            .local
            .desk
            .tickets()
            .get(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert!(ticket.assignee.is_some(), "{ticket:?}");
        assert_eq!((ticket.status, world.local.aws.sent_count()), (Status::Open, 1));

        assert!(answer(&world, 1, "Take the extinguisher.", true).await);
        world.settle().await;
        let sent = world.local.aws.sent_mails();
        let reply = docket_mail::read(&sent[1].as_received, None).unwrap();
        assert_eq!(reply.in_reply_to.len(), 1);
        assert_eq!(
            reply.references.first().map(String::as_str),
            Some("m1@example.com")
        );
        assert_eq!(status(&world, 1).await, Status::Solved);

        // By the id that SES gave, and later by the signed address alone.
        let given = reply.message_id.unwrap();
        let threaded = format!("In-Reply-To: <{given}>\r\n");
        world.receive(
            &mail("eve@example.com", "m2@example.com", &threaded, "It still burns."),
            &[],
            false,
        );
        world.settle().await;
        assert_eq!(status(&world, 1).await, Status::Open);
        let signed = reply.reply_to.unwrap().address;
        world.receive(
            &mail("eve@example.com", "m3@example.com", "", "Hello?"),
            &[&signed],
            false,
        );
        world.settle().await;
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 1);

        assert!(answer(&world, 1, "Now it is out.", true).await);
        world.leap(SignedDuration::from_hours(4 * 24)).await;
        assert_eq!(status(&world, 1).await, Status::Closed);
        world
            .contacts
            .answers
            .extend(["Take the extinguisher.".to_owned(), "Now it is out.".to_owned()]);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// Takes in a mail that can't be read, with an innocent one in the same batch; why the bad one is held.
fn quarantined(raw: &str) -> String {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let held_id = world.receive(raw, &[], false);
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let desk = &world.local.desk;
        let held = desk.held().page(&ViewPage::newest(10)).await.unwrap().contacts;
        assert_eq!(held.len(), 1, "{held:?}");
        assert_eq!(
            (&held[0].ses_id, held[0].mailbox.as_str()),
            (&held_id, LOCAL_MAILBOX)
        );
        assert_eq!(
            world.local.aws.objects(&held[0].stored_at).len(),
            1,
            "the original is kept"
        );
        assert_eq!(desk.tickets().last_number().await.unwrap(), 1, "the innocent one");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        held[0].detail.clone()
    })
}

#[test]
fn a_mail_that_is_no_mail_is_quarantined_with_its_reason() {
    assert_eq!(
        quarantined("\u{0}\u{1}\u{2}"),
        "not a mail: its header holds binary data"
    );
    assert_eq!(quarantined("no header here"), "not a mail: it has no header line");
}

#[test]
fn a_mail_that_would_harm_the_parser_is_quarantined_with_its_reason() {
    let mut bomb = "From: a@example.com\r\nMIME-Version: 1.0\r\n".to_owned();
    for depth in 0..101 {
        bomb += &format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
    }
    assert_eq!(
        quarantined(&bomb),
        "the mail nests more than 100 multiparts within one another"
    );
}

#[test]
fn a_hand_off_is_answered_through_its_callback_and_again_until_it_is_taken() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        assert!(hand_over(&world, "msg_1", "A person, please.").await);
        world.settle().await;
        world.outside.answer_next_with(&[500]);
        assert!(answer(&world, 1, "Here I am.", true).await);
        world.settle().await;
        world.leap(SignedDuration::from_mins(10)).await;
        let calls = world.outside.calls();
        assert_eq!(calls.len(), 2, "{calls:?}");
        assert_eq!(calls[0].webhook_id, calls[1].webhook_id);
        assert_eq!(calls[1].url, "https://bot.example/answers");
        assert!(calls[1].body.contains("Here I am."), "{}", calls[1].body);
        // The bot tells what the customer says next; it lands on the ticket and reopens it.
        assert!(hand_over(&world, "msg_2", "Thanks, but no.").await);
        assert_eq!(status(&world, 1).await, Status::Open);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_promise_is_warned_of_and_broken_once_even_when_nobody_looked_for_days() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        world.leap(SignedDuration::from_hours(80)).await;
        world.leap(SignedDuration::from_hours(1)).await;
        let file = file(&world, 1).await;
        let count = |name: &str| {
            file.events
                .iter()
                .filter(|event| event.fact.name() == name)
                .count()
        };
        assert_eq!((count("SlaWarned"), count("SlaBreached")), (2, 2));
    });
}
