//! What takes a ticket away, or something that was said on it: deletion, restoring, redaction. All of it is events, so that the
//! history says who did it; what was said goes beside them.

use super::{
    Command, Decided, Fact, Redaction, Refusal, Ticket,
    decide::{FAST_PATH, Log},
};
use crate::{PersonId, Timestamp, contact::redaction::redacted_text};
use jiff::SignedDuration;

/// How long after a redaction what was said goes from the history and the bucket: whoever stores something of the same content at
/// that moment has committed it by then, and it is kept for them.
const ERASED_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Whether the desk wants something of a deleted ticket that is of no use any more.
///
/// # Errors
/// When a person wants something of it that can't be done.
pub(super) fn is_nothing_to_do(ticket: &Ticket, command: &Command) -> Result<bool, Refusal> {
    let Some(deletion) = &ticket.deletion else {
        return match command {
            Command::Restore | Command::DeletePermanently if ticket.v > 0 => Err(Refusal::NotDeleted),
            _ => Ok(false),
        };
    };
    match command {
        Command::FireTimers | Command::RecordErasure { .. } | Command::MergeRequester { .. } => Ok(false),
        Command::Triage { .. }
        | Command::Assign { .. }
        | Command::Defer { .. }
        | Command::HandBack { .. }
        | Command::FollowPolicy => Ok(true),
        // What became of an answer is told once somebody restores the ticket.
        Command::ReportDelivery { .. } => Ok(deletion.is_for_good()),
        Command::Delete | Command::DeletePermanently if deletion.is_for_good() => Ok(true),
        Command::Delete => Ok(true),
        _ if deletion.is_for_good() => Err(Refusal::DeletedForGood),
        Command::Restore | Command::DeletePermanently | Command::Redact(_) | Command::ForgetPerson { .. } => {
            Ok(false)
        }
        _ => Err(Refusal::Deleted),
    }
}

/// A block has more bytes than most letters: what does not fit is cut.
fn cut_subject(mut subject: String) -> String {
    let mut end = subject.len().min(Ticket::MOST_SUBJECT_BYTES);
    while !subject.is_char_boundary(end) {
        end -= 1;
    }
    subject.truncate(end);
    subject
}

impl Log<'_> {
    /// Nothing else follows: no rule hears of it, and the clocks stay as they are.
    pub(super) fn and_nothing_else(self) -> Result<Decided, Refusal> {
        self.check_parts()?;
        Ok(Decided {
            events: self.events,
            written: self.written,
        })
    }

    pub(super) fn delete(mut self) -> Result<Decided, Refusal> {
        let for_good_at = self.later(Ticket::RESTORABLE_FOR);
        self.push(Fact::Deleted { for_good_at });
        self.and_nothing_else()
    }

    /// Back where it was. What was due meanwhile is due now, and what nobody has any more finds somebody.
    pub(super) fn restore(&mut self) {
        self.push(Fact::Restored {});
        let agent = self.ticket.assignee;
        let is_gone = agent.is_some_and(|agent| !self.context.rules.works_here(agent));
        if is_gone && self.ticket.status.is_unsolved() {
            let wait = Some(self.later(FAST_PATH));
            self.push(Fact::AssigneeChanged {
                from: agent,
                to: None,
                assignment_overdue_at: wait,
            });
        }
    }

    pub(super) fn delete_permanently(mut self, reason: &str) -> Result<Decided, Refusal> {
        self.push(Fact::PermanentlyDeleted {
            reason: reason.to_owned(),
            erase_due_at: self.later(ERASED_AFTER),
        });
        self.and_nothing_else()
    }

    /// A ticket that nobody restored in time is deleted for good. That something has to be erased is not done by a decision.
    pub(super) fn fire_deletion(self) -> Result<Decided, Refusal> {
        let due_at = self
            .ticket
            .deletion
            .as_ref()
            .and_then(|deletion| deletion.for_good_at);
        if due_at.is_some_and(|at| at <= self.now) {
            return self.delete_permanently("nobody restored it within 30 days");
        }
        self.and_nothing_else()
    }

    pub(super) fn redact(mut self, redaction: Redaction) -> Result<Decided, Refusal> {
        let Redaction {
            comment,
            places,
            files,
            whole,
            passages,
        } = redaction;
        let (subject, found) = redacted_text(&self.ticket.subject, &passages);
        self.push(Fact::CommentRedacted {
            comment,
            places,
            files,
            whole,
            subject: (found > 0).then(|| cut_subject(subject)),
            erase_due_at: self.later(ERASED_AFTER),
        });
        self.and_nothing_else()
    }

    pub(super) fn forget_person(mut self, person: PersonId) -> Result<Decided, Refusal> {
        self.push(Fact::PersonForgotten { person });
        self.and_nothing_else()
    }

    pub(super) fn merge_requester(
        mut self,
        from: PersonId,
        to: PersonId,
        is_undone: bool,
    ) -> Result<Decided, Refusal> {
        let came_from = self.ticket.merged_from.contains(&to);
        if self.ticket.requester == from && (came_from || !is_undone) {
            self.push(Fact::RequesterMerged { from, to, is_undone });
        }
        self.and_nothing_else()
    }

    pub(super) fn make_private(mut self, comment: u64, last_public_v: u64) -> Result<Decided, Refusal> {
        self.push(Fact::CommentMadePrivate {
            comment,
            last_public_v,
        });
        self.and_nothing_else()
    }

    /// Says that all of it is gone, unless something else had to go since it was looked at.
    pub(super) fn record_erasure(
        mut self,
        redacted_v: u64,
        count: u64,
        again_at: Option<Timestamp>,
    ) -> Result<Decided, Refusal> {
        // Something may have come since that has to go, too.
        let is_wanted = self.ticket.erase_due_at.is_some() || again_at.is_some();
        if is_wanted && self.ticket.redacted_v == redacted_v {
            self.push(Fact::Erased { count, again_at });
        }
        self.and_nothing_else()
    }
}
