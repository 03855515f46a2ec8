//! Which days a rule names, and what is told of those that are left out.

use super::read_feed;
use crate::calendar::HolidayDate;

/// The days of an event in a file of 2026, what is left out of them, and why it is not taken.
fn read(properties: &str) -> (Vec<String>, String, String) {
    let stamp = "DTSTAMP:20260301T120000Z";
    let file = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{stamp}\n{properties}\nEND:VEVENT\nEND:VCALENDAR\n");
    let feed = read_feed(&file).unwrap();
    let days = feed.holidays.iter().map(|holiday| holiday.date.to_string());
    let reasons = |list: &[super::Skipped]| list.iter().map(|event| event.reason.clone()).collect::<String>();
    (days.collect(), reasons(&feed.cut), reasons(&feed.skipped))
}

#[track_caller]
fn check(properties: &str, days: &str) {
    let expected: Vec<String> = days.split(' ').map(str::to_owned).collect();
    assert_eq!(
        read(properties),
        (expected, String::new(), String::new()),
        "{properties}"
    );
}

#[test]
fn a_rule_that_ends_names_its_days() {
    check(
        "DTSTART:20270619\nRRULE:FREQ=YEARLY;BYMONTH=6;COUNT=3;BYMONTHDAY=19",
        "2027-06-19 2028-06-19 2029-06-19",
    );
    check(
        "DTSTART:20270111\nRRULE:FREQ=YEARLY;UNTIL=20290111",
        "2027-01-11 2028-01-11 2029-01-11",
    );
    check(
        "DTSTART:20270111\nRRULE:FREQ=YEARLY;UNTIL=20290110",
        "2027-01-11 2028-01-11",
    );
    check(
        "DTSTART:20270531\nRRULE:FREQ=YEARLY;BYMONTH=5;COUNT=2;BYDAY=-1MO",
        "2027-05-31 2028-05-29",
    );
    check(
        "DTSTART:20270101\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=3",
        "2027-01-01 2029-01-01 2031-01-01",
    );
    check(
        "DTSTART:20270104\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU",
        "2027-01-04 2027-01-18 2027-02-01",
    );
    check(
        "DTSTART:20270129\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
        "2027-01-29 2027-02-26 2027-03-31",
    );
    check(
        "DTSTART:20270131\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2",
        "2027-01-31 2027-02-28",
    );
    check(
        "DTSTART:20270101\nRRULE:FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0;COUNT=2",
        "2027-01-01 2027-01-02",
    );
    check(
        "DTSTART:20280229\nRRULE:FREQ=YEARLY;COUNT=2",
        "2028-02-29 2032-02-29",
    );
}

#[test]
fn what_is_taken_out_counts_among_the_days_of_a_rule() {
    check(
        "DTSTART:20270115\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;VALUE=DATE:20280115",
        "2027-01-15 2029-01-15",
    );
    check(
        "DTSTART:20270115\nRRULE:FREQ=YEARLY;COUNT=2\nRRULE:FREQ=MONTHLY;COUNT=2\nRDATE:20270301",
        "2027-01-15 2027-02-15 2027-03-01 2028-01-15",
    );
}

#[test]
fn a_day_without_an_end_comes_every_year_only_where_the_rule_says_so() {
    check(
        "DTSTART:19700501\nRRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1",
        "05-01",
    );
    check("DTSTART:20281225\nDURATION:P2D\nRRULE:FREQ=YEARLY", "12-25 12-26");
    check("DTSTART:20270227\nDURATION:P2D\nRRULE:FREQ=YEARLY", "02-27 02-28");
    let monthly = "DTSTART:20260525\nRRULE:FREQ=YEARLY;BYMONTHDAY=25";
    assert_eq!(
        read(monthly).0[..2],
        ["2026-05-25", "2026-06-25"],
        "no month is named, so it is each"
    );
    let leap = "DTSTART:20270228\nDURATION:P2D\nRRULE:FREQ=YEARLY";
    assert_eq!(
        read(leap).0[..4],
        ["2027-02-28", "2027-03-01", "2028-02-28", "2028-02-29"]
    );
}

#[test]
fn a_rule_without_an_end_is_followed_for_the_years_of_the_file_and_it_is_told() {
    let memorial_day = "DTSTART:19710531\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO";
    let (days, cut, skipped) = read(memorial_day);
    assert_eq!(days.len(), 23);
    assert_eq!(
        (days[0].as_str(), days[2].as_str(), days[22].as_str()),
        ("2024-05-27", "2026-05-25", "2046-05-28")
    );
    assert_eq!(
        (cut.as_str(), skipped.as_str()),
        ("its days are taken for the years 2024 to 2046", "")
    );
    let long = "DTSTART:20200501\nRRULE:FREQ=YEARLY;UNTIL=20300501";
    assert_eq!(
        (read(long).0.len(), read(long).1),
        (7, "its days are taken for the years 2024 to 2046".to_owned())
    );
    let late = "DTSTART:20400528\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO";
    assert_eq!(read(late).1, "its days are taken for the years 2024 to 2060");
}

#[test]
fn a_start_that_its_rule_does_not_name_is_no_holiday_and_told() {
    let (days, cut, _) = read("DTSTART:20260101\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=1");
    assert_eq!(days, ["2026-05-25"]);
    assert_eq!(cut, "its rule does not name 2026-01-01, on which it starts");
}

#[test]
fn the_end_of_a_rule_in_utc_is_told_by_the_clocks_of_the_zone() {
    let by_berlin = |until: &str| {
        read(&format!(
            "DTSTART;TZID=Europe/Berlin:20270111T000000\nDURATION:P1D\nRRULE:FREQ=YEARLY;UNTIL={until}"
        ))
        .0
        .len()
    };
    assert_eq!(by_berlin("20290110T225959Z"), 2);
    assert_eq!(by_berlin("20290110T230000Z"), 3);
    let outlook = |zone: &str, until: &str| {
        let offsets =
            "BEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nTZOFFSETTO:+0200\nEND:DAYLIGHT";
        let zone = format!("BEGIN:VTIMEZONE\nTZID:{zone}\n{offsets}\nEND:VTIMEZONE");
        let event = "DTSTART;TZID=W. Europe Standard Time:20270301T000000\nDURATION:P1D";
        let file = format!(
            "BEGIN:VCALENDAR\n{zone}\nBEGIN:VEVENT\n{event}\nRRULE:FREQ=YEARLY;UNTIL={until}\nEND:VEVENT\n"
        );
        let feed = read_feed(&file).unwrap();
        (
            feed.holidays.len(),
            feed.skipped.first().map(|event| event.reason.clone()),
        )
    };
    assert_eq!(outlook("W. Europe Standard Time", "20290228T230000Z"), (3, None));
    assert_eq!(outlook("W. Europe Standard Time", "20290227T120000Z"), (2, None));
    let reason = "it recurs by UNTIL=20290228T225959Z, which is in UTC, and its zone is not known";
    assert_eq!(
        outlook("W. Europe Standard Time", "20290228T225959Z"),
        (0, Some(reason.to_owned()))
    );
    let reason = "it recurs by UNTIL=20290228T230000Z, which is in UTC, and its zone is not known";
    assert_eq!(
        outlook("Another", "20290228T230000Z"),
        (0, Some(reason.to_owned()))
    );
}

#[test]
fn a_rule_that_is_not_understood_is_told_with_the_part_that_is_not() {
    for (rule, reason) in [
        ("FREQ=HOURLY", "it recurs by FREQ=HOURLY, which is not understood"),
        (
            "FREQ=YEARLY;BYEASTER=1",
            "it recurs by BYEASTER=1, which is not understood",
        ),
        (
            "FREQ=YEARLY;BYDAY=XX",
            "it recurs by BYDAY=XX, which is not understood",
        ),
        (
            "FREQ=YEARLY;BYDAY=MO,,TU",
            "it recurs by BYDAY=MO,,TU, which is not understood",
        ),
        (
            "FREQ=YEARLY;BYMONTH=13",
            "it recurs by BYMONTH=13, which is not understood",
        ),
        (
            "FREQ=YEARLY;COUNT=1;COUNT=2",
            "it recurs by COUNT=2, which is not understood",
        ),
        (
            "FREQ=YEARLY;COUNT=99999999999",
            "it recurs by COUNT=99999999999, which is not understood",
        ),
        (
            "FREQ=YEARLY;INTERVAL=0",
            "it recurs by INTERVAL=0, which is not understood",
        ),
        (
            "FREQ=YEARLY;UNTIL=never",
            "it recurs by UNTIL=never, which is not understood",
        ),
        (
            "FREQ=YEARLY;BYHOUR=9",
            "it recurs by BYHOUR=9, which is not understood",
        ),
        (
            "FREQ=YEARLY;RSCALE=HEBREW",
            "it recurs by RSCALE=HEBREW, which is not understood",
        ),
        ("FREQ=YEARLY;MAYBE", "it recurs by MAYBE, which is not understood"),
        ("COUNT=3", "it recurs by no frequency"),
        (
            "FREQ=WEEKLY;BYDAY=1MO",
            "its rule \"FREQ=WEEKLY;BYDAY=1MO\" is none: a BYDAY ordinal may not be used with FREQ=WEEKLY",
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "it has no day in the years 2024 to 2046",
        ),
        ("FREQ=YEARLY;COUNT=0", "it has no day in the years 2024 to 2046"),
    ] {
        let told = read(&format!("DTSTART:20260501\nRRULE:{rule}"));
        assert_eq!(told, (vec![], String::new(), reason.to_owned()), "{rule}");
    }
    let long = format!("FREQ=YEARLY;BYDAY={}MO", "MO,".repeat(200));
    let reason = read(&format!("DTSTART:20260501\nRRULE:{long}")).2;
    assert_eq!(reason, "its rule has 620 bytes, at most 500 are read");
}

#[test]
fn rules_that_ask_for_too_much_work_are_told() {
    let rule = "BEGIN:VEVENT\nDTSTART:00010101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n";
    let day = "BEGIN:VEVENT\nDTSTART:20260501\nRRULE:FREQ=YEARLY\nEND:VEVENT\n";
    let feed = read_feed(&format!("BEGIN:VCALENDAR\n{}{day}", rule.repeat(20))).unwrap();
    assert_eq!(feed.holidays[0].date, HolidayDate::Yearly { month: 5, day: 1 });
    assert_eq!(feed.skipped.len(), 20);
    assert_eq!(
        feed.skipped[19].reason,
        "the rules of the file go through more than 20000 years together"
    );
}
