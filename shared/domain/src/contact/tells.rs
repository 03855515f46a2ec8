//! What a comment tells of besides its words: that somebody phoned, or that something was passed on to somebody outside. Ids, times and
//! lengths alone: what was said stands in the comment.

use crate::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// What a comment tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Tells {
    /// Of a call.
    Call(Call),
    /// That comments of its ticket were forwarded.
    Forward(Forward),
}

impl Tells {
    /// The call.
    pub fn call(&self) -> Option<&Call> {
        match self {
            Self::Call(call) => Some(call),
            Self::Forward(_) => None,
        }
    }

    /// What was forwarded.
    pub fn forward(&self) -> Option<&Forward> {
        match self {
            Self::Forward(forward) => Some(forward),
            Self::Call(_) => None,
        }
    }
}

/// Who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallDirection {
    /// Somebody phoned the desk.
    Inbound,
    /// An agent phoned somebody.
    Outbound,
}

impl CallDirection {
    /// The word in forms and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// The agent answered what was asked.
    Answered,
    /// Who was on the line waits for an answer.
    AnswerDue,
    /// Nobody was reached.
    NotReached,
}

impl CallOutcome {
    /// The word in forms and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::AnswerDue => "answer_due",
            Self::NotReached => "not_reached",
        }
    }
}

/// A call, as the agent logged it who was on the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who called.
    pub direction: CallDirection,
    /// When it began.
    pub began_at: Timestamp,
    /// How long it took.
    pub length_seconds: u32,
    /// Whom the agent spoke with, where that is somebody the desk knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<PersonId>,
    /// What came of it.
    pub outcome: CallOutcome,
}

impl Call {
    /// Longest call.
    pub const LONGEST_SECONDS: u32 = 24 * 3600;

    /// Whether the customer got an agent's answer on the line.
    pub fn answers(&self) -> bool {
        self.outcome == CallOutcome::Answered
    }

    /// Whether the customer waits for an answer since.
    pub fn asks(&self) -> bool {
        self.outcome == CallOutcome::AnswerDue
    }

    /// Whether the customer turned to the desk by it.
    pub fn is_from_customer(&self) -> bool {
        self.direction == CallDirection::Inbound || self.asks()
    }
}

/// Comments that were passed on by mail to somebody who is neither the requester nor gets copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The comments: their versions, the oldest first.
    pub comments: Vec<u64>,
    /// Whether their files went with them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_files: bool,
    /// To whom.
    pub to: Vec<PersonId>,
}

impl Forward {
    /// Most comments that are forwarded at once.
    pub const MOST_COMMENTS: usize = 30;
    /// Most recipients.
    pub const MOST_RECIPIENTS: usize = 10;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(direction: CallDirection, outcome: CallOutcome) -> Call {
        Call {
            direction,
            began_at: Timestamp::UNIX_EPOCH,
            length_seconds: 60,
            with: None,
            outcome,
        }
    }

    #[test]
    fn a_customer_who_phones_or_waits_turned_to_the_desk() {
        use CallDirection::{Inbound, Outbound};
        use CallOutcome::{AnswerDue, Answered, NotReached};
        for (direction, outcome, expected) in [
            (Inbound, Answered, (true, false, true)),
            (Inbound, AnswerDue, (false, true, true)),
            (Outbound, Answered, (true, false, false)),
            (Outbound, AnswerDue, (false, true, true)),
            (Outbound, NotReached, (false, false, false)),
        ] {
            let call = call(direction, outcome);
            assert_eq!(
                (call.answers(), call.asks(), call.is_from_customer()),
                expected,
                "{call:?}"
            );
        }
    }

    #[test]
    fn what_is_stored_of_it_reads_back() {
        let forward = Tells::Forward(Forward {
            comments: vec![2, 4],
            with_files: true,
            to: vec![PersonId(9)],
        });
        for tells in [
            Tells::Call(call(CallDirection::Inbound, CallOutcome::Answered)),
            forward,
        ] {
            let json = serde_json::to_string(&tells).unwrap();
            assert_eq!(serde_json::from_str::<Tells>(&json).unwrap(), tells, "{json}");
        }
    }
}
