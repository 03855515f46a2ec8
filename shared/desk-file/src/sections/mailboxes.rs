//! Sections `mailboxes` and `channels`: where contacts come in.

use docket_domain::configuration::{HookKind, LONGEST_NAME, LONGEST_TEMPLATE, MOST_ADDRESSES};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mailbox: mail to it becomes tickets, answers leave from the address that the customer wrote to. It is known by its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailboxEntry {
    /// Its address.
    pub address: String,
    /// The name that recipients see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = LONGEST_NAME))]
    pub name: String,
    /// Other addresses at which it takes mail. At most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MOST_ADDRESSES))]
    pub aliases: Vec<String>,
    /// The group, by its name, that its tickets go to unless a rule says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What stands below each answer: a template in Jinja that can show brand, mailbox, ticket and agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_TEMPLATE))]
    pub signature: Option<String>,
    /// What stands around each answer: a template that shows `content` once and, if it likes, `signature`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_TEMPLATE))]
    pub answer_template: Option<String>,
    /// What "we have it" says: a template that can show brand, mailbox and ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_TEMPLATE))]
    pub acknowledgement_template: Option<String>,
    /// The subject of "we have it"; the ticket's number is put behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_NAME))]
    pub acknowledgement_subject: Option<String>,
    /// Whether nobody is told "we have it".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
    /// Addresses of contact forms: who wrote is in the `Reply-To` of their mail. At most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MOST_ADDRESSES))]
    pub contact_forms: Vec<String>,
}

/// A channel: what is sent to `/hooks/` and its name, signed, becomes tickets. Its secret stands in no file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelEntry {
    /// Its name: 1 to 40 characters a-z, 0-9 and -.
    #[schemars(regex(pattern = "^[a-z0-9-]{1,40}$"))]
    pub name: String,
    /// What speaks there.
    #[serde(default, skip_serializing_if = "is_docket")]
    pub kind: ChannelKind,
}

/// What speaks on a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Bots, forms and chats that sign by Standard Webhooks and send the desk's own shape.
    #[default]
    Docket,
}

fn is_docket(kind: &ChannelKind) -> bool {
    *kind == ChannelKind::Docket
}

impl From<ChannelKind> for HookKind {
    fn from(kind: ChannelKind) -> Self {
        match kind {
            ChannelKind::Docket => Self::Docket,
        }
    }
}

impl From<HookKind> for ChannelKind {
    fn from(kind: HookKind) -> Self {
        match kind {
            HookKind::Docket => Self::Docket,
        }
    }
}
