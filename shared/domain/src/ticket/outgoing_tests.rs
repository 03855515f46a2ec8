//! The mail that follows from events, and the shapes in which it was ever stored.

use super::tests::{AGENT, Case, REQUESTER, comment, minute};
use super::*;
use crate::{
    PersonId, Timestamp,
    contact::comment::AuthorRole,
    outbox::{MailPurpose, Work, outgoing},
    sla::{Action, Firing, InForce, Metric, Recipient, Step, TimerRules},
};
use std::collections::BTreeSet;

/// A desk that reminds after a day, and solves after three.
struct Patient(StandardRules);

impl Rules for Patient {
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>> {
        self.0.choose(ticket)
    }
    fn terms(&self, in_force: &InForce) -> Option<crate::sla::Terms<'_>> {
        self.0.terms(in_force)
    }
    fn timers(&self) -> TimerRules {
        TimerRules {
            remind_after_seconds: Some(24 * 3600),
            solve_after_seconds: Some(3 * 24 * 3600),
            ..TimerRules::default()
        }
    }
    fn members(&self, _: crate::GroupId) -> Vec<PersonId> {
        vec![]
    }
}

fn case() -> Case {
    let mut case = Case::assigned();
    case.rules = Box::new(Patient(StandardRules::default()));
    case
}

/// What mail follows from events, and to whom.
fn mails(case: &Case, events: &[TicketEvent]) -> Vec<(MailPurpose, Vec<PersonId>)> {
    outgoing(&case.ticket, events, minute(9))
        .into_iter()
        .filter_map(|item| match &item.work {
            Work::Mail { purpose, .. } => Some((purpose.clone(), item.work.recipients())),
            Work::Call { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => None,
        })
        .collect()
}

fn set(case: &mut Case, status: Status, words: bool, actor: Actor, at: Timestamp) -> Vec<TicketEvent> {
    let update = Update {
        status: Some(status),
        comment: words.then(|| comment(AuthorRole::Agent, AGENT, true)),
        ..Update::default()
    };
    case.update(actor, update, at).unwrap()
}

fn agent() -> Actor {
    Actor::Agent(AGENT)
}

#[test]
fn an_answer_that_solves_carries_the_question_itself() {
    let mut case = case();
    let events = set(&mut case, Status::Solved, true, agent(), minute(3));
    let Fact::CommentAdded(_) = &events[0].fact else {
        panic!("{events:?}");
    };
    let purpose = MailPurpose::Reply {
        comment_v: events[0].v,
        solves: true,
    };
    assert_eq!(mails(&case, &events), [(purpose, vec![REQUESTER])]);
}

#[test]
fn an_answer_that_solves_nothing_asks_nothing() {
    let mut case = case();
    let events = set(&mut case, Status::Pending, true, agent(), minute(3));
    let purpose = MailPurpose::Reply {
        comment_v: events[0].v,
        solves: false,
    };
    assert_eq!(mails(&case, &events), [(purpose, vec![REQUESTER])]);
}

#[test]
fn a_ticket_solved_without_words_has_a_mail_of_its_own() {
    let mut case = case();
    let events = set(&mut case, Status::Solved, false, agent(), minute(3));
    assert_eq!(mails(&case, &events), [(MailPurpose::Solved, vec![REQUESTER])]);
}

#[test]
fn a_note_beside_it_is_no_answer() {
    let mut case = case();
    let update = Update {
        status: Some(Status::Solved),
        comment: Some(comment(AuthorRole::Agent, AGENT, false)),
        ..Update::default()
    };
    let events = case.update(agent(), update, minute(3)).unwrap();
    assert_eq!(mails(&case, &events), [(MailPurpose::Solved, vec![REQUESTER])]);
}

#[test]
fn whoever_says_themselves_that_it_is_solved_is_not_asked() {
    let mut case = case();
    let events = set(
        &mut case,
        Status::Solved,
        false,
        Actor::Requester(REQUESTER),
        minute(3),
    );
    assert_eq!(mails(&case, &events), []);
    let confirmed = Command::AnswerSolution { is_solved: true };
    let events = case
        .run(Actor::Requester(REQUESTER), confirmed, minute(4))
        .unwrap();
    assert_eq!(mails(&case, &events), []);
}

#[test]
fn silence_is_followed_by_a_reminder_and_then_by_the_question() {
    let mut case = case();
    set(&mut case, Status::Pending, false, agent(), minute(3));
    let day = 24 * 60;
    let mut fire = |at| case.run(Actor::System, Command::FireTimers, at).unwrap();
    let reminded = fire(minute(3 + day));
    let solved = fire(minute(3 + 3 * day));
    let closed = fire(minute(3 + 7 * day));
    assert_eq!(
        mails(&case, &reminded),
        [(MailPurpose::Reminder, vec![REQUESTER])]
    );
    assert_eq!(mails(&case, &solved), [(MailPurpose::Solved, vec![REQUESTER])]);
    assert_eq!(mails(&case, &closed), []);
}

#[test]
fn whoever_is_not_written_to_by_mail_gets_none() {
    for reply_via in [
        ReplyVia::Nowhere,
        ReplyVia::Callback {
            channel: "bot".into(),
            url: "https://bot.example".into(),
        },
    ] {
        let mut case = case();
        let mut events = set(&mut case, Status::Solved, false, agent(), minute(3));
        events.push(TicketEvent {
            fact: Fact::CustomerReminded {
                nth: 1,
                due_at: minute(3),
            },
            ..events[0].clone()
        });
        case.ticket.reply_via = reply_via;
        assert_eq!(mails(&case, &events), []);
    }
}

fn escalated(notified: &[PersonId]) -> TicketEvent {
    let firing = Firing {
        metric: Metric::FirstReply,
        instance: 1,
        step: Step::Escalation(600),
        due_at: minute(1),
        in_force: Case::assigned().ticket.clocks.unwrap().in_force,
    };
    TicketEvent {
        v: 9,
        at: minute(1),
        actor: Actor::System,
        cause: "timer".into(),
        fact: Fact::SlaEscalated {
            firing,
            actions: vec![Action::Notify(Recipient::Assignee)],
            notified: notified.to_vec(),
        },
        clocks: None,
        automations: None,
        is_erased: false,
    }
}

#[test]
fn an_escalation_is_one_mail_to_all_who_are_told() {
    let mut case = case();
    let told = [AGENT, PersonId(3), PersonId(4)];
    let expected = [(MailPurpose::Escalation, told.to_vec())];
    assert_eq!(mails(&case, &[escalated(&told)]), expected);
    case.ticket.reply_via = ReplyVia::Nowhere;
    assert_eq!(mails(&case, &[escalated(&told)]), expected);
    assert_eq!(mails(&case, &[escalated(&[])]), []);
}

const WORK: &str = include_str!("../../samples/outgoing-work-1.jsonl");

#[test]
fn all_work_that_was_stored_is_read_and_stored_again_as_it_was() {
    let mut purposes = BTreeSet::new();
    for line in WORK.lines() {
        let sample: serde_json::Value = serde_json::from_str(line).unwrap();
        let work: Work =
            serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(serde_json::to_value(&work).unwrap(), sample);
        if let Work::Mail { purpose, .. } = &work {
            let purpose = serde_json::to_value(purpose).unwrap();
            purposes.insert(purpose["purpose"].as_str().unwrap().to_owned());
        }
    }
    // The parser itself lists what it knows.
    let known = serde_json::from_str::<MailPurpose>(r#"{"purpose":"none of them"}"#);
    let known = known.unwrap_err().to_string();
    let known: BTreeSet<String> = known.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert_eq!(purposes, known);
}
