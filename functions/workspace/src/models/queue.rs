//! The view beside the ticket that was opened from it: what comes next, and how late it is.

use crate::{
    came_from::CameFrom,
    models::due::{Here, Margin, margin, since},
    names::Names,
    words,
};
use docket_domain::{PersonId, TicketNumber, ticket::Ticket};

/// Tickets shown before the open one.
const BEFORE: usize = 4;
/// Tickets shown in all.
pub const MOST_BESIDE: usize = 16;

/// Where a ticket stands in its view.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// From 1; nothing for a ticket that is not, or no longer, in the page.
    pub position: Option<usize>,
    /// The ticket before it.
    pub previous: Option<TicketNumber>,
    /// The ticket after it; the first of the view for one that is not in it.
    pub next: Option<TicketNumber>,
    /// Those around it.
    pub beside: Vec<TicketNumber>,
}

impl Place {
    /// The place in a page of a view.
    pub fn of(number: TicketNumber, numbers: &[TicketNumber]) -> Self {
        let Some(at) = numbers.iter().position(|other| *other == number) else {
            return Self {
                next: numbers.first().copied(),
                beside: numbers.iter().take(MOST_BESIDE).copied().collect(),
                ..Self::default()
            };
        };
        let first = at
            .saturating_sub(BEFORE)
            .min(numbers.len().saturating_sub(MOST_BESIDE));
        Self {
            position: Some(at + 1),
            previous: at.checked_sub(1).map(|before| numbers[before]),
            next: numbers.get(at + 1).copied(),
            beside: numbers.iter().skip(first).take(MOST_BESIDE).copied().collect(),
        }
    }
}

/// A line of it.
pub struct QueueRow {
    pub href: String,
    pub subject: String,
    pub who: String,
    pub due: Margin,
    pub last: String,
    pub is_open: bool,
}

/// The view.
pub struct Queue {
    pub title: String,
    pub rows: Vec<QueueRow>,
    /// Such as "3 of 18"; empty where it is not known.
    pub position: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The number of the next ticket, for the form that goes on to it.
    pub next_number: String,
}

impl Queue {
    /// The view around a ticket. `count`: how many tickets it has, in words; empty where that is not known, or this is not its first
    /// page.
    pub fn of(
        place: &Place,
        tickets: &[Ticket],
        (number, from): (TicketNumber, &CameFrom),
        count: &str,
        names: &Names,
        here: &Here,
    ) -> Self {
        let row = |ticket: &Ticket| QueueRow {
            href: from.ticket(ticket.number),
            subject: words::subject(&ticket.subject),
            who: names.person(ticket.requester),
            due: margin(ticket, here),
            last: since(ticket.updated_at, here),
            is_open: ticket.number == number,
        };
        let position = match place.position {
            Some(position) if !count.is_empty() => t!("{position} of {count}", position, count),
            _ => String::new(),
        };
        Self {
            title: from.title().to_owned(),
            rows: tickets.iter().map(row).collect(),
            position,
            previous: place.previous.map(|number| from.ticket(number)),
            next: place.next.map(|number| from.ticket(number)),
            next_number: place.next.map(|number| number.to_string()).unwrap_or_default(),
        }
    }
}

/// Whose names the rows need.
pub fn people_of(tickets: &[Ticket]) -> impl Iterator<Item = PersonId> + '_ {
    tickets.iter().map(|ticket| ticket.requester)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(range: std::ops::RangeInclusive<u64>) -> Vec<TicketNumber> {
        range.map(TicketNumber).collect()
    }

    #[test]
    fn a_ticket_has_its_neighbours_in_its_view() {
        let all = numbers(1..=30);
        let place = Place::of(TicketNumber(10), &all);
        assert_eq!(place.position, Some(10));
        assert_eq!(
            (place.previous, place.next),
            (Some(TicketNumber(9)), Some(TicketNumber(11)))
        );
        assert_eq!(place.beside, numbers(6..=21));
        let first = Place::of(TicketNumber(1), &all);
        assert_eq!((first.previous, first.next), (None, Some(TicketNumber(2))));
        let last = Place::of(TicketNumber(30), &all);
        assert_eq!(last.next, None);
        assert_eq!(last.beside, numbers(15..=30));
    }

    #[test]
    fn a_ticket_that_left_its_view_goes_on_with_the_first() {
        let place = Place::of(TicketNumber(99), &numbers(1..=2));
        assert_eq!((place.position, place.next), (None, Some(TicketNumber(1))));
        assert_eq!(Place::of(TicketNumber(1), &[]), Place::default());
    }
}
