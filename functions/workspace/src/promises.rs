//! What happened to promises, in sentences.

use crate::{directions::isolated, names::Names, words};
use docket_domain::{
    sla::{Action, Metric, Recipient},
    ticket::{Fact, TicketEvent},
};

/// A sentence for an event about a promise; empty for others.
pub fn sentence(event: &TicketEvent, who: &str, names: &Names) -> String {
    match &event.fact {
        Fact::SlaPolicyApplied {
            policy: Some(policy),
            reason,
            ..
        } => t!(
            "SLA policy {policy} holds: {reason}",
            policy,
            reason = isolated(reason)
        ),
        Fact::SlaPolicyApplied { reason, .. } => {
            t!("No SLA policy holds: {reason}", reason = isolated(reason))
        }
        Fact::SlaWarned { metric, .. } => t!("The {target} is due soon", target = target(*metric)),
        Fact::SlaBreached { metric, .. } => t!("The {target} is overdue", target = target(*metric)),
        Fact::SlaFulfilled { metric, due_at, .. } => {
            let is_late = due_at.is_some_and(|due_at| event.at > due_at);
            match (metric, is_late) {
                (Metric::Resolution, false) => t!("The ticket was solved in time").to_owned(),
                (Metric::Resolution, true) => t!("The ticket was solved too late").to_owned(),
                (metric, false) => t!("The {target} was given in time", target = target(*metric)),
                (metric, true) => t!("The {target} was given too late", target = target(*metric)),
            }
        }
        Fact::SlaEscalated { firing, actions, .. } => {
            let done: Vec<String> = actions.iter().map(|action| done(action, names)).collect();
            let (target, actions) = (target(firing.metric), done.join(", "));
            t!("The {target} is long overdue: {actions}", target, actions)
        }
        Fact::SlaBreachVoided { metric, reason, .. } => {
            let (target, reason) = (target(*metric), isolated(reason));
            t!(
                "{who} declared the overdue {target} void: {reason}",
                who,
                target,
                reason
            )
        }
        _ => String::new(),
    }
}

/// What was promised, within a sentence.
fn target(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstReply => t!("first reply"),
        Metric::NextReply => t!("next reply"),
        Metric::PeriodicUpdate => t!("update"),
        Metric::Resolution => t!("resolution"),
    }
}

fn done(action: &Action, names: &Names) -> String {
    match action {
        Action::Notify(Recipient::Assignee) => t!("the assignee is told").to_owned(),
        Action::Notify(Recipient::Group(group)) => {
            t!("group {group} is told", group = names.told_group(*group))
        }
        Action::Notify(Recipient::Agent(agent)) => t!("{agent} is told", agent = names.told(*agent)),
        Action::RaisePriority(to) => {
            t!(
                "priority at least {priority}",
                priority = words::priority(Some(*to))
            )
        }
        Action::MoveToGroup(group) => t!("moved to {group}", group = names.told_group(*group)),
        Action::AddTag(tag) => t!("tagged {tag}", tag = isolated(tag)),
        Action::CallWebhook(url) => t!("{address} is called", address = host(url)),
    }
}

/// Whom an address leads to; what follows may hold a secret.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
