//! What fits into one save, and one part more.

use super::{
    tests::{AGENT, Case, REQUESTER, comment, minute},
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

#[test]
fn a_head_within_all_of_its_limits_at_once_is_within_its_own() {
    let mut case = Case::assigned();
    let wide = |length: usize| "\u{1F600}".repeat(length);
    let update = Update {
        subject: Some(wide(Ticket::LONGEST_SUBJECT)),
        add_tags: (case.ticket.tags.len()..Ticket::MOST_TAGS)
            .map(|n| format!("{n:02}{}", wide(Ticket::LONGEST_TAG - 2)))
            .collect(),
        fields: (0..Ticket::MOST_FIELDS)
            .map(|n| {
                (
                    format!("f{n}").repeat(10),
                    Some(wide(Ticket::LONGEST_FIELD_VALUE)),
                )
            })
            .collect(),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(5)).unwrap();
    let bytes = serde_json::to_vec(&case.ticket).unwrap().len();
    assert!((10_000..MOST_HEAD_BYTES).contains(&bytes), "{bytes}");
}

#[test]
fn a_head_beyond_its_limit_is_refused_with_words() {
    let mut case = Case::assigned();
    case.ticket.external_id = Some("x".repeat(MOST_HEAD_BYTES));
    let update = Update {
        add_tags: vec!["grows".to_owned()],
        ..Update::default()
    };
    let context = Context {
        actor: &Actor::Agent(AGENT),
        cause: "test",
        rules: &*case.rules,
        history: Some(&case.events),
        room: MOST_PARTS,
    };
    let refused = decide(
        &case.ticket,
        Command::Update(Box::new(update)),
        &context,
        minute(5),
    );
    assert!(
        matches!(refused, Err(Refusal::HeadTooLarge { .. })),
        "{refused:?}"
    );
    let words = Update {
        comment: Some(comment(AuthorRole::Requester, REQUESTER, true)),
        ..Update::default()
    };
    let context = Context {
        actor: &Actor::Requester(REQUESTER),
        ..context
    };
    let taken = decide(
        &case.ticket,
        Command::Update(Box::new(words)),
        &context,
        minute(5),
    );
    assert!(taken.is_ok(), "a customer is heard all the same: {taken:?}");
}
