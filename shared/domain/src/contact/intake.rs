//! Intake: which ticket does a contact belong to, and may its sender append to it?

use serde::{Deserialize, Serialize};

/// Most reopenings and appends need evidence; this is what was found, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A reply address that we signed.
    SignedAddress,
    /// A mail id that we saw or gave.
    KnownMailId,
    /// The id of a mail that told agents of the ticket.
    Notice,
    /// The address to which what was forwarded is answered, or the id of such a mail: what is answered there is for agents.
    Forward,
}

/// What the sender is to the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The requester or another participant.
    Participant,
    /// Nobody the ticket knows.
    Stranger,
    /// An agent of ours.
    Agent,
}

/// The DMARC verdict, as far as the table needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dmarc {
    /// The domain vouches for the sender.
    Pass,
    /// It disowns them.
    Fail,
    /// It says nothing, or nothing is known.
    Unknown,
}

/// What becomes of a mail that points to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Append {
    /// A public comment.
    Comment,
    /// A note of an agent's.
    AgentNote,
    /// A note that only agents see.
    ThirdPartyNote,
    /// A ticket of its own, linked.
    LinkedTicket,
    /// Held back for a person to decide.
    Suspend,
}

/// The append table: who may write onto a ticket, on which evidence.
pub fn may_append(evidence: Evidence, standing: Standing, dmarc: Dmarc) -> Append {
    match (standing, evidence, dmarc) {
        (Standing::Agent, Evidence::Notice | Evidence::Forward, Dmarc::Pass) => Append::AgentNote,
        (Standing::Agent, _, Dmarc::Pass) => Append::Comment,
        (Standing::Agent, _, _) => Append::Suspend,
        (Standing::Participant, Evidence::SignedAddress, Dmarc::Pass | Dmarc::Unknown) => Append::Comment,
        (Standing::Participant, Evidence::KnownMailId | Evidence::Forward, Dmarc::Pass) => Append::Comment,
        // Somebody answers in their name what they were not sent.
        (Standing::Participant, Evidence::Forward, _) => Append::ThirdPartyNote,
        (Standing::Participant, _, _) => Append::LinkedTicket,
        (Standing::Stranger, Evidence::SignedAddress | Evidence::Forward, _) => Append::ThirdPartyNote,
        (Standing::Stranger, Evidence::KnownMailId | Evidence::Notice, _) => Append::LinkedTicket,
    }
}

/// Why a mail is not taken in as a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The receiving service found a virus.
    Virus,
    /// The receiving service found spam.
    Spam,
    /// We have no such mailbox.
    UnknownMailbox,
    /// It claims to be from an agent and nobody vouches for that.
    UnverifiedAgent,
    /// It is from somebody who was suspended.
    SuspendedPerson,
    /// It is from an address of this desk itself: answers to it would come back in.
    OwnAddress,
    /// It says that a mail came back which this desk did not send.
    StrayNotice,
    /// It is not a mail, or breaks a bound; the detail says which.
    Unreadable,
    /// Several attempts at it failed.
    Poisonous,
}

impl HoldReason {
    /// Whether it is quarantined (harmful or unreadable) rather than suspended (a person may let it in).
    pub fn is_quarantine(self) -> bool {
        matches!(self, Self::Virus | Self::Unreadable | Self::Poisonous)
    }

    /// Whether it harmed whoever read it, so that nobody does again.
    pub fn is_never_read(self) -> bool {
        self == Self::Poisonous
    }

    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Virus => "the receiving service found a virus",
            Self::Spam => "the receiving service takes it for spam",
            Self::UnknownMailbox => "there is no such mailbox",
            Self::UnverifiedAgent => "it claims to be from an agent, and the domain does not vouch for that",
            Self::SuspendedPerson => "it is from somebody who was suspended",
            Self::OwnAddress => "it is from an address of this desk itself",
            Self::StrayNotice => "it tells of a mail that this desk did not send",
            Self::Unreadable => "it can't be read as a mail",
            Self::Poisonous => "several attempts to take it in failed",
        }
    }
}

/// How many times a mail is tried before it is quarantined.
pub const MOST_ATTEMPTS: u32 = 5;
/// From which attempt on a mail is taken in alone, so that it can't hold up its neighbours.
pub const ALONE_FROM_ATTEMPT: u32 = 3;

/// What counts for whether the sender of a new ticket is told that we have it.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledging<'a> {
    /// The sign by which the mail was taken for automatic mail.
    pub automatic: Option<&'a str>,
    /// A sign that asks for no automatic answer, on a mail that a person wrote.
    pub hold_back: Option<&'a str>,
    /// Whether the sender's domain vouches for it.
    pub dmarc: Dmarc,
    /// Whether the envelope's domain says that the sending host is not its own.
    pub spf_failed: bool,
    /// Whether it answers a mail of this desk, by an id or by the subject of an acknowledgement.
    pub answers_us: bool,
    /// Whether the sender was told within a day.
    pub told_today: bool,
}

impl Acknowledging<'_> {
    /// Why the sender is not told; nothing: they are.
    pub fn withheld(&self) -> Option<String> {
        if let Some(sign) = self.automatic {
            return Some(format!("it is automatic mail ({sign})"));
        }
        if let Some(sign) = self.hold_back {
            return Some(format!("it asks for no automatic answer ({sign})"));
        }
        if self.answers_us {
            return Some("it answers a mail of this desk".to_owned());
        }
        if self.dmarc == Dmarc::Fail {
            return Some("the sender's domain says that the sender is forged".to_owned());
        }
        if self.spf_failed && self.dmarc != Dmarc::Pass {
            return Some("the sender's domain does not know the host that sent it".to_owned());
        }
        self.told_today
            .then(|| "the sender was told of another ticket within a day".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_append_table() {
        use Append::*;
        let columns = [
            (Evidence::SignedAddress, Dmarc::Pass),
            (Evidence::SignedAddress, Dmarc::Unknown),
            (Evidence::SignedAddress, Dmarc::Fail),
            (Evidence::KnownMailId, Dmarc::Pass),
            (Evidence::KnownMailId, Dmarc::Unknown),
            (Evidence::KnownMailId, Dmarc::Fail),
            (Evidence::Notice, Dmarc::Pass),
            (Evidence::Notice, Dmarc::Unknown),
            (Evidence::Forward, Dmarc::Pass),
            (Evidence::Forward, Dmarc::Unknown),
            (Evidence::Forward, Dmarc::Fail),
        ];
        let rows = [
            (
                Standing::Participant,
                [
                    Comment,
                    Comment,
                    LinkedTicket,
                    Comment,
                    LinkedTicket,
                    LinkedTicket,
                    LinkedTicket,
                    LinkedTicket,
                    Comment,
                    ThirdPartyNote,
                    ThirdPartyNote,
                ],
            ),
            (
                Standing::Stranger,
                [
                    ThirdPartyNote,
                    ThirdPartyNote,
                    ThirdPartyNote,
                    LinkedTicket,
                    LinkedTicket,
                    LinkedTicket,
                    LinkedTicket,
                    LinkedTicket,
                    ThirdPartyNote,
                    ThirdPartyNote,
                    ThirdPartyNote,
                ],
            ),
            (
                Standing::Agent,
                [
                    Comment, Suspend, Suspend, Comment, Suspend, Suspend, AgentNote, Suspend, AgentNote,
                    Suspend, Suspend,
                ],
            ),
        ];
        for (standing, row) in rows {
            for ((evidence, dmarc), expected) in columns.into_iter().zip(row) {
                assert_eq!(
                    may_append(evidence, standing, dmarc),
                    expected,
                    "{standing:?} {evidence:?} {dmarc:?}"
                );
            }
        }
    }

    #[test]
    fn nothing_automatic_forged_or_repeated_is_acknowledged() {
        let told = Acknowledging {
            automatic: None,
            hold_back: None,
            dmarc: Dmarc::Unknown,
            spf_failed: false,
            answers_us: false,
            told_today: false,
        };
        let vouched = Acknowledging {
            dmarc: Dmarc::Pass,
            spf_failed: true,
            ..told
        };
        assert_eq!(vouched.withheld(), None);
        assert_eq!(told.withheld(), None);
        for (facts, why) in [
            (
                Acknowledging {
                    automatic: Some("Auto-Submitted"),
                    ..told
                },
                "it is automatic mail (Auto-Submitted)",
            ),
            (
                Acknowledging {
                    hold_back: Some("List-Id"),
                    ..told
                },
                "it asks for no automatic answer (List-Id)",
            ),
            (
                Acknowledging {
                    dmarc: Dmarc::Fail,
                    ..told
                },
                "the sender's domain says that the sender is forged",
            ),
            (
                Acknowledging {
                    spf_failed: true,
                    ..told
                },
                "the sender's domain does not know the host that sent it",
            ),
            (
                Acknowledging {
                    told_today: true,
                    ..told
                },
                "the sender was told of another ticket within a day",
            ),
        ] {
            assert_eq!(facts.withheld().as_deref(), Some(why));
        }
    }
}
