//! What rules do, as it is written.

use super::{PriorityName, RecipientEntry, TextEntry, policies::words, texts::key_schemas};
use docket_domain::{
    rule::Anchor,
    ticket::{Status, Ticket, TicketType},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use std::{borrow::Cow, collections::BTreeMap};

/// Something that a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleActionEntry {
    /// Set the priority.
    SetPriority(PriorityName),
    /// Set the type; `none` takes it away.
    SetType(TypeName),
    /// Set the status. Not for routing rules.
    SetStatus(StatusName),
    /// Move the ticket to the group of this name.
    SetGroup(String),
    /// Give the ticket to the agent with this mail address; `nobody` takes it away from whoever has it.
    SetAssignee(String),
    /// Give the ticket to the agent who runs the macro.
    AssignToMe,
    /// Add tags.
    AddTags(Vec<String>),
    /// Take tags away.
    RemoveTags(Vec<String>),
    /// Set a field of your own, by its name; one without a value is taken away.
    SetField(FieldEntry),
    /// Set a status of your own, by its number. Not for routing rules.
    SetCustomStatus(u64),
    /// Put the ticket into a form, by its number.
    SetForm(u64),
    /// Put the ticket under the SLA policy of this name; `by_condition` puts it under the one whose condition holds again.
    SetSlaPolicy(String),
    /// Require skills of whoever gets the ticket, each at a level from 1 to 5; with none any agent will do.
    RequireSkills(BTreeMap<String, u8>),
    /// Move the ticket up to a group of a higher tier. Not for routing rules.
    Escalate(EscalateEntry),
    /// Send the people with these mail addresses the answers in copy.
    AddCcs(Vec<String>),
    /// Add an internal note. Not for routing rules.
    AddNote(TextEntry),
    /// Write to the requester. Not for routing rules.
    Reply(TextEntry),
    /// Tell agents by mail. Not for routing rules.
    Notify(NotifyEntry),
    /// Call this address, which begins with `https://`. Not for routing rules.
    CallWebhook(String),
}

/// Who has a ticket that nobody has.
pub(crate) const NOBODY: &str = "nobody";
/// What no SLA policy that a rule sets can be called.
pub(crate) const BY_CONDITION: &str = "by_condition";

words! {
    /// What a ticket is about.
    TypeName {
        /// A question.
        Question,
        /// One occurrence of a problem.
        Incident,
        /// The cause of incidents.
        Problem,
        /// Something to do.
        Task,
        /// None.
        None,
    }
}

impl From<TypeName> for Option<TicketType> {
    fn from(name: TypeName) -> Self {
        match name {
            TypeName::Question => Some(TicketType::Question),
            TypeName::Incident => Some(TicketType::Incident),
            TypeName::Problem => Some(TicketType::Problem),
            TypeName::Task => Some(TicketType::Task),
            TypeName::None => None,
        }
    }
}

impl From<Option<TicketType>> for TypeName {
    fn from(ticket_type: Option<TicketType>) -> Self {
        match ticket_type {
            Some(TicketType::Question) => Self::Question,
            Some(TicketType::Incident) => Self::Incident,
            Some(TicketType::Problem) => Self::Problem,
            Some(TicketType::Task) => Self::Task,
            None => Self::None,
        }
    }
}

words! {
    /// Where a ticket stands.
    StatusName = Status {
        /// Nobody has taken it on: no rule can bring that back.
        #[schemars(skip)]
        New,
        /// An agent is to act.
        Open,
        /// It waits for the requester.
        Pending,
        /// It waits for a third party.
        Hold,
        /// Solved; it may reopen.
        Solved,
        /// Closed, which only a solved ticket can become.
        Closed,
    }
}

words! {
    /// A moment in a ticket's life.
    SinceName = Anchor {
        /// It was created.
        Created,
        /// Its status last changed.
        StatusChanged,
        /// It last went to another agent, or lost the one it had.
        AssigneeChanged,
        /// It last went to another group.
        GroupChanged,
        /// The customer's side last wrote, automatic mail apart.
        CustomerWrote,
        /// An agent last wrote to the customer.
        AgentWrote,
        /// A person last changed it in any way.
        PersonChanged,
    }
}

/// Up to which group, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalateEntry {
    /// The name of the group.
    pub to: String,
    /// Why, in a sentence of at most 100 characters.
    pub reason: String,
}

/// A field of the operator's own with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<String, Option<String>>",
    into = "BTreeMap<String, Option<String>>"
)]
pub struct FieldEntry {
    /// Its name.
    pub name: String,
    /// Its value; nothing takes it away.
    pub value: Option<String>,
}

impl TryFrom<BTreeMap<String, Option<String>>> for FieldEntry {
    type Error = &'static str;

    fn try_from(fields: BTreeMap<String, Option<String>>) -> Result<Self, Self::Error> {
        let mut fields = fields.into_iter();
        match (fields.next(), fields.next()) {
            (Some((name, value)), None) => Ok(Self { name, value }),
            _ => Err("one field is set at a time: write a `set_field` for each"),
        }
    }
}

impl From<FieldEntry> for BTreeMap<String, Option<String>> {
    fn from(field: FieldEntry) -> Self {
        Self::from([(field.name, field.value)])
    }
}

impl JsonSchema for FieldEntry {
    fn schema_name() -> Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The name of a field and its value; without a value it is taken away.",
            "type": "object",
            "propertyNames": { "pattern": format!("^[a-z0-9_]{{1,{}}}$", Ticket::LONGEST_FIELD_NAME) },
            "additionalProperties": {
                "type": ["string", "number", "boolean", "null"],
                "maxLength": Ticket::LONGEST_FIELD_VALUE,
            },
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}

/// Who is told what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "NotifyKeys")]
pub struct NotifyEntry {
    /// Who.
    pub to: RecipientEntry,
    /// What.
    pub text: TextEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotifyKeys {
    to: RecipientEntry,
    template: Option<String>,
    text: Option<String>,
    subject: Option<String>,
}

impl TryFrom<NotifyKeys> for NotifyEntry {
    type Error = &'static str;

    fn try_from(keys: NotifyKeys) -> Result<Self, Self::Error> {
        let text = TextEntry::of_keys(keys.template, keys.text, keys.subject)?;
        Ok(Self { to: keys.to, text })
    }
}

impl Serialize for NotifyEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("to", &self.to)?;
        for (key, value) in self.text.keys() {
            if let Some(value) = value {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

impl JsonSchema for NotifyEntry {
    fn schema_name() -> Cow<'static, str> {
        "Notify".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let to = generator.subschema_for::<RecipientEntry>();
        let [text, subject, template] = key_schemas();
        json_schema!({
            "description": "Who is told, and what: a text with a subject if it has one of its own, or a template.",
            "type": "object",
            "properties": { "to": to, "text": text, "subject": subject, "template": template },
            "additionalProperties": false,
            "oneOf": [
                { "required": ["to", "text"] },
                { "required": ["to", "template"], "properties": { "subject": false } },
            ],
        })
    }
}
