//! The views at the left: which tickets are in them, in which order, and how many.
//!
//! Standing views in their usual order are read by keys (`keyed`; of those who were named, `mentions`); what was saved, and any other
//! order or filter, is asked of the index of the search as views over the API are (`asked`).

pub mod address;
pub mod asked;
pub mod counts;
pub mod filters;
pub mod keyed;
pub mod mentions;
pub mod order;

use docket_domain::{
    GroupId, PersonId, ViewId,
    ticket::{StatusClass, Ticket},
};
use std::fmt;

/// Tickets of a page.
pub const ROWS: usize = 50;

/// A view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// What the agent has.
    #[default]
    Mine,
    /// What nobody has.
    Unassigned,
    /// Of the agent's groups, what is overdue.
    Overdue,
    /// Of the agent's groups, what is due within the hour.
    DueSoon,
    /// Where somebody named the agent, or a group of theirs.
    Mentions,
    /// What waits for somebody outside.
    Paused,
    /// What sleeps.
    Snoozed,
    /// Everything unsolved.
    Open,
    /// What was solved or closed today or yesterday.
    Solved,
    /// What of a group is unsolved.
    Group(GroupId),
    /// One that was saved.
    Saved(ViewId),
}

impl View {
    /// Those that every agent has, in the order they stand in.
    pub const STANDING: [Self; 9] = [
        Self::Mine,
        Self::Unassigned,
        Self::Overdue,
        Self::DueSoon,
        Self::Mentions,
        Self::Paused,
        Self::Snoozed,
        Self::Open,
        Self::Solved,
    ];

    /// The view of this word in an address.
    pub fn named(slug: &str) -> Option<Self> {
        let standing = Self::STANDING.into_iter().find(|view| view.word() == slug);
        standing.or_else(|| {
            let (kind, id) = slug.split_once('-')?;
            let id: u64 = id.parse().ok().filter(|id| *id > 0)?;
            match kind {
                "group" => Some(Self::Group(GroupId(id))),
                "saved" => Some(Self::Saved(ViewId(id))),
                _ => None,
            }
        })
    }

    /// The word in the address.
    pub fn slug(self) -> String {
        self.to_string()
    }

    fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Overdue => "overdue",
            Self::DueSoon => "soon",
            Self::Mentions => "mentions",
            Self::Open => "open",
            Self::Paused => "waiting",
            Self::Snoozed => "snoozed",
            Self::Solved => "solved",
            Self::Group(_) => "group",
            Self::Saved(_) => "saved",
        }
    }

    /// Its name; of a group or of a saved view what they all are, since their own have to be read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Mine => t!("Mine"),
            Self::Unassigned => t!("Unassigned"),
            Self::Overdue => t!("Overdue"),
            Self::DueSoon => t!("Due soon"),
            Self::Mentions => t!("Mentions"),
            Self::Open => t!("All open"),
            Self::Paused => t!("Waiting"),
            Self::Snoozed => t!("Snoozed"),
            Self::Solved => t!("Solved lately"),
            Self::Group(_) => t!("Group"),
            Self::Saved(_) => t!("View"),
        }
    }

    /// Its drawing, of those in `templates/icons.html`.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Mine => "me",
            Self::Unassigned => "none",
            Self::Overdue => "clock",
            Self::DueSoon => "soon",
            Self::Mentions => "at",
            Self::Open => "all",
            Self::Paused => "wait",
            Self::Snoozed => "moon",
            Self::Solved => "ok",
            Self::Group(_) => "group",
            Self::Saved(_) => "save",
        }
    }

    /// What an empty one says: that it is, and what to do next.
    pub fn empty(self) -> (&'static str, &'static str) {
        match self {
            Self::Mine => (
                t!("Nothing waits for you"),
                t!(
                    "New tickets are given to you by themselves. To take one now, look into Unassigned or All open."
                ),
            ),
            Self::Unassigned => (
                t!("Every open ticket has an agent"),
                t!("Nothing to do here. Your own are in Mine."),
            ),
            Self::Overdue => (
                t!("Nothing is overdue"),
                t!("What is due next stands first in Mine, and what is due within the hour in Due soon."),
            ),
            Self::DueSoon => (
                t!("Nothing is due within the hour"),
                t!("What is due later today stands in Mine and in All open."),
            ),
            Self::Mentions => (
                t!("Nobody wants you to look at something"),
                t!(
                    "Who writes @ and your name in a note, or your group's, has its ticket stand here until it is solved."
                ),
            ),
            Self::Open => (
                t!("There are no open tickets"),
                t!("When somebody writes to the desk, the ticket appears here."),
            ),
            Self::Paused => (
                t!("No ticket waits for somebody outside"),
                t!(
                    "Set a ticket to Pending when the customer has to answer, and to On hold when a third party has."
                ),
            ),
            Self::Snoozed => (
                t!("No ticket is snoozed"),
                t!(
                    "Snooze a ticket that can wait, and it comes back by itself, or when its customer writes."
                ),
            ),
            Self::Solved => (
                t!("Nothing was solved today or yesterday"),
                t!("Answer a ticket and set its status to Solved, and it is kept here for two days."),
            ),
            Self::Group(_) => (
                t!("The group has no open tickets"),
                t!("When one is given to the group, it appears here."),
            ),
            Self::Saved(_) => (
                t!("No ticket is in this view"),
                t!("A ticket appears here once the conditions of the view hold for it."),
            ),
        }
    }

    /// Whether its rows stand by when they are due, in sections.
    pub fn is_by_due(self) -> bool {
        matches!(
            self,
            Self::Mine | Self::Overdue | Self::DueSoon | Self::Open | Self::Group(_)
        )
    }

    /// Whether it can be narrowed and put into another order: when what sleeps wakes, and who was named, is unknown to the index of the
    /// search.
    pub fn can_be_asked(self) -> bool {
        !matches!(self, Self::Snoozed | Self::Mentions)
    }

    /// Whether everything in it is the agent's own, so that rows need not say whose they are.
    pub fn is_own(self) -> bool {
        self == Self::Mine
    }

    /// Whether the ticket itself belongs here: an index may be a moment old.
    fn holds(self, ticket: &Ticket, me: PersonId) -> bool {
        let is_awake = ticket.snoozed_until.is_none();
        let is_open = ticket.status.is_unsolved() && is_awake;
        match self {
            Self::Mine => ticket.burdens() == Some(me) && is_awake,
            Self::Unassigned => ticket.status.is_unsolved() && ticket.assignee.is_none(),
            Self::Mentions => ticket.status.is_unsolved(),
            Self::Open | Self::Overdue | Self::DueSoon => is_open,
            Self::Group(group) => is_open && ticket.group == Some(group),
            Self::Snoozed => !is_awake,
            Self::Paused => ticket.status.class() == Some(StatusClass::Paused),
            Self::Solved => !ticket.status.is_unsolved(),
            Self::Saved(_) => true,
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group-{id}"),
            Self::Saved(id) => write!(f, "saved-{id}"),
            view => f.write_str(view.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_is_found_by_its_word_and_nothing_else_is() {
        let further = [View::Group(GroupId(3)), View::Saved(ViewId(1001))];
        for view in View::STANDING.into_iter().chain(further) {
            assert_eq!(View::named(&view.slug()), Some(view));
        }
        for word in [
            "",
            "group",
            "group-",
            "group-0",
            "saved-x",
            "group--1",
            "//evil.example",
        ] {
            assert_eq!(View::named(word), None, "{word}");
        }
    }
}
