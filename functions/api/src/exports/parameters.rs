//! What an export is asked for: since when, how many rows, what of them.

use super::MOST_ROWS;
use crate::kit::{call::Call, error::ApiError};
use docket_domain::Timestamp;

/// The parameter `start_time`, in seconds since 1970: whole, with a fraction, or a time in words. Nothing where there is none.
pub(super) fn start_time(call: &Call) -> Result<Option<i64>, ApiError> {
    match call.address.parameter("start_time").map(str::trim) {
        None | Some("" | "undefined" | "None" | "null") => Ok(None),
        Some(text) => read_time(text).map(Some).ok_or_else(|| {
            ApiError::BadRequest(
                "start_time has to be seconds since 1970 or a time such as 2026-03-02T09:00:00Z.".to_owned(),
            )
        }),
    }
}

/// The same where an export can't do without.
pub(crate) fn needed_start_time(call: &Call) -> Result<i64, ApiError> {
    start_time(call)?.ok_or_else(|| {
        ApiError::BadRequest(
            "start_time is needed: seconds since 1970, from which on changes are told.".to_owned(),
        )
    })
}

/// Whole seconds of a time in one of the ways that clients write them.
fn read_time(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        let at = seconds.is_finite().then(|| seconds.floor())?;
        // Beyond this no time is one.
        return (0.0..=253_402_300_000.0).contains(&at).then_some(at as i64);
    }
    // A blank between day and time, or a `+` of a zone that was sent as it is and read as a blank.
    let text = text.replace(' ', "+");
    let zoned: Result<Timestamp, _> = text.parse();
    let at = zoned.or_else(|_| text.replacen('+', "T", 1).parse::<Timestamp>());
    let at = at.or_else(|_| format!("{}Z", text.replacen('+', "T", 1)).parse::<Timestamp>());
    let at = at.or_else(|_| format!("{text}T00:00:00Z").parse::<Timestamp>());
    at.ok().map(|at| at.as_second().max(0))
}

/// How many rows a page is to have.
pub(super) fn rows_of_a_page(call: &Call, most: usize) -> usize {
    let asked = call
        .address
        .parameter("per_page")
        .or_else(|| call.address.parameter("limit"));
    let asked = asked.and_then(|text| text.parse::<usize>().ok());
    asked.unwrap_or(MOST_ROWS).clamp(1, most.min(MOST_ROWS))
}

/// Whether tickets that were deleted are left out.
pub(super) fn excludes_deleted(call: &Call) -> Result<bool, ApiError> {
    match call.address.parameter("exclude_deleted") {
        Some("true") => Ok(true),
        None | Some("false" | "" | "None" | "undefined") => Ok(false),
        Some(_) => Err(ApiError::invalid("exclude_deleted", "must be true or false")),
    }
}

/// Refuses a part of the tickets that there is not: agents work on all of them here.
pub(super) fn check_support_type(call: &Call) -> Result<(), ApiError> {
    match call.address.parameter("support_type_scope") {
        None | Some("" | "all" | "agent" | "None" | "undefined") => Ok(()),
        Some(_) => {
            let words = "must be all or agent: agents work on all tickets here";
            Err(ApiError::invalid("support_type_scope", words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_number_or_a_time_in_words() {
        for (text, second) in [
            ("0", Some(0)),
            ("1772452800", Some(1_772_452_800)),
            ("1772452800.75", Some(1_772_452_800)),
            ("1.7724528e9", Some(1_772_452_800)),
            ("2026-03-02T12:00:00Z", Some(1_772_452_800)),
            ("2026-03-02T13:00:00+01:00", Some(1_772_452_800)),
            ("2026-03-02T12:00:00 00:00", Some(1_772_452_800)),
            ("2026-03-02 12:00:00", Some(1_772_452_800)),
            ("2026-03-02 12:00:00+00:00", Some(1_772_452_800)),
            ("2026-03-02T12:00:00.5", Some(1_772_452_800)),
            ("2026-03-02", Some(1_772_409_600)),
            ("-5", None),
            ("NaN", None),
            ("1e300", None),
            ("yesterday", None),
        ] {
            assert_eq!(read_time(text), second, "{text}");
        }
    }
}
