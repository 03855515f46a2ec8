//! What is wanted of a ticket that stands, was deleted, or was deleted for good.

use super::tests::{AGENT, Case, create, minute};
use super::*;
use crate::{
    Digest, GroupId, PersonId, TicketNumber, assignment, outbox,
    sla::{InForce, Metric, Terms, TimerRules},
    ticket::counted::CountedPlace,
};

fn by_agent(case: &mut Case, command: Command, at: i64) -> Result<Vec<TicketEvent>, Refusal> {
    case.run(Actor::Agent(AGENT), command, minute(at))
}

fn deleted() -> Case {
    let mut case = Case::assigned();
    by_agent(&mut case, Command::Delete, 3).unwrap();
    case
}

fn deleted_for_good() -> Case {
    let mut case = deleted();
    by_agent(&mut case, Command::DeletePermanently, 4).unwrap();
    case
}

/// Every command there is. The match is there so that a new one is not forgotten.
fn commands() -> Vec<Command> {
    let redaction = Redaction {
        comment: 2,
        places: 1,
        files: vec![],
        whole: false,
        passages: vec!["printer".into()],
    };
    let all = vec![
        create(),
        Command::Update(Box::default()),
        Command::RunMacro {
            rule: crate::RuleId(1),
        },
        Command::Defer {
            reason: "nobody".into(),
            retry_at: minute(9),
            changes_at: None,
            decision: None,
        },
        Command::Assign {
            choice: assignment::Choice {
                agent: AGENT,
                load_units: 0,
                capacity: 9,
                room_units: 9,
                settings_v: 0,
                reason: "test".into(),
            },
            decision: Digest::of(b"d"),
        },
        Command::HandBack {
            from: AGENT,
            leaves: true,
            reason: "away".into(),
        },
        Command::Escalate {
            to: Some(GroupId(9)),
            reason: "hard".into(),
        },
        Command::FireTimers,
        Command::FollowPolicy,
        Command::VoidBreach {
            metric: Metric::Resolution,
            instance: 1,
            reason: "outage".into(),
        },
        Command::AnswerSolution { is_solved: true },
        Command::ReportDelivery {
            outbox: crate::OutboxId {
                ticket: TicketNumber(1),
                v: 1,
                n: 0,
            },
            outcome: outbox::DeliveryOutcome::Failed,
            detail: "x".into(),
            is_answered: None,
        },
        Command::Delete,
        Command::Restore,
        Command::DeletePermanently,
        Command::Redact(redaction),
        Command::ForgetPerson { person: PersonId(7) },
        Command::MergeRequester {
            from: PersonId(99),
            to: PersonId(98),
            is_undone: false,
        },
        Command::MakePrivate {
            comment: 2,
            last_public_v: 0,
        },
        Command::RecordErasure {
            redacted_v: 0,
            count: 0,
            again_at: None,
        },
        Command::Rate(Box::new(crate::ticket::Rating {
            score: crate::ticket::Score::Good,
            reason: None,
            comment: None,
        })),
        Command::Skip {
            agent: AGENT,
            reason: None,
        },
    ];
    for command in &all {
        match command {
            // Needs what triage found; it is as `Defer`.
            Command::Triage { .. }
            | Command::Create(_)
            // As `Create`, and as `Update`.
            | Command::Import(_)
            | Command::Link(_)
            | Command::Update(_)
            | Command::RunMacro { .. }
            | Command::Assign { .. }
            | Command::Defer { .. }
            | Command::HandBack { .. }
            | Command::Escalate { .. }
            | Command::FireTimers
            | Command::FollowPolicy
            | Command::VoidBreach { .. }
            | Command::AnswerSolution { .. }
            | Command::ReportDelivery { .. }
            | Command::Delete
            | Command::Restore
            | Command::DeletePermanently
            | Command::Redact(_)
            | Command::ForgetPerson { .. }
            | Command::MergeRequester { .. }
            | Command::MakePrivate { .. }
            | Command::Rate(_)
            | Command::Skip { .. }
            | Command::RecordErasure { .. } => {}
        }
    }
    all
}

/// What comes of each command, in its order: events, nothing, or a refusal.
fn outcomes(of: fn() -> Case) -> Vec<&'static str> {
    let each = commands().into_iter().map(|command| {
        let mut case = of();
        match by_agent(&mut case, command, 5) {
            Ok(events) if events.is_empty() => "nothing",
            Ok(_) => "events",
            Err(Refusal::Deleted) => "deleted",
            Err(Refusal::DeletedForGood) => "for good",
            Err(_) => "refused",
        }
    });
    each.collect()
}

#[test]
fn of_a_deleted_ticket_only_what_is_for_deleted_ones_is_done() {
    assert_eq!(
        outcomes(deleted),
        [
            "deleted", "deleted", "deleted", "nothing", "nothing", "nothing", "deleted", "nothing",
            "nothing", "deleted", "deleted", "events", "nothing", "events", "events", "events", "events",
            "nothing", "deleted", "nothing", "deleted", "deleted",
        ]
    );
}

#[test]
fn of_one_that_was_deleted_for_good_nothing_is() {
    let nothing_for_the_desk = [3, 4, 5, 7, 8, 11, 12, 14, 17, 19];
    for (place, outcome) in outcomes(deleted_for_good).into_iter().enumerate() {
        let expected = if nothing_for_the_desk.contains(&place) {
            "nothing"
        } else {
            "for good"
        };
        assert_eq!(outcome, expected, "{:?}", commands()[place]);
    }
}

#[test]
fn a_deleted_ticket_burdens_nobody_counts_nowhere_and_waits_for_its_end_alone() {
    let case = deleted();
    let ticket = &case.ticket;
    assert_eq!((ticket.burdens(), ticket.assignee), (None, Some(AGENT)));
    assert_eq!(CountedPlace::of(ticket), CountedPlace::default());
    let end = minute(3).checked_add(Ticket::RESTORABLE_FOR).unwrap();
    assert_eq!(ticket.next_timer_at(), Some(end));
    assert_eq!(ticket.deletion.as_ref().unwrap().by, Some(AGENT));
}

#[test]
fn a_restored_ticket_is_as_it_was() {
    let mut case = deleted();
    let before = Case::assigned().ticket;
    by_agent(&mut case, Command::Restore, 6).unwrap();
    let ticket = &case.ticket;
    assert_eq!(ticket.deletion, None);
    assert_eq!(
        (ticket.status, ticket.assignee, ticket.group),
        (before.status, before.assignee, before.group)
    );
    assert_eq!(ticket.burdens(), Some(AGENT));
    assert!(ticket.by_override, "nobody asked whether there was room");
    assert_eq!(by_agent(&mut case, Command::Restore, 7), Err(Refusal::NotDeleted));
    assert_eq!(
        by_agent(&mut case, Command::DeletePermanently, 7),
        Err(Refusal::NotDeleted)
    );
}

#[test]
fn who_is_gone_does_not_get_it_back() {
    struct Gone;
    impl Rules for Gone {
        fn choose(&self, _: &Ticket) -> Option<Chosen<'_>> {
            None
        }
        fn terms(&self, _: &InForce) -> Option<Terms<'_>> {
            None
        }
        fn timers(&self) -> TimerRules {
            TimerRules::default()
        }
        fn members(&self, _: GroupId) -> Vec<PersonId> {
            vec![]
        }
        fn works_here(&self, _: PersonId) -> bool {
            false
        }
    }
    let mut case = deleted();
    case.rules = Box::new(Gone);
    by_agent(&mut case, Command::Restore, 6).unwrap();
    assert_eq!(case.ticket.assignee, None);
    assert!(case.ticket.waiting.is_some());
}

#[test]
fn nobody_restored_it_and_its_words_go() {
    let mut case = deleted();
    let end = minute(3).checked_add(Ticket::RESTORABLE_FOR).unwrap();
    let events = case.run(Actor::System, Command::FireTimers, end).unwrap();
    assert!(matches!(&events[..], [event] if matches!(event.fact, Fact::PermanentlyDeleted { .. })));
    let ticket = case.ticket.clone();
    assert_eq!(
        (ticket.subject.as_str(), ticket.external_id, ticket.tags),
        ("", None, vec![])
    );
    let due_at = ticket.erase_due_at.unwrap();
    assert!(due_at > end, "what is stored at that moment is told apart");
    let other = Command::RecordErasure {
        redacted_v: 1,
        count: 3,
        again_at: None,
    };
    assert_eq!(
        case.run(Actor::System, other, due_at).unwrap(),
        [],
        "of another time"
    );
    let again_at = Some(due_at.checked_add(jiff::SignedDuration::from_mins(1)).unwrap());
    for again_at in [again_at, None] {
        let done = Command::RecordErasure {
            redacted_v: case.ticket.redacted_v,
            count: 3,
            again_at,
        };
        case.run(Actor::System, done, due_at).unwrap();
        assert_eq!(case.ticket.next_timer_at(), again_at);
    }
    assert_eq!(case.ticket.next_timer_at(), None);
}

#[test]
fn a_redaction_is_a_debt_and_a_closed_ticket_is_redacted_too() {
    let mut case = Case::assigned();
    case.solve(minute(3));
    case.run(
        Actor::System,
        Command::AnswerSolution { is_solved: true },
        minute(4),
    )
    .unwrap();
    assert_eq!(case.ticket.status, Status::Closed);
    let redaction = Redaction {
        comment: 2,
        places: 1,
        files: vec![],
        whole: false,
        passages: vec!["printer".into()],
    };
    by_agent(&mut case, Command::Redact(redaction), 5).unwrap();
    assert_eq!(case.ticket.redacted_v, case.ticket.v);
    assert_eq!(case.ticket.subject, "The ▇▇▇▇▇▇▇ burns");
    assert_eq!(case.ticket.next_timer_at(), case.ticket.erase_due_at);
    assert!(case.ticket.erase_due_at.unwrap() > minute(5));
}

#[test]
fn tickets_of_two_who_are_one_become_the_others_and_come_back_in_turn() {
    let mut case = deleted();
    let [ann, lee, kim] = [case.ticket.requester, PersonId(98), PersonId(99)];
    let merge = |from, to, is_undone| Command::MergeRequester { from, to, is_undone };
    by_agent(&mut case, merge(ann, lee, false), 6).unwrap();
    by_agent(&mut case, merge(lee, kim, false), 7).unwrap();
    assert_eq!(
        (case.ticket.requester, &case.ticket.merged_from[..]),
        (kim, &[ann, lee][..])
    );
    assert_eq!(
        by_agent(&mut case, merge(kim, PersonId(97), true), 8).unwrap(),
        [],
        "it never was theirs"
    );
    by_agent(&mut case, merge(kim, lee, true), 8).unwrap();
    assert_eq!(
        (case.ticket.requester, &case.ticket.merged_from[..]),
        (lee, &[ann][..])
    );
    by_agent(&mut case, merge(lee, ann, true), 9).unwrap();
    assert_eq!((case.ticket.requester, case.ticket.merged_from.len()), (ann, 0));
}

#[test]
fn who_becomes_the_requester_gets_no_copies_until_that_is_undone() {
    let mut case = Case::assigned();
    let [ann, lee, kim] = [case.ticket.requester, PersonId(98), PersonId(99)];
    let copies = Update {
        add_ccs: vec![PersonId(50), lee],
        ..Update::default()
    };
    by_agent(&mut case, Command::Update(Box::new(copies)), 3).unwrap();
    let merge = |from, to, is_undone| Command::MergeRequester { from, to, is_undone };
    by_agent(&mut case, merge(ann, lee, false), 6).unwrap();
    assert_eq!(case.ticket.ccs, [PersonId(50)]);
    by_agent(&mut case, merge(lee, kim, false), 7).unwrap();
    by_agent(&mut case, merge(kim, lee, true), 8).unwrap();
    assert_eq!(case.ticket.ccs, [PersonId(50)]);
    by_agent(&mut case, merge(lee, ann, true), 9).unwrap();
    assert_eq!(case.ticket.ccs, [PersonId(50), lee]);
    assert!(case.ticket.copied_before.is_empty());
}

#[test]
fn a_head_names_no_more_earlier_requesters_than_it_has_room_for() {
    let mut case = deleted();
    for to in 100..110 {
        let from = case.ticket.requester;
        let merge = Command::MergeRequester {
            from,
            to: PersonId(to),
            is_undone: false,
        };
        by_agent(&mut case, merge, 6).unwrap();
    }
    assert_eq!(case.ticket.merged_from.len(), Ticket::MOST_MERGED_FROM);
}
