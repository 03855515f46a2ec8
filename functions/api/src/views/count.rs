//! How many tickets views have. A count is exact to 2,000 and kept for half a minute.

use super::{execute, list, output::order_of, seen, standing};
use crate::kit::{
    call::{Call, Ids},
    error::{ApiError, Problem},
    input::Sent,
};
use axum::{Extension, Json};
use docket_desk::{COUNTERS, MOST_GROUPS};
use docket_domain::{PersonId, Timestamp, ViewId, view::View};
use docket_search::Basis;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// How far a count is exact.
const MOST_COUNTED: u64 = 2_000;
/// How long a count is kept, in seconds.
const KEPT_SECONDS: i64 = 30;
/// Most counts that are kept at once.
const MOST_KEPT: usize = 10_000;
/// Most views that are counted in one call, as with Zendesk.
const MOST_VIEWS: usize = 20;

/// Counts that were made a moment ago: of which version of a view, for whom.
#[derive(Default)]
pub(super) struct KeptCounts(Mutex<HashMap<(ViewId, u64, PersonId), Counted>>);

/// A count.
#[derive(Clone, Copy, Debug)]
struct Counted {
    count: u64,
    at: Timestamp,
    /// Whether nothing is missing that changed until then.
    is_fresh: bool,
}

/// `GET views/{id}/count`.
pub(super) async fn count(
    call: Call,
    Ids(id): Ids<u64>,
    Extension(kept): Extension<Arc<KeptCounts>>,
) -> Result<Json<Value>, ApiError> {
    let view = seen(&call, id).await?;
    let counted = kept.of(&call, &view).await?;
    Ok(Json(json!({ "view_count": shown(&call, Some(&view), counted) })))
}

/// `GET views/count_many?ids=1,2`.
pub(super) async fn count_many(
    call: Call,
    Extension(kept): Extension<Arc<KeptCounts>>,
) -> Result<Json<Value>, ApiError> {
    let views = list::many(&call).await?;
    if views.len() > MOST_VIEWS {
        let words = format!("at most {MOST_VIEWS} views can be counted at once");
        return Err(ApiError::invalid("ids", words));
    }
    let mut counts = Vec::new();
    for view in &views {
        counts.push(match kept.of(&call, view).await {
            Ok(counted) => shown(&call, Some(view), counted),
            // The others are counted all the same.
            Err(ApiError::Invalid(why)) => uncounted(&call, view, &why),
            Err(error) => return Err(error),
        });
    }
    Ok(Json(json!({ "view_counts": counts })))
}

/// `POST views/preview/count`: of a view that is not saved; it is counted anew each time.
pub(super) async fn preview(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let view = execute::sent_view(&call, &sent).await?;
    let counted = counted(&call, &view).await?;
    Ok(Json(json!({ "view_count": shown(&call, None, counted) })))
}

impl KeptCounts {
    async fn of(&self, call: &Call, view: &View) -> Result<Counted, ApiError> {
        let now = call.desk.now();
        let key = (view.id, view.v, call.caller.id);
        let is_young = |known: &Counted| (0..KEPT_SECONDS).contains(&now.duration_since(known.at).as_secs());
        let known = self.kept().get(&key).copied();
        if let Some(known) = known.filter(is_young) {
            return Ok(known);
        }
        let counted = counted(call, view).await?;
        let mut kept = self.kept();
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, known| is_young(known));
        }
        if kept.len() < MOST_KEPT {
            kept.insert(key, counted);
        }
        Ok(counted)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<(ViewId, u64, PersonId), Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts by the counters that are kept, where they tell, else by the index.
async fn counted(call: &Call, view: &View) -> Result<Counted, ApiError> {
    let at = call.desk.now();
    if let Some(count) = by_counters(call, view.id).await? {
        return Ok(Counted {
            count,
            at,
            is_fresh: true,
        });
    }
    let answer = execute::ask(call, view, order_of(&view.output), (0, 0), None).await?;
    Ok(Counted {
        count: answer.count,
        at,
        is_fresh: answer.basis == Basis::Whole,
    })
}

async fn by_counters(call: &Call, id: ViewId) -> Result<Option<u64>, ApiError> {
    let caller = &call.caller;
    let Some((of, wanted)) = standing::counted_by(id, caller.id, &caller.groups, MOST_GROUPS) else {
        return Ok(None);
    };
    let generation = call.desk.projection(COUNTERS).await?.generation;
    if generation == 0 {
        return Ok(None);
    }
    let counts = call.desk.counts(generation, &of).await?;
    let wanted = counts.iter().filter(|((_, count), _)| wanted.contains(count));
    let sum: i64 = wanted.map(|(_, number)| *number).sum();
    Ok(Some(u64::try_from(sum).unwrap_or(0)))
}

/// A view that can't be answered as it is, and why; the view itself tells the same to whoever looks at it.
fn uncounted(call: &Call, view: &View, why: &[Problem]) -> Value {
    let why: Vec<&str> = why.iter().map(|problem| problem.words.as_str()).collect();
    json!({
        "view_id": view.id,
        "url": call.address.resource(&format!("/views/{}/count", view.id)),
        "value": null,
        "pretty": null,
        "fresh": false,
        "active": view.is_active,
        "docket": { "refused": why.join("; ") },
    })
}

fn shown(call: &Call, view: Option<&View>, counted: Counted) -> Value {
    let is_more = counted.count > MOST_COUNTED;
    let value = counted.count.min(MOST_COUNTED);
    let pretty = match (value / 1_000, is_more) {
        (0, _) => value.to_string(),
        (thousands, _) => format!(
            "{thousands},{:03}{}",
            value % 1_000,
            if is_more { "+" } else { "" }
        ),
    };
    let age = call.desk.now().duration_since(counted.at).as_secs().max(0);
    let mut shown = json!({
        "view_id": view.map(|view| view.id),
        "url": view.map(|view| call.address.resource(&format!("/views/{}/count", view.id))),
        "value": value,
        "pretty": pretty,
        "fresh": counted.is_fresh,
        "active": view.is_none_or(|view| view.is_active),
        "docket": { "is_at_least": is_more, "age_seconds": age },
    });
    if !counted.is_fresh {
        // What is missing is there once the index caught up.
        shown["refresh"] = json!("poll");
    }
    shown
}
