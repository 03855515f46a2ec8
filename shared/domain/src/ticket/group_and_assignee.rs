//! Which group and which agent a ticket is for: the skills it requires, back from an agent who goes away, up to a higher tier.

use super::{Fact, Refusal, Status, decide::FAST_PATH, decide::Log};
use crate::{
    Digest, GroupId, PersonId, Timestamp,
    assignment::{RequiredSkill, in_order},
};

/// Longest reason that is kept, in characters.
const LONGEST_REASON: usize = 500;

impl Log<'_> {
    /// Other skills are required of whoever gets the ticket. One that waits is looked at anew.
    pub(super) fn require_skills(&mut self, skills: Vec<RequiredSkill>) -> Result<(), Refusal> {
        let to = in_order(skills)?;
        if to == self.ticket.skills {
            return Ok(());
        }
        let waits = self.ticket.waiting.is_some();
        self.push(Fact::SkillsRequired {
            from: self.ticket.skills.clone(),
            to,
            assignment_overdue_at: waits.then(|| self.later(FAST_PATH)),
        });
        Ok(())
    }

    /// Nobody was found. The same reason again is no news.
    pub(super) fn defer(
        &mut self,
        reason: String,
        retry_at: Timestamp,
        changes_at: Option<Timestamp>,
        decision: Option<Digest>,
    ) {
        let Some(waiting) = &self.ticket.waiting else {
            return;
        };
        if !waiting.says(&reason, changes_at) {
            self.push(Fact::AssignmentDeferred {
                reason,
                retry_at,
                changes_at,
                decision,
            });
        }
    }

    /// Back to its group, if this agent has it and is expected to act: what waits for somebody else stays with them, unless
    /// they are gone for good.
    pub(super) fn hand_back(&mut self, from: PersonId, leaves: bool, reason: String) {
        let status = self.ticket.status;
        let goes = matches!(status, Status::New | Status::Open) || leaves && status.is_unsolved();
        if !goes || self.ticket.assignee != Some(from) || self.ticket.group.is_none() {
            return;
        }
        self.push(Fact::HandedBack {
            from,
            reason,
            assignment_overdue_at: self.later(FAST_PATH),
        });
    }

    /// Up to a group of a higher tier, whose agents are looked for.
    pub(super) fn escalate_to(&mut self, to: Option<GroupId>, reason: &str) -> Result<(), Refusal> {
        let (from, status) = (self.ticket.group, self.ticket.status);
        if !status.is_unsolved() {
            return Err(Refusal::EscalateSolved(status));
        }
        let to = to.ok_or(Refusal::NoHigherGroup(from))?;
        if from == Some(to) {
            return Err(Refusal::AlreadyInGroup(to));
        }
        let reason = reason.trim();
        let length = reason.chars().count();
        if !(1..=LONGEST_REASON).contains(&length) {
            return Err(Refusal::ReasonLength(length));
        }
        self.push(Fact::Escalated {
            from,
            to,
            assignee: self.ticket.assignee,
            reason: reason.to_owned(),
            assignment_overdue_at: self.later(FAST_PATH),
        });
        Ok(())
    }
}
