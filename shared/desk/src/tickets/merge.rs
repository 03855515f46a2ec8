//! Tickets that go into others, and come back. Both change in one transaction.

use crate::{
    Attempt, Beside, Changed, Desk, Try, Want, Wish,
    parts::Tickets,
    tickets::{NewComment, StoredOnce},
};
use docket_domain::{
    TicketNumber,
    contact::comment::Comment,
    ticket::{Command, CommentFacts, Fact, LinkCommand, LinkRefusal, TakeIn, Ticket},
};
use docket_store::{
    StoreError,
    tickets::{Part, TicketFile, TicketPart},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::BTreeSet;

/// Merged tickets that are read at once.
const READ_AT_ONCE: usize = 8;

/// What is said on both tickets of a merge.
#[derive(Clone, Debug, Default)]
pub struct MergeWords {
    /// On the one that the other goes into.
    pub target: Option<NewComment>,
    /// On the one that goes.
    pub source: Option<NewComment>,
}

/// Why a merge, or its undoing, was not done.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The two don't go together, or not any more.
    #[error(transparent)]
    Refused(#[from] LinkRefusal),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Tickets<'_> {
    /// Merges a ticket into another: it closes, its comments are shown there, and whoever had to do with it has to do with the other.
    /// Nothing happens where it has gone there already.
    ///
    /// # Errors
    /// As [`Desk::change`]; and where the two don't go together.
    pub async fn merge(
        self,
        target: TicketNumber,
        source: TicketNumber,
        words: &MergeWords,
        attempt: Attempt,
    ) -> Result<Changed, MergeError> {
        if target == source {
            return Err(LinkRefusal::Itself(target).into());
        }
        let mut merging = Merging {
            desk: self.desk,
            source,
            words,
            stored: StoredOnce::default(),
        };
        self.desk.change(target, attempt, &mut merging).await
    }

    /// Brings a merged ticket back as it was; what was written on the other one since stays there.
    ///
    /// # Errors
    /// As [`Desk::change`]; and where it can't come back any more.
    pub async fn undo_merge(self, source: TicketNumber, attempt: Attempt) -> Result<Changed, MergeError> {
        let desk = self.desk;
        let mut want = |on: Try| async move {
            let merged = on.ticket.merged_into.ok_or(LinkRefusal::NotMerged)?;
            let target = desk.tickets().get(merged.ticket).await?;
            let stands = |target: &Ticket| !target.is_deleted_for_good();
            let beside = match target.filter(stands) {
                Some(target) if target.is_deleted() => {
                    return Err(LinkRefusal::OtherDeleted(target.number).into());
                }
                Some(target) => {
                    if let Some(third) = target.merged_into {
                        return Err(LinkRefusal::UndoOtherFirst(third.ticket).into());
                    }
                    Some(Box::new(Beside {
                        ticket: target,
                        commands: vec![Command::Link(Box::new(LinkCommand::LetGo { source }))],
                        comments: vec![],
                    }))
                }
                // Nothing of it is left that would have to be told.
                None => None,
            };
            Ok::<_, MergeError>(Some(Wish {
                beside,
                ..Wish::from(Command::Link(Box::new(LinkCommand::UndoMerge)))
            }))
        };
        desk.change(source, attempt, &mut want).await
    }
}

/// A ticket on its way into another: each try reads both.
struct Merging<'a> {
    desk: &'a Desk,
    source: TicketNumber,
    words: &'a MergeWords,
    stored: StoredOnce,
}

impl Want<MergeError> for Merging<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, MergeError> {
        let (target, tickets) = (on.ticket, self.desk.tickets());
        let source = tickets.get(self.source).await?;
        let source = source
            .filter(|source| !source.is_deleted())
            .ok_or(LinkRefusal::NoTicket(self.source))?;
        if source
            .merged_into
            .is_some_and(|merged| merged.ticket == target.number)
        {
            return Ok(None);
        }
        let in_target = tickets.merged_into(&target).await?.len();
        let in_source = tickets.merged_into(&source).await?.len();
        if in_target + in_source + 1 > Ticket::MOST_MERGED {
            return Err(LinkRefusal::TooManyMerged.into());
        }
        let (said, facts) = self.said(target.number, self.words.target.as_ref()).await?;
        let (said_there, facts_there) = self.said(source.number, self.words.source.as_ref()).await?;
        let take_in = LinkCommand::TakeIn(TakeIn {
            source: source.number,
            people: std::iter::once(source.requester)
                .chain(source.ccs.iter().copied())
                .collect(),
            followers: source.followers.clone(),
            comment: facts,
        });
        let merge_into = LinkCommand::MergeInto {
            target: target.number,
            comment: facts_there,
        };
        Ok(Some(Wish {
            comments: said.into_iter().collect(),
            beside: Some(Box::new(Beside {
                ticket: source,
                commands: vec![Command::Link(Box::new(merge_into))],
                comments: said_there.into_iter().collect(),
            })),
            ..Wish::from(Command::Link(Box::new(take_in)))
        }))
    }
}

impl Merging<'_> {
    /// A comment with its text stored beside its ticket.
    async fn said(
        &mut self,
        number: TicketNumber,
        comment: Option<&NewComment>,
    ) -> Result<(Option<Comment>, Option<CommentFacts>), StoreError> {
        let Some(comment) = comment else {
            return Ok((None, None));
        };
        let words = self.stored.words(self.desk, number, comment).await?;
        let (comment, facts) = comment.stored(&words);
        Ok((Some(comment), Some(facts)))
    }
}

impl Tickets<'_> {
    /// What is stored of the tickets that went into one, and of those that had gone into them: their comments are shown there. A
    /// comment that is the copy of one which is shown anyway is left out.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn merged_files(self, ticket: &Ticket) -> Result<Vec<TicketFile>, StoreError> {
        if ticket.merged.is_empty() {
            return Ok(vec![]);
        }
        let merged = self.merged_into(ticket).await?;
        let mut shown: Vec<TicketNumber> = merged.iter().map(|merged| merged.number).collect();
        shown.push(ticket.number);
        let mut files = Vec::with_capacity(merged.len());
        for merged in &merged {
            let Some(mut file) = self.standing_file(merged.number).await? else {
                continue;
            };
            leave_copies_out(&mut file, &shown);
            files.push(file);
        }
        Ok(files)
    }

    /// The newest comments of those of the tickets in `came` that went into one, and of those that had gone into them: of each at most so
    /// many. What is read follows from how many there are, and not from how long they are.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn merged_parts(
        self,
        ticket: &Ticket,
        came: &BTreeSet<TicketNumber>,
        comments: usize,
    ) -> Result<Vec<TicketPart>, StoreError> {
        let mut wanted: BTreeSet<TicketNumber> = ticket.merged.iter().copied().collect();
        wanted.retain(|number| came.contains(number));
        if wanted.is_empty() {
            return Ok(vec![]);
        }
        // Those that went into others stand behind them.
        for merged in self.merged_into(ticket).await? {
            if wanted.contains(&merged.number) {
                wanted.extend(&merged.merged);
            }
        }
        wanted.remove(&ticket.number);
        let asked = Part {
            comments,
            before: None,
        };
        let numbers: Vec<TicketNumber> = wanted.iter().copied().take(Ticket::MOST_MERGED).collect();
        let reads = numbers
            .into_iter()
            .map(|number| self.standing_part(number, asked));
        let read: Vec<Option<TicketPart>> = stream::iter(reads).buffered(READ_AT_ONCE).try_collect().await?;
        let mut parts: Vec<TicketPart> = read.into_iter().flatten().collect();
        let mut shown: Vec<TicketNumber> = wanted.into_iter().collect();
        shown.push(ticket.number);
        for part in &mut parts {
            leave_copies_out(&mut part.file, &shown);
        }
        Ok(parts)
    }
}

/// Leaves comments of a ticket out that are copies of comments of one of these.
fn leave_copies_out(file: &mut TicketFile, shown: &[TicketNumber]) {
    let copies = copies_of(file, shown);
    file.comments.retain(|comment| !copies.contains(&comment.v));
}

/// The comments of a ticket that are copies of comments of one of these.
fn copies_of(file: &TicketFile, shown: &[TicketNumber]) -> BTreeSet<u64> {
    let split = file.events.iter().find_map(|event| match &event.fact {
        Fact::SplitFrom(split) => Some((event.v, split)),
        _ => None,
    });
    let Some((v, split)) = split.filter(|(_, split)| shown.contains(&split.ticket)) else {
        return BTreeSet::new();
    };
    // It began with them: none was written before.
    let before = file.comments.iter().filter(|comment| comment.v < v);
    before
        .map(|comment| comment.v)
        .take(split.comments.len())
        .collect()
}
