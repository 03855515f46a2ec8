//! How many open tickets each group and each agent has, by status, and how many of them nobody has or sleep. What agents are told rides on
//! it: it reads the same tickets, and whoever looks because of what they are told finds the counts.

use crate::{Difference, Projection};
use docket_domain::ticket::{
    Ticket,
    counted::{CountedPlace, Counts},
};
use docket_store::{Store, projections::COUNTERS, table::Write};

/// The counts of views, and with them what agents are told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counters;

impl Projection for Counters {
    type Of = CountedPlace;

    fn name(&self) -> &'static str {
        COUNTERS
    }

    fn scheme(&self) -> u64 {
        1
    }

    fn of(&self, ticket: &Ticket) -> CountedPlace {
        CountedPlace::of(ticket)
    }

    fn most_parts(&self) -> usize {
        // The group and the agent that had it, and those that have it.
        4
    }

    fn writes(&self, store: &Store, generation: u64, changes: &[Difference<CountedPlace>]) -> Vec<Write> {
        let mut added = Counts::new();
        for change in changes {
            if !store.sabotage.no_decrement {
                change.before.add_to(&mut added, -1);
            }
            change.after.value.add_to(&mut added, 1);
        }
        store.count_writes(generation, &added)
    }

    fn tells(&self) -> bool {
        true
    }
}
