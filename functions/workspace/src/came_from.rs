//! Where one came from: the view, and the place in it, or what was searched for, from which a ticket was opened. The ticket's page
//! leads back there, and carries it along through all that is done on it.

use crate::{
    searched::Searched,
    views::{View, is_place},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::fmt::Display;

/// The part of an address that says it. What is no view or no place is as if it were not there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CameFrom {
    view: String,
    after: Option<String>,
    #[serde(flatten)]
    searched: Searched,
}

impl CameFrom {
    /// The page of a view.
    pub fn list_of(view: View, after: Option<&str>) -> Self {
        Self {
            view: view.slug().to_owned(),
            after: after.map(str::to_owned),
            searched: Searched::default(),
        }
    }

    /// What was searched for.
    pub fn search(searched: Searched) -> Self {
        Self {
            searched,
            ..Self::default()
        }
    }

    /// The view.
    pub fn view(&self) -> Option<View> {
        View::named(&self.view)
    }

    /// Behind which place of the view the page began; nothing for its first.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref().filter(|after| is_place(after))
    }

    /// What the way back is called.
    pub fn title(&self) -> &'static str {
        match self.view() {
            Some(view) => view.title(),
            None if self.is_search() => "Search",
            None => View::Mine.title(),
        }
    }

    /// The way back, to the ticket in its list, where the browser puts the focus.
    pub fn list(&self, number: impl Display) -> String {
        let query = self.query();
        let mark = if query.is_empty() { "" } else { "?" };
        let page = if self.is_search() { "search" } else { "tickets" };
        format!("/agent/{page}{mark}{query}#open-{number}")
    }

    /// The page of a ticket.
    pub fn ticket(&self, number: impl Display) -> String {
        self.address(number, "", "")
    }

    /// The same with more to say to it, such as `all=1`.
    pub fn ticket_with(&self, number: impl Display, more: impl Display) -> String {
        self.address(number, "", &more.to_string())
    }

    /// What lies below a ticket, such as `snooze`.
    pub fn below(&self, number: impl Display, path: impl Display) -> String {
        self.address(number, &format!("/{path}"), "")
    }

    fn address(&self, number: impl Display, path: &str, more: &str) -> String {
        let query = self.query();
        let parts: Vec<&str> = [query.as_str(), more]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let mark = if parts.is_empty() { "" } else { "?" };
        format!("/agent/tickets/{number}{path}{mark}{}", parts.join("&"))
    }

    fn is_search(&self) -> bool {
        self.view().is_none() && !self.searched.carried().is_empty()
    }

    fn query(&self) -> String {
        let Some(view) = self.view() else {
            return self.searched.carried();
        };
        match self.after.as_deref().filter(|after| is_place(after)) {
            Some(after) => {
                let after = utf8_percent_encode(after, NON_ALPHANUMERIC);
                format!("view={}&after={after}", view.slug())
            }
            None => format!("view={}", view.slug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_leads_back_to_the_place_it_was_opened_from() {
        let from = CameFrom::list_of(View::Mine, Some("1#1772442000000#0000000012"));
        assert_eq!(
            from.list(12),
            "/agent/tickets?view=mine&after=1%231772442000000%230000000012#open-12"
        );
        assert_eq!(from.title(), "Mine");
        let from = CameFrom::list_of(View::Paused, None);
        assert_eq!(from.ticket(7), "/agent/tickets/7?view=waiting");
        assert_eq!(
            from.ticket_with(7, "all=1"),
            "/agent/tickets/7?view=waiting&all=1"
        );
        assert_eq!(from.below(7, "snooze"), "/agent/tickets/7/snooze?view=waiting");
    }

    #[test]
    fn what_is_no_view_or_no_place_leads_nowhere_else() {
        let from = |view: &str, after: &str| CameFrom {
            view: view.to_owned(),
            after: Some(after.to_owned()),
            searched: Searched::default(),
        };
        assert_eq!(from("//evil.example", "1").list(1), "/agent/tickets#open-1");
        assert_eq!(from("mine", "\"><b>").ticket(1), "/agent/tickets/1?view=mine");
        assert_eq!(
            CameFrom::default().ticket_with(1, "saved=3"),
            "/agent/tickets/1?saved=3"
        );
        assert_eq!(CameFrom::default().title(), "Mine");
    }

    #[test]
    fn a_ticket_leads_back_to_what_was_searched_for() {
        let from = CameFrom::search(Searched::of("red lantern"));
        assert_eq!(from.ticket(7), "/agent/tickets/7?q=red%20lantern");
        assert_eq!(from.list(7), "/agent/search?q=red%20lantern#open-7");
        assert_eq!(from.title(), "Search");
    }
}
