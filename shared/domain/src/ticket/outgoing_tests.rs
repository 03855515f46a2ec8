//! The mail that follows from events, and the shapes in which it was ever stored.

use super::tests::{AGENT, Case, REQUESTER, comment, minute};
use super::*;
use crate::{
    PersonId, Timestamp,
    contact::comment::AuthorRole,
    outbox::{MailPurpose, StatusChange, Work, outgoing},
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
            Work::Call { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => {
                None
            }
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

/// What the channel is told: of a comment or of nothing but the status, and how that changed.
fn calls(case: &Case, events: &[TicketEvent]) -> Vec<(Option<u64>, Option<StatusChange>)> {
    let work = outgoing(&case.ticket, events, minute(9)).into_iter();
    work.filter_map(|item| match item.work {
        Work::Call {
            comment_v, changed, ..
        } => Some((Some(comment_v), changed)),
        Work::StatusCall { changed, .. } => Some((None, Some(changed))),
        _ => None,
    })
    .collect()
}

fn answered_via(mut case: Case, reply_via: ReplyVia) -> Case {
    let update = Update {
        reply_via: Some(reply_via),
        ..Update::default()
    };
    let customer = Actor::Requester(REQUESTER);
    case.update(customer, update, minute(2)).unwrap();
    case
}

fn case_of_a_bot() -> Case {
    answered_via(case(), called())
}

fn called() -> ReplyVia {
    ReplyVia::Callback {
        channel: "bot".into(),
        url: "https://bot.example".into(),
    }
}

fn change(from: Status, to: Status) -> Option<StatusChange> {
    Some(StatusChange { from, to })
}

#[test]
fn a_channel_is_told_of_each_change_of_status_without_words() {
    let mut case = case_of_a_bot();
    for (minutes, from, to) in [
        (3, Status::Open, Status::Pending),
        (4, Status::Pending, Status::Hold),
        (5, Status::Hold, Status::Solved),
        (6, Status::Solved, Status::Open),
        (7, Status::Open, Status::Solved),
        (8, Status::Solved, Status::Closed),
    ] {
        let events = set(&mut case, to, false, agent(), minute(minutes));
        assert_eq!(calls(&case, &events), [(None, change(from, to))]);
    }
}

#[test]
fn an_answer_that_changes_the_status_is_one_call() {
    let mut case = case_of_a_bot();
    let events = set(&mut case, Status::Solved, true, agent(), minute(3));
    let answered = (Some(events[0].v), change(Status::Open, Status::Solved));
    assert_eq!(calls(&case, &events), [answered]);
    let update = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, true)),
        ..Update::default()
    };
    let events = case.update(agent(), update, minute(4)).unwrap();
    assert_eq!(calls(&case, &events), [(Some(events[0].v), None)]);
}

#[test]
fn a_channel_is_told_what_time_alone_changes() {
    let mut case = case_of_a_bot();
    set(&mut case, Status::Pending, false, agent(), minute(3));
    let day = 24 * 60;
    for (at, expected) in [
        (minute(3 + day), None),
        (minute(3 + 3 * day), change(Status::Pending, Status::Solved)),
        (minute(3 + 7 * day), change(Status::Solved, Status::Closed)),
    ] {
        let events = case.run(Actor::System, Command::FireTimers, at).unwrap();
        let expected: Vec<_> = expected.map(|change| (None, Some(change))).into_iter().collect();
        assert_eq!(calls(&case, &events), expected);
    }
}

#[test]
fn a_channel_is_not_told_what_its_customer_did_nor_that_work_begins() {
    let mut case = case_of_a_bot();
    let customer = Actor::Requester(REQUESTER);
    set(&mut case, Status::Solved, false, agent(), minute(3));
    let update = Update {
        comment: Some(comment(AuthorRole::Requester, REQUESTER, true)),
        ..Update::default()
    };
    let reopened = case.update(customer.clone(), update, minute(4)).unwrap();
    assert_eq!(case.ticket.status, Status::Open);
    assert_eq!(calls(&case, &reopened), []);
    let solved = set(&mut case, Status::Solved, false, customer, minute(5));
    assert_eq!(calls(&case, &solved), []);
    let mut new = answered_via(Case::triaged(), called());
    let begun = set(&mut new, Status::Open, false, agent(), minute(6));
    assert_eq!(calls(&new, &begun), []);
    let mut new = answered_via(Case::triaged(), called());
    let waits = set(&mut new, Status::Pending, false, agent(), minute(6));
    assert_eq!(
        calls(&new, &waits),
        [(None, change(Status::New, Status::Pending))]
    );
}

#[test]
fn only_a_channel_that_is_called_is_told() {
    for reply_via in [
        ReplyVia::Nowhere,
        ReplyVia::Mail {
            mailbox: "support@in.example.com".into(),
        },
    ] {
        let mut case = answered_via(case(), reply_via);
        let events = set(&mut case, Status::Solved, false, agent(), minute(3));
        assert_eq!(calls(&case, &events), []);
    }
}

#[test]
fn what_a_split_copies_is_told_to_nobody_and_what_rules_do_about_it_is() {
    let mut case = case();
    let event = |v, fact| TicketEvent {
        v,
        fact,
        ..escalated(&[])
    };
    let events = set(&mut case, Status::Pending, true, agent(), minute(3));
    case.ticket.followers = vec![PersonId(77)];
    let answer = events
        .iter()
        .find(|event| matches!(event.fact, Fact::CommentAdded(_)));
    let answer = answer.unwrap().fact.clone();
    let Fact::CommentAdded(added) = &answer else {
        panic!("{answer:?}");
    };
    let ran = fact::RuleRan {
        rule: crate::RuleId(1),
        kind: crate::rule::RuleKind::Trigger,
        name: "Split".to_owned(),
        reason: "it was split".to_owned(),
        read: vec![],
        left_undone: vec![],
        calls: vec!["https://hooks.example.com/".to_owned()],
        due_at: None,
    };
    let notified = fact::AgentsNotified {
        rule: crate::RuleId(1),
        name: "Split".to_owned(),
        to: vec![AGENT],
        subject: None,
        body: added.body.clone(),
    };
    let split = fact::SplitFrom {
        ticket: crate::TicketNumber(5),
        comments: vec![2],
    };
    let split = [
        event(2, answer.clone()),
        event(3, Fact::SplitFrom(split)),
        event(4, Fact::RuleRan(ran)),
        event(5, Fact::AgentsNotified(notified)),
    ];
    let work = outgoing(&case.ticket, &split, minute(9));
    let (calls, others): (Vec<_>, Vec<_>) = work
        .iter()
        .map(|item| &item.work)
        .partition(|work| matches!(work, Work::RuleCall { .. }));
    assert_eq!((calls.len(), others.len()), (1, 1), "{work:?}");
    assert!(
        matches!(
            others[0],
            Work::Mail {
                purpose: MailPurpose::RuleNotice,
                ..
            }
        ),
        "{others:?}"
    );
    // Said after it, the same words are an answer.
    let later = [split[1].clone(), event(4, answer)];
    assert_eq!(mails(&case, &later).len(), 2);
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
const WORK_OF_LINKS: &str = include_str!("../../samples/outgoing-work-links.jsonl");
const WORK_OF_NOTIFICATIONS: &str = include_str!("../../samples/outgoing-work-notifications.jsonl");
const WORK_OF_FORWARDS: &str = include_str!("../../samples/outgoing-work-forwards.jsonl");

#[test]
fn all_work_that_was_stored_is_read_and_stored_again_as_it_was() {
    let mut purposes = BTreeSet::new();
    let all = [WORK, WORK_OF_LINKS, WORK_OF_NOTIFICATIONS, WORK_OF_FORWARDS];
    for line in all.into_iter().flat_map(str::lines) {
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
