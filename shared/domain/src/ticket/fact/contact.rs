//! Facts of contacts: a ticket begins, somebody writes.

use crate::{
    PersonId, RuleId, TicketNumber, Timestamp,
    contact::{
        comment::{AuthorRole, BodyRef, IncidentState},
        tells::{Call, Tells},
    },
    ticket::{Channel, Priority, ReplyVia, TicketType},
};
use serde::{Deserialize, Serialize};

/// What a rule wrote in a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenBy {
    /// The rule.
    pub rule: RuleId,
    /// What it is called.
    pub name: String,
    /// The subject of the mail that it goes out in; the ticket's own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The language it is in, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its first words.
    pub snippet: String,
}

/// A contact became a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCreated {
    /// Subject.
    pub subject: String,
    /// Who asks.
    pub requester: PersonId,
    /// How it came.
    pub channel: Channel,
    /// Where answers go.
    pub reply_via: ReplyVia,
    /// Id in the caller's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Priority the contact brought along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Type the contact brought along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<TicketType>,
    /// Tags the contact brought along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The ticket it follows or may belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<TicketNumber>,
    /// Whether the requester is told that we have it.
    #[serde(default)]
    pub acknowledge: bool,
    /// Why they are not, where they would have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unacknowledged: Option<String>,
    /// What it weighs in an agent's load, in units, where that is not one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// When the sweep looks after its triage.
    pub triage_overdue_at: Timestamp,
}

/// Somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentAdded {
    /// In which part they wrote.
    pub role: AuthorRole,
    /// The author.
    pub author: PersonId,
    /// Whether the requester may see it.
    pub public: bool,
    /// Where the text lies.
    pub body: BodyRef,
    /// The sign by which it was taken for automatic mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<String>,
    /// Who gets an answer in copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<PersonId>,
    /// The rule that wrote it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<WrittenBy>,
    /// What a monitor tells by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<IncidentState>,
    /// An agent's answer that nobody outside gets: the ticket has no way to answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reaches_nobody: bool,
    /// Agents whom a note speaks to, by their names or their group's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// What it tells of besides its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells: Option<Tells>,
}

impl CommentAdded {
    /// The call that it tells of.
    pub fn call(&self) -> Option<&Call> {
        self.tells.as_ref().and_then(Tells::call)
    }

    /// Whether the requester has an agent's answer by it: written to them, or said on the phone.
    pub fn answers(&self) -> bool {
        match self.call() {
            Some(call) => call.answers(),
            None => self.public && self.role == AuthorRole::Agent,
        }
    }

    /// Whether the customers' side said something by it themselves.
    pub fn is_contact(&self) -> bool {
        match self.call() {
            Some(call) => call.is_from_customer(),
            None => self.role.is_customer() && self.automatic.is_none(),
        }
    }
}
