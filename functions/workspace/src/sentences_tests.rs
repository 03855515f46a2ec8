use super::*;
use docket_domain::{
    GroupId, PersonId, Timestamp,
    configuration::Group,
    people::person::{Identity, Person},
    sla::Metric,
    ticket::{Priority, Status},
};

fn names() -> Names {
    let now = Timestamp::UNIX_EPOCH;
    let person = |id, name| Person::first_seen(PersonId(id), name, vec![Identity::email("x@y.example")], now);
    let group = Group::new(GroupId(1), "Support", now);
    Names::of(vec![person(2, "Ben"), person(3, "Cleo")], &[group])
}

fn event(actor: Actor, fact: Fact) -> TicketEvent {
    TicketEvent {
        v: 1,
        at: Timestamp::UNIX_EPOCH,
        actor,
        cause: "test".into(),
        fact,
        clocks: None,
        automations: None,
        is_erased: false,
    }
}

fn said(actor: Actor, fact: Fact) -> String {
    sentence(&event(actor, fact), &names())
}

#[test]
fn an_event_whose_words_are_gone_says_so() {
    let erased = |fact| {
        let event = TicketEvent {
            is_erased: true,
            ..event(ben(), fact)
        };
        sentence(&event, &names())
    };
    let changed = Fact::SubjectChanged {
        from: String::new(),
        to: String::new(),
    };
    let said = erased(changed);
    assert_eq!(said, "Ben changed the subject (what was said is erased)");
    let set = Fact::FieldsChanged {
        changed: BTreeMap::from([("color".to_owned(), Some(String::new()))]),
    };
    assert_eq!(erased(set), "Ben set color (what was said is erased)");
    let voided = Fact::Escalated {
        from: None,
        to: GroupId(1),
        assignee: None,
        reason: String::new(),
        assignment_overdue_at: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(
        erased(voided),
        "Ben escalated the ticket to Support (what was said is erased)"
    );
}

fn ben() -> Actor {
    Actor::Agent(PersonId(2))
}

#[test]
fn a_task_is_due_on_the_same_day_wherever_that_is_read() {
    let noon = "2026-12-01T12:00:00Z".parse().unwrap();
    let headers = |zone: &str| {
        let mut headers = axum::http::HeaderMap::new();
        let cookie = format!("docket_zone={zone}").parse().unwrap();
        headers.insert(axum::http::header::COOKIE, cookie);
        headers
    };
    let set = Fact::DueChanged {
        from: None,
        to: Some(noon),
    };
    let far = crate::language::Reader::of_request(&headers("Pacific/Auckland"));
    let told = crate::language::read_by(far, || said(ben(), set));
    assert_eq!(told, "Ben set the task due 1 Dec 2026");
}

#[test]
fn what_a_person_did_names_them() {
    let status = |reason: &str| Fact::StatusChanged {
        from: Status::Open,
        to: Status::Hold,
        reason: reason.into(),
        close_due_at: None,
        wait: None,
    };
    let given = |to| Fact::AssigneeChanged {
        from: None,
        to: Some(PersonId(to)),
        assignment_overdue_at: None,
    };
    let urgent = Fact::PriorityChanged {
        from: None,
        to: Priority::Urgent,
    };
    for (fact, expected) in [
        (status("set by hand"), "Ben set the status from Open to On hold"),
        (given(2), "Ben took the ticket"),
        (given(3), "Ben gave the ticket to Cleo"),
        (given(9), "Ben gave the ticket to Person 9"),
        (urgent, "Ben set the priority to Urgent"),
    ] {
        assert_eq!(said(ben(), fact), expected);
    }
}

#[test]
fn what_the_desk_did_says_why() {
    let closed = Fact::StatusChanged {
        from: Status::Solved,
        to: Status::Closed,
        reason: "solved and not reopened for four days".into(),
        close_due_at: None,
        wait: None,
    };
    assert_eq!(
        said(Actor::System, closed),
        "Status went from Solved to Closed: solved and not reopened for four days"
    );
    let waits = Fact::AssignmentDeferred {
        changes_at: None,
        decision: None,
        reason: "its group has no agents".into(),
        retry_at: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(
        said(Actor::System, waits),
        "Waits for an agent: its group has no agents"
    );
}

#[test]
fn only_people_hold_an_answer_back() {
    let warned = Fact::SlaWarned {
        metric: Metric::FirstReply,
        due_at: Timestamp::UNIX_EPOCH,
        instance: None,
        step: None,
        in_force: None,
    };
    assert!(!holds_back(&event(Actor::System, warned.clone())));
    assert!(holds_back(&event(ben(), warned)));
}
