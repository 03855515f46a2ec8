//! What is said of a mail that came back: the findings as they are gathered, and what is made of them.

use super::{addresses::Found, codes::EnhancedStatus};

/// Most addresses reported of one mail: our own mails have at most fifty recipients.
pub const MAX_BOUNCES: usize = 100;

/// Longest diagnostic kept, in bytes: what an agent reads in one line or two.
pub const MAX_DIAGNOSTIC_BYTES: usize = 400;

/// Whether a failure is final for this mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permanence {
    /// Stated as permanent: status 5.x.x (RFC 3463), reply 5yz (RFC 5321), or words to that effect.
    Permanent,
    /// A delay, or given up for a cause that may pass: status 4.x.x, reply 4yz, or words to that effect.
    Temporary,
    /// Not stated.
    Unknown,
}

impl Permanence {
    /// The word for storage and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Permanence::Permanent => "permanent",
            Permanence::Temporary => "temporary",
            Permanence::Unknown => "unknown",
        }
    }
}

/// What a mail that came back says about one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The address as we used it where that is stated, else the one that failed; `None` if none is named.
    pub address: Option<String>,
    /// Whether the failure is final.
    pub kind: Permanence,
    /// The status (RFC 3463), the one that the refusing host gave before the one that the reporting host put.
    pub status: Option<EnhancedStatus>,
    /// The SMTP reply code, 400 to 599.
    pub reply_code: Option<u16>,
    /// Why, as far as it can be told.
    pub reason: Reason,
    /// What the hosts said, on one line of at most [`MAX_DIAGNOSTIC_BYTES`]. Written by strangers.
    pub diagnostic: String,
    /// The Message-ID of the mail that bounced, without angle brackets: how its ticket is found.
    pub original_message_id: Option<String>,
    /// The value of our outbox header in the returned mail. Not to be trusted: a sender can write it.
    pub original_outbox: Option<String>,
}

impl Bounce {
    /// Whether the address itself is dead: no such user or host, permanently. A full mailbox, a blocked sender or
    /// a mail too big say nothing about the next mail.
    pub fn address_is_dead(&self) -> bool {
        self.kind == Permanence::Permanent && matches!(self.reason, Reason::UserUnknown | Reason::HostUnknown)
    }
}

/// What was found about one recipient, before it is judged.
#[derive(Clone, Debug, Default)]
pub(super) struct Finding {
    pub(super) address: Option<String>,
    /// Other names of the same recipient, under which the prose may speak of it.
    pub(super) aliases: Vec<String>,
    pub(super) delayed: bool,
    /// The `Status` field of the report.
    pub(super) status: Option<EnhancedStatus>,
    /// What the refusing host said, as the report quotes it.
    pub(super) said: String,
}

/// Why a mail did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// There is no such mailbox, or it moved.
    UserUnknown,
    /// The domain does not exist or takes no mail.
    HostUnknown,
    /// The mailbox is over its quota.
    MailboxFull,
    /// The mailbox is switched off.
    Suspended,
    /// The sender, its host or its domain is refused: policy, reputation, authentication, relaying, rate.
    Blocked,
    /// The contents are refused: spam, virus, form.
    Spam,
    /// The mail is too big.
    TooBig,
    /// The host was not reached in time, or the mail went in circles.
    Expired,
    /// None of these, or not stated.
    Other,
}

impl Reason {
    /// Whether the cause lies with the recipient, and not with the sender or the mail.
    pub(super) fn is_of_the_recipient(self) -> bool {
        !matches!(
            self,
            Reason::Spam | Reason::Blocked | Reason::TooBig | Reason::Other
        )
    }

    /// The word for storage and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::UserUnknown => "user_unknown",
            Reason::HostUnknown => "host_unknown",
            Reason::MailboxFull => "mailbox_full",
            Reason::Suspended => "suspended",
            Reason::Blocked => "blocked",
            Reason::Spam => "spam",
            Reason::TooBig => "too_big",
            Reason::Expired => "expired",
            Reason::Other => "other",
        }
    }
}

/// How a line names an address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HowNamed {
    /// As the sender of the mail, or as someone to ask.
    NotAsFailed,
    /// Somewhere.
    InPassing,
    /// In a `To` line or an SMTP command.
    AsRecipient,
    /// Behind the code of a refusal.
    AsRefused,
    /// First on its line, or behind words of failure.
    First,
}

/// What a notice says about one address.
pub(super) struct Told {
    pub(super) text: String,
    /// Whether it was said beside the address; else it is all of the notice, with whatever a gateway added.
    pub(super) of_one: bool,
}

/// A line of a notice with the addresses in it.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) addresses: Vec<(Found, HowNamed)>,
}
