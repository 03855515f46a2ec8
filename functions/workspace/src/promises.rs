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
        } => format!("SLA policy {policy} holds: {}", isolated(reason)),
        Fact::SlaPolicyApplied { reason, .. } => format!("No SLA policy holds: {}", isolated(reason)),
        Fact::SlaWarned { metric, .. } => format!("The {} is due soon", metric.in_words()),
        Fact::SlaBreached { metric, .. } => format!("The {} is overdue", metric.in_words()),
        Fact::SlaFulfilled { metric, due_at, .. } => {
            let kept = match due_at {
                Some(due_at) if event.at > *due_at => "too late",
                _ => "in time",
            };
            match metric {
                Metric::Resolution => format!("The ticket was solved {kept}"),
                metric => format!("The {} was given {kept}", metric.in_words()),
            }
        }
        Fact::SlaEscalated { firing, actions, .. } => {
            let done: Vec<String> = actions.iter().map(|action| done(action, names)).collect();
            format!(
                "The {} is long overdue: {}",
                firing.metric.in_words(),
                done.join(", ")
            )
        }
        Fact::SlaBreachVoided { metric, reason, .. } => {
            let reason = isolated(reason);
            format!("{who} declared the overdue {} void: {reason}", metric.in_words())
        }
        _ => String::new(),
    }
}

fn done(action: &Action, names: &Names) -> String {
    match action {
        Action::Notify(Recipient::Assignee) => "the assignee is told".to_owned(),
        Action::Notify(Recipient::Group(group)) => format!("group {} is told", names.told_group(*group)),
        Action::Notify(Recipient::Agent(agent)) => format!("{} is told", names.told(*agent)),
        Action::RaisePriority(to) => format!("priority at least {}", words::priority(Some(*to))),
        Action::MoveToGroup(group) => format!("moved to {}", names.told_group(*group)),
        Action::AddTag(tag) => format!("tagged {}", isolated(tag)),
        Action::CallWebhook(url) => format!("{} is called", host(url)),
    }
}

/// Whom an address leads to; what follows may hold a secret.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
