//! Facts, ready to be read by many conditions.

use std::sync::OnceLock;

use docket_domain::Timestamp;
use docket_domain::contact::comment::IncidentState;
use docket_domain::ticket::{Channel, Priority};

use crate::facts::{Facts, OrganizationFacts};
use crate::limits::LONGEST_TEXT_BYTES;
use crate::names::{Field, Root};
use crate::run::value::{List, Value};
use crate::words::{channel_word, rank};

/// Facts, ready to be read by many conditions: what several of them ask for is worked out once.
#[derive(Debug)]
pub struct Prepared<'a> {
    facts: &'a Facts,
    lower_subject: OnceLock<String>,
    lower_text: OnceLock<String>,
}

impl<'a> Prepared<'a> {
    /// Makes facts ready.
    pub fn new(facts: &'a Facts) -> Self {
        Self {
            facts,
            lower_subject: OnceLock::new(),
            lower_text: OnceLock::new(),
        }
    }

    pub(crate) fn has_root(&self, root: Root) -> bool {
        match root {
            Root::Ticket | Root::Requester => true,
            Root::Organization => self.facts.organization.is_some(),
            Root::Event => self.facts.event.is_some(),
            Root::Bot => self.facts.bot.is_some(),
        }
    }

    /// Whether there is a value, and it is no empty text or list.
    pub(crate) fn has(&self, field: Field) -> bool {
        let ticket = &self.facts.ticket;
        match field {
            Field::Priority | Field::PriorityRank => ticket.priority.is_some(),
            Field::SolvedAt => ticket.solved_at.is_some(),
            Field::LastContact => self.facts.requester.last_contact.is_some(),
            _ => {
                let has_root = field.row().root.is_none_or(|root| self.has_root(root));
                has_root
                    && match self.read(field) {
                        Value::Text(text) => !text.is_empty(),
                        Value::List(list) => list.len() > 0,
                        Value::Fields(fields) => !fields.is_empty(),
                        _ => true,
                    }
            }
        }
    }

    /// Whether the calendar is open; nothing: there is none of this name.
    pub(crate) fn is_open(&self, calendar: &str) -> Option<bool> {
        self.facts.calendars_open.get(calendar).copied()
    }

    /// A field in lower case, if it is one that is kept.
    pub(crate) fn lower(&self, field: Field) -> Option<&str> {
        match field {
            Field::Subject => {
                let subject = shown(&self.facts.ticket.subject);
                Some(self.lower_subject.get_or_init(|| subject.to_lowercase()))
            }
            Field::TicketText => {
                let text = shown(&self.facts.ticket.text);
                Some(self.lower_text.get_or_init(|| text.to_lowercase()))
            }
            _ => None,
        }
    }

    /// The value of a field; of an absent one the empty value of its type.
    pub(crate) fn read(&self, field: Field) -> Value<'_> {
        match field.row().root {
            None => Value::Timestamp(self.facts.now),
            Some(Root::Ticket) => self.ticket(field),
            Some(Root::Requester) => self.requester(field),
            Some(Root::Organization) => self.organization(field),
            Some(Root::Event | Root::Bot) => self.event_or_bot(field),
        }
    }

    fn ticket(&self, field: Field) -> Value<'_> {
        let ticket = &self.facts.ticket;
        match field {
            Field::Number => int(ticket.number.0),
            Field::Subject => text(&ticket.subject),
            Field::TicketText => text(&ticket.text),
            Field::Channel => text(channel_word(&ticket.channel)),
            Field::ChannelName => match &ticket.channel {
                Channel::Hook { channel } => text(channel),
                _ => text(""),
            },
            Field::Mailbox => match &ticket.channel {
                Channel::Mail { mailbox } => text(mailbox),
                _ => text(""),
            },
            Field::Status => text(ticket.status.as_str()),
            Field::Priority => text(ticket.priority.map_or("", Priority::as_str)),
            Field::PriorityRank => Value::Int(ticket.priority.map_or(0, rank)),
            Field::Type => text(ticket.ticket_type.map_or("", |word| word.as_str())),
            Field::TicketTags => texts(&ticket.tags),
            Field::Language => optional(&ticket.language),
            Field::Fields => Value::Fields(&ticket.fields),
            Field::Form => int(ticket.form.unwrap_or(0)),
            Field::CustomStatus => int(ticket.custom_status),
            Field::DueAt => timestamp(ticket.due_at),
            Field::Group => optional(&ticket.group),
            Field::Assignee => optional(&ticket.assignee),
            Field::TicketExternalId => optional(&ticket.external_id),
            Field::CreatedAt => Value::Timestamp(ticket.created_at),
            Field::UpdatedAt => Value::Timestamp(ticket.updated_at),
            Field::SolvedAt => timestamp(ticket.solved_at),
            Field::Age => Value::Duration(self.facts.now.duration_since(ticket.created_at)),
            Field::Reopens => int(u64::from(ticket.reopens)),
            _ => Value::Null,
        }
    }

    fn requester(&self, field: Field) -> Value<'_> {
        let requester = &self.facts.requester;
        match field {
            Field::RequesterName => text(&requester.name),
            Field::Email => optional(&requester.email),
            Field::RequesterDomain => {
                let domain = requester
                    .email
                    .as_deref()
                    .and_then(|email| email.rsplit_once('@'));
                text(domain.map_or("", |(_, domain)| domain))
            }
            Field::RequesterTier => optional(&requester.tier),
            Field::RequesterTags => texts(&requester.tags),
            Field::Locale => optional(&requester.locale),
            Field::TicketsOpen => int(requester.tickets_open),
            Field::TicketsTotal => int(requester.tickets_total),
            Field::LastContact => timestamp(requester.last_contact),
            _ => Value::Null,
        }
    }

    fn organization(&self, field: Field) -> Value<'_> {
        let part = |pick: fn(&OrganizationFacts) -> Option<&str>| {
            let value = self.facts.organization.as_ref().and_then(pick);
            text(value.unwrap_or(""))
        };
        match field {
            Field::OrganizationName => part(|organization| Some(&organization.name)),
            Field::OrganizationDomain => part(|organization| organization.domain.as_deref()),
            Field::OrganizationTier => part(|organization| organization.tier.as_deref()),
            Field::OrganizationExternalId => part(|organization| organization.external_id.as_deref()),
            Field::OrganizationTags => texts(
                self.facts
                    .organization
                    .as_ref()
                    .map_or(&[], |organization| &organization.tags),
            ),
            _ => Value::Null,
        }
    }

    fn event_or_bot(&self, field: Field) -> Value<'_> {
        let (event, bot) = (self.facts.event.as_ref(), self.facts.bot.as_ref());
        match field {
            Field::EventKind => text(event.map_or("", |event| event.kind.as_str())),
            Field::Actor => text(event.map_or("", |event| event.actor.as_str())),
            Field::Changed => Value::List(List::Attributes(event.map_or(&[], |event| &event.changed))),
            Field::ChangedFields => texts(event.map_or(&[], |event| &event.changed_fields)),
            Field::CommentPublic => Value::Bool(event.is_some_and(|event| event.comment_public)),
            Field::CommentText => text(event.map_or("", |event| &event.comment_text)),
            Field::Monitor => {
                let monitor = event.and_then(|event| event.monitor);
                text(monitor.map_or("", IncidentState::as_str))
            }
            Field::Intent => text(bot.map_or("", |bot| &bot.intent)),
            Field::Confidence => Value::Double(bot.map_or(0.0, |bot| bot.confidence)),
            Field::Summary => text(bot.map_or("", |bot| &bot.summary)),
            Field::Reason => text(bot.map_or("", |bot| &bot.reason)),
            _ => Value::Null,
        }
    }
}

/// The beginning of a text, of which conditions are shown no more.
fn shown(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn text(text: &str) -> Value<'_> {
    Value::text(shown(text))
}

fn optional(value: &Option<String>) -> Value<'_> {
    text(value.as_deref().unwrap_or(""))
}

fn texts(list: &[String]) -> Value<'_> {
    Value::List(List::Texts(list))
}

fn int<'a>(number: u64) -> Value<'a> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// An instant that never was reads as 1970: long ago.
fn timestamp<'a>(at: Option<Timestamp>) -> Value<'a> {
    Value::Timestamp(at.unwrap_or(Timestamp::UNIX_EPOCH))
}
