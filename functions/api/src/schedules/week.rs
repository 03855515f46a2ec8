//! Opening hours as minutes since Sunday, 00:00, as the shape has them.

use crate::kit::error::ApiError;
use docket_domain::calendar::{Day, DayTime, Span, WeekSpan};
use serde::Deserialize;
use serde_json::{Value, json};

const DAY_MINUTES: u16 = 24 * 60;
const WEEK_MINUTES: u16 = 7 * DAY_MINUTES;
/// The days from Sunday.
const DAYS: [Day; 7] = [
    Day::Sunday,
    Day::Monday,
    Day::Tuesday,
    Day::Wednesday,
    Day::Thursday,
    Day::Friday,
    Day::Saturday,
];

/// Opening hours as sent.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Interval {
    start_time: u16,
    end_time: u16,
}

/// Monday to Friday, nine to five: the hours of a schedule of which nothing was said.
pub(super) fn office_hours() -> Vec<WeekSpan> {
    let nine_to_five = [9, 17].map(|hour| DayTime::from_minutes(hour * 60).unwrap_or(DayTime::MIDNIGHT));
    let [start, end] = nine_to_five;
    let days = DAYS
        .into_iter()
        .filter(|day| !matches!(day, Day::Saturday | Day::Sunday));
    days.map(|day| WeekSpan {
        day,
        span: Span { start, end },
    })
    .collect()
}

/// The opening hours that these intervals say. One may go on past midnight.
pub(super) fn week(intervals: &[Interval], field: &str) -> Result<Vec<WeekSpan>, ApiError> {
    intervals
        .iter()
        .enumerate()
        .map(|(place, interval)| {
            let Interval { start_time, end_time } = *interval;
            let wrong = |words: String| ApiError::invalid(&format!("{field}[{place}]"), words);
            if start_time >= WEEK_MINUTES || end_time > WEEK_MINUTES + DAY_MINUTES {
                return Err(wrong(format!(
                    "{start_time} to {end_time} are not minutes of a week, 0 to {WEEK_MINUTES} from Sunday, 00:00"
                )));
            }
            if end_time <= start_time {
                return Err(wrong(format!("ends at {end_time}, not after {start_time}")));
            }
            let day = start_time / DAY_MINUTES;
            let midnight = day * DAY_MINUTES;
            let time = |minutes: u16| DayTime::from_minutes(minutes - midnight);
            let (Some(start), Some(end)) = (time(start_time), time(end_time)) else {
                return Err(wrong(format!("{start_time} to {end_time} is more than the day and the one after")));
            };
            let day = DAYS[usize::from(day)];
            Ok(WeekSpan { day, span: Span { start, end } })
        })
        .collect()
}

/// The opening hours in the shape, in order. What goes on past midnight is cut there, as no interval of the shape does.
pub(crate) fn intervals(week: &[WeekSpan]) -> Vec<Value> {
    let mut intervals: Vec<(u16, u16)> = Vec::new();
    for WeekSpan { day, span } in week {
        let days_since_sunday = DAYS.into_iter().zip(0..).find(|(other, _)| other == day);
        let midnight = days_since_sunday.map_or(0, |(_, days)| days * DAY_MINUTES);
        let (start, end) = (midnight + span.start.minutes(), midnight + span.end.minutes());
        let next_midnight = midnight + DAY_MINUTES;
        intervals.push((start, end.min(next_midnight)));
        if end > next_midnight {
            let new_day = next_midnight % WEEK_MINUTES;
            intervals.push((new_day, new_day + (end - next_midnight)));
        }
    }
    intervals.sort_unstable();
    intervals
        .iter()
        .map(|(start, end)| json!({ "start_time": start, "end_time": end }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sent: &[(u16, u16)]) -> Result<Vec<WeekSpan>, ApiError> {
        let sent: Vec<Interval> = sent
            .iter()
            .map(|(start_time, end_time)| Interval {
                start_time: *start_time,
                end_time: *end_time,
            })
            .collect();
        week(&sent, "intervals")
    }

    fn through(sent: &[(u16, u16)]) -> Vec<Value> {
        intervals(&read(sent).unwrap())
    }

    fn shown(expected: &[(u16, u16)]) -> Vec<Value> {
        expected
            .iter()
            .map(|(start, end)| json!({ "start_time": start, "end_time": end }))
            .collect()
    }

    #[test]
    fn minutes_since_sunday_come_back_in_order() {
        let monday = read(&[(1980, 2460)]).unwrap()[0];
        assert_eq!(
            (
                monday.day,
                monday.span.start.to_string(),
                monday.span.end.to_string()
            ),
            (Day::Monday, "09:00".into(), "17:00".into())
        );
        assert_eq!(
            through(&[(9_000, 10_080), (0, 60)]),
            shown(&[(0, 60), (9_000, 10_080)])
        );
    }

    #[test]
    fn a_night_is_cut_at_midnight_also_at_the_end_of_the_week() {
        assert_eq!(
            through(&[(2_760, 3_240)]),
            shown(&[(2_760, 2_880), (2_880, 3_240)])
        );
        assert_eq!(through(&[(9_960, 10_440)]), shown(&[(0, 360), (9_960, 10_080)]));
    }

    #[test]
    fn what_is_no_interval_is_named_with_its_place() {
        for (sent, words) in [
            ((600, 600), "not after"),
            ((10_080, 10_090), "minutes of a week"),
            ((0, 2_881), "the day and the one after"),
            ((0, 60_000), "minutes of a week"),
        ] {
            let Err(ApiError::Invalid(problems)) = read(&[(0, 60), sent]) else {
                panic!("{sent:?} is taken");
            };
            assert_eq!(problems[0].field, "intervals[1]");
            assert!(problems[0].words.contains(words), "{}", problems[0].words);
        }
    }

    #[test]
    fn nothing_said_means_office_hours() {
        let office = intervals(&office_hours());
        assert_eq!(office.len(), 5);
        assert_eq!(
            (office[0].clone(), office[4].clone()),
            (
                shown(&[(1_980, 2_460)])[0].clone(),
                shown(&[(7_740, 8_220)])[0].clone()
            )
        );
    }
}
