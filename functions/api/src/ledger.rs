//! `ledger`: accepted = ticketed + appended + suspended + quarantined + repeated, by hour and channel.

use crate::{
    kit::{call::Call, error::ApiError},
    shapes::time,
};
use axum::Json;
use docket_desk::MOST_HOURS;
use docket_domain::{
    Timestamp,
    ledger::{HOUR_SECONDS, LedgerChannel, LedgerCounts, LedgerEntry, hour_of},
};
use serde_json::{Map, Value, json};

/// Hours shown where the call does not say which.
const HOURS_SHOWN: i64 = 24;

/// `GET ledger?from=&to=`: the hours with a contact in them, and their sums.
pub(crate) async fn show(call: Call) -> Result<Json<Value>, ApiError> {
    let now = call.desk.now();
    let to = moment(&call, "to")?.unwrap_or(now);
    let day_before = Timestamp::from_second(to.as_second() - (HOURS_SHOWN - 1) * HOUR_SECONDS).unwrap_or(to);
    let from = hour_of(moment(&call, "from")?.unwrap_or(day_before));
    let hours = (to.as_second() - from.as_second()).div_euclid(HOUR_SECONDS);
    if usize::try_from(hours).is_ok_and(|hours| hours > MOST_HOURS) {
        let words = format!("has to be at most {MOST_HOURS} hours before the end");
        return Err(ApiError::invalid("from", words));
    }
    let mut total = LedgerCounts::default();
    let mut rows = Vec::new();
    for (hour, counts) in call.desk.ledger().hours(from, to).await? {
        total.add_all(&counts);
        rows.push(json!({
            "hour": time(hour),
            "channels": channels(&counts),
            "recounted_at": counts.recounted_at.map(time),
        }));
    }
    Ok(Json(json!({ "ledger": {
        "from": time(from),
        "to": time(to),
        "hours": rows,
        "total": channels(&total),
        "is_balanced": total.is_balanced(),
    } })))
}

fn channels(counts: &LedgerCounts) -> Value {
    let channel = |channel: LedgerChannel| {
        let mut lines: Map<String, Value> = LedgerEntry::ALL
            .into_iter()
            .map(|entry| (entry.as_str().to_owned(), json!(counts.of(channel, entry))))
            .collect();
        lines.insert("in_hand".to_owned(), json!(counts.in_hand(channel)));
        (channel.as_str().to_owned(), Value::Object(lines))
    };
    Value::Object(LedgerChannel::ALL.into_iter().map(channel).collect())
}

fn moment(call: &Call, name: &'static str) -> Result<Option<Timestamp>, ApiError> {
    let Some(given) = call.address.parameter(name) else {
        return Ok(None);
    };
    let moment = given.parse();
    moment
        .map(Some)
        .map_err(|_| ApiError::invalid(name, "has to be a time such as 2026-03-02T09:00:00Z"))
}
