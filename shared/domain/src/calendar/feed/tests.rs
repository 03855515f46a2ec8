//! What is read of an iCalendar file, and what is skipped.

use super::{FeedError, LARGEST_FEED_BYTES, MOST_EVENTS, read_feed};

fn read(events: &str) -> (String, String) {
    let file = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    let feed = read_feed(&file).unwrap();
    let holidays = feed
        .holidays
        .iter()
        .map(|holiday| format!("{} {}", holiday.date, holiday.name));
    let skipped = feed
        .skipped
        .iter()
        .map(|event| format!("{}: {}", event.name, event.reason));
    (
        holidays.collect::<Vec<_>>().join("; "),
        skipped.collect::<Vec<_>>().join("; "),
    )
}

fn event(properties: &str) -> String {
    format!("BEGIN:VEVENT\n{properties}\nEND:VEVENT\n")
}

#[test]
fn the_last_day_of_an_event_is_the_one_before_its_end() {
    let feast = event("SUMMARY:Feast\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227");
    let days = "2026-12-24 Feast; 2026-12-25 Feast; 2026-12-26 Feast";
    assert_eq!(read(&feast), (days.to_owned(), String::new()));
}

#[test]
fn an_event_without_an_end_is_one_day() {
    let day = event("SUMMARY:Day\nDTSTART:20260501");
    assert_eq!(read(&day).0, "2026-05-01 Day");
    let day = event("SUMMARY:Day\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501");
    assert_eq!(read(&day).0, "2026-05-01 Day");
}

#[test]
fn a_yearly_rule_gives_a_day_of_every_year() {
    let day = event("SUMMARY:Day\nDTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY;BYMONTH=5");
    assert_eq!(read(&day).0, "05-01 Day");
}

#[test]
fn what_is_not_understood_is_named_with_its_reason() {
    for (properties, reason) in [
        (
            "DTSTART:20260501T100000Z",
            "DTSTART \"20260501T100000Z\" is not a whole day",
        ),
        ("DTSTART:20261301", "DTSTART \"20261301\" is no date"),
        (
            "DTSTART;VALUE=TEXT:20260501",
            "DTSTART \"20260501\" is not a whole day",
        ),
        ("DTEND:20260501", "it has no DTSTART"),
        ("DTSTART:20260501T000000", "it lasts no time"),
        (
            "DTSTART:20260501T000000\nDTEND:20260501T120000",
            "DTEND \"20260501T120000\" is not a whole day",
        ),
        ("DTSTART:20260501\nDTEND:20260430", "it ends before it starts"),
        (
            "DTSTART:20260501\nDTEND:20260602",
            "it lasts 32 days, more than 31",
        ),
        (
            "DTSTART:20260501\nDURATION:PT4H",
            "its length \"PT4H\" is not in days",
        ),
        ("DTSTART:20260501\nDURATION:-P1D", "it ends before it starts"),
        ("DTSTART:20260501\nSTATUS:cancelled", "it is cancelled"),
        ("DTSTART:20260501\nEXRULE:FREQ=DAILY", "EXRULE is not understood"),
        (
            "DTSTART:20260501\nRDATE;VALUE=PERIOD:20260502T000000Z/P1D",
            "RDATE \"20260502T000000Z/P1D\" is not a whole day",
        ),
        (
            "DTSTART:20260501\nEXDATE:soon",
            "EXDATE \"soon\" is not a whole day",
        ),
        (
            "DTSTART:20260501\nEXDATE:20260501",
            "each of its days is taken out again",
        ),
        (
            "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260501\nDTSTART:20260502",
            "RECURRENCE-ID with RANGE is not understood",
        ),
        (
            "RECURRENCE-ID:20260501\nDTSTART:20260502",
            "it has a RECURRENCE-ID, but no UID",
        ),
    ] {
        assert_eq!(
            read(&event(properties)),
            (String::new(), format!("Holiday: {reason}")),
            "{properties}"
        );
    }
}

#[test]
fn whole_days_are_read_in_every_form_in_which_they_are_written() {
    for properties in [
        "DTSTART;VALUE=DATE:20270301",
        "DTSTART;VALUE=DATE:20270301Z\nDTEND;VALUE=DATE:20270302Z",
        "DTSTART;VALUE=DATE:20270301\nDTEND:20270301T040001Z",
        "DTSTART:20270301T000000\nDTEND:20270302T000000",
        "DTSTART:20270301T000000Z\nDTEND:20270302T000000Z",
        "DTSTART:20270301T000000\nDTEND:20270301T235959",
        "DTSTART:20270301T000000\nDTEND:20270301T235900",
        "DTSTART;VALUE=DATE-TIME:20270301T000000\nDURATION:P1D",
        "DTSTART:20270301T000000\nDURATION:PT24H",
        "DTSTART;TZID=\"W. Europe Standard Time\":20270301T000000\nDTEND;TZID=\"W. Europe Standard Time\":20270302T000000",
        "DTSTART:20270301T000000\nDTEND:20270301T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "DTSTART:20270301T000000\nX-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE",
        "DTSTART;TZID=Europe/Berlin:20270228T230000Z\nDTEND;TZID=Europe/Berlin:20270301T230000Z",
    ] {
        assert_eq!(
            read(&event(properties)),
            ("2027-03-01 Holiday".to_owned(), String::new()),
            "{properties}"
        );
    }
}

#[test]
fn times_in_utc_are_told_by_the_clocks_of_the_file() {
    let closed = event("DTSTART:20270327T230000Z\nDTEND:20270329T220000Z");
    let days = "2027-03-28 Holiday; 2027-03-29 Holiday";
    assert_eq!(
        read(&format!("X-WR-TIMEZONE:Europe/Berlin\n{closed}")),
        (days.to_owned(), String::new())
    );
    assert_eq!(
        read(&closed).1,
        "Holiday: DTSTART \"20270327T230000Z\" is not a whole day"
    );
    let yearly = event("DTSTART:20270327T230000Z\nDTEND:20270328T220000Z\nRRULE:FREQ=YEARLY");
    let reason = "Holiday: it recurs by the clocks of UTC, by which it is no whole day";
    assert_eq!(read(&format!("X-WR-TIMEZONE:Europe/Berlin\n{yearly}")).1, reason);
}

#[test]
fn a_length_in_days_or_weeks_is_counted_from_the_first_day() {
    assert_eq!(
        read(&event("DTSTART:20261230\nDURATION:P3D")).0,
        "2026-12-30 Holiday; 2026-12-31 Holiday; 2027-01-01 Holiday"
    );
    assert_eq!(
        read(&event("DTSTART:20261230\nDURATION:P2W"))
            .0
            .split("; ")
            .count(),
        14
    );
}

#[test]
fn listed_days_come_besides_the_first_and_others_are_taken_out() {
    let feast =
        event("DTSTART:20270329\nDTEND:20270331\nRDATE:20280417,20290402\nRDATE:20300422\nEXDATE:20290402");
    let days = "2027-03-29 Holiday; 2027-03-30 Holiday; 2028-04-17 Holiday; 2028-04-18 Holiday; 2030-04-22 Holiday; \
        2030-04-23 Holiday";
    assert_eq!(read(&feast), (days.to_owned(), String::new()));
}

#[test]
fn a_day_of_a_series_that_is_moved_stands_where_it_was_moved_to() {
    let series = "UID:a\nDTSTART:20270501\nRRULE:FREQ=YEARLY;COUNT=3";
    let moved = "UID:a\nSUMMARY:Moved\nRECURRENCE-ID:20280501\nDTSTART:20280502";
    let off = "UID:a\nSUMMARY:Off\nRECURRENCE-ID:20290501\nDTSTART:20290501\nSTATUS:CANCELLED";
    let other = "UID:b\nSUMMARY:Other\nDTSTART:20270501\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2";
    let (days, skipped) = read(&[series, moved, off, other].map(event).concat());
    assert_eq!(days, "2027-05-01 Holiday; 2028-05-02 Moved; 2029-05-01 Other");
    assert_eq!(skipped, "Off: it is cancelled");
}

#[test]
fn an_event_without_an_end_is_told() {
    let day = event("DTSTART:20260501");
    let open = "BEGIN:VEVENT\nSUMMARY:Open\nDTSTART:20260601\n";
    let (days, skipped) = read(&format!("{open}{day}{open}"));
    assert_eq!(days, "2026-05-01 Holiday");
    assert_eq!(skipped, "Open: it has no END:VEVENT; Open: it has no END:VEVENT");
}

#[test]
fn a_long_value_is_shown_in_part() {
    let long = "x".repeat(1000);
    let reason = read(&event(&format!("DTSTART:{long}"))).1;
    assert_eq!(
        reason,
        format!("Holiday: DTSTART \"{}\" is not a whole day", &long[..60])
    );
}

#[test]
fn of_too_many_events_the_first_are_read_and_it_is_told() {
    let file = event("DTSTART:20260501").repeat(MOST_EVENTS + 2);
    let feed = read_feed(&format!("BEGIN:VCALENDAR\n{file}")).unwrap();
    assert_eq!((feed.holidays.len(), feed.skipped.len()), (1, MOST_EVENTS));
    let last = feed.skipped.last().unwrap();
    assert_eq!(last.line, 2 + 3 * MOST_EVENTS);
    assert_eq!(last.reason, "the file has 5002 events, at most 5000 are read");
}

#[test]
fn an_event_with_more_days_than_a_calendar_takes_is_left_out() {
    let daily = event("DTSTART:20260101\nRRULE:FREQ=DAILY");
    let day = event("SUMMARY:Day\nDTSTART:20260501");
    let (days, skipped) = read(&format!("{daily}{day}"));
    assert_eq!(days, "2026-05-01 Day");
    assert_eq!(skipped, "Holiday: a calendar has at most 1000 holidays");
}

#[test]
fn an_alarm_within_an_event_does_not_rename_it() {
    let day =
        event("SUMMARY:Day\nDTSTART:20260501\nBEGIN:VALARM\nSUMMARY:Wake up\nDTSTART:20200101\nEND:VALARM");
    assert_eq!(read(&day).0, "2026-05-01 Day");
}

#[test]
fn a_date_that_comes_twice_is_taken_once() {
    let day = event("SUMMARY:Day\nDTSTART:20260501");
    let (holidays, skipped) = read(&format!("{day}{day}"));
    assert_eq!(holidays, "2026-05-01 Day");
    assert_eq!(skipped, "Day: an event before it has the same date");
}

#[test]
fn a_page_that_is_no_calendar_is_refused() {
    assert_eq!(read_feed("<html>"), Err(FeedError::NotACalendar));
    let large = " ".repeat(LARGEST_FEED_BYTES + 1);
    assert_eq!(read_feed(&large), Err(FeedError::TooLarge(large.len())));
}
