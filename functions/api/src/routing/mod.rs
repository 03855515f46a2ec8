//! `routing`: what rules would have done to past tickets, and which rules do nothing of use. Both look at so many tickets a
//! call, from the lowest number on; counts of several calls may be added up.

mod backtest;
mod draft;
mod drift;
pub(crate) mod skills;

pub(crate) use backtest::backtest;
pub(crate) use drift::drift;

use crate::kit::{call::Call, error::ApiError};
use docket_desk::rules::PastNumbers;
use docket_desk_file::Duration;
use docket_domain::{GroupId, TicketNumber, Timestamp};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most tickets of a call: some seconds of reading, well within the 29 s in which a call must be answered.
const MOST_TICKETS: usize = 1_000;
/// Longest time that is looked back: each day is asked for on its own.
const LONGEST_SINCE_SECONDS: i64 = 366 * 24 * 3600;
/// How far is looked back where nothing is said.
const USUAL_SINCE: &str = "90d";

/// Which tickets a call looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    from: Timestamp,
    until: Timestamp,
    after: Option<TicketNumber>,
    limit: usize,
}

impl Window {
    fn of(
        call: &Call,
        since: Option<&str>,
        after: Option<u64>,
        limit: Option<u64>,
    ) -> Result<Self, ApiError> {
        let wrong = |words: String| ApiError::invalid("since", words);
        let since: Duration = since.unwrap_or(USUAL_SINCE).parse().map_err(wrong)?;
        if !(1..=LONGEST_SINCE_SECONDS).contains(&since.seconds) {
            return Err(wrong("has to be a second (1s) to 366 days (366d)".to_owned()));
        }
        let limit = limit.unwrap_or(MOST_TICKETS as u64);
        let limit = usize::try_from(limit)
            .ok()
            .filter(|limit| (1..=MOST_TICKETS).contains(limit));
        let until = call.desk.now();
        Ok(Self {
            from: until - SignedDuration::from_secs(since.seconds),
            until,
            after: after.map(TicketNumber),
            limit: limit
                .ok_or_else(|| ApiError::invalid("limit", format!("has to be 1 to {MOST_TICKETS}")))?,
        })
    }

    async fn numbers(&self, call: &Call) -> Result<PastNumbers, ApiError> {
        Ok(call
            .desk
            .rules()
            .past_numbers(self.from, self.after, self.limit)
            .await?)
    }
}

/// The answer: what was found under its name, and where the next tickets are.
async fn answer(
    call: &Call,
    name: &str,
    window: &Window,
    numbers: &PastNumbers,
    mut found: Value,
    not_known: Vec<String>,
) -> Result<Value, ApiError> {
    let groups = call.desk.groups().all().await?.into_iter();
    let groups: BTreeMap<GroupId, String> = groups.map(|group| (group.id, group.name)).collect();
    found["since"] = json!(window.from);
    found["until"] = json!(window.until);
    found["groups"] = json!(groups);
    found["not_known"] = json!(not_known);
    Ok(json!({
        name: found,
        "meta": { "has_more": numbers.more > 0, "after": numbers.next_after() },
    }))
}
