//! Automations: they are planned with each save, and run as timers.

use crate::case::{Case, automation, minute, own, ran, stopped, tag};
use docket_domain::{
    contact::comment::AuthorRole,
    rule::{Anchor, RuleAction},
    ticket::{Actor, Command, Fact, Priority, Status, Update, fact},
};

fn status(status: Status) -> Update {
    Update {
        status: Some(status),
        ..Update::default()
    }
}

#[test]
fn an_automation_runs_once_at_its_time_and_never_early() {
    let rule = automation(
        1,
        Anchor::StatusChanged,
        60,
        r#"ticket.status == "pending""#,
        tag("waits"),
    );
    let mut case = Case::under(vec![rule]).begun();
    assert_eq!(case.ticket.automations, []);
    case.update(status(Status::Pending), minute(10));
    assert_eq!(case.ticket.next_own_timer_at(), Some(minute(70)));
    assert!(case.sweep(minute(69)).is_empty());
    let events = case.sweep(minute(95));
    assert_eq!(ran(&events), ["A1"]);
    let Some(Fact::RuleRan(fact::RuleRan { due_at, reason, .. })) = events.last().map(|event| &event.fact)
    else {
        panic!("{events:?}")
    };
    assert_eq!(*due_at, Some(minute(70)));
    assert_eq!(reason, "1 hour after it was status changed");
    assert_eq!(case.ticket.automations[0].due_at, None);
    case.writes(AuthorRole::Agent, "still waiting", minute(100));
    assert!(
        case.sweep(minute(500)).is_empty(),
        "once for each time it became pending"
    );
    case.update(status(Status::Open), minute(510));
    assert_eq!(case.ticket.automations, []);
    case.update(status(Status::Pending), minute(520));
    assert_eq!(ran(&case.sweep(minute(580))), ["A1"]);
}

#[test]
fn what_is_waited_for_puts_it_off() {
    let rule = automation(
        1,
        Anchor::CustomerWrote,
        60,
        r#"ticket.status == "open""#,
        tag("late"),
    );
    let mut case = Case::under(vec![rule]).begun();
    case.update(status(Status::Open), minute(10));
    assert_eq!(
        case.ticket.automations[0].due_at,
        Some(minute(60)),
        "counted from the first words"
    );
    case.writes(AuthorRole::Requester, "and?", minute(30));
    assert_eq!(case.ticket.automations[0].due_at, Some(minute(90)));
}

#[test]
fn one_that_comes_into_force_counts_from_the_history() {
    let mut case = Case::under(vec![]).begun();
    case.update(status(Status::Pending), minute(10));
    let rule = automation(
        1,
        Anchor::StatusChanged,
        120,
        r#"ticket.status == "pending""#,
        tag("waits"),
    );
    case.book.rules.push(rule);
    let events = case
        .run(Actor::System, Command::FollowPolicy, minute(50))
        .unwrap();
    assert!(
        matches!(events[..], [ref one] if matches!(one.fact, Fact::AutomationsPlanned {})),
        "{events:?}"
    );
    assert_eq!(case.ticket.automations[0].due_at, Some(minute(130)));
    assert!(
        case.run(Actor::System, Command::FollowPolicy, minute(51))
            .unwrap()
            .is_empty()
    );
    case.book.rules.clear();
    case.run(Actor::System, Command::FollowPolicy, minute(52))
        .unwrap();
    assert_eq!(case.ticket.automations, []);
}

#[test]
fn its_condition_is_asked_again_when_its_time_has_come() {
    let rule = automation(1, Anchor::Created, 60, r#"requester.tier == "gold""#, tag("gold"));
    let mut case = Case::under(vec![rule]);
    case.requester.tier = Some("gold".to_owned());
    let mut case = case.begun();
    assert_eq!(case.ticket.automations.len(), 1);
    case.requester.tier = None;
    let events = case.sweep(minute(60));
    assert!(ran(&events).is_empty());
    assert_eq!(case.ticket.automations, [], "{events:?}");
    assert!(case.sweep(minute(61)).is_empty());
}

#[test]
fn one_that_renews_its_own_moment_runs_on_within_its_budget() {
    let mut rule = automation(
        1,
        Anchor::AssigneeChanged,
        1,
        "true",
        RuleAction::SetAssignee(None),
    );
    rule.actions = vec![
        RuleAction::SetAssignee(Some(crate::case::AGENT)),
        RuleAction::SetAssignee(None),
    ];
    rule.budget = 2;
    let mut case = Case::under(vec![rule]).begun();
    let mut runs = 0;
    let mut reasons = 0;
    for at in 1..=30 {
        let events = case.sweep(minute(at));
        runs += ran(&events).len();
        reasons += stopped(&events).len();
    }
    assert_eq!((runs, reasons), (2, 1));
    assert_eq!(case.ticket.automations[0].due_at, None);
}

#[test]
fn what_one_does_triggers_others() {
    let reply = RuleAction::AddNote(own("It is late"));
    let rules = vec![
        automation(
            1,
            Anchor::Created,
            60,
            "true",
            RuleAction::SetPriority(Priority::Urgent),
        ),
        crate::case::trigger(2, "Urgent", r#"ticket.priority == "urgent""#, vec![reply]),
    ];
    let mut case = Case::under(rules).begun();
    assert_eq!(ran(&case.sweep(minute(60))), ["A1", "Urgent"]);
}
