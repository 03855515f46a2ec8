//! `tags`: which tags tickets have, and how many have each. The index of the search counts them.

use crate::{
    kit::{call::Call, error::ApiError, paging::Paging},
    search::{request, told},
    shapes::counted,
};
use axum::Json;
use docket_search::{Facet, SearchAnswer, SearchRequest, Wanted};
use http::HeaderMap;
use serde_json::{Value, json};

/// Most tags that are told apart; as many as the index counts.
const MOST_TAGS: usize = 10_000;
/// Most tags that are proposed to somebody who types.
const MOST_PROPOSED: usize = 30;
/// Fewest characters with which something is proposed, as clients expect it.
const FEWEST_TYPED: usize = 2;

/// `GET tags`: the most frequent first.
pub(super) async fn list(call: Call) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let answer = ask(&call, "", MOST_TAGS).await?;
    let tags: Vec<&Facet> = tags_in(&answer).collect();
    let paging = Paging::of(&call.address);
    let window = paging.window(tags.len() as u64);
    let page = window.of(&tags);
    let rows = page
        .iter()
        .map(|tag| json!({ "name": tag.value, "count": tag.count }));
    let envelope = paging.envelope(&call.address, "tags", rows.collect(), &window);
    Ok((told(&answer), Json(Value::Object(envelope))))
}

/// `GET tags/count`: how many tags there are.
pub(super) async fn count(call: Call) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let answer = ask(&call, "", MOST_TAGS).await?;
    let value = tags_in(&answer).count();
    let body = counted(value, call.desk.now());
    Ok((told(&answer), Json(body)))
}

/// `GET autocomplete/tags?name=`: tags that begin so, the most frequent first.
pub(super) async fn autocomplete(call: Call) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let typed = call.address.parameter("name").unwrap_or_default().trim();
    if typed.chars().count() < FEWEST_TYPED {
        let words = format!("has to have at least {FEWEST_TYPED} characters");
        return Err(ApiError::invalid("name", words));
    }
    let answer = ask(&call, typed, MOST_PROPOSED).await?;
    let tags: Vec<&str> = tags_in(&answer).map(|tag| tag.value.as_str()).collect();
    let body = json!({ "tags": tags, "count": tags.len() });
    Ok((told(&answer), Json(body)))
}

async fn ask(call: &Call, beginning: &str, most: usize) -> Result<SearchAnswer, ApiError> {
    let wanted = Wanted::Tags(beginning.to_owned());
    let request = SearchRequest {
        take: most,
        sort_by: None,
        sort_order: None,
        ..request(call, wanted)
    };
    Ok(call.desk.find(request).await?)
}

fn tags_in(answer: &SearchAnswer) -> impl Iterator<Item = &Facet> {
    answer.facets.iter().flat_map(|(_, tags)| tags)
}
