//! What is searched for, as an address says it: the query, the order, the page.

use docket_search::{Kind, SearchRequest, Wanted};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// Rows of a page.
pub const ROWS: usize = 25;
/// How far pages reach, in rows, as over the API: whoever has so many to look through asks more narrowly.
pub const MOST_ROWS: usize = 1_000;
/// The last page.
pub const LAST_PAGE: usize = MOST_ROWS / ROWS;
/// Longest query in bytes that a ticket's page carries along for the way back: encoded, and beside other things, it has to fit into an
/// address, of which CloudFront takes 8,192 bytes (Amazon CloudFront quotas, "Maximum length of a request URL").
const LONGEST_CARRIED_BYTES: usize = 1_024;

/// The part of an address that says it. What is no order is as if it were not there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Searched {
    q: String,
    sort: String,
    page: String,
    of: String,
}

/// Of what the search shows hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Of everything.
    #[default]
    Everything,
    /// Tickets.
    Tickets,
    /// People.
    People,
    /// Organizations.
    Organizations,
}

impl Tab {
    /// All of them, in the order they stand in.
    pub const ALL: [Self; 4] = [Self::Everything, Self::Tickets, Self::People, Self::Organizations];

    /// The word in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Everything => "",
            Self::Tickets => "tickets",
            Self::People => "people",
            Self::Organizations => "organizations",
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everything => t!("Everything"),
            Self::Tickets => t!("Tickets"),
            Self::People => t!("People"),
            Self::Organizations => t!("Organizations"),
        }
    }

    /// What is asked for of a query.
    pub fn wanted(self, query: &str) -> Wanted {
        let query = query.to_owned();
        match self {
            Self::Everything => Wanted::Query(query),
            Self::Tickets => Wanted::QueryOf(Kind::Ticket, query),
            Self::People => Wanted::QueryOf(Kind::Person, query),
            Self::Organizations => Wanted::QueryOf(Kind::Organization, query),
        }
    }
}

/// In which order what was found is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What fits best first.
    #[default]
    Relevance,
    /// What changed last first.
    Changed,
    /// What was made last first.
    Created,
    /// The most urgent first.
    Priority,
}

impl Order {
    /// All of them, in the order they stand in.
    pub const ALL: [Self; 4] = [Self::Relevance, Self::Changed, Self::Created, Self::Priority];

    /// The word in the address, which is the one of the search, too.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Changed => "updated",
            Self::Created => "created",
            Self::Priority => "priority",
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Relevance => t!("Relevance"),
            Self::Changed => t!("Newest change"),
            Self::Created => t!("Created"),
            Self::Priority => t!("Priority"),
        }
    }
}

impl Searched {
    /// The first page of what a query finds.
    pub fn of(query: impl Into<String>) -> Self {
        Self {
            q: query.into(),
            ..Self::default()
        }
    }

    /// The query; empty where nothing is searched for.
    pub fn query(&self) -> &str {
        self.q.trim()
    }

    /// The order.
    pub fn order(&self) -> Order {
        let named = |order: &Order| order.slug() == self.sort;
        Order::ALL.into_iter().find(named).unwrap_or_default()
    }

    /// Of what hits are shown.
    pub fn tab(&self) -> Tab {
        let named = |tab: &Tab| tab.slug() == self.of;
        Tab::ALL.into_iter().find(named).unwrap_or_default()
    }

    /// The first page of hits of something else.
    pub fn on_tab(&self, tab: Tab) -> Self {
        Self {
            of: tab.slug().to_owned(),
            page: String::new(),
            ..self.clone()
        }
    }

    /// The order, where it is not the usual one.
    pub fn other_order(&self) -> Option<Order> {
        Some(self.order()).filter(|order| *order != Order::default())
    }

    /// The number of the page, from 1; nothing where there is no such page.
    pub fn page(&self) -> Option<usize> {
        if self.page.is_empty() {
            return Some(1);
        }
        let page = self.page.parse().ok();
        page.filter(|page| (1..=LAST_PAGE).contains(page))
    }

    /// The first page of another query, in the same order.
    pub fn for_query(&self, query: impl Into<String>) -> Self {
        Self {
            q: query.into(),
            page: String::new(),
            ..self.clone()
        }
    }

    /// The first page in another order.
    pub fn in_order(&self, order: Order) -> Self {
        Self {
            q: self.q.clone(),
            sort: order.slug().to_owned(),
            page: String::new(),
            of: self.of.clone(),
        }
    }

    /// Another page.
    pub fn on_page(&self, page: usize) -> Self {
        Self {
            page: page.to_string(),
            ..self.clone()
        }
    }

    /// Where that is.
    pub fn address(&self) -> String {
        format!("/agent/search?{}", self.parameters())
    }

    /// The same for another page to carry along; empty where there is nothing to come back to, or too much.
    pub fn carried(&self) -> String {
        match self.query().len() {
            1..=LONGEST_CARRIED_BYTES => self.parameters(),
            _ => String::new(),
        }
    }

    fn parameters(&self) -> String {
        let mut parameters = format!("q={}", utf8_percent_encode(self.query(), NON_ALPHANUMERIC));
        if let Some(order) = self.other_order() {
            parameters.push_str(&format!("&sort={}", order.slug()));
        }
        if self.tab() != Tab::default() {
            parameters.push_str(&format!("&of={}", self.tab().slug()));
        }
        if let Some(page) = self.page().filter(|page| *page > 1) {
            parameters.push_str(&format!("&page={page}"));
        }
        parameters
    }

    /// What of a request to the search this says.
    pub fn into_request(self, request: SearchRequest) -> SearchRequest {
        let page = self.page().unwrap_or(1);
        SearchRequest {
            sort_by: self.other_order().map(|order| order.slug().to_owned()),
            skip: (page - 1) * ROWS,
            take: ROWS,
            ..request
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(q: &str, sort: &str, page: &str) -> Searched {
        Searched {
            q: q.to_owned(),
            sort: sort.to_owned(),
            page: page.to_owned(),
            of: String::new(),
        }
    }

    #[test]
    fn an_address_says_what_is_not_usual_and_nothing_else() {
        let plain = searched(" a&b ", "relevance", "1");
        assert_eq!(plain.address(), "/agent/search?q=a%26b");
        let other = searched("a", "updated", "3");
        assert_eq!(other.address(), "/agent/search?q=a&sort=updated&page=3");
        assert_eq!(other.for_query("b").address(), "/agent/search?q=b&sort=updated");
        assert_eq!(
            other.in_order(Order::Priority).address(),
            "/agent/search?q=a&sort=priority"
        );
        assert_eq!(
            searched("a", "\"><b>", "").address(),
            "/agent/search?q=a",
            "no order"
        );
    }

    #[test]
    fn what_is_shown_of_stays_over_orders_and_pages_and_not_what_is_none() {
        let people = searched("a", "", "3").on_tab(Tab::People);
        assert_eq!(people.address(), "/agent/search?q=a&of=people");
        assert_eq!(
            people.in_order(Order::Created).on_page(2).address(),
            "/agent/search?q=a&sort=created&of=people&page=2"
        );
        assert_eq!(
            people.tab().wanted("a"),
            Wanted::QueryOf(Kind::Person, "a".to_owned())
        );
        let none = Searched {
            of: "\"><b>".to_owned(),
            ..searched("a", "", "")
        };
        assert_eq!(none.address(), "/agent/search?q=a");
    }

    #[test]
    fn pages_reach_to_the_thousandth_row() {
        for (page, expected) in [
            ("", Some(1)),
            ("1", Some(1)),
            ("40", Some(40)),
            ("41", None),
            ("0", None),
            ("-1", None),
            ("x", None),
        ] {
            assert_eq!(searched("a", "", page).page(), expected, "{page:?}");
        }
    }

    #[test]
    fn a_long_query_is_not_carried_along() {
        assert_eq!(searched("ab", "", "2").carried(), "q=ab&page=2");
        assert_eq!(searched(" ", "", "2").carried(), "");
        assert!(!searched(&"a".repeat(1_024), "", "").carried().is_empty());
        assert_eq!(searched(&"a".repeat(1_025), "", "").carried(), "");
    }
}
