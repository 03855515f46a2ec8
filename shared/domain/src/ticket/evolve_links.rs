//! The head after what happened between tickets.

use super::{
    Fact, IncidentsDue, Status, Ticket, TicketEvent, Triage, evolve::wait_for_agent, head::MergedInto,
};
use crate::PersonId;

/// The tag of a ticket that went into another, by which others' rules and reports know it.
const MERGED_TAG: &str = "closed_by_merge";

/// The head after an event of these kinds.
pub(super) fn evolve_links(ticket: &mut Ticket, event: &TicketEvent) {
    match &event.fact {
        Fact::Merged(merged) => {
            ticket.merged_into = Some(MergedInto {
                ticket: merged.into,
                v: event.v,
                status: merged.status,
            });
            ticket.status = Status::Closed;
            if ticket.tags.len() < Ticket::MOST_TAGS {
                ticket.tags.push(MERGED_TAG.to_owned());
                ticket.tags.sort();
                ticket.tags.dedup();
            }
        }
        Fact::MergeUndone(_) => {
            if let Some(merged) = ticket.merged_into.take() {
                ticket.status = merged.status;
            }
            ticket.by_override = ticket.assignee.is_some();
            ticket.tags.retain(|tag| tag != MERGED_TAG);
        }
        Fact::MergedIn(merged) => {
            ticket.merged.push(merged.source);
            change(&mut ticket.ccs, &merged.ccs, &[]);
            change(&mut ticket.followers, &merged.followers, &[]);
        }
        Fact::MergedInUndone(undone) => {
            ticket.merged.retain(|source| *source != undone.source);
            change(&mut ticket.ccs, &[], &undone.ccs);
            change(&mut ticket.followers, &[], &undone.followers);
        }
        Fact::ProblemChanged(changed) => ticket.problem = changed.to,
        Fact::IncidentsQueued(queued) => {
            ticket.incidents_due = Some(IncidentsDue {
                v: event.v,
                since: event.at,
                comment: queued.comment,
                overdue_at: queued.overdue_at,
            });
        }
        Fact::IncidentsSolved(_) => ticket.incidents_due = None,
        Fact::FollowersChanged(changed) => {
            change(&mut ticket.followers, &changed.added, &changed.removed);
        }
        Fact::Imported(imported) => {
            (ticket.group, ticket.assignee) = (imported.group, imported.assignee);
            ticket.by_override = imported.assignee.is_some();
            ticket.ccs.clone_from(&imported.ccs);
            ticket.followers.clone_from(&imported.followers);
            ticket.triage = Triage::Done;
            ticket.close_due_at = imported.close_due_at;
            wait_for_agent(ticket, event.at, imported.assignment_overdue_at);
            ticket.imported_at = Some(event.at);
            ticket.updated_at = imported.updated_at;
        }
        _ => {}
    }
}

fn change(people: &mut Vec<PersonId>, added: &[PersonId], removed: &[PersonId]) {
    people.retain(|person| !removed.contains(person));
    people.extend(added);
    people.sort();
    people.dedup();
}
