//! A file becomes a book, the book a file, and that file the same book.

use super::{any_rules::any_rules, book, imports, names, outcome};
use docket_desk_file::{file_of, parse, text_of};
use docket_domain::{
    CalendarId, GroupId, PersonId, PolicyId,
    calendar::{Calendar, CalendarDraft, DateHours, Day, DayTime, Holiday, HolidayDate, Span, WeekSpan},
    rule::RuleAction,
    sla::{
        Action, Book, Escalation, Hours, Metric, Policy, PolicyDraft, Promise, Recipient, TimerRules, Warning,
    },
    ticket::{Priority, Status},
};
use proptest::{collection::vec, prelude::*, sample::subsequence};

fn exported(book: &Book) -> String {
    text_of(&file_of(book, &names()).unwrap()).unwrap()
}

#[test]
fn a_desk_without_configuration_is_written_with_every_section() {
    assert_eq!(
        exported(&Book::default()),
        "calendars: {}\nsla_policies: []\ntimers:\n  remind_after: never\n  most_reminders: 1\n  solve_after: never\n  \
         close_after: 4d\nskills: {}\nchannel_weights: {}\nrouting: []\ntriggers: []\nautomations: []\nmacros: []\ntemplates: {}\n"
    );
}

#[test]
fn a_book_is_written_as_a_person_would() {
    let text = "calendars:\n  office:\n    zone: Europe/Berlin\n    hours:\n      mon-thu: 09:00-17:00\n      fri:\n      \
                - 09:00-12:00\n      - 13:00-15:00\n    holidays:\n    - date: 2026-12-24\n      name: Eve\n    - 12-25\n    \
                other_hours:\n      2026-12-31: closed\nsla_policies:\n- name: Gold\n  when: requester.tier == \"gold\"\n  \
                hours: office\n  pauses_in:\n  - pending\n  targets:\n    first_reply:\n      within: 4h\n      warn:\n      \
                - 80%\n      - 10m\n      escalations:\n      - actions:\n        - notify: assignee\n      - after: 1h30m\n        \
                actions:\n        - notify:\n            group: Sales\n        - raise_priority: urgent\ntimers:\n  \
                remind_after: 2d\n  most_reminders: 1\n  solve_after: never\n  close_after: 4d\nskills: {}\nchannel_weights: {}\nrouting:\n- name: Money\n  \
                when: '\"billing\" in ticket.tags'\n  actions:\n  - set_group: Sales\n  last: true\ntriggers:\n- name: Late\n  \
                actions:\n  - notify:\n      to:\n        group: Sales\n      subject: Late\n      text: |\n        Look at\n        \
                {{ ticket.url }}\n  - set_field:\n      floor: '3'\n  - set_field:\n      room: null\n  budget: 3\n\
                automations:\n- name: Wait\n  after: 2d\n  since: status_changed\n  actions:\n  - set_assignee: nobody\n  - \
                add_tags:\n    - waited\nmacros:\n- name: Take\n  actions:\n  - assign_to_me\n  - set_sla_policy: Gold\n  - \
                reply:\n      template: hello\n  active: false\ntemplates:\n  hello:\n    default_language: en\n    texts:\n      \
                de: Hallo\n      en:\n        subject: Hi\n        text: Hello\n";
    assert_eq!(exported(&book(text)), text);
}

#[test]
fn what_has_no_name_can_not_be_written() {
    let mut book = book(
        "sla_policies: [{name: A, targets: {resolution: {within: 1h, escalations: [{actions: [{move_to_group: Sales}]}]}}}]",
    );
    let nameless = docket_desk_file::DeskNames::default();
    assert_eq!(
        file_of(&book, &nameless).unwrap_err().to_string(),
        "policy \"A\" names group 2, which is not there"
    );
    book.policies.clear();
    assert!(file_of(&book, &nameless).is_ok());
    for (action, expected) in [
        (
            "set_group: Sales",
            "trigger \"T\" names group 2, which is not there",
        ),
        (
            "set_assignee: admin@docket.local",
            "trigger \"T\" names agent 1, who is not there or has no mail address",
        ),
        (
            "add_ccs: [boss@acme.example]",
            "trigger \"T\" names person 7, who is not there or has no mail address",
        ),
        (
            "set_sla_policy: by_condition",
            "trigger \"T\" names an SLA policy that is called by_condition, which is a word of its own there",
        ),
    ] {
        let text = format!(
            "sla_policies: [{{name: by_condition}}]\ntriggers: [{{name: T, actions: [{{{action}}}]}}]"
        );
        let mut book = self::book(&text);
        if let [RuleAction::SetSlaPolicy(policy)] = &mut book.rules.rules[0].actions[..] {
            *policy = Some(PolicyId(1));
        }
        assert_eq!(file_of(&book, &nameless).unwrap_err().to_string(), expected);
    }
}

/// A text that YAML could take for something else.
pub fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z0-9 _:#'\"&*!|>%@`-]{0,12}[a-zA-Z0-9]",
        prop::sample::select(vec![
            "no",
            "true",
            "~",
            "null",
            "12",
            "1e3",
            "24/7",
            "- a",
            "a: b",
            "#x",
            "12:30",
            "[x]",
            "{y}",
            "ü",
            "'",
            "\"",
            "=",
            "<<",
            "0x1f",
            "2026-12-24",
            "|",
            "a\nb",
            "%a",
            "  a",
            "é",
        ])
        .prop_map(str::to_owned),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    (0_u16..1440, 1_u16..=1440).prop_map(|(start, length)| Span {
        start: DayTime::from_minutes(start).unwrap(),
        end: DayTime::from_minutes(start + length).unwrap(),
    })
}

fn calendar(id: u64, name: String) -> impl Strategy<Value = Option<Calendar>> {
    let week = vec((0_usize..7, span()), 1..6);
    let holidays = vec(
        (
            "(20[0-9][0-9]-)?(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
            name_or_holiday(),
        ),
        0..5,
    );
    let dates = vec(
        ("20[0-9][0-9]-0[1-9]-(0[1-9]|1[0-9]|2[0-8])", vec(span(), 0..3)),
        0..4,
    );
    (week, holidays, dates).prop_map(move |(week, holidays, dates)| {
        let draft = CalendarDraft {
            id: CalendarId(id),
            version: 3,
            name: name.clone(),
            zone: "Europe/Berlin".to_owned(),
            week: week
                .into_iter()
                .map(|(day, span)| WeekSpan {
                    day: Day::ALL[day],
                    span,
                })
                .collect(),
            holidays: holidays
                .into_iter()
                .map(|(date, name)| Holiday {
                    date: date.parse::<HolidayDate>().unwrap(),
                    name,
                })
                .collect(),
            dates: dates
                .into_iter()
                .map(|(date, spans)| DateHours {
                    date: date.parse().unwrap(),
                    spans,
                })
                .collect(),
        };
        // What overlaps or stands twice is no calendar.
        Calendar::new(draft).ok()
    })
}

fn name_or_holiday() -> impl Strategy<Value = String> {
    prop_oneof![Just("Holiday".to_owned()), name()]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Notify(Recipient::Assignee)),
        Just(Action::Notify(Recipient::Group(GroupId(2)))),
        Just(Action::Notify(Recipient::Agent(PersonId(1)))),
        prop::sample::select(Priority::ALL.to_vec()).prop_map(Action::RaisePriority),
        Just(Action::MoveToGroup(GroupId(1))),
        name().prop_map(|name| Action::AddTag(name.replace(char::is_whitespace, "-"))),
        "[a-z]{1,20}".prop_map(|path| Action::CallWebhook(format!("https://pager.example/{path}"))),
    ]
}

fn promise() -> impl Strategy<Value = Promise> {
    let targets = subsequence(Priority::ALL.to_vec(), 1..=4)
        .prop_flat_map(|named| vec(3600_i64..400_000, named.len()).prop_map(move |s| (named.clone(), s)))
        .prop_map(|(named, seconds)| named.into_iter().zip(seconds).collect());
    let warnings = subsequence(
        vec![
            Warning::SecondsBefore(60),
            Warning::Percent(50),
            Warning::Percent(99),
            Warning::SecondsBefore(3599),
        ],
        0..=4,
    )
    .prop_shuffle();
    let escalations = subsequence(vec![5400_i64, 0, 61], 0..=3).prop_flat_map(|after| {
        vec(vec(action(), 0..3), after.len()).prop_map(move |actions| {
            let pairs = after.iter().zip(actions);
            pairs
                .map(|(after, actions)| Escalation {
                    after_seconds: *after,
                    actions,
                })
                .collect()
        })
    });
    (targets, warnings, escalations).prop_map(|(target_seconds, warnings, escalations)| Promise {
        metric: Metric::Resolution,
        target_seconds,
        warnings,
        escalations,
    })
}

fn policy(id: u64, title: String) -> impl Strategy<Value = Policy> {
    let statuses = subsequence(
        vec![Status::Hold, Status::New, Status::Pending, Status::Open],
        0..=4,
    )
    .prop_shuffle();
    let condition = prop::sample::select(vec![
        "true",
        "ticket.priority == \"high\"",
        "ticket.subject.contains(\"a: b # c\")\n  || ticket.subject.contains('no')",
        "ticket.subject == \"\\n\"",
    ]);
    let promises = prop::option::of(promise());
    let description = prop::sample::select(vec!["", "For those who pay: more.\n# and others"]);
    (
        statuses,
        condition,
        promises,
        1_u32..5,
        any::<bool>(),
        description,
    )
        .prop_map(
            move |(pausing, condition, promises, gap, in_office, description)| {
                let hours = if in_office {
                    Hours::Calendar(CalendarId(1))
                } else {
                    Hours::RoundTheClock
                };
                let draft = PolicyDraft {
                    id: PolicyId(id),
                    version: 2,
                    title: title.clone(),
                    description: description.to_owned(),
                    position: u32::try_from(id).unwrap() * 5 + gap,
                    condition: condition.to_owned(),
                    hours,
                    pausing,
                    promises: promises.into_iter().collect(),
                };
                Policy::new(draft).unwrap()
            },
        )
}

/// Rules that speak of policies 1 and 2.
fn with_rules(book: impl Strategy<Value = Book>) -> impl Strategy<Value = Book> {
    (book, any_rules()).prop_filter_map("rules that do not hold together", |(mut book, rules)| {
        book.rules = rules;
        book.check().is_ok().then_some(book)
    })
}

fn any_book() -> impl Strategy<Value = Book> {
    let calendars =
        (name(), name()).prop_flat_map(|(first, second)| (calendar(1, first), calendar(2, second)));
    let policies = (name(), name()).prop_flat_map(|(first, second)| (policy(1, first), policy(2, second)));
    let timers = (
        prop::option::of(60_i64..1_000_000),
        0_u32..=10,
        prop::option::of(60_i64..1_000_000),
        60_i64..1_000_000,
    )
        .prop_map(
            |(remind_after_seconds, most_reminders, solve_after_seconds, close_after_seconds)| TimerRules {
                remind_after_seconds,
                most_reminders,
                solve_after_seconds,
                close_after_seconds,
            },
        );
    (calendars, policies, timers).prop_filter_map(
        "a book that does not hold together",
        |((first, second), (one, two), timers)| {
            let mut book = Book {
                v: 7,
                policies: vec![one, two],
                calendars: [first, second].into_iter().flatten().collect(),
                timers,
                ..Book::default()
            };
            book.last_policy_id = 2;
            book.last_calendar_id = book
                .calendars
                .iter()
                .map(|calendar| calendar.id().0)
                .max()
                .unwrap_or(0);
            book.check().is_ok().then_some(book)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever stands in a book, its file changes nothing of it, and makes the same file of an empty desk.
    #[test]
    fn a_book_survives_the_way_to_a_file_and_back(book in with_rules(any_book())) {
        let text = exported(&book);
        let same = outcome(&text, &book);
        prop_assert!(same.is_ok(), "{}\n{text}", same.unwrap_err());
        prop_assert_eq!(same.unwrap().book, book);
        let elsewhere = outcome(&text, &Book::default()).unwrap().book;
        prop_assert_eq!(exported(&elsewhere), text);
    }

    /// No text makes the reader panic, and each mistake lies in the file.
    #[test]
    fn any_text_is_read_or_refused(text in "[a-z:\\-\\[\\]{}\"'|>#&*!%@ \n\t0-9~,?]{0,80}") {
        let read = parse(&text).map(|written| written.book(&Book::default(), None, &imports).map(|_| ()));
        if let Err(problems) | Ok(Err(problems)) = read {
            let lines = text.lines().count() + 1;
            for problem in problems.iter() {
                prop_assert!((1..=lines).contains(&problem.place.line), "{problem}");
                prop_assert!(problem.place.column >= 1);
                prop_assert!(problem.shown("x", &text).starts_with("x:"));
            }
        }
    }
}
