//! The nudges that follow from events.
//!
//! A nudge tells a stage to look at a ticket. Losing one costs only time, because the ticket's head says until when the
//! stage should have looked.

use crate::{
    GroupId, PersonId,
    ticket::{Fact, Status, Ticket, TicketEvent, Triage},
};
use serde::{Deserialize, Serialize};

/// Which stage is to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Nudge {
    /// Triage, at this ticket.
    Triage,
    /// Assignment, at the tickets that wait in this group.
    Assignment {
        /// The group.
        group: GroupId,
        /// An agent who has room again: what waits in their other groups is looked at, too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        freed: Option<PersonId>,
    },
    /// The incidents of this problem, which was solved.
    Incidents {
        /// Version of the event that asked for it.
        v: u64,
    },
}

/// The stages that should look because of these events, each once.
pub fn nudges(after: &Ticket, events: &[TicketEvent]) -> Vec<Nudge> {
    let mut nudges = Vec::new();
    if events.iter().any(|event| event.actor.imports()) {
        return nudges;
    }
    for nudge in events.iter().filter_map(|event| nudge(after, event)) {
        if !nudges.contains(&nudge) {
            nudges.push(nudge);
        }
    }
    nudges
}

/// The stage that should look because of this event.
fn nudge(after: &Ticket, event: &TicketEvent) -> Option<Nudge> {
    let here = |freed| after.group.map(|group| Nudge::Assignment { group, freed });
    let here_if_it_waits = || after.waiting.as_ref().and_then(|_| here(None));
    match &event.fact {
        Fact::TicketCreated(_) => Some(Nudge::Triage),
        Fact::Triaged(_) | Fact::GroupChanged { .. } | Fact::SkillsRequired { .. } => here_if_it_waits(),
        // Somebody's hands are free, or the ticket is to find new ones.
        Fact::StatusChanged {
            to: Status::Solved, ..
        } if after.assignee.is_some() => here(after.assignee),
        Fact::AssigneeChanged { from: Some(from), .. } => here(Some(*from)),
        Fact::AssigneeChanged {
            assignment_overdue_at: Some(_),
            ..
        } => here(None),
        // Whoever handed it back is away.
        Fact::HandedBack { .. } => here(None),
        Fact::Escalated { assignee, .. } => here(*assignee),
        Fact::IncidentsQueued(_) => Some(Nudge::Incidents { v: event.v }),
        Fact::Deleted { .. } if after.status.is_unsolved() && after.assignee.is_some() => {
            here(after.assignee)
        }
        // Its agent's hands are free, or it needs some again.
        Fact::Merged(merged) if merged.status.is_unsolved() && after.assignee.is_some() => {
            here(after.assignee)
        }
        Fact::MergeUndone(_) | Fact::Restored {} if after.triage != Triage::Done => Some(Nudge::Triage),
        Fact::MergeUndone(_) | Fact::Restored {} => here_if_it_waits(),
        _ => None,
    }
}
