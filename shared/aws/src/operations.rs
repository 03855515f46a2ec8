//! The two steps that every way in shares: make a ticket, and change one. Both store what is large, decide, commit,
//! and decide again when somebody else was first.

use crate::{
    Desk, StoreError,
    store::{Answer, Change, Committed, Guard, MOST_TRIES, Write},
};
use docket_domain::{
    TicketNumber,
    comment::{AttachmentRef, AuthorRole, Comment, CommentBody, MailFacts, snippet},
    ticket::{Actor, Channel, Command, CommentFacts, NewTicket, Refusal, Ticket, TicketEvent, Update},
};

/// A file that comes with a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// Its name, cleaned.
    pub name: String,
    /// The media type the sender declared.
    pub content_type: String,
    /// Shown within the text.
    pub inline: bool,
    /// The id by which the HTML refers to it.
    pub content_id: Option<String>,
    /// The content.
    pub bytes: Vec<u8>,
}

/// A comment to be stored.
#[derive(Clone, Debug)]
pub struct NewComment {
    /// Who wrote it.
    pub author: docket_domain::PersonId,
    /// In which part.
    pub role: AuthorRole,
    /// Whether the requester may see it.
    pub public: bool,
    /// How it came.
    pub channel: Channel,
    /// The text.
    pub body: CommentBody,
    /// Files.
    pub attachments: Vec<NewAttachment>,
    /// The mail it came with.
    pub mail: Option<MailFacts>,
    /// The sign by which it was taken for automatic mail.
    pub automatic: Option<String>,
}

/// What goes into the same transaction as a change of a ticket.
#[derive(Clone, Debug, Default)]
pub struct Alongside {
    /// Guards against repeats.
    pub guards: Vec<Guard>,
    /// New people, conversations, mail ids.
    pub writes: Vec<Write>,
}

/// A contact that becomes a ticket. The comment within `ticket` is replaced by `comment` as stored.
#[derive(Clone, Debug)]
pub struct NewContact {
    /// Who wrote.
    pub actor: Actor,
    /// What led to it.
    pub cause: String,
    /// The ticket, all but its number and comment.
    pub ticket: TicketDraft,
    /// The first comment.
    pub comment: NewComment,
    /// What an agent says beside it, to agents only.
    pub note: Option<NewComment>,
    /// What goes with it.
    pub alongside: Alongside,
}

/// A ticket to be made.
#[derive(Clone, Debug)]
pub struct TicketDraft {
    /// Subject.
    pub subject: String,
    /// Who asks.
    pub requester: docket_domain::PersonId,
    /// How it came.
    pub channel: Channel,
    /// Where answers go.
    pub reply_via: docket_domain::ticket::ReplyVia,
    /// Id in the caller's own system.
    pub external_id: Option<String>,
    /// Priority the contact brought along.
    pub priority: Option<docket_domain::ticket::Priority>,
    /// Type the contact brought along.
    pub ticket_type: Option<docket_domain::ticket::TicketType>,
    /// Tags the contact brought along.
    pub tags: Vec<String>,
    /// The ticket it follows or may belong to.
    pub follows: Option<TicketNumber>,
    /// Whether the requester is told that we have it.
    pub acknowledge: bool,
    /// Why they are not, where they would have been.
    pub unacknowledged: Option<String>,
}

/// A change of a ticket.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// Who commands.
    pub actor: Actor,
    /// What led to it.
    pub cause: String,
    /// The change, all but its comment.
    pub update: Update,
    /// A comment to add.
    pub comment: Option<NewComment>,
    /// What goes with it.
    pub alongside: Alongside,
}

/// What became of an amendment.
#[derive(Clone, Debug)]
pub enum Amended {
    /// It stands.
    Done {
        /// The ticket with it.
        ticket: Box<Ticket>,
        /// The events; none if nothing was to be changed.
        events: Vec<TicketEvent>,
    },
    /// It was done before.
    Duplicate(Answer),
}

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// The domain said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Makes a ticket of this number. [`Committed::Lost`] means that a part of `alongside` was taken by somebody else:
    /// read it again and decide again.
    pub async fn create_ticket(
        &self,
        number: TicketNumber,
        contact: NewContact,
    ) -> Result<Committed, OperationError> {
        let NewContact {
            actor,
            cause,
            ticket: draft,
            comment,
            note,
            alongside,
        } = contact;
        let (comment, facts) = self.store_comment(number, comment).await?;
        let mut comments = vec![comment];
        let mut note_facts = None;
        if let Some(note) = note {
            let (note, facts) = self.store_comment(number, note).await?;
            comments.push(note);
            note_facts = Some(facts);
        }
        let before = Ticket::blank(number);
        let command = Command::Create(Box::new(NewTicket {
            subject: draft.subject,
            requester: draft.requester,
            channel: draft.channel,
            reply_via: draft.reply_via,
            external_id: draft.external_id,
            priority: draft.priority,
            ticket_type: draft.ticket_type,
            tags: draft.tags,
            follows: draft.follows,
            acknowledge: draft.acknowledge,
            unacknowledged: draft.unacknowledged,
            comment: facts,
            note: note_facts,
            ccs: vec![],
        }));
        let events = self
            .decide::<OperationError>(&before, command, &actor, &cause)
            .await?;
        let change = Change {
            comments,
            guards: alongside.guards,
            writes: alongside.writes,
            ..Change::new(before, events)
        };
        Ok(self.commit(change).await?)
    }

    /// Changes a ticket; decides again up to five times when somebody else was first.
    pub async fn amend_ticket(
        &self,
        number: TicketNumber,
        amendment: Amendment,
    ) -> Result<Amended, OperationError> {
        let Amendment {
            actor,
            cause,
            mut update,
            comment,
            alongside,
        } = amendment;
        // A ticket that is not there gets no blobs.
        let mut read = Some(self.ticket(number).await?.ok_or(Refusal::Missing)?);
        let mut stored = vec![];
        if let Some(comment) = comment {
            let (comment, facts) = self.store_comment(number, comment).await?;
            update.comment = Some(facts);
            stored.push(comment);
        }
        for _ in 0..MOST_TRIES {
            let before = match read.take() {
                Some(ticket) => ticket,
                None => self.ticket(number).await?.ok_or(Refusal::Missing)?,
            };
            // Whoever repeats a change that stands is told so, even where it could no longer be decided.
            let command = Command::Update(Box::new(update.clone()));
            let events = match self.decide(&before, command, &actor, &cause).await {
                Ok(events) => events,
                Err(OperationError::Refused(refusal)) => {
                    return self.repeat_or(refusal, &alongside.guards).await;
                }
                Err(error) => return Err(error),
            };
            if events.is_empty() && alongside.guards.is_empty() {
                return Ok(Amended::Done {
                    ticket: Box::new(before),
                    events,
                });
            }
            let change = Change {
                comments: stored.clone(),
                guards: alongside.guards.clone(),
                writes: alongside.writes.clone(),
                ..Change::new(before, events.clone())
            };
            match self.commit(change).await? {
                Committed::Done(ticket) => return Ok(Amended::Done { ticket, events }),
                Committed::Duplicate(answer) => return Ok(Amended::Duplicate(answer)),
                Committed::Lost => {}
            }
        }
        Err(StoreError::Contended {
            what: format!("ticket {number}"),
            tries: MOST_TRIES,
        }
        .into())
    }

    async fn repeat_or(&self, refusal: Refusal, guards: &[Guard]) -> Result<Amended, OperationError> {
        for guard in guards {
            if let Some(entry) = self.guard(&guard.key).await? {
                return Ok(Amended::Duplicate(entry.answer));
            }
        }
        Err(refusal.into())
    }

    /// Stores text and files of a comment; the comment as it lies beside its ticket, and what its event says of it.
    pub async fn store_comment(
        &self,
        number: TicketNumber,
        comment: NewComment,
    ) -> Result<(Comment, CommentFacts), StoreError> {
        let body = self.put_body(number, &comment.body).await?;
        let mut attachments = Vec::with_capacity(comment.attachments.len());
        for attachment in comment.attachments {
            let bytes = attachment.bytes.len() as u64;
            let digest = self
                .put_attachment(number, attachment.bytes, &attachment.content_type)
                .await?;
            attachments.push(AttachmentRef {
                digest,
                name: attachment.name,
                content_type: attachment.content_type,
                bytes,
                inline: attachment.inline,
                content_id: attachment.content_id,
            });
        }
        let facts = CommentFacts {
            role: comment.role,
            author: comment.author,
            public: comment.public,
            body: body.clone(),
            automatic: comment.automatic.clone(),
        };
        let stored = Comment {
            v: 0,
            at: self.now(),
            author: comment.author,
            role: comment.role,
            public: comment.public,
            channel: comment.channel,
            body,
            snippet: snippet(&comment.body.shown_text()),
            mail: comment.mail,
            attachments,
            automatic: comment.automatic,
        };
        Ok((stored, facts))
    }
}
