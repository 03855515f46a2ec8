//! Lists in pages, in both forms clients know: by number (`page`, `per_page`), and by cursor (`page[size]`,
//! `page[after]`, `page[before]`).
//!
//! Every list here is numbered from 1: tickets and people by their ids, what lies on a ticket by its place. By cursor a page is a
//! range of these keys, of which one may have no row; by number it is a range of the rows that there are, which are counted.

use crate::kit::{address::Address, error::ApiError};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_desk::Rows;
use serde_json::{Map, Value, json};

/// Most rows of a page, and how many it has unless told otherwise.
pub(crate) const MOST_ROWS: u64 = 100;

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    form: Form,
    size: u64,
    descending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Number(u64),
    Cursor { after: Option<u64>, before: Option<u64> },
}

/// The keys of a page, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub keys: Vec<u64>,
    last: u64,
    /// How many rows the whole list has.
    count: u64,
    has_more: bool,
    has_earlier: bool,
}

impl Window {
    /// The rows of a list at hand that lie in the window.
    pub fn of<'a, T>(&self, list: &'a [T]) -> Vec<&'a T> {
        let place = |key: &u64| usize::try_from(*key).ok()?.checked_sub(1);
        self.keys.iter().filter_map(|key| list.get(place(key)?)).collect()
    }
}

impl Paging {
    /// Reads the query. What can't be read is as if it were not there.
    pub fn of(address: &Address) -> Self {
        let cursor = |name: &str| address.parameter(name).and_then(read_cursor);
        let (after, before) = (cursor("page[after]"), cursor("page[before]"));
        let by_cursor = address.parameter("page[size]").is_some() || after.is_some() || before.is_some();
        let (form, size) = if by_cursor {
            (Form::Cursor { after, before }, address.number("page[size]"))
        } else {
            (
                Form::Number(address.number("page").unwrap_or(1).max(1)),
                address.number("per_page"),
            )
        };
        let descending = match (address.parameter("sort_order"), address.parameter("sort")) {
            (Some(order), _) => order.eq_ignore_ascii_case("desc"),
            (None, Some(sort)) => sort.starts_with('-'),
            (None, None) => false,
        };
        Self {
            form,
            size: size.unwrap_or(MOST_ROWS).clamp(1, MOST_ROWS),
            descending,
        }
    }

    /// The same of a list that is in the order asked for already.
    pub fn ascending(self) -> Self {
        Self {
            descending: false,
            ..self
        }
    }

    /// The same of a list that has pages by cursor alone.
    pub fn by_cursor(self) -> Self {
        let form = match self.form {
            Form::Number(_) => Form::Cursor {
                after: None,
                before: None,
            },
            form => form,
        };
        Self { form, ..self }
    }

    /// Whether a page is known by its number, and the rows are counted.
    pub fn is_counted(&self) -> bool {
        matches!(self.form, Form::Number(_))
    }

    /// The page of a list of which each key is known to have a row or none. Only pages by number ask.
    pub fn window_of_rows(&self, rows: &Rows) -> Window {
        if !self.is_counted() {
            return self.window(rows.last());
        }
        let window = self.window(rows.count());
        Window {
            keys: window.keys.iter().filter_map(|place| rows.at(*place)).collect(),
            ..window
        }
    }

    /// The page of a list with the keys `1..=last`.
    pub fn window(&self, last: u64) -> Window {
        // In places: 1 is the first in the order asked for, whichever that is.
        let (from, to) = match &self.form {
            Form::Number(page) => {
                let from = page.saturating_sub(1).saturating_mul(self.size);
                (from.min(last), from.saturating_add(self.size).min(last))
            }
            Form::Cursor {
                after: None,
                before: Some(before),
            } => {
                let to = self.place(*before, last).saturating_sub(1).min(last);
                (to.saturating_sub(self.size), to)
            }
            Form::Cursor { after, .. } => {
                let from = after.map_or(0, |key| self.place(key, last)).min(last);
                (from, from.saturating_add(self.size).min(last))
            }
        };
        self.between(from, to, last)
    }

    /// The page after this one.
    pub fn following(&self, window: &Window) -> Option<Window> {
        let reached = window.keys.last().filter(|_| window.has_more)?;
        let from = self.place(*reached, window.last);
        let to = from.saturating_add(self.size).min(window.last);
        Some(self.between(from, to, window.last))
    }

    /// Whether an empty page may be skipped: only where a page is not known by its number.
    pub fn may_skip(&self) -> bool {
        matches!(self.form, Form::Cursor { before: None, .. })
    }

    fn between(&self, from: u64, to: u64, last: u64) -> Window {
        let keys = (from + 1..=to).map(|place| self.key(place, last)).collect();
        Window {
            keys,
            last,
            count: last,
            has_more: to < last,
            has_earlier: from > 0,
        }
    }

    fn key(&self, place: u64, last: u64) -> u64 {
        if self.descending { last + 1 - place } else { place }
    }

    fn place(&self, key: u64, last: u64) -> u64 {
        if self.descending {
            (last + 1).saturating_sub(key)
        } else {
            key
        }
    }

    /// The answer: rows under their name, and the ways to the other pages.
    pub fn envelope(
        &self,
        address: &Address,
        name: &str,
        rows: Vec<Value>,
        window: &Window,
    ) -> Map<String, Value> {
        let mut envelope = Map::new();
        envelope.insert(name.to_owned(), Value::Array(rows));
        match &self.form {
            Form::Number(page) => {
                let to = |page: u64| link(address, &[("page", page.to_string())]);
                let next = window.has_more.then(|| to(page + 1));
                let previous = (*page > 1).then(|| to(page - 1));
                envelope.insert("count".to_owned(), json!(window.count));
                envelope.insert("next_page".to_owned(), json!(next));
                envelope.insert("previous_page".to_owned(), json!(previous));
            }
            Form::Cursor { .. } => {
                let after = window.keys.last().filter(|_| window.has_more);
                let before = window.keys.first().filter(|_| window.has_earlier);
                let (after, before) = (after.copied().map(cursor), before.copied().map(cursor));
                let size = || ("page[size]", self.size.to_string());
                let to = |name: &'static str, cursor: &Option<String>| {
                    let cursor = cursor.clone()?;
                    Some(link(address, &[(name, cursor), size()]))
                };
                let links = json!({ "next": to("page[after]", &after), "prev": to("page[before]", &before) });
                envelope.insert("links".to_owned(), links);
                envelope.insert(
                    "meta".to_owned(),
                    json!({ "has_more": window.has_more, "after_cursor": after, "before_cursor": before }),
                );
            }
        }
        envelope
    }
}

/// The address that was called, for another page.
pub(crate) fn link(address: &Address, page: &[(&str, String)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let kept = address
        .query
        .iter()
        .filter(|(name, _)| name != "page" && !name.starts_with("page["));
    query.extend_pairs(kept);
    query.extend_pairs(page);
    format!("{}?{}", address.resource(&address.path), query.finish())
}

fn cursor(key: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("k{key}"))
}

fn read_cursor(text: &str) -> Option<u64> {
    let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    String::from_utf8(decoded).ok()?.strip_prefix('k')?.parse().ok()
}

/// Ids with commas between them, each once.
pub(crate) fn written_ids(asked: &str) -> Result<Vec<u64>, ApiError> {
    let mut ids = Vec::new();
    for id in asked.split(',').filter_map(|id| id.trim().parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() as u64 > MOST_ROWS {
            return Err(ApiError::BadRequest(format!(
                "At most {MOST_ROWS} ids can be asked for at once."
            )));
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str, last: u64) -> (Vec<u64>, Value) {
        let address = Address::for_test("/tickets", query);
        let paging = Paging::of(&address);
        let window = paging.window(last);
        let envelope = paging.envelope(&address, "tickets", vec![], &window);
        (window.keys, Value::Object(envelope))
    }

    fn keys(query: &str, last: u64) -> Vec<u64> {
        page(query, last).0
    }

    #[test]
    fn a_page_by_number_says_how_many_there_are_and_where_the_next_is() {
        let (keys, envelope) = page("per_page=2&page=2&include=users", 5);
        assert_eq!(keys, [3, 4]);
        assert_eq!(
            envelope,
            json!({
                "tickets": [],
                "count": 5,
                "next_page": "https://desk.example.com/api/v2/tickets.json?per_page=2&include=users&page=3",
                "previous_page": "https://desk.example.com/api/v2/tickets.json?per_page=2&include=users&page=1",
            })
        );
    }

    #[test]
    fn pages_by_number_are_full_and_counted_whatever_numbers_nobody_has() {
        let rows = Rows::new(9, [2, 3, 7]);
        let of = |query: &str| {
            let address = Address::for_test("/tickets", query);
            let paging = Paging::of(&address);
            let window = paging.window_of_rows(&rows);
            let envelope = paging.envelope(&address, "tickets", vec![], &window);
            (
                window.keys,
                envelope["count"].clone(),
                envelope["next_page"].is_string(),
            )
        };
        assert_eq!(of("per_page=4"), (vec![1, 4, 5, 6], json!(6), true));
        assert_eq!(of("per_page=4&page=2"), (vec![8, 9], json!(6), false));
        assert_eq!(of("per_page=4&page=3"), (vec![], json!(6), false));
        assert_eq!(of("per_page=4&sort=-id"), (vec![9, 8, 6, 5], json!(6), true));
        assert_eq!(of("per_page=6"), (vec![1, 4, 5, 6, 8, 9], json!(6), false));
    }

    #[test]
    fn the_last_page_by_number_leads_nowhere() {
        assert_eq!(page("per_page=2&page=3", 5).1["next_page"], Value::Null);
        assert_eq!(page("per_page=5", 5).1["next_page"], Value::Null);
        assert_eq!(keys("per_page=2&page=4", 5), [0; 0]);
        assert_eq!(keys("page=18446744073709551615", 5), [0; 0]);
    }

    #[test]
    fn cursors_lead_through_the_whole_list_and_end() {
        for (order, expected) in [("", [1, 2, 3, 4, 5]), ("&sort=-id", [5, 4, 3, 2, 1])] {
            let mut seen = Vec::new();
            let mut query = format!("page[size]=2{order}");
            loop {
                let (keys, envelope) = page(&query, 5);
                seen.extend(keys);
                match envelope["links"]["next"].as_str() {
                    Some(next) => query = next.split_once('?').unwrap().1.to_owned(),
                    None => {
                        assert_eq!(envelope["meta"]["has_more"], false);
                        break;
                    }
                }
            }
            assert_eq!(seen, expected, "{order}");
        }
    }

    #[test]
    fn a_cursor_leads_back_too() {
        let (_, envelope) = page(&format!("page[size]=2&page[after]={}", cursor(2)), 5);
        let back = envelope["links"]["prev"].as_str().unwrap();
        assert_eq!(keys(back.split_once('?').unwrap().1, 5), [1, 2]);
    }

    #[test]
    fn a_list_that_grows_does_not_move_a_descending_cursor() {
        let query = format!("page[size]=2&sort=-id&page[after]={}", cursor(4));
        assert_eq!(keys(&query, 5), [3, 2]);
        assert_eq!(keys(&query, 9), [3, 2]);
    }

    #[test]
    fn what_can_not_be_read_is_as_if_it_were_not_there() {
        assert_eq!(keys("per_page=0&page=0", 3), [1]);
        assert_eq!(keys("per_page=x&page=undefined", 3), [1, 2, 3]);
        assert_eq!(keys("page[size]=2&page[after]=undefined", 3), [1, 2]);
        assert_eq!(keys("per_page=100000", 300).len(), 100);
    }

    #[test]
    fn an_empty_list_is_one_empty_page() {
        assert_eq!(keys("", 0), [0; 0]);
        assert_eq!(page("page[size]=5", 0).1["links"]["next"], Value::Null);
    }
}
