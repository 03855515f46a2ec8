//! A comment that comes onto a ticket, and what follows from it by itself.

use super::{CommentFacts, Fact, ReplyVia, Status, decide::Log, fact};
use crate::contact::{
    comment::AuthorRole,
    tells::{Call, Tells},
};

impl Log<'_> {
    /// Adds a comment.
    pub(super) fn comment(&mut self, comment: CommentFacts) {
        let CommentFacts {
            role,
            author,
            public,
            body,
            automatic,
            monitor,
            mentions,
            tells,
        } = comment;
        // What was said on the phone needs no way to anybody.
        let is_answer = role == AuthorRole::Agent && public && tells.is_none();
        let reaches_nobody =
            is_answer && author != self.ticket.requester && self.ticket.reply_via == ReplyVia::Nowhere;
        let others = self.ticket.ccs.iter().filter(|person| **person != author);
        let cc = if is_answer {
            others.copied().collect()
        } else {
            vec![]
        };
        self.push(Fact::CommentAdded(fact::CommentAdded {
            role,
            author,
            public,
            body,
            automatic,
            cc,
            written_by: None,
            monitor,
            reaches_nobody,
            mentions,
            tells,
        }));
    }

    /// Adds a comment and what follows from it by itself: an answer ends the wait for the first reply, and
    /// a requester's words bring the ticket back to the agents, be they written or said on the phone.
    pub(super) fn take_comment(&mut self, comment: CommentFacts, status_is_set: bool) {
        let from_customer = comment.role.is_customer() && comment.automatic.is_none();
        let asks_by_phone = comment
            .tells
            .as_ref()
            .and_then(Tells::call)
            .is_some_and(Call::asks);
        self.comment(comment);
        let waits_for_them = matches!(
            self.ticket.status,
            Status::Pending | Status::Hold | Status::Solved
        );
        if asks_by_phone {
            self.wake_up("the customer waits for an answer");
            if waits_for_them && !status_is_set {
                self.move_to(Status::Open, "the customer waits for an answer");
            }
        } else if from_customer {
            self.wake_up("the requester wrote");
            if waits_for_them && !status_is_set {
                self.reopen();
            }
        }
    }
}
