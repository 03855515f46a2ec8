//! Section `calendars`.

use super::Work;
use crate::{
    of_book::calendar_entry,
    problem::{Path, hint},
    sections::{CalendarEntry, HolidayEntry, ROUND_THE_CLOCK, UNNAMED},
    values::day_name,
};
use docket_domain::{
    CalendarId,
    calendar::{
        Calendar, CalendarDraft, CalendarError, DateHours, Day, Holiday, HolidayDate, Skipped, WeekSpan,
        read_feed,
    },
    sla::Book,
};
use jiff::tz::TimeZoneDatabase;
use std::collections::{BTreeMap, BTreeSet};

/// Most events of an import that are told one by one, of those that are left out and of those that are taken in part.
const MOST_SKIPPED_TOLD: usize = 5;

/// The calendars of a file, in the order of their names. One that has kept its name keeps its id.
pub(super) fn calendars(
    work: &mut Work<'_>,
    entries: &BTreeMap<String, CalendarEntry>,
    base: &Book,
) -> Vec<Calendar> {
    let mut next = base.next_calendar_id().0;
    let mut found = Vec::new();
    for (name, entry) in entries {
        let path = Path::default().key("calendars").key(name);
        if name == ROUND_THE_CLOCK {
            work.problem(
                &path,
                format!("no calendar can be called {ROUND_THE_CLOCK}: it is a word of its own"),
            );
            continue;
        }
        let existing = base
            .calendars
            .iter()
            .find(|calendar| calendar.draft().name == *name);
        let (id, version) = existing.map_or((CalendarId(next), 0), |known| (known.id(), known.version()));
        if existing.is_none() {
            next += 1;
        }
        let draft = CalendarDraft {
            id,
            version,
            name: name.clone(),
            zone: entry.zone.clone(),
            week: week(work, entry, &path),
            holidays: holidays(work, entry, &path),
            dates: entry
                .other_hours
                .iter()
                .map(|(date, hours)| DateHours {
                    date: date.0,
                    spans: hours.0.iter().map(|opening| opening.0).collect(),
                })
                .collect(),
        };
        match Calendar::new(draft) {
            // One that says the same in another order is the one that stands.
            Ok(new) => match existing.filter(|known| calendar_entry(known) == calendar_entry(&new)) {
                Some(known) => found.push(known.clone()),
                None => found.push(new),
            },
            Err(error) => {
                let (path, message) = placed(&error, entry, &path);
                work.problem(&path, message);
            }
        }
    }
    // The order of those that stay is no change either.
    found.sort_by_key(Calendar::id);
    found
}

fn week(work: &mut Work<'_>, entry: &CalendarEntry, path: &Path) -> Vec<WeekSpan> {
    let mut named: BTreeMap<Day, String> = BTreeMap::new();
    let mut week = Vec::new();
    for (days, hours) in &entry.hours {
        for day in days.iter() {
            if let Some(other) = named.insert(day, days.to_string()) {
                let message = format!(
                    "{} stands in `{other}` and in `{days}`; name each day once",
                    day_name(day)
                );
                work.problem(&path.key("hours"), message);
                continue;
            }
            week.extend(hours.0.iter().map(|opening| WeekSpan { day, span: opening.0 }));
        }
    }
    week.sort();
    week
}

/// Holidays that are written out, and then those of imports that were not named before.
fn holidays(work: &mut Work<'_>, entry: &CalendarEntry, path: &Path) -> Vec<Holiday> {
    let path = path.key("holidays");
    let written = entry.holidays.iter().filter_map(|holiday| match holiday {
        HolidayEntry::Date { date, name } => Some(Holiday {
            date: *date,
            name: name.clone().unwrap_or_else(|| UNNAMED.to_owned()),
        }),
        HolidayEntry::Import(_) => None,
    });
    let mut holidays: Vec<Holiday> = written.collect();
    let mut seen: BTreeSet<HolidayDate> = holidays.iter().map(|holiday| holiday.date).collect();
    for (index, holiday) in entry.holidays.iter().enumerate() {
        let HolidayEntry::Import(file) = holiday else {
            continue;
        };
        let path = path.entry(index).key("import");
        let feed = (work.imports)(file).and_then(|text| read_feed(&text).map_err(|error| error.to_string()));
        match feed {
            Err(why) => work.problem(&path, format!("{file:?} can't be imported: {why}")),
            Ok(feed) => {
                let count = feed.holidays.len();
                let noun = if count == 1 { "holiday" } else { "holidays" };
                work.note(&path, format!("{file} has {count} {noun}"));
                told(work, &path, file, "is left out", &feed.skipped);
                told(work, &path, file, "is taken in part", &feed.cut);
                holidays.extend(
                    feed.holidays
                        .into_iter()
                        .filter(|holiday| seen.insert(holiday.date)),
                );
            }
        }
    }
    holidays.sort();
    holidays
}

/// Tells what became of events of an import, one by one up to a limit.
fn told(work: &mut Work<'_>, path: &Path, file: &str, what: &str, events: &[Skipped]) {
    for event in events.iter().take(MOST_SKIPPED_TOLD) {
        let Skipped { line, name, reason } = event;
        work.note(path, format!("{file}:{line}: {name} {what}: {reason}"));
    }
    let more = events.len().saturating_sub(MOST_SKIPPED_TOLD);
    match more {
        0 => {}
        1 => work.note(path, format!("{file}: 1 more {what}")),
        more => work.note(
            path,
            format!("{file}: {more} more {}", what.replacen("is", "are", 1)),
        ),
    }
}

/// Where in a calendar an error is, and what it says.
fn placed(error: &CalendarError, entry: &CalendarEntry, path: &Path) -> (Path, String) {
    let message = error.to_string();
    match error {
        CalendarError::Name(name) => {
            // Of a holiday with this name, or of the calendar.
            let holiday = entry.holidays.iter().position(
                |holiday| matches!(holiday, HolidayEntry::Date { name: Some(other), .. } if other == name),
            );
            let path = holiday.map_or_else(
                || path.clone(),
                |index| path.key("holidays").entry(index).key("name"),
            );
            (path, message)
        }
        CalendarError::UnknownZone(zone) => {
            let database = TimeZoneDatabase::bundled();
            let zones: Vec<String> = database.available().map(|name| name.to_string()).collect();
            let hint = hint(zone, zones.iter().map(String::as_str));
            (path.key("zone"), format!("{message}{hint}"))
        }
        CalendarError::EmptyWeek => (path.key("hours"), message),
        CalendarError::Twice(date, _) => {
            let is_it = |holiday: &HolidayEntry| matches!(holiday, HolidayEntry::Date { date: other, .. } if other.to_string() == *date);
            let last = entry.holidays.iter().rposition(is_it);
            let holidays = path.key("holidays");
            (
                last.map_or(holidays.clone(), |index| holidays.entry(index)),
                message,
            )
        }
        CalendarError::Overlap { first, .. } => {
            let date = first.split(' ').next().unwrap_or_default();
            if date.starts_with(|c: char| c.is_ascii_digit()) {
                return (path.key("other_hours").key(date), message);
            }
            (path.key("hours"), message)
        }
        CalendarError::TooMany { what, .. } => {
            let key = match *what {
                "holidays" => "holidays",
                "opening hours a week" => "hours",
                _ => "other_hours",
            };
            (path.key(key), message)
        }
        CalendarError::Time(_)
        | CalendarError::StartsOnNextDay { .. }
        | CalendarError::EndBeforeStart { .. } => (path.clone(), message),
    }
}
