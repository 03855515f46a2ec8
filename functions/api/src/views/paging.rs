//! Pages of the tickets of a view: by number (`page`, `per_page`) and by cursor (`page[size]`, `page[after]`). A cursor says behind which
//! values of the order a page begins, so pages stay where they are while tickets come and go.

use crate::kit::{
    call::Call,
    error::ApiError,
    paging::{MOST_ROWS, link},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_search::{PageEnd, SearchAnswer, ViewOrder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// How far pages by number reach, in rows; cursors reach all.
const MOST_BY_NUMBER: usize = 5_000;

/// Where the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    end: PageEnd,
    /// A place in one order is none in another.
    order: ViewOrder,
}

/// Which page is asked for.
pub(super) struct ViewPaging {
    pub skip: usize,
    pub take: usize,
    pub after: Option<PageEnd>,
    /// By number, not by cursor.
    number: Option<usize>,
    order: ViewOrder,
}

impl ViewPaging {
    /// Reads the query. Of a number what can't be read is as if it were not there; a cursor has to be one of this order.
    pub fn of(call: &Call, order: ViewOrder) -> Result<Self, ApiError> {
        let parameter = |name: &str| call.address.parameter(name).filter(|text| !is_nothing(text));
        let number = |name: &str| parameter(name).and_then(|text| text.parse::<usize>().ok());
        let most = usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
        let after = parameter("page[after]")
            .map(|text| read(text, order))
            .transpose()?;
        if parameter("page[before]").is_some() {
            let words = "the tickets of a view are paged forwards: take page[after]";
            return Err(ApiError::invalid("page[before]", words));
        }
        if parameter("page[size]").is_some() || after.is_some() {
            return Ok(Self {
                skip: 0,
                take: number("page[size]").unwrap_or(most).clamp(1, most),
                after,
                number: None,
                order,
            });
        }
        let take = number("per_page").unwrap_or(most).clamp(1, most);
        let page = number("page").unwrap_or(1).max(1);
        if page.saturating_mul(take) > MOST_BY_NUMBER {
            return Err(ApiError::BadRequest(format!(
                "Pages by number end at {MOST_BY_NUMBER} rows. Go on by cursor: page[size], page[after]."
            )));
        }
        Ok(Self {
            skip: (page - 1) * take,
            take,
            after: None,
            number: Some(page),
            order,
        })
    }

    /// Adds the ways to the other pages.
    pub fn end(&self, call: &Call, answer: &SearchAnswer, envelope: &mut Map<String, Value>) {
        let Some(page) = self.number else {
            let next = answer.next.map(|end| self.written(end));
            let size = || ("page[size]", self.take.to_string());
            let to_next = |after: &String| link(&call.address, &[("page[after]", after.clone()), size()]);
            let links = json!({ "next": next.as_ref().map(to_next), "prev": null });
            envelope.insert("links".to_owned(), links);
            let meta = json!({ "has_more": next.is_some(), "after_cursor": next, "before_cursor": null });
            envelope.insert("meta".to_owned(), meta);
            return;
        };
        let to = |page: usize| link(&call.address, &[("page", page.to_string())]);
        let reaches = (page + 1).saturating_mul(self.take) <= MOST_BY_NUMBER;
        let next = answer.next.filter(|_| reaches).map(|_| to(page + 1));
        envelope.insert("count".to_owned(), json!(answer.count));
        envelope.insert("next_page".to_owned(), json!(next));
        envelope.insert(
            "previous_page".to_owned(),
            json!((page > 1).then(|| to(page - 1))),
        );
    }

    fn written(&self, end: PageEnd) -> String {
        let order = self.order;
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&Cursor { end, order }).unwrap_or_default())
    }
}

/// What clients write where they have nothing.
fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "undefined" | "null" | "None")
}

fn read(text: &str, order: ViewOrder) -> Result<PageEnd, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let cursor: Option<Cursor> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let cursor = cursor.filter(|cursor| cursor.order == order);
    cursor.map(|cursor| cursor.end).ok_or_else(|| {
        let words = "is no cursor of this list in this order; begin with the first page";
        ApiError::invalid("page[after]", words)
    })
}
