//! From a zone's name and a local time to an instant.
//!
//! Zones come from the database that is compiled in, never from the machine's: every machine counts alike, and a
//! function has no `/usr/share/zoneinfo`.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use std::sync::LazyLock;

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Most changes of a zone's rules that are looked at to find the one that skips a local time: there is one, and beside
/// it at most a few that change the zone's name only.
const MOST_CHANGES: usize = 8;

/// The zone of this name, whatever its case.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    DATABASE.get(name).ok()
}

/// When a span begins that begins at a local time: the first instant that exists, and of two the earlier.
pub(super) fn begins_at(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).ok(),
        AmbiguousOffset::Gap { .. } => after_gap(zone, local),
    }
}

/// When a span ends that ends at a local time: the first instant that exists, and of two the later.
pub(super) fn ends_at(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
        AmbiguousOffset::Fold { after, .. } => after.to_timestamp(local).ok(),
        AmbiguousOffset::Gap { .. } => after_gap(zone, local),
    }
}

/// The instant at which the clocks skip the local time.
fn after_gap(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let AmbiguousOffset::Gap { after, .. } = zone.to_ambiguous_timestamp(local).offset() else {
        return None;
    };
    // Read with the offset that holds after the change, the skipped time lies before it.
    let before_the_change = after.to_timestamp(local).ok()?;
    zone.following(before_the_change)
        .take(MOST_CHANGES)
        .find(|change| change.offset() == after)
        .map(|change| change.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(name: &str, local: &str) -> (String, String) {
        let zone = zone(name).unwrap();
        let local = local.parse().unwrap();
        let text = |at: Option<Timestamp>| at.unwrap().to_string();
        (text(begins_at(&zone, local)), text(ends_at(&zone, local)))
    }

    fn both(at: &str) -> (String, String) {
        (at.to_owned(), at.to_owned())
    }

    #[test]
    fn a_skipped_time_moves_to_the_first_instant_that_exists() {
        assert_eq!(
            ends("Europe/Berlin", "2026-03-29T02:30"),
            both("2026-03-29T01:00:00Z")
        );
        assert_eq!(
            ends("Australia/Lord_Howe", "2026-10-04T02:10"),
            both("2026-10-03T15:30:00Z")
        );
        assert_eq!(
            ends("Pacific/Apia", "2011-12-30T12:00"),
            both("2011-12-30T10:00:00Z")
        );
    }

    #[test]
    fn of_a_repeated_time_the_first_begins_and_the_second_ends() {
        let repeated = |first: &str, second: &str| (first.to_owned(), second.to_owned());
        assert_eq!(
            ends("Europe/Berlin", "2026-10-25T02:30"),
            repeated("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")
        );
        assert_eq!(
            ends("Europe/Berlin", "2026-10-25T02:00"),
            repeated("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
            "the first minute that comes twice"
        );
        assert_eq!(
            ends("Europe/Berlin", "2026-10-25T03:00"),
            both("2026-10-25T02:00:00Z"),
            "the first minute after them"
        );
    }
}
