//! Where one came from: the view, and the place in it, or what was searched for, from which a ticket was opened. The ticket's page
//! leads back there, and carries it along through all that is done on it.

use crate::{
    searched::Searched,
    views::{View, address::ListAddress},
};
use serde::Deserialize;
use std::fmt::Display;

/// The part of an address that says it. What is no view or no place is as if it were not there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CameFrom {
    #[serde(flatten)]
    list: ListAddress,
    #[serde(flatten)]
    searched: Searched,
}

impl CameFrom {
    /// A page of a list.
    pub fn list_at(list: &ListAddress) -> Self {
        Self {
            list: list.clone(),
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
        self.list.known_view()
    }

    /// The page of the list.
    pub fn address(&self) -> &ListAddress {
        &self.list
    }

    /// What the way back is called; of a group and of a saved view their own names have to be read, see [`crate::frame::Frame::back`].
    pub fn title(&self) -> &'static str {
        match self.view() {
            Some(view) => view.title(),
            None if self.is_search() => t!("Search"),
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
        self.address_of(number, "", "")
    }

    /// The same with more to say to it, such as `all=1`.
    pub fn ticket_with(&self, number: impl Display, more: impl Display) -> String {
        self.address_of(number, "", &more.to_string())
    }

    /// What lies below a ticket, such as `snooze`.
    pub fn below(&self, number: impl Display, path: impl Display) -> String {
        self.address_of(number, &format!("/{path}"), "")
    }

    fn address_of(&self, number: impl Display, path: &str, more: &str) -> String {
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
        match self.view() {
            Some(_) => self.list.parameters(),
            None => self.searched.carried(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_leads_back_to_the_place_it_was_opened_from() {
        let page = ListAddress::of(View::Mine).behind("1#1772442000000#0000000012", 50);
        let from = CameFrom::list_at(&page);
        assert_eq!(
            from.list(12),
            "/agent/tickets?view=mine&after=1%231772442000000%230000000012&from=51#open-12"
        );
        assert_eq!(from.title(), "Mine");
        let from = CameFrom::list_at(&ListAddress::of(View::Paused));
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
            list: ListAddress::read(&format!("view={view}&after={after}")),
            searched: Searched::default(),
        };
        assert_eq!(from("//evil.example", "1").list(1), "/agent/tickets#open-1");
        assert_eq!(
            from("mine", "%22%3E%3Cb%3E").ticket(1),
            "/agent/tickets/1?view=mine"
        );
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
