use super::*;
use crate::{WhoIsAround, organization_document, person_document};
use docket_domain::{
    OrganizationId, TicketNumber,
    field::CustomStatus,
    people::{
        organization::Organization,
        person::{Identity, Person},
        staff::Role,
    },
    ticket::{Channel, MergedInto, Priority, Satisfaction, Score, Status, Ticket, TicketType},
    view::ViewValue,
};

const NOW: i64 = 1_800_000_000;

fn condition(field: &str, operator: &str, value: &str) -> ViewCondition {
    ViewCondition {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: ViewValue::One(value.to_owned()),
    }
}

fn at(hours_ago: i64) -> Timestamp {
    Timestamp::from_second(NOW - hours_ago * 3_600).unwrap()
}

fn ticket() -> Ticket {
    let mut head = Ticket::blank(TicketNumber(7));
    head.status = Status::Pending;
    head.priority = Some(Priority::High);
    head.ticket_type = Some(TicketType::Incident);
    head.group = Some(GroupId(2));
    head.requester = PersonId(30);
    head.tags = vec!["gold".to_owned(), "vip".to_owned()];
    head.channel = Channel::Mail {
        mailbox: "support@in.example.com".to_owned(),
    };
    (head.created_at, head.updated_at) = (at(30), at(5));
    head
}

/// Whether a ticket is in the view of one condition.
fn holds(head: &Ticket, condition: ViewCondition) -> Result<Option<bool>, WrongCondition> {
    let question = ViewQuestion {
        all: vec![condition],
        any: vec![],
        groups: vec![GroupId(2), GroupId(3)],
        order: ViewOrder {
            group: None,
            sort: ViewSorted {
                by: ViewColumn::Number,
                descending: false,
            },
        },
    };
    let asked = question.ask(&Seen::everything(), Some(PersonId(9)), (at(0), &TimeZone::UTC))?;
    Ok(asked.known_by_head(head, Some(OrganizationId(4)), Some(&who_is_around())))
}

/// Somebody on the plan `pro` with 12.5 points, of a company that was to be asked again on a day before.
fn who_is_around() -> WhoIsAround {
    let identities = vec![Identity::email("ann@example.com")];
    let mut ann = Person::first_seen(PersonId(30), "Ann", identities, at(99));
    ann.user_fields = [
        ("plan".to_owned(), "pro".to_owned()),
        ("points".to_owned(), "12.5".to_owned()),
    ]
    .into();
    let mut acme = Organization::new(OrganizationId(4), "Acme", at(99));
    acme.organization_fields = [("ask_again".to_owned(), "2027-01-10".to_owned())].into();
    acme.tier = Some("Gold".to_owned());
    WhoIsAround {
        requester: Some(person_document(&ann)),
        organization: Some(organization_document(&acme)),
    }
}

fn check(yes: &[(&str, &str, &str)], expected: bool) {
    for (field, operator, value) in yes {
        let known = holds(&ticket(), condition(field, operator, value));
        assert_eq!(known, Ok(Some(expected)), "{field} {operator} {value:?}");
    }
}

#[test]
fn conditions_mean_what_their_words_say() {
    check(
        &[
            ("status", "is", "pending"),
            ("status", "less_than", "solved"),
            ("status", "greater_than", "open"),
            ("priority", "greater_than", "normal"),
            ("priority", "is_not", ""),
            ("type", "is", "incident"),
            ("group_id", "is", "2"),
            ("group_id", "is", "current_groups"),
            ("assignee_id", "is", ""),
            ("assignee_id", "is_not", "current_user"),
            ("requester_id", "is", "30"),
            ("organization_id", "is", "4"),
            ("current_tags", "includes", "none vip"),
            ("current_tags", "not_includes", "silver"),
            ("via_id", "is", "4"),
            ("via_id", "is", "mail"),
            ("recipient", "is", "Support@in.example.com"),
            ("NEW", "greater_than", "29"),
            ("NEW", "is", "30"),
            ("updated_at", "less_than", "6"),
        ],
        true,
    );
    check(
        &[
            ("status", "is_not", "pending"),
            ("status", "less_than", "pending"),
            ("priority", "less_than", "high"),
            ("priority", "is", ""),
            ("group_id", "is_not", "2"),
            ("group_id", "is", ""),
            ("assignee_id", "is", "current_user"),
            ("organization_id", "is", ""),
            ("current_tags", "includes", "silver"),
            ("current_tags", "not_includes", "silver vip"),
            ("via_id", "is", "web_form"),
            ("NEW", "greater_than", "30"),
            ("NEW", "is", "29"),
            ("updated_at", "less_than", "5"),
            ("SOLVED", "less_than", "500"),
        ],
        false,
    );
}

#[test]
fn what_is_without_priority_is_less_than_nothing() {
    let mut head = ticket();
    head.priority = None;
    for (operator, value) in [("less_than", "urgent"), ("greater_than", "low"), ("is", "low")] {
        assert_eq!(
            holds(&head, condition("priority", operator, value)),
            Ok(Some(false))
        );
    }
    assert_eq!(holds(&head, condition("priority", "is", "")), Ok(Some(true)));
}

#[test]
fn what_sleeps_is_told_from_what_is_awake() {
    let (sleeps, awake) = (
        condition("snoozed_until", "present", ""),
        condition("snoozed_until", "not_present", ""),
    );
    let mut head = ticket();
    assert_eq!(holds(&head, sleeps.clone()), Ok(Some(false)));
    assert_eq!(holds(&head, awake.clone()), Ok(Some(true)));
    head.snoozed_until = Some(at(-3));
    assert_eq!(holds(&head, sleeps), Ok(Some(true)));
    assert_eq!(holds(&head, awake), Ok(Some(false)));
}

#[test]
fn words_of_comments_are_the_matter_of_the_index() {
    let words = condition("description_includes_word", "includes", "lamp glow");
    assert_eq!(holds(&ticket(), words), Ok(None));
}

#[test]
fn what_can_not_be_answered_is_refused_at_its_part() {
    for (field, operator, value, part) in [
        ("PENDING", "is", "3", WrongPart::Field),
        ("brand", "is", "3", WrongPart::Field),
        ("brand_id", "is", "3", WrongPart::Value),
        ("requester_role", "is", "boss", WrongPart::Value),
        ("satisfaction_score", "is", "good_with_comment", WrongPart::Value),
        ("custom_fields_7", "less_than", "many", WrongPart::Value),
        ("custom_fields_7", "within_next_n_days", "-1", WrongPart::Value),
        ("custom_fields_7", "changed", "1", WrongPart::Operator),
        ("requester.custom_fields.", "is", "1", WrongPart::Field),
        ("status", "before", "open", WrongPart::Operator),
        ("group_id", "less_than", "2", WrongPart::Operator),
        ("NEW", "is_business_hours", "2", WrongPart::Operator),
        ("snoozed_until", "less_than", "2", WrongPart::Operator),
        ("status", "is", "lost", WrongPart::Value),
        ("status", "is", "", WrongPart::Value),
        ("assignee_id", "is", "somebody", WrongPart::Value),
        ("NEW", "is", "-1", WrongPart::Value),
        ("NEW", "is", "99999999999999999999", WrongPart::Value),
        ("subject_includes_word", "includes", "!!", WrongPart::Value),
        ("via_id", "is", "99", WrongPart::Value),
    ] {
        let refused = check_condition(&condition(field, operator, value));
        assert_eq!(
            refused.map_err(|wrong| wrong.part),
            Err(part),
            "{field} {operator} {value}"
        );
    }
}

#[test]
fn every_column_has_a_name_by_which_it_is_found() {
    for name in ViewColumn::names() {
        assert!(ViewColumn::named(name).is_some(), "{name}");
    }
    // Zendesk has no order by these either ("Views", "Execution", November 2026).
    for none in ["subject", "submitter", "assigned"] {
        assert_eq!(ViewColumn::named(none), None);
    }
}

#[test]
fn what_the_operator_defined_is_compared_by_its_values() {
    let mut head = ticket();
    head.fields = [
        ("1000001".to_owned(), "pro".to_owned()),
        ("1000002".to_owned(), "red_apple pear".to_owned()),
        ("1000003".to_owned(), "true".to_owned()),
    ]
    .into();
    (head.form, head.custom_status) = (Some(8), Some(1_000_009));
    for (field, operator, value, expected) in [
        ("custom_fields_1000001", "is", "pro", true),
        ("custom_fields_1000001", "is_not", "pro", false),
        ("custom_fields_1000001", "is", "free", false),
        ("custom_fields_1000002", "includes", "red_apple", true),
        ("custom_fields_1000002", "not_includes", "apple", true),
        ("custom_fields_1000003", "is", "true", true),
        ("custom_fields_1000004", "is", "false", true),
        ("custom_fields_1000004", "present", "", false),
        ("custom_fields_1000001", "present", "", true),
        ("ticket_form_id", "is", "8", true),
        ("custom_status_id", "is_not", "1000009", false),
        ("ticket_form_id", "not_present", "", false),
    ] {
        let known = holds(&head, condition(field, operator, value));
        assert_eq!(known, Ok(Some(expected)), "{field} {operator} {value:?}");
    }
    assert!(holds(&head, condition("custom_fields_x", "is", "1")).is_err());
}

#[test]
fn numbers_and_days_are_compared_as_what_they_are() {
    // Now it is 2027-01-15T08:00:00Z.
    let mut head = ticket();
    head.fields = [
        ("1000001".to_owned(), "-12.5".to_owned()),
        ("1000002".to_owned(), "9".to_owned()),
        ("1000003".to_owned(), "2027-01-15".to_owned()),
    ]
    .into();
    for (field, operator, value, expected) in [
        ("custom_fields_1000001", "less_than", "-12.4", true),
        ("custom_fields_1000001", "less_than", "-12.50", false),
        ("custom_fields_1000001", "less_than_equal", "-12.50", true),
        ("custom_fields_1000002", "less_than", "10", true),
        ("custom_fields_1000002", "greater_than", "10", false),
        ("custom_fields_1000002", "greater_than_equal", "9", true),
        ("custom_fields_1000002", "greater_than", "-10", true),
        ("custom_fields_1000003", "less_than", "2027-01-16", true),
        ("custom_fields_1000003", "less_than", "2027-01-15", false),
        ("custom_fields_1000003", "greater_than_equal", "2027-01-15", true),
        ("custom_fields_1000003", "within_previous_n_days", "1", true),
        ("custom_fields_1000003", "within_previous_n_days", "0", false),
        ("custom_fields_1000003", "within_next_n_days", "30", false),
        // What has no value is neither before nor behind.
        ("custom_fields_1000004", "less_than", "10", false),
        ("custom_fields_1000004", "greater_than", "10", false),
    ] {
        let known = holds(&head, condition(field, operator, value));
        assert_eq!(known, Ok(Some(expected)), "{field} {operator} {value:?}");
    }
    for (day, days, expected) in [
        ("2027-01-16", "1", true),
        ("2027-01-17", "1", false),
        ("2027-01-17", "2", true),
    ] {
        head.fields.insert("1000003".to_owned(), day.to_owned());
        let known = holds(
            &head,
            condition("custom_fields_1000003", "within_next_n_days", days),
        );
        assert_eq!(known, Ok(Some(expected)), "{day} {days}");
    }
}

#[test]
fn days_begin_where_the_one_who_looks_is() {
    let mut head = ticket();
    head.fields = [("1000003".to_owned(), "2027-01-16".to_owned())].into();
    let question = ViewQuestion {
        all: vec![condition("custom_fields_1000003", "within_previous_n_days", "1")],
        any: vec![],
        groups: vec![],
        order: ViewOrder {
            group: None,
            sort: ViewSorted {
                by: ViewColumn::Number,
                descending: false,
            },
        },
    };
    // Where it is 2027-01-15T08:00:00Z in Greenwich it is tomorrow in Kiritimati, 14 hours ahead, from ten on.
    let later = Timestamp::from_second(NOW + 3 * 3_600).unwrap();
    for (hours, expected) in [(0, false), (14, true)] {
        let zone = TimeZone::fixed(jiff::tz::offset(hours));
        let asked = question.ask(&Seen::everything(), None, (later, &zone)).unwrap();
        assert_eq!(asked.known_by_head(&head, None, None), Some(expected), "{hours}");
    }
}

#[test]
fn who_asks_and_their_organization_are_asked_for_their_own_fields() {
    for (field, operator, value, expected) in [
        ("requester.custom_fields.plan", "is", "pro", true),
        ("requester.custom_fields.plan", "is_not", "pro", false),
        ("requester.custom_fields.plan", "present", "", true),
        ("requester.custom_fields.points", "greater_than", "12", true),
        ("requester.custom_fields.points", "less_than", "12", false),
        ("requester.custom_fields.ask_again", "present", "", false),
        ("requester.custom_fields.ask_again", "not_present", "", true),
        (
            "organization.custom_fields.ask_again",
            "within_previous_n_days",
            "6",
            true,
        ),
        (
            "organization.custom_fields.ask_again",
            "within_previous_n_days",
            "5",
            false,
        ),
        ("organization.custom_fields.tier", "is", "gold", true),
        ("organization.custom_fields.tier", "not_present", "", false),
        ("requester.custom_fields.tier", "present", "", false),
        ("requester_role", "is", "end_user", true),
        ("requester_role", "is", "end-user", true),
        ("requester_role", "is", "agent", false),
        ("requester.custom_fields.vip", "is", "false", true),
        ("requester.custom_fields.plan", "is", "", false),
        ("requester.custom_fields.vip", "is", "", true),
    ] {
        let known = holds(&ticket(), condition(field, operator, value));
        assert_eq!(known, Ok(Some(expected)), "{field} {operator} {value:?}");
    }
}

/// Whether tickets are told by whoever lacks something: they may be as many as there are customers.
fn names_who_lacks(matcher: &Matcher) -> bool {
    let is_negation = |inner: &Matcher| match inner {
        Matcher::Or(parts) | Matcher::And(parts) => parts.iter().any(|part| matches!(part, Matcher::Not(_))),
        Matcher::Not(_) => true,
        inner => *inner == Matcher::Keyword(crate::keyword::role(Role::EndUser)),
    };
    match matcher {
        Matcher::Around(_, inner) => is_negation(inner),
        Matcher::Or(parts) | Matcher::And(parts) => parts.iter().any(names_who_lacks),
        Matcher::Not(inner) | Matcher::Weighted(_, inner) => names_who_lacks(inner),
        _ => false,
    }
}

#[test]
fn who_lacks_something_is_not_named_one_by_one() {
    let asker = ViewAsker {
        me: None,
        groups: &[],
        now: at(0),
        zone: &TimeZone::UTC,
    };
    for (field, operator, value) in [
        ("requester.custom_fields.vip", "is", "false"),
        ("requester.custom_fields.vip", "is_not", "false"),
        ("requester.custom_fields.plan", "is", ""),
        ("requester.custom_fields.plan", "not_present", ""),
        ("requester_role", "is", "end_user"),
        ("requester_role", "is_not", "agent"),
        ("organization.custom_fields.plan", "is_not", "pro"),
    ] {
        let matcher = condition::matcher(&condition(field, operator, value), &asker).unwrap();
        assert!(
            matcher.looks_around() && !names_who_lacks(&matcher),
            "{field} {operator}: {matcher:?}"
        );
    }
    // One value beside none: each as it is alone.
    let mut either = condition("requester.custom_fields.plan", "is", "");
    either.value = ViewValue::Many(vec![String::new(), "pro".to_owned()]);
    assert_eq!(holds(&ticket(), either), Ok(Some(true)));
}

#[test]
fn who_is_not_known_leaves_it_open_and_who_is_not_there_has_no_value() {
    let question = |operator: &str| ViewQuestion {
        all: vec![condition("organization.custom_fields.plan", operator, "pro")],
        any: vec![],
        groups: vec![],
        order: ViewOrder {
            group: None,
            sort: ViewSorted {
                by: ViewColumn::Number,
                descending: false,
            },
        },
    };
    let ask = |operator: &str| {
        let asked = question(operator).ask(&Seen::everything(), None, (at(0), &TimeZone::UTC));
        asked.unwrap()
    };
    assert!(ask("is").looks_around());
    assert_eq!(ask("is").known_by_head(&ticket(), None, None), None);
    let nobody = WhoIsAround::default();
    assert_eq!(
        ask("is").known_by_head(&ticket(), None, Some(&nobody)),
        Some(false)
    );
    assert_eq!(
        ask("is_not").known_by_head(&ticket(), None, Some(&nobody)),
        Some(true)
    );
}

#[test]
fn what_a_ticket_says_of_its_due_date_and_of_the_rating_is_asked_for() {
    let mut head = ticket();
    head.ticket_type = Some(TicketType::Task);
    head.due_at = Some(at(3));
    head.satisfaction = Some(Satisfaction {
        score: Score::Good,
        reason: None,
        v: 9,
        at: at(1),
    });
    for (field, operator, value, expected) in [
        ("due_date", "is", "3", true),
        ("due_date", "greater_than", "3", false),
        ("until_due_date", "less_than", "99", false),
        ("satisfaction_score", "is", "good", true),
        ("satisfaction_score", "is", "bad", false),
        ("satisfaction_score", "is_not", "unoffered", true),
        ("brand_id", "is", "1", true),
        ("brand_id", "is_not", "1", false),
    ] {
        let known = holds(&head, condition(field, operator, value));
        assert_eq!(known, Ok(Some(expected)), "{field} {operator} {value:?}");
    }
    // Nothing else has a due date, whatever was said of it.
    head.ticket_type = Some(TicketType::Incident);
    assert_eq!(holds(&head, condition("due_date", "is", "3")), Ok(Some(false)));
}

#[test]
fn every_ticket_is_in_a_status_of_every_desk_or_of_the_operator() {
    let mut head = ticket();
    (head.status, head.custom_status) = (Status::Open, None);
    let id = |status| CustomStatus::of_every_desk(status).to_string();
    let check = |head: &Ticket, operator, value: &str, expected| {
        let known = holds(head, condition("custom_status_id", operator, value));
        assert_eq!(known, Ok(Some(expected)), "{operator} {value:?}");
    };
    check(&head, "is", &id(Status::Open), true);
    check(&head, "is_not", &id(Status::Open), false);
    check(&head, "is", &id(Status::Pending), false);
    check(&head, "is", "", false);
    check(&head, "present", "", true);
    check(&head, "not_present", "", false);
    head.custom_status = Some(1_000_009);
    check(&head, "is", &id(Status::Open), false);
    check(&head, "is", "1000009", true);
    // It is closed, whatever it comes back to.
    head.status = Status::Closed;
    head.merged_into = Some(MergedInto {
        ticket: TicketNumber(99),
        v: 3,
        status: Status::Open,
    });
    check(&head, "is", "1000009", false);
    check(&head, "is", &id(Status::Closed), true);
}
