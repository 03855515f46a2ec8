//! `docket bench rules`: what rules cost on one ticket. No service is called: what is measured is our own.

use super::machine::cpu_seconds;
use docket_conditions::RequesterFacts;
use docket_domain::{
    GroupId, RuleId, TicketNumber, Timestamp,
    rule::{Rule, RuleAction, RuleBook, RuleKind},
    sla::Book,
    ticket::{Priority, Ticket},
    triage::History,
};
use docket_rules::{CheckedBook, DeskRules, Start, Surroundings, route};
use std::{collections::BTreeMap, sync::Arc};

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct RulesArguments {
    /// How many rules.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=500))]
    rules: u64,
    /// How many tickets are routed, one after the other.
    #[arg(long, default_value_t = 500)]
    tickets: u32,
}

/// Measures, and prints one line a figure.
pub fn run(arguments: RulesArguments) -> anyhow::Result<()> {
    let now: Timestamp = "2026-03-02T08:00:00Z".parse()?;
    let mut book = Book {
        v: 1,
        rules: rules(arguments.rules),
        ..Book::default()
    };
    book.rules.settle();
    book.check()?;
    let begun = cpu_seconds()?;
    let checked = Arc::new(CheckedBook::new(Arc::new(book)));
    let read_seconds = cpu_seconds()? - begun;
    let around = Surroundings {
        requester: RequesterFacts {
            name: "Ann Lee".to_owned(),
            email: Some("ann@acme.example".to_owned()),
            tier: Some("gold".to_owned()),
            ..RequesterFacts::default()
        },
        groups: BTreeMap::from([(GroupId(1), "Support".to_owned())]),
        ..Surroundings::default()
    };
    let rules = DeskRules::new(checked, around, now);
    let history = History::default();
    let start = Start {
        mailbox_group: None,
        default_group: GroupId(1),
        history: &history,
        language: None,
    };
    let mut matched = 0;
    let begun = cpu_seconds()?;
    for number in 1..=arguments.tickets {
        let mut ticket = Ticket::blank(TicketNumber(number.into()));
        ticket.subject = format!("Order {number} has not arrived, and the invoice is wrong");
        ticket.created_at = now;
        let (outcome, decision) = route(&rules, &ticket, &start);
        anyhow::ensure!(decision.tried.len() as u64 == arguments.rules);
        matched += outcome.rules.len();
    }
    let seconds = cpu_seconds()? - begun;
    let tickets = f64::from(arguments.tickets);
    println!("rules {}", arguments.rules);
    println!("reading them once, ms CPU {:.2}", read_seconds * 1000.0);
    println!("routing a ticket, ms CPU {:.3}", seconds * 1000.0 / tickets);
    println!("rules that matched a ticket {:.1}", matched as f64 / tickets);
    Ok(())
}

/// Rules of several kinds: words of the subject, what is known of the requester, numbers, regular expressions.
fn rules(count: u64) -> RuleBook {
    let rule = |nth: u64| {
        let condition = match nth % 5 {
            0 => format!(r#"ticket.subject.lowerAscii().contains("product {nth}")"#),
            1 => format!(r#"requester.domain == "customer{nth}.example" || "group-{nth}" in requester.tags"#),
            2 => format!(
                r#"ticket.channel == "mail" && requester.tier == "gold" && ticket.number % {nth} == 7"#
            ),
            3 => format!(r#"ticket.subject.matches("(?i)order [0-9]+ .*x{nth}")"#),
            _ => format!(
                r#"ticket.priority == "high" && ticket.group == "Support" && "t{nth}" in ticket.tags"#
            ),
        };
        Rule {
            id: RuleId(nth),
            kind: RuleKind::Routing,
            name: format!("Rule {nth}"),
            description: String::new(),
            position: u32::try_from(nth).unwrap_or(u32::MAX),
            condition,
            actions: vec![
                RuleAction::SetPriority(Priority::High),
                RuleAction::AddTags(vec![format!("t{nth}")]),
            ],
            is_last: false,
            budget: 10,
            is_active: true,
            timing: None,
        }
    };
    RuleBook {
        rules: (1..=count).map(rule).collect(),
        templates: vec![],
        last_rule_id: count,
        ..RuleBook::default()
    }
}
