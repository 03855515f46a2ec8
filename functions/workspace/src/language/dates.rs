//! Days, times and numbers as the reader writes them.

use super::{Language, language, reader};
use docket_domain::Timestamp;
use jiff::{Zoned, civil::Weekday};

/// An instant where the reader is.
pub fn zoned(at: Timestamp) -> Zoned {
    at.to_zoned(reader().zone)
}

/// Such as `14:05`.
pub fn clock(at: &Zoned) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Such as `1 Dec`.
pub fn day(at: &Zoned) -> String {
    t!("{day} {month}", day = at.day(), month = short_month(at.month()))
}

/// Such as `1 Dec 2026`.
pub fn day_of_year(at: &Zoned) -> String {
    let (day, month, year) = (at.day(), short_month(at.month()), at.year());
    t!("{day} {month} {year}", day, month, year)
}

/// Such as `1 December 2026`.
pub fn long_day(at: &Zoned) -> String {
    let (day, month, year) = (at.day(), month(at.month()), at.year());
    t!("{day} {month} {year}", day, month, year)
}

/// Such as `1 Dec, 14:05`.
pub fn day_and_time(at: &Zoned) -> String {
    t!("{day}, {time}", day = day(at), time = clock(at))
}

/// Such as `Tue 14:05`.
pub fn weekday_and_time(at: &Zoned) -> String {
    t!(
        "{weekday} {time}",
        weekday = weekday(at.weekday()),
        time = clock(at)
    )
}

/// Such as `1 Dec 2026, 14:05 CET`.
pub fn exact(at: &Zoned) -> String {
    let zone = at.strftime("%Z");
    t!(
        "{day}, {time} {zone}",
        day = day_of_year(at),
        time = clock(at),
        zone
    )
}

/// A number with its thousands parted.
pub fn number(number: u64) -> String {
    let mark = match language() {
        Language::English => ',',
        Language::German => '.',
    };
    let digits = number.to_string();
    let mut said = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(mark);
        }
        said.push(digit);
    }
    said
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => t!("Mon"),
        Weekday::Tuesday => t!("Tue"),
        Weekday::Wednesday => t!("Wed"),
        Weekday::Thursday => t!("Thu"),
        Weekday::Friday => t!("Fri"),
        Weekday::Saturday => t!("Sat"),
        Weekday::Sunday => t!("Sun"),
    }
}

fn short_month(month: i8) -> &'static str {
    match month {
        1 => t!("Jan"),
        2 => t!("Feb"),
        3 => t!("Mar"),
        4 => t!("Apr"),
        5 => t!("May"),
        6 => t!("Jun"),
        7 => t!("Jul"),
        8 => t!("Aug"),
        9 => t!("Sep"),
        10 => t!("Oct"),
        11 => t!("Nov"),
        _ => t!("Dec"),
    }
}

fn month(month: i8) -> &'static str {
    match month {
        1 => t!("January"),
        2 => t!("February"),
        3 => t!("March"),
        4 => t!("April"),
        5 => t!("May"),
        6 => t!("June"),
        7 => t!("July"),
        8 => t!("August"),
        9 => t!("September"),
        10 => t!("October"),
        11 => t!("November"),
        _ => t!("December"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Reader, read_by, zone_named};

    fn berlin(language: Language) -> Reader {
        Reader {
            language,
            zone: zone_named("Europe/Berlin").unwrap(),
            is_zone_known: true,
            is_zone_chosen: false,
        }
    }

    fn said(language: Language, say: fn(&Zoned) -> String, at: &str) -> String {
        read_by(berlin(language), || say(&zoned(at.parse().unwrap())))
    }

    #[test]
    fn an_instant_is_told_where_the_reader_is_and_as_they_write_it() {
        use Language::{English, German};
        const AT: &str = "2026-12-01T23:05:00Z";
        type Saying = fn(&Zoned) -> String;
        let sayings: [(Saying, &str, &str); 5] = [
            (day, "2 Dec", "2. Dez."),
            (day_and_time, "2 Dec, 00:05", "2. Dez., 00:05"),
            (weekday_and_time, "Wed 00:05", "Mi. 00:05"),
            (exact, "2 Dec 2026, 00:05 CET", "2. Dez. 2026, 00:05 CET"),
            (long_day, "2 December 2026", "2. Dezember 2026"),
        ];
        for (say, english, german) in sayings {
            assert_eq!(said(English, say, AT), english);
            assert_eq!(said(German, say, AT), german);
        }
        // An hour of summer further.
        assert_eq!(
            said(English, day_and_time, "2026-07-01T12:00:00Z"),
            "1 Jul, 14:00"
        );
    }

    #[test]
    fn outside_of_a_request_it_is_told_in_utc() {
        let at = zoned("2026-12-01T23:05:00Z".parse().unwrap());
        assert_eq!(exact(&at), "1 Dec 2026, 23:05 UTC");
    }

    #[test]
    fn thousands_are_parted() {
        for (value, english, german) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1,000", "1.000"),
            (1_234_567, "1,234,567", "1.234.567"),
        ] {
            assert_eq!(number(value), english);
            assert_eq!(read_by(berlin(Language::German), || number(value)), german);
        }
    }
}
