//! From events to the head. The stored head is always `fold(events)`.

use super::{
    CustomerWait, Fact, ReplyVia, Satisfaction, Status, Ticket, TicketEvent, Triage, Waiting,
    evolve_links::evolve_links, fact, head::Deletion,
};
use crate::{
    RuleId, TicketNumber, Timestamp,
    assignment::DEFAULT_WEIGHT,
    contact::{comment::AuthorRole, tells::Call},
    rule::RuleRuns,
};

/// The head after all of `events`.
pub fn fold<'a>(number: TicketNumber, events: impl IntoIterator<Item = &'a TicketEvent>) -> Ticket {
    events.into_iter().fold(Ticket::blank(number), evolve)
}

/// The head after one more event.
pub fn evolve(mut ticket: Ticket, event: &TicketEvent) -> Ticket {
    let (at, was_updated_at) = (event.at, ticket.updated_at);
    ticket.v = event.v;
    ticket.updated_at = at;
    if event.clocks.is_some() {
        ticket.clocks.clone_from(&event.clocks);
    }
    match &event.fact {
        Fact::TicketCreated(fact::TicketCreated {
            subject,
            requester,
            channel,
            reply_via,
            external_id,
            priority,
            ticket_type,
            tags,
            follows,
            acknowledge: _,
            unacknowledged: _,
            weight,
            triage_overdue_at,
        }) => {
            ticket.subject.clone_from(subject);
            ticket.requester = *requester;
            ticket.channel = channel.clone();
            ticket.reply_via = reply_via.clone();
            ticket.external_id.clone_from(external_id);
            ticket.priority = *priority;
            ticket.ticket_type = *ticket_type;
            ticket.tags.clone_from(tags);
            ticket.follows = *follows;
            ticket.weight = weight.unwrap_or(DEFAULT_WEIGHT);
            ticket.created_at = at;
            ticket.triage = Triage::Due {
                overdue_at: *triage_overdue_at,
            };
        }
        Fact::CommentAdded(added) => {
            ticket.last_comment_v = event.v;
            if added.public {
                ticket.last_public_v = event.v;
            }
            let by_phone = added.call().is_some_and(Call::is_from_customer);
            if added.role == AuthorRole::Requester || by_phone {
                ticket.last_contact_at = Some(at);
            }
            // Who waits for an answer has it.
            if added.answers() {
                ticket.reopen_due_at = None;
                if let Some(wait) = &mut ticket.wait {
                    (wait.since, wait.reminders) = (at, 0);
                }
            }
        }
        Fact::Triaged(fact::Triaged {
            priority,
            group,
            ticket_type,
            tags_added,
            language,
            skills,
            assignment_overdue_at,
            ..
        }) => {
            ticket.language.clone_from(language);
            ticket.triage = Triage::Done;
            ticket.priority = Some(*priority);
            ticket.group = Some(*group);
            ticket.ticket_type = ticket_type.or(ticket.ticket_type);
            change_tags(&mut ticket, tags_added, &[]);
            ticket.skills.clone_from(skills);
            wait_for_agent(&mut ticket, at, Some(*assignment_overdue_at));
        }
        Fact::Assigned { assignee, .. } => {
            ticket.assignee = Some(*assignee);
            ticket.by_override = false;
            ticket.waiting = None;
        }
        Fact::AssignmentDeferred {
            reason,
            retry_at,
            changes_at,
            ..
        } => {
            let since = ticket.waiting.as_ref().map_or(at, |waiting| waiting.since);
            ticket.waiting = Some(Waiting {
                since,
                overdue_at: *retry_at,
                reason: Some(reason.clone()),
                changes_at: *changes_at,
            });
        }
        Fact::StatusChanged {
            from,
            to,
            close_due_at,
            wait,
            ..
        } => move_status(&mut ticket, *from, *to, *close_due_at, *wait, at),
        Fact::AssigneeChanged {
            to,
            assignment_overdue_at,
            ..
        } => {
            ticket.assignee = *to;
            ticket.by_override = to.is_some();
            wait_for_agent(&mut ticket, at, *assignment_overdue_at);
        }
        Fact::SkillsRequired {
            to,
            assignment_overdue_at,
            ..
        } => {
            ticket.skills.clone_from(to);
            if let (Some(waiting), Some(overdue_at)) = (&mut ticket.waiting, assignment_overdue_at) {
                waiting.overdue_at = waiting.overdue_at.min(*overdue_at);
            }
        }
        Fact::HandedBack {
            assignment_overdue_at,
            ..
        } => {
            (ticket.assignee, ticket.by_override) = (None, false);
            wait_for_agent(&mut ticket, at, Some(*assignment_overdue_at));
        }
        Fact::Escalated {
            to,
            assignment_overdue_at,
            ..
        } => {
            ticket.group = Some(*to);
            (ticket.assignee, ticket.by_override) = (None, false);
            wait_for_agent(&mut ticket, at, Some(*assignment_overdue_at));
        }
        Fact::GroupChanged {
            to,
            assignment_overdue_at,
            ..
        } => {
            ticket.group = Some(*to);
            wait_for_agent(&mut ticket, at, *assignment_overdue_at);
        }
        Fact::PriorityChanged { to, .. } => ticket.priority = Some(*to),
        Fact::TypeChanged { to, .. } => ticket.ticket_type = *to,
        Fact::ReplyViaChanged { to } => ticket.reply_via.clone_from(to),
        Fact::SubjectChanged { to, .. } => ticket.subject.clone_from(to),
        Fact::ExternalIdChanged(changed) => ticket.external_id.clone_from(&changed.to),
        Fact::ReopenHeldBack { reopen_due_at, .. } => {
            ticket.reopen_due_at = Some(*reopen_due_at);
            // It does not close before.
            ticket.close_due_at = ticket.close_due_at.map(|at| at.max(*reopen_due_at));
        }
        Fact::CcsChanged { added, removed } => {
            ticket.ccs.retain(|person| !removed.contains(person));
            ticket.ccs.extend(added.iter().copied());
            ticket.ccs.sort();
            ticket.ccs.dedup();
        }
        Fact::TagsChanged { added, removed } => change_tags(&mut ticket, added, removed),
        Fact::FieldsChanged { changed } => {
            for (name, value) in changed {
                match value {
                    Some(value) => ticket.fields.insert(name.clone(), value.clone()),
                    None => ticket.fields.remove(name),
                };
            }
        }
        Fact::FormChanged { to, .. } => ticket.form = *to,
        Fact::CustomStatusChanged { to, .. } => ticket.custom_status = *to,
        Fact::DueChanged { to, .. } => ticket.due_at = *to,
        Fact::SlaPolicySet { policy } => ticket.sla_policy = *policy,
        Fact::RuleRan(fact::RuleRan { rule, due_at, .. }) => {
            RuleRuns::count(&mut ticket.rule_runs, *rule, at, 1, false);
            has_run(&mut ticket, *rule, *due_at);
        }
        Fact::RuleStopped(fact::RuleStopped { rule, due_at, .. }) => {
            RuleRuns::count(&mut ticket.rule_runs, *rule, at, 0, true);
            has_run(&mut ticket, *rule, *due_at);
        }
        Fact::SlaPolicyApplied { to: None, .. } => ticket.clocks = None,
        Fact::Snoozed { until } => ticket.snoozed_until = Some(*until),
        Fact::SnoozeEnded { .. } => ticket.snoozed_until = None,
        Fact::CustomerReminded { nth, .. } => {
            if let Some(wait) = &mut ticket.wait {
                wait.reminders = *nth;
            }
        }
        Fact::Deleted { for_good_at } => {
            ticket.deletion = Some(Deletion {
                at,
                by: event.actor.person(),
                for_good_at: Some(*for_good_at),
            });
        }
        Fact::Restored {} => {
            ticket.deletion = None;
            ticket.by_override = ticket.assignee.is_some();
        }
        Fact::PermanentlyDeleted { erase_due_at, .. } => {
            forget_words(&mut ticket);
            (ticket.redacted_v, ticket.erase_due_at) = (event.v, Some(*erase_due_at));
            ticket.deletion = Some(Deletion {
                at,
                by: event.actor.person(),
                for_good_at: None,
            });
        }
        Fact::CommentRedacted {
            erase_due_at,
            subject,
            ..
        } => {
            if let Some(subject) = subject {
                ticket.subject.clone_from(subject);
            }
            (ticket.redacted_v, ticket.erase_due_at) = (event.v, Some(*erase_due_at));
        }
        Fact::CommentMadePrivate { last_public_v, .. } => ticket.last_public_v = *last_public_v,
        Fact::RequesterMerged { from, to, is_undone } => {
            ticket.requester = *to;
            // Who asks gets the answers themselves; who got copies before gets them again when it is undone.
            if ticket.ccs.contains(to) && !is_undone {
                ticket.copied_before.push(*to);
            }
            ticket.ccs.retain(|copied| copied != from && copied != to);
            let place = ticket.copied_before.iter().rposition(|known| known == from);
            if let Some(place) = place.filter(|_| *is_undone) {
                ticket.ccs.push(ticket.copied_before.remove(place));
                ticket.ccs.sort();
            }
            match ticket.merged_from.iter().rposition(|known| known == to) {
                Some(place) if *is_undone => ticket.merged_from.truncate(place),
                _ => ticket.merged_from.push(*from),
            }
            let over = ticket.merged_from.len().saturating_sub(Ticket::MOST_MERGED_FROM);
            ticket.merged_from.drain(..over);
            let over = ticket
                .copied_before
                .len()
                .saturating_sub(Ticket::MOST_MERGED_FROM);
            ticket.copied_before.drain(..over);
        }
        Fact::PersonForgotten { person } => {
            ticket.ccs.retain(|copied| copied != person);
            ticket.copied_before.retain(|copied| copied != person);
            ticket.followers.retain(|follower| follower != person);
            ticket.redacted_v = event.v;
        }
        Fact::Erased { again_at, .. } => ticket.erase_due_at = *again_at,
        Fact::SatisfactionRated { score, reason, .. } => {
            ticket.satisfaction = Some(Satisfaction {
                score: *score,
                reason: *reason,
                v: event.v,
                at,
            });
        }
        Fact::Merged(_)
        | Fact::MergedIn(_)
        | Fact::MergeUndone(_)
        | Fact::MergedInUndone(_)
        | Fact::ProblemChanged(_)
        | Fact::IncidentsQueued(_)
        | Fact::IncidentsSolved(_)
        | Fact::FollowersChanged(_)
        | Fact::Imported(_) => evolve_links(&mut ticket, event),
        // What these mean to the clocks is in the clocks that came with them.
        Fact::SlaPolicyApplied { .. }
        | Fact::SlaWarned { .. }
        | Fact::SlaBreached { .. }
        | Fact::SlaEscalated { .. }
        | Fact::SlaBreachVoided { .. }
        | Fact::SlaFulfilled { .. }
        | Fact::SolutionConfirmed { .. }
        | Fact::Skipped { .. }
        | Fact::AgentsNotified(_)
        | Fact::AutomationsPlanned { .. }
        | Fact::DeliveryReported { .. }
        | Fact::SplitOff(_)
        | Fact::SplitFrom(_) => {}
    }
    // What came from another system was last changed there.
    if event.actor.imports()
        && ticket.imported_at.is_some_and(|imported_at| imported_at == at)
        && event.fact.name() != "Imported"
    {
        ticket.updated_at = was_updated_at;
    }
    if let Some(automations) = &event.automations {
        ticket.automations.clone_from(automations);
    }
    ticket
}

/// Takes away what people put on the head.
fn forget_words(ticket: &mut Ticket) {
    ticket.subject.clear();
    ticket.external_id = None;
    ticket.reply_via = ReplyVia::Nowhere;
    ticket.tags.clear();
    ticket.fields.clear();
    ticket.ccs.clear();
    ticket.copied_before.clear();
    ticket.followers.clear();
}

/// An automation does not run again for the same moment.
fn has_run(ticket: &mut Ticket, rule: RuleId, due_at: Option<Timestamp>) {
    let mut planned = ticket.automations.iter_mut();
    if let Some(planned) = planned.find(|planned| planned.rule == rule && due_at.is_some()) {
        planned.due_at = None;
    }
}

/// Starts the wait for an agent, or ends it when somebody has the ticket.
pub(super) fn wait_for_agent(ticket: &mut Ticket, at: Timestamp, overdue_at: Option<Timestamp>) {
    ticket.waiting = match overdue_at {
        Some(overdue_at) if ticket.assignee.is_none() && ticket.status.is_unsolved() => Some(Waiting {
            since: at,
            overdue_at,
            reason: None,
            changes_at: None,
        }),
        _ => None,
    };
}

fn move_status(
    ticket: &mut Ticket,
    from: Status,
    to: Status,
    close_due_at: Option<Timestamp>,
    wait: Option<CustomerWait>,
    at: Timestamp,
) {
    ticket.status = to;
    // A status of the operator's own is of one category; what closes was solved.
    if to != Status::Closed {
        ticket.custom_status = None;
    }
    ticket.close_due_at = close_due_at;
    ticket.wait = wait;
    ticket.reopen_due_at = None;
    if to == Status::Solved {
        ticket.solved_at = Some(at);
    }
    if !to.is_unsolved() {
        ticket.waiting = None;
    }
    let reopened = from == Status::Solved && to.is_unsolved();
    if reopened {
        // What is not solved with it yet stays as it is.
        ticket.incidents_due = None;
        ticket.by_override = ticket.assignee.is_some();
        ticket.reopens += 1;
        let kept = ticket.reopened_at.len().saturating_sub(Ticket::MOST_REOPENS - 1);
        ticket.reopened_at.drain(..kept);
        ticket.reopened_at.push(at);
    }
}

fn change_tags(ticket: &mut Ticket, added: &[String], removed: &[String]) {
    ticket.tags.retain(|tag| !removed.contains(tag));
    ticket.tags.extend(added.iter().cloned());
    ticket.tags.sort();
    ticket.tags.dedup();
}
