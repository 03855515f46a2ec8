//! Where else the words of a comment stand: splits copied it, or made tickets that took the subject over.

use crate::parts::Tickets;
use docket_domain::{TicketNumber, ticket::Fact};
use docket_store::StoreError;

/// Most copies of a comment that are looked for: splits of what was split are rare.
const MOST_COPIES: usize = 50;

/// A comment of another ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CommentCopy {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The comment: its version.
    pub comment: u64,
    /// Whether it says the same; else its ticket only took the subject over, or the other way round.
    pub is_copy: bool,
}

impl Tickets<'_> {
    /// The copies of a comment, and the tickets that have the subject from a split, however often one followed another.
    pub(super) async fn copies_of_comment(
        self,
        number: TicketNumber,
        comment: u64,
    ) -> Result<Vec<CommentCopy>, StoreError> {
        let itself = CommentCopy {
            ticket: number,
            comment,
            is_copy: true,
        };
        let (mut found, mut seen) = (vec![itself], 0);
        while let Some(here) = found.get(seen).copied() {
            seen += 1;
            for there in self.next_to(here).await? {
                let is_known = |known: &CommentCopy| {
                    known.ticket == there.ticket && (known.comment == there.comment || !there.is_copy)
                };
                if found.len() <= MOST_COPIES && !found.iter().any(is_known) {
                    found.push(there);
                }
            }
        }
        found.remove(0);
        Ok(found)
    }

    /// The copies on the tickets that one split led to: it is the nth of those that were chosen, and the nth of the new ticket.
    async fn next_to(self, here: CommentCopy) -> Result<Vec<CommentCopy>, StoreError> {
        let mut found = Vec::new();
        for event in self.events(here.ticket, u64::MAX).await? {
            let (ticket, chosen, copies) = match &event.fact {
                Fact::SplitOff(split) => (split.to, split.comments.clone(), self.first_of(split.to).await?),
                Fact::SplitFrom(split) => {
                    let own = self.first_of(here.ticket).await?;
                    let own = own.into_iter().take(split.comments.len()).collect();
                    (split.ticket, own, split.comments.clone())
                }
                _ => continue,
            };
            let place = chosen.iter().position(|v| *v == here.comment && here.is_copy);
            let copy = copies.get(place.unwrap_or(0));
            found.extend(copy.map(|comment| CommentCopy {
                ticket,
                comment: *comment,
                is_copy: place.is_some(),
            }));
        }
        Ok(found)
    }

    /// The comments of a ticket in the order in which they came to it: their versions.
    async fn first_of(self, number: TicketNumber) -> Result<Vec<u64>, StoreError> {
        let comments = self.comments_of(number).await?;
        let mut versions: Vec<u64> = comments.iter().map(|comment| comment.v).collect();
        versions.sort_unstable();
        Ok(versions)
    }
}
