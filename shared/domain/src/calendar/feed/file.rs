//! The events of a file, and what the file says of all of them: zones, the years that it speaks of, moved days.

use super::{
    event::Event,
    lines::ContentLine,
    years::{Budget, Years},
    zones::Zones,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A file, taken apart.
pub(super) struct File<'l> {
    /// Its events, in its order.
    pub(super) events: Vec<Event<'l>>,
    /// What the file says of all of them.
    pub(super) surroundings: Surroundings<'l>,
}

/// What a file says of all its events.
pub(super) struct Surroundings<'l> {
    /// Its zones.
    pub(super) zones: Zones,
    /// The years in which rules are followed.
    pub(super) years: Years,
    /// What is left of the work that rules may make.
    pub(super) budget: Budget,
    /// Days of a series, by its UID, in whose place an event of their own stands (RECURRENCE-ID).
    pub(super) replaced: BTreeMap<&'l str, BTreeSet<Date>>,
}

impl<'l> File<'l> {
    pub(super) fn of(lines: &'l [ContentLine]) -> Self {
        let events = events(lines);
        let zones = Zones::of(lines);
        let mut replaced: BTreeMap<&str, BTreeSet<Date>> = BTreeMap::new();
        for event in &events {
            if let (Some(series), Ok(Some(day))) = (event.series(), event.replaces(&zones)) {
                replaced.entry(series).or_default().insert(day);
            }
        }
        let years = Years::of(&events);
        Self {
            events,
            surroundings: Surroundings {
                zones,
                years,
                budget: Budget::default(),
                replaced,
            },
        }
    }
}

/// The events, without the properties of what is nested in them. One without an end goes to where the next begins.
fn events(lines: &[ContentLine]) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut open: Option<Event> = None;
    let mut nested = 0_usize;
    for line in lines {
        match &mut open {
            _ if line.is("BEGIN", "VEVENT") => {
                events.extend(open.take());
                nested = 0;
                open = Some(Event::begun(line.number));
            }
            None => {}
            Some(event) if line.is("END", "VEVENT") => {
                event.is_whole = true;
                events.extend(open.take());
            }
            Some(_) if line.name == "BEGIN" => nested += 1,
            Some(_) if line.name == "END" => nested = nested.saturating_sub(1),
            Some(event) if nested == 0 => event.properties.push(line),
            Some(_) => {}
        }
    }
    events.extend(open);
    events
}
