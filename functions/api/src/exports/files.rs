//! Tickets with all that happened to them.

use crate::kit::{call::Call, error::ApiError};
use docket_desk::TicketFile;
use docket_domain::TicketNumber;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

/// Tickets that are read side by side.
const AT_ONCE: usize = 25;

/// These tickets with their events, those that were deleted, too.
pub(super) async fn files(call: &Call, numbers: &[TicketNumber]) -> Result<Vec<TicketFile>, ApiError> {
    let files = stream::iter(numbers.to_vec()).map(|number| call.desk.tickets().file(number));
    let files: Vec<_> = files.buffered(AT_ONCE).try_collect().await?;
    Ok(files.into_iter().flatten().collect())
}
