//! Pages of what the index of the search finds, in an order of its own, by number and by cursor.

use super::find::request;
use crate::kit::{
    call::Call,
    error::ApiError,
    paging::{MOST_ROWS, link},
    place_paging::MOST_BY_NUMBER,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_search::{Failed, Kind, PageEnd, SearchAnswer, SearchRequest, Wanted};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An order that is not that of numbers, and how many rows there are in it at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// By what; by creation where nothing is said.
    pub by: Option<String>,
    pub is_descending: bool,
    pub most: u64,
}

impl Order {
    /// The order that is asked for; nothing where it is that of numbers. Which ones there are is checked where calls are let in.
    pub fn of(call: &Call) -> Option<Self> {
        let order = Self::or_by_creation(call);
        order.by.is_some().then_some(order)
    }

    /// The order that is asked for, that of creation where none is.
    pub fn or_by_creation(call: &Call) -> Self {
        let sort = call.address.parameter("sort");
        let by = call.address.parameter("sort_by").or(sort).unwrap_or_default();
        let by = by.trim_start_matches('-');
        let is_descending = match call.address.parameter("sort_order") {
            Some(order) => order.eq_ignore_ascii_case("desc"),
            None => sort.is_some_and(|sort| sort.starts_with('-')),
        };
        let is_of_numbers = ["id", "created_at", ""].contains(&by);
        Self {
            by: (!is_of_numbers).then(|| by.to_owned()),
            is_descending,
            most: u64::MAX,
        }
    }

    /// Whether a page can begin behind a row, whatever comes and goes before it.
    fn has_ends(&self) -> bool {
        self.by.is_none() && !self.is_descending
    }
}

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Page {
    is_by_cursor: bool,
    size: u64,
    skip: u64,
    after: Option<PageEnd>,
}

impl Page {
    fn of(call: &Call) -> Result<Self, ApiError> {
        let after = call.address.parameter("page[after]").and_then(read_cursor);
        let is_by_cursor = call.address.parameter("page[size]").is_some() || after.is_some();
        let size = call
            .address
            .number(if is_by_cursor { "page[size]" } else { "per_page" });
        let size = size.unwrap_or(MOST_ROWS).clamp(1, MOST_ROWS);
        let page = call.address.number("page").unwrap_or(1).max(1);
        let (skip, after) = match after {
            Some(From::Row(skip)) => (skip, None),
            Some(From::End(end)) => (0, Some(end)),
            None if is_by_cursor => (0, None),
            None => ((page - 1).saturating_mul(size), None),
        };
        if skip.saturating_add(size) > MOST_BY_NUMBER as u64 {
            return Err(ApiError::BadRequest(format!(
                "This list ends at {MOST_BY_NUMBER} rows. Take it by cursor in the order of creation, or an export."
            )));
        }
        Ok(Self {
            is_by_cursor,
            size,
            skip,
            after,
        })
    }
}

/// Where a page by cursor begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum From {
    /// Behind so many rows.
    Row(u64),
    /// Behind this row, by creation.
    End(PageEnd),
}

fn write_cursor(from: From) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&from).unwrap_or_default())
}

fn read_cursor(text: &str) -> Option<From> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Before the first row, by creation.
const BEGIN: PageEnd = PageEnd {
    group: None,
    created: Some(i64::MIN),
    number: 0,
    kind: Kind::Ticket,
};

/// What is asked for, in an order.
pub(crate) fn sorted(call: &Call, wanted: Wanted, order: &Order) -> SearchRequest {
    let direction = if order.is_descending { "desc" } else { "asc" };
    SearchRequest {
        sort_by: Some(order.by.clone().unwrap_or_else(|| "created_at".to_owned())),
        sort_order: Some(direction.to_owned()),
        ..request(call, wanted)
    }
}

/// A page of what was found.
pub(crate) struct Paged {
    page: Page,
    order: Order,
    /// What was found.
    pub answer: SearchAnswer,
}

impl Paged {
    /// The page that is asked for.
    pub async fn find(call: &Call, wanted: Wanted, order: Order) -> Result<Self, ApiError> {
        let page = Page::of(call)?;
        let goes_by_ends = page.is_by_cursor && order.has_ends() && page.skip == 0;
        let request = SearchRequest {
            skip: usize::try_from(page.skip).unwrap_or(usize::MAX),
            take: usize::try_from(page.size.min(order.most.saturating_sub(page.skip))).unwrap_or(usize::MAX),
            after: goes_by_ends.then(|| page.after.unwrap_or(BEGIN)),
            ..sorted(call, wanted, &order)
        };
        let answer = match call.desk.find(request.clone()).await {
            // Where there is no index yet the newest are looked at, and those have no ends.
            Err(Failed::Unavailable) if goes_by_ends && page.after.is_none() => {
                let request = SearchRequest {
                    after: None,
                    ..request
                };
                call.desk.find(request).await?
            }
            answer => answer?,
        };
        Ok(Self { page, order, answer })
    }

    /// The answer: rows under their name, and the ways to the pages beside it.
    pub fn envelope(&self, call: &Call, name: &str, rows: Vec<Value>) -> Map<String, Value> {
        let (page, order, answer) = (&self.page, &self.order, &self.answer);
        let count = answer.count.min(order.most);
        let reached = page.skip + page.size;
        let mut envelope = Map::new();
        envelope.insert(name.to_owned(), Value::Array(rows));
        if !page.is_by_cursor {
            let has_more = reached < count && reached < MOST_BY_NUMBER as u64;
            let to = |page: u64| link(&call.address, &[("page", page.to_string())]);
            let number = page.skip / page.size + 1;
            envelope.insert("count".to_owned(), json!(count));
            envelope.insert("next_page".to_owned(), json!(has_more.then(|| to(number + 1))));
            envelope.insert(
                "previous_page".to_owned(),
                json!((number > 1).then(|| to(number - 1))),
            );
            return envelope;
        }
        let by_end = answer.next.map(From::End).filter(|_| order.has_ends());
        let by_row = (page.after.is_none() && reached < count).then_some(From::Row(reached));
        let next = by_end.or(by_row).map(write_cursor);
        let size = || ("page[size]", page.size.to_string());
        let to = |after: &String| link(&call.address, &[("page[after]", after.clone()), size()]);
        let links = json!({ "next": next.as_ref().map(to), "prev": null });
        envelope.insert("links".to_owned(), links);
        let meta = json!({ "has_more": next.is_some(), "after_cursor": next, "before_cursor": null });
        envelope.insert("meta".to_owned(), meta);
        envelope
    }
}
