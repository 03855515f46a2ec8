//! What makes a mailbox whole, its templates apart, and fit the others of the desk.

use super::{LONGEST_NAME, LONGEST_TEMPLATE, MOST_ADDRESSES, Mailbox, Setup};
use crate::people::person::is_email;

/// Longest local part: with a ticket's number, a key and its signature 64 characters must do (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL_PART: usize = 30;

/// A part of a mailbox that something is wrong with. Addresses are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxPart {
    /// Its address.
    Address,
    /// Its aliases, or one of them.
    Aliases(Option<usize>),
    /// Its contact forms, or one of them.
    ContactForms(Option<usize>),
    /// Its name.
    Name,
    /// The subject of "we have it".
    AcknowledgementSubject,
    /// What stands below answers.
    Signature,
    /// What stands around answers.
    AnswerTemplate,
    /// What "we have it" says.
    AcknowledgementTemplate,
}

/// What is wrong with a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// An address that is none.
    #[error("{0:?} is not a mail address")]
    NoAddress(String),
    /// An address that would not reach the desk.
    #[error("{address:?} is not of this desk's mail domain {domain}")]
    Domain {
        /// The address.
        address: String,
        /// The domain.
        domain: String,
    },
    /// An address that has no room for the signs of a ticket.
    #[error("{0:?} needs a local part of at most {LONGEST_LOCAL_PART} characters without '+'")]
    LocalPart(String),
    /// Another mailbox has it, or it stands twice.
    #[error("{0:?} is taken already")]
    Taken(String),
    /// A contact form that is a mailbox.
    #[error("{0:?} is a mailbox of this desk")]
    IsMailbox(String),
    /// Too many addresses.
    #[error("{0} addresses, at most {MOST_ADDRESSES} are allowed")]
    TooMany(usize),
    /// Too long.
    #[error("{length} characters, at most {most} are allowed")]
    TooLong {
        /// How long.
        length: usize,
        /// How long it may be.
        most: usize,
    },
    /// A line break where none can be.
    #[error("it has to be one line")]
    Lines,
}

/// A part and what is wrong with it.
type Wrong = (MailboxPart, MailboxError);

impl Setup {
    /// Checks a mailbox before it stands among the others, those with another number. Its templates are checked by whoever can
    /// fill them in. An empty domain is that of a desk which takes mail at any.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn check_mailbox(&self, mailbox: &Mailbox, mail_domain: &str) -> Result<(), Wrong> {
        mailbox.check_lengths()?;
        let addresses: Vec<&str> = mailbox.addresses().collect();
        for (at, address) in addresses.iter().enumerate() {
            let wrong = |error: fn(String) -> MailboxError| (part(at), error((*address).to_owned()));
            if !is_email(address) {
                return Err(wrong(MailboxError::NoAddress));
            }
            let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
            if !mail_domain.is_empty() && domain != mail_domain {
                let (address, domain) = ((*address).to_owned(), mail_domain.to_owned());
                return Err((part(at), MailboxError::Domain { address, domain }));
            }
            if local.len() > LONGEST_LOCAL_PART || address.contains('+') {
                return Err(wrong(MailboxError::LocalPart));
            }
            let is_taken = self.others(mailbox).any(|other| other.takes(address));
            if is_taken || addresses[..at].contains(address) {
                return Err(wrong(MailboxError::Taken));
            }
        }
        for (at, form) in mailbox.contact_forms.iter().enumerate() {
            let part = MailboxPart::ContactForms(Some(at));
            if !is_email(form) {
                return Err((part, MailboxError::NoAddress(form.clone())));
            }
            if mailbox.takes(form) || self.others(mailbox).any(|other| other.takes(form)) {
                return Err((part, MailboxError::IsMailbox(form.clone())));
            }
        }
        Ok(())
    }

    fn others(&self, mailbox: &Mailbox) -> impl Iterator<Item = &Mailbox> {
        let id = mailbox.id;
        self.mailboxes.iter().filter(move |other| other.id != id)
    }
}

/// The part that an address is, its own first.
fn part(at: usize) -> MailboxPart {
    match at.checked_sub(1) {
        None => MailboxPart::Address,
        Some(alias) => MailboxPart::Aliases(Some(alias)),
    }
}

impl Mailbox {
    fn check_lengths(&self) -> Result<(), Wrong> {
        for (part, addresses) in [
            (MailboxPart::Aliases(None), &self.aliases),
            (MailboxPart::ContactForms(None), &self.contact_forms),
        ] {
            if addresses.len() > MOST_ADDRESSES {
                return Err((part, MailboxError::TooMany(addresses.len())));
            }
        }
        let subject = self.acknowledgement_subject.as_deref();
        for (part, line) in [
            (MailboxPart::Name, Some(self.name.as_str())),
            (MailboxPart::AcknowledgementSubject, subject),
        ] {
            let line = line.unwrap_or_default();
            not_longer(part, line, LONGEST_NAME)?;
            if line.contains(char::is_control) {
                return Err((part, MailboxError::Lines));
            }
        }
        for (part, template) in [
            (MailboxPart::Signature, &self.signature),
            (MailboxPart::AnswerTemplate, &self.answer_template),
            (
                MailboxPart::AcknowledgementTemplate,
                &self.acknowledgement_template,
            ),
        ] {
            not_longer(part, template.as_deref().unwrap_or_default(), LONGEST_TEMPLATE)?;
        }
        Ok(())
    }
}

fn not_longer(part: MailboxPart, text: &str, most: usize) -> Result<(), Wrong> {
    match text.chars().count() {
        length if length > most => Err((part, MailboxError::TooLong { length, most })),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GroupId;

    fn mailbox(id: u64, address: &str) -> Mailbox {
        Mailbox {
            id,
            address: address.to_owned(),
            ..Mailbox::default()
        }
    }

    fn setup() -> Setup {
        Setup {
            v: 1,
            mailboxes: vec![mailbox(1, "support@in.example.com")],
            last_mailbox_id: 1,
            ..Setup::new(GroupId(1))
        }
    }

    #[test]
    fn a_mailbox_stands_among_others_or_says_what_is_wrong_where() {
        let check = |mailbox: &Mailbox| {
            setup()
                .check_mailbox(mailbox, "in.example.com")
                .map_err(|(part, _)| part)
        };
        let sales = mailbox(2, "sales@in.example.com");
        assert_eq!(check(&sales), Ok(()));
        assert_eq!(
            check(&mailbox(1, "support@in.example.com")),
            Ok(()),
            "it is itself"
        );
        for address in [
            "support@in.example.com",
            "sales@example.com",
            "sales",
            "a+b@in.example.com",
            "a-very-long-local-part-of-an-address@in.example.com",
        ] {
            assert_eq!(
                check(&mailbox(2, address)),
                Err(MailboxPart::Address),
                "{address}"
            );
        }
        let mut twice = sales.clone();
        twice.aliases = vec![
            "offers@in.example.com".to_owned(),
            "offers@in.example.com".to_owned(),
        ];
        assert_eq!(check(&twice), Err(MailboxPart::Aliases(Some(1))));
        let mut form = sales.clone();
        form.contact_forms = vec!["form@example.org".to_owned()];
        assert_eq!(check(&form), Ok(()));
        form.contact_forms.push("Support@in.example.com".to_owned());
        assert_eq!(check(&form), Err(MailboxPart::ContactForms(Some(1))));
        let mut lines = sales.clone();
        lines.name = "two\nlines".to_owned();
        assert_eq!(check(&lines), Err(MailboxPart::Name));
        let mut long = sales;
        long.signature = Some("x".repeat(LONGEST_TEMPLATE + 1));
        assert_eq!(check(&long), Err(MailboxPart::Signature));
    }
}
