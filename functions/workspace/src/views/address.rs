//! Where a list is: the view, its order, what it is narrowed to, and the page of it.

use super::{
    ROWS, View,
    filters::{Filter, Filters},
    order::Order,
};
use docket_search::{Kind, PageEnd};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// Longest place in a list, in characters: a figure, two numbers of 13 and 12 figures, and what is between them.
const LONGEST_PLACE: usize = 40;
/// The furthest row from which a page can be asked for: what is behind is found by narrowing the list.
const FURTHEST_ROW: usize = 1_000_000;

/// The part of an address that says it. What is no view, order or place is as if it were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ListAddress {
    view: String,
    order: String,
    after: String,
    before: String,
    from: String,
    /// What it is narrowed to.
    #[serde(flatten)]
    pub filters: Filters,
}

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page<'a> {
    /// The first.
    First,
    /// The one behind a place.
    After(&'a str),
    /// The one before a place.
    Before(&'a str),
}

impl ListAddress {
    /// The first page of a view in its own order.
    pub fn of(view: View) -> Self {
        Self {
            view: view.slug(),
            ..Self::default()
        }
    }

    /// Reads what stands behind the `?` of an address, as links and forms write it: a value that comes again is one more of its kind.
    pub fn read(query: &str) -> Self {
        let mut address = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "view" => value.clone_into(&mut address.view),
                "order" => value.clone_into(&mut address.order),
                "after" => value.clone_into(&mut address.after),
                "before" => value.clone_into(&mut address.before),
                "from" => value.clone_into(&mut address.from),
                name => {
                    let filter = Filter::ALL.into_iter().find(|filter| filter.slug() == name);
                    if let Some(filter) = filter.filter(|_| !value.is_empty()) {
                        address.filters.add(filter, value);
                    }
                }
            }
        }
        address
    }

    /// The view; nothing where the address says none.
    pub fn known_view(&self) -> Option<View> {
        View::named(&self.view)
    }

    /// The view; the agent's own tickets where the address says none.
    pub fn view(&self) -> View {
        self.known_view().unwrap_or_default()
    }

    /// The order that is asked for instead of the view's own.
    pub fn order(&self) -> Option<Order> {
        Order::named(&self.order).filter(|_| self.view().can_be_asked())
    }

    /// Which page of it.
    pub fn page(&self) -> Page<'_> {
        match (self.after.as_str(), self.before.as_str()) {
            (after, _) if is_place(after) => Page::After(after),
            (_, before) if is_place(before) => Page::Before(before),
            _ => Page::First,
        }
    }

    /// Whether it names a place that can be none.
    pub fn is_garbled(&self) -> bool {
        [&self.after, &self.before]
            .iter()
            .any(|place| !place.is_empty() && !is_place(place))
    }

    /// The number of the page's first row, from 1, as far as it is known.
    pub fn first_row(&self) -> usize {
        match self.page() {
            Page::First => 1,
            _ => self.from.parse().unwrap_or(1).clamp(1, FURTHEST_ROW),
        }
    }

    /// Whether the list has to be asked of the index: in its own order, and whole, a standing view is read by keys.
    pub fn is_asked(&self) -> bool {
        let view = self.view();
        let is_other = self
            .order()
            .is_some_and(|order| order != Order::Due || !view.is_by_due());
        matches!(view, View::Saved(_) | View::Solved) || is_other || self.is_narrowed()
    }

    /// Whether it is narrowed.
    pub fn is_narrowed(&self) -> bool {
        self.view().can_be_asked() && !self.filters.is_empty()
    }

    /// The first page in another order; nothing: the view's own.
    #[must_use]
    pub fn in_order(&self, order: Option<Order>) -> Self {
        let order = order.map_or("", Order::slug).to_owned();
        Self {
            order,
            ..self.first()
        }
    }

    /// The first page of what is left when a kind of filter is taken away.
    #[must_use]
    pub fn without(&self, filter: Filter) -> Self {
        Self {
            filters: self.filters.without(filter),
            ..self.first()
        }
    }

    /// The first page of the whole view in this order.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            filters: Filters::default(),
            ..self.first()
        }
    }

    /// The first page.
    #[must_use]
    pub fn first(&self) -> Self {
        Self {
            after: String::new(),
            before: String::new(),
            from: String::new(),
            ..self.clone()
        }
    }

    /// The page behind a place, which is a page's last of so many rows.
    #[must_use]
    pub fn behind(&self, place: &str, rows: usize) -> Self {
        Self {
            after: place.to_owned(),
            from: (self.first_row() + rows).to_string(),
            ..self.first()
        }
    }

    /// The page before a place, which is a page's first.
    #[must_use]
    pub fn ahead_of(&self, place: &str) -> Self {
        Self {
            before: place.to_owned(),
            from: self.first_row().saturating_sub(ROWS).max(1).to_string(),
            ..self.first()
        }
    }

    /// What stands behind the `?`; empty where nothing has to be said.
    pub fn parameters(&self) -> String {
        let mut parameters = match self.known_view() {
            Some(view) => format!("view={view}"),
            None => String::new(),
        };
        if let Some(order) = self.order() {
            parameters += &format!("&order={}", order.slug());
        }
        parameters += &self.filters.parameters();
        let place = |place: &str| utf8_percent_encode(place, NON_ALPHANUMERIC).to_string();
        match self.page() {
            Page::First => {}
            Page::After(after) => parameters += &format!("&after={}&from={}", place(after), self.first_row()),
            Page::Before(before) => {
                parameters += &format!("&before={}&from={}", place(before), self.first_row());
            }
        }
        parameters.trim_start_matches('&').to_owned()
    }

    /// The address.
    pub fn href(&self) -> String {
        let parameters = self.parameters();
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("/agent/tickets{mark}{parameters}")
    }
}

/// Whether a text can be a place in a list: figures, with what stands between them.
pub fn is_place(text: &str) -> bool {
    (1..=LONGEST_PLACE).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'#' | b'.' | b'-'))
}

/// The place of a row in a list that the index was asked for.
pub fn place_of(end: &PageEnd) -> String {
    let part = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    match end.group {
        Some(group) => format!("{group}.{}.{}", part(end.created), end.number),
        None => format!("{}.{}", part(end.created), end.number),
    }
}

/// Where a page of such a list begins; nothing of what is no such place.
pub fn end_of(place: &str) -> Option<PageEnd> {
    let parts: Vec<&str> = place.split('.').collect();
    let number_at = |text: &str| match text {
        "-" => Some(None),
        text => text.parse::<i64>().ok().map(Some),
    };
    let (group, created, number) = match parts.as_slice() {
        [created, number] => (None, number_at(created)?, number),
        [group, created, number] => (number_at(group)?, number_at(created)?, number),
        _ => return None,
    };
    Some(PageEnd {
        group,
        created,
        number: number.parse().ok()?,
        kind: Kind::Ticket,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let written = "view=open&order=changed&status=open,pending&tag=vip&after=1772442000000%2E12&from=51";
        let address = ListAddress::read(written);
        assert_eq!(address.view(), View::Open);
        assert_eq!(address.order(), Some(Order::Changed));
        assert_eq!(address.page(), Page::After("1772442000000.12"));
        assert_eq!((address.first_row(), address.is_asked()), (51, true));
        assert_eq!(address.parameters(), written);
        assert_eq!(
            address.first().href(),
            "/agent/tickets?view=open&order=changed&status=open,pending&tag=vip"
        );
    }

    #[test]
    fn a_form_sends_a_value_for_each_tick_and_empty_fields() {
        let address = ListAddress::read("view=mine&order=&status=new&status=open&tag=&requester=");
        assert_eq!(address.parameters(), "view=mine&status=new,open");
    }

    #[test]
    fn what_is_no_view_order_or_place_leads_nowhere_else() {
        let address = ListAddress::read("view=%2F%2Fevil.example&order=%22%3E&after=%22%3E%3Cb%3E&from=x");
        assert_eq!(
            (address.view(), address.order(), address.page()),
            (View::Mine, None, Page::First)
        );
        assert_eq!(address.href(), "/agent/tickets");
        assert!(address.is_garbled());
    }

    #[test]
    fn pages_go_back_and_forth_by_places() {
        let first = ListAddress::of(View::Mine);
        let second = first.behind("0#1772442000000#000000000012", ROWS);
        assert_eq!(
            second.href(),
            "/agent/tickets?view=mine&after=0%231772442000000%23000000000012&from=51"
        );
        let back = second.ahead_of("0#1772442000001#000000000013");
        assert_eq!(
            (back.first_row(), back.page()),
            (1, Page::Before("0#1772442000001#000000000013"))
        );
        assert!(!second.is_asked());
    }

    #[test]
    fn a_place_in_the_index_is_read_as_it_is_written() {
        for (group, created) in [(None, Some(7)), (None, None), (Some(3), Some(-1))] {
            let end = PageEnd {
                group,
                created,
                number: 12,
                kind: Kind::Ticket,
            };
            assert!(is_place(&place_of(&end)));
            assert_eq!(end_of(&place_of(&end)), Some(end));
        }
        assert_eq!(end_of("1.2.3.4"), None);
        assert_eq!(end_of("x"), None);
    }
}
