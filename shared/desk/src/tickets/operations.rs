//! What contacts and changes are made of before they are decided: a ticket to be made, a comment with its files, a change.
//! What is large is stored first.

use crate::{Attempt, Changed, Desk, Find, Found, Wish, parts::Tickets};
use bytes::Bytes;
use docket_domain::{
    Digest, TicketNumber, Timestamp,
    contact::{
        comment::{
            AttachmentRef, AuthorRole, BodyRef, Comment, CommentBody, IncidentState, MailFacts, snippet,
        },
        tells::Tells,
    },
    ticket::{Actor, Channel, Command, CommentFacts, NewTicket, Ticket, Update},
};
use docket_store::{
    StoreError,
    blob::FileContent,
    table::{Guard, Write},
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
    pub bytes: Bytes,
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

impl Amendment {
    /// A change without a comment, and with nothing beside it.
    pub fn of(actor: Actor, cause: &str, update: Update) -> Self {
        Self {
            actor,
            cause: cause.to_owned(),
            update,
            comment: None,
            alongside: Alongside::default(),
        }
    }
}

/// Text and files of a comment that lie where its ticket's do, however often the change that adds it is tried.
#[derive(Clone, Debug)]
pub struct StoredWords {
    body: BodyRef,
    body_json: Option<String>,
    snippet: String,
    attachments: Vec<AttachmentRef>,
    attachments_at: Option<Digest>,
}

impl NewComment {
    /// Whether something of it could not be read, or was guessed.
    fn has_gaps(&self) -> bool {
        let of_mail = self.mail.as_ref().is_some_and(|mail| !mail.problems.is_empty());
        of_mail || !self.body.problems.is_empty()
    }

    /// What a monitor tells by it.
    fn incident_state(&self) -> Option<IncidentState> {
        // Rules act on it: only where its sender is who they say.
        let incident = self
            .mail
            .as_ref()?
            .incident
            .as_ref()
            .filter(|told| told.vouched)?;
        Some(incident.state)
    }

    /// The comment as it lies beside its ticket, and what its event says of it.
    pub fn stored(&self, words: &StoredWords) -> (Comment, CommentFacts) {
        self.stored_telling(words, None)
    }

    /// The same of a comment that tells of more than its words.
    pub fn stored_telling(&self, words: &StoredWords, tells: Option<Tells>) -> (Comment, CommentFacts) {
        let facts = CommentFacts {
            role: self.role,
            author: self.author,
            public: self.public,
            body: words.body.clone(),
            automatic: self.automatic.clone(),
            monitor: self.incident_state(),
            mentions: vec![],
            tells: tells.clone(),
        };
        let comment = Comment {
            v: 0,
            at: Timestamp::UNIX_EPOCH,
            author: self.author,
            role: self.role,
            public: self.public,
            channel: self.channel.clone(),
            body: words.body.clone(),
            body_json: words.body_json.clone(),
            snippet: words.snippet.clone(),
            mail: self.mail.clone(),
            attachments: words.attachments.clone(),
            attachments_at: words.attachments_at.clone(),
            automatic: self.automatic.clone(),
            has_gaps: self.has_gaps(),
            redacted_at: None,
            tells,
        };
        (comment, facts)
    }
}

impl TicketDraft {
    /// The ticket with its first comment.
    pub(crate) fn with_comment(self, comment: CommentFacts) -> NewTicket {
        self.with(comment, None)
    }

    /// The ticket with its first comment, and what an agent says beside it.
    fn with(self, comment: CommentFacts, note: Option<CommentFacts>) -> NewTicket {
        NewTicket {
            subject: self.subject,
            requester: self.requester,
            channel: self.channel,
            reply_via: self.reply_via,
            external_id: self.external_id,
            priority: self.priority,
            ticket_type: self.ticket_type,
            tags: self.tags,
            follows: self.follows,
            acknowledge: self.acknowledge,
            unacknowledged: self.unacknowledged,
            comment,
            note,
            ccs: vec![],
        }
    }
}

impl NewContact {
    /// What makes a ticket of it. `words`: of its comment, and of the note, as they are stored.
    pub fn wish(self, words: &StoredWords, note_words: Option<&StoredWords>) -> Wish {
        let (comment, facts) = self.comment.stored(words);
        let note = self.note.zip(note_words).map(|(note, words)| note.stored(words));
        let (note, note_facts) = note.unzip();
        Wish {
            commands: vec![Command::Create(Box::new(self.ticket.with(facts, note_facts)))],
            actor: Some(self.actor),
            cause: Some(self.cause),
            comments: std::iter::once(comment).chain(note).collect(),
            guards: self.alongside.guards,
            writes: self.alongside.writes,
            ..Wish::default()
        }
    }
}

impl Desk {
    /// Stores text and files of a comment.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn store_words(
        &self,
        number: TicketNumber,
        comment: &NewComment,
    ) -> Result<StoredWords, StoreError> {
        let (body, body_json) = self.blobs().put_body_unless_small(number, &comment.body).await?;
        let contents = comment.attachments.iter().map(|file| FileContent {
            bytes: file.bytes.clone(),
            content_type: file.content_type.clone(),
        });
        let contents: Vec<FileContent> = contents.collect();
        let stored = self.blobs().put_files(number, &contents).await?;
        let files = comment.attachments.iter().zip(stored);
        let attachments: Vec<AttachmentRef> = files
            .map(|(file, stored)| AttachmentRef {
                digest: stored.digest,
                name: file.name.clone(),
                content_type: file.content_type.clone(),
                bytes: file.bytes.len() as u64,
                inline: file.inline,
                content_id: file.content_id.clone(),
                packed: stored.packed,
            })
            .collect();
        Ok(StoredWords {
            body,
            body_json,
            snippet: snippet(&comment.body.shown_text()),
            attachments_at: self.put_long_list(number, &attachments).await?,
            attachments,
        })
    }
}

impl Tickets<'_> {
    /// Makes a ticket of this number. Where a part of what goes with it was taken by somebody else, it is not made.
    ///
    /// # Errors
    /// When the world failed, or a part was taken.
    pub async fn create(self, number: TicketNumber, contact: NewContact) -> Result<Changed, StoreError> {
        struct Ready(TicketNumber, Wish);
        impl Find<StoreError> for Ready {
            async fn find(&mut self, _now: Timestamp) -> Result<Found, StoreError> {
                Ok(Found::wish(Ticket::blank(self.0), self.1.clone()))
            }
        }
        let words = self.desk.store_words(number, &contact.comment).await?;
        let note_words = match &contact.note {
            Some(note) => Some(self.desk.store_words(number, note).await?),
            None => None,
        };
        let attempt = Attempt::by(contact.actor.clone(), contact.cause.clone());
        let mut ready = Ready(number, contact.wish(&words, note_words.as_ref()));
        self.desk.change_found(attempt, &mut ready).await
    }

    /// Changes a ticket by what does not depend on how it stands.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn amend(self, number: TicketNumber, amendment: Amendment) -> Result<Changed, StoreError> {
        let Amendment {
            actor,
            cause,
            mut update,
            comment,
            alongside,
        } = amendment;
        // A ticket that is not there gets no blobs.
        let Some(ticket) = self.get(number).await? else {
            return Ok(Changed::NotThere);
        };
        let mut comments = vec![];
        if let Some(comment) = comment {
            let (comment, facts) = self.store_comment(number, comment).await?;
            update.comment = Some(facts);
            comments.push(comment);
        }
        let wish = Wish {
            comments,
            writes: alongside.writes,
            ..Wish::from(Command::Update(Box::new(update)))
        };
        let attempt = Attempt::by(actor, cause)
            .guarded(alongside.guards)
            .having_read(ticket);
        self.desk.change_by(number, attempt, wish).await
    }

    /// Stores text and files of a comment; the comment as it lies beside its ticket, and what its event says of it.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn store_comment(
        self,
        number: TicketNumber,
        comment: NewComment,
    ) -> Result<(Comment, CommentFacts), StoreError> {
        let words = self.desk.store_words(number, &comment).await?;
        Ok(comment.stored(&words))
    }
}
