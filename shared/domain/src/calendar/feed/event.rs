//! An event, and the days on which it is.

use super::{
    super::{HolidayDate, LONGEST_NAME, MOST_HOLIDAYS},
    days::{self, Start},
    file::Surroundings,
    lines::ContentLine,
    rule::Rule,
    years::{Budget, Years},
    zones::Zones,
};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeSet;

/// Longest holiday that is taken, in days. What is longer is a season or a mistake.
pub const LONGEST_HOLIDAY_DAYS: i32 = 31;

/// The properties of one event.
pub(super) struct Event<'l> {
    /// Line where it begins.
    pub(super) line: usize,
    /// Its properties, without those of what is nested in it.
    pub(super) properties: Vec<&'l ContentLine>,
    /// Whether its end was found.
    pub(super) is_whole: bool,
}

/// The days of an event.
pub(super) struct Dates {
    /// The days, each once.
    pub(super) days: Vec<HolidayDate>,
    /// What is left out of them, in words.
    pub(super) left_out: Option<String>,
}

impl<'l> Event<'l> {
    /// An event that begins on a line.
    pub(super) fn begun(line: usize) -> Self {
        Self {
            line,
            properties: Vec::new(),
            is_whole: false,
        }
    }

    /// The first property of a name.
    pub(super) fn property(&self, name: &str) -> Option<&'l ContentLine> {
        self.all(name).next()
    }

    /// Every property of a name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'l ContentLine> + 'e {
        self.properties
            .iter()
            .copied()
            .filter(move |line| line.name == name)
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        let summary = self
            .property("SUMMARY")
            .map(ContentLine::text)
            .unwrap_or_default();
        let words = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        match words.as_str() {
            "" => "Holiday".to_owned(),
            words => words.chars().take(LONGEST_NAME).collect(),
        }
    }

    /// What it has in common with the events of its series.
    pub(super) fn series(&self) -> Option<&'l str> {
        let uid = self.property("UID")?.value.trim();
        (!uid.is_empty()).then_some(uid)
    }

    /// The day of its series in whose place it stands (section 3.8.4.4).
    pub(super) fn replaces(&self, zones: &Zones) -> Result<Option<Date>, String> {
        let Some(line) = self.property("RECURRENCE-ID") else {
            return Ok(None);
        };
        if line.parameter("RANGE").is_some() {
            return Err("RECURRENCE-ID with RANGE is not understood".to_owned());
        }
        days::day(&line.value, line, zones, self.zone()).map(Some)
    }

    /// The days on which it is.
    pub(super) fn dates(&self, file: &mut Surroundings<'_>) -> Result<Dates, String> {
        self.check()?;
        let zones = &file.zones;
        let start = Start::of(self, zones)?;
        let length = start.length(self, zones)?;
        if self.replaces(zones)?.is_some() {
            if self.series().is_none() {
                return Err("it has a RECURRENCE-ID, but no UID".to_owned());
            }
            let firsts = BTreeSet::from([start.day]);
            return Ok(Dates::once(&firsts, length, None));
        }
        let added = self.days_of("RDATE", zones)?;
        let taken_out = self.days_of("EXDATE", zones)?;
        let replaced = self.series().and_then(|series| file.replaced.get(series));
        let rules = self.rules(&start, zones)?;
        if let [rule] = rules.as_slice()
            && added.is_empty()
            && taken_out.is_empty()
            && replaced.is_none()
            && rule.is_every_year(start.day)
            && is_alike_in_every_year(start.day, length)
        {
            let days = days_from(start.day, length).map(HolidayDate::every_year);
            return Ok(Dates {
                days: days.collect(),
                left_out: None,
            });
        }
        let (mut firsts, left_out) = firsts(start.day, added, &rules, file.years, &mut file.budget)?;
        let is_replaced = |day: &Date| replaced.is_some_and(|replaced| replaced.contains(day));
        firsts.retain(|day| !taken_out.contains(day) && !is_replaced(day));
        if firsts.is_empty() {
            return Err(match rules.is_empty() {
                true => "each of its days is taken out again".to_owned(),
                false => format!("it has no day in the years {}", file.years.of_rule(start.day)),
            });
        }
        Ok(Dates::once(&firsts, length, left_out))
    }

    /// The zone in which its times are told.
    fn zone(&self) -> Option<&'l str> {
        self.property("DTSTART")?.parameter("TZID")
    }

    fn check(&self) -> Result<(), String> {
        if !self.is_whole {
            return Err("it has no END:VEVENT".to_owned());
        }
        if self
            .property("STATUS")
            .is_some_and(|line| line.is("STATUS", "CANCELLED"))
        {
            return Err("it is cancelled".to_owned());
        }
        if self.property("EXRULE").is_some() {
            return Err("EXRULE is not understood".to_owned());
        }
        Ok(())
    }

    /// The days that all properties of a name list.
    fn days_of(&self, name: &str, zones: &Zones) -> Result<BTreeSet<Date>, String> {
        self.all(name)
            .flat_map(|line| line.value.split(',').map(move |value| (line, value)))
            .map(|(line, value)| days::day(value, line, zones, self.zone()))
            .collect()
    }

    fn rules(&self, start: &Start, zones: &Zones) -> Result<Vec<Rule>, String> {
        if start.is_moved && self.property("RRULE").is_some() {
            return Err("it recurs by the clocks of UTC, by which it is no whole day".to_owned());
        }
        let of = |line: &ContentLine| Rule::read(&line.value, zones, self.zone());
        self.all("RRULE").map(of).collect()
    }
}

impl Dates {
    fn once(firsts: &BTreeSet<Date>, length: i32, left_out: Option<String>) -> Self {
        let mut days = BTreeSet::new();
        for first in firsts {
            days.extend(days_from(*first, length));
            // One more than a calendar takes is enough to see that it is too many.
            if days.len() > MOST_HOLIDAYS {
                break;
            }
        }
        let days = days.into_iter().map(HolidayDate::Once).collect();
        Self { days, left_out }
    }
}

/// The days on which an event begins: those that its rules name, or the one on which it starts, and those that it lists.
/// And what is left out of them, in words.
fn firsts(
    start: Date,
    listed: BTreeSet<Date>,
    rules: &[Rule],
    years: Years,
    budget: &mut Budget,
) -> Result<(BTreeSet<Date>, Option<String>), String> {
    let mut firsts = listed;
    if rules.is_empty() {
        firsts.insert(start);
    }
    let mut left_out = Vec::new();
    for rule in rules {
        let found = rule.days(start, years, budget)?;
        firsts.extend(found.days);
        left_out.extend(found.left_out);
    }
    Ok((firsts, (!left_out.is_empty()).then(|| left_out.join("; "))))
}

fn days_from(first: Date, length: i32) -> impl Iterator<Item = Date> {
    first.series(1.day()).take(usize::try_from(length).unwrap_or(0))
}

/// Whether the days from this one on have the same months and days in a leap year and in any other.
fn is_alike_in_every_year(first: Date, length: i32) -> bool {
    let mut all_but_the_last = days_from(first, length - 1).map(|date| (date.month(), date.day()));
    !all_but_the_last.any(|day| day == (2, 28) || day == (2, 29))
}
