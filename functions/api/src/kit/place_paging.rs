//! Pages of lists whose rows stand at places, the newest first unless the oldest are asked for: by number (`page`, `per_page`) and by cursor
//! (`page[size]`, `page[after]`, `page[before]`). Unlike in [`super::paging`] the places are not numbered.

use super::{
    address::Address,
    error::ApiError,
    paging::{MOST_ROWS, link},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_desk::ViewPage;
use serde_json::{Map, Value, json};

/// Most rows that pages by number reach, as with other desks (Zendesk's API, "Pagination": offset pagination ends at 10,000);
/// cursors reach all.
pub(crate) const MOST_BY_NUMBER: usize = 10_000;

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacePaging {
    form: Form,
    size: usize,
    oldest_first: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Number(usize),
    After(Option<String>),
    Before(String),
}

/// What a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The rows.
    pub page: ViewPage,
    /// Whether they are to be turned round: they were looked for backwards.
    pub is_backwards: bool,
}

/// Where the rows of a page stand, in the order in which they were looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub first: Option<String>,
    pub last: Option<String>,
    pub has_more: bool,
}

impl PlacePaging {
    /// Reads the query. What can't be read is as if it were not there; pages by number end somewhere.
    pub fn of(address: &Address) -> Result<Self, ApiError> {
        let cursor = |name: &str| address.parameter(name).and_then(read_cursor);
        let (after, before) = (cursor("page[after]"), cursor("page[before]"));
        let by_cursor = address.parameter("page[size]").is_some() || after.is_some() || before.is_some();
        let asked_size = address.number(if by_cursor { "page[size]" } else { "per_page" });
        let size = asked_size.unwrap_or(MOST_ROWS).clamp(1, MOST_ROWS);
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let form = match (after, before) {
            (None, Some(before)) => Form::Before(before),
            (after, _) if by_cursor => Form::After(after),
            _ => {
                let page = address.number("page").unwrap_or(1).max(1);
                let page = usize::try_from(page).unwrap_or(usize::MAX);
                if page.saturating_mul(size) > MOST_BY_NUMBER {
                    return Err(ApiError::BadRequest(format!(
                        "Pages by number end at {MOST_BY_NUMBER} rows. Go on by cursor: page[size], page[after]."
                    )));
                }
                Form::Number(page)
            }
        };
        let oldest_first = match (address.parameter("sort_order"), address.parameter("sort")) {
            (Some(order), _) => order.eq_ignore_ascii_case("asc"),
            (None, Some(sort)) => !sort.starts_with('-'),
            (None, None) => false,
        };
        Ok(Self {
            form,
            size,
            oldest_first,
        })
    }

    /// The same of a list whose oldest rows come first unless it is asked otherwise.
    pub fn oldest_first(address: &Address) -> Result<Self, ApiError> {
        let asks_for_an_order = ["sort_order", "sort"]
            .iter()
            .any(|name| address.parameter(name).is_some());
        let paging = Self::of(address)?;
        Ok(Self {
            oldest_first: paging.oldest_first || !asks_for_an_order,
            ..paging
        })
    }

    /// What the list is asked for.
    pub fn asked(&self) -> Asked {
        let (after, is_backwards, skip) = match &self.form {
            Form::Number(page) => (None, false, (page - 1) * self.size),
            Form::After(after) => (after.clone(), false, 0),
            Form::Before(before) => (Some(before.clone()), true, 0),
        };
        let page = ViewPage {
            after,
            oldest_first: self.oldest_first != is_backwards,
            skip,
            limit: self.size,
        };
        Asked { page, is_backwards }
    }

    /// Whether the answer says how many there are.
    pub fn counts(&self) -> bool {
        matches!(self.form, Form::Number(_))
    }

    /// The answer: rows under their name, and the ways to the other pages. `count`: how many there are.
    pub fn envelope(
        &self,
        address: &Address,
        name: &str,
        rows: Vec<Value>,
        found: &Found,
        count: usize,
    ) -> Map<String, Value> {
        let mut envelope = Map::new();
        envelope.insert(name.to_owned(), Value::Array(rows));
        if let Form::Number(page) = &self.form {
            let to = |page: usize| link(address, &[("page", page.to_string())]);
            let reaches = (page + 1).saturating_mul(self.size) <= MOST_BY_NUMBER;
            let next = (found.has_more && reaches).then(|| to(page + 1));
            let previous = (*page > 1).then(|| to(page - 1));
            envelope.insert("count".to_owned(), json!(count));
            envelope.insert("next_page".to_owned(), json!(next));
            envelope.insert("previous_page".to_owned(), json!(previous));
            return envelope;
        }
        // Whoever came over a place can go back over it.
        let (first, last, has_more, has_earlier) = match &self.form {
            Form::Before(_) => (&found.last, &found.first, true, found.has_more),
            Form::After(after) => (&found.first, &found.last, found.has_more, after.is_some()),
            Form::Number(_) => (&found.first, &found.last, found.has_more, false),
        };
        let after = last.as_deref().filter(|_| has_more).map(cursor);
        let before = first.as_deref().filter(|_| has_earlier).map(cursor);
        let to = |name: &'static str, cursor: &Option<String>| {
            let size = ("page[size]", self.size.to_string());
            Some(link(address, &[(name, cursor.clone()?), size]))
        };
        let links = json!({ "next": to("page[after]", &after), "prev": to("page[before]", &before) });
        envelope.insert("links".to_owned(), links);
        let meta = json!({ "has_more": has_more, "after_cursor": after, "before_cursor": before });
        envelope.insert("meta".to_owned(), meta);
        envelope
    }
}

fn cursor(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("p{place}"))
}

fn read_cursor(text: &str) -> Option<String> {
    let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    Some(String::from_utf8(decoded).ok()?.strip_prefix('p')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(query: &str) -> Result<PlacePaging, ApiError> {
        PlacePaging::of(&Address::for_test("/suspended_tickets", query))
    }

    fn asked(query: &str) -> Asked {
        paging(query).unwrap().asked()
    }

    #[test]
    fn the_newest_come_first_unless_the_oldest_are_asked_for() {
        assert!(!asked("").page.oldest_first);
        for query in [
            "sort_order=asc",
            "sort=created_at",
            "sort_by=created_at&sort_order=ASC",
        ] {
            assert!(asked(query).page.oldest_first, "{query}");
        }
        assert!(!asked("sort=-created_at").page.oldest_first);
    }

    #[test]
    fn a_page_by_number_passes_over_those_before_it_and_ends_somewhere() {
        let third = asked("page=3&per_page=20");
        assert_eq!((third.page.skip, third.page.limit), (40, 20));
        assert_eq!(asked("page=100").page.skip, 9_900);
        assert!(paging("page=101").is_err());
        assert!(paging("page=18446744073709551615").is_err());
    }

    #[test]
    fn a_cursor_looks_on_from_a_place_or_back_from_it() {
        let on = asked(&format!("page[size]=2&page[after]={}", cursor("x")));
        assert_eq!(
            (on.page.after.as_deref(), on.is_backwards, on.page.oldest_first),
            (Some("x"), false, false)
        );
        let back = asked(&format!("page[size]=2&page[before]={}", cursor("x")));
        assert_eq!(
            (
                back.page.after.as_deref(),
                back.is_backwards,
                back.page.oldest_first
            ),
            (Some("x"), true, true)
        );
        assert_eq!(asked("page[size]=2&page[after]=undefined").page.after, None);
    }
}
