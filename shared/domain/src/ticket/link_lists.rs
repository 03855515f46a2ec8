//! The lists of tickets that have to do with others, kept beside them: which a ticket stands on, and how a commit changes that.

use super::{Ticket, TicketType};
use crate::TicketNumber;

/// A list of tickets that is kept beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkList {
    /// The incidents of a problem.
    Incidents(TicketNumber),
    /// The tickets that follow a closed one.
    FollowUps(TicketNumber),
    /// All problems.
    Problems,
}

impl LinkList {
    /// Whether a mark says that the list has, or had, something in it.
    pub fn is_marked(self) -> bool {
        !matches!(self, Self::Problems)
    }
}

/// A ticket that comes onto a list, or leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkChange {
    /// The list.
    pub list: LinkList,
    /// Whether it comes.
    pub comes: bool,
}

/// The lists that a ticket stands on.
fn lists_of(ticket: &Ticket) -> Vec<LinkList> {
    if ticket.v == 0 || ticket.is_deleted() {
        return vec![];
    }
    let problem = ticket.problem.map(LinkList::Incidents);
    let follows = ticket.follows.map(LinkList::FollowUps);
    let is_problem = ticket.ticket_type == Some(TicketType::Problem);
    let problems = is_problem.then_some(LinkList::Problems);
    [problem, follows, problems].into_iter().flatten().collect()
}

/// How a commit changes the lists that its ticket stands on.
pub fn link_changes(before: &Ticket, after: &Ticket) -> Vec<LinkChange> {
    let (had, has) = (lists_of(before), lists_of(after));
    let gone = had.iter().filter(|list| !has.contains(list));
    let come = has.iter().filter(|list| !had.contains(list));
    gone.map(|list| (*list, false))
        .chain(come.map(|list| (*list, true)))
        .map(|(list, comes)| LinkChange { list, comes })
        .collect()
}

/// How many parts of a transaction that takes.
pub(super) fn parts(before: &Ticket, after: &Ticket) -> usize {
    let changes = link_changes(before, after);
    let parts = changes
        .iter()
        .map(|change| 1 + usize::from(change.comes && change.list.is_marked()));
    parts.sum()
}
