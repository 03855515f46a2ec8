//! What is wrong with rules and templates is told where it stands.

use super::{book, outcome};
use docket_domain::sla::Book;

/// A file with a trigger, whose lines are these, from line 3 and column 5.
fn trigger(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("triggers:\n  - name: T\n{}", lines.concat())
}

/// A file with a trigger that does this, from line 3 and column 15.
fn action(text: &str) -> String {
    trigger(&[&format!("actions: [{text}]")])
}

#[track_caller]
fn check(base: &Book, text: &str, expected: &[&str]) {
    let told: Vec<String> = match outcome(text, base) {
        Ok(_) => vec![],
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(told, expected, "{text}");
}

/// Files that are refused, each with what is told.
#[test]
fn a_broken_rule_is_refused_with_its_line_and_its_reason() {
    let tags = "actions: [{add_tags: [a]}]";
    for (file, expected) in [
        (
            trigger(&["when: ticket.prioriti == \"high\"", tags]),
            "3:18: triggers[0].when: `ticket` has no field `prioriti`; did you mean `priority`?",
        ),
        (
            trigger(&[
                "when: |",
                "  ticket.status == \"open\"",
                "    && ticket.group == \"Suport\"",
                tags,
            ]),
            "5:28: triggers[0].when: no group is \"Suport\"; did you mean `Support`?",
        ),
        (
            trigger(&["when: calendar(\"night\").open(now)", tags]),
            "3:20: triggers[0].when: there is no calendar \"night\"; there are none",
        ),
        (
            trigger(&["whenn: 'true'", tags]),
            "3:5: triggers[0].whenn: there is no key `whenn` here; did you mean `when`?",
        ),
        (
            trigger(&["after: 2d", tags]),
            "3:5: triggers[0].after: there is no key `after` here; there are: name, description, when, actions, last, \
             budget, active",
        ),
        (
            trigger(&["description: no actions"]),
            "2:5: triggers[0]: the key `actions` is missing",
        ),
        (
            trigger(&["actions: []"]),
            "3:14: triggers[0].actions: 0 actions, 1 to 20 are allowed",
        ),
        (
            trigger(&["budget: 0", tags]),
            "3:13: triggers[0].budget: a budget of 0 runs an hour, 1 to 100 are allowed",
        ),
        (
            trigger(&["budget: -1", tags]),
            "3:13: triggers[0].budget: expected a whole number, found -1",
        ),
        (
            trigger(&["last: often", tags]),
            "3:11: triggers[0].last: expected a boolean, found \"often\"",
        ),
        (
            trigger(&[tags, "- name: T", tags]).replace("    - name", "  - name"),
            "4:11: triggers[1].name: triggers[0] is called \"T\", too",
        ),
        (
            format!("triggers:\n  - name: ''\n    {tags}\n"),
            "2:11: triggers[0].name: a name has 1 to 100 characters, not 0",
        ),
        (
            "triggers: {}\n".to_owned(),
            "1:11: `triggers` is a list; write `triggers: []` for none",
        ),
        (
            "trigers: []\n".to_owned(),
            "1:1: trigers: there is no section `trigers`; did you mean `triggers`?",
        ),
    ] {
        check(&Book::default(), &file, &[expected]);
    }
}

#[test]
fn a_broken_action_is_told_where_it_stands() {
    for (text, expected) in [
        (
            "{set_priorty: high}",
            "3:16: triggers[0].actions[0]: `set_priorty` is none of the words that can stand here; did you mean `set_priority`?",
        ),
        (
            "{set_priority: higher}",
            "3:30: triggers[0].actions[0].set_priority: `higher` is none of the words that can stand here; did you mean \
             `high`?",
        ),
        (
            "{set_status: new}",
            "3:28: triggers[0].actions[0].set_status: a ticket is new until somebody takes it on, and never again",
        ),
        (
            "{set_group: Suport}",
            "3:27: triggers[0].actions[0].set_group: the desk has no group \"Suport\"; did you mean `Support`?",
        ),
        (
            "{set_assignee: boss@acme.example}",
            "3:30: triggers[0].actions[0].set_assignee: the desk has no agent with the address \"boss@acme.example\"",
        ),
        (
            "{add_ccs: [boss@acme.example, eve@x.example]}",
            "3:45: triggers[0].actions[0].add_ccs[1]: the desk knows nobody with the address \"eve@x.example\"",
        ),
        (
            "{set_sla_policy: Gold}",
            "3:32: triggers[0].actions[0].set_sla_policy: no SLA policy is called \"Gold\"; there are: by_condition",
        ),
        (
            "{add_tags: [a b]}",
            "3:26: triggers[0].actions[0].add_tags: tags have 1 to 40 characters without white space",
        ),
        (
            "{add_tags: vip}",
            "3:26: triggers[0].actions[0].add_tags: expected a list, found \"vip\"",
        ),
        (
            "{set_field: {a: 1, b: 2}}",
            "3:27: triggers[0].actions[0].set_field: one field is set at a time: write a `set_field` for each",
        ),
        (
            "{set_field: {Topic: x}}",
            "3:27: triggers[0].actions[0].set_field: a field's name has 1 to 40 characters a-z, 0-9 and _, its value at most 100",
        ),
        (
            "{call_webhook: 'http://x.example'}",
            "3:30: triggers[0].actions[0].call_webhook: a webhook's address begins with https:// and has at most 500 characters",
        ),
        (
            "assign_to_me",
            "3:15: triggers[0].actions[0]: assign_to_me is for macros: nobody runs a trigger",
        ),
        (
            "{notify: {to: assignee}}",
            "3:24: triggers[0].actions[0].notify: there is no text; write `text: …`, or `template:` with the name of one",
        ),
        (
            "{notify: {to: {team: x}, text: y}}",
            "3:30: triggers[0].actions[0].notify.to: `team` is none of the words that can stand here; there are: assignee, \
             group, agent",
        ),
        (
            "{reply: {template: hello, text: x}}",
            "3:23: triggers[0].actions[0].reply: a template has its own text and subject; write either `template` or `text`",
        ),
        (
            "{reply: {template: hello}}",
            "3:34: triggers[0].actions[0].reply.template: no template is called \"hello\"; there are none",
        ),
        (
            "{reply: 12}",
            "3:23: triggers[0].actions[0].reply: expected a text, {template: …}, or {subject: …, text: …}, found 12",
        ),
        (
            "{reply: ' '}",
            "3:23: triggers[0].actions[0].reply: the text has 1 characters, 1 to 8000 are allowed",
        ),
    ] {
        check(&Book::default(), &action(text), &[expected]);
    }
}

#[test]
fn what_a_text_can_not_show_is_told_at_its_word() {
    const NAMES: &str = "ticket.number, ticket.subject, ticket.status, ticket.priority, ticket.type, ticket.group, ticket.url, \
                         requester.name, requester.first_name, requester.email, organization.name, agent.name, brand";
    let file = trigger(&[
        "actions:",
        "  - reply: |",
        "      Hello,",
        "      {{ ticket.secret }}",
    ]);
    let expected = format!("6:14: triggers[0].actions[0].reply: ticket.secret is none of {NAMES}");
    check(&Book::default(), &file, &[&expected]);
    let file = trigger(&[
        "actions:",
        "  - reply: {subject: 'a {{ who }}', text: \"x\\n{% if %}\"}",
    ]);
    let unknown = format!("4:32: triggers[0].actions[0].reply.subject: who is none of {NAMES}");
    let told = outcome(&file, &Book::default()).unwrap_err();
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(told[0], unknown);
    assert!(
        told[1].starts_with("4:47: triggers[0].actions[0].reply.text: line 2: "),
        "{told:?}"
    );
    let file = "templates:\n  t:\n    texts:\n      en: |\n        Hello\n        {% endif %}\n      de: Hallo {{ wer }}\n";
    let told = outcome(file, &Book::default()).unwrap_err();
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("3:5: templates.t: there are several languages"),
        "{told:?}"
    );
    assert!(told[1].starts_with("6:9: templates.t.texts.en: "), "{told:?}");
    assert!(
        told[2].starts_with("7:20: templates.t.texts.de: wer is none of "),
        "{told:?}"
    );
}

#[test]
fn what_suits_only_other_kinds_is_refused() {
    for (file, expected) in [
        (
            "routing: [{name: R, actions: [{set_status: open}]}]",
            "1:44: routing[0].actions[0].set_status: a routing rule says what a ticket is and whose; set_status is for triggers",
        ),
        (
            "routing: [{name: R, when: event.kind == 'assigned', actions: [{set_priority: low}]}]",
            "1:27: routing[0].when: event.kind can't stand in the condition of a routing rule: nothing has happened but that \
             the ticket is there",
        ),
        (
            "automations: [{name: A, after: 1h, since: created, when: ticket.age > duration('1h'), actions: [{set_status: open}]}]",
            "1:58: automations[0].when: ticket.age can't stand in an automation's condition: when it runs is said by its own time",
        ),
        (
            "automations: [{name: A, after: 30s, since: created, actions: [{set_status: open}]}]",
            "1:32: automations[0].after: a minute (1m) to a year (365d) is allowed",
        ),
        (
            "automations: [{name: A, after: 1h, actions: [{set_status: open}]}]",
            "1:15: automations[0]: the key `since` is missing",
        ),
        (
            "macros: [{name: M, when: 'true', actions: [assign_to_me]}]",
            "1:20: macros[0].when: there is no key `when` here; there are: name, description, actions, active",
        ),
        (
            "templates: {t: {default_language: fr, texts: {en: a, de: b}}}",
            "1:35: templates.t.default_language: there is no text in fr, the language for everybody else; there are: de, en",
        ),
        (
            "templates: {t: {texts: {}}}",
            "1:24: templates.t.texts: 0 languages, 1 to 50 are allowed",
        ),
        (
            "templates: {t: {texts: {en: {text: a, subjekt: b}}}}",
            "1:39: templates.t.texts.en.subjekt: there is no key `subjekt` here; did you mean `subject`?",
        ),
    ] {
        check(&Book::default(), file, &[expected]);
    }
}

#[test]
fn what_rules_that_are_left_out_need_can_not_go() {
    let base = book(
        "calendars: {office: {zone: UTC, hours: {mon: '09:00-17:00'}}}\nsla_policies: [{name: Gold}]\n\
         templates: {hello: {texts: {en: Hello}}}\n\
         triggers: [{name: T, when: 'calendar(\"office\").open(now)', actions: [{reply: {template: hello}}, {set_sla_policy: Gold}]}]\n",
    );
    for (file, expected) in [
        (
            "templates: {}",
            "1:12: templates: the trigger \"T\" of the desk writes the template \"hello\", which is not among these",
        ),
        (
            "sla_policies: []",
            "1:15: sla_policies: the trigger \"T\" of the desk sets an SLA policy that is not among these",
        ),
        (
            "calendars: {}",
            "1:12: calendars: of the desk: trigger \"T\": line 1, column 10: there is no calendar \"office\"; there are none",
        ),
    ] {
        check(&base, file, &[expected]);
        check(&base, &format!("{file}\ntriggers: []\n"), &[]);
    }
}

#[test]
fn a_mailbox_that_a_rule_of_the_desk_asks_for_can_not_go_unnoticed() {
    let base = book(
        "triggers: [{name: T, when: 'ticket.mailbox == \"support@in.docket.local\"', actions: [{add_tags: [a]}]}]",
    );
    let mut names = super::names();
    names.mailboxes = ["sales@in.docket.local".to_owned()].into();
    let told = |file: &str| {
        let read = docket_desk_file::parse(file)
            .unwrap()
            .book(&base, Some(&names), &super::imports);
        read.map_or_else(|problems| problems.to_string(), |_| String::new())
    };
    let mailboxes = "mailboxes: [{address: sales@in.docket.local}]";
    assert_eq!(
        told(mailboxes),
        "1:12: mailboxes: of the desk: trigger \"T\": line 1, column 19: no mailbox is \"support@in.docket.local\"; did you \
         mean `sales@in.docket.local`?"
    );
    assert_eq!(told(&format!("{mailboxes}\ntriggers: []")), "");
    assert_eq!(
        told("timers: {close_after: 2d}"),
        "",
        "what the file does not speak of is not its mistake"
    );
}

#[test]
fn every_rule_is_read_though_another_has_a_mistake() {
    let file = "sla_policies: [{name: Gold, hours: office}]\ntriggers:\n  - {name: A, when: a, actions: [{set_group: X}, {set_sla_policy: Gold}]}\n\
                macros:\n  - {name: B, actions: [{set_status: new}, {add_tags: []}]}\n";
    check(
        &Book::default(),
        file,
        &[
            "1:36: sla_policies[0].hours: no calendar is called \"office\"; there are: round_the_clock",
            "3:21: triggers[0].when: there is no name `a`; there are: ticket, requester, organization, event, bot, now",
            "3:46: triggers[0].actions[0].set_group: the desk has no group \"X\"; there are: Sales, Support",
            "5:38: macros[0].actions[0].set_status: a ticket is new until somebody takes it on, and never again",
            "5:55: macros[0].actions[1].add_tags: tags have 1 to 40 characters without white space",
        ],
    );
}
