//! What a condition may look at.

use std::collections::BTreeMap;

use docket_domain::contact::comment::IncidentState;
use docket_domain::ticket::{Channel, Fact, Priority, Status, Ticket, TicketEvent, TicketType, fact};
use docket_domain::{TicketNumber, Timestamp};
use serde::{Deserialize, Serialize};

use crate::words::{ActorKind, Attribute, EventKind};

/// Everything conditions may look at, at one instant. Gathered once for a ticket, read by every rule.
///
/// Of texts longer than [`limits::LONGEST_TEXT_BYTES`](crate::limits::LONGEST_TEXT_BYTES) conditions see the
/// beginning. Stored facts of an older version read as facts of this one: what they lack is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The ticket.
    pub ticket: TicketFacts,
    /// Who asks.
    pub requester: RequesterFacts,
    /// Their organization, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationFacts>,
    /// What just happened; nothing for automations and macros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventFacts>,
    /// What a model made of the ticket, if one was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<BotFacts>,
    /// The instant of the decision.
    pub now: Timestamp,
    /// For each calendar whether it is open at that instant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calendars_open: BTreeMap<String, bool>,
}

/// A ticket, as conditions see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketFacts {
    /// The number.
    pub number: TicketNumber,
    /// What it is about.
    pub subject: String,
    /// Text of its first comment.
    #[serde(default)]
    pub text: String,
    /// How it came.
    pub channel: Channel,
    /// Where it stands.
    pub status: Status,
    /// How urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<TicketType>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Language of the text, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The operator's own fields.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub fields: serde_json::Map<String, serde_json::Value>,
    /// The number of its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<u64>,
    /// The number of the status that it is in, the operator's own or the one that every desk has.
    #[serde(default)]
    pub custom_status: u64,
    /// When a task is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Name of the group that works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Address of the agent who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Id in the caller's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Solved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved_at: Option<Timestamp>,
    /// How often it was reopened.
    #[serde(default)]
    pub reopens: u32,
}

impl TicketFacts {
    /// What the head alone says. Text and the names of group and assignee stand
    /// elsewhere and stay empty.
    pub fn of(ticket: &Ticket) -> Self {
        Self {
            number: ticket.number,
            subject: ticket.subject.clone(),
            text: String::new(),
            channel: ticket.channel.clone(),
            status: ticket.status,
            priority: ticket.priority,
            ticket_type: ticket.ticket_type,
            tags: ticket.tags.clone(),
            language: ticket.language.clone(),
            fields: ticket
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), serde_json::Value::String(value.clone())))
                .collect(),
            form: ticket.form,
            custom_status: ticket.custom_status_id(),
            due_at: ticket.due_at,
            group: None,
            assignee: None,
            external_id: ticket.external_id.clone(),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            solved_at: ticket.solved_at,
            reopens: ticket.reopens,
        }
    }
}

/// A requester, as conditions see them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequesterFacts {
    /// Their name.
    #[serde(default)]
    pub name: String,
    /// Their mail address, lower case. Its domain is what follows the last `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Their tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Their language, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Their unsolved tickets before this one.
    #[serde(default)]
    pub tickets_open: u64,
    /// Their tickets before this one.
    #[serde(default)]
    pub tickets_total: u64,
    /// When they last wrote, before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact: Option<Timestamp>,
}

/// An organization, as conditions see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// Its name.
    pub name: String,
    /// The domain of its addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Its tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its id in the operator's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// What just happened, as conditions see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFacts {
    /// What.
    pub kind: EventKind,
    /// Who did it.
    pub actor: ActorKind,
    /// What it changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Attribute>,
    /// The operator's own fields that it changed, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_fields: Vec<String>,
    /// For a comment: whether the requester may see it.
    #[serde(default)]
    pub comment_public: bool,
    /// For a comment: its text.
    #[serde(default)]
    pub comment_text: String,
    /// For a monitor's mail: how what it watches stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<IncidentState>,
}

impl EventFacts {
    /// What an event says; of a comment, with its text where that is at hand. Nothing of one that no rule hears of.
    pub fn of(event: &TicketEvent, comment_text: &str) -> Option<Self> {
        Some(Self {
            kind: EventKind::of(&event.fact)?,
            actor: (&event.actor).into(),
            changed: Attribute::changed_by(&event.fact),
            changed_fields: match &event.fact {
                Fact::FieldsChanged { changed } => changed.keys().cloned().collect(),
                _ => vec![],
            },
            comment_public: matches!(
                &event.fact,
                Fact::CommentAdded(fact::CommentAdded { public: true, .. })
            ),
            comment_text: comment_text.to_owned(),
            monitor: match &event.fact {
                Fact::CommentAdded(fact::CommentAdded { monitor, .. }) => *monitor,
                _ => None,
            },
        })
    }
}

/// What a model made of a ticket, as conditions see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BotFacts {
    /// What the requester wants.
    pub intent: String,
    /// How sure the model is, 0 to 1.
    pub confidence: f64,
    /// The ticket in a sentence.
    #[serde(default)]
    pub summary: String,
    /// Why the model thinks so.
    #[serde(default)]
    pub reason: String,
}
