//! How a contact came, and where answers to it go.

use serde::{Deserialize, Serialize};

/// How a contact came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Channel {
    /// By mail to one of our mailboxes.
    Mail {
        /// The mailbox's address.
        mailbox: String,
    },
    /// By a webhook.
    Hook {
        /// The channel's name in `/hooks/{channel}`.
        channel: String,
    },
    /// Through the REST API.
    Api,
    /// Written by an agent in the workspace.
    Agent,
    /// Written by the customer on a page of theirs.
    Portal,
    /// By telephone: an agent wrote down what was said.
    Phone,
}

/// Where answers to the requester go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReplyVia {
    /// By mail from this mailbox.
    Mail {
        /// The mailbox's address.
        mailbox: String,
    },
    /// By a signed call to the channel's own address.
    Callback {
        /// The channel, whose secret signs.
        channel: String,
        /// The address.
        url: String,
    },
    /// Nowhere: the requester reads the answer where they asked.
    Nowhere,
}
