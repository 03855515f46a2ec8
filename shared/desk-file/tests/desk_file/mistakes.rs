//! What is wrong with a file is told with line, column, path, and what would be right.

use super::{book, outcome};
use docket_domain::sla::Book;

/// What is told of a file, one line a mistake.
fn told(text: &str) -> Vec<String> {
    let problems = outcome(text, &Book::default()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(told(text), [expected]);
}

/// A file with one calendar, whose lines are these, from line 4 and column 5.
fn calendar(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!(
        "calendars:\n  office:\n    zone: Europe/Berlin\n{}",
        lines.concat()
    )
}

/// A file with one policy, whose lines are these, from line 3 and column 5.
fn policy(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("sla_policies:\n  - name: Gold\n{}", lines.concat())
}

#[test]
fn a_key_that_is_none_is_told_the_nearest_one() {
    check(
        "calenders: {}\n",
        "1:1: calenders: there is no section `calenders`; did you mean `calendars`?",
    );
    check(
        &calendar(&["hours: {mon: '09:00-17:00'}", "holiday: []"]),
        "5:5: calendars.office.holiday: there is no key `holiday` here; did you mean `holidays`?",
    );
    check(
        &policy(&["targets:", "  first_response: {within: 4h}"]),
        "4:7: sla_policies[0].targets.first_response: there is no key `first_response` here; there are: first_reply, \
         next_reply, periodic_update, resolution",
    );
}

#[test]
fn every_part_is_read_though_another_has_a_mistake() {
    let text = "calendars:\n  a: {zone: UTC}\n  b: {hours: {}}\nsla_policies:\n  - nam: x\n  - name: y\n    hours: [1]\n\
                timers: {close_after: 4}\n";
    assert_eq!(
        told(text),
        [
            "2:6: calendars.a: the key `hours` is missing",
            "3:6: calendars.b: the key `zone` is missing",
            "5:5: sla_policies[0].nam: there is no key `nam` here; did you mean `name`?",
            "7:12: sla_policies[1].hours: expected a text, found a list",
            "8:23: timers.close_after: 4 has no unit; write 4m, 4h or 4d",
        ]
    );
}

#[test]
fn a_section_of_the_wrong_kind_is_told_the_right_one() {
    check(
        "calendars: [a]\n",
        "1:12: `calendars` is a map of names; write `calendars: {}` for none",
    );
    check(
        "sla_policies:\n",
        "1:1: `sla_policies` is a list; write `sla_policies: []` for none",
    );
    check(
        "- a\n",
        "1:1: the file is a map of sections: calendars, sla_policies, timers, skills, channel_weights, routing, triggers, automations, macros, templates, agents, groups, mailboxes, channels",
    );
}

#[test]
fn values_of_calendars_are_checked_where_they_stand() {
    check(
        &calendar(&["hours: {mon: 9-17}"]),
        "4:18: calendars.office.hours.mon: \"9\" is not a time from 00:00 to 48:00, such as 09:30",
    );
    check(
        &calendar(&["hours: {mo: '09:00-17:00'}"]),
        "4:13: calendars.office.hours.mo: \"mo\" is no day; write mon, tue, wed, thu, fri, sat, sun, or several such \
         as mon-fri",
    );
    check(
        &calendar(&["hours: {mon-fri: '09:00-17:00', fri: '09:00-12:00'}"]),
        "4:12: calendars.office.hours: fri stands in `mon-fri` and in `fri`; name each day once",
    );
    check(
        &calendar(&["hours: {}"]),
        "4:12: calendars.office.hours: the week has no opening hours",
    );
    check(
        &calendar(&["hours: {mon: ['09:00-12:00', '11:00-13:00']}"]),
        "4:12: calendars.office.hours: Monday 09:00–12:00 overlaps Monday 11:00–13:00",
    );
    check(
        &calendar(&["hours: {mon: '09:00-17:00'}", "holidays:", "  - 13-25"]),
        "6:9: calendars.office.holidays[0]: \"13-25\" is neither a date such as 2026-12-24 nor a day of every year \
         such as 12-25",
    );
    check(
        &calendar(&[
            "hours: {mon: '09:00-17:00'}",
            "holidays:",
            "  - 12-25",
            "  - {date: 12-25, name: X}",
        ]),
        "7:9: calendars.office.holidays[1]: 12-25 stands twice among the holidays",
    );
    check(
        &calendar(&["hours: {mon: '09:00-17:00'}", "holidays: [{import: other.ics}]"]),
        "5:25: calendars.office.holidays[0].import: \"other.ics\" can't be imported: there is no such file",
    );
    check(
        &calendar(&["hours: {mon: '09:00-17:00'}", "holidays: [{name: X}]"]),
        "5:16: calendars.office.holidays[0]: a holiday has a date and may have a name, or it is an import alone",
    );
    check(
        &calendar(&["hours: {mon: '09:00-17:00'}", "other_hours:", "  31.12.: closed"]),
        "6:7: calendars.office.other_hours.\"31.12.\": \"31.12.\" is no date; write it as 2026-12-31",
    );
    check(
        &calendar(&[
            "hours: {mon: '09:00-17:00'}",
            "other_hours:",
            "  2026-12-31: ['09:00-12:00', '11:00-13:00']",
        ]),
        "6:19: calendars.office.other_hours.2026-12-31: 2026-12-31 09:00–12:00 overlaps 2026-12-31 11:00–13:00",
    );
}

#[test]
fn a_zone_that_is_none_is_told_the_nearest_one() {
    check(
        "calendars:\n  office: {zone: Europe/Berln, hours: {mon: '09:00-17:00'}}\n",
        "2:18: calendars.office.zone: \"Europe/Berln\" is no zone of the IANA time zone database, such as Europe/Berlin; \
         did you mean `Europe/Berlin`?",
    );
}

#[test]
fn a_condition_is_checked_at_its_own_line_and_column() {
    check(
        &policy(&["when: ticket.priority == \"hihg\""]),
        "3:30: sla_policies[0].when: no priority is \"hihg\"; did you mean `high`?",
    );
    check(
        &policy(&["when: |", "  true", "    && ticket.subjcet == \"open\""]),
        "5:19: sla_policies[0].when: `ticket` has no field `subjcet`; did you mean `subject`?",
    );
    // Joined from two lines: the place is that of the text, and the message says where in it.
    check(
        &policy(&["when: true", "  && ticket.priority == \"hihg\""]),
        "3:11: sla_policies[0].when: line 1, column 28: no priority is \"hihg\"; did you mean `high`?",
    );
    check(
        &policy(&["when: ticket.group == \"Suport\""]),
        "3:27: sla_policies[0].when: no group is \"Suport\"; did you mean `Support`?",
    );
}

#[test]
fn a_policy_does_not_depend_on_what_passes_by_itself() {
    check(
        &policy(&["when: ticket.status == \"open\""]),
        "3:11: sla_policies[0].when: ticket.status can't decide which policy holds: what is promised must not change \
         because time passes or work goes on",
    );
}

#[test]
fn what_a_policy_names_must_be_there() {
    check(
        &policy(&["hours: ofice"]),
        "3:12: sla_policies[0].hours: no calendar is called \"ofice\"; there are: round_the_clock",
    );
    let notify = |whom: &str| {
        let escalation = format!("first_reply: {{within: 1h, escalations: [{{actions: [{whom}]}}]}}");
        policy(&["targets:", &format!("  {escalation}")])
    };
    let path = "sla_policies[0].targets.first_reply.escalations[0].actions[0]";
    assert!(told(&notify("{move_to_group: Salse}"))[0].ends_with(&format!(
        "{path}.move_to_group: the desk has no group \"Salse\"; did you mean `Sales`?"
    )));
    assert!(
        told(&notify("{notify: {agent: eve@x.example}}"))[0].ends_with(&format!(
            "{path}.notify.agent: the desk has no agent with the address \"eve@x.example\""
        ))
    );
    assert!(told(&notify("{notify: asignee}"))[0].ends_with(&format!(
        "{path}.notify: `asignee` is none of the words that can stand here; did you mean `assignee`?"
    )));
}

#[test]
fn values_of_policies_are_checked_where_they_stand() {
    let reply = |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| format!("    {line}")).collect();
        let head = ["targets:", "  first_reply:"];
        policy(
            &head
                .into_iter()
                .chain(lines.iter().map(String::as_str))
                .collect::<Vec<_>>(),
        )
    };
    let path = "sla_policies[0].targets.first_reply";
    check(
        &reply(&["within: {}"]),
        &format!("5:17: {path}.within: there is no duration; name one for at least one priority"),
    );
    check(
        &reply(&["within: 4"]),
        &format!("5:17: {path}.within: 4 has no unit; write 4m, 4h or 4d"),
    );
    check(
        &reply(&["within: {normal: 400d}"]),
        &format!("5:26: {path}.within.normal: a second (1s) to 366 days (366d) is allowed"),
    );
    check(
        &reply(&["within: {normal: 1h}", "warn: [80%, 2h]"]),
        &format!(
            "6:21: {path}.warn[1]: a warning so long before does not fit into the shortest duration, 1h"
        ),
    );
    check(
        &reply(&["within: 1h", "warn: [100%]"]),
        &format!("6:16: {path}.warn[0]: \"100%\" is no share from 1% to 99%"),
    );
    check(
        &reply(&["within: 1h", "warn: [80%, 80%]"]),
        &format!("5:9: {path}: two warnings or two escalations come at the same moment"),
    );
    check(
        &policy(&["pauses_in: [solved]"]),
        "3:17: sla_policies[0].pauses_in[0]: `solved` is none of the words that can stand here; there are: new, open, \
         pending, hold",
    );
    check(
        "sla_policies:\n  - name: A\n  - name: A\n",
        "3:11: sla_policies[1].name: sla_policies[0] is called \"A\", too",
    );
}

#[test]
fn timers_are_a_minute_to_a_year() {
    check(
        "timers: {close_after: 30s}",
        "1:23: timers.close_after: a minute (1m) to a year (365d) is allowed",
    );
    check(
        "timers: {solve_after: 366d}",
        "1:23: timers.solve_after: a minute (1m) to a year (365d) is allowed",
    );
    check(
        "timers: {close_after: never}",
        "1:23: timers.close_after: \"never\" is no duration; write 30m, 4h, 2d or 1h30m",
    );
    check(
        "timers: {most_reminders: 11}",
        "1:26: timers.most_reminders: most_reminders: 11, at most 10 are allowed",
    );
}

#[test]
fn a_calendar_that_a_policy_of_the_desk_needs_can_not_be_left_out() {
    let base = book(
        "calendars: {office: {zone: UTC, hours: {mon: '09:00-17:00'}}}\nsla_policies: [{name: Gold, hours: office}]",
    );
    let problems = outcome("calendars: {}", &base).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "1:12: calendars: the policy \"Gold\" of the desk counts by a calendar that is not among these"
    );
}

#[test]
fn a_policy_of_a_calendar_with_a_mistake_does_not_count_as_another_mistake() {
    check(
        "calendars: {office: {zone: Nowhere, hours: {mon: '09:00-17:00'}}}\nsla_policies: [{name: Gold, hours: office}]",
        "1:28: calendars.office.zone: \"Nowhere\" is no zone of the IANA time zone database, such as Europe/Berlin",
    );
}

#[test]
fn no_calendar_is_called_round_the_clock() {
    let text = "calendars: {round_the_clock: {zone: UTC, hours: {mon: '09:00-17:00'}}}";
    assert!(
        told(text)[0].contains("no calendar can be called round_the_clock"),
        "{:?}",
        told(text)
    );
}
