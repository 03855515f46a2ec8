//! Made-up rules and templates.

use super::round_trip::name;
use docket_domain::{
    GroupId, PersonId, PolicyId, RuleId,
    rule::{Anchor, Rule, RuleAction, RuleBook, RuleKind, Template, TemplateText, Text, Timing},
    sla::Recipient,
    ticket::{Priority, Status, TicketType},
};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};

/// A text that shows what there is, in whatever form YAML has to write it.
fn words() -> impl Strategy<Value = TemplateText> {
    let text = prop_oneof![
        name(),
        select(vec![
            "Hello {{ requester.first_name }},\n\n  we have it.\n",
            "{% if ticket.url %}\n{{ ticket.url }}\n{% endif %}",
            "\n leading",
            "trailing \n\n",
            "tab\there: \"x\" # y",
            "{{ brand }}",
        ])
        .prop_map(str::to_owned),
    ];
    (option::of(name()), text).prop_map(|(subject, body)| TemplateText { subject, body })
}

/// A template by one of two names, or words.
fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        select(vec!["first", "12"]).prop_map(|name| Text::Template(name.to_owned())),
        words().prop_map(Text::Own),
    ]
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    vec(
        name().prop_map(|name| name.replace(char::is_whitespace, "-")),
        1..4,
    )
}

/// What a rule of any kind can do.
fn action() -> impl Strategy<Value = RuleAction> {
    prop_oneof![
        select(Priority::ALL).prop_map(RuleAction::SetPriority),
        option::of(select(TicketType::ALL)).prop_map(RuleAction::SetType),
        select(vec![GroupId(1), GroupId(2)]).prop_map(RuleAction::SetGroup),
        option::of(Just(PersonId(1))).prop_map(RuleAction::SetAssignee),
        tags().prop_map(RuleAction::AddTags),
        tags().prop_map(RuleAction::RemoveTags),
        ("[a-z0-9_]{1,12}", option::of(name()))
            .prop_map(|(name, value)| RuleAction::SetField { name, value }),
        option::of(select(vec![PolicyId(1), PolicyId(2)])).prop_map(RuleAction::SetSlaPolicy),
        vec(select(vec![PersonId(1), PersonId(7)]), 1..3).prop_map(RuleAction::AddCcs),
    ]
}

/// What routing rules do not do.
fn deed() -> impl Strategy<Value = RuleAction> {
    let statuses = Status::ALL
        .iter()
        .copied()
        .filter(|status| *status != Status::New);
    let recipient = select(vec![
        Recipient::Assignee,
        Recipient::Group(GroupId(2)),
        Recipient::Agent(PersonId(1)),
    ]);
    prop_oneof![
        action(),
        select(statuses.collect::<Vec<_>>()).prop_map(RuleAction::SetStatus),
        text().prop_map(RuleAction::AddNote),
        text().prop_map(RuleAction::Reply),
        (recipient, text()).prop_map(|(to, text)| RuleAction::Notify { to, text }),
        "[a-z]{1,20}".prop_map(|path| RuleAction::CallWebhook(format!("https://pager.example/{path}"))),
    ]
}

fn rule(id: u64, kind: RuleKind) -> impl Strategy<Value = Rule> {
    let actions = match kind {
        RuleKind::Routing => vec(action(), 1..5).boxed(),
        RuleKind::Macro => vec(prop_oneof![deed(), Just(RuleAction::AssignToActor)], 1..5).boxed(),
        RuleKind::Trigger | RuleKind::Automation => vec(deed(), 1..5).boxed(),
    };
    let condition = select(vec![
        "true",
        "ticket.priority == \"high\"",
        "ticket.subject.contains(\"a: b # c\")\n  || ticket.subject.contains('no')\n",
    ]);
    let timing = (select(Anchor::ALL.to_vec()), 60_i64..10_000_000);
    let description = select(vec!["", "For those who pay: more.\n# and others"]);
    (
        name(),
        description,
        condition,
        actions,
        1_u32..100,
        any::<(bool, bool)>(),
        timing,
        1_u32..5,
    )
        .prop_map(
            move |(
                name,
                description,
                condition,
                actions,
                budget,
                (is_last, is_active),
                (since, after_seconds),
                gap,
            )| {
                // What a kind has no use for has its usual value.
                let (has_condition, has_order) = match kind {
                    RuleKind::Routing | RuleKind::Trigger => (true, true),
                    RuleKind::Automation => (true, false),
                    RuleKind::Macro => (false, false),
                };
                Rule {
                    id: RuleId(id),
                    kind,
                    name,
                    description: description.to_owned(),
                    position: u32::try_from(id).unwrap() * 5 + gap,
                    condition: if has_condition { condition } else { "true" }.to_owned(),
                    actions,
                    is_last: has_order && is_last,
                    budget: if has_condition { budget } else { 10 },
                    is_active,
                    timing: (kind == RuleKind::Automation).then_some(Timing { since, after_seconds }),
                }
            },
        )
}

fn template(name: &'static str) -> impl Strategy<Value = Template> {
    let texts = btree_map(
        select(vec!["en", "no", "pt-BR", "de"]).prop_map(str::to_owned),
        words(),
        1..4,
    );
    texts.prop_map(move |texts| Template {
        name: name.to_owned(),
        default_language: texts.keys().last().unwrap().clone(),
        texts,
    })
}

/// Rules of every kind, settled as a desk stores them; where a name stands twice they do not hold together.
pub fn any_rules() -> impl Strategy<Value = RuleBook> {
    let rules = (
        rule(1, RuleKind::Trigger),
        rule(2, RuleKind::Routing),
        rule(3, RuleKind::Trigger),
        rule(4, RuleKind::Automation),
        rule(5, RuleKind::Macro),
        rule(6, RuleKind::Automation),
    );
    (rules, template("first"), template("12")).prop_map(|((a, b, c, d, e, f), first, second)| {
        let mut book = RuleBook {
            rules: vec![a, b, c, d, e, f],
            templates: vec![first, second],
            last_rule_id: 9,
            ..RuleBook::default()
        };
        book.settle();
        book
    })
}
