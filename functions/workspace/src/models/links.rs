//! The tickets that have to do with the one that is shown.

use super::row::Pill;
use crate::words;
use docket_domain::{
    TicketNumber,
    ticket::{LinkList, Status, Ticket, TicketType},
};

/// Most tickets of a kind that are shown.
pub const MOST_OF_A_KIND: usize = 5;

/// How another ticket has to do with this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is the problem of which this is an incident.
    Problem,
    /// It is an incident of this problem.
    Incident,
    /// This one follows it.
    Follows,
    /// It follows this one.
    FollowUp,
    /// It went into this one.
    Merged,
    /// This one went into it.
    MergedInto,
    /// It seems to say the same.
    Duplicate,
}

impl Relation {
    /// What it is called.
    pub fn words(self) -> &'static str {
        match self {
            Self::Problem => t!("Incident of"),
            Self::Incident => t!("Has the incident"),
            Self::Follows => t!("Follows"),
            Self::FollowUp => t!("Followed by"),
            Self::Merged => t!("Took in"),
            Self::MergedInto => t!("Merged into"),
            Self::Duplicate => t!("Maybe a duplicate of"),
        }
    }
}

/// Another ticket.
pub struct LinkView {
    pub relation: Relation,
    pub number: u64,
    pub subject: String,
    pub status: Pill,
    /// Whether it can be merged with this one.
    pub may_merge: bool,
    /// Whether that it went into this one can be undone.
    pub may_undo: bool,
}

/// Which tickets those are, as far as the ticket itself says it.
pub fn named(ticket: &Ticket, duplicate: Option<TicketNumber>) -> Vec<(Relation, TicketNumber)> {
    let one = |relation, number: Option<TicketNumber>| number.map(|number| (relation, number));
    let merged = ticket
        .merged
        .iter()
        .rev()
        .take(MOST_OF_A_KIND)
        .map(|number| (Relation::Merged, *number));
    one(
        Relation::MergedInto,
        ticket.merged_into.map(|merged| merged.ticket),
    )
    .into_iter()
    .chain(one(Relation::Problem, ticket.problem))
    .chain(one(Relation::Follows, ticket.follows))
    .chain(merged)
    .chain(one(Relation::Duplicate, duplicate))
    .collect()
}

/// The list of those that name the ticket, where it can have one.
pub fn list_of(ticket: &Ticket) -> Option<(Relation, LinkList)> {
    if ticket.ticket_type == Some(TicketType::Problem) {
        Some((Relation::Incident, LinkList::Incidents(ticket.number)))
    } else if ticket.status == Status::Closed {
        Some((Relation::FollowUp, LinkList::FollowUps(ticket.number)))
    } else {
        None
    }
}

/// The views of those that were read.
pub fn shown(named: &[(Relation, TicketNumber)], tickets: &[Ticket], this: &Ticket) -> Vec<LinkView> {
    let view = |(relation, number): &(Relation, TicketNumber)| {
        let other = tickets.iter().find(|ticket| ticket.number == *number)?;
        let both_stand = other.status.is_unsolved() && this.status.is_unsolved();
        Some(LinkView {
            relation: *relation,
            number: other.number.0,
            subject: words::subject(&other.subject),
            status: Pill::of(other),
            may_merge: *relation == Relation::Duplicate && both_stand,
            may_undo: *relation == Relation::Merged,
        })
    };
    named.iter().filter_map(view).collect()
}
