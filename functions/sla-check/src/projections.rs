//! What is kept beside tickets is brought up to date with what changed: so a nudge that was lost costs a minute.

use crate::SweepError;
use docket_desk::Desk;
use docket_projection::{Counters, Pass, Projection as _, Projections};
use tokio::time::Instant;

/// Brings all projections up to date; by how many seconds the last of them lags behind.
pub(crate) async fn catch_up(desk: &Desk, until: Instant) -> Result<i64, SweepError> {
    let projections = Projections::new(desk, &Counters).working_until(until.into_std());
    if projections.catch_up().await? == Pass::Whole {
        return Ok(0);
    }
    let state = desk.projection(Counters.name()).await?;
    let behind = state
        .until
        .map(|until| desk.now().duration_since(until).as_secs());
    Ok(behind.unwrap_or(0).max(0))
}
