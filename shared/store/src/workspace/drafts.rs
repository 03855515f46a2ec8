//! What agents have begun to write. A draft is an item of its agent; that there is one stands on an item of the ticket, too, so that a page of
//! rows shows it by one batch.

use crate::{
    StoreError,
    keys::{ItemKey, drafts_pk},
    parts::Drafts,
    table::{
        Committed, Role, Write,
        item::{Item, item_with, key_of, n, value_in},
        page::Query,
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    draft::{Draft, DraftFields},
};

/// Most drafts of an agent that are listed.
pub const MOST_DRAFTS: usize = 100;
/// Drafts that are erased in one transaction.
const ERASED_AT_ONCE: usize = 50;
/// How often somebody else may be first.
const MOST_TRIES: u32 = 5;

/// What became of a draft that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftKept {
    /// It is kept.
    Done(Draft),
    /// Another page of the same agent kept something else meanwhile: this. Nothing was written over.
    Elsewhere(Draft),
}

impl Drafts<'_> {
    /// The draft of an agent on a ticket.
    ///
    /// # Errors
    /// When the world failed, or what is stored can't be read.
    pub async fn get(self, agent: PersonId, number: TicketNumber) -> Result<Option<Draft>, StoreError> {
        match self.0.get_item(&ItemKey::Draft(agent, number)).await? {
            Some(item) => draft_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// The drafts of an agent, by ticket, at most [`MOST_DRAFTS`].
    ///
    /// # Errors
    /// As [`Drafts::get`].
    pub async fn of(self, agent: PersonId) -> Result<Vec<Draft>, StoreError> {
        let pk = drafts_pk(&self.0.settings.tenant, agent);
        let items = self.0.query(Query::partition(pk, MOST_DRAFTS)).await?;
        items.into_iter().map(draft_in).collect()
    }

    /// Keeps a draft. `known` is the version that the page knows of, 0 for none; without one it is written over whatever stands. Where
    /// another page kept something else meanwhile, that stands.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn keep(
        self,
        agent: PersonId,
        number: TicketNumber,
        fields: &DraftFields,
        known: Option<u64>,
    ) -> Result<DraftKept, StoreError> {
        for nth in 0..MOST_TRIES {
            self.0.wait_before(nth).await;
            let read = self.get(agent, number).await?;
            if let (Some(read), Some(known)) = (&read, known)
                && read.v != known
            {
                return Ok(match &read.fields == fields {
                    true => DraftKept::Done(read.clone()),
                    false => DraftKept::Elsewhere(read.clone()),
                });
            }
            let at = self.0.now();
            let draft = Draft {
                ticket: number,
                v: read.as_ref().map_or_else(|| first_v(at), |read| read.v + 1),
                at,
                fields: fields.clone(),
            };
            let mut writes = vec![self.put(agent, &draft, read.as_ref())?];
            if read.is_none() {
                writes.push(self.mark(number, agent, "ADD agents :agent"));
            }
            if let Committed::Done(_) = self.0.commit_writes(vec![], writes).await? {
                return Ok(DraftKept::Done(draft));
            }
        }
        Err(StoreError::Contended {
            what: format!("the draft on ticket {number}"),
            tries: MOST_TRIES,
        })
    }

    /// Forgets a draft: it was sent, or thrown away.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn forget(self, agent: PersonId, number: TicketNumber) -> Result<(), StoreError> {
        let writes = self.forget_writes(agent, number).into();
        self.0.commit_writes(vec![], writes).await.map(drop)
    }

    /// Erases what somebody has begun to write, at most [`MOST_DRAFTS`] of it; whether there may be more.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn erase_of(self, agent: PersonId) -> Result<bool, StoreError> {
        let drafts = self.of(agent).await?;
        // Each takes two parts of a transaction.
        for some in drafts.chunks(ERASED_AT_ONCE / 2) {
            let writes = some
                .iter()
                .flat_map(|draft| self.forget_writes(agent, draft.ticket));
            self.0.commit_writes(vec![], writes.collect()).await?;
        }
        Ok(drafts.len() >= MOST_DRAFTS)
    }

    /// Erases what agents have begun to write on a ticket that is gone for good.
    ///
    /// # Errors
    /// When the world failed.
    pub(crate) async fn erase_on(self, number: TicketNumber) -> Result<(), StoreError> {
        let Some(item) = self.0.get_item(&ItemKey::DraftsOn(number)).await? else {
            return Ok(());
        };
        let tenant = &self.0.settings.tenant;
        let drafts = drafters_in(&item)
            .into_iter()
            .map(|agent| ItemKey::Draft(agent, number));
        let keys: Vec<ItemKey> = drafts.chain([ItemKey::DraftsOn(number)]).collect();
        // The one that names them goes last: whoever repeats it finds the others.
        for keys in keys.chunks(ERASED_AT_ONCE) {
            let gone = |key| Write::delete(&self.0.settings.tickets_table, Role::State, key_of(tenant, key));
            self.0
                .commit_writes(vec![], keys.iter().map(gone).collect())
                .await?;
        }
        Ok(())
    }

    /// The parts of a transaction that forget it.
    pub fn forget_writes(self, agent: PersonId, number: TicketNumber) -> [Write; 2] {
        let key = key_of(&self.0.settings.tenant, &ItemKey::Draft(agent, number));
        [
            Write::delete(&self.0.settings.tickets_table, Role::State, key),
            self.mark(number, agent, "DELETE agents :agent"),
        ]
    }

    fn put(self, agent: PersonId, draft: &Draft, read: Option<&Draft>) -> Result<Write, StoreError> {
        let key = ItemKey::Draft(agent, draft.ticket);
        let mut item = item_with(&self.0.settings.tenant, &key, "draft", draft)?;
        item.insert("v".to_owned(), n(draft.v));
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        Ok(match read {
            Some(read) => write.when("v = :read").with(":read", n(read.v)),
            None => write.when_new(),
        })
    }

    fn mark(self, number: TicketNumber, agent: PersonId, expression: &str) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::DraftsOn(number));
        let agents = AttributeValue::Ns(vec![agent.to_string()]);
        Write::update(&self.0.settings.tickets_table, Role::State, key, expression).with(":agent", agents)
    }
}

/// The version of a draft where there is none: the time, so that a page that knows of one that went takes this for another.
fn first_v(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0).max(1)
}

fn draft_in(mut item: Item) -> Result<Draft, StoreError> {
    value_in(&mut item, "draft")
}

/// The agents who have a draft, by a ticket's item.
pub(super) fn drafters_in(item: &Item) -> Vec<PersonId> {
    let agents = item.get("agents").and_then(|agents| agents.as_ns().ok());
    let ids = agents.into_iter().flatten();
    let mut agents: Vec<PersonId> = ids.filter_map(|id| id.parse().ok().map(PersonId)).collect();
    agents.sort_unstable();
    agents
}
