//! What is known of whoever asks: who they are, for whom they write, and their tickets before this one. Triage and the
//! conditions of rules look at the same.

use crate::{
    Desk,
    parts::{People, Tickets},
};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    contact::comment::{Comment, CommentBody},
    people::{organization::Organization, person::Person},
    ticket::Ticket,
    triage::{History, KnownOrganization},
};
use docket_store::{StoreError, blob::BlobError};
use std::collections::BTreeMap;

/// Most of a requester's earlier tickets that are counted: one page of the index.
const HISTORY_COUNTED: usize = 100;
/// Of these, the newest are looked at: one batch of reads, and what is older is seldom open.
const HISTORY_READ: usize = 10;
/// The event with which the first comment of a ticket comes: the one after that which made the ticket.
const FIRST_COMMENT: u64 = 2;

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The person; nothing where their record is gone.
    pub person: Option<Person>,
    /// Their organization, if it is there.
    pub organization: Option<Organization>,
}

impl Asker {
    /// What was agreed with them: their own tier, else their organization's.
    pub fn tier(&self) -> Option<&str> {
        let own = self.person.as_ref().and_then(|person| person.tier.as_deref());
        own.or_else(|| self.organization.as_ref()?.tier.as_deref())
    }
}

/// A requester's tickets before one of theirs.
#[derive(Clone, Debug, Default)]
pub struct EarlierTickets {
    /// How many, as far as they were counted.
    pub total: u64,
    /// The newest of them, newest first.
    pub newest: Vec<Ticket>,
    /// Whether there are more than were looked at.
    pub is_partial: bool,
}

impl EarlierTickets {
    /// Those that are not solved, newest first.
    pub fn unsolved(&self) -> impl Iterator<Item = &Ticket> {
        self.newest.iter().filter(|ticket| ticket.status.is_unsolved())
    }

    /// When the requester last wrote on one of them.
    pub fn last_contact(&self) -> Option<Timestamp> {
        self.newest.iter().filter_map(Ticket::requester_wrote_at).max()
    }

    /// What a decision keeps of them and of who asks.
    pub fn history(&self, asker: &Asker) -> History {
        History {
            tickets_total: self.total,
            tickets_open: self.unsolved().count() as u64,
            is_partial: self.is_partial,
            last_contact: self.last_contact(),
            tier: asker.tier().map(str::to_owned),
            organization: asker.organization.as_ref().map(|known| KnownOrganization {
                id: known.id,
                name: known.name.clone(),
            }),
        }
    }
}

impl Desk {
    /// What the comment says that a ticket began with; its first words alone where the text is lost, so that the ticket still finds
    /// its way.
    pub async fn first_body_or_words(&self, number: TicketNumber) -> Result<CommentBody, StoreError> {
        let comment = self.tickets().comment(number, FIRST_COMMENT).await?;
        self.body_or_words(number, comment.as_ref()).await
    }

    /// The same of a comment that was read; nothing where the ticket began with none.
    pub async fn body_or_words(
        &self,
        number: TicketNumber,
        first: Option<&Comment>,
    ) -> Result<CommentBody, StoreError> {
        let Some(comment) = first else {
            return Ok(CommentBody::default());
        };
        match self.blobs().body_of(number, comment).await {
            Ok(body) => Ok(body),
            Err(BlobError::Store(error)) => Err(error),
            Err(BlobError::Missing(key)) => {
                tracing::error!(%number, key, "the first text of ticket {number} is lost: its first words stand for it");
                Ok(CommentBody {
                    text: comment.snippet.clone(),
                    ..CommentBody::default()
                })
            }
        }
    }
}

impl People<'_> {
    /// Who a person is, and for whom they write.
    pub async fn asker(self, requester: PersonId) -> Result<Asker, StoreError> {
        let person = self.get(requester).await?;
        let organization = match person.as_ref().and_then(|person| person.organization) {
            Some(id) => self.desk.organizations().get(id).await?,
            None => None,
        };
        Ok(Asker { person, organization })
    }
}

impl Tickets<'_> {
    /// The comments that these tickets began with, by ticket.
    pub async fn first_comments(
        self,
        numbers: &[TicketNumber],
    ) -> Result<BTreeMap<TicketNumber, Comment>, StoreError> {
        let asked: Vec<_> = numbers.iter().map(|number| (*number, FIRST_COMMENT)).collect();
        self.comments(&asked).await
    }

    /// A ticket and the comment that it began with, in one read.
    pub async fn with_first_comment(
        self,
        number: TicketNumber,
    ) -> Result<Option<(Ticket, Option<Comment>)>, StoreError> {
        self.with_comment(number, FIRST_COMMENT).await
    }

    /// The tickets that the requester of a ticket had before it. What the index says may be a moment old.
    pub async fn earlier(self, ticket: &Ticket) -> Result<EarlierTickets, StoreError> {
        let numbers = self.earlier_numbers(ticket, HISTORY_COUNTED).await?;
        let newest = match &numbers[..numbers.len().min(HISTORY_READ)] {
            [] => Vec::new(),
            newest => self.get_many(newest).await?,
        };
        Ok(EarlierTickets {
            total: numbers.len() as u64,
            is_partial: numbers.len() > newest.len(),
            newest,
        })
    }

    /// What the comment says that a ticket began with; nothing where it began with none.
    pub async fn first_body(self, number: TicketNumber) -> Result<CommentBody, BlobError> {
        match self.comment(number, FIRST_COMMENT).await? {
            Some(comment) => self.desk.blobs().body_of(number, &comment).await,
            None => Ok(CommentBody::default()),
        }
    }
}
