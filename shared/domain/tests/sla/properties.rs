//! Properties of calendars and clocks.

use crate::{
    ZONES, invent,
    random::Random,
    story::{Story, second},
};
use docket_domain::{
    Timestamp,
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan, business_intervals, read_feed},
    sla::{Clocks, Metric, Policy, Terms},
    ticket::Status,
};
use jiff::{SignedDuration, ToSpan, civil::Date};
use proptest::prelude::*;

/// 2000 to 2030.
const SECONDS: std::ops::Range<i64> = 946_684_800..1_893_456_000;

fn invented(seed: u64, zone: usize, at: i64) -> Calendar {
    let date = second(at).to_zoned(jiff::tz::TimeZone::UTC).date();
    invent::calendar(&mut Random::new(seed), ZONES[zone], date)
}

fn daily(zone: usize, start: &str, end: &str) -> Calendar {
    let span = Span {
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    };
    Calendar::new(CalendarDraft {
        id: docket_domain::CalendarId(1),
        version: 1,
        name: "Daily".to_owned(),
        zone: ZONES[zone].to_owned(),
        week: Day::ALL.map(|day| WeekSpan { day, span }).to_vec(),
        holidays: Vec::new(),
        dates: Vec::new(),
    })
    .unwrap()
}

fn length_of_day(calendar: &Calendar, date: Date) -> i64 {
    let zone = calendar.zone();
    let midnight = |date: Date| {
        zone.to_ambiguous_zoned(date.at(0, 0, 0, 0))
            .compatible()
            .unwrap()
            .timestamp()
    };
    calendar.elapsed_seconds(midnight(date), midnight(date.tomorrow().unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn elapsed_time_is_additive(
        seed: u64, zone in 0..12_usize, from in SECONDS, first in 0..2_000_000_i64, second_part in 0..2_000_000_i64,
    ) {
        let calendar = invented(seed, zone, from);
        let [a, b, c] = [from, from + first, from + first + second_part].map(second);
        prop_assert_eq!(
            calendar.elapsed_seconds(a, b) + calendar.elapsed_seconds(b, c),
            calendar.elapsed_seconds(a, c)
        );
    }

    #[test]
    fn intervals_are_in_order_apart_and_as_long_as_the_time_that_elapses(
        seed: u64, zone in 0..12_usize, from in SECONDS, length in 0..4_000_000_i64,
    ) {
        let calendar = invented(seed, zone, from);
        let (from, to) = (second(from), second(from + length));
        let open: Vec<_> = business_intervals(&calendar, from, to).collect();
        prop_assert!(open.iter().all(|open| from <= open.start && open.start < open.end && open.end <= to));
        prop_assert!(open.windows(2).all(|pair| pair[0].end < pair[1].start));
        let total: SignedDuration = open.iter().map(|open| open.length()).sum();
        prop_assert_eq!(total.as_secs(), calendar.elapsed_seconds(from, to));
    }

    #[test]
    fn a_due_time_is_the_first_by_which_the_target_has_elapsed(
        seed: u64, zone in 0..12_usize, from in SECONDS, target in 1..400_000_i64,
    ) {
        let calendar = invented(seed, zone, from);
        let start = second(from);
        if let Some(due) = calendar.add_business_seconds(start, target) {
            prop_assert_eq!(calendar.elapsed_seconds(start, due), target);
            let before = second(due.as_second() - 1);
            prop_assert_eq!(calendar.elapsed_seconds(start, before), target - 1);
        }
    }

    #[test]
    fn a_day_from_midnight_to_midnight_is_as_long_as_the_zone_makes_it(
        zone in 0..12_usize, day in 0..10_950_i64,
    ) {
        let date = jiff::civil::date(2000, 1, 1).checked_add(day.days()).unwrap();
        let calendar = daily(zone, "00:00", "24:00");
        let hours = length_of_day(&calendar, date) as f64 / 3600.0;
        let is_usual = [23.0, 23.5, 24.0, 24.5, 25.0].contains(&hours);
        let is_skipped = ZONES[zone] == "Pacific/Apia" && date == jiff::civil::date(2011, 12, 30);
        // Kathmandu and Kolkata have kept their offsets; others changed for good once, by half an hour or an hour.
        prop_assert!(is_usual || (is_skipped && hours == 0.0), "{} {} {}", ZONES[zone], date, hours);
    }

    #[test]
    fn from_nine_to_five_is_always_eight_hours(zone in 0..12_usize, day in 0..10_950_i64) {
        let date = jiff::civil::date(2000, 1, 1).checked_add(day.days()).unwrap();
        let hours = length_of_day(&daily(zone, "09:00", "17:00"), date) / 3600;
        let is_skipped = ZONES[zone] == "Pacific/Apia" && date == jiff::civil::date(2011, 12, 30);
        prop_assert_eq!(hours, if is_skipped { 0 } else { 8 });
    }

    #[test]
    fn a_pause_never_brings_a_due_time_forward(
        seed: u64, zone in 0..12_usize, from in SECONDS, wait in 0..200_000_i64, pause in 0..200_000_i64,
    ) {
        let calendar = invented(seed, zone, from);
        let policy = invent::policy(&mut Random::new(seed));
        let terms = Terms::new(&policy, [&calendar]).unwrap();
        let running = Story::begun(second(from));
        let paused = running
            .clone()
            .moves(second(from + wait), Status::Hold)
            .moves(second(from + wait + pause), Status::Open);
        let due = |story: &Story, metric| {
            let clocks = Clocks::recompute(&story.happenings, &terms);
            clocks.newest(metric).and_then(|state| state.due_at)
        };
        for metric in [Metric::FirstReply, Metric::Resolution] {
            // Where the policy pauses new tickets, moving on from there starts the clock.
            if policy.pausing.contains(&Status::New) {
                continue;
            }
            if let (Some(without), Some(with)) = (due(&running, metric), due(&paused, metric)) {
                prop_assert!(without <= with);
            }
        }
    }

    #[test]
    fn round_the_clock_a_due_time_is_start_and_target_and_pauses(
        from in SECONDS, pauses in prop::collection::vec((1..20_000_i64, 1..20_000_i64), 0..3),
    ) {
        let policy = Policy::standard();
        let terms = Terms::new(&policy, []).unwrap();
        let mut story = Story::begun(second(from));
        let mut at = from;
        let mut paused = 0;
        for (wait, pause) in pauses {
            story = story
                .moves(second(at + wait), Status::Pending)
                .moves(second(at + wait + pause), Status::Open);
            at += wait + pause;
            paused += pause;
        }
        let clocks = Clocks::recompute(&story.happenings, &terms);
        let due = |metric| clocks.newest(metric).and_then(|state| state.due_at);
        prop_assert_eq!(due(Metric::Resolution), Some(second(from + 72 * 3600 + paused)));
    }

    #[test]
    fn carrying_on_event_by_event_is_recomputing_to_the_millisecond(
        seed: u64, zone in 0..12_usize, from in SECONDS, jitter in prop::collection::vec(0..1_000_i64, 20),
    ) {
        let calendar = invented(seed, zone, from);
        let mut random = Random::new(seed);
        let policy = invent::policy(&mut random);
        let terms = Terms::new(&policy, [&calendar]).unwrap();
        let mut history = crate::oracle_story::story(&mut random, from).happenings;
        let mut latest = 0;
        for (happening, jitter) in history.iter_mut().zip(&jitter) {
            latest = latest.max(happening.at.as_millisecond() + jitter);
            happening.at = Timestamp::from_millisecond(latest).unwrap();
        }
        let mut clocks = Clocks::none(&terms);
        for index in 0..history.len() {
            let recomputed = Clocks::recompute(&history[..=index], &terms);
            if let Ok(advanced) = clocks.advance(&history[index], &terms) {
                prop_assert_eq!(&advanced, &recomputed);
            }
            clocks = recomputed;
        }
    }

    #[test]
    fn any_text_is_read_as_a_feed_without_a_panic(lines in prop::collection::vec("[A-Z:;=\"\\\\ 0-9-]{0,30}", 0..20)) {
        let file = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}\nEND:VEVENT\n", lines.join("\n"));
        let _ = read_feed(&file);
    }
}
