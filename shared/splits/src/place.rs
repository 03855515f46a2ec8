//! Places in an order, and the first of many.

use crate::{
    ask::{Hit, Rank},
    schema::kind_number,
    split::Newest,
};
use docket_search::{Direction, Kind};
use std::{cmp::Ordering, collections::BinaryHeap};

/// Scores are told apart by thousandths: below that the order in which they were added up would decide.
const PARTS_OF_A_SCORE: f64 = 1_000.0;

/// A place in an order: the lesser comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    group_missing: bool,
    group: i64,
    missing: bool,
    value: i64,
    number: u64,
    kind: u64,
}

impl Place {
    pub(crate) fn by_score(score: f32, thing: &Newest) -> Self {
        // A float becomes the nearest number there is.
        let value = (f64::from(score) * PARTS_OF_A_SCORE).round() as i64;
        Self::by_value(Some(value), thing.number, thing.kind, Direction::Descending)
    }

    pub(crate) fn by_value(value: Option<i64>, number: u64, kind: Kind, direction: Direction) -> Self {
        let (missing, value, kind) = (value.is_none(), value.unwrap_or_default(), kind_number(kind));
        let (group_missing, group) = (false, 0);
        match direction {
            Direction::Ascending => Self {
                group_missing,
                group,
                missing,
                value,
                number,
                kind,
            },
            // Every bit turned is the opposite order.
            Direction::Descending => Self {
                group_missing,
                group,
                missing,
                value: !value,
                number: !number,
                kind: !kind,
            },
        }
    }

    /// The same place in a group, where there are groups.
    pub(crate) fn in_group(self, group: Option<(Option<i64>, Direction)>) -> Self {
        let Some((group, direction)) = group else {
            return self;
        };
        let value = group.unwrap_or_default();
        Self {
            group_missing: group.is_none(),
            group: match direction {
                Direction::Ascending => value,
                Direction::Descending => !value,
            },
            ..self
        }
    }
}

/// The first of all that are offered.
pub(crate) struct Best {
    most: usize,
    after: Option<Place>,
    count: u64,
    heap: BinaryHeap<Found>,
}

struct Found {
    place: Place,
    hit: Hit,
}

impl Best {
    /// At most so many, all of them after a place.
    pub(crate) fn new(most: usize, after: Option<Place>) -> Self {
        Self {
            most,
            after,
            count: 0,
            heap: BinaryHeap::new(),
        }
    }

    pub(crate) fn offer(&mut self, place: Place, thing: Newest, rank: Rank) {
        self.count += 1;
        if self.after.is_some_and(|after| place <= after) {
            return;
        }
        if self.heap.len() >= self.most {
            match self.heap.peek() {
                Some(last) if place < last.place => self.heap.pop(),
                _ => return,
            };
        }
        let hit = Hit {
            kind: thing.kind,
            number: thing.number,
            version: thing.version,
            rank,
        };
        self.heap.push(Found { place, hit });
    }

    /// Those that are held but for the first of them, in order, and how many were offered.
    pub(crate) fn after_the_first(self, skip: usize) -> (Vec<Hit>, u64) {
        let found = self.heap.into_sorted_vec().into_iter().skip(skip);
        (found.map(|found| found.hit).collect(), self.count)
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Found {}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place)
    }
}
