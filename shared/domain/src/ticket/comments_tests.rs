//! What follows from a call that an agent logs, and from what they forward.

use super::tests::{AGENT, Case, REQUESTER, comment, minute};
use super::*;
use crate::{
    PersonId,
    contact::{
        comment::AuthorRole,
        tells::{Call, CallDirection, CallOutcome, Forward, Tells},
    },
    outbox::{MailPurpose, Work, outgoing},
    sla::{Course, Metric},
};

fn call(direction: CallDirection, outcome: CallOutcome) -> Tells {
    Tells::Call(Call {
        direction,
        began_at: minute(3),
        length_seconds: 120,
        with: Some(REQUESTER),
        outcome,
    })
}

fn log(case: &mut Case, tells: Tells, public: bool, update: Update) -> Vec<TicketEvent> {
    let comment = CommentFacts {
        tells: Some(tells),
        ..comment(AuthorRole::Agent, AGENT, public)
    };
    let update = Update {
        comment: Some(comment),
        ..update
    };
    case.update(Actor::Agent(AGENT), update, minute(5)).unwrap()
}

fn first_reply(case: &Case) -> Course {
    let clocks = case.ticket.clocks.as_ref().unwrap();
    clocks.newest(Metric::FirstReply).unwrap().course
}

fn in_status(status: Status) -> Case {
    let mut case = Case::assigned();
    let update = Update {
        status: Some(status),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(4)).unwrap();
    case
}

#[test]
fn what_was_answered_on_the_phone_is_the_first_reply_though_it_is_a_note() {
    for direction in [CallDirection::Inbound, CallDirection::Outbound] {
        let mut case = Case::assigned();
        assert_ne!(first_reply(&case), Course::Fulfilled);
        log(
            &mut case,
            call(direction, CallOutcome::Answered),
            false,
            Update::default(),
        );
        assert_eq!(first_reply(&case), Course::Fulfilled, "{direction:?}");
        assert_eq!(case.ticket.last_public_v, 2, "it stays a note");
    }
}

#[test]
fn whoever_was_not_reached_has_no_reply() {
    let mut case = Case::assigned();
    let contact_at = case.ticket.last_contact_at;
    let not_reached = call(CallDirection::Outbound, CallOutcome::NotReached);
    log(&mut case, not_reached, false, Update::default());
    assert_ne!(first_reply(&case), Course::Fulfilled);
    assert_eq!(case.ticket.last_contact_at, contact_at);
}

#[test]
fn a_customer_who_phones_turned_to_the_desk_then() {
    let mut case = Case::assigned();
    let answered = call(CallDirection::Inbound, CallOutcome::Answered);
    log(&mut case, answered, false, Update::default());
    assert_eq!(case.ticket.last_contact_at, Some(minute(5)));
}

#[test]
fn who_waits_for_an_answer_since_a_call_brings_the_ticket_back() {
    for status in [Status::Pending, Status::Hold, Status::Solved] {
        let mut case = in_status(status);
        let due = call(CallDirection::Inbound, CallOutcome::AnswerDue);
        log(&mut case, due, false, Update::default());
        assert_eq!(case.ticket.status, Status::Open, "{status}");
    }
    let mut case = in_status(Status::Pending);
    let stays = Update {
        status: Some(Status::Hold),
        ..Update::default()
    };
    let due = call(CallDirection::Inbound, CallOutcome::AnswerDue);
    log(&mut case, due, false, stays);
    assert_eq!(case.ticket.status, Status::Hold, "what the agent sets holds");
}

#[test]
fn what_was_answered_leaves_the_status_as_it_is() {
    let mut case = in_status(Status::Pending);
    let answered = call(CallDirection::Inbound, CallOutcome::Answered);
    log(&mut case, answered, false, Update::default());
    assert_eq!(case.ticket.status, Status::Pending);
}

#[test]
fn nobody_is_sent_what_they_heard_on_the_phone() {
    for public in [false, true] {
        let mut case = Case::assigned();
        let answered = call(CallDirection::Outbound, CallOutcome::Answered);
        let events = log(&mut case, answered, public, Update::default());
        assert_eq!(outgoing(&case.ticket, &events, minute(5)), [], "{public}");
    }
}

#[test]
fn what_is_forwarded_goes_to_others_in_one_mail_and_answers_nobody() {
    let mut case = Case::assigned();
    let others = [PersonId(77), PersonId(78)];
    let forward = Tells::Forward(Forward {
        comments: vec![2],
        with_files: true,
        to: others.to_vec(),
    });
    let events = log(&mut case, forward, false, Update::default());
    let work = outgoing(&case.ticket, &events, minute(5));
    assert_eq!(work.len(), 1, "{work:?}");
    let purpose = MailPurpose::Forward {
        comment_v: events[0].v,
    };
    let Work::Mail {
        purpose: found,
        mailbox,
        ..
    } = &work[0].work
    else {
        panic!("{work:?}");
    };
    assert_eq!((found, mailbox.as_str()), (&purpose, "support@in.example.com"));
    assert_eq!(work[0].work.recipients(), others);
    assert!(work[0].work.is_forward() && !work[0].work.is_for_customers());
    assert!(!work[0].answers(REQUESTER));
    assert_ne!(first_reply(&case), Course::Fulfilled);
}
