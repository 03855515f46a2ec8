//! A walk over tickets in the order of the index `changed`, each with all that is told of it: for exports of what happened to clocks,
//! where so many tickets changed that a page in the order of time would read too many. It reads each ticket once, however many there
//! are; one that changes meanwhile stands further on, and comes there.

use super::{cursor::Place, files::files, minute_of};
use crate::kit::{call::Call, error::ApiError};
use docket_desk::{ChangedClass, TicketFile};
use docket_domain::{TicketNumber, Timestamp};
use std::collections::HashMap;

/// The parameter that says how far a walk went.
pub(crate) const WALKED: &str = "behind_place";
/// Tickets that are read at once.
const CHUNK: usize = 100;

/// How far a walk went: behind a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Walked {
    /// The minute under which the ticket stands, in seconds since 1970.
    pub minute: i64,
    pub number: u64,
}

impl Walked {
    /// Before everything that changed at a time or later.
    pub fn before(at: Timestamp) -> Self {
        Self {
            minute: minute_of(at).as_second(),
            number: 0,
        }
    }

    /// As a call says it.
    pub fn of(call: &Call) -> Option<Self> {
        Self::read(call.address.parameter(WALKED)?)
    }

    /// As it was written.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let minute = parts.next()?.parse().ok()?;
        let number = parts.next()?.parse().ok()?;
        let is_whole = parts.next().is_none() && Timestamp::from_second(minute).is_ok();
        is_whole.then_some(Self { minute, number })
    }

    /// As a parameter says it.
    pub fn write(self) -> String {
        format!("{}.{}", self.minute, self.number)
    }
}

/// A few tickets of a walk.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Each with where it stands.
    pub files: Vec<(Walked, TicketFile)>,
    /// Behind the last of them.
    pub walked: Walked,
    pub has_more: bool,
}

/// The next tickets of a walk, those that were deleted, too.
pub(crate) async fn piece(call: &Call, walked: Walked) -> Result<Piece, ApiError> {
    let after = Place {
        minute: walked.minute,
        number: walked.number,
    };
    let until = minute_of(call.desk.now());
    let page = call
        .desk
        .changed_page(ChangedClass::Tickets, after.in_index(), until, CHUNK)
        .await?;
    let place = |(minute, number): (Timestamp, u64)| Walked {
        minute: minute.as_second(),
        number,
    };
    let numbers: Vec<_> = page
        .places
        .iter()
        .map(|(_, number)| TicketNumber(*number))
        .collect();
    let places: HashMap<u64, Walked> = page.places.iter().map(|at| (at.1, place(*at))).collect();
    let placed = |file: TicketFile| Some((*places.get(&file.ticket.number.0)?, file));
    Ok(Piece {
        files: files(call, &numbers)
            .await?
            .into_iter()
            .filter_map(placed)
            .collect(),
        walked: page.places.last().map_or(walked, |at| place(*at)),
        has_more: page.has_more,
    })
}

/// The numbers of tickets that changed at a time or later, in their order; nothing where there are more than `most`.
pub(crate) async fn numbers_since(
    call: &Call,
    from: Timestamp,
    most: usize,
) -> Result<Option<Vec<TicketNumber>>, ApiError> {
    let after = Place::before(minute_of(from).as_second()).in_index();
    let page = call
        .desk
        .changed_page(ChangedClass::Tickets, after, Timestamp::MAX, most)
        .await?;
    if page.has_more {
        return Ok(None);
    }
    let mut numbers: Vec<_> = page
        .places
        .into_iter()
        .map(|(_, number)| TicketNumber(number))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(Some(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_walk_went_is_read_as_it_was_written() {
        let walked = Walked {
            minute: 60,
            number: 7,
        };
        assert_eq!(Walked::read(&walked.write()), Some(walked));
        for text in ["", "60", "60.7.3", "a.b", "9999999999999.1"] {
            assert_eq!(Walked::read(text), None, "{text}");
        }
    }
}
