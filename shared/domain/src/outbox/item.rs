//! A piece of outgoing work as stored, and its states: `pending → sending(attempt, lease) → sent`, or in doubt, or failed.

use crate::{
    OutboxId, PersonId, Timestamp,
    outbox::{MailPurpose, Work},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How long one attempt may take: longer than the sending function's timeout.
pub const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// How long a Send event may take until a mail in doubt is sent once more.
pub const EVIDENCE_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// First wait before another attempt; doubled each time.
pub(super) const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(60);
/// Longest wait between attempts.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// Where a piece of work stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// To be sent.
    Pending,
    /// Being sent, until the lease ends.
    Sending {
        /// After this the attempt is given up and its outcome unknown.
        lease_until: Timestamp,
    },
    /// Perhaps sent.
    InDoubt {
        /// Sent once more then, unless evidence comes before.
        resend_at: Timestamp,
    },
    /// Sent.
    Sent,
    /// Given up.
    Failed,
}

/// A piece of outgoing work as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Which.
    pub id: OutboxId,
    /// What to do.
    pub work: Work,
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// Attempts begun.
    pub attempt: u32,
    /// When the sweep looks after it next; nothing once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The id that the mail service gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ses_id: Option<String>,
    /// It was sent after a doubt.
    #[serde(default)]
    pub possibly_double: bool,
    /// From whom it came back since it was last sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub came_back_from: Vec<PersonId>,
    /// How often the sweep has nudged it since the last attempt began.
    #[serde(default)]
    pub redrives: u32,
    /// The last difficulty, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl OutboxItem {
    /// Work just asked for. The sweep looks after it when the fast path has not begun in time.
    pub fn new(id: OutboxId, work: Work, now: Timestamp) -> Self {
        Self {
            id,
            work,
            state: State::Pending,
            attempt: 0,
            next_due_at: Some(after(now, FIRST_WAIT)),
            created_at: now,
            ses_id: None,
            possibly_double: false,
            came_back_from: vec![],
            redrives: 0,
            detail: None,
        }
    }

    /// Whether nothing more is to be done.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Sent | State::Failed)
    }

    /// Whether somebody it is for does not have it and nothing more is under way to them.
    pub fn may_be_sent_again(&self) -> bool {
        match self.state {
            State::Failed => true,
            State::Sent => !self.came_back_from.is_empty(),
            State::Pending | State::Sending { .. } | State::InDoubt { .. } => false,
        }
    }

    /// The item to be tried anew, at once; nothing unless it may be. What was given up goes to everybody, what came back to
    /// those from whom it did: others have it.
    pub fn again(&self, now: Timestamp) -> Option<Self> {
        let mut work = self.work.clone();
        if let (State::Sent, Work::Mail { to, cc, .. }) = (&self.state, &mut work) {
            let recipients = self.work.recipients().into_iter();
            let mut lacking = recipients.filter(|person| self.came_back_from.contains(person));
            *to = lacking.next()?;
            *cc = lacking.collect();
        }
        self.may_be_sent_again().then(|| Self {
            work,
            state: State::Pending,
            attempt: 0,
            redrives: 0,
            next_due_at: Some(now),
            created_at: now,
            detail: None,
            came_back_from: vec![],
            ..self.clone()
        })
    }

    /// The item after the mail that the service knows as `ses_id` came back from these people; from its first recipient, if
    /// they are none of its recipients. Nothing if that was known, or is about a mail before the last one.
    pub fn returned(&self, ses_id: &str, people: &[PersonId]) -> Option<Self> {
        if self.state != State::Sent || self.ses_id.as_deref() != Some(ses_id) {
            return None;
        }
        let recipients = self.work.recipients();
        let first = *recipients.first()?;
        let is_known = people.iter().any(|person| recipients.contains(person));
        let from = if is_known { people } else { &[first] };
        let is_lacking = |person: &PersonId| from.contains(person) || self.came_back_from.contains(person);
        let came_back_from: Vec<_> = recipients.iter().copied().filter(is_lacking).collect();
        (came_back_from != self.came_back_from).then(|| Self {
            came_back_from,
            ..self.clone()
        })
    }

    /// Whether an agent's answer goes to the requester by it.
    pub fn answers(&self, requester: PersonId) -> bool {
        match &self.work {
            Work::Mail {
                purpose: MailPurpose::Reply { .. },
                ..
            } => self.work.recipients().contains(&requester),
            Work::Call { author, .. } => !author.is_of_the_desk(),
            Work::Mail { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => {
                false
            }
        }
    }

    /// The item with a call handed to the outside once more.
    pub fn begun_call(&self, now: Timestamp) -> Self {
        let attempt = self.attempt + 1;
        let next_due_at = Some(after(now, wait_after(attempt).max(LEASE)));
        Self {
            attempt,
            next_due_at,
            ..self.clone()
        }
    }

    pub(super) fn begun(&self, now: Timestamp) -> Self {
        let lease_until = after(now, LEASE);
        Self {
            state: State::Sending { lease_until },
            attempt: self.attempt + 1,
            redrives: 0,
            next_due_at: Some(lease_until),
            ..self.clone()
        }
    }

    pub(super) fn sent(&self, ses_id: &str) -> Self {
        let ses_id = (!ses_id.is_empty()).then(|| ses_id.to_owned());
        Self {
            state: State::Sent,
            next_due_at: None,
            ses_id,
            ..self.clone()
        }
    }

    pub(super) fn failed(&self, why: &str) -> Self {
        Self {
            state: State::Failed,
            next_due_at: None,
            detail: Some(why.to_owned()),
            ..self.clone()
        }
    }

    pub(super) fn doubted(&self, why: &str, now: Timestamp) -> Self {
        let resend_at = after(now, EVIDENCE_WITHIN);
        let next_due_at = Some(resend_at);
        Self {
            state: State::InDoubt { resend_at },
            next_due_at,
            detail: Some(why.to_owned()),
            ..self.clone()
        }
    }

    pub(super) fn postponed(&self, why: &str, now: Timestamp) -> Self {
        let next_due_at = Some(after(now, wait_after(self.attempt)));
        Self {
            state: State::Pending,
            next_due_at,
            detail: Some(why.to_owned()),
            ..self.clone()
        }
    }
}

/// How long to wait after the given number of attempts: a minute, doubled each time, at most six hours.
pub fn wait_after(attempts: u32) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(16);
    (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT)
}

pub(super) fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
