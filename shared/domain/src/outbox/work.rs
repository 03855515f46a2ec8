//! Outgoing work: what is to be done.

use crate::{
    Digest, GroupId, PersonId, RuleId,
    contact::comment::AttachmentRef,
    notification::NotificationKind,
    sla::Firing,
    ticket::{Priority, Status},
};
use serde::{Deserialize, Serialize};

/// One piece of outgoing work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// A mail.
    Mail {
        /// What for.
        purpose: MailPurpose,
        /// The mailbox it leaves from.
        mailbox: String,
        /// Who gets it.
        to: PersonId,
        /// Who gets it in copy.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cc: Vec<PersonId>,
    },
    /// A call to the channel the contact came from.
    Call {
        /// The channel, whose secret signs.
        channel: String,
        /// The address.
        url: String,
        /// The comment to hand over: its version.
        comment_v: u64,
        /// Where its text lies, unless it stands here.
        body: Digest,
        /// Its text, where that stands in the comment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Its HTML, where that stands in the comment, too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        html: Option<String>,
        /// Its author; nobody where a rule wrote.
        author: PersonId,
        /// What customers know the author by, as it was then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        author_name: Option<String>,
        /// Its files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<AttachmentRef>,
        /// Where the list of files lies that is too long to stand here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        files_at: Option<Digest>,
        /// Status of the ticket with it.
        status: Status,
        /// How the same save changed the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changed: Option<StatusChange>,
        /// What the channel calls the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
    },
    /// A call to the channel the contact came from: the status changed without a word.
    StatusCall {
        /// The channel, whose secret signs.
        channel: String,
        /// The address.
        url: String,
        /// How it changed.
        changed: StatusChange,
        /// What the channel calls the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
    },
    /// A call to a system of the operator's: a rule ran.
    RuleCall {
        /// The address.
        url: String,
        /// The rule.
        rule: RuleId,
        /// What it is called.
        name: String,
        /// Status of the ticket with it.
        status: Status,
        /// Its priority.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        /// Its group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        /// Who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<PersonId>,
    },
    /// A call to a system of the operator's: a promise is long overdue.
    Webhook {
        /// The address.
        url: String,
        /// Which step of which clock.
        firing: Firing,
        /// Status of the ticket with it.
        status: Status,
        /// Its priority.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        /// Its group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        /// Who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<PersonId>,
    },
}

impl Work {
    /// Whether it is carried out by a call.
    pub fn is_call(&self) -> bool {
        !matches!(self, Self::Mail { .. })
    }

    /// Everybody who gets a mail; nobody for a call.
    pub fn recipients(&self) -> Vec<PersonId> {
        match self {
            Self::Mail { to, cc, .. } => std::iter::once(*to).chain(cc.iter().copied()).collect(),
            Self::Call { .. } | Self::StatusCall { .. } | Self::RuleCall { .. } | Self::Webhook { .. } => {
                vec![]
            }
        }
    }

    /// Whether it is a mail that only agents get.
    pub fn is_for_agents(&self) -> bool {
        matches!(
            self,
            Self::Mail {
                purpose: MailPurpose::Escalation
                    | MailPurpose::RuleNotice
                    | MailPurpose::FollowerNotice { .. }
                    | MailPurpose::Notification { .. },
                ..
            }
        )
    }
}

impl Work {
    /// Whether it is a mail by which something is passed on to somebody outside.
    pub fn is_forward(&self) -> bool {
        matches!(
            self,
            Self::Mail {
                purpose: MailPurpose::Forward { .. },
                ..
            }
        )
    }

    /// Whether it is a mail to the requester, and whoever gets copies of answers to them.
    pub fn is_for_customers(&self) -> bool {
        matches!(self, Self::Mail { .. }) && !self.is_for_agents() && !self.is_forward()
    }
}

/// How a save changed a ticket's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Before it.
    pub from: Status,
    /// After it.
    pub to: Status,
}

/// What a mail is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub enum MailPurpose {
    /// An agent's public comment.
    Reply {
        /// Its version.
        comment_v: u64,
        /// Whether the same save solved the ticket: the mail then asks whether it is solved.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        solves: bool,
    },
    /// "We have it": automatic, and echoes nothing of what was written.
    Acknowledgement,
    /// "We wait for your answer": automatic, and echoes nothing.
    Reminder,
    /// "It is solved, is it not?", where no answer carries the question: automatic, and echoes nothing.
    Solved,
    /// To agents: a promise is long overdue. Its event says which.
    Escalation,
    /// What a rule writes to the requester: automatic.
    RuleReply {
        /// Version of its comment.
        comment_v: u64,
    },
    /// What a rule tells agents. Its event says what.
    RuleNotice,
    /// To the agents who follow a ticket: somebody wrote.
    FollowerNotice {
        /// Version of the comment.
        comment_v: u64,
    },
    /// To agents who chose to be told so. Its event says more.
    Notification {
        /// Of what.
        told: NotificationKind,
    },
    /// To somebody outside: comments that an agent forwards.
    Forward {
        /// Version of the comment that says so.
        comment_v: u64,
    },
}

impl MailPurpose {
    /// Whether it goes to the customer without anybody having written it.
    pub fn is_automatic(&self) -> bool {
        match self {
            Self::Acknowledgement | Self::Reminder | Self::Solved | Self::RuleReply { .. } => true,
            Self::Reply { .. }
            | Self::Escalation
            | Self::RuleNotice
            | Self::FollowerNotice { .. }
            | Self::Notification { .. }
            | Self::Forward { .. } => false,
        }
    }
}
