//! Mail that was held, as its list and its own page show it.

use crate::{
    models::due::{Here, since},
    names::Names,
    words::{self, Moment},
};
use docket_desk::HeldContact;
use docket_domain::contact::intake::HoldReason;
use docket_mail::InboundMail;

/// Longest text of a mail that is shown, in characters: who decides about it has seen enough, and the original has the rest.
const LONGEST_TEXT: usize = 20_000;

/// Mail as a row.
pub struct HeldRow {
    pub id: u64,
    pub at: Moment,
    pub who: String,
    pub subject: String,
    pub first_words: String,
    pub mailbox: String,
    /// Why it is held, in a word or two.
    pub why: &'static str,
    /// The class of a pill.
    pub tone: &'static str,
    /// Whether whoever looks may decide about it.
    pub may_decide: bool,
    /// Whether it is let in on its own page only.
    pub asks_twice: bool,
}

impl HeldRow {
    /// The row of a mail.
    pub fn of(held: &HeldContact, here: &Here, may_decide: bool) -> Self {
        let (why, tone) = shortly(held.reason);
        Self {
            id: held.id,
            at: Moment {
                words: since(held.at, here),
                exact: here.exact(held.at),
                iso: held.at.to_string(),
            },
            who: who(held),
            subject: subject(held),
            first_words: held.preview.text.split_whitespace().collect::<Vec<_>>().join(" "),
            mailbox: held.mailbox.clone(),
            why,
            tone,
            may_decide,
            asks_twice: asks_twice(held.reason),
        }
    }
}

/// Whether letting mail in that is held for this is asked for twice: it may harm, or carry a colleague's name.
pub fn asks_twice(reason: HoldReason) -> bool {
    reason.is_quarantine() || reason == HoldReason::UnverifiedAgent
}

/// The name that it says it is from, with the address where it says both.
fn who(held: &HeldContact) -> String {
    match (held.preview.name.as_str(), held.preview.from.as_str()) {
        ("", "") => t!("Unknown sender").to_owned(),
        // A name is nobody's proof: the address stands beside it.
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    }
}

fn subject(held: &HeldContact) -> String {
    match held.preview.subject.as_str() {
        "" => t!("(no subject)").to_owned(),
        subject => subject.to_owned(),
    }
}

/// Why, in a word or two, and whether it is an alarm.
fn shortly(reason: HoldReason) -> (&'static str, &'static str) {
    match reason {
        HoldReason::Virus => (t!("Virus"), "late"),
        HoldReason::UnverifiedAgent => (t!("Forged colleague"), "late"),
        HoldReason::Spam => (t!("Spam"), ""),
        HoldReason::UnknownMailbox => (t!("No such mailbox"), ""),
        HoldReason::SuspendedPerson => (t!("Suspended sender"), ""),
        HoldReason::OwnAddress => (t!("Our own address"), ""),
        HoldReason::StrayNotice => (t!("Not sent by us"), ""),
        HoldReason::Unreadable => (t!("Unreadable"), "soon"),
        HoldReason::Poisonous => (t!("Fails each time"), "soon"),
    }
}

/// Why, as a sentence goes on with it: as over the API, in the reader's language.
fn because(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::Virus => t!("the receiving service found a virus"),
        HoldReason::Spam => t!("the receiving service takes it for spam"),
        HoldReason::UnknownMailbox => t!("there is no such mailbox"),
        HoldReason::UnverifiedAgent => {
            t!("it claims to be from an agent, and the domain does not vouch for that")
        }
        HoldReason::SuspendedPerson => t!("it is from somebody who was suspended"),
        HoldReason::OwnAddress => t!("it is from an address of this desk itself"),
        HoldReason::StrayNotice => t!("it tells of a mail that this desk did not send"),
        HoldReason::Unreadable => t!("it can't be read as a mail"),
        HoldReason::Poisonous => t!("several attempts to take it in failed"),
    }
}

/// What letting it in means, for whoever decides.
fn meaning(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::UnverifiedAgent => t!("Let in, it carries that colleague’s name."),
        HoldReason::Virus => {
            t!("Only its first words are shown. Let in, its files are on a ticket as they came.")
        }
        HoldReason::Unreadable | HoldReason::Poisonous => {
            t!("Only its first words are shown. Let in, it is a ticket with the original as a file.")
        }
        _ => t!("Let in, it goes onto the ticket that it answers, or becomes a ticket of its own."),
    }
}

/// Mail on its own page.
pub struct HeldMail {
    pub id: u64,
    pub who: String,
    pub subject: String,
    pub mailbox: String,
    pub at: Moment,
    /// Why it is held, as a sentence goes on with it.
    pub why: &'static str,
    pub detail: String,
    pub meaning: &'static str,
    /// The class of the notice.
    pub tone: &'static str,
    /// What it says, as far as it is shown.
    pub text: MailText,
    /// What was done with it; nothing while it waits.
    pub resolution: Option<Resolved>,
    /// Whether whoever looks may decide about it, and have the original.
    pub may_decide: bool,
    /// Whether letting it in is asked for twice.
    pub asks_twice: bool,
}

/// What was done with it.
pub struct Resolved {
    pub words: String,
    pub reason: String,
    pub ticket: Option<u64>,
}

/// What a mail says.
#[derive(Default)]
pub struct MailText {
    pub text: String,
    /// Whether it goes on.
    pub is_cut: bool,
    /// Its files, each with its size.
    pub files: Vec<(String, String)>,
}

impl MailText {
    /// That of a mail that was read.
    pub fn of(mail: &InboundMail) -> Self {
        let text: String = mail.text.chars().take(LONGEST_TEXT).collect();
        let file = |file: &docket_mail::Attachment| (file.name.clone(), words::size(file.bytes.len() as u64));
        Self {
            is_cut: text.len() < mail.text.len(),
            text,
            files: mail.attachments.iter().map(file).collect(),
        }
    }
}

impl HeldMail {
    /// The page of a mail. Where its text was not read, its first words stand for it.
    pub fn of(
        held: &HeldContact,
        text: Option<MailText>,
        names: &Names,
        here: &Here,
        may_decide: bool,
    ) -> Self {
        let (_, tone) = shortly(held.reason);
        let first_words = || MailText {
            text: held.preview.text.clone(),
            ..MailText::default()
        };
        Self {
            id: held.id,
            who: who(held),
            subject: subject(held),
            mailbox: held.mailbox.clone(),
            at: Moment {
                words: here.exact(held.at),
                exact: here.exact(held.at),
                iso: held.at.to_string(),
            },
            why: because(held.reason),
            detail: held.detail.clone(),
            meaning: meaning(held.reason),
            tone: if tone.is_empty() { "soon" } else { tone },
            text: text.unwrap_or_else(first_words),
            resolution: held.resolution.as_ref().map(|resolution| {
                let (who, at) = (names.told(resolution.by), here.exact(resolution.at));
                Resolved {
                    words: match resolution.ticket {
                        Some(_) => t!("Let in by {who}, {at}.", who, at),
                        None => t!("Discarded by {who}, {at}.", who, at),
                    },
                    reason: resolution.reason.clone(),
                    ticket: resolution.ticket.map(|number| number.0),
                }
            }),
            may_decide,
            asks_twice: asks_twice(held.reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_held_for_the_reason_that_the_api_tells() {
        for reason in [
            HoldReason::Virus,
            HoldReason::Spam,
            HoldReason::UnknownMailbox,
            HoldReason::UnverifiedAgent,
            HoldReason::SuspendedPerson,
            HoldReason::OwnAddress,
            HoldReason::StrayNotice,
            HoldReason::Unreadable,
            HoldReason::Poisonous,
        ] {
            assert_eq!(because(reason), reason.words());
        }
    }
}
