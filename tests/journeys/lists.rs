//! Lists of many tickets: what is overdue stands first, and paging comes to each ticket once.

use crate::in_world;
use docket_desk::{MOST_COUNTED, TicketList};
use docket_domain::{TicketNumber, Timestamp, ticket::StatusClass};
use docket_local::{
    fill::written_ticket,
    world::{World, WorldOptions},
};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// How many tickets, and how many of them are overdue: each 125th.
const TICKETS: u64 = 5_000;
const OVERDUE: usize = 40;
const PAGE: usize = 100;

#[test]
fn of_five_thousand_tickets_the_forty_that_are_overdue_stand_first_and_paging_comes_to_all() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let now = world.local.desk.now();
        let ago = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap();
        // A reply is promised within eight hours.
        let is_late = |number: u64| number.is_multiple_of(TICKETS / OVERDUE as u64);
        let created = |number: u64| -> Timestamp { if is_late(number) { ago(9) } else { ago(1) } };
        for first in (1..=TICKETS).step_by(500) {
            let written = (first..first + 500)
                .map(|number| written_ticket(TicketNumber(number), created(number)).unwrap());
            world.local.fill_written(written).unwrap();
        }
        let list = TicketList::Group(None, vec![StatusClass::Active]);
        let tickets = world.local.desk.tickets();
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = tickets.places(&list, after.as_deref(), PAGE).await.unwrap();
            let Some((place, _)) = page.last() else { break };
            after = Some(place.clone());
            seen.extend(page.iter().map(|(_, number)| *number));
        }
        let late: BTreeSet<TicketNumber> = (1..=TICKETS)
            .filter(|number| is_late(*number))
            .map(TicketNumber)
            .collect();
        let first: BTreeSet<TicketNumber> = seen.iter().take(OVERDUE).copied().collect();
        assert_eq!(first, late, "on page one, before all others");
        let soon = now.checked_add(SignedDuration::from_hours(8)).unwrap();
        let counts = tickets.due_counts(&list, (now, soon)).await.unwrap();
        assert_eq!(
            (counts.overdue, counts.soon),
            (OVERDUE, MOST_COUNTED + 1),
            "counting ends there"
        );
        let all: BTreeSet<TicketNumber> = seen.iter().copied().collect();
        assert_eq!(
            (seen.len() as u64, all.len() as u64),
            (TICKETS, TICKETS),
            "each once"
        );
    });
}
