//! Readers of the vectors across clock changes, and of those of `rickar/cal`.

use crate::vectors::{Case, Question, calendar, instant, week};
use docket_domain::{
    Timestamp,
    calendar::{DateHours, Day, DayTime, Span, WeekSpan},
};
use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::Value;

pub fn dst_cross_library(row: &Value, schedules: &Value) -> Case {
    let hours = &schedules[row["schedule"].as_str().unwrap()];
    let holidays: Vec<&str> = row["holidays"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let calendar = calendar(row["zone"].as_str().unwrap(), week(hours), &holidays, Vec::new());
    let start = instant(&row["start_utc"]);
    let question = match row["kind"].as_str().unwrap() {
        "due" => {
            let seconds = row["minutes"].as_i64().unwrap() * 60;
            Question::After(start, seconds, instant(&row["expected"]["due_utc"]))
        }
        "elapsed" => {
            let seconds = row["expected"]["seconds"].as_i64().unwrap();
            Question::Elapsed(start, instant(&row["end_utc"]), seconds)
        }
        kind => panic!("unknown kind {kind}"),
    };
    Ok((calendar, question))
}

fn utc(text: &Value) -> Timestamp {
    let local: DateTime = text.as_str().unwrap().parse().unwrap();
    local.to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn minutes(minutes: u16) -> DayTime {
    DayTime::from_minutes(minutes).unwrap()
}

pub fn rickar_cal(row: &Value) -> Case {
    let office = Span {
        start: minutes(9 * 60),
        end: minutes(17 * 60),
    };
    let mut week = Vec::new();
    for day in &Day::ALL[..5] {
        week.push(WeekSpan {
            day: *day,
            span: office,
        });
    }
    let mut dates = Vec::new();
    if row["calendar"].as_str().unwrap().starts_with("day D") {
        // From D:30 to (D + 6):45 on the day D of the month.
        for day in 1..4_u16 {
            dates.push(DateHours {
                date: jiff::civil::date(2020, 4, day as i8),
                spans: vec![Span {
                    start: minutes(day * 60 + 30),
                    end: minutes((day + 6) * 60 + 45),
                }],
            });
        }
    }
    let calendar = calendar("UTC", week, &[], dates);
    let start = utc(&row["start"]);
    let question = match row["kind"].as_str().unwrap() {
        "elapsed" => Question::Elapsed(start, utc(&row["end"]), row["result"].as_i64().unwrap() * 60),
        _ => Question::After(
            start,
            row["add_minutes"].as_i64().unwrap() * 60,
            utc(&row["result"]),
        ),
    };
    Ok((calendar, question))
}
