//! A desk with an office and policies, for tests of single facts.

use crate::story::{Story, at};
use docket_domain::{
    CalendarId, PolicyId, Timestamp,
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan},
    sla::{Clocks, Escalation, Hours, Metric, Policy, PolicyDraft, Promise, Step, Terms, Warning},
    ticket::{Priority, Status},
};

pub const HOUR: i64 = 3600;

/// A policy that promises each metric in so many hours.
pub fn policy(hours: Hours, targets: &[(Metric, i64)]) -> Policy {
    Policy::new(PolicyDraft {
        id: PolicyId(1),
        version: 1,
        title: "Test".to_owned(),
        description: String::new(),
        position: 1,
        condition: "true".to_owned(),
        hours,
        pausing: vec![Status::Pending, Status::Hold],
        promises: targets
            .iter()
            .map(|(metric, hours)| Promise {
                metric: *metric,
                target_seconds: Priority::ALL
                    .iter()
                    .map(|priority| (*priority, hours * HOUR))
                    .collect(),
                warnings: vec![Warning::Percent(50)],
                escalations: vec![Escalation {
                    after_seconds: HOUR,
                    actions: Vec::new(),
                }],
            })
            .collect(),
    })
    .unwrap()
}

pub fn always(targets: &[(Metric, i64)]) -> Policy {
    policy(Hours::RoundTheClock, targets)
}

/// Monday to Friday, 09:00 to 17:00, UTC.
pub fn office() -> Calendar {
    let time = |text: &str| text.parse().unwrap();
    let span = Span {
        start: time("09:00"),
        end: time("17:00"),
    };
    let week = Day::ALL[..5].iter().map(|day| WeekSpan { day: *day, span });
    Calendar::new(CalendarDraft {
        id: CalendarId(1),
        version: 7,
        name: "Office".to_owned(),
        zone: "UTC".to_owned(),
        week: week.collect(),
        holidays: Vec::new(),
        dates: Vec::new(),
    })
    .unwrap()
}

/// Monday, 2 March 2026.
pub fn monday(time: &str) -> Timestamp {
    at(&format!("2026-03-02T{time}:00Z"))
}

pub fn clocks(story: &Story, policy: &Policy) -> Clocks {
    let office = office();
    Clocks::recompute(&story.happenings, &Terms::new(policy, [&office]).unwrap())
}

pub fn due_at(story: &Story, policy: &Policy, metric: Metric) -> Option<Timestamp> {
    clocks(story, policy)
        .newest(metric)
        .and_then(|state| state.due_at)
}

pub fn steps_due(clocks: &Clocks, policy: &Policy, now: Timestamp) -> Vec<(Metric, Step, Timestamp)> {
    let office = office();
    let due = clocks.due(&Terms::new(policy, [&office]).unwrap(), now);
    due.iter()
        .map(|firing| (firing.metric, firing.step, firing.due_at))
        .collect()
}
