//! `GET search` and `GET search/count`.

use super::rows::rows;
use crate::kit::{
    address::Address,
    call::Call,
    error::ApiError,
    paging::{MOST_ROWS, link},
    place_paging::MOST_BY_NUMBER,
};
use axum::Json;
use docket_search::{Asker, Basis, Kind, SearchAnswer, SearchRequest, Wanted};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

/// How far pages by number reach, in rows: as with Zendesk. Further on `search/export` leads.
const MOST_BY_PAGE: u64 = 1_000;
/// Says up to when an answer lacks nothing, where more changed since than is looked at.
const FRESH_UNTIL: HeaderName = HeaderName::from_static("x-docket-search-fresh-until");
/// Says that there is no index yet, and that only the newest tickets were looked at.
const BASIS: HeaderName = HeaderName::from_static("x-docket-search-basis");

/// `GET search?query=`: what stands by the query, a hundred a page.
pub(crate) async fn search(call: Call) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let page = Page::of(&call)?;
    let wanted = wanted(&call)?;
    let request = SearchRequest {
        skip: page.skip(),
        take: page.size as usize,
        ..request(&call, wanted)
    };
    let answer = call.desk.find(request).await?;
    let (rows, beside) = rows(&call, &answer.found).await?;
    let mut envelope = Map::new();
    envelope.insert("results".to_owned(), Value::Array(rows));
    envelope.insert("facets".to_owned(), Value::Null);
    page.end(&call, answer.count, &mut envelope);
    beside.add_to(&mut envelope, &call).await?;
    Ok((told(&answer), Json(Value::Object(envelope))))
}

/// `GET search/count?query=`: how many stand by the query.
pub(crate) async fn count(call: Call) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let wanted = wanted(&call)?;
    let request = SearchRequest {
        take: 0,
        ..request(&call, wanted)
    };
    let answer = call.desk.find(request).await?;
    Ok((told(&answer), Json(json!({ "count": answer.count }))))
}

/// A page known by its number.
pub(crate) struct Page {
    number: u64,
    pub(crate) size: u64,
    /// How far pages reach.
    reach: u64,
}

impl Page {
    /// The one that is asked for, of those that can be had.
    pub(super) fn of(call: &Call) -> Result<Self, ApiError> {
        Self::at(&call.address)
    }

    /// The same of a list of people or organizations, which reaches as far as every list by number.
    pub(super) fn of_known(call: &Call) -> Result<Self, ApiError> {
        Self::within(&call.address, MOST_BY_NUMBER as u64)
    }

    /// The same of whoever calls by this address.
    pub(crate) fn at(address: &Address) -> Result<Self, ApiError> {
        Self::within(address, MOST_BY_PAGE)
    }

    fn within(address: &Address, reach: u64) -> Result<Self, ApiError> {
        let page = Self {
            number: address.number("page").unwrap_or(1).max(1),
            size: address
                .number("per_page")
                .unwrap_or(MOST_ROWS)
                .clamp(1, MOST_ROWS),
            reach,
        };
        if page.number.saturating_mul(page.size) > reach {
            let words = format!(
                "pages reach to the {reach}th row. Narrow the query, or take `search/export`, which has no end"
            );
            return Err(ApiError::invalid("page", words));
        }
        Ok(page)
    }

    pub(crate) fn skip(&self) -> usize {
        usize::try_from((self.number - 1) * self.size).unwrap_or(usize::MAX)
    }

    /// Adds how many rows there are, and the ways to the pages beside this one.
    pub(super) fn end(&self, call: &Call, count: u64, envelope: &mut Map<String, Value>) {
        self.end_at(&call.address, count, envelope);
    }

    /// The same for whoever called by this address.
    pub(crate) fn end_at(&self, address: &Address, count: u64, envelope: &mut Map<String, Value>) {
        let reached = self.number * self.size;
        let has_more = reached < count && reached + self.size <= self.reach;
        let to = |page: u64| link(address, &[("page", page.to_string())]);
        envelope.insert("count".to_owned(), json!(count));
        envelope.insert(
            "next_page".to_owned(),
            json!(has_more.then(|| to(self.number + 1))),
        );
        let previous = (self.number > 1).then(|| to(self.number - 1));
        envelope.insert("previous_page".to_owned(), json!(previous));
    }
}

/// What the caller may see, asked for as the call says.
pub(crate) fn request(call: &Call, wanted: Wanted) -> SearchRequest {
    let text = |name: &str| call.address.parameter(name).map(str::to_owned);
    SearchRequest {
        by: Asker::Staff(Some(call.caller.id)),
        wanted,
        sort_by: text("sort_by"),
        sort_order: text("sort_order"),
        skip: 0,
        take: 0,
        after: None,
        time_zone: call.caller.time_zone.clone(),
        with_snippets: false,
        with_facets: false,
    }
}

/// The query, of one kind where `filter[type]` says so.
pub(super) fn wanted(call: &Call) -> Result<Wanted, ApiError> {
    let query = call.address.parameter("query");
    let query = query.ok_or_else(|| ApiError::blank("query"))?.to_owned();
    Ok(match call.address.parameter("filter[type]") {
        None => Wanted::Query(query),
        Some(kind) => Wanted::QueryOf(kind_named(kind)?, query),
    })
}

/// The kind that is named.
pub(super) fn kind_named(name: &str) -> Result<Kind, ApiError> {
    match name {
        "ticket" => Ok(Kind::Ticket),
        "user" => Ok(Kind::Person),
        "organization" => Ok(Kind::Organization),
        "group" => Err(ApiError::invalid(
            "filter[type]",
            "groups are not searched; `groups` lists them",
        )),
        _ => Err(ApiError::invalid(
            "filter[type]",
            "must be ticket, user or organization",
        )),
    }
}

/// What is to be known of an answer beside its rows.
pub(crate) fn told(answer: &SearchAnswer) -> HeaderMap {
    let mut headers = HeaderMap::new();
    match answer.basis {
        Basis::Whole => {}
        Basis::Until(until) => {
            if let Ok(value) = HeaderValue::try_from(until.to_string()) {
                headers.insert(FRESH_UNTIL, value);
            }
        }
        Basis::Heads => {
            headers.insert(BASIS, HeaderValue::from_static("newest-tickets"));
        }
    }
    headers
}
