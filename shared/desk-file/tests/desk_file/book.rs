//! What a file means.

use super::{book, outcome};
use docket_domain::{
    CalendarId, GroupId, PersonId, PolicyId,
    calendar::{Day, Holiday, HolidayDate},
    sla::{Action, Book, Escalation, Hours, Metric, Policy, Recipient, TimerRules, Warning},
    ticket::{Priority, Status},
};

fn hours(text: &str) -> Vec<String> {
    let book = book(&format!(
        "calendars:\n  office:\n    zone: Europe/Berlin\n    hours: {text}\n"
    ));
    let week = &book.calendars[0].draft().week;
    week.iter()
        .map(|w| format!("{:?} {} {}", w.day, w.span.start, w.span.end))
        .collect()
}

#[test]
fn days_in_a_row_have_the_hours_each() {
    assert_eq!(
        hours("{mon-tue: '09:00-17:00', sat: ['08:00-10:00', '22:00-02:00']}"),
        [
            "Monday 09:00 17:00",
            "Tuesday 09:00 17:00",
            "Saturday 08:00 10:00",
            "Saturday 22:00 26:00"
        ]
    );
    assert_eq!(hours("{mon: '00:00-24:00', tue: closed}"), ["Monday 00:00 24:00"]);
}

fn holiday(date: &str, name: &str) -> Holiday {
    Holiday {
        date: date.parse::<HolidayDate>().unwrap(),
        name: name.to_owned(),
    }
}

#[test]
fn holidays_are_written_or_imported_and_what_is_written_wins() {
    let text = "calendars:\n  office:\n    zone: Europe/Berlin\n    hours: {mon: '09:00-17:00'}\n    holidays:\n\
                \x20     - 12-25\n      - {date: 2026-12-24, name: Closed early}\n      - import: holidays.ics\n";
    let outcome = outcome(text, &Book::default()).unwrap();
    assert_eq!(
        outcome.book.calendars[0].draft().holidays,
        [
            holiday("2026-12-24", "Closed early"),
            holiday("2026-12-31", "Sylvester"),
            holiday("12-25", "Holiday"),
        ]
    );
    let notes: Vec<String> = outcome.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        ["calendars.office.holidays[2].import: holidays.ics has 2 holidays"]
    );
}

#[test]
fn what_is_not_taken_of_an_imported_file_is_told_with_its_line() {
    let text = "calendars:\n  office:\n    zone: Europe/Berlin\n    hours: {mon: '09:00-17:00'}\n    holidays:\n\
                \x20     - import: rules.ics\n";
    let outcome = outcome(text, &Book::default()).unwrap();
    let holidays = &outcome.book.calendars[0].draft().holidays;
    assert_eq!(
        holidays[..2],
        [
            holiday("2026-05-25", "Memorial Day"),
            holiday("2027-05-31", "Memorial Day")
        ]
    );
    let notes: Vec<String> = outcome.notes.iter().map(ToString::to_string).collect();
    let told = [
        "rules.ics has 21 holidays",
        "rules.ics:8: Talk is left out: DTSTART \"20260501T090000\" is not a whole day",
        "rules.ics:2: Memorial Day is taken in part: its days are taken for the years 2024 to 2046",
    ];
    assert_eq!(
        notes,
        told.map(|note| format!("calendars.office.holidays[0].import: {note}"))
    );
}

#[test]
fn a_date_with_other_hours_is_open_then_or_closed() {
    let book = book(
        "calendars:\n  office:\n    zone: Europe/Berlin\n    hours: {mon: '09:00-17:00'}\n    other_hours:\n      \
         2026-12-28: '10:00-12:00'\n      2027-01-04: closed\n",
    );
    let open = |date: &str| book.calendars[0].hours_of(date.parse().unwrap()).len();
    assert_eq!(
        (open("2026-12-21"), open("2026-12-28"), open("2027-01-04")),
        (1, 1, 0)
    );
    assert_eq!(
        book.calendars[0].hours_of("2026-12-28".parse().unwrap())[0]
            .end
            .to_string(),
        "12:00"
    );
    assert_eq!(book.calendars[0].draft().week[0].day, Day::Monday);
}

#[test]
fn a_policy_has_what_is_written_and_names_become_ids() {
    let book = book(
        "calendars:\n  office: {zone: Europe/Berlin, hours: {mon: '09:00-17:00'}}\nsla_policies:\n  - name: Gold\n    \
         when: requester.tier == \"gold\"\n    hours: office\n    pauses_in: [hold]\n    targets:\n      first_reply:\n\
         \x20       within: {urgent: 30m, normal: 4h}\n        warn: [80%, 10m]\n        escalations:\n          - actions: \
         [{notify: assignee}, {raise_priority: urgent}]\n          - {after: 1h30m, actions: [{notify: {group: Sales}}, \
         {notify: {agent: Admin@docket.local}}, {move_to_group: Support}, {add_tag: late}, {call_webhook: \"https://pager.example/docket\"}]}\n",
    );
    let policy = &book.policies[0];
    assert_eq!(
        (policy.id, policy.position, policy.title.as_str()),
        (PolicyId(1), 1, "Gold")
    );
    assert_eq!(policy.condition, "requester.tier == \"gold\"");
    assert_eq!(policy.hours, Hours::Calendar(CalendarId(1)));
    assert_eq!(policy.pausing, [Status::Hold]);
    let promise = policy.promise(Metric::FirstReply).unwrap();
    assert_eq!(
        promise.target_seconds,
        [(Priority::Urgent, 1800), (Priority::Normal, 14_400)].into()
    );
    assert_eq!(
        promise.warnings,
        [Warning::Percent(80), Warning::SecondsBefore(600)]
    );
    let at_breach = vec![
        Action::Notify(Recipient::Assignee),
        Action::RaisePriority(Priority::Urgent),
    ];
    let later = vec![
        Action::Notify(Recipient::Group(GroupId(2))),
        Action::Notify(Recipient::Agent(PersonId(1))),
        Action::MoveToGroup(GroupId(1)),
        Action::AddTag("late".to_owned()),
        Action::CallWebhook("https://pager.example/docket".to_owned()),
    ];
    assert_eq!(
        promise.escalations,
        [
            Escalation {
                after_seconds: 0,
                actions: at_breach
            },
            Escalation {
                after_seconds: 5400,
                actions: later
            },
        ]
    );
}

#[test]
fn a_policy_that_says_little_holds_always_and_pauses_while_others_are_waited_for() {
    let book = book("sla_policies: [{name: All, targets: {resolution: {within: 5d}}}]");
    let policy = &book.policies[0];
    assert_eq!(
        (policy.condition.as_str(), policy.hours),
        ("true", Hours::RoundTheClock)
    );
    assert_eq!(policy.pausing, [Status::Pending, Status::Hold]);
    let targets = &policy.promise(Metric::Resolution).unwrap().target_seconds;
    assert_eq!(targets.values().collect::<Vec<_>>(), [&432_000; 4]);
}

#[test]
fn timers_that_are_left_out_are_those_of_a_new_desk() {
    let rules = book("timers: {remind_after: 2d}").timers;
    assert_eq!(
        rules,
        TimerRules {
            remind_after_seconds: Some(172_800),
            ..TimerRules::default()
        }
    );
    let rules =
        book("timers: {remind_after: never, solve_after: 7d, most_reminders: 3, close_after: 1d}").timers;
    let expected = TimerRules {
        remind_after_seconds: None,
        most_reminders: 3,
        solve_after_seconds: Some(604_800),
        close_after_seconds: 86_400,
    };
    assert_eq!(rules, expected);
}

#[test]
fn a_section_that_is_left_out_stays_and_one_that_is_empty_goes() {
    let base = book("sla_policies: [{name: All}]\ntimers: {close_after: 1d}");
    let kept = outcome("timers: {close_after: 2d}", &base).unwrap().book;
    assert_eq!(kept.policies, base.policies);
    let emptied = outcome("sla_policies: []", &base).unwrap().book;
    assert_eq!((emptied.policies, emptied.timers), (vec![], base.timers));
    assert_eq!(outcome("", &base).unwrap().book, base);
}

/// Ids and positions, by title.
fn places(book: &Book) -> Vec<(&str, u64, u32)> {
    let places = book
        .policies
        .iter()
        .map(|policy| (policy.title.as_str(), policy.id.0, policy.position));
    places.collect()
}

#[test]
fn what_keeps_its_name_keeps_its_id_and_no_id_is_given_twice() {
    let first = book("sla_policies: [{name: A}, {name: B}]");
    assert_eq!(places(&first), [("A", 1, 1), ("B", 2, 2)]);
    let second = outcome("sla_policies: [{name: C}, {name: A}]", &first)
        .unwrap()
        .book;
    assert_eq!(places(&second), [("C", 3, 1), ("A", 1, 2)]);
    let third = outcome("sla_policies: [{name: B}]", &second).unwrap().book;
    assert_eq!(places(&third), [("B", 4, 1)]);
    assert_eq!(third.last_policy_id, 4);

    let calendar =
        |name: &str| format!("calendars: {{{name}: {{zone: UTC, hours: {{mon: '09:00-17:00'}}}}}}");
    let first = book(&calendar("b"));
    let second = outcome(&calendar("a"), &first).unwrap().book;
    assert_eq!(
        (first.calendars[0].id(), second.calendars[0].id()),
        (CalendarId(1), CalendarId(2))
    );
    let emptied = outcome("calendars: {}", &second).unwrap().book;
    assert_eq!(
        outcome(&calendar("a"), &emptied).unwrap().book.calendars[0].id(),
        CalendarId(3)
    );
}

#[test]
fn positions_stay_while_the_order_does() {
    let mut base = book("sla_policies: [{name: A}, {name: B}]");
    let moved = base.policies.iter().map(|policy| {
        let mut draft = docket_domain::sla::PolicyDraft::from(policy.clone());
        draft.position *= 10;
        Policy::new(draft).unwrap()
    });
    base.policies = moved.collect();
    let same = outcome("sla_policies: [{name: A}, {name: B}]", &base)
        .unwrap()
        .book;
    assert_eq!(same, base);
    let between = outcome("sla_policies: [{name: A}, {name: X}, {name: B}]", &base)
        .unwrap()
        .book;
    assert_eq!(places(&between), [("A", 1, 10), ("X", 3, 11), ("B", 2, 20)]);
}

#[test]
fn what_says_the_same_in_another_order_is_what_stands() {
    let base = book(
        "calendars: {office: {zone: UTC, hours: {mon-tue: ['09:00-12:00', '13:00-17:00']}, holidays: [12-25, 12-26]}}\n\
         sla_policies: [{name: A, pauses_in: [pending, hold], targets: {resolution: {within: 4h, warn: [50%, 10m], \
         escalations: [{actions: [{add_tag: late}]}, {after: 1h, actions: [{add_tag: later}]}]}}}]",
    );
    let turned = outcome(
        "calendars: {office: {zone: utc, hours: {tue: ['13:00-17:00', '09:00-12:00'], mon: ['13:00-17:00', '09:00-12:00']}, \
         holidays: [12-26, 12-25]}}\nsla_policies: [{name: A, pauses_in: [hold, pending], targets: {resolution: {within: \
         {low: 4h, normal: 4h, high: 4h, urgent: 240m}, warn: [10m, 50%], escalations: [{after: 60m, actions: [{add_tag: \
         later}]}, {after: 0m, actions: [{add_tag: late}]}]}}}]",
        &base,
    );
    assert_eq!(turned.unwrap().book, base);
    let same = outcome("sla_policies: [{name: A, pauses_in: [hold]}]", &base)
        .unwrap()
        .book;
    assert_ne!(same.policies, base.policies);
}

#[test]
fn the_number_of_what_goes_is_kept_though_nobody_had_noted_it() {
    let mut base =
        book("calendars: {a: {zone: UTC, hours: {mon: '09:00-17:00'}}}\nsla_policies: [{name: A}]");
    (base.last_policy_id, base.last_calendar_id) = (0, 0);
    let emptied = outcome("calendars: {}\nsla_policies: []", &base).unwrap().book;
    assert_eq!((emptied.last_policy_id, emptied.last_calendar_id), (1, 1));
}

#[test]
fn without_the_names_of_a_desk_groups_and_agents_may_be_called_anything() {
    let text = "sla_policies: [{name: A, when: 'ticket.group == \"Nobody\"', targets: {first_reply: {within: 1h, \
                escalations: [{actions: [{move_to_group: Nobody}]}]}}}]";
    let written = docket_desk_file::parse(text).unwrap();
    assert!(written.book(&Book::default(), None, &super::imports).is_ok());
    assert!(
        written
            .book(&Book::default(), Some(&super::names()), &super::imports)
            .is_err()
    );
}

#[test]
fn the_agents_that_a_file_names_are_told() {
    let text = "sla_policies: [{name: A, targets: {resolution: {within: 1h, escalations: [{actions: [{notify: {agent: \
                Ada@x.example}}, {notify: assignee}]}]}}}]";
    let agents = docket_desk_file::parse(text).unwrap().addresses();
    assert_eq!(agents.into_iter().collect::<Vec<_>>(), ["ada@x.example"]);
}
