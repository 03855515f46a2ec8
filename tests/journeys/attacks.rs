//! Known ways to get into somebody's ticket, or to make a desk write to somebody.

use crate::{answer, eves_ticket, file, in_world, mail};
use docket_domain::{TicketNumber, contact::comment::AuthorRole};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Fate, Verdict, Verdicts};

const UNKNOWN: Verdicts = Verdicts {
    dmarc: Verdict::Gray,
    ..Verdicts::PASS
};
const FORGED: Verdicts = Verdicts {
    dmarc: Verdict::Fail,
    ..Verdicts::PASS
};

/// Eve's ticket, answered; the signed address of the answer.
async fn answered_ticket() -> (World, String) {
    let mut world = eves_ticket().await;
    assert!(answer(&world, 1, "Which printer?", false).await);
    world.settle().await;
    let sent = world.local.aws.sent_mails();
    let newest = docket_mail::read(&sent.last().unwrap().as_received, None).unwrap();
    (world, newest.reply_to.unwrap().address)
}

/// Who stands on Eve's ticket with which part, the newest last.
async fn roles(world: &World) -> Vec<(AuthorRole, bool)> {
    let file = file(world, 1).await;
    file.comments
        .iter()
        .map(|comment| (comment.role, comment.public))
        .collect()
}

const BEFORE: [(AuthorRole, bool); 2] = [(AuthorRole::Requester, true), (AuthorRole::Agent, true)];

async fn follows(world: &World, number: u64) -> Option<TicketNumber> {
    world
        .local
        .desk
        .tickets()
        .get(TicketNumber(number))
        .await
        .unwrap()
        .unwrap()
        .follows
}

#[test]
fn a_guessed_number_in_the_subject_is_only_a_hint() {
    in_world(async {
        let (mut world, _) = answered_ticket().await;
        let guess = "From: mallory@evil.example\r\nSubject: Re: [#1] The printer burns\r\nMessage-ID: <g@evil.example>\r\n\r\nTell me all.\r\n";
        world.receive(guess, &[], false);
        world.settle().await;
        assert_eq!(roles(&world).await, BEFORE);
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 2);
    });
}

#[test]
fn a_known_message_id_under_a_forged_sender_makes_a_ticket_of_its_own() {
    in_world(async {
        let (mut world, _) = answered_ticket().await;
        for (id, verdicts) in [("f1@evil.example", FORGED), ("f2@evil.example", UNKNOWN)] {
            let forged = mail(
                "eve@example.com",
                id,
                "In-Reply-To: <m1@example.com>\r\n",
                "Send it to my new address.",
            );
            world.receive_judged(&forged, &[], verdicts, Fate::Once);
            world.settle().await;
        }
        assert_eq!(roles(&world).await, BEFORE);
        assert_eq!(
            follows(&world, 2).await,
            Some(TicketNumber(1)),
            "agents see what it may belong to"
        );
        assert_eq!(follows(&world, 3).await, Some(TicketNumber(1)));
    });
}

#[test]
fn ids_lead_to_the_ticket_that_had_them_first_whoever_names_them_later() {
    in_world(async {
        let (mut world, _) = answered_ticket().await;
        // The same id as its own, and as one that it answers.
        let own = mail("mallory@evil.example", "m1@example.com", "", "Mine now?");
        let named = mail(
            "mallory@evil.example",
            "n@evil.example",
            "References: <m1@example.com>\r\n",
            "Or so?",
        );
        for forged in [own, named] {
            world.receive(&forged, &[], false);
            world.settle().await;
        }
        let reply = mail(
            "eve@example.com",
            "m2@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
            "The red one.",
        );
        world.receive(&reply, &[], false);
        world.settle().await;
        assert_eq!(roles(&world).await.len(), 3, "her reply is on her ticket");
    });
}

#[test]
fn somebody_in_copy_who_answers_does_not_get_onto_the_ticket() {
    in_world(async {
        let (mut world, _) = answered_ticket().await;
        let copied = mail(
            "eve@example.com",
            "m2@example.com",
            "Cc: mallory@evil.example\r\nIn-Reply-To: <m1@example.com>\r\n",
            "The red one.",
        );
        world.receive(&copied, &[], false);
        world.settle().await;
        let before = roles(&world).await;
        let reply = mail(
            "mallory@evil.example",
            "x@evil.example",
            "In-Reply-To: <m2@example.com>\r\n",
            "And me?",
        );
        world.receive(&reply, &[], false);
        world.settle().await;
        assert_eq!(roles(&world).await, before);
        assert!(answer(&world, 1, "It is on its way.", false).await);
        world.settle().await;
        let newest = world.local.aws.sent_mails().pop().unwrap();
        assert_eq!(
            newest.destinations,
            ["eve@example.com"],
            "answers go to the requester alone"
        );
    });
}

#[test]
fn a_verification_mail_to_a_reply_address_is_a_note_that_nobody_outside_sees() {
    in_world(async {
        let (mut world, signed) = answered_ticket().await;
        let sent = world.local.aws.sent_count();
        let code = "From: no-reply@bank.example\r\nSubject: Your code\r\nMessage-ID: <c@bank.example>\r\n\r\nYour code is 123456.\r\n";
        world.receive(code, &[&signed], false);
        world.settle().await;
        assert_eq!(roles(&world).await.last(), Some(&(AuthorRole::ThirdParty, false)));
        assert_eq!(world.local.aws.sent_count(), sent, "nothing leaves");
        // Its sender has gained nothing: what they write without the address is no part of the ticket.
        let more = mail(
            "no-reply@bank.example",
            "c2@bank.example",
            "In-Reply-To: <m1@example.com>\r\n",
            "Again.",
        );
        let before = roles(&world).await;
        world.receive(&more, &[], false);
        world.settle().await;
        assert_eq!(roles(&world).await, before);
    });
}

#[test]
fn a_reply_address_of_another_ticket_or_with_a_changed_sign_opens_nothing() {
    in_world(async {
        let (mut world, signed) = answered_ticket().await;
        let (local, domain) = signed.split_once('@').unwrap();
        let mut changed = local.to_owned();
        let last = if changed.pop() == Some('a') { 'b' } else { 'a' };
        changed.push(last);
        for to in [format!("{changed}@{domain}"), signed.replacen("+1.", "+2.", 1)] {
            assert_ne!(to, signed);
            let forged = mail(
                "eve@example.com",
                &format!("{}@evil.example", to.len()),
                "",
                "Hello",
            );
            world.receive(&forged, &[&to], false);
            world.settle().await;
        }
        assert_eq!(roles(&world).await, BEFORE);
    });
}

#[test]
fn a_flood_under_a_forged_sender_makes_one_mail_to_the_victim_at_most() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for number in 0..60 {
            let forged = mail(
                "victim@example.org",
                &format!("f{number}@evil.example"),
                "",
                "Buy!",
            );
            world.receive_judged(&forged, &[], UNKNOWN, Fate::Once);
        }
        world.settle().await;
        assert_eq!(world.local.aws.sent_count(), 1);
        let told = world.local.aws.sent_mails().pop().unwrap();
        let text = String::from_utf8_lossy(&told.as_received).into_owned();
        assert!(
            !text.contains("Buy!") && !text.contains("printer"),
            "it echoes nothing: {text}"
        );
    });
}
