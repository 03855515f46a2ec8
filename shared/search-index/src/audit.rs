//! Compares the index with the tickets themselves, a part of them each day.

use crate::{error::IndexError, kept::KeptIndex};
use docket_domain::TicketNumber;
use docket_search::Kind;
use std::collections::HashMap;

/// In how many parts all tickets are compared, one a day.
const PARTS: u64 = 30;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// Heads that are read at once.
const AT_ONCE: usize = 100;

/// The part that is compared at a time, in seconds since 1970.
pub fn audit_part(at: i64) -> u64 {
    u64::try_from(at.div_euclid(DAY)).unwrap_or_default() % PARTS
}

impl KeptIndex<'_> {
    /// The tickets of a part that the index does not have as they are now, until `is_over` says so.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn differing(
        self,
        part: u64,
        is_over: impl Fn() -> bool,
    ) -> Result<Vec<TicketNumber>, IndexError> {
        let opened = self.open().await?;
        let is_in_part = |number: u64| number % PARTS == part;
        let known: HashMap<u64, (u64, bool)> = opened
            .splits
            .versions()
            .filter(|(kind, number, ..)| *kind == Kind::Ticket && is_in_part(*number))
            .map(|(_, number, version, is_gone)| (number, (version, is_gone)))
            .collect();
        let last = self.store.tickets().last_number().await?;
        let numbers: Vec<TicketNumber> = (1..=last)
            .filter(|number| is_in_part(*number))
            .map(TicketNumber)
            .collect();
        let mut differing = Vec::new();
        for numbers in numbers.chunks(AT_ONCE) {
            if is_over() {
                tracing::warn!("the index of the search could not be compared as far as it was to be today");
                break;
            }
            let heads = self.store.heads_now(numbers).await?;
            let heads: HashMap<u64, (u64, bool)> = heads
                .iter()
                .map(|head| (head.number.0, (head.v, head.is_deleted())))
                .collect();
            differing.extend(numbers.iter().filter(|number| {
                let (head, known) = (heads.get(&number.0), known.get(&number.0));
                match (head, known) {
                    (None, None) => false,
                    (None, Some((_, is_gone))) => !is_gone,
                    (Some((_, is_deleted)), None) => !is_deleted,
                    // A change that came in meanwhile has a nudge of its own.
                    (Some(head), Some(known)) => head != known,
                }
            }));
        }
        Ok(differing)
    }
}
