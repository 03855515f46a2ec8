//! Hours of the ledger that do not balance are counted anew: once an hour, a quarter of one after the last has ended.

use crate::SweepError;
use docket_desk::Desk;
use docket_intake::{balance, unbalanced};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The minute of the hour at which that is done. A sweep that is missed at it is made up for an hour later.
const MINUTE: i8 = 15;
/// How long it has: a share of its own, whatever else a sweep has to do.
const WORKING_TIME: Duration = Duration::from_secs(10);

/// Counts anew what does not balance, the newest first, and says so; how many hours that were. One that can't be counted keeps no
/// other from it.
pub(crate) async fn rebalance(desk: &Desk) -> Result<usize, SweepError> {
    if desk.now().to_zoned(jiff::tz::TimeZone::UTC).minute() != MINUTE {
        return Ok(0);
    }
    let until = Instant::now() + WORKING_TIME;
    let mut done = 0;
    let mut failed = None;
    for (hour, before) in unbalanced(desk).await?.into_iter().rev() {
        match timeout_at(until, balance(desk, hour, before)).await {
            Ok(Ok(Some(counted))) => {
                done += 1;
                tracing::warn!(
                    %hour,
                    put_back = counted.put_back.len(),
                    "hour {hour} of the ledger did not balance and was counted anew: {}", counted.in_words()
                );
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => {
                tracing::error!(%hour, %error, "hour {hour} of the ledger does not balance and could not be counted anew");
                failed = Some(error);
            }
            Err(_) => {
                tracing::error!(%hour, "hour {hour} of the ledger does not balance, and a sweep has no time to count it anew: docket ledger --recount does it");
                break;
            }
        }
    }
    match failed {
        None => Ok(done),
        Some(error) => Err(error.into()),
    }
}
