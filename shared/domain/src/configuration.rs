//! What an operator sets up: groups, mailboxes, channels.

mod mailbox_check;

pub use mailbox_check::{MailboxError, MailboxPart};

use crate::{GroupId, assignment::GroupAssignment, record::ChainEnd, ticket::Channel};
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
    /// Version, for a guarded change. 0 in groups of before they could be changed.
    #[serde(default)]
    pub v: u64,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How it gives out its tickets.
    #[serde(default)]
    pub assignment: GroupAssignment,
    /// Whether it takes no more tickets. Those it has stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_archived: bool,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<jiff::Timestamp>,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

impl Group {
    /// A group as it begins.
    pub fn new(id: GroupId, name: &str, now: jiff::Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            created_at: now,
            v: 1,
            description: String::new(),
            assignment: GroupAssignment::default(),
            is_archived: false,
            updated_at: None,
            chain: ChainEnd::default(),
        }
    }
}

/// Longest description of a group in characters.
pub const LONGEST_DESCRIPTION: usize = 500;
/// Most mailboxes of a desk: the set-up is one stored item.
pub const MOST_MAILBOXES: usize = 100;
/// Most aliases, and most contact forms, of one mailbox.
pub const MOST_ADDRESSES: usize = 50;
/// Longest name or subject of a mailbox in characters.
pub const LONGEST_NAME: usize = 200;
/// Longest signature or template in characters.
pub const LONGEST_TEMPLATE: usize = 4_000;

/// A mailbox of ours: mail to it becomes tickets, answers leave from the address that the customer wrote to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its number, from 1. 0 in a set-up of before mailboxes had numbers.
    #[serde(default)]
    pub id: u64,
    /// Its address, lower case.
    pub address: String,
    /// The name that recipients see.
    pub name: String,
    /// Other addresses at which it takes mail, lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The group its tickets go to unless a rule says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// What stands below each answer: a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// What stands around each answer: a template that shows `content` and, if it likes, `signature`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_template: Option<String>,
    /// What "we have it" says: a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement_template: Option<String>,
    /// The subject of "we have it"; the ticket's number is put behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement_subject: Option<String>,
    /// Whether nobody is told "we have it".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_silent: bool,
    /// Addresses of contact forms, lower case: who wrote is in the `Reply-To` of their mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact_forms: Vec<String>,
}

impl Mailbox {
    /// Whether mail to this address is for this mailbox, whatever its case.
    pub fn takes(&self, address: &str) -> bool {
        self.addresses().any(|own| own.eq_ignore_ascii_case(address))
    }

    /// Its address and its aliases.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.address.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Whether mail from this address is a contact form's.
    pub fn is_contact_form(&self, address: &str) -> bool {
        self.contact_forms
            .iter()
            .any(|form| form.eq_ignore_ascii_case(address))
    }
}

/// Most channels of a desk, for the same reason as of mailboxes.
pub const MOST_CHANNELS: usize = 100;
/// What no channel can be called: under this name lies the secret that signs calls of the desk's own webhooks.
pub const RESERVED_CHANNEL: &str = "webhooks";

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
    /// The highest number that a mailbox has had; none is given twice.
    #[serde(default)]
    pub last_mailbox_id: u64,
    /// Channels.
    pub channels: Vec<HookChannel>,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

impl Setup {
    /// A set-up that was never stored, with nothing but the group that tickets go to.
    pub fn new(default_group: GroupId) -> Self {
        Self {
            v: 0,
            default_group,
            mailboxes: vec![],
            last_mailbox_id: 0,
            channels: vec![],
            chain: ChainEnd::default(),
        }
    }

    /// The mailbox that takes mail to this address: its own or an alias, whatever its case.
    pub fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        self.mailboxes.iter().find(|mailbox| mailbox.takes(address))
    }

    /// The group of the mailbox that a contact came to, if it came to one that has a group.
    pub fn mailbox_group(&self, channel: &Channel) -> Option<GroupId> {
        match channel {
            Channel::Mail { mailbox } => self.mailbox(mailbox)?.group,
            _ => None,
        }
    }

    /// The mailbox of this number.
    pub fn mailbox_of_id(&self, id: u64) -> Option<&Mailbox> {
        self.mailboxes.iter().find(|mailbox| mailbox.id == id)
    }

    /// Every address at which the desk takes mail.
    pub fn mail_addresses(&self) -> impl Iterator<Item = &str> {
        self.mailboxes.iter().flat_map(Mailbox::addresses)
    }

    /// The number of the next mailbox.
    pub fn next_mailbox_id(&self) -> u64 {
        let last = self.mailboxes.iter().map(|mailbox| mailbox.id).max();
        last.unwrap_or(0).max(self.last_mailbox_id) + 1
    }

    /// The set-up with a number for each mailbox: those of before mailboxes had numbers get them in their order.
    #[must_use]
    pub fn numbered(mut self) -> Self {
        for at in 0..self.mailboxes.len() {
            if self.mailboxes[at].id == 0 {
                self.mailboxes[at].id = self.next_mailbox_id();
            }
        }
        self
    }

    /// The channel of this name.
    pub fn channel(&self, name: &str) -> Option<&HookChannel> {
        self.channels.iter().find(|channel| channel.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_takes_mail_to_its_aliases_and_keeps_its_number() {
        let stored = r#"{"v":1,"default_group":1,"channels":[],"mailboxes":[
            {"address":"support@in.example.com","name":"Support"},
            {"address":"sales@in.example.com","name":"Sales","aliases":["offers@in.example.com"]}]}"#;
        let setup: Setup = serde_json::from_str(stored).unwrap();
        let setup = setup.numbered();
        assert_eq!(setup.mailbox("Offers@in.example.com").unwrap().id, 2);
        assert_eq!(setup.mailbox_of_id(1).unwrap().name, "Support");
        assert!(setup.mailbox("other@in.example.com").is_none());
        assert_eq!(setup.next_mailbox_id(), 3);
    }
}
