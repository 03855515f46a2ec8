//! What a calendar says, fact by fact.

use super::*;
use crate::Timestamp;

fn draft(zone: &str, week: &[(Day, &str, &str)]) -> CalendarDraft {
    CalendarDraft {
        id: CalendarId(1),
        version: 1,
        name: "Office".to_owned(),
        zone: zone.to_owned(),
        week: week
            .iter()
            .map(|(day, start, end)| WeekSpan {
                day: *day,
                span: span(start, end),
            })
            .collect(),
        holidays: Vec::new(),
        dates: Vec::new(),
    }
}

fn span(start: &str, end: &str) -> Span {
    Span {
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    }
}

fn daily(zone: &str, start: &str, end: &str) -> Calendar {
    Calendar::new(draft(zone, &Day::ALL.map(|day| (day, start, end)))).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn refusal(draft: CalendarDraft) -> String {
    Calendar::new(draft).unwrap_err().to_string()
}

/// How long a calendar is open on a local date, in seconds.
fn seconds_on(calendar: &Calendar, date: &str) -> i64 {
    let date: Date = date.parse().unwrap();
    let zone = calendar.zone();
    let start = zone::begins_at(zone, date.at(0, 0, 0, 0)).unwrap();
    let end = zone::begins_at(zone, date.tomorrow().unwrap().at(0, 0, 0, 0)).unwrap();
    calendar.elapsed_seconds(start, end)
}

#[test]
fn a_day_from_midnight_to_midnight_is_24_hours_and_the_zones_change() {
    let hour = 3600;
    for (zone, date, seconds) in [
        ("Europe/Berlin", "2026-03-28", 24 * hour),
        ("Europe/Berlin", "2026-03-29", 23 * hour),
        ("Europe/Berlin", "2026-10-25", 25 * hour),
        ("Australia/Lord_Howe", "2026-10-04", 24 * hour - hour / 2),
        ("Australia/Lord_Howe", "2026-04-05", 24 * hour + hour / 2),
        ("America/Sao_Paulo", "2018-11-04", 23 * hour),
        ("America/Sao_Paulo", "2018-02-17", 25 * hour),
        ("Pacific/Apia", "2011-12-29", 24 * hour),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24 * hour),
        ("UTC", "2026-03-29", 24 * hour),
    ] {
        let calendar = daily(zone, "00:00", "24:00");
        assert_eq!(seconds_on(&calendar, date), seconds, "{zone} {date}");
    }
}

#[test]
fn monday_alone_and_thursday_alone_each_open_the_office() {
    let week = [(Day::Monday, "09:00", "17:00"), (Day::Thursday, "09:00", "17:00")];
    let calendar = Calendar::new(draft("Europe/Berlin", &week)).unwrap();
    assert!(calendar.is_open_at(at("2026-03-02T08:00:00Z")), "a Monday");
    assert!(!calendar.is_open_at(at("2026-03-03T08:00:00Z")), "a Tuesday");
    assert!(calendar.is_open_at(at("2026-03-05T08:00:00Z")), "a Thursday");
}

#[test]
fn a_closing_time_is_no_longer_open() {
    let calendar = daily("UTC", "09:00", "17:00");
    assert!(!calendar.is_open_at(at("2026-03-02T08:59:59Z")));
    assert!(calendar.is_open_at(at("2026-03-02T09:00:00Z")));
    assert!(calendar.is_open_at(at("2026-03-02T16:59:59Z")));
    assert!(!calendar.is_open_at(at("2026-03-02T17:00:00Z")));
}

#[test]
fn business_time_that_fills_a_day_is_over_when_the_day_is() {
    let calendar = daily("UTC", "09:00", "17:00");
    let add = |seconds| calendar.add_business_seconds(at("2026-03-02T09:00:00Z"), seconds);
    assert_eq!(add(8 * 3600), Some(at("2026-03-02T17:00:00Z")));
    assert_eq!(add(8 * 3600 + 1), Some(at("2026-03-03T09:00:01Z")));
    assert_eq!(add(0), Some(at("2026-03-02T09:00:00Z")));
}

#[test]
fn a_night_shift_runs_on_past_midnight() {
    let calendar = Calendar::new(draft("Europe/Berlin", &[(Day::Sunday, "22:00", "30:00")])).unwrap();
    let night = Interval {
        start: at("2026-03-01T21:00:00Z"),
        end: at("2026-03-02T05:00:00Z"),
    };
    assert_eq!(calendar.next_opening(at("2026-03-01T00:00:00Z")), Some(night));
}

#[test]
fn a_holiday_closes_its_whole_date_and_the_night_that_runs_into_it() {
    let mut draft = draft("UTC", &Day::ALL.map(|day| (day, "22:00", "30:00")));
    draft.holidays.push(Holiday {
        date: "12-25".parse().unwrap(),
        name: "Christmas".to_owned(),
    });
    let calendar = Calendar::new(draft).unwrap();
    let from = at("2026-12-24T12:00:00Z");
    let open: Vec<_> = business_intervals(&calendar, from, at("2026-12-27T12:00:00Z")).collect();
    let expected = [
        ("2026-12-24T22:00:00Z", "2026-12-25T00:00:00Z"),
        ("2026-12-26T22:00:00Z", "2026-12-27T06:00:00Z"),
    ];
    assert_eq!(
        open,
        expected.map(|(start, end)| Interval {
            start: at(start),
            end: at(end)
        })
    );
}

#[test]
fn hours_of_a_date_hold_even_on_a_holiday() {
    let mut draft = draft("UTC", &Day::ALL.map(|day| (day, "09:00", "17:00")));
    let date = "2026-12-24";
    draft.holidays.push(Holiday {
        date: date.parse().unwrap(),
        name: "Christmas Eve".to_owned(),
    });
    draft.dates.push(DateHours {
        date: date.parse().unwrap(),
        spans: vec![span("09:00", "12:00")],
    });
    assert_eq!(seconds_on(&Calendar::new(draft).unwrap(), date), 3 * 3600);
}

#[test]
fn a_holiday_on_29_february_comes_in_leap_years_only() {
    let mut draft = draft("UTC", &Day::ALL.map(|day| (day, "09:00", "17:00")));
    draft.holidays.push(Holiday {
        date: "02-29".parse().unwrap(),
        name: "Leap day".to_owned(),
    });
    let calendar = Calendar::new(draft).unwrap();
    assert_eq!(seconds_on(&calendar, "2028-02-29"), 0);
    assert_eq!(seconds_on(&calendar, "2027-02-28"), 8 * 3600);
    assert_eq!(seconds_on(&calendar, "2027-03-01"), 8 * 3600);
}

#[test]
fn days_that_meet_at_midnight_are_one_interval() {
    let calendar = daily("UTC", "00:00", "24:00");
    let from = at("2026-03-01T12:00:00Z");
    let to = at("2026-03-05T12:00:00Z");
    let open: Vec<_> = business_intervals(&calendar, from, to).collect();
    assert_eq!(open, [Interval { start: from, end: to }]);
}

#[test]
fn hours_that_begin_and_end_at_a_repeated_time_count_each_second_once() {
    let spans = [("01:00", "02:30"), ("02:30", "05:00")];
    let week = spans.map(|(start, end)| (Day::Sunday, start, end));
    let calendar = Calendar::new(draft("Europe/Berlin", &week)).unwrap();
    assert_eq!(seconds_on(&calendar, "2026-10-25"), 5 * 3600);
}

#[test]
fn a_search_in_a_calendar_that_never_opens_again_ends() {
    let mut draft = draft("UTC", &[(Day::Monday, "09:00", "17:00")]);
    let mut date: Date = "2026-01-05".parse().unwrap();
    for _ in 0..MOST_DATES {
        draft.dates.push(DateHours {
            date,
            spans: Vec::new(),
        });
        date = date.checked_add(jiff::ToSpan::days(7)).unwrap();
    }
    let calendar = Calendar::new(draft).unwrap();
    let start = at("2026-01-01T00:00:00Z");
    assert_eq!(calendar.next_open_at(start), Some(at("2035-08-06T09:00:00Z")));
    assert_eq!(calendar.add_business_seconds(start, i64::MAX), None);
    assert_eq!(calendar.add_business_seconds(Timestamp::MAX, 1), None);
}

#[test]
fn a_calendar_reads_back_as_it_was_written() {
    let written = r#"{"id":3,"version":2,"name":"Office","zone":"europe/berlin",
        "week":[{"day":"monday","start":"09:00","end":"17:00"}],
        "holidays":[{"date":"12-25","name":"Christmas"}],
        "dates":[{"date":"2026-12-24","spans":[]}]}"#;
    let calendar: Calendar = serde_json::from_str(written).unwrap();
    assert_eq!(calendar.draft().zone, "Europe/Berlin");
    let again = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&again).unwrap(), calendar);
}

#[test]
fn a_calendar_that_makes_no_sense_is_refused_in_words() {
    let monday = |start, end| draft("UTC", &[(Day::Monday, start, end)]);
    assert_eq!(
        refusal(draft("Mars/Base", &[(Day::Monday, "09:00", "17:00")])),
        "\"Mars/Base\" is no zone of the IANA time zone database, such as Europe/Berlin"
    );
    assert_eq!(refusal(draft("UTC", &[])), "the week has no opening hours");
    assert_eq!(
        refusal(monday("22:00", "06:00")),
        "Monday: 06:00 is not after 22:00; write 30:00 for that time on the next day"
    );
    assert_eq!(
        refusal(monday("25:00", "26:00")),
        "Monday: 25:00 is not before 24:00; put it on the day on which it begins"
    );
    let overlapping = draft(
        "UTC",
        &[(Day::Monday, "00:00", "08:00"), (Day::Sunday, "22:00", "30:00")],
    );
    assert_eq!(
        refusal(overlapping),
        "Sunday 22:00–30:00 overlaps Monday 00:00–08:00"
    );
    let mut twice = monday("09:00", "17:00");
    let holiday = Holiday {
        date: "12-25".parse().unwrap(),
        name: "Christmas".to_owned(),
    };
    twice.holidays = vec![holiday.clone(), holiday.clone()];
    assert_eq!(refusal(twice.clone()), "12-25 stands twice among the holidays");
    twice.holidays = vec![holiday; MOST_HOLIDAYS + 1];
    assert_eq!(refusal(twice), "1001 holidays, at most 1000 are allowed");
}
