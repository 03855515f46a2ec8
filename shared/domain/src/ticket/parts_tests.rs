//! What fits into one save, and one part more.

use super::{
    tests::{AGENT, Case, REQUESTER, comment, create, minute},
    *,
};
use crate::{
    assignment,
    contact::comment::AuthorRole,
    outbox::{self, OutboxItem},
};

/// An answer that solves the ticket: head, events, words, comment, mail, the agent's load.
fn answer_and_solve(case: &mut Case) -> Result<Vec<TicketEvent>, Refusal> {
    let update = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, true)),
        status: Some(Status::Solved),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(5))
}

#[test]
fn a_save_that_just_fits_stands_and_one_part_more_is_refused_with_words() {
    let mut case = Case::assigned();
    let before = case.ticket.clone();
    let events = answer_and_solve(&mut case).unwrap();
    let needed = parts(&before, &case.ticket, &events, minute(5));
    let outgoing: Vec<OutboxItem> = outbox::outgoing(&case.ticket, &events, minute(5));
    let loads = assignment::load_changes(&before, &case.ticket);
    let (head, history, words, comment) = (1, 1, 1, 1);
    assert_eq!(
        needed,
        head + history + words + comment + outgoing.len() + loads.len()
    );

    let mut same = Case::assigned();
    same.room = needed;
    assert!(answer_and_solve(&mut same).is_ok());
    let mut tight = Case::assigned();
    tight.room = needed - 1;
    let refused = answer_and_solve(&mut tight).unwrap_err();
    let expected = Refusal::TooMuchAtOnce {
        parts: needed,
        most: needed - 1,
    };
    assert_eq!(refused, expected);
    assert!(refused.to_string().contains("do it in several steps"));
    assert_eq!(tight.ticket, before, "nothing of it is done");
}

#[test]
fn a_save_without_events_has_no_parts() {
    let case = Case::assigned();
    assert_eq!(parts(&case.ticket, &case.ticket, &[], minute(5)), 0);
}

/// A ticket with as much on it as people and rules may put there, in letters of four bytes.
fn full_of_labels() -> Case {
    let mut case = Case::assigned();
    let wide = |length: usize| "\u{1F600}".repeat(length);
    let subject = Update {
        subject: Some(wide(100)),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), subject, minute(5)).unwrap();
    for n in 0..Ticket::MOST_TAGS {
        let one = Update {
            add_tags: vec![format!("{n:02}{}", wide(Ticket::LONGEST_TAG - 2))],
            ..Update::default()
        };
        if case.update(Actor::Agent(AGENT), one, minute(6)).is_err() {
            return case;
        }
    }
    case
}

#[test]
fn a_head_that_is_full_of_what_people_put_there_is_within_its_limit() {
    let case = full_of_labels();
    let bytes = serde_json::to_vec(&case.ticket).unwrap().len();
    assert!((3_000..MOST_HEAD_BYTES).contains(&bytes), "{bytes}");
}

#[test]
fn what_a_head_has_no_room_for_is_refused_with_words_and_the_ticket_stays_workable() {
    let mut case = full_of_labels();
    let tag = Update {
        add_tags: vec!["\u{1F600}".repeat(Ticket::LONGEST_TAG)],
        ..Update::default()
    };
    let refused = case.update(Actor::Agent(AGENT), tag, minute(7)).unwrap_err();
    assert!(matches!(refused, Refusal::HeadTooLarge { .. }), "{refused:?}");
    assert!(refused.to_string().contains("fewer or shorter tags"), "{refused}");
    assert!(answer_and_solve(&mut case).is_ok(), "it can be answered");
    let less = Update {
        remove_tags: vec![case.ticket.tags[0].clone()],
        ..Update::default()
    };
    assert!(case.update(Actor::Agent(AGENT), less, minute(8)).is_ok());
}

#[test]
fn a_subject_from_outside_is_cut_between_characters() {
    let Command::Create(mut new) = create() else {
        panic!("no new ticket");
    };
    new.subject = "\u{1F600}".repeat(400);
    let context = Context {
        actor: &Actor::Requester(REQUESTER),
        cause: "test",
        rules: &StandardRules::default(),
        history: None,
        room: MOST_PARTS,
    };
    let blank = Ticket::blank(crate::TicketNumber(1));
    let events = decide(&blank, Command::Create(new), &context, minute(0))
        .unwrap()
        .events;
    let ticket = fold(blank.number, &events);
    assert_eq!(ticket.subject.len(), Ticket::MOST_SUBJECT_BYTES);
}
