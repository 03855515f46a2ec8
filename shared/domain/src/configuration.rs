//! What an operator sets up: groups, mailboxes, channels.

use crate::GroupId;
use serde::{Deserialize, Serialize};

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: jiff::Timestamp,
}

/// A mailbox of ours: mail to it becomes tickets, answers leave from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its address, lower case.
    pub address: String,
    /// The name that recipients see.
    pub name: String,
}

/// A channel of webhook intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookChannel {
    /// Its name in `/hooks/{channel}`.
    pub name: String,
    /// What speaks there.
    pub kind: HookKind,
}

/// What speaks on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    /// Bots, forms and chats that sign by Standard Webhooks and send our own shape.
    Docket,
}

/// The set-up that functions need at hand; one stored item, replaced as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Version, for a guarded change.
    pub v: u64,
    /// Where a ticket goes that no rule sends elsewhere.
    pub default_group: GroupId,
    /// Mailboxes; the first serves tickets that did not come by mail.
    pub mailboxes: Vec<Mailbox>,
    /// Channels.
    pub channels: Vec<HookChannel>,
}

impl Setup {
    /// The mailbox with this address, whatever its case.
    pub fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        self.mailboxes
            .iter()
            .find(|mailbox| mailbox.address.eq_ignore_ascii_case(address))
    }

    /// The channel of this name.
    pub fn channel(&self, name: &str) -> Option<&HookChannel> {
        self.channels.iter().find(|channel| channel.name == name)
    }
}
