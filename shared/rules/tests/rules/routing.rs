//! Routing rules: what a new ticket is and whose.

use crate::case::{BILLING, Case, SUPPORT, minute, rule, tag};
use docket_domain::{
    RuleId,
    rule::{Rule, RuleAction, RuleKind},
    ticket::{Priority, TicketType},
};

fn routing(id: u64, name: &str, condition: &str, actions: Vec<RuleAction>) -> Rule {
    rule(id, RuleKind::Routing, name, condition, actions)
}

#[test]
fn each_rule_sees_what_those_before_it_set_and_the_decision_says_what_each_saw() {
    let field = RuleAction::SetField {
        name: "category".to_owned(),
        value: Some("billing".to_owned()),
    };
    let rules = vec![
        routing(
            1,
            "Invoices",
            r#"ticket.subject.contains("invoice")"#,
            vec![RuleAction::SetGroup(BILLING), field, tag("money")],
        ),
        routing(
            2,
            "Billing is high",
            r#"ticket.group == "Billing" && ticket.fields.category == "billing""#,
            vec![
                RuleAction::SetPriority(Priority::High),
                RuleAction::SetType(Some(TicketType::Question)),
            ],
        ),
        routing(
            3,
            "Outages",
            r#"ticket.subject.contains("outage")"#,
            vec![tag("outage")],
        ),
    ];
    let mut case = Case::under(rules);
    case.create("My invoice", minute(0));
    let (outcome, decision) = case.route(minute(1));
    assert_eq!((outcome.group, outcome.priority), (BILLING, Priority::High));
    assert_eq!(outcome.rules, [RuleId(1), RuleId(2)]);
    assert_eq!(
        outcome.reason,
        r#"priority high by rule "Billing is high"; group Billing by rule "Invoices""#
    );
    assert_eq!(decision.rule_set, "rules/3");
    let tried: Vec<_> = decision
        .tried
        .iter()
        .map(|tried| (tried.matched, tried.saw.as_str()))
        .collect();
    assert_eq!(
        tried,
        [
            (true, r#"ticket.subject = "My invoice""#),
            (
                true,
                r#"ticket.group = "Billing", ticket.fields.category = "billing""#
            ),
            (false, r#"ticket.subject = "My invoice""#),
        ]
    );
    case.triage(minute(1));
    assert_eq!(case.ticket.fields["category"], "billing");
    assert_eq!(case.ticket.tags, ["money"]);
    assert_eq!(case.ticket.ticket_type, Some(TicketType::Question));
}

#[test]
fn of_a_tag_that_one_rule_takes_away_and_another_adds_the_later_word_stands() {
    let rules = |first: RuleAction, second: RuleAction| {
        vec![
            routing(1, "First", "true", vec![first]),
            routing(2, "Second", "true", vec![second]),
        ]
    };
    let tags = |rules| {
        let mut case = Case::under(rules);
        case.create("Printer", minute(0));
        case.triage(minute(1));
        case.ticket.tags
    };
    let untag = || RuleAction::RemoveTags(vec!["x".to_owned()]);
    assert_eq!(tags(rules(untag(), tag("x"))), ["x"]);
    assert_eq!(tags(rules(tag("x"), untag())), [""; 0]);
}

#[test]
fn no_later_rule_has_a_say_behind_the_last_one() {
    let mut first = routing(1, "First", "true", vec![tag("a")]);
    first.is_last = true;
    let mut case = Case::under(vec![first, routing(2, "Second", "true", vec![tag("b")])]);
    case.create("Printer", minute(0));
    let (outcome, decision) = case.route(minute(1));
    assert_eq!(outcome.tags_added, ["a"]);
    assert_eq!(decision.tried.len(), 1);
}

#[test]
fn without_a_match_the_ticket_goes_where_it_would_and_an_error_is_kept() {
    let rules = vec![
        routing(
            1,
            "Broken",
            r#"ticket.tags[3] == "x""#,
            vec![RuleAction::SetGroup(BILLING)],
        ),
        routing(2, "Never", "false", vec![RuleAction::SetGroup(BILLING)]),
    ];
    let mut case = Case::under(rules);
    case.create("Printer", minute(0));
    let (outcome, decision) = case.route(minute(1));
    assert_eq!((outcome.group, outcome.rule.as_str()), (SUPPORT, "default"));
    assert_eq!(
        outcome.reason,
        "priority normal by default; group Support by default"
    );
    assert!(
        decision.tried[0].saw.starts_with("no answer"),
        "{:?}",
        decision.tried
    );
}

#[test]
fn the_same_ticket_is_always_routed_the_same() {
    let rules = (1..=40)
        .map(|id| {
            routing(
                id,
                &format!("R{id}"),
                &format!("ticket.number % {id} == 0"),
                vec![tag(&format!("t{id}"))],
            )
        })
        .collect();
    let mut case = Case::under(rules);
    case.create("Printer", minute(0));
    assert_eq!(case.route(minute(1)), case.route(minute(1)));
}
