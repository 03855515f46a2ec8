//! How many tickets somebody has to do with, as the indexes say.

use crate::{
    StoreError,
    keys::{agent_pk, person_pk},
    parts::Tickets,
    table::page::Query,
};
use docket_domain::PersonId;

impl Tickets<'_> {
    /// How many tickets somebody asked that stand, at most so many.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn count_requested(self, person: PersonId, most: usize) -> Result<usize, StoreError> {
        let pk = person_pk(&self.0.settings.tenant, person);
        self.0.count(Query::index("person", pk, most)).await
    }

    /// How many unsolved tickets an agent has, at most so many.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn count_unsolved_of(self, agent: PersonId, most: usize) -> Result<usize, StoreError> {
        let pk = agent_pk(&self.0.settings.tenant, agent);
        self.0.count(Query::index("agent", pk, most)).await
    }
}
