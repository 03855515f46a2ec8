//! Lists of tickets. An index gives the keys, the table the heads.

use super::{item::text_in, page::Query};
use crate::{
    Desk, StoreError,
    keys::{LIST_SHARDS, agent_pk, changed_pk, number_at_end, person_pk, view_pk, waiting_pk},
};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    ticket::{Status, Ticket},
};

/// Which tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketList {
    /// Unsolved tickets of these groups (none: those that have no group yet), with these statuses.
    Group(Option<GroupId>, Vec<Status>),
    /// Unsolved tickets of an agent.
    Agent(PersonId),
    /// Tickets of a group that wait for an agent, the first to be given first.
    Waiting(GroupId),
    /// Tickets of a requester, newest first.
    Person(PersonId),
    /// Tickets last changed on this day (UTC), newest change first.
    ChangedOn(Timestamp),
}

impl Desk {
    /// The numbers of a list's tickets, in its order, at most `limit`. What an index says may be a moment old.
    pub async fn ticket_numbers(
        &self,
        list: &TicketList,
        limit: usize,
    ) -> Result<Vec<TicketNumber>, StoreError> {
        let tenant = &self.settings.tenant;
        let (index, partitions, newest_first) = match list {
            TicketList::Group(group, statuses) => {
                let partitions = statuses
                    .iter()
                    .flat_map(|status| {
                        (0..LIST_SHARDS).map(|shard| view_pk(tenant, *group, status.as_str(), shard))
                    })
                    .collect();
                ("view", partitions, false)
            }
            TicketList::Agent(agent) => ("agent", vec![agent_pk(tenant, *agent)], false),
            TicketList::Waiting(group) => ("waiting", vec![waiting_pk(tenant, *group)], false),
            TicketList::Person(person) => ("person", vec![person_pk(tenant, *person)], true),
            TicketList::ChangedOn(day) => {
                let partitions = (0..LIST_SHARDS)
                    .map(|shard| changed_pk(tenant, *day, shard))
                    .collect();
                ("changed", partitions, true)
            }
        };
        let mut keys: Vec<(String, TicketNumber)> = Vec::new();
        for pk in partitions {
            let mut query = Query::index(index, pk, limit);
            query.newest_first = newest_first;
            for item in self.query(query).await? {
                if let Some(sk) = text_in(&item, &format!("{index}_sk"))
                    && let Some(number) = number_at_end(sk)
                {
                    keys.push((sk.to_owned(), number));
                }
            }
        }
        keys.sort();
        if newest_first {
            keys.reverse();
        }
        keys.truncate(limit);
        Ok(keys.into_iter().map(|(_, number)| number).collect())
    }

    /// The heads of a list's tickets, in its order, at most `limit`.
    pub async fn ticket_list(&self, list: &TicketList, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        let numbers = self.ticket_numbers(list, limit).await?;
        self.tickets(&numbers).await
    }
}
