//! Invents calendars and policies.

use crate::random::Random;
use docket_domain::{
    CalendarId, PolicyId,
    calendar::{Calendar, CalendarDraft, DateHours, Day, DayTime, Holiday, HolidayDate, Span, WeekSpan},
    sla::{Escalation, Hours, Metric, Policy, PolicyDraft, Promise, Warning},
    ticket::{Priority, Status},
};
use jiff::{ToSpan, civil::Date};

fn time(minutes: i64) -> DayTime {
    DayTime::from_minutes(minutes as u16).unwrap()
}

fn span(start: i64, end: i64) -> Span {
    Span {
        start: time(start),
        end: time(end),
    }
}

/// Minutes of a day, often near those at which clocks change.
fn minute(random: &mut Random) -> i64 {
    match random.below(4) {
        0 => random.between(0, 23) * 60,
        1 => random.between(0, 16) * 15,
        2 => random.between(0, 200),
        _ => random.between(0, 24 * 60 - 1),
    }
}

fn spans(random: &mut Random) -> Vec<Span> {
    let count = random.pick(&[0, 1, 1, 1, 2, 3]);
    (0..count)
        .map(|_| {
            let start = minute(random);
            let end = match random.below(5) {
                0 => 24 * 60,
                1 => start + random.between(1, 90),
                _ => start + random.between(1, 14 * 60),
            };
            span(start, end.max(start + 1))
        })
        .collect()
}

fn week(random: &mut Random) -> Vec<WeekSpan> {
    let every = |days: &[Day], hours: Span| {
        days.iter()
            .map(|day| WeekSpan {
                day: *day,
                span: hours,
            })
            .collect()
    };
    match random.below(8) {
        0 => every(&Day::ALL, span(0, 24 * 60)),
        1 | 2 => every(&Day::ALL[..5], span(9 * 60, 17 * 60)),
        3 => every(&Day::ALL, span(22 * 60, 30 * 60)),
        _ => {
            let mut week = Vec::new();
            for day in Day::ALL {
                let spans = spans(random);
                week.extend(spans.into_iter().map(|span| WeekSpan { day, span }));
            }
            week
        }
    }
}

/// A calendar whose exceptions lie around a date.
pub fn calendar(random: &mut Random, zone: &str, around: Date) -> Calendar {
    loop {
        let near = |random: &mut Random| around.checked_add(random.between(-8, 15).days()).unwrap();
        let mut holidays = Vec::new();
        for _ in 0..random.pick(&[0, 0, 1, 3]) {
            let date = near(random);
            let date = match random.percent(30) {
                true => HolidayDate::every_year(date),
                false => HolidayDate::Once(date),
            };
            let name = "Holiday".to_owned();
            holidays.push(Holiday { date, name });
        }
        let mut dates = Vec::new();
        for _ in 0..random.pick(&[0, 0, 1, 2]) {
            let spans = spans(random);
            dates.push(DateHours {
                date: near(random),
                spans,
            });
        }
        let made = Calendar::new(CalendarDraft {
            id: CalendarId(1),
            version: 1,
            name: "Invented".to_owned(),
            zone: zone.to_owned(),
            week: week(random),
            holidays,
            dates,
        });
        if let Ok(calendar) = made {
            return calendar;
        }
    }
}

fn promise(random: &mut Random, metric: Metric) -> Promise {
    let longest = random.pick(&[10, 100, 400, 1_000, 2_000]);
    let target = |random: &mut Random| random.between(2, longest) * 100;
    let mut target_seconds = [(Priority::Normal, target(random))].into_iter().collect();
    if random.percent(70) {
        target_seconds = Priority::ALL
            .iter()
            .map(|priority| (*priority, target(random)))
            .collect();
    }
    let mut warnings = vec![Warning::Percent(random.between(1, 99) as u8)];
    if random.percent(50) {
        warnings.push(Warning::SecondsBefore(random.between(1, 150)));
    }
    let mut escalations: Vec<i64> = (0..random.below(3)).map(|_| random.between(0, 30_000)).collect();
    escalations.dedup();
    Promise {
        metric,
        target_seconds,
        warnings,
        escalations: escalations
            .into_iter()
            .map(|after_seconds| Escalation {
                after_seconds,
                actions: Vec::new(),
            })
            .collect(),
    }
}

/// A policy by the calendar or round the clock.
pub fn policy(random: &mut Random) -> Policy {
    let hours = match random.percent(80) {
        true => Hours::Calendar(CalendarId(1)),
        false => Hours::RoundTheClock,
    };
    let pausing = random.pick(&[
        &[Status::Pending, Status::Hold][..],
        &[Status::Pending],
        &[],
        &[Status::New, Status::Hold],
    ]);
    let mut metrics = Metric::ALL.to_vec();
    if random.percent(20) {
        metrics.remove(random.below(4));
    }
    Policy::new(PolicyDraft {
        id: PolicyId(1),
        version: 1,
        title: "Invented".to_owned(),
        description: String::new(),
        position: 1,
        condition: "true".to_owned(),
        hours,
        pausing: pausing.to_vec(),
        promises: metrics
            .into_iter()
            .map(|metric| promise(random, metric))
            .collect(),
    })
    .unwrap()
}
