//! What the sections of rules mean, and what becomes of rules that stand.

use super::{book, names, outcome};
use docket_desk_file::changes;
use docket_domain::{
    GroupId, PersonId, PolicyId, RuleId,
    rule::{Anchor, RuleAction, RuleKind, TemplateText, Text, Timing},
    sla::{Book, Recipient},
    ticket::{Priority, Status, TicketType},
};
use serde_json::{Value, json};

fn own(subject: Option<&str>, body: &str) -> Text {
    Text::Own(TemplateText {
        subject: subject.map(str::to_owned),
        body: body.to_owned(),
    })
}

/// The actions of a macro, as they are written in a list.
fn actions(text: &str) -> Vec<RuleAction> {
    let file = format!(
        "sla_policies: [{{name: Gold}}]\ntemplates: {{hello: {{texts: {{en: Hello}}}}}}\nmacros: [{{name: A, actions: {text}}}]\n"
    );
    book(&file).rules.rules[0].actions.clone()
}

#[test]
fn every_action_means_what_it_says() {
    assert_eq!(
        actions("[{set_priority: high}, {set_type: task}, {set_type: none}, {set_status: hold}]"),
        [
            RuleAction::SetPriority(Priority::High),
            RuleAction::SetType(Some(TicketType::Task)),
            RuleAction::SetType(None),
            RuleAction::SetStatus(Status::Hold),
        ]
    );
    assert_eq!(
        actions(
            "[{set_group: Sales}, {set_assignee: Admin@docket.local}, {set_assignee: nobody}, assign_to_me]"
        ),
        [
            RuleAction::SetGroup(GroupId(2)),
            RuleAction::SetAssignee(Some(PersonId(1))),
            RuleAction::SetAssignee(None),
            RuleAction::AssignToActor,
        ]
    );
    let field = |name: &str, value: Option<&str>| RuleAction::SetField {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    };
    assert_eq!(
        actions(
            "[{add_tags: [vip, 12]}, {remove_tags: [no]}, {set_field: {floor: 3}}, {set_field: {floor: null}}]"
        ),
        [
            RuleAction::AddTags(vec!["vip".to_owned(), "12".to_owned()]),
            RuleAction::RemoveTags(vec!["no".to_owned()]),
            field("floor", Some("3")),
            field("floor", None),
        ]
    );
    assert_eq!(
        actions("[{set_sla_policy: Gold}, {set_sla_policy: by_condition}, {add_ccs: [boss@acme.example]}]"),
        [
            RuleAction::SetSlaPolicy(Some(PolicyId(1))),
            RuleAction::SetSlaPolicy(None),
            RuleAction::AddCcs(vec![PersonId(7)]),
        ]
    );
    assert_eq!(
        actions(
            "[{add_note: seen}, {reply: {template: hello}}, {reply: {subject: Hi, text: there}}, {call_webhook: 'https://x.example/a'}]"
        ),
        [
            RuleAction::AddNote(own(None, "seen")),
            RuleAction::Reply(Text::Template("hello".to_owned())),
            RuleAction::Reply(own(Some("Hi"), "there")),
            RuleAction::CallWebhook("https://x.example/a".to_owned()),
        ]
    );
    let notify = |to, text| RuleAction::Notify { to, text };
    assert_eq!(
        actions(
            "[{notify: {to: assignee, text: Look}}, {notify: {to: {group: Support}, subject: S, text: Look}}, \
             {notify: {to: {agent: admin@docket.local}, template: hello}}]"
        ),
        [
            notify(Recipient::Assignee, own(None, "Look")),
            notify(Recipient::Group(GroupId(1)), own(Some("S"), "Look")),
            notify(Recipient::Agent(PersonId(1)), Text::Template("hello".to_owned())),
        ]
    );
}

const RULES: &str = "routing: [{name: R, when: '\"a\" in ticket.tags', actions: [{set_priority: low}], last: true}]\n\
                     triggers:\n  - {name: A, description: why, actions: [{add_tags: [a, b]}], budget: 3}\n  \
                     - {name: B, actions: [{add_tags: [b]}], active: false}\n  - {name: C, actions: [{add_tags: [c]}]}\n\
                     automations: [{name: A, after: 1h30m, since: customer_wrote, actions: [{set_status: open}]}]\n\
                     macros: [{name: A, actions: [assign_to_me]}]\n";

#[test]
fn a_rule_is_of_its_section_s_kind_with_everything_that_was_said() {
    let book = book(RULES);
    let told: Vec<(u64, RuleKind, &str, u32)> = book
        .rules
        .rules
        .iter()
        .map(|rule| (rule.id.0, rule.kind, rule.name.as_str(), rule.position))
        .collect();
    assert_eq!(
        told,
        [
            (1, RuleKind::Routing, "R", 1),
            (2, RuleKind::Trigger, "A", 1),
            (3, RuleKind::Trigger, "B", 2),
            (4, RuleKind::Trigger, "C", 3),
            (5, RuleKind::Automation, "A", 1),
            (6, RuleKind::Macro, "A", 1),
        ]
    );
    assert_eq!(book.rules.last_rule_id, 6);
    let of = |id| book.rules.rule(RuleId(id)).unwrap();
    assert_eq!(
        (of(1).condition.as_str(), of(1).is_last),
        (r#""a" in ticket.tags"#, true)
    );
    assert_eq!(
        (of(2).description.as_str(), of(2).budget, of(2).is_active),
        ("why", 3, true)
    );
    assert_eq!(
        (of(3).condition.as_str(), of(3).budget, of(3).is_active),
        ("true", 10, false)
    );
    let timing = Timing {
        since: Anchor::CustomerWrote,
        after_seconds: 5400,
    };
    assert_eq!(of(5).timing, Some(timing));
}

#[test]
fn a_template_has_its_languages_and_one_alone_is_for_everybody() {
    let book = book(
        "templates:\n  one: {texts: {de: Hallo}}\n  two: {default_language: no, texts: {en: {subject: S, text: Hi}, no: Hei}}\n",
    );
    let [one, two] = &book.rules.templates[..] else {
        panic!("{:?}", book.rules.templates)
    };
    assert_eq!((one.name.as_str(), one.default_language.as_str()), ("one", "de"));
    assert_eq!(two.default_language, "no");
    assert_eq!(two.texts["en"].subject.as_deref(), Some("S"));
    assert_eq!(
        (two.texts["no"].subject.as_deref(), two.texts["no"].body.as_str()),
        (None, "Hei")
    );
}

fn told(from: &Book, to: &str) -> Value {
    let to = outcome(to, from)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .book;
    serde_json::to_value(changes(from, &to, &names()).unwrap()).unwrap()
}

#[test]
fn a_rule_that_keeps_its_name_keeps_its_id_and_numbers_are_given_once() {
    let base = book(RULES);
    let triggers = "triggers: [{name: A, actions: [{add_tags: [x]}]}, {name: D, actions: [{add_tags: [d]}]}]";
    let after = outcome(triggers, &base).unwrap().book;
    let ids = |book: &Book| -> Vec<(u64, String)> {
        let triggers = book.rules.of_kind(RuleKind::Trigger);
        triggers
            .iter()
            .map(|rule| (rule.id.0, rule.name.clone()))
            .collect()
    };
    assert_eq!(ids(&after), [(2, "A".to_owned()), (7, "D".to_owned())]);
    assert_eq!(
        after.rules.of_kind(RuleKind::Routing),
        base.rules.of_kind(RuleKind::Routing)
    );
    let none = outcome("triggers: []\nmacros: []", &after).unwrap().book;
    let again = outcome("triggers: [{name: A, actions: [{add_tags: [x]}]}]", &none)
        .unwrap()
        .book;
    assert_eq!(ids(&again), [(8, "A".to_owned())]);
}

#[test]
fn what_comes_goes_and_changes_of_rules_is_told() {
    let base = book(&format!("{RULES}templates: {{t: {{texts: {{en: Hello}}}}}}\n"));
    let to = "triggers:\n  - {name: A, description: why, actions: [{add_tags: [a, b]}, {set_priority: high}]}\n  \
              - {name: C, actions: [{add_tags: [c]}]}\n  - {name: D, actions: [{add_tags: [d]}]}\n\
              routing: []\ntemplates: {t: {texts: {en: Hi}}}\n\
              automations: [{name: A, after: 2d, since: created, actions: [{set_status: open}]}]\n";
    let expected = json!([
        { "section": "routing_rule", "name": "R", "kind": "removed" },
        { "section": "trigger", "name": "A", "kind": "changed", "fields": [
            { "path": "actions", "to": { "set_priority": "high" } },
            { "path": "budget", "from": 3 },
        ] },
        { "section": "trigger", "name": "D", "kind": "added" },
        { "section": "trigger", "name": "B", "kind": "removed" },
        { "section": "automation", "name": "A", "kind": "changed", "fields": [
            { "path": "after", "from": "1h30m", "to": "2d" },
            { "path": "since", "from": "customer_wrote", "to": "created" },
        ] },
        { "section": "template", "name": "t", "kind": "changed", "fields": [
            { "path": "texts.en", "from": "Hello", "to": "Hi" },
        ] },
    ]);
    assert_eq!(told(&base, to), expected);
}

#[test]
fn another_order_of_rules_is_told_and_one_more_moves_nobody() {
    let base = book(RULES);
    let file = |order: [&str; 3]| {
        let entry = |name: &str| match name {
            "A" => "{name: A, description: why, actions: [{add_tags: [a, b]}], budget: 3}",
            "B" => "{name: B, actions: [{add_tags: [b]}], active: false}",
            "X" => "{name: X, actions: [{add_tags: [x]}]}",
            _ => "{name: C, actions: [{add_tags: [c]}]}",
        };
        format!("triggers: [{}]", order.map(entry).join(", "))
    };
    let place = |name: &str, from: u64, to: u64| {
        json!({ "section": "trigger", "name": name, "kind": "changed", "fields": [
            { "path": "place", "from": from, "to": to },
        ] })
    };
    assert_eq!(told(&base, &file(["A", "B", "C"])), json!([]));
    let swapped = json!([place("B", 2, 1), place("A", 1, 2)]);
    assert_eq!(told(&base, &file(["B", "A", "C"])), swapped);
    let after = outcome(&file(["B", "A", "C"]), &base).unwrap().book;
    let order: Vec<&str> = after
        .rules
        .of_kind(RuleKind::Trigger)
        .iter()
        .map(|rule| rule.name.as_str())
        .collect();
    assert_eq!(order, ["B", "A", "C"]);
    assert_eq!(
        told(&base, &file(["X", "A", "B"])),
        json!([
            { "section": "trigger", "name": "X", "kind": "added" },
            { "section": "trigger", "name": "C", "kind": "removed" },
        ])
    );
}

#[test]
fn what_does_the_same_is_no_change() {
    let base = book(RULES);
    let same = RULES
        .replace("[a, b]", "[b, a, a]")
        .replace("'\"a\" in ticket.tags'", "\" 'a' in ticket.tags \"");
    let after = outcome(&RULES.replace("[a, b]", "[b, a, a]"), &base)
        .unwrap()
        .book;
    assert_eq!(after, base);
    // Other words are other words, though they mean the same.
    assert_ne!(told(&base, &same), json!([]));
    let explicit = RULES.replace(
        "{name: C, ",
        "{name: C, when: 'true', last: false, active: true, budget: 10, ",
    );
    assert_eq!(outcome(&explicit, &base).unwrap().book, base);
}

#[test]
fn what_a_macro_can_not_say_stays_as_it_is() {
    let mut base = book(RULES);
    base.rules.rules[5].budget = 7;
    let after = outcome("macros: [{name: A, actions: [{set_priority: low}]}]", &base)
        .unwrap()
        .book;
    assert_eq!(after.rules.rule(RuleId(6)).unwrap().budget, 7);
}
