//! Whether the requester has an open ticket that seems to say the same.

use docket_desk::{BlobError, Desk, tickets::EarlierTickets};
use docket_domain::{
    ticket::Ticket,
    triage::{LikelyDuplicate, Words},
};

/// Most open tickets that are compared, the newest first: each is two reads, and what is sent twice is sent soon.
const MOST_COMPARED: usize = 5;

/// The open ticket most like this one, if any is like it. A ticket whose words can't be had is like none.
pub async fn likely_duplicate(
    desk: &Desk,
    ticket: &Ticket,
    text: &str,
    earlier: &EarlierTickets,
) -> Result<Option<LikelyDuplicate>, BlobError> {
    let words = Words::of(&ticket.subject, text);
    let mut found: Option<LikelyDuplicate> = None;
    for other in earlier.unsolved().take(MOST_COMPARED) {
        let body = match desk.tickets().first_body(other.number).await {
            Err(BlobError::Missing(key)) => {
                tracing::warn!(ticket = %other.number, key, "the first comment of ticket {} is not there", other.number);
                continue;
            }
            body => body?,
        };
        let likely = words.duplicates(other.number, &Words::of(&other.subject, &body.shown_text()));
        // Of two that are equally like it the newer stands.
        let best = found.as_ref().map_or(0, |best| best.likeness_percent);
        found = likely.filter(|likely| likely.likeness_percent > best).or(found);
    }
    Ok(found)
}
