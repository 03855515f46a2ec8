//! What commands that look at past tickets have in common: how far back, how times are written, what is not known.

use docket_desk_file::Duration;
use docket_domain::Timestamp;
use std::io::{self, Write};

/// Longest time that is looked back: each day is asked for on its own.
const LONGEST_SINCE_SECONDS: i64 = 366 * 24 * 3600;
/// Most tickets that are looked at: some ten minutes of reading from the cloud.
pub const MOST_TICKETS: usize = 20_000;

/// A time to look back, such as `12h` or `30d`.
pub fn since(text: &str) -> Result<Duration, String> {
    let since: Duration = text.parse()?;
    if !(1..=LONGEST_SINCE_SECONDS).contains(&since.seconds) {
        return Err("a second (1s) to 366 days (366d) is looked back".to_owned());
    }
    Ok(since)
}

/// An instant for people.
pub fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A number of tickets, for a sentence.
pub fn tickets(count: u64) -> String {
    match count {
        1 => "1 ticket".to_owned(),
        count => format!("{count} tickets"),
    }
}

/// What could not be known, at the end of a report.
pub fn not_known(what: &[String], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nnot known:")?;
    what.iter().try_for_each(|what| writeln!(out, "  {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_back_is_a_second_to_366_days() {
        assert_eq!(since("30d").map(|since| since.seconds), Ok(2_592_000));
        for wrong in ["0d", "367d", "30", "x"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }
}
