//! The tickets in which somebody named the agent, or a group of theirs: by the list that is kept of it, the last named first. That list
//! has an end ([`docket_desk::MOST_NOTIFICATIONS`]), so all of it is read for a page, and for the number beside the view.

use super::{
    ROWS, View,
    address::{ListAddress, Page},
    keyed::Listed,
};
use crate::failure::Failure;
use docket_desk::Desk;
use docket_domain::{PersonId, TicketNumber, notification::Notification, ticket::Ticket};

/// Where a ticket stands: when the agent was named in it last, in milliseconds, and its number.
type Place = (i64, u64);

/// Reads a page of them, and how many there are.
pub async fn list(desk: &Desk, address: &ListAddress, me: PersonId) -> Result<Listed, Failure> {
    Ok(page_of(standing(desk, me).await?, address))
}

/// How many there are.
pub async fn count(desk: &Desk, me: PersonId) -> Result<usize, Failure> {
    Ok(standing(desk, me).await?.len())
}

/// The numbers of all of them, in their order.
pub async fn numbers(desk: &Desk, me: PersonId) -> Result<Vec<TicketNumber>, Failure> {
    let all = standing(desk, me).await?;
    Ok(all.into_iter().map(|(_, ticket)| ticket.number).collect())
}

/// All of them with their places: one query, and one batch of heads.
async fn standing(desk: &Desk, me: PersonId) -> Result<Vec<(Place, Ticket)>, Failure> {
    let places = places(&desk.mentions().newest(me).await?);
    let numbers: Vec<TicketNumber> = places.iter().map(|(_, number)| TicketNumber(*number)).collect();
    let mut tickets = desk.tickets().get_many(&numbers).await?;
    tickets.retain(|ticket| View::Mentions.holds(ticket, me));
    let place_of = |ticket: &Ticket| {
        places
            .iter()
            .find(|(_, number)| *number == ticket.number.0)
            .copied()
    };
    Ok(tickets
        .into_iter()
        .filter_map(|ticket| Some((place_of(&ticket)?, ticket)))
        .collect())
}

/// The place of each ticket, once: of several times that somebody was named in it, the last counts.
fn places(mentions: &[Notification]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for mention in mentions {
        let place = (mention.at.as_millisecond(), mention.ticket.0);
        match places.iter_mut().find(|(_, number)| *number == place.1) {
            Some(known) => *known = place.max(*known),
            None => places.push(place),
        }
    }
    places.sort_unstable_by(|one, other| other.cmp(one));
    places
}

/// The page at an address of what there is.
fn page_of(all: Vec<(Place, Ticket)>, address: &ListAddress) -> Listed {
    let first_behind = |place: Place| all.partition_point(|(other, _)| *other >= place);
    let first_of_before = |place: Place| {
        let end = all.partition_point(|(other, _)| *other > place);
        end.saturating_sub(ROWS)
    };
    let start = match address.page() {
        Page::First => None,
        Page::After(place) => read(place).map(first_behind),
        Page::Before(place) => read(place).map(first_of_before),
    };
    // What is no place of this list, and what is before its second page, is its first.
    let start = start.unwrap_or(0);
    let count = all.len();
    let here = match start {
        0 => address.first(),
        _ => address.clone(),
    };
    let shown: Vec<(Place, Ticket)> = all.into_iter().skip(start).take(ROWS).collect();
    let last = shown.last().map(|(place, _)| *place);
    Listed {
        previous: match (start, shown.first()) {
            (0, _) => None,
            // Behind the end there is a way back.
            (_, None) => Some(here.first()),
            (_, Some((place, _))) => Some(here.ahead_of(&written(*place))),
        },
        next: last
            .filter(|_| start + shown.len() < count)
            .map(|place| here.behind(&written(place), shown.len())),
        first_row: start + 1,
        count: Some(count),
        tickets: shown.into_iter().map(|(_, ticket)| ticket).collect(),
        ..Listed::default()
    }
}

fn written((at, number): Place) -> String {
    format!("{at}.{number}")
}

fn read(place: &str) -> Option<Place> {
    let (at, number) = place.split_once('.')?;
    Some((at.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{Timestamp, notification::NotificationKind};

    fn mention(second: i64, ticket: u64, v: u64) -> Notification {
        Notification {
            kind: NotificationKind::Mentioned,
            ticket: TicketNumber(ticket),
            v,
            at: Timestamp::from_second(second).unwrap(),
            by: None,
        }
    }

    fn tickets(count: u64) -> Vec<(Place, Ticket)> {
        let ticket = |number| ((1_000, number), Ticket::blank(TicketNumber(number)));
        (1..=count).rev().map(ticket).collect()
    }

    fn shown(listed: &Listed) -> Vec<u64> {
        listed.tickets.iter().map(|ticket| ticket.number.0).collect()
    }

    #[test]
    fn a_ticket_stands_once_where_it_was_named_last() {
        let mentions = [
            mention(30, 7, 9),
            mention(20, 8, 2),
            mention(10, 7, 3),
            mention(20, 9, 1),
        ];
        let places: Vec<u64> = places(&mentions).into_iter().map(|(_, number)| number).collect();
        assert_eq!(places, [7, 9, 8]);
    }

    #[test]
    fn pages_of_fifty_go_back_and_forth_and_tell_how_many_there_are() {
        let first = page_of(tickets(60), &ListAddress::of(View::Mentions));
        assert_eq!(
            (shown(&first).len(), first.count, first.first_row),
            (50, Some(60), 1)
        );
        assert_eq!(first.previous, None);
        let second = page_of(tickets(60), &first.next.unwrap());
        assert_eq!((shown(&second), second.first_row), ((1..=10).rev().collect(), 51));
        assert_eq!(second.next, None);
        let back = page_of(tickets(60), &second.previous.unwrap());
        assert_eq!((shown(&back), back.previous), ((11..=60).rev().collect(), None));
        // What was named meanwhile moves no page.
        let later = page_of(
            tickets(61),
            &page_of(tickets(60), &ListAddress::of(View::Mentions))
                .next
                .unwrap(),
        );
        assert_eq!(shown(&later), (1..=10).rev().collect::<Vec<u64>>());
    }

    #[test]
    fn a_place_of_another_list_is_the_beginning_and_behind_the_end_there_is_a_way_back() {
        let elsewhere = ListAddress::read("view=mentions&after=0%231772442000000%23000000000012");
        assert_eq!(shown(&page_of(tickets(2), &elsewhere)), [2, 1]);
        let behind = page_of(tickets(2), &ListAddress::read("view=mentions&after=1.1&from=51"));
        assert_eq!((shown(&behind).len(), behind.next), (0, None));
        assert_eq!(behind.previous, Some(ListAddress::of(View::Mentions)));
        assert_eq!(page_of(vec![], &ListAddress::of(View::Mentions)).count, Some(0));
    }
}
