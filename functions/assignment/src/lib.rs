//! Assignment: the tickets that wait in a group go to its agents, the most urgent first.
//!
//! Nudges name a group. One run at a time holds a group's lease and gives out its tickets in order, so that a burst
//! does not send every invocation to the same agent; whoever comes meanwhile leaves a mark, and the holder looks once
//! more before it lets go. Load and ticket change in one transaction, so a lost lease costs a retry and never a
//! ticket too many.

mod drain;
mod roster;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_desk::{Desk, Lease, Nudge, Queue, StoreError};
use docket_domain::{GroupId, PersonId, TicketNumber, ticket::Refusal};
use docket_lambda::batch::{BatchError, catch, each_key};
use drain::Reached;
use std::collections::BTreeSet;

/// Why waiting tickets could not be looked at now.
#[derive(Debug, thiserror::Error)]
pub enum AssignmentError {
    /// The message is none of ours.
    #[error("the nudge can't be read")]
    Nudge(#[from] serde_json::Error),
    /// The nudge names no group.
    #[error("the nudge names no group")]
    NoGroup,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The domain said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What a nudge asks of a group.
#[derive(Debug, Default)]
struct Asked {
    /// Tickets that wait for an agent or a reason.
    tickets: Vec<TicketNumber>,
    /// Agents who have room again.
    freed: Vec<PersonId>,
    /// Behind which place in the line to begin.
    after: Option<String>,
}

/// Handles a batch of queue `assignment`: a group once, however many of its tickets ask.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    let read = |message: &SqsMessage| {
        let nudge: Nudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        Ok((nudge.group.ok_or(AssignmentError::NoGroup)?, nudge))
    };
    each_key(batch, read, |group, nudges| async move {
        let mut asked = Asked {
            // Whoever goes on behind a place leaves what is before it; anybody else begins at the head of the line.
            after: nudges.iter().map(|nudge| nudge.after.clone()).min().flatten(),
            ..Asked::default()
        };
        for nudge in nudges {
            asked.tickets.extend(nudge.ticket);
            asked.freed.extend(nudge.freed);
        }
        let freed = std::mem::take(&mut asked.freed);
        look_at_group(desk, group, asked).await?;
        look_at_other_groups(desk, group, freed).await
    })
    .await
}

/// An agent has room again: what waits in the other groups they belong to is looked at, too.
async fn look_at_other_groups(
    desk: &Desk,
    seen: GroupId,
    mut freed: Vec<PersonId>,
) -> Result<(), AssignmentError> {
    freed.sort();
    freed.dedup();
    if freed.is_empty() {
        return Ok(());
    }
    let people = desk.people().get_many(&freed).await?;
    let groups: BTreeSet<GroupId> = people.iter().flat_map(|person| &person.groups).copied().collect();
    for group in groups.into_iter().filter(|group| *group != seen) {
        if !desk.tickets().waiting_page(group, None, 1).await?.is_empty() {
            look_at_group(desk, group, Asked::default()).await?;
        }
    }
    Ok(())
}

/// Gives out what waits in a group while somebody has room, and tells the tickets of all who asked why they wait on, if
/// they do.
async fn look_at_group(desk: &Desk, group: GroupId, asked: Asked) -> Result<(), AssignmentError> {
    let mut run = drain::Run::begin(desk, group).await?;
    if !run.has_room() {
        return run.explain(&asked.tickets).await;
    }
    let Some(mut lease) = desk.lease_assignment(group, &asked.tickets).await? else {
        // Whoever holds the lease looks again, and finds these tickets among those that asked.
        return Ok(());
    };
    // Whatever happens to the run, a panic included, the group is not left without anybody for the lease's time.
    let done = catch(hold(&mut run, &mut lease, asked.after)).await;
    if !matches!(done, Ok(Ok(_)))
        && let Err(error) = desk.abandon_lease(&lease).await
    {
        tracing::warn!(%group, %error, "the right to assign in group {group} could not be given back before its time");
    }
    match done {
        Ok(reached) => hand_on(desk, group, reached?).await,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Gives out tickets until nobody asks any more, and gives the right to do so back.
async fn hold(
    run: &mut drain::Run<'_>,
    lease: &mut Lease,
    mut after: Option<String>,
) -> Result<Reached, AssignmentError> {
    loop {
        let reached = run.give_out(after.take()).await?;
        run.look_at(&lease.asked).await?;
        if !run.desk().release_lease(lease).await? {
            return Ok(reached);
        }
        run.go_on().await?;
    }
}

/// Has another run go on where this one ended.
async fn hand_on(desk: &Desk, group: GroupId, reached: Reached) -> Result<(), AssignmentError> {
    let Reached::Place(after) = reached else {
        return Ok(());
    };
    let nudge = Nudge {
        after,
        ..Nudge::assignment(&desk.settings.tenant, group, "the line goes on")
    };
    desk.queues().send(Queue::Assignment, &nudge).await?;
    Ok(())
}
