//! The oracle: invented calendars and histories, counted second by second where something changes and minute by minute
//! where nothing does.
//!
//! `DOCKET_SLA_CASES` says how many cases, or which as `from..to`; case `n` is always the same.

use crate::{
    ZONES,
    grid::{Open, WINDOW_DAYS, Window, zone},
    invent,
    oracle_clocks::check_clocks,
    oracle_story::story,
    random::Random,
    story::second,
    sweep::check_sweeps,
};
use docket_domain::{calendar::Calendar, sla::Terms};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;

/// Cases of a normal run: a few seconds without optimisation.
const CASES: u64 = 60;
const MINUTES_A_DAY: i64 = 24 * 60;
/// Days of a window before the moment it is about.
const DAYS_BEFORE: i64 = 8;

/// Everything that is known of one case.
pub struct Case<'a> {
    pub window: &'a Window,
    pub open: Open,
    pub terms: Terms<'a>,
    /// Where the moment lies that the case is about, in seconds.
    pub moment: i64,
}

/// Moments of a zone worth a look: changes of its clocks since 2000, the skipped day of Apia, and two common days.
fn moments(name: &str) -> Vec<i64> {
    let from: Timestamp = "2000-01-01T00:00:00Z".parse().unwrap();
    let to: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    let changes: Vec<i64> = zone(name)
        .following(from)
        .map(|change| change.timestamp())
        .take_while(|at| *at < to)
        .map(|at| at.as_second())
        .collect();
    let skipped: Timestamp = "2011-12-30T10:00:00Z".parse().unwrap();
    let common: Timestamp = "2026-07-08T00:00:00Z".parse().unwrap();
    let mut moments: Vec<i64> = changes.iter().step_by(changes.len() / 8 + 1).copied().collect();
    moments.extend(changes.iter().rev().take(2));
    moments.extend([skipped.as_second(), common.as_second()]);
    moments
}

struct Windows(HashMap<(usize, usize), (i64, Window)>);

impl Windows {
    fn of(&mut self, zone_index: usize, random: &mut Random) -> &(i64, Window) {
        let name = ZONES[zone_index];
        let moments = moments(name);
        let index = random.below(moments.len());
        self.0.entry((zone_index, index)).or_insert_with(|| {
            let moment = moments[index];
            let start = moment.div_euclid(60) - DAYS_BEFORE * MINUTES_A_DAY;
            (moment, Window::new(&zone(name), start))
        })
    }
}

/// `DOCKET_SLA_CASES`: how many cases, or which of them as `from..to`.
fn cases() -> std::ops::Range<u64> {
    let wanted = std::env::var_os("DOCKET_SLA_CASES");
    let Some(wanted) = wanted.as_ref().and_then(|wanted| wanted.to_str()) else {
        return 0..CASES;
    };
    let number = |text: &str| {
        text.parse()
            .unwrap_or_else(|_| panic!("DOCKET_SLA_CASES={wanted}"))
    };
    match wanted.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(wanted),
    }
}

#[test]
fn every_number_is_what_counting_the_seconds_gives() {
    let mut windows = Windows(HashMap::new());
    let mut needed_history = 0;
    let mut fired = 0;
    for number in cases() {
        let mut random = Random::new(number);
        let zone_index = random.below(ZONES.len());
        let (moment, window) = windows.of(zone_index, &mut random);
        let around: Date = zone(ZONES[zone_index]).to_datetime(second(*moment)).date();
        let calendar = invent::calendar(&mut random, ZONES[zone_index], around);
        let policy = invent::policy(&mut random);
        let terms = Terms::new(&policy, [&calendar]).unwrap();
        let business = window.open(calendar.draft());
        check_calendar(number, &calendar, &business, window, &mut random);
        let open = match terms.in_force().calendar {
            Some(_) => business,
            None => window.always(),
        };
        let case = Case {
            window,
            open,
            terms,
            moment: *moment,
        };
        let start = case.moment + random.between(-3 * 86_400, 43_200);
        let story = story(&mut random, start);
        needed_history += check_clocks(number, &case, &story, &mut random);
        fired += check_sweeps(number, &case, &story, &mut random);
    }
    println!(
        "cases {:?}; {fired} steps fired; {needed_history} events needed the history",
        cases()
    );
}

fn check_calendar(number: u64, calendar: &Calendar, open: &Open, window: &Window, random: &mut Random) {
    let end = window.end_second();
    let start = end - WINDOW_DAYS * 86_400;
    for _ in 0..4 {
        let from = random.between(start, end - 1);
        let to = random.between(from, end);
        let expected = open.count(from, to, i64::MAX).0;
        let elapsed = calendar.elapsed_seconds(second(from), second(to));
        assert_eq!(
            elapsed,
            expected,
            "case {number}: elapsed {from} {to} {:?}",
            calendar.draft()
        );
        assert_eq!(
            calendar.is_open_at(second(from)),
            open.is_open_at(from),
            "case {number}: open at {from} {:?}",
            calendar.draft()
        );
        let wanted = random.between(0, 100_000);
        let due = calendar.add_business_seconds(second(from), wanted);
        check_instant(number, "add", due, open.count(from, end, wanted).1, end);
        let opens = open.count(from, end, 1).1.map(|at| at - 1);
        check_instant(
            number,
            "next open",
            calendar.next_open_at(second(from)),
            opens,
            end,
        );
    }
}

/// Compares an instant with what the oracle says, which sees no further than the window's end.
pub fn check_instant(number: u64, what: &str, found: Option<Timestamp>, expected: Option<i64>, end: i64) {
    match expected {
        Some(at) => assert_eq!(found, Some(second(at)), "case {number}: {what}"),
        None => assert!(
            found.is_none_or(|found| found.as_second() >= end),
            "case {number}: {what} at {found:?}, not before {end}"
        ),
    }
}
