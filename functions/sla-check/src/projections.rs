//! What is kept beside tickets is brought up to date with what changed: so a nudge that was lost costs a minute.

use crate::SweepError;
use docket_desk::Desk;
use docket_projection::{Counters, Pass, Projections, Search};
use docket_store::{
    Queue,
    projections::{COUNTERS, SEARCH},
    queue::ChangedNudge,
};
use jiff::tz::TimeZone;
use std::time::{Duration, Instant};

/// How long they have: a share of its own, whatever else a sweep has to do.
const WORKING_TIME: Duration = Duration::from_secs(10);

/// The minute of the day, in UTC, at which a part of the index of the search is compared with the tickets. A sweep that is missed at it
/// is made up for a month later.
const AUDIT_AT: (i8, i8) = (3, 17);

/// Has the index of the search looked after where something changed that may not be in it: a nudge without a name. A desk at rest
/// sends one a day. By how many seconds the index lags behind comes back, where that is known.
pub(crate) async fn look_after_search(desk: &Desk) -> Result<Option<i64>, SweepError> {
    let search = Projections::new(desk, &Search);
    let at = desk.now().to_zoned(TimeZone::UTC);
    let audit = (at.hour(), at.minute()) == AUDIT_AT;
    let is_up_to_date = search.is_up_to_date().await?;
    if !is_up_to_date || audit {
        let nudge = ChangedNudge {
            tenant: desk.settings.tenant.clone(),
            changed: vec![],
            audit,
        };
        desk.queues().send(Queue::Index, &nudge).await?;
    }
    if is_up_to_date {
        return Ok(Some(0));
    }
    // Since when something may not be in it: the walk of each minute moves that on.
    let until = desk.projection(SEARCH).await?.until;
    Ok(until.map(|until| desk.now().duration_since(until).as_secs().max(0)))
}

/// Brings the counts of views up to date, and tells agents what they were not told yet; by how many seconds they lag behind, where that is
/// known.
pub(crate) async fn catch_up(desk: &Desk) -> Result<Option<i64>, SweepError> {
    let counters = Projections::new(desk, &Counters).working_until(Instant::now() + WORKING_TIME);
    match counters.catch_up().await? {
        Pass::Whole => Ok(Some(0)),
        // Whoever is at it says so.
        Pass::Elsewhere => Ok(None),
        Pass::Cut => {
            let state = desk.projection(COUNTERS).await?;
            let since = state.building.map(|building| building.since).or(state.until);
            Ok(since.map(|since| desk.now().duration_since(since).as_secs().max(0)))
        }
    }
}
