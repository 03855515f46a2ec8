//! What happens by itself: escalations, reminders, silence, snooze, the customer's confirmation.

use super::tests::{AGENT, Case, REQUESTER, comment, minute, names};
use super::*;
use crate::{
    GroupId, PersonId, PolicyId, Timestamp,
    contact::comment::AuthorRole,
    sla::{
        Action, Escalation, Hours, InForce, Metric, Policy, PolicyDraft, Promise, Recipient, Terms,
        TimerRules, Warning,
    },
};

/// Rules of a desk with one policy, and timers.
pub(super) struct OnePolicy {
    policy: Policy,
    timers: TimerRules,
}

impl Rules for OnePolicy {
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>> {
        (!ticket.tags.iter().any(|tag| tag == "free")).then(|| Chosen {
            terms: Terms::round_the_clock(&self.policy),
            reason: "a test's".into(),
        })
    }
    fn terms(&self, in_force: &InForce) -> Option<Terms<'_>> {
        let terms = Terms::round_the_clock(&self.policy);
        (terms.in_force() == *in_force).then_some(terms)
    }
    fn timers(&self) -> TimerRules {
        self.timers
    }
    fn members(&self, group: GroupId) -> Vec<PersonId> {
        vec![PersonId(group.0 * 10), PersonId(group.0 * 10 + 1)]
    }
}

fn rules(version: u64, resolution_minutes: i64) -> OnePolicy {
    let actions = vec![
        Action::Notify(Recipient::Assignee),
        Action::Notify(Recipient::Group(GroupId(7))),
        Action::RaisePriority(Priority::Urgent),
        Action::AddTag("late".into()),
        Action::MoveToGroup(GroupId(7)),
    ];
    let draft = PolicyDraft {
        id: PolicyId(5),
        version,
        title: "Test".into(),
        description: String::new(),
        position: 1,
        condition: "true".into(),
        hours: Hours::RoundTheClock,
        pausing: vec![Status::Pending],
        promises: vec![Promise {
            metric: Metric::Resolution,
            target_seconds: Priority::ALL
                .iter()
                .map(|priority| (*priority, resolution_minutes * 60))
                .collect(),
            warnings: vec![Warning::Percent(50)],
            escalations: vec![Escalation {
                after_seconds: 600,
                actions,
            }],
        }],
    };
    OnePolicy {
        policy: Policy::new(draft).unwrap(),
        timers: TimerRules {
            remind_after_seconds: Some(24 * 3600),
            most_reminders: 2,
            solve_after_seconds: Some(7 * 24 * 3600),
            close_after_seconds: 3600,
        },
    }
}

fn under(rules: OnePolicy) -> Case {
    let mut case = Case::assigned();
    case.rules = Box::new(rules);
    case.run(Actor::System, Command::FollowPolicy, minute(3)).unwrap();
    case
}

fn fire(case: &mut Case, at: Timestamp) -> Vec<TicketEvent> {
    case.run(Actor::System, Command::FireTimers, at).unwrap()
}

fn set(case: &mut Case, status: Status, at: Timestamp) -> Vec<TicketEvent> {
    let update = Update {
        status: Some(status),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, at).unwrap()
}

fn due(case: &Case, metric: Metric) -> Option<Timestamp> {
    case.ticket.clocks.as_ref()?.newest(metric)?.due_at
}

#[test]
fn another_policy_is_applied_to_the_whole_history_and_says_so() {
    let case = under(rules(1, 120));
    let Fact::SlaPolicyApplied { policy, from, to, .. } = &case.events.last().unwrap().fact else {
        panic!("{:?}", case.events.last());
    };
    assert_eq!(policy.as_deref(), Some("Test"));
    assert_eq!(from.unwrap().policy, PolicyId(0));
    assert_eq!(to.unwrap().policy, PolicyId(5));
    assert_eq!(due(&case, Metric::Resolution), Some(minute(120)));
    assert_eq!(due(&case, Metric::FirstReply), None);
}

#[test]
fn a_longer_promise_is_applied_before_the_old_one_is_broken() {
    let mut case = under(rules(1, 120));
    case.rules = Box::new(rules(2, 240));
    let events = fire(&mut case, minute(121));
    assert_eq!(names(&events), ["SlaPolicyApplied", "SlaWarned"]);
    assert_eq!(due(&case, Metric::Resolution), Some(minute(240)));
}

#[test]
fn where_no_policy_holds_any_more_no_clock_runs() {
    let mut case = under(rules(1, 120));
    let update = Update {
        add_tags: vec!["free".into()],
        ..Update::default()
    };
    let events = case.update(Actor::Agent(AGENT), update, minute(5)).unwrap();
    assert_eq!(names(&events), ["TagsChanged", "SlaPolicyApplied"]);
    assert_eq!(case.ticket.clocks, None);
    assert_eq!(fire(&mut case, minute(500)), []);
}

#[test]
fn an_escalation_does_what_the_policy_says_once() {
    let mut case = under(rules(1, 120));
    fire(&mut case, minute(120));
    let events = fire(&mut case, minute(130));
    let Fact::SlaEscalated { notified, .. } = &events[0].fact else {
        panic!("{events:?}");
    };
    assert_eq!(*notified, [AGENT, PersonId(70), PersonId(71)]);
    assert_eq!(case.ticket.priority, Some(Priority::Urgent));
    assert_eq!(case.ticket.tags, ["a", "b", "late"]);
    assert_eq!(
        (case.ticket.group, case.ticket.assignee),
        (Some(GroupId(7)), None)
    );
    assert_eq!(fire(&mut case, minute(131)), []);
}

#[test]
fn a_breach_declared_void_stays_in_the_history_and_does_not_come_again() {
    let mut case = under(rules(1, 120));
    fire(&mut case, minute(120));
    let void = |instance| Command::VoidBreach {
        metric: Metric::Resolution,
        instance,
        reason: "they asked us to wait".into(),
    };
    let refused = case.run(Actor::Agent(AGENT), void(9), minute(121));
    let (metric, instance) = (Metric::Resolution, 9);
    assert_eq!(refused, Err(Refusal::NoBreach { metric, instance }));
    case.run(Actor::Agent(AGENT), void(1), minute(121)).unwrap();
    assert!(!case.ticket.clocks.as_ref().unwrap().states[0].is_breached());
    assert_eq!(fire(&mut case, minute(500)), []);
}

#[test]
fn a_silent_customer_is_reminded_and_then_the_ticket_is_solved_and_closed() {
    let mut case = under(rules(1, 12_000));
    set(&mut case, Status::Pending, minute(60));
    let day = 24 * 60;
    assert_eq!(case.ticket.next_own_timer_at(), Some(minute(60 + day)));
    assert_eq!(names(&fire(&mut case, minute(60 + day))), ["CustomerReminded"]);
    assert_eq!(fire(&mut case, minute(61 + day)), []);
    assert_eq!(
        names(&fire(&mut case, minute(60 + 2 * day))),
        ["CustomerReminded"]
    );
    assert_eq!(case.ticket.next_own_timer_at(), Some(minute(60 + 7 * day)));
    let solved = fire(&mut case, minute(60 + 7 * day));
    assert_eq!(names(&solved), ["StatusChanged", "SlaFulfilled"]);
    assert_eq!(case.ticket.status, Status::Solved);
    fire(&mut case, minute(120 + 7 * day));
    assert_eq!(case.ticket.status, Status::Closed);
}

#[test]
fn an_answer_ends_the_wait_and_another_word_of_ours_begins_it_anew() {
    let mut case = under(rules(1, 12_000));
    set(&mut case, Status::Pending, minute(60));
    let more = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, true)),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), more, minute(100)).unwrap();
    assert_eq!(case.ticket.next_own_timer_at(), Some(minute(100 + 24 * 60)));
    case.customer_writes(minute(200)).unwrap();
    assert_eq!(case.ticket.wait, None);
}

#[test]
fn reminders_that_fell_into_an_outage_are_one() {
    let mut case = under(rules(1, 12_000));
    set(&mut case, Status::Pending, minute(60));
    let late = fire(&mut case, minute(60 + 5 * 24 * 60));
    assert_eq!(names(&late), ["CustomerReminded"]);
    assert_eq!(case.ticket.wait.unwrap().reminders, 2);
}

#[test]
fn a_snoozed_ticket_wakes_at_its_time_or_when_the_customer_writes() {
    let snooze = |until| Update {
        snooze: Some(Some(until)),
        ..Update::default()
    };
    let mut case = under(rules(1, 12_000));
    let agent = Actor::Agent(AGENT);
    let refused = case.update(agent.clone(), snooze(minute(4)), minute(5));
    assert_eq!(refused, Err(Refusal::Snooze));
    case.update(agent.clone(), snooze(minute(90)), minute(5)).unwrap();
    assert_eq!(case.ticket.next_own_timer_at(), Some(minute(90)));
    assert_eq!(names(&fire(&mut case, minute(90))), ["SnoozeEnded"]);

    case.update(agent.clone(), snooze(minute(300)), minute(91))
        .unwrap();
    let events = case.customer_writes(minute(100)).unwrap();
    assert!(names(&events).contains(&"SnoozeEnded"));
    case.update(agent.clone(), snooze(minute(300)), minute(101))
        .unwrap();
    set(&mut case, Status::Solved, minute(102));
    assert_eq!(case.ticket.snoozed_until, None);
    let refused = case.update(agent, snooze(minute(300)), minute(103));
    assert_eq!(refused, Err(Refusal::SnoozeSolved(Status::Solved)));
}

#[test]
fn the_customers_yes_closes_and_their_no_reopens() {
    let answer = |is_solved| Command::AnswerSolution { is_solved };
    let customer = || Actor::Requester(REQUESTER);
    let mut case = under(rules(1, 12_000));
    let early = case.run(customer(), answer(true), minute(5));
    assert_eq!(early, Err(Refusal::NotSolved(Status::Open)));
    set(&mut case, Status::Solved, minute(6));
    case.run(customer(), answer(false), minute(7)).unwrap();
    assert_eq!(case.ticket.status, Status::Open);
    set(&mut case, Status::Solved, minute(8));
    let events = case.run(customer(), answer(true), minute(9)).unwrap();
    assert_eq!(names(&events), ["SolutionConfirmed", "StatusChanged"]);
    assert_eq!(case.ticket.status, Status::Closed);
}

#[test]
fn steps_that_are_due_at_once_are_taken_a_few_at_a_time() {
    let mut draft: PolicyDraft = rules(1, 60).policy.into();
    let call = |nth| Action::CallWebhook(format!("https://pager.example/{nth}"));
    let escalation = |minutes: i64| Escalation {
        after_seconds: minutes * 60,
        actions: (0..8).map(call).collect(),
    };
    draft.promises[0].escalations = (0..8).map(escalation).collect();
    let mut policy = rules(1, 60);
    policy.policy = Policy::new(draft).unwrap();
    let mut case = under(policy);
    case.room = 50;
    let mut taken = Vec::new();
    for sweep in 0..5 {
        let before = case.ticket.clone();
        let events = fire(&mut case, minute(500 + sweep));
        assert!(parts(&before, &case.ticket, &events, minute(500 + sweep)) <= 50);
        taken.push(
            events
                .iter()
                .filter(|event| event.fact.name().starts_with("Sla"))
                .count(),
        );
    }
    // Of fifty parts sixteen are kept free; the head is one, an escalation with its calls nine.
    assert_eq!(
        taken,
        [5, 3, 2, 0, 0],
        "a warning, a breach and eight escalations"
    );
}

#[test]
fn a_ticket_whose_reopening_is_held_back_does_not_close_before() {
    let mut case = under(rules(1, 12_000));
    set(&mut case, Status::Solved, minute(6));
    assert_eq!(case.ticket.close_due_at, Some(minute(66)));
    let held = TicketEvent {
        v: case.ticket.v + 1,
        fact: Fact::ReopenHeldBack {
            reason: "test".into(),
            reopen_due_at: minute(180),
        },
        clocks: None,
        automations: None,
        is_erased: false,
        ..case.events.last().unwrap().clone()
    };
    let held = evolve(case.ticket.clone(), &held);
    assert_eq!(held.close_due_at, Some(minute(180)));
}
