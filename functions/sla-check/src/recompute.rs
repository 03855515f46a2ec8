//! After policies or calendars changed, the open tickets follow, a bounded number each minute and one at a time, so that
//! nobody's writes are held up. Until a ticket's turn comes, the versions that it was promised hold; whatever touches it
//! before takes it along.

use crate::SweepError;
use docket_desk::{Attempt, Changed, Desk};
use docket_domain::ticket::{Actor, Command, Ticket};
use jiff::SignedDuration;
use tokio::time::Instant;

/// Most tickets looked at in one minute.
const MOST_A_SWEEP: u64 = 2_000;
/// Tickets looked at between two marks of how far it came.
const PAGE: usize = 50;
/// How long the walk is left to whoever goes on with it, from mark to mark.
const LEFT_FOR: SignedDuration = SignedDuration::from_secs(120);

/// How often the walk begins again for tickets that failed.
const MOST_PASSES: u64 = 5;
/// How long it waits before.
const BETWEEN_PASSES: SignedDuration = SignedDuration::from_mins(10);

/// Takes the walk on by this minute's share, or as far as the time of this invocation lasts.
pub(crate) async fn go_on(desk: &Desk, until: Instant) -> Result<(), SweepError> {
    let Some(mut walk) = desk.rules().recompute().await? else {
        return Ok(());
    };
    desk.rules().book_since(walk.v).await?;
    let from = walk.looked_at;
    loop {
        let held_until = desk.now().checked_add(LEFT_FOR).ok();
        // Whoever is not the first leaves it to the other.
        if !desk.rules().step_recompute(&mut walk, held_until).await? {
            return Ok(());
        }
        let (numbers, rest) = desk.tickets().open(walk.after.as_ref(), PAGE).await?;
        for ticket in desk.tickets().get_many(&numbers).await? {
            let number = ticket.number;
            if let Err(error) = follow(desk, ticket, walk.v).await {
                tracing::error!(%number, %error, "ticket {number} could not be put under the SLA policies in force");
                walk.failed += 1;
            }
        }
        walk.looked_at += numbers.len() as u64;
        walk.after = rest;
        if walk.after.is_none() || walk.looked_at - from >= MOST_A_SWEEP || Instant::now() >= until {
            break;
        }
    }
    let mut due_at = Some(desk.now());
    let failed = walk.failed;
    let is_over = walk.after.is_none();
    if is_over && failed > 0 && walk.passes < MOST_PASSES {
        // Those that follow already are only looked at.
        walk.begin_again();
        due_at = desk.now().checked_add(BETWEEN_PASSES).ok();
    } else if is_over {
        due_at = None;
    }
    desk.rules().step_recompute(&mut walk, due_at).await?;
    tracing::info!(
        version = walk.v,
        looked_at = walk.looked_at,
        failed,
        is_over,
        "{} open tickets follow version {} of the SLA policies",
        walk.looked_at,
        walk.v
    );
    Ok(())
}

async fn follow(desk: &Desk, ticket: Ticket, v: u64) -> Result<(), SweepError> {
    let attempt = Attempt::by(Actor::System, format!("SLA policies, version {v}"));
    let number = ticket.number;
    let attempt = attempt.having_read(ticket);
    match desk.change_by(number, attempt, Command::FollowPolicy).await? {
        Changed::Refused(refusal) => Err(refusal.into()),
        Changed::Done(_) | Changed::Duplicate(_) | Changed::NotThere => Ok(()),
    }
}
