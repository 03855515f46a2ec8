//! Which group and which agent a ticket is for: by hand and by the desk, the skills it requires, back from an agent who goes away, up to a
//! higher tier.

use super::{
    Actor, Fact, Refusal, Status,
    decide::{FAST_PATH, Log},
};
use crate::{
    Digest, GroupId, PersonId, Timestamp,
    assignment::{self, RequiredSkill, in_order},
};

/// Longest reason that is kept, in characters.
const LONGEST_REASON: usize = 500;

impl Log<'_> {
    /// The desk gives it to an agent.
    pub(super) fn assign(&mut self, choice: assignment::Choice, decision: Digest) {
        if self.ticket.waiting.is_none() {
            return;
        }
        self.push(Fact::Assigned {
            assignee: choice.agent,
            reason: choice.reason,
            decision,
        });
        self.open_if_new();
    }

    /// Group and assignee. Whoever solves a ticket that nobody has, has it.
    pub(super) fn change_hands(
        &mut self,
        group: Option<GroupId>,
        assignee: Option<Option<PersonId>>,
        status: Option<Status>,
    ) {
        let solver = match (self.actor(), status) {
            (Actor::Agent(agent), Some(Status::Solved)) if self.ticket.assignee.is_none() => {
                Some(Some(*agent))
            }
            _ => None,
        };
        let assignee = assignee.or(solver);
        let moves = group.is_some_and(|to| Some(to) != self.ticket.group);
        // A new group's own agents are looked for, unless the same save names one.
        let assignee = if moves && assignee.is_none() && self.ticket.assignee.is_some() {
            Some(None)
        } else {
            assignee
        };
        if let Some(to) = group.filter(|_| moves) {
            let from = self.ticket.group;
            let wait = self.later(FAST_PATH);
            let nobody = assignee.is_none() && self.ticket.assignee.is_none();
            self.push(Fact::GroupChanged {
                from,
                to,
                assignment_overdue_at: nobody.then_some(wait),
            });
        }
        if let Some(to) = assignee.filter(|to| *to != self.ticket.assignee) {
            let from = self.ticket.assignee;
            let wait = to.is_none().then(|| self.later(FAST_PATH));
            self.push(Fact::AssigneeChanged {
                from,
                to,
                assignment_overdue_at: wait,
            });
            if to.is_some() && status.is_none() {
                self.open_if_new();
            }
        }
    }

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
