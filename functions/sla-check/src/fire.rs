//! Firing one entry of the index `due`.

use crate::{SweepError, recompute};
use docket_desk::{Attempt, Changed, Desk, Find, Found, Nudge, Queue};
use docket_domain::{
    OrganizationId, OutboxId, TicketNumber, Timestamp,
    outbox::{EVIDENCE_WITHIN, RecallableId, State, Work},
    ticket::{Actor, Command, Ticket, Triage},
};
use docket_store::{
    keys::ItemKey,
    queue::{CallOrder, IncidentsNudge},
    tickets::DueEntry,
};

use tokio::time::Instant;

const CAUSE: &str = "sweep";
/// Most tickets that one pass changes because of a person.
const MOST_AT_ONCE: usize = 100;

/// Fires an entry: the ticket's own timers, or the re-drive of a piece of outgoing work. For how long that has been in
/// doubt, in seconds, comes back.
pub(crate) async fn fire(desk: &Desk, entry: &DueEntry, until: Instant) -> Result<i64, SweepError> {
    let fired = match entry.key {
        ItemKey::Head(number) => fire_ticket(desk, number, entry).await.map(|()| 0),
        ItemKey::AgentLoad(agent) => desk.agents().settle(agent).await.map(|()| 0).map_err(Into::into),
        ItemKey::PersonWork(person) => {
            let went_on = desk.people().go_on(person, MOST_AT_ONCE).await;
            went_on.map(|()| 0).map_err(Into::into)
        }
        ItemKey::OrganizationWork(id) => go_on_with_members(desk, id).await.map(|()| 0),
        ItemKey::Outbox(id) => redrive_work(desk, id).await,
        ItemKey::Recallable(ref id) => save_answer(desk, id).await.map(|()| 0),
        ItemKey::Job(ref id) => desk.jobs().look_after(id).await.map(|()| 0).map_err(Into::into),
        ItemKey::Recompute => recompute::go_on(desk, until).await.map(|()| 0),
        _ => Ok(0),
    };
    // What can't be fired as it is keeps nobody busy until somebody has mended it.
    if fired.as_ref().is_err_and(SweepError::is_final) {
        desk.push_stuck(entry).await?;
    }
    fired
}

/// Some members of an organization that goes; the others are the matter of the function that does jobs.
async fn go_on_with_members(desk: &Desk, id: OrganizationId) -> Result<(), SweepError> {
    if desk.go_on_with_members(id).await? {
        desk.nudge_members(id).await?;
    }
    Ok(())
}

/// What the ticket's clocks say becomes events; a step that nobody took is nudged, after its next look was pushed
/// forward.
async fn fire_ticket(desk: &Desk, number: TicketNumber, entry: &DueEntry) -> Result<(), SweepError> {
    let attempt = Attempt::by(Actor::System, format!("due {}", entry.due_at));
    let mut due = Due {
        desk,
        number,
        entry,
        read: None,
    };
    let changed = desk.change_found(attempt, &mut due).await;
    match changed? {
        // Steps that are overdue as well stay in the index and are found by the next sweep.
        Changed::Done(saved) if !saved.events.is_empty() => Ok(()),
        Changed::Done(saved) => match due.read {
            Some((due_sk, redrives)) => {
                desk.tickets().erase_what_is_due(&saved.ticket).await?;
                nudge_overdue(desk, &saved.ticket, &due_sk, redrives).await
            }
            None => Ok(()),
        },
        Changed::Duplicate(_) | Changed::NotThere => Ok(()),
        Changed::Refused(refusal) => Err(refusal.into()),
    }
}

/// The ticket of an entry, as long as it has this entry.
struct Due<'a> {
    desk: &'a Desk,
    number: TicketNumber,
    entry: &'a DueEntry,
    /// Where it stands in the index, and how often the sweep has pushed it.
    read: Option<(String, u32)>,
}

impl Find<SweepError> for Due<'_> {
    async fn find(&mut self, _now: Timestamp) -> Result<Found, SweepError> {
        self.read = None;
        let Some((ticket, due_sk, redrives)) = self.desk.due().head(self.number).await? else {
            return Ok(Found::NotThere);
        };
        if due_sk != self.entry.due_sk {
            // The index was behind: the ticket has another time by now, and an entry for it.
            return Ok(Found::Nothing(Box::new(ticket)));
        }
        self.read = Some((due_sk, redrives));
        Ok(Found::wish(ticket, Command::FireTimers.into()))
    }
}

async fn nudge_overdue(desk: &Desk, ticket: &Ticket, due_sk: &str, redrives: u32) -> Result<(), SweepError> {
    if ticket.is_deleted() {
        return Ok(());
    }
    let now = desk.now();
    let tenant = &desk.settings.tenant;
    let triage = matches!(ticket.triage, Triage::Due { overdue_at } if overdue_at <= now);
    let waits = ticket
        .waiting
        .as_ref()
        .is_some_and(|waiting| waiting.overdue_at <= now);
    let incidents = ticket.incidents_due.filter(|due| due.overdue_at <= now);
    if !triage && !waits && incidents.is_none() {
        return Ok(());
    }
    if !desk.due().push_head(ticket, due_sk, redrives).await? {
        return Ok(());
    }
    if triage {
        desk.queues()
            .send(Queue::Triage, &Nudge::triage(tenant, ticket.number, CAUSE))
            .await?;
    }
    if let Some(group) = ticket.group.filter(|_| waits) {
        let nudge = Nudge {
            ticket: Some(ticket.number),
            ..Nudge::assignment(tenant, group, CAUSE)
        };
        desk.queues().send(Queue::Assignment, &nudge).await?;
    }
    if let Some(due) = incidents {
        let nudge = IncidentsNudge::new(tenant, ticket.number, due.v);
        desk.queues().send(Queue::Jobs, &nudge).await?;
    }
    Ok(())
}

/// An agent's answer whose nudge was lost, or is late. What can't be saved its author finds beside the ticket.
async fn save_answer(desk: &Desk, id: &RecallableId) -> Result<(), SweepError> {
    desk.tickets().save_answer(id).await.map(drop).map_err(Into::into)
}

async fn is_private(desk: &Desk, id: OutboxId, comment_v: u64) -> Result<bool, SweepError> {
    let comment = desk.tickets().comment(id.ticket, comment_v).await?;
    Ok(comment.is_some_and(|comment| !comment.public))
}

async fn redrive_work(desk: &Desk, id: OutboxId) -> Result<i64, SweepError> {
    let Some(item) = desk.outbox().get(id).await? else {
        return Ok(0);
    };
    let now = desk.now();
    if item.is_done() || item.next_due_at.is_none_or(|at| at > now) {
        return Ok(0);
    }
    let tenant = &desk.settings.tenant;
    match item.work {
        Work::Mail { .. } => {
            if desk.outbox().push(&item).await? {
                desk.queues()
                    .send(Queue::Delivery, &Nudge::outbox(tenant, id, CAUSE))
                    .await?;
            }
        }
        Work::Call { comment_v, .. } if is_private(desk, id, comment_v).await? => {
            // It was made one before the call was answered.
            let withheld = item.withheld("the comment is for agents only now");
            desk.outbox().advance(&item, &withheld, vec![]).await?;
        }
        Work::Call { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => {
            let begun = item.begun_call(now);
            if desk.outbox().advance(&item, &begun, vec![]).await? {
                desk.queues()
                    .send(
                        Queue::Egress,
                        &CallOrder {
                            tenant: tenant.clone(),
                            item: begun,
                        },
                    )
                    .await?;
            }
        }
    }
    // The doubt began as long before its end as evidence may take.
    Ok(match item.state {
        State::InDoubt { resend_at } => {
            (now.as_second() - resend_at.as_second() + EVIDENCE_WITHIN.as_secs()).max(0)
        }
        _ => 0,
    })
}
