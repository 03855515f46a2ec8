//! I7: what a clock does, it does once and never early; and what the head says is what the history gives.

use docket_desk::TicketFile;
use docket_domain::{
    sla::{Clocks, Policy, Signal, Step, Terms, happenings},
    ticket::{Fact, TicketEvent},
};
use std::collections::BTreeSet;

/// Checks the clocks of a ticket.
pub(crate) fn clocks_are_right(file: &TicketFile, broken: &mut Vec<String>) {
    let number = file.ticket.number;
    let mut fired = BTreeSet::new();
    for event in &file.events {
        if let Some(due_at) = due_of(event)
            && event.at < due_at
        {
            broken.push(format!(
                "I7: ticket {number}, event {} came before it was due",
                event.v
            ));
        }
        match Signal::of(&event.fact) {
            Signal::Fired {
                metric,
                instance,
                step,
            } if !fired.insert((metric, instance, step)) => {
                broken.push(format!(
                    "I7: ticket {number} took step {step} of {} twice",
                    metric.as_str()
                ));
            }
            Signal::Voided { metric, instance, .. } => {
                fired.retain(|(m, i, step)| {
                    (*m, *i) != (metric, Some(instance)) || matches!(step, Step::Warning(_))
                });
            }
            _ => {}
        }
    }
    // What has ended keeps the judgement of its policy, so this holds where one policy held throughout.
    let policy = Policy::standard();
    let terms = Terms::round_the_clock(&policy);
    let one_policy = !file
        .events
        .iter()
        .any(|event| matches!(event.fact, Fact::SlaPolicyApplied { .. }));
    if let Some(clocks) = file
        .ticket
        .clocks
        .as_ref()
        .filter(|clocks| one_policy && clocks.in_force == terms.in_force())
    {
        let recomputed = Clocks::recompute(&happenings(&file.events), &terms);
        let (v, at) = (clocks.v, clocks.at);
        if *clocks
            != (Clocks {
                v,
                at,
                ..recomputed.clone()
            })
        {
            broken.push(format!(
                "I3: the clocks of ticket {number} are not what its history gives: {clocks:?}, {recomputed:?}"
            ));
        }
    }
}

fn due_of(event: &TicketEvent) -> Option<docket_domain::Timestamp> {
    match &event.fact {
        Fact::SlaWarned { due_at, .. }
        | Fact::SlaBreached { due_at, .. }
        | Fact::CustomerReminded { due_at, .. } => Some(*due_at),
        Fact::SlaEscalated { firing, .. } => Some(firing.due_at),
        _ => None,
    }
}
