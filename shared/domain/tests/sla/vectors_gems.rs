//! Readers of the vectors of three Ruby libraries: `biz`, `business_time` and `working_hours`.

use crate::vectors::{Case, Question, calendar, day_named, instant, spans, week};
use docket_domain::{
    Timestamp,
    calendar::{Calendar, DateHours, DayTime, Interval, Span, WeekSpan},
};
use jiff::civil::Date;
use serde_json::Value;

const COUNTS_DAYS: &str = "it counts days, not time";
/// Cases in which a library is of another opinion than we are.
const OTHER_OPINIONS: [(&str, &str); 6] = [
    ("wh-25", LOST_HOUR),
    ("wh-37", ROUNDS_UP),
    ("wh-44", ROUNDS_UP),
    ("wh-47", ROUNDS_UP),
    ("wh-97", MIDNIGHT),
    ("wh-98", MIDNIGHT),
];
const LOST_HOUR: &str = "it counts a day of 25 hours as 24: the hour that comes twice is lost";
const ROUNDS_UP: &str = "it counts half a second backwards as a whole one";
const MIDNIGHT: &str = "it says 23:59:59 where a day closes at 24:00";

/// Dates, from a list of texts or of `{"d": "2014-05-01"}`.
fn dates(list: &Value) -> Vec<&str> {
    let entries = list.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| entry.as_str().or(entry["d"].as_str()))
        .collect()
}

pub fn biz(row: &Value) -> Case {
    let calendar = biz_calendar(&row["schedule"]);
    let time = instant(&row["time"]);
    let periods = || {
        let periods = row["result"].as_array().unwrap().iter();
        let periods = periods.map(|period| Interval {
            start: instant(&period["start"]),
            end: instant(&period["end"]),
        });
        periods.collect::<Vec<_>>()
    };
    let question = match row["op"].as_str().unwrap() {
        operation @ ("after" | "before") => {
            let unit = match row["unit"].as_str().unwrap().trim_end_matches('s') {
                "second" => 1,
                "minute" => 60,
                "hour" => 3600,
                _ => return Err(COUNTS_DAYS),
            };
            let seconds = row["amount"].as_i64().unwrap() * unit;
            let result = instant(&row["result"]);
            match operation {
                "after" => Question::After(time, seconds, result),
                _ => Question::Before(time, seconds, result),
            }
        }
        "in_hours" => Question::Open(time, row["result"].as_bool().unwrap()),
        "within" => {
            let seconds = row["result"]["seconds"].as_i64().unwrap();
            Question::Elapsed(time, instant(&row["end"]), seconds)
        }
        "periods_after" => Question::PeriodsAfter(time, periods()),
        "periods_before" => Question::PeriodsBefore(time, periods()),
        operation => panic!("unknown operation {operation}"),
    };
    Ok((calendar, question))
}

/// Shifts replace a date's hours, breaks are taken out of them, and a holiday closes even a date with a shift.
fn biz_calendar(schedule: &Value) -> Calendar {
    let zone = schedule["time_zone"].as_str().unwrap();
    let week = week(&schedule["hours"]);
    let holidays = dates(&schedule["holidays"]);
    let named = |field: &str| schedule[field].as_object().cloned().unwrap_or_default();
    let shifts = named("shifts");
    let breaks = named("breaks");
    let mut own: Vec<&String> = shifts.keys().chain(breaks.keys()).collect();
    own.sort();
    own.dedup();
    let own = own.into_iter().filter(|date| !holidays.contains(&date.as_str()));
    let own = own.map(|text| {
        let date: Date = text.parse().unwrap();
        let hours = match shifts.get(text) {
            Some(shift) => spans(shift),
            None => {
                let of_its_day = week.iter().filter(|entry| entry.day == date.weekday().into());
                of_its_day.map(|entry| entry.span).collect()
            }
        };
        let breaks = breaks.get(text).map(spans).unwrap_or_default();
        let spans = breaks.iter().fold(hours, |hours, pause| without(&hours, *pause));
        DateHours { date, spans }
    });
    let own = own.collect();
    calendar(zone, week, &holidays, own)
}

fn without(hours: &[Span], pause: Span) -> Vec<Span> {
    let parts = hours.iter().flat_map(|span| {
        let before = (span.start, span.end.min(pause.start));
        let after = (span.start.max(pause.end), span.end);
        [before, after]
    });
    parts
        .filter(|(start, end)| start < end)
        .map(|(start, end)| Span { start, end })
        .collect()
}

/// A time as its own clock showed it: the library counts by the time's own zone where none is configured.
fn shown(time: &Value, has_zone: bool) -> Option<Timestamp> {
    let text = time["t"].as_str()?;
    if has_zone {
        return text.parse().ok();
    }
    let clock = text.get(..19)?;
    format!("{clock}Z").parse().ok()
}

pub fn business_time(row: &Value) -> Case {
    let config = &row["config"];
    let zone = config["time_zone"].as_str();
    let mut holidays = dates(&config["holidays"]);
    holidays.extend(dates(&row["options"]["holidays"]));
    let calendar = calendar(
        zone.unwrap_or("UTC"),
        business_time_week(config),
        &holidays,
        Vec::new(),
    );
    let time = |field: &str| shown(&row[field], zone.is_some()).ok_or(COUNTS_DAYS);
    let question = match row["op"].as_str().unwrap() {
        "business_time_until" => {
            let seconds = row["result"].as_f64().unwrap() as i64;
            match (time("time")?, time("end")?) {
                (from, to) if from <= to => Question::Elapsed(from, to, seconds),
                (from, to) => Question::Elapsed(to, from, -seconds),
            }
        }
        "during_business_hours" => Question::Open(time("time")?, row["result"].as_bool().unwrap()),
        "business_days_until" => return Err(COUNTS_DAYS),
        operation => {
            if row["unit"] != "business_hours" {
                return Err(COUNTS_DAYS);
            }
            let hours = row["amount"].as_i64().unwrap();
            let is_after = (operation == "after") == (hours >= 0);
            let seconds = hours.abs() * 3600;
            match is_after {
                true => Question::After(time("time")?, seconds, time("result")?),
                false => Question::Before(time("time")?, seconds, time("result")?),
            }
        }
    };
    Ok((calendar, question))
}

fn business_time_week(config: &Value) -> Vec<WeekSpan> {
    let clock = |text: &str, is_end: bool| {
        let mut parts = text.split(':').map(|part| part.parse::<u16>().unwrap());
        let minutes = parts.next().unwrap() * 60 + parts.next().unwrap();
        match (minutes, is_end) {
            (0, true) => DayTime::NEXT_MIDNIGHT,
            (minutes, _) => DayTime::from_minutes(minutes).unwrap(),
        }
    };
    let span = |start: &Value, end: &Value| Span {
        start: clock(start.as_str().unwrap(), false),
        end: clock(end.as_str().unwrap(), true),
    };
    let own = config["work_hours"].as_object().unwrap();
    if !own.is_empty() {
        let days = own.iter().map(|(day, hours)| WeekSpan {
            day: day_named(day),
            span: span(&hours[0], &hours[1]),
        });
        return days.collect();
    }
    let days = config["work_week"].as_array().unwrap().iter();
    days.map(|day| WeekSpan {
        day: day_named(day.as_str().unwrap()),
        span: span(&config["beginning_of_workday"], &config["end_of_workday"]),
    })
    .collect()
}

pub fn working_hours(row: &Value) -> Case {
    if let Some((_, reason)) = OTHER_OPINIONS.iter().find(|(id, _)| row["id"] == **id) {
        return Err(reason);
    }
    let config = &row["config"];
    let zone = config["time_zone"].as_str().unwrap();
    let holidays = dates(&config["holidays"]);
    let own = config["holiday_hours"].as_object().unwrap().iter();
    let own = own.map(|(date, hours)| DateHours {
        date: date.parse().unwrap(),
        spans: spans(hours),
    });
    let calendar = calendar(zone, week(&config["working_hours"]), &holidays, own.collect());
    let time = |value: &Value| shown(value, true).ok_or(COUNTS_DAYS);
    let first = time(&row["args"][0])?;
    let result = || time(&row["result"]);
    let question = match row["op"].as_str().unwrap() {
        "add_seconds" => {
            let amount = &row["args"][1];
            let seconds = amount.as_i64().or_else(|| amount.as_str()?.parse().ok()).unwrap();
            match seconds {
                0.. => Question::After(first, seconds, result()?),
                _ => Question::Before(first, -seconds, result()?),
            }
        }
        "working_time_between" => match row["result"].as_f64().unwrap() as i64 {
            seconds @ ..0 => Question::Elapsed(time(&row["args"][1])?, first, -seconds),
            seconds => Question::Elapsed(first, time(&row["args"][1])?, seconds),
        },
        "in_working_hours?" => Question::Open(first, row["result"].as_bool().unwrap()),
        "advance_to_working_time" => Question::NextOpen(first, result()?),
        "next_working_time" => Question::NextOpening(first, result()?),
        "advance_to_closing_time" => Question::NextClosing(first, result()?),
        "return_to_working_time" => Question::LastOpen(first, result()?),
        "add_days" | "working_days_between" | "working_day?" => return Err(COUNTS_DAYS),
        operation => panic!("unknown operation {operation}"),
    };
    Ok((calendar, question))
}
