//! A book holds together.

use super::*;
use crate::{
    RuleId,
    calendar::{CalendarDraft, Day, Span, WeekSpan},
    rule::Rule,
    sla::PolicyDraft,
};

fn calendar(id: u64, name: &str) -> Calendar {
    let draft = CalendarDraft {
        id: CalendarId(id),
        version: 1,
        name: name.to_owned(),
        zone: "Europe/Berlin".to_owned(),
        week: vec![WeekSpan {
            day: Day::Monday,
            span: Span {
                start: "09:00".parse().unwrap(),
                end: "17:00".parse().unwrap(),
            },
        }],
        holidays: vec![],
        dates: vec![],
    };
    Calendar::new(draft).unwrap()
}

fn policy(id: u64, title: &str, hours: Hours) -> Policy {
    let draft = PolicyDraft {
        id: PolicyId(id),
        title: title.to_owned(),
        hours,
        ..Policy::standard().into()
    };
    Policy::new(draft).unwrap()
}

fn setting(policy: PolicyId) -> Rule {
    Rule {
        id: RuleId(1),
        kind: RuleKind::Trigger,
        name: "Gold for all".to_owned(),
        description: String::new(),
        position: 1,
        condition: "true".to_owned(),
        actions: vec![RuleAction::SetSlaPolicy(Some(policy))],
        is_last: false,
        budget: 10,
        is_active: true,
        timing: None,
    }
}

#[test]
fn a_book_holds_together_or_says_why_not() {
    let hours = Hours::Calendar(CalendarId(1));
    let book = Book {
        policies: vec![
            policy(1, "Gold", hours),
            policy(2, "Others", Hours::RoundTheClock),
        ],
        calendars: vec![calendar(1, "Office")],
        ..Book::default()
    };
    assert_eq!(book.check(), Ok(()));
    assert_eq!(book.next_policy_id(), PolicyId(3));
    assert_eq!(book.counting_by(CalendarId(1)).count(), 1);

    let mut without = book.clone();
    without.calendars.clear();
    let missing = BookError::MissingCalendar {
        title: "Gold".to_owned(),
        calendar: CalendarId(1),
    };
    assert_eq!(without.check(), Err(missing));
    let mut twice = book.clone();
    twice.policies.push(policy(2, "Rest", Hours::RoundTheClock));
    assert_eq!(twice.check(), Err(BookError::RepeatedPolicy(PolicyId(2))));
    let mut named = book.clone();
    named.policies.push(policy(3, "Gold", Hours::RoundTheClock));
    assert_eq!(named.check(), Err(BookError::RepeatedTitle("Gold".to_owned())));
    let mut ruled = book.clone();
    ruled.rules.rules = vec![setting(PolicyId(2))];
    assert_eq!(ruled.check(), Ok(()));
    ruled.policies.pop();
    assert_eq!(
        ruled.check().unwrap_err().to_string(),
        "trigger \"Gold for all\" sets SLA policy 2, which is not there"
    );
    let mut impatient = book;
    impatient.timers.remind_after_seconds = Some(5);
    assert!(matches!(
        impatient.check(),
        Err(BookError::Wait { seconds: 5, .. })
    ));
}
