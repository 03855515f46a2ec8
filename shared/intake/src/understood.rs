//! A mail as it is understood at one of our mailboxes: who wrote it, where else it came, what may prove its ticket, what it
//! tells of mail of ours. Worked out once; what follows takes it and asks nothing again.

use crate::{
    Delivery, Receipt,
    places::{mailbox_of, mailboxes},
};
use docket_desk::MOST_IDS;
use docket_domain::{
    configuration::Setup,
    contact::{
        comment::{Correspondent, MOST_COPIED},
        intake::Dmarc,
    },
};
use docket_mail::{AutomaticSign, InboundMail, Notice, Verdict};

/// Most ids that are looked up, with the mail's own as many as one read takes. The nearest are the best.
const MOST_CLUES: usize = MOST_IDS - 1;
/// The sender of a mail that names none; nothing is ever sent to it (RFC 2606, section 2).
const NOBODY: &str = "unknown@sender.invalid";

/// A mail at one of our mailboxes.
pub(crate) struct Understood<'a> {
    pub mail: &'a InboundMail,
    pub author: Author,
    /// The other mailboxes of ours that it came to.
    pub elsewhere: Vec<String>,
    pub clues: Clues,
    /// The others to whom it says it went: without our own addresses and the author's, each once.
    pub copied: Vec<Correspondent>,
    /// The sign of automatic mail. A form's mail is a person's, though a machine sends it.
    pub automatic: Option<AutomaticSign>,
    /// What it tells of a mail that was sent.
    pub notice: Option<Notice>,
}

/// What a mail names that may prove its ticket.
pub(crate) struct Clues {
    /// The addresses it was written to that may bear our signature. A mail to several mailboxes is a contact for each: what
    /// it says of one mailbox's ticket counts there alone.
    pub addresses: Vec<String>,
    /// The ids it refers to, the nearest first.
    pub ids: Vec<String>,
}

/// Who a mail is from, as the desk sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    pub address: String,
    pub name: String,
    /// Whether the sender's domain vouches for the address. A form's domain vouches for the form alone.
    pub dmarc: Dmarc,
    /// The contact form that sent the mail for them.
    pub contact_form: Option<String>,
    /// Whether they sent the mail themselves, rather than through a form or an agent.
    pub is_sender: bool,
    /// Whether the mail or its envelope names them.
    pub is_named: bool,
}

impl<'a> Understood<'a> {
    /// Understands a mail at the delivery's mailbox.
    pub fn of(delivery: &Delivery<'_>, mail: &'a InboundMail) -> Self {
        let setup = delivery.setup;
        let author = Author::of(delivery, mail);
        let elsewhere: Vec<String> = mailboxes(delivery.receipt, setup)
            .into_iter()
            .filter(|place| place.is_ours && place.mailbox != delivery.place.mailbox)
            .map(|place| place.mailbox)
            .collect();
        Self {
            clues: Clues::of(delivery, mail, !elsewhere.is_empty()),
            copied: copied(setup, mail, &author),
            automatic: mail
                .automatic
                .or(mail.reaction.as_ref().map(|_| AutomaticSign::Reaction))
                .filter(|_| author.contact_form.is_none()),
            notice: docket_mail::notice(mail),
            mail,
            author,
            elsewhere,
        }
    }
}

impl Clues {
    /// `only_here`: the mail is for other mailboxes, too.
    fn of(delivery: &Delivery<'_>, mail: &InboundMail, only_here: bool) -> Self {
        let written = mail.to.iter().chain(&mail.cc).map(|to| to.address.as_str());
        let is_for_here = |address: &&str| {
            let place = mailbox_of(address, delivery.setup);
            !only_here || place.is_some_and(|(mailbox, _)| mailbox.address == delivery.place.mailbox)
        };
        let recipients = delivery.receipt.recipients.iter().map(String::as_str);
        let addresses = recipients
            .chain(written)
            .filter(|address| address.contains('+'))
            .filter(is_for_here);
        let mut ids: Vec<String> = Vec::new();
        for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
            if ids.len() == MOST_CLUES {
                break;
            }
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        Self {
            addresses: addresses.map(str::to_owned).collect(),
            ids,
        }
    }
}

impl Author {
    fn of(delivery: &Delivery<'_>, mail: &InboundMail) -> Self {
        let Some((address, name)) = sender_of(mail, delivery.receipt) else {
            return Self {
                address: NOBODY.to_owned(),
                name: "Unknown sender".to_owned(),
                dmarc: dmarc(delivery),
                contact_form: None,
                is_sender: false,
                is_named: false,
            };
        };
        let dmarc = dmarc(delivery);
        let writer = mail.reply_to.as_ref().filter(|writer| {
            writer.address.contains('@')
                && !writer.address.eq_ignore_ascii_case(&address)
                && mailbox_of(&writer.address, delivery.setup).is_none()
        });
        let mailbox = delivery.mailbox();
        match writer.filter(|_| mailbox.is_some_and(|mailbox| mailbox.is_contact_form(&address))) {
            Some(writer) => Self {
                address: writer.address.clone(),
                name: writer.name.clone().unwrap_or_default(),
                // A person who lets it in vouches for it.
                dmarc: match dmarc {
                    Dmarc::Pass if delivery.release.is_none() => Dmarc::Unknown,
                    other => other,
                },
                contact_form: Some(address),
                is_sender: false,
                is_named: true,
            },
            None => Self {
                address,
                name,
                dmarc,
                contact_form: None,
                is_sender: true,
                is_named: true,
            },
        }
    }
}

/// The sender's address and name, as the mail has them, else the envelope.
fn sender_of(mail: &InboundMail, receipt: &Receipt) -> Option<(String, String)> {
    let named = mail
        .from
        .as_ref()
        .or(mail.sender.as_ref())
        .or(mail.reply_to.as_ref());
    if let Some(mailbox) = named.filter(|mailbox| mailbox.address.contains('@')) {
        return Some((mailbox.address.clone(), mailbox.name.clone().unwrap_or_default()));
    }
    let envelope = receipt
        .mail_from
        .as_deref()
        .filter(|address| address.contains('@'))?;
    Some((envelope.to_owned(), String::new()))
}

/// The DMARC verdict, as far as the table needs it.
fn dmarc(delivery: &Delivery<'_>) -> Dmarc {
    // Whoever lets a mail in vouches for it.
    if delivery.release.is_some() {
        return Dmarc::Pass;
    }
    match delivery.receipt.verdicts.dmarc {
        Verdict::Pass => Dmarc::Pass,
        Verdict::Fail => Dmarc::Fail,
        Verdict::Gray | Verdict::ProcessingFailed | Verdict::Missing => Dmarc::Unknown,
    }
}

fn copied(setup: &Setup, mail: &InboundMail, author: &Author) -> Vec<Correspondent> {
    let mut copied: Vec<Correspondent> = Vec::new();
    for other in mail.to.iter().chain(&mail.cc) {
        let is_known = |known: &Correspondent| known.address.eq_ignore_ascii_case(&other.address);
        let is_ours = mailbox_of(&other.address, setup).is_some();
        let is_author = other.address.eq_ignore_ascii_case(&author.address);
        if other.address.contains('@') && !is_ours && !is_author && !copied.iter().any(is_known) {
            copied.push(Correspondent {
                name: other.name.clone(),
                address: other.address.clone(),
            });
        }
        if copied.len() == MOST_COPIED {
            break;
        }
    }
    copied
}
