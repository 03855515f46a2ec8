//! Assignment: the tickets that wait in a group go to its agents, the most urgent first.
//!
//! Nudges name a group. One run at a time holds a group's lease and gives out its tickets in order, so that a burst
//! does not send every invocation to the same agent; whoever comes meanwhile leaves a mark, and the holder looks once
//! more before it lets go. Load and ticket change in one transaction, so a lost lease costs a retry and never a
//! ticket too many.

mod drain;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_aws::{Desk, Nudge, StoreError};
use docket_domain::{
    GroupId, TicketNumber,
    assignment::{AgentLoad, Availability},
    ticket::Refusal,
};
use docket_lambda::batch::{BatchError, each_key};

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

/// Handles a batch of queue `assignment`: a group once, however many of its tickets ask.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    let read = |message: &SqsMessage| {
        let nudge: Nudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        Ok((nudge.group.ok_or(AssignmentError::NoGroup)?, nudge.ticket))
    };
    each_key(batch, read, |group, asked| async move {
        let asked: Vec<TicketNumber> = asked.into_iter().flatten().collect();
        look_at_group(desk, group, &asked).await
    })
    .await
}

/// Gives out what waits in a group while somebody has room, and tells the tickets of all who asked why they wait on, if
/// they do.
async fn look_at_group(desk: &Desk, group: GroupId, asked: &[TicketNumber]) -> Result<(), AssignmentError> {
    let mut roster = desk.roster(group).await?;
    if !has_room(&roster) {
        return drain::explain_waits(desk, group, asked).await;
    }
    let Some(mut lease) = desk.lease_assignment(group, asked).await? else {
        // Whoever holds the lease looks again, and finds these tickets among those that asked.
        return Ok(());
    };
    loop {
        let given = drain::give_out(desk, group, roster).await?;
        lease.asked.retain(|number| !given.contains(number));
        drain::explain_waits(desk, group, &lease.asked).await?;
        if !desk.release_assignment(&mut lease).await? {
            return Ok(());
        }
        roster = desk.roster(group).await?;
    }
}

fn has_room(roster: &[AgentLoad]) -> bool {
    roster
        .iter()
        .any(|load| load.availability == Availability::Online && load.load_units < i64::from(load.capacity))
}
