//! Published test vectors of business time: a representative few in the project, all of them in the case collection.
//!
//! Where a span of time is over exactly when the office closes, we say the closing time (the first instant by which it
//! has passed) and some libraries say the next opening. Both are right; such cases are told apart.

use crate::{collection::cases, story::second, vectors_dst, vectors_gems};
use docket_domain::{
    CalendarId, Timestamp,
    calendar::{
        Calendar, CalendarDraft, DateHours, Day, Holiday, Interval, Span, WeekSpan, business_intervals,
    },
};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/calendar");

/// What a published case asks, and its answer.
#[derive(Debug)]
pub enum Question {
    /// When so many seconds have passed.
    After(Timestamp, i64, Timestamp),
    /// When so many seconds had still to pass.
    Before(Timestamp, i64, Timestamp),
    /// How many seconds pass between two instants.
    Elapsed(Timestamp, Timestamp, i64),
    Open(Timestamp, bool),
    /// When it is open, from an instant on.
    NextOpen(Timestamp, Timestamp),
    /// When it opens after an instant at which it may be open.
    NextOpening(Timestamp, Timestamp),
    NextClosing(Timestamp, Timestamp),
    /// When it was open last.
    LastOpen(Timestamp, Timestamp),
    PeriodsAfter(Timestamp, Vec<Interval>),
    PeriodsBefore(Timestamp, Vec<Interval>),
}

/// A case, or why it is none for us.
pub type Case = Result<(Calendar, Question), &'static str>;

#[derive(PartialEq, Eq)]
enum Verdict {
    Agrees,
    AgreesAtOpening,
    Differs,
}

#[derive(Default)]
struct Tally {
    agree: usize,
    agree_at_opening: usize,
    exceptions: BTreeMap<&'static str, usize>,
    differ: Vec<String>,
}

/// Builds a calendar of hours by day and exceptions.
pub fn calendar(zone: &str, week: Vec<WeekSpan>, holidays: &[&str], dates: Vec<DateHours>) -> Calendar {
    let mut holidays: Vec<&str> = holidays.to_vec();
    holidays.sort_unstable();
    holidays.dedup();
    Calendar::new(CalendarDraft {
        id: CalendarId(1),
        version: 1,
        name: "Published".to_owned(),
        zone: zone.to_owned(),
        week,
        holidays: holidays
            .into_iter()
            .map(|date| Holiday {
                date: date.parse().unwrap(),
                name: "Holiday".to_owned(),
            })
            .collect(),
        dates,
    })
    .unwrap()
}

/// Hours written as `{"mon": {"09:00": "17:00"}}`.
pub fn week(hours: &Value) -> Vec<WeekSpan> {
    let days = hours.as_object().unwrap();
    days.iter()
        .flat_map(|(day, hours)| {
            let day = day_named(day);
            spans(hours).into_iter().map(move |span| WeekSpan { day, span })
        })
        .collect()
}

pub fn day_named(name: &str) -> Day {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    Day::ALL[names.iter().position(|known| *known == name).unwrap()]
}

/// Hours written as `{"09:00": "17:00"}`.
pub fn spans(hours: &Value) -> Vec<Span> {
    let Some(hours) = hours.as_object() else {
        return Vec::new();
    };
    hours
        .iter()
        .map(|(start, end)| Span {
            start: start.parse().unwrap(),
            end: end.as_str().unwrap().parse().unwrap(),
        })
        .collect()
}

pub fn instant(text: &Value) -> Timestamp {
    text.as_str().unwrap().parse().unwrap()
}

fn one_second_from(at: Timestamp, seconds: i64) -> Timestamp {
    second(at.as_second() + seconds)
}

fn judge(calendar: &Calendar, question: &Question) -> Verdict {
    let exactly = |is_so: bool| if is_so { Verdict::Agrees } else { Verdict::Differs };
    let year = 366 * 86_400;
    match question {
        Question::After(start, seconds, expected) => {
            let found = calendar.add_business_seconds(*start, *seconds).unwrap();
            let is_same_moment =
                calendar.elapsed_seconds(*start, *expected) == *seconds && found <= *expected;
            match (
                found == *expected,
                is_same_moment && calendar.is_open_at(*expected),
            ) {
                (true, _) => Verdict::Agrees,
                (false, true) => Verdict::AgreesAtOpening,
                (false, false) => Verdict::Differs,
            }
        }
        Question::Before(end, seconds, expected) => {
            let passed = calendar.elapsed_seconds(*expected, *end) == *seconds;
            let is_last =
                *seconds > 0 && calendar.elapsed_seconds(one_second_from(*expected, 1), *end) == *seconds - 1;
            let closes = calendar.is_open_at(one_second_from(*expected, -1));
            match (passed && is_last, passed && closes) {
                (true, _) => Verdict::Agrees,
                (false, true) => Verdict::AgreesAtOpening,
                (false, false) => Verdict::Differs,
            }
        }
        Question::Elapsed(from, to, expected) => exactly(calendar.elapsed_seconds(*from, *to) == *expected),
        Question::Open(at, expected) => exactly(calendar.is_open_at(*at) == *expected),
        Question::NextOpen(at, expected) => exactly(calendar.next_open_at(*at) == Some(*expected)),
        Question::NextOpening(at, expected) => {
            let closed_at = match calendar.next_opening(*at) {
                Some(open) if open.start == *at => open.end,
                _ => *at,
            };
            exactly(calendar.next_open_at(closed_at) == Some(*expected))
        }
        Question::NextClosing(at, expected) => {
            exactly(calendar.next_opening(*at).map(|open| open.end) == Some(*expected))
        }
        Question::LastOpen(at, expected) => {
            let stays = calendar.is_open_at(*at) && at == expected;
            let closed = calendar.elapsed_seconds(*expected, *at) == 0;
            exactly(stays || (closed && calendar.is_open_at(one_second_from(*expected, -1))))
        }
        Question::PeriodsAfter(at, expected) => {
            let periods = business_intervals(calendar, *at, Timestamp::MAX).take(expected.len());
            exactly(periods.collect::<Vec<_>>() == *expected)
        }
        Question::PeriodsBefore(at, expected) => {
            let from = one_second_from(*at, -year);
            let mut periods: Vec<Interval> = business_intervals(calendar, from, *at).collect();
            periods.reverse();
            periods.truncate(expected.len());
            exactly(periods == *expected)
        }
    }
}

fn judge_file(folder: &Path, file: &str, read: impl Fn(&Value) -> Case, tallies: &mut Vec<(String, Tally)>) {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let mut tally = Tally::default();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let row: Value = serde_json::from_str(line).unwrap();
        match read(&row) {
            Err(reason) => *tally.exceptions.entry(reason).or_default() += 1,
            Ok((calendar, question)) => match judge(&calendar, &question) {
                Verdict::Agrees => tally.agree += 1,
                Verdict::AgreesAtOpening => tally.agree_at_opening += 1,
                Verdict::Differs => tally.differ.push(format!("{} {question:?}", row["id"])),
            },
        }
    }
    tallies.push((file.to_owned(), tally));
}

/// Judges all files of a folder, prints the table, and returns how many cases agree.
fn judge_folder(folder: &Path) -> usize {
    let mut tallies = Vec::new();
    let schedules = std::fs::read_to_string(folder.join("dst_schedules.json")).unwrap();
    let schedules: Value = serde_json::from_str(&schedules).unwrap();
    let dst = |row: &Value| vectors_dst::dst_cross_library(row, &schedules);
    judge_file(folder, "dst_cross_library.jsonl", dst, &mut tallies);
    judge_file(folder, "rickar_cal.jsonl", vectors_dst::rickar_cal, &mut tallies);
    judge_file(folder, "biz_zendesk.jsonl", vectors_gems::biz, &mut tallies);
    judge_file(
        folder,
        "business_time_gem.jsonl",
        vectors_gems::business_time,
        &mut tallies,
    );
    judge_file(
        folder,
        "working_hours_gem.jsonl",
        vectors_gems::working_hours,
        &mut tallies,
    );
    println!(
        "{:<26} {:>6} {:>11} {:>10} {:>7}",
        "file", "agree", "at opening", "exceptions", "differ"
    );
    for (file, tally) in &tallies {
        println!(
            "{file:<26} {:>6} {:>11} {:>10} {:>7}",
            tally.agree,
            tally.agree_at_opening,
            tally.exceptions.values().sum::<usize>(),
            tally.differ.len()
        );
    }
    for (file, tally) in &tallies {
        for (reason, count) in &tally.exceptions {
            println!("exception in {file}: {count} because {reason}");
        }
    }
    let differ: Vec<&String> = tallies.iter().flat_map(|(_, tally)| &tally.differ).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    tallies
        .iter()
        .map(|(_, tally)| tally.agree + tally.agree_at_opening)
        .sum()
}

#[test]
fn business_time_agrees_with_the_published_vectors_of_the_project() {
    assert!(judge_folder(Path::new(FIXTURES)) >= 60);
}

#[test]
fn business_time_agrees_with_all_published_vectors() {
    if let Some(cases) = cases() {
        assert!(judge_folder(&cases.join("calendar")) >= 2_200);
    }
}
