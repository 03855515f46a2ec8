//! What is read of an iCalendar file, and what is skipped.

use super::{FeedError, LARGEST_FEED_BYTES, read_feed};

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
    let timed = event("SUMMARY:Talk\nDTSTART:20260501T100000Z");
    let moving = event("SUMMARY:Thanks\nDTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYDAY=4TH");
    let ends = event("SUMMARY:Old\nDTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY;COUNT=3");
    let reasons = "Talk: DTSTART \"20260501T100000Z\" is not a whole day; \
        Thanks: it recurs by BYDAY=4TH, which is not understood; \
        Old: it recurs by COUNT=3, which is not understood";
    assert_eq!(
        read(&format!("{timed}{moving}{ends}")),
        (String::new(), reasons.to_owned())
    );
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
