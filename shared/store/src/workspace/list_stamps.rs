//! By what an open list sees that something in it changed: one small item, raised by whatever follows the tickets. Groups and agents
//! share its numbers, so that it stays small whatever the number of them; who shares one looks once too often.

use crate::{
    Store, StoreError,
    error::NameOperation,
    keys::ItemKey,
    table::item::{Item, key_of, n, number_in},
};
use docket_domain::{GroupId, PersonId, ticket::Ticket};
use std::collections::BTreeSet;

/// Numbers that groups share, and as many for agents.
const SLOTS: u64 = 32;

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
}

/// How often lists changed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListStamps {
    groups: u64,
    agents: Vec<u64>,
}

impl ListStamps {
    pub(super) fn of(item: &Item) -> Self {
        let number = |slot: u64| number_in::<u64>(item, &attribute(slot)).unwrap_or(0);
        Self {
            groups: (0..SLOTS).map(number).sum(),
            agents: (SLOTS..2 * SLOTS).map(number).collect(),
        }
    }

    /// How often anything changed.
    pub fn all(&self) -> u64 {
        self.groups
    }

    /// How often something of an agent's did.
    pub fn of_agent(&self, agent: PersonId) -> u64 {
        let at = usize::try_from(of_agent(agent) - SLOTS).unwrap_or(0);
        self.agents.get(at).copied().unwrap_or(0)
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
    /// Raises the numbers of these lists, in one write. A number, not a promise: an attempt that is repeated raises twice.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn stamp_lists(&self, changes: &Changes) -> Result<(), StoreError> {
        if changes.0.is_empty() {
            return Ok(());
        }
        let adds: Vec<String> = changes
            .0
            .iter()
            .map(|slot| format!("{} :one", attribute(*slot)))
            .collect();
        self.clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(&self.settings.tenant, &ItemKey::ListStamps)))
            .update_expression(format!("ADD {}", adds.join(", ")))
            .expression_attribute_values(":one", n(1))
            .send()
            .await
            .named("UpdateItem")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::TicketNumber;

    #[test]
    fn what_changes_for_an_agent_changes_for_all_and_for_no_other_agent() {
        let mut ticket = Ticket::blank(TicketNumber(1));
        (ticket.group, ticket.assignee) = (Some(GroupId(3)), Some(PersonId(5)));
        let mut changes = Changes::default();
        changes.note(&ticket);
        let item: Item = changes.0.iter().map(|slot| (attribute(*slot), n(1))).collect();
        let stamps = ListStamps::of(&item);
        assert_eq!(
            (
                stamps.all(),
                stamps.of_agent(PersonId(5)),
                stamps.of_agent(PersonId(6))
            ),
            (1, 1, 0)
        );
    }
}
