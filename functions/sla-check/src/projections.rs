//! What is kept beside tickets is brought up to date with what changed: so a nudge that was lost costs a minute.

use crate::SweepError;
use docket_desk::Desk;
use docket_projection::{Counters, Pass, Projection as _, Projections, Search};
use docket_store::{Queue, queue::ChangedNudge};
use std::time::{Duration, Instant};

/// How long they have: a share of its own, whatever else a sweep has to do.
const WORKING_TIME: Duration = Duration::from_secs(10);

/// Has the index of the search looked after where something changed that may not be in it: a nudge without a name. A desk at rest
/// sends none.
async fn look_after_search(desk: &Desk) -> Result<(), SweepError> {
    if Projections::new(desk, &Search).is_up_to_date().await? {
        return Ok(());
    }
    let nudge = ChangedNudge {
        tenant: desk.settings.tenant.clone(),
        changed: vec![],
    };
    Ok(desk.queues().send(Queue::Index, &nudge).await?)
}

/// Brings all projections up to date; by how many seconds the last of them lags behind, where that is known.
pub(crate) async fn catch_up(desk: &Desk) -> Result<Option<i64>, SweepError> {
    if let Err(error) = look_after_search(desk).await {
        tracing::warn!(%error, "the index of the search could not be looked after; the next sweep will");
    }
    let until = Instant::now() + WORKING_TIME;
    match Projections::new(desk, &Counters)
        .working_until(until)
        .catch_up()
        .await?
    {
        Pass::Whole => Ok(Some(0)),
        // Whoever is at it says so.
        Pass::Elsewhere => Ok(None),
        Pass::Cut => {
            let state = desk.projection(Counters.name()).await?;
            let since = state.building.map(|building| building.since).or(state.until);
            Ok(since.map(|since| desk.now().duration_since(since).as_secs().max(0)))
        }
    }
}
