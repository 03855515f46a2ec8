//! Tickets that come from another system, as they stood there.

use crate::{
    Attempt, Changed, Desk, Find, Found, Wish,
    parts::Tickets,
    tickets::{NewComment, TicketDraft},
};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    contact::comment::Comment,
    ticket::{Command, CommentFacts, Import, ImportedComment, NewTicket, Status, Ticket},
};
use docket_store::StoreError;
use std::collections::BTreeMap;

/// Most comments of a ticket that comes from another system: all of it is one transaction.
pub const MOST_IMPORTED_COMMENTS: usize = 80;

/// A comment of then.
#[derive(Clone, Debug)]
pub struct ImportedWords {
    /// When it was written.
    pub at: Timestamp,
    /// It.
    pub comment: NewComment,
}

/// A ticket as it stood in another system.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// The ticket.
    pub ticket: TicketDraft,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was solved, where it was.
    pub solved_at: Option<Timestamp>,
    /// All comments, by their times: 1 to [`MOST_IMPORTED_COMMENTS`].
    pub comments: Vec<ImportedWords>,
    /// How it stood in the end.
    pub status: Status,
    /// Its group.
    pub group: Option<GroupId>,
    /// Its agent.
    pub assignee: Option<PersonId>,
    /// Who gets the answers in copy.
    pub ccs: Vec<PersonId>,
    /// Who follows it.
    pub followers: Vec<PersonId>,
    /// The problem that it is an incident of.
    pub problem: Option<TicketNumber>,
    /// Fields of the operator's own.
    pub fields: BTreeMap<String, Option<String>>,
    /// The form that it belongs to.
    pub form: Option<u64>,
    /// When it is due, where it is a task.
    pub due_at: Option<Timestamp>,
}

impl Tickets<'_> {
    /// Makes a ticket of what stood in another system; nothing follows from it. One whose id of there has come before is left as
    /// it is. The attempt's actor is [`docket_domain::ticket::Actor::Import`].
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn import(self, row: ImportRow, attempt: Attempt) -> Result<Changed, StoreError> {
        let desk = self.desk;
        if let Some(ticket) = known(desk, &row).await? {
            return Ok(Changed::Done(crate::Saved::nothing(Box::new(ticket))));
        }
        let number = self.next_number().await?;
        let mut comments = Vec::with_capacity(row.comments.len());
        for words in &row.comments {
            let stored = self.store_comment(number, words.comment.clone()).await?;
            comments.push((words.at, stored));
        }
        let mut importing = Importing {
            desk,
            number,
            row,
            comments,
        };
        desk.change_found(attempt, &mut importing).await
    }
}

/// The ticket that the same one of there was made before.
async fn known(desk: &Desk, row: &ImportRow) -> Result<Option<Ticket>, StoreError> {
    let Some(external_id) = &row.ticket.external_id else {
        return Ok(None);
    };
    let Some(number) = desk.tickets().imported(external_id).await? else {
        return Ok(None);
    };
    desk.tickets().standing(number).await
}

struct Importing<'a> {
    desk: &'a Desk,
    number: TicketNumber,
    row: ImportRow,
    comments: Vec<(Timestamp, (Comment, CommentFacts))>,
}

impl Find<StoreError> for Importing<'_> {
    async fn find(&mut self, _now: Timestamp) -> Result<Found, StoreError> {
        let (desk, row) = (self.desk, &self.row);
        // Somebody else may have brought the same one meanwhile.
        if let Some(ticket) = known(desk, row).await? {
            return Ok(Found::Nothing(Box::new(ticket)));
        }
        let Some((_, (_, first))) = self.comments.first() else {
            return Ok(Found::NotThere);
        };
        let writes = match &row.ticket.external_id {
            Some(external_id) => vec![desk.tickets().imported_write(external_id, self.number).await?],
            None => vec![],
        };
        let import = Import {
            new: NewTicket {
                ccs: row.ccs.clone(),
                ..row.ticket.clone().with_comment(first.clone())
            },
            created_at: row.created_at,
            comments: self
                .comments
                .iter()
                .map(|(at, (_, facts))| ImportedComment {
                    at: *at,
                    facts: facts.clone(),
                })
                .collect(),
            status: row.status,
            solved_at: row.solved_at,
            updated_at: row.updated_at,
            group: row.group,
            assignee: row.assignee,
            followers: row.followers.clone(),
            problem: row.problem,
            fields: row.fields.clone(),
            form: row.form,
            due_at: row.due_at,
        };
        let wish = Wish {
            comments: self
                .comments
                .iter()
                .map(|(_, (comment, _))| comment.clone())
                .collect(),
            writes,
            ..Wish::from(Command::Import(Box::new(import)))
        };
        Ok(Found::wish(Ticket::blank(self.number), wish))
    }
}
