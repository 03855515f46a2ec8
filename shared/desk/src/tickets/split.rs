//! Comments of a ticket that open one of their own. They stay where they are, and are marked there; both tickets change in one
//! transaction. Merged back, the new ticket shows them once.

use crate::{
    Attempt, Beside, Changed, Desk, Find, Found, Wish,
    parts::Tickets,
    tickets::{NewAttachment, NewComment, StoredOnce},
};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    contact::{
        comment::{AuthorRole, Comment},
        tells::Tells,
    },
    ticket::{Command, CommentFacts, LinkCommand, LinkRefusal, NewTicket, ReplyVia, Ticket},
};
use docket_store::{StoreError, blob::BlobError};

/// Most comments that open a ticket at once: their texts and files are stored anew beside it.
pub const MOST_SPLIT: usize = 20;

/// Which comments open a ticket.
#[derive(Clone, Debug, Default)]
pub struct SplitOrder {
    /// Their versions, in the order in which they were written.
    pub comments: Vec<u64>,
    /// The subject of the new ticket; that of the old one where nothing is said.
    pub subject: Option<String>,
}

/// Why no ticket was opened.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// The ticket may not.
    #[error(transparent)]
    Refused(#[from] LinkRefusal),
    /// There is no such comment on it.
    #[error("the ticket has no comment {0}")]
    NoComment(u64),
    /// None was named, or too many.
    #[error("names {0} comments, 1 to {MOST_SPLIT} are possible")]
    Count(usize),
    /// A text or file is lost.
    #[error("a text or file of comment {0} is lost, so it can't open a ticket")]
    Lost(u64),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Tickets<'_> {
    /// Opens a ticket with comments of another one.
    ///
    /// # Errors
    /// As [`Desk::change`]; and where the comments can't.
    pub async fn split(
        self,
        number: TicketNumber,
        order: &SplitOrder,
        attempt: Attempt,
    ) -> Result<Changed, SplitError> {
        let count = order.comments.len();
        if count == 0 || count > MOST_SPLIT {
            return Err(SplitError::Count(count));
        }
        let mut splitting = Splitting {
            desk: self.desk,
            number,
            order,
            stored: StoredOnce::default(),
            copies: None,
        };
        self.desk.change_found(attempt, &mut splitting).await
    }
}

/// A ticket that comments of another open.
struct Splitting<'a> {
    desk: &'a Desk,
    number: TicketNumber,
    order: &'a SplitOrder,
    stored: StoredOnce,
    /// The comments as they lie beside the new ticket, once they do.
    copies: Option<Vec<(Comment, CommentFacts)>>,
}

impl Find<SplitError> for Splitting<'_> {
    async fn find(&mut self, _now: Timestamp) -> Result<Found, SplitError> {
        let desk = self.desk;
        let Some(old) = desk.tickets().standing(self.number).await? else {
            return Ok(Found::NotThere);
        };
        if let Some(merged) = old.merged_into {
            return Err(LinkRefusal::Merged(merged.ticket).into());
        }
        let number = self.stored.number(desk).await?;
        let chosen = self.chosen().await?;
        let requester = requester(&old, &chosen);
        let copies = match &self.copies {
            Some(copies) => copies.clone(),
            None => {
                let copies = copies(desk, (self.number, number), &chosen, requester).await?;
                self.copies.insert(copies).clone()
            }
        };
        let (comments, facts): (Vec<Comment>, Vec<CommentFacts>) = copies.into_iter().unzip();
        let mut facts = facts.into_iter();
        let first = facts.next().ok_or(SplitError::Count(0))?;
        let create = Command::Create(Box::new(self.opened(&old, requester, first)));
        let split_from = LinkCommand::SplitFrom {
            ticket: old.number,
            comments: self.order.comments.clone(),
            more: facts.collect(),
        };
        let split_off = LinkCommand::SplitOff {
            to: number,
            comments: self.order.comments.clone(),
        };
        let wish = Wish {
            commands: vec![create, Command::Link(Box::new(split_from))],
            comments,
            beside: Some(Box::new(Beside {
                ticket: old,
                commands: vec![Command::Link(Box::new(split_off))],
                comments: vec![],
            })),
            ..Wish::default()
        };
        Ok(Found::wish(Ticket::blank(number), wish))
    }
}

impl Splitting<'_> {
    async fn chosen(&self) -> Result<Vec<Comment>, SplitError> {
        let all = self.desk.tickets().comments_of(self.number).await?;
        let find = |v: &u64| {
            let found = all.iter().find(|comment| comment.v == *v).cloned();
            found.ok_or(SplitError::NoComment(*v))
        };
        self.order.comments.iter().map(find).collect()
    }

    fn opened(&self, old: &Ticket, requester: PersonId, comment: CommentFacts) -> NewTicket {
        let reply_via = match &old.reply_via {
            // A conversation is its customer's.
            ReplyVia::Callback { .. } if requester != old.requester => ReplyVia::Nowhere,
            reply_via => reply_via.clone(),
        };
        NewTicket {
            subject: self.order.subject.clone().unwrap_or_else(|| old.subject.clone()),
            requester,
            channel: old.channel.clone(),
            reply_via,
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec![],
            follows: None,
            acknowledge: false,
            unacknowledged: Some(format!("comments of ticket {} opened it", old.number)),
            comment,
            note: None,
            ccs: vec![],
        }
    }
}

/// Who asks: whoever wrote the first of the comments, unless they work here.
fn requester(old: &Ticket, chosen: &[Comment]) -> PersonId {
    let first = chosen.first().filter(|comment| {
        let is_outside = comment.role.is_customer() || comment.role == AuthorRole::ThirdParty;
        is_outside && !comment.author.is_of_the_desk()
    });
    first.map_or(old.requester, |comment| comment.author)
}

/// The comments as they lie beside another ticket. They are no contacts there: these were taken in once.
async fn copies(
    desk: &Desk,
    (from, to): (TicketNumber, TicketNumber),
    chosen: &[Comment],
    requester: PersonId,
) -> Result<Vec<(Comment, CommentFacts)>, SplitError> {
    let mut copies = Vec::with_capacity(chosen.len());
    for comment in chosen {
        let body = read(desk.blobs().body_of(from, comment).await, comment.v)?;
        let mut attachments = Vec::with_capacity(comment.attachments.len());
        for file in &comment.attachments {
            attachments.push(NewAttachment {
                name: file.name.clone(),
                content_type: file.content_type.clone(),
                inline: file.inline,
                content_id: file.content_id.clone(),
                bytes: read(desk.blobs().attachment(from, file).await, comment.v)?.into(),
            });
        }
        let role = match comment.role {
            _ if comment.author == requester => AuthorRole::Requester,
            AuthorRole::Requester => AuthorRole::Participant,
            role => role,
        };
        let copy = NewComment {
            author: comment.author,
            role,
            public: comment.public,
            channel: comment.channel.clone(),
            body,
            attachments,
            mail: None,
            automatic: comment.automatic.clone(),
        };
        let (mut copy, mut facts) = desk.tickets().store_comment(to, copy).await?;
        // What was forwarded stays where it was said; that somebody phoned is told here, too.
        if let Some(call @ Tells::Call(_)) = &comment.tells {
            (copy.tells, facts.tells) = (Some(call.clone()), Some(call.clone()));
        }
        copies.push((copy, facts));
    }
    Ok(copies)
}

fn read<T>(read: Result<T, BlobError>, v: u64) -> Result<T, SplitError> {
    read.map_err(|error| match error {
        BlobError::Missing(_) => SplitError::Lost(v),
        BlobError::Store(error) => error.into(),
    })
}
