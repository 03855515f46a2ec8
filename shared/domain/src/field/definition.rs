//! A field: what it is called, what its values are, who sees it.

use super::{FIRST_ID, FieldsOf, MOST_OPTIONS};
use crate::{Timestamp, ticket::Ticket};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest title, key, name of an option in characters.
const LONGEST_TITLE: usize = 255;
/// Longest description or pattern in characters.
const LONGEST_DESCRIPTION: usize = 1_000;

/// What values of a field are. The words are those of the ticket fields reference of developer.zendesk.com, November 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is called what its word says")]
pub enum FieldKind {
    Text,
    Textarea,
    Checkbox,
    Date,
    Integer,
    Decimal,
    Regexp,
    PartialCreditCard,
    Tagger,
    /// What a tagger is called where it is of people or organizations.
    Dropdown,
    Multiselect,
    /// The number of a ticket, a person or an organization.
    Lookup,
    Subject,
    Description,
    Status,
    TicketType,
    Priority,
    Group,
    Assignee,
    #[serde(rename = "custom_status")]
    CustomStatus,
}

impl FieldKind {
    /// Those that an operator can make.
    pub const OWN: [Self; 12] = [
        Self::Text,
        Self::Textarea,
        Self::Checkbox,
        Self::Date,
        Self::Integer,
        Self::Decimal,
        Self::Regexp,
        Self::PartialCreditCard,
        Self::Tagger,
        Self::Dropdown,
        Self::Multiselect,
        Self::Lookup,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Checkbox => "checkbox",
            Self::Date => "date",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Regexp => "regexp",
            Self::PartialCreditCard => "partialcreditcard",
            Self::Tagger => "tagger",
            Self::Dropdown => "dropdown",
            Self::Multiselect => "multiselect",
            Self::Lookup => "lookup",
            Self::Subject => "subject",
            Self::Description => "description",
            Self::Status => "status",
            Self::TicketType => "tickettype",
            Self::Priority => "priority",
            Self::Group => "group",
            Self::Assignee => "assignee",
            Self::CustomStatus => "custom_status",
        }
    }

    /// Whether its values are of its options.
    pub fn has_options(self) -> bool {
        matches!(self, Self::Tagger | Self::Dropdown | Self::Multiselect)
    }

    /// Whether its values have an order.
    pub fn is_ordered(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Date)
    }
}

/// What can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldOption {
    /// Its number.
    pub id: u64,
    /// What people choose.
    pub name: String,
    /// What stands for it: a tag.
    pub value: String,
    /// Whether it is chosen where nothing else is.
    #[serde(rename = "default", skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDefinition {
    /// Its number.
    pub id: u64,
    /// What its values are; it stays.
    pub kind: FieldKind,
    /// What agents know it by.
    pub title: String,
    /// By what people and organizations name it; it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What customers know it by, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_in_portal: Option<String>,
    /// What customers are told of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What agents are told of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agent_description: String,
    /// Its place among those of its kind.
    #[serde(default)]
    pub position: u64,
    /// Whether it is in use.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub is_active: bool,
    /// Whether an agent has to fill it in before a ticket is solved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether a customer has to fill it in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required_in_portal: bool,
    /// Whether customers see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub visible_in_portal: bool,
    /// Whether customers write it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub editable_in_portal: bool,
    /// Whether agents see it only when they ask for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collapsed_for_agents: bool,
    /// What its values have to be like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regexp: Option<String>,
    /// The tag of a ticket whose checkbox is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// What can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    /// What a lookup leads to; it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<FieldsOf>,
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

fn yes() -> bool {
    true
}

fn is_yes(flag: &bool) -> bool {
    *flag
}

impl FieldDefinition {
    /// A field of which nothing else is said.
    pub fn new(id: u64, kind: FieldKind, title: impl Into<String>, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            title: title.into(),
            key: None,
            title_in_portal: None,
            description: String::new(),
            agent_description: String::new(),
            position: 0,
            is_active: true,
            required: false,
            required_in_portal: false,
            visible_in_portal: false,
            editable_in_portal: false,
            collapsed_for_agents: false,
            regexp: None,
            tag: None,
            options: Vec::new(),
            target: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether an operator made it.
    pub fn is_own(&self) -> bool {
        self.id >= FIRST_ID
    }

    /// Under what name values stand on tickets.
    pub fn name(&self) -> String {
        self.id.to_string()
    }

    /// What a value leads to: what it is, and its number.
    pub fn target_of(&self, value: &str) -> Option<(FieldsOf, u64)> {
        Some((self.target?, value.parse().ok()?))
    }

    /// An option by what stands for it.
    pub fn option(&self, value: &str) -> Option<&FieldOption> {
        self.options.iter().find(|option| option.value == value)
    }

    /// Checks what does not depend on other fields; a pattern is checked by whoever can read it. The error names the attribute.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let blank = |text: &str| text.trim().is_empty();
        if blank(&self.title) {
            return Err(("title", "cannot be blank".to_owned()));
        }
        let titles = [
            ("title", self.title.as_str()),
            (
                "title_in_portal",
                self.title_in_portal.as_deref().unwrap_or_default(),
            ),
            ("key", self.key.as_deref().unwrap_or_default()),
        ];
        let texts = [
            ("description", self.description.as_str()),
            ("agent_description", self.agent_description.as_str()),
            (
                "regexp_for_validation",
                self.regexp.as_deref().unwrap_or_default(),
            ),
        ];
        let bounded = titles.map(|(name, text)| (name, text, LONGEST_TITLE)).into_iter();
        for (name, text, longest) in
            bounded.chain(texts.map(|(name, text)| (name, text, LONGEST_DESCRIPTION)))
        {
            let length = text.chars().count();
            if length > longest {
                return Err((
                    name,
                    format!("has {length} characters, at most {longest} are allowed"),
                ));
            }
        }
        if let Some(key) = &self.key {
            check_key(key)?;
        }
        if self.tag.as_deref().is_some_and(|tag| !is_tag(tag)) {
            return Err(("tag", not_a_tag()));
        }
        if self.kind == FieldKind::Regexp && self.regexp.as_deref().is_none_or(blank) {
            return Err(("regexp_for_validation", "cannot be blank".to_owned()));
        }
        match (self.kind, self.target) {
            (FieldKind::Lookup, None) => {
                return Err(("relationship_target_type", "cannot be blank".to_owned()));
            }
            (FieldKind::Lookup, Some(_)) | (_, None) => {}
            (kind, Some(_)) => {
                let words = format!("a field of type {} leads to nothing", kind.as_str());
                return Err(("relationship_target_type", words));
            }
        }
        self.check_options()
    }

    fn check_options(&self) -> Result<(), (&'static str, String)> {
        let wrong = |words: String| Err(("custom_field_options", words));
        if !self.kind.has_options() {
            return match self.options.is_empty() {
                true => Ok(()),
                false => wrong(format!("a field of type {} has no options", self.kind.as_str())),
            };
        }
        if self.options.is_empty() && self.is_own() {
            return wrong("cannot be blank".to_owned());
        }
        if self.options.len() > MOST_OPTIONS {
            return wrong(format!(
                "{} options, at most {MOST_OPTIONS} are allowed",
                self.options.len()
            ));
        }
        let mut seen = BTreeSet::new();
        for option in &self.options {
            let length = option.name.chars().count();
            if option.name.trim().is_empty() || length > LONGEST_TITLE {
                return wrong(format!(
                    "the name of option {:?} has {length} characters, 1 to {LONGEST_TITLE} are allowed",
                    option.value
                ));
            }
            if !is_tag(&option.value) {
                return wrong(format!("the value of option {:?} {}", option.name, not_a_tag()));
            }
            if !seen.insert(option.value.as_str()) {
                return wrong(format!("two options have the value {:?}", option.value));
            }
        }
        match self.options.iter().filter(|option| option.is_default).count() {
            0 | 1 => Ok(()),
            _ => wrong("at most one option is the default".to_owned()),
        }
    }
}

fn is_tag(tag: &str) -> bool {
    let length = tag.chars().count();
    (1..=Ticket::LONGEST_TAG).contains(&length) && !tag.contains(|c: char| c.is_whitespace() || c == ',')
}

fn not_a_tag() -> String {
    format!(
        "has to be a tag: 1 to {} characters without white space and commas",
        Ticket::LONGEST_TAG
    )
}

/// Letters, digits and underscores, and not digits alone.
fn check_key(key: &str) -> Result<(), (&'static str, String)> {
    let is_right = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if key.is_empty() {
        return Err(("key", "cannot be blank".to_owned()));
    }
    if !key.chars().all(is_right) || key.chars().all(|c| c.is_ascii_digit()) {
        let words = "has to be letters, digits and underscores, and not digits alone";
        return Err(("key", words.to_owned()));
    }
    Ok(())
}
