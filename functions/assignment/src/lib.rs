//! Assignment: the tickets that wait in a group go to its agents, the most urgent first.
//!
//! Nudges name a group. One run at a time holds a group's lease and gives out its tickets in order, so that a burst
//! does not send every invocation to the same agent; whoever comes meanwhile leaves a mark, and the holder looks once
//! more before it lets go. Load and ticket change in one transaction, so a lost lease costs a retry and never a
//! ticket too many.

mod drain;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_aws::{Desk, Nudge, StoreError};
use docket_domain::{
    assignment::{AgentLoad, Availability},
    ticket::Refusal,
};
use docket_lambda::batch::{BatchError, each_message};

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

/// Handles a batch of queue `assignment`.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    each_message(batch, |message| async move {
        let nudge: Nudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        look_at_group(desk, &nudge).await
    })
    .await
}

/// Gives out what waits in the nudge's group while somebody has room, and tells the tickets of all who asked why they
/// wait on, if they do.
async fn look_at_group(desk: &Desk, nudge: &Nudge) -> Result<(), AssignmentError> {
    let group = nudge.group.ok_or(AssignmentError::NoGroup)?;
    if !has_room(&desk.roster(group).await?) {
        return drain::explain_waits(desk, group, nudge.ticket.as_slice()).await;
    }
    let Some(mut lease) = desk.lease_assignment(group, nudge.ticket).await? else {
        // Whoever holds the lease looks again, and finds this ticket among those that asked.
        return Ok(());
    };
    loop {
        drain::give_out(desk, group).await?;
        drain::explain_waits(desk, group, &lease.asked).await?;
        if !desk.release_assignment(&mut lease).await? {
            return Ok(());
        }
    }
}

fn has_room(roster: &[AgentLoad]) -> bool {
    roster
        .iter()
        .any(|load| load.availability == Availability::Online && load.load_units < i64::from(load.capacity))
}
