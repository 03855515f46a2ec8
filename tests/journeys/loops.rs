//! Programs that answer each other fall silent, and the tickets say why.

use crate::{file, in_world};
use docket_domain::{
    contact::automatic::MOST_TO_DOMAIN,
    ticket::{Fact, fact},
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::SentMail;
use jiff::SignedDuration;
use std::fmt::Write as _;

/// Rounds in which everybody answers what came; far more than a loop needs to show.
const ROUNDS: usize = 30;

async fn world(seed: u64) -> World {
    let options = WorldOptions {
        seed,
        ..WorldOptions::default()
    };
    World::new(options).await.unwrap()
}

/// Each automatic mail that a desk sent, and why tickets got none.
async fn reasons(world: &World) -> Vec<String> {
    let mut reasons = Vec::new();
    for number in 1..=world.local.desk.tickets().last_number().await.unwrap() {
        let file = file(world, number).await;
        for event in &file.events {
            match &event.fact {
                Fact::TicketCreated(fact::TicketCreated {
                    unacknowledged: Some(why),
                    ..
                }) => reasons.push(why.clone()),
                Fact::DeliveryReported { detail, .. } => reasons.push(detail.clone()),
                _ => {}
            }
        }
    }
    reasons
}

fn text(mail: &SentMail) -> String {
    String::from_utf8_lossy(&mail.as_received).into_owned()
}

/// A mail on its way between two desks that know themselves by the same name. `naive`: on its way it loses the headers by
/// which programs know each other.
fn crossed(mail: &SentMail, naive: bool) -> String {
    let raw = text(mail)
        .replace("in.docket.local", "@@")
        .replace("other.example", "in.docket.local")
        .replace("@@", "other.example");
    if !naive {
        return raw;
    }
    let mut kept = String::new();
    for line in raw.split_inclusive("\r\n") {
        if !line.starts_with("Auto-Submitted:") && !line.starts_with("X-") {
            kept.push_str(line);
        }
    }
    kept
}

/// A program that answers every mail, knows no rule, and writes as `from` says.
fn answered_naively(mail: &SentMail, number: usize, from: &str) -> String {
    let mut answer = String::new();
    let read = docket_mail::read(&mail.as_received, None).unwrap();
    write!(
        answer,
        "From: {from}\r\nTo: support@in.docket.local\r\nSubject: Re: {}\r\nMessage-ID: <away-{number}@robot.example>\r\n\r\n\
         I am away.\r\n",
        read.subject
    )
    .unwrap();
    answer
}

/// Lets two desks write to each other until nobody does, or the rounds are over; how many mails each sent.
fn two_desks(naive: bool) -> (usize, usize) {
    in_world(async {
        let (mut here, mut there) = (world(1).await, world(2).await);
        let first = "From: support@other.example\r\nSubject: Hello\r\nMessage-ID: <1@other.example>\r\n\r\nHello?\r\n";
        here.receive(first, &[], false);
        let (mut from_here, mut from_there) = (0, 0);
        for _ in 0..ROUNDS {
            here.settle().await;
            there.settle().await;
            let new_here: Vec<_> = here.local.aws.sent_mails().split_off(from_here);
            let new_there: Vec<_> = there.local.aws.sent_mails().split_off(from_there);
            if new_here.is_empty() && new_there.is_empty() {
                break;
            }
            from_here += new_here.len();
            from_there += new_there.len();
            for mail in &new_here {
                there.receive(&crossed(mail, naive), &[], false);
            }
            for mail in &new_there {
                let to = mail.destinations[0].replace("other.example", "in.docket.local");
                here.receive(&crossed(mail, naive), &[&to], false);
            }
            here.pass(SignedDuration::from_mins(1)).await;
            there.pass(SignedDuration::from_mins(1)).await;
        }
        assert_eq!(here.local.aws.sent_count(), from_here, "silent at the end");
        assert_eq!(there.local.aws.sent_count(), from_there, "silent at the end");
        let why = reasons(&there).await;
        if !naive {
            assert_eq!(why, ["it is automatic mail (X-Docket-Outbox)"]);
        }
        assert_eq!(here.broken_invariants().await, Vec::<String>::new());
        assert_eq!(there.broken_invariants().await, Vec::<String>::new());
        (from_here, from_there)
    })
}

#[test]
fn two_desks_fall_silent_after_one_mail() {
    assert_eq!(two_desks(false), (1, 0));
}

#[test]
fn two_desks_that_do_not_know_each_other_for_programs_fall_silent_too() {
    let (here, there) = two_desks(true);
    assert!(here + there <= 10, "{here} and {there}");
}

/// Lets a program answer every mail until nothing comes any more; how many mails it got, and what the tickets say.
fn robot(subject: Option<&str>, new_address: bool, counted_before: u64) -> (usize, Vec<String>) {
    in_world(async {
        let mut world = world(1).await;
        for _ in 0..counted_before {
            world
                .local
                .desk
                .mail()
                .count_automatic_to_domain("robot.example")
                .await
                .unwrap();
        }
        let first =
            "From: r0@robot.example\r\nSubject: Order\r\nMessage-ID: <0@robot.example>\r\n\r\nHello\r\n";
        world.receive(first, &[], false);
        world.settle().await;
        let (mut seen, mut round) = (0, 0);
        loop {
            let new = world.local.aws.sent_mails().split_off(seen);
            if new.is_empty() {
                break;
            }
            seen += new.len();
            for mail in &new {
                round += 1;
                let from = if new_address {
                    format!("r{round}@robot.example")
                } else {
                    "r0@robot.example".to_owned()
                };
                let answer = answered_naively(mail, round, &from);
                let answer = match subject {
                    Some(subject) => {
                        answer.replace("Re: We have received your message", &format!("{subject} {round}"))
                    }
                    None => answer,
                };
                world.receive(&answer, &[], false);
            }
            world.settle().await;
            world.pass(SignedDuration::from_mins(1)).await;
            assert!(seen <= ROUNDS, "it goes on for ever");
        }
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        (seen, reasons(&world).await)
    })
}

#[test]
fn a_program_that_answers_under_our_subject_is_known_by_it() {
    for new_address in [false, true] {
        let (mails, why) = robot(None, new_address, 0);
        assert_eq!(mails, 1);
        assert_eq!(why, ["it answers a mail of this desk"]);
    }
}

#[test]
fn a_program_that_answers_under_subjects_of_its_own_is_answered_once_a_day() {
    let (mails, why) = robot(Some("Away"), false, 0);
    assert_eq!(mails, 1);
    assert_eq!(why, ["the sender was told of another ticket within a day"]);
}

#[test]
fn one_that_takes_a_new_address_each_time_besides_comes_to_an_end() {
    let (mails, why) = robot(Some("Away"), true, MOST_TO_DOMAIN - 5);
    assert_eq!(mails, 5);
    assert_eq!(
        why,
        ["5000 automatic mails went to this domain within three hours"]
    );
}
