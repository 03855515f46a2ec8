//! The mailboxes that a mail came to.

use crate::Receipt;
use docket_domain::configuration::{Mailbox, Setup};

/// A place a mail came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The mailbox's address; the recipient's where there is no such mailbox.
    pub mailbox: String,
    /// The mailbox's address, or the alias of it, that the mail was written to.
    pub written_to: String,
    /// Whether there is such a mailbox.
    pub is_ours: bool,
}

/// The mailboxes a mail came to, each once: who writes to a mailbox and its alias writes to one. A mail without any
/// recipient still comes to one place: where it is held.
pub fn mailboxes(receipt: &Receipt, setup: &Setup) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for recipient in &receipt.recipients {
        let place = match mailbox_of(recipient, setup) {
            Some((mailbox, written_to)) => Place {
                mailbox: mailbox.address.clone(),
                written_to,
                is_ours: true,
            },
            None => Place::unknown(recipient.to_lowercase()),
        };
        if !found.iter().any(|known| known.mailbox == place.mailbox) {
            found.push(place);
        }
    }
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
        }
    }

    /// The place of a recipient that is none of our mailboxes.
    pub fn unknown(recipient: String) -> Self {
        Self {
            mailbox: recipient.clone(),
            written_to: recipient,
            is_ours: false,
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
