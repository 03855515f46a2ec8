//! Dates as RFC 5322 writes them, as RFC 822 wrote them, and nearly so.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use mail_parser::parsers::MessageStream;

/// The instant of a Date value; `None` when nobody could tell. A date without a zone is taken as UTC.
pub(super) fn read_date(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    let parser = DateTimeParser::new().relaxed_weekday(true);
    parser
        .parse_timestamp(value)
        .or_else(|_| parser.parse_timestamp(format!("{value} +0000")))
        .ok()
        .or_else(|| read_roughly(value))
}

fn read_roughly(value: &str) -> Option<Timestamp> {
    let line = format!("{value}\r\n");
    let date = MessageStream::new(line.as_bytes()).parse_date().into_datetime()?;
    if !date.is_valid() {
        return None;
    }
    Timestamp::from_second(date.to_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_meant_them() {
        for (value, expected) in [
            ("Thu, 2 Jan 2025 10:00:00 +0100", "2025-01-02T09:00:00Z"),
            ("2 Jan 2025 10:00:00 +0100", "2025-01-02T09:00:00Z"),
            ("Fri, 2 Jan 2025 10:00:00 +0100", "2025-01-02T09:00:00Z"),
            ("Thu, 2 Jan 2025 10:00:00 -0800 (PST)", "2025-01-02T18:00:00Z"),
            ("Wed, 11 Feb 98 11:51 CST", "1998-02-11T17:51:00Z"),
            ("Thu, 30 Dec 2010 19:48:55 UT", "2010-12-30T19:48:55Z"),
            ("Wed, 3 May 2006 00:09:22", "2006-05-03T00:09:22Z"),
            ("Thu,  2 Jan 2025  10:00:00 GMT", "2025-01-02T10:00:00Z"),
        ] {
            assert_eq!(read_date(value), Some(expected.parse().unwrap()), "{value}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for value in ["", "yesterday", "99 Jan 2025 99:00:00 +0000"] {
            assert_eq!(read_date(value), None, "{value}");
        }
    }
}
