//! Who may see what.

use crate::{
    document::{Column, Kind, TextField},
    keyword,
    matcher::{Matcher, Order},
};
use docket_domain::{GroupId, OrganizationId, PersonId};

/// Tickets that somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All.
    Every,
    /// Those of a group.
    Group(GroupId),
    /// Those whose requester is of an organization.
    Organization(OrganizationId),
    /// Those that a person asks.
    Requester(PersonId),
    /// Those that a person works on.
    Assignee(PersonId),
    /// Those that a person has in copy.
    Copied(PersonId),
}

/// What somebody may see: a part of every question, and no query widens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    sights: Vec<Sight>,
    is_staff: bool,
}

impl Seen {
    /// Everything there is.
    pub fn everything() -> Self {
        Self::staff([Sight::Every])
    }

    /// What somebody who works here sees: the tickets of any of these kinds with all that stands in them, people, organizations.
    pub fn staff(sights: impl IntoIterator<Item = Sight>) -> Self {
        Self {
            sights: sights.into_iter().collect(),
            is_staff: true,
        }
    }

    /// What a customer sees: the tickets that they ask or have in copy, and those of organizations whose tickets are shared with
    /// them. Nothing internal is found or asked for: see [`Seen::may_ask`].
    pub fn customer(person: PersonId, organizations: impl IntoIterator<Item = OrganizationId>) -> Self {
        let own = [Sight::Requester(person), Sight::Copied(person)];
        let shared = organizations.into_iter().map(Sight::Organization);
        Self {
            sights: own.into_iter().chain(shared).collect(),
            is_staff: false,
        }
    }

    /// Whether internal words and properties may be asked for.
    pub(super) fn is_staff(&self) -> bool {
        self.is_staff
    }

    /// The documents that may be seen.
    pub(super) fn matcher(&self) -> Matcher {
        let tickets = Matcher::And(vec![
            Matcher::Kind(Kind::Ticket),
            Matcher::Or(self.sights.iter().map(|sight| sight.matcher()).collect()),
        ]);
        if !self.is_staff {
            return tickets;
        }
        if self.sights.contains(&Sight::Every) {
            return Matcher::All;
        }
        Matcher::Or(vec![
            tickets,
            Matcher::Kind(Kind::Person),
            Matcher::Kind(Kind::Organization),
        ])
    }

    /// The order that may be asked for: one by what is internal would tell it.
    pub(super) fn order(&self, order: Order) -> Order {
        match order {
            Order::By(Column::Priority | Column::Due, _) if !self.is_staff => Order::Relevance,
            order => order,
        }
    }

    /// The fields that may be searched, of these.
    pub(super) fn fields(&self, fields: &[TextField]) -> Vec<TextField> {
        let are_seen = |field: &TextField| self.is_staff || *field != TextField::Notes;
        fields.iter().copied().filter(are_seen).collect()
    }
}

impl Sight {
    fn matcher(self) -> Matcher {
        match self {
            Self::Every => Matcher::All,
            Self::Group(group) => Matcher::Keyword(keyword::group(group)),
            Self::Organization(organization) => Matcher::Keyword(keyword::organization(organization)),
            Self::Requester(person) => Matcher::Keyword(keyword::requester(person)),
            Self::Assignee(person) => Matcher::Keyword(keyword::assignee(person)),
            Self::Copied(person) => Matcher::Keyword(keyword::copied(person)),
        }
    }
}
