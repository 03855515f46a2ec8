//! By what an open list sees that something in it changed: numbers on one small item, raised with what is taken in of the tickets, and others
//! beside them, raised when somebody comes to a ticket of it or goes, and when mail is held or decided about. Groups and agents share them,
//! so that an item stays small whatever the number of them; who shares one looks once too often.

use crate::{
    Store, StoreError,
    error::NameOperation,
    keys::{GuardKey, ItemKey},
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in},
    },
};
use docket_domain::{GroupId, PersonId, ticket::Ticket};
use std::collections::BTreeSet;

/// Numbers that groups share, and as many for agents.
const SLOTS: u64 = 32;
/// How long it is kept that somebody came or went, or that mail was held, in seconds: longer than it takes any open page to look.
const PASSING_KEPT_SECONDS: i64 = 3_600;
/// How often mail was held, or decided about: that is everybody's.
const HELD: &str = "held";

/// Whose lists changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(BTreeSet<u64>);

impl Changes {
    /// Notes the lists that a ticket stands in.
    pub fn note(&mut self, ticket: &Ticket) {
        self.0.insert(of_group(ticket.group));
        if let Some(agent) = ticket.assignee {
            self.note_agent(agent);
        }
    }

    /// Notes an agent's list.
    pub fn note_agent(&mut self, agent: PersonId) {
        self.0.insert(of_agent(agent));
    }

    /// Notes what others note.
    pub fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// What raises their numbers by one.
    fn adds(&self) -> String {
        let adds = self.0.iter().map(|slot| format!("{} :one", attribute(*slot)));
        adds.collect::<Vec<_>>().join(", ")
    }
}

/// How often something happened in lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Numbers {
    groups: u64,
    agents: Vec<u64>,
}

impl Numbers {
    fn of(item: &Item) -> Self {
        let number = |slot: u64| number_in::<u64>(item, &attribute(slot)).unwrap_or(0);
        Self {
            groups: (0..SLOTS).map(number).sum(),
            agents: (SLOTS..2 * SLOTS).map(number).collect(),
        }
    }

    fn of_agent(&self, agent: PersonId) -> u64 {
        let at = usize::try_from(of_agent(agent) - SLOTS).unwrap_or(0);
        self.agents.get(at).copied().unwrap_or(0)
    }
}

/// How often lists changed so far, how often somebody came to their tickets or went, and how often mail was held or decided about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListStamps {
    changed: Numbers,
    present: Numbers,
    held: u64,
}

impl ListStamps {
    pub(super) fn note_changed(&mut self, item: &Item) {
        self.changed = Numbers::of(item);
    }

    pub(super) fn note_passing(&mut self, item: &Item) {
        self.present = Numbers::of(item);
        self.held = number_in(item, HELD).unwrap_or(0);
    }

    /// How often anything changed, what is held included.
    pub fn all(&self) -> u64 {
        self.changed.groups + self.held
    }

    /// How often something of an agent's did.
    pub fn of_agent(&self, agent: PersonId) -> u64 {
        self.changed.of_agent(agent)
    }

    /// How often somebody came to tickets of any list, or went.
    pub fn present(&self) -> u64 {
        self.present.groups
    }

    /// How often the rows of an agent's list became others, by what changed and by who is there.
    pub fn rows_of(&self, agent: PersonId) -> u64 {
        self.of_agent(agent) + self.present.of_agent(agent)
    }
}

fn of_group(group: Option<GroupId>) -> u64 {
    group.map_or(0, |group| group.0) % SLOTS
}

fn of_agent(agent: PersonId) -> u64 {
    SLOTS + agent.0 % SLOTS
}

fn attribute(slot: u64) -> String {
    format!("n{slot:02}")
}

impl Store {
    /// The part of a transaction that raises the numbers of these lists; nothing where none changed.
    pub fn stamp_write(&self, changes: &Changes) -> Option<Write> {
        if changes.0.is_empty() {
            return None;
        }
        let key = key_of(&self.settings.tenant, &ItemKey::ListStamps);
        let expression = format!("ADD {}", changes.adds());
        let write = Write::update(&self.settings.tickets_table, Role::State, key, &expression);
        Some(write.with(":one", n(1)))
    }

    /// Raises the numbers of the lists that a ticket stands in: somebody came to it, or went. It lies by itself, so that it stands in the way
    /// of nothing that is taken in, and ends by itself: a number, not a promise.
    pub(super) async fn stamp_presence(&self, ticket: &Ticket) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        changes.note(ticket);
        self.raise_beside(&changes.adds()).await
    }

    /// Raises the number of what is held: mail was held, or decided about. It lies there, too, since mail is no ticket that is taken in.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn stamp_held(&self) -> Result<(), StoreError> {
        self.raise_beside(&format!("{HELD} :one")).await
    }

    /// Raises numbers that lie by themselves.
    async fn raise_beside(&self, adds: &str) -> Result<(), StoreError> {
        let end = self.now().as_second() + PASSING_KEPT_SECONDS;
        self.update_guard(&GuardKey::PassingStamps)
            .update_expression(format!("SET expires_at = :end ADD {adds}"))
            .expression_attribute_values(":end", n(end))
            .expression_attribute_values(":one", n(1))
            .send()
            .await
            .named("UpdateItem")
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::TicketNumber;

    fn stamped(group: u64, agent: u64) -> Item {
        let mut ticket = Ticket::blank(TicketNumber(1));
        (ticket.group, ticket.assignee) = (Some(GroupId(group)), Some(PersonId(agent)));
        let mut changes = Changes::default();
        changes.note(&ticket);
        changes.0.iter().map(|slot| (attribute(*slot), n(1))).collect()
    }

    #[test]
    fn what_changes_for_an_agent_changes_for_all_and_for_no_other_agent() {
        let mut stamps = ListStamps::default();
        stamps.note_changed(&stamped(3, 5));
        assert_eq!(
            (
                stamps.all(),
                stamps.of_agent(PersonId(5)),
                stamps.of_agent(PersonId(6))
            ),
            (1, 1, 0)
        );
    }

    #[test]
    fn who_comes_to_a_ticket_changes_rows_and_no_list() {
        let mut stamps = ListStamps::default();
        stamps.note_passing(&stamped(3, 5));
        assert_eq!((stamps.all(), stamps.of_agent(PersonId(5))), (0, 0));
        assert_eq!(
            (
                stamps.present(),
                stamps.rows_of(PersonId(5)),
                stamps.rows_of(PersonId(6))
            ),
            (1, 1, 0)
        );
    }

    #[test]
    fn what_is_held_is_in_the_list_of_all_and_in_no_agents() {
        let mut stamps = ListStamps::default();
        stamps.note_passing(&Item::from([(HELD.to_owned(), n(1))]));
        assert_eq!((stamps.all(), stamps.present()), (1, 0));
        let agent = PersonId(5);
        assert_eq!((stamps.of_agent(agent), stamps.rows_of(agent)), (0, 0));
    }
}
