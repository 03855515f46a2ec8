//! The mailboxes that a mail came to.

use crate::Receipt;
use docket_domain::configuration::{Mailbox, Setup};
use std::collections::BTreeSet;

/// A place a mail came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The mailbox's address; the recipient's where there is no such mailbox.
    pub mailbox: String,
    /// The mailbox's address, or the alias of it, that the mail was written to.
    pub written_to: String,
    /// Whether there is such a mailbox.
    pub is_ours: bool,
    /// How many other recipients are none of ours either: a mail is held once for all of them.
    pub others: usize,
}

/// The mailboxes a mail came to, each once: who writes to a mailbox and its alias writes to one. A mail without any
/// recipient still comes to one place: where it is held. So does one to many recipients who are none of ours, under the first of
/// them by name.
pub fn mailboxes(receipt: &Receipt, setup: &Setup) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut unknown = BTreeSet::new();
    for recipient in &receipt.recipients {
        match mailbox_of(recipient, setup) {
            Some((mailbox, written_to)) if !found.iter().any(|known| known.mailbox == mailbox.address) => {
                found.push(Place {
                    written_to,
                    ..Place::ours(mailbox)
                });
            }
            Some(_) => {}
            None => drop(unknown.insert(recipient.to_lowercase())),
        }
    }
    let others = unknown.len().saturating_sub(1);
    found.extend(unknown.into_iter().next().map(|first| Place {
        others,
        ..Place::unknown(first)
    }));
    if found.is_empty() {
        found.push(Place::unknown(String::new()));
    }
    found
}

impl Place {
    /// A mailbox, written to by its own address.
    pub fn ours(mailbox: &Mailbox) -> Self {
        Self {
            mailbox: mailbox.address.clone(),
            written_to: mailbox.address.clone(),
            is_ours: true,
            others: 0,
        }
    }

    /// The place that was noted under this name.
    pub fn noted(mailbox: &str, setup: &Setup) -> Self {
        let ours = setup.mailbox(mailbox);
        ours.map_or_else(|| Self::unknown(mailbox.to_owned()), Self::ours)
    }

    /// The place of a recipient that is none of our mailboxes.
    pub fn unknown(recipient: String) -> Self {
        Self {
            mailbox: recipient.clone(),
            written_to: recipient,
            is_ours: false,
            others: 0,
        }
    }
}

/// Our mailbox that an address belongs to (its own, an alias, or a signed reply address of either), and the address
/// itself in lower case without the signature.
pub(crate) fn mailbox_of<'a>(address: &str, setup: &'a Setup) -> Option<(&'a Mailbox, String)> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let address = address.to_lowercase();
    if let Some(mailbox) = setup.mailbox(&address) {
        return Some((mailbox, address));
    }
    let (local, domain) = address.rsplit_once('@')?;
    let (local, _) = local.rsplit_once('+')?;
    let plain = format!("{local}@{domain}");
    setup.mailbox(&plain).map(|mailbox| (mailbox, plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::GroupId;

    #[test]
    fn a_thousand_recipients_who_are_none_of_ours_are_one_place() {
        let setup = Setup::new(GroupId(1));
        let recipients = (0..1_000).map(|n| format!("u{n:04}@in.example.com")).rev();
        let receipt = Receipt {
            recipients: recipients.collect(),
            mail_from: None,
            verdicts: docket_mail::Verdicts::default(),
        };
        let places = mailboxes(&receipt, &setup);
        let told: Vec<(&str, usize)> = places
            .iter()
            .map(|place| (place.mailbox.as_str(), place.others))
            .collect();
        assert_eq!(told, [("u0000@in.example.com", 999)]);
    }

    #[test]
    fn a_reply_address_belongs_to_its_mailbox() {
        let mailbox = Mailbox {
            address: "support@in.example.com".into(),
            aliases: vec!["help@in.example.com".into()],
            ..Mailbox::default()
        };
        let setup = Setup {
            v: 1,
            mailboxes: vec![mailbox],
            ..Setup::new(GroupId(1))
        };
        for (address, plain) in [
            ("Support@in.example.com", "support@in.example.com"),
            ("<support@IN.example.com>", "support@in.example.com"),
            ("support+12.1.abc@in.example.com", "support@in.example.com"),
            ("HELP@in.example.com", "help@in.example.com"),
            ("help+12.1.abc@in.example.com", "help@in.example.com"),
        ] {
            let found =
                mailbox_of(address, &setup).map(|(mailbox, written)| (mailbox.address.as_str(), written));
            assert_eq!(
                found,
                Some(("support@in.example.com", plain.to_owned())),
                "{address}"
            );
        }
        for address in [
            "other@in.example.com",
            "support@example.com",
            "sup+port@in.example.com",
            "support",
        ] {
            assert!(mailbox_of(address, &setup).is_none(), "{address}");
        }
    }
}
