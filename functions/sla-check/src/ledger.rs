//! Hours of the ledger that do not balance are counted anew: once an hour, a quarter of one after the last has ended.

use crate::SweepError;
use docket_desk::Desk;
use docket_intake::balance;
use std::time::{Duration, Instant};

/// The minute of the hour at which that is done. A sweep that is missed at it is made up for an hour later.
const MINUTE: i8 = 15;
/// How long it has: a share of its own, whatever else a sweep has to do.
const WORKING_TIME: Duration = Duration::from_secs(10);

/// Counts anew what does not balance, and says so; how many hours that were.
pub(crate) async fn rebalance(desk: &Desk) -> Result<usize, SweepError> {
    if desk.now().to_zoned(jiff::tz::TimeZone::UTC).minute() != MINUTE {
        return Ok(0);
    }
    let done = balance(desk, Instant::now() + WORKING_TIME).await?;
    for hour in &done {
        tracing::warn!(
            hour = %hour.hour,
            put_back = hour.put_back.len(),
            "hour {} of the ledger did not balance and was counted anew: {}", hour.hour, hour.in_words()
        );
        for key in &hour.put_back {
            tracing::error!(original = %key, "nobody took {key} in; it is back in the spool");
        }
    }
    Ok(done.len())
}
