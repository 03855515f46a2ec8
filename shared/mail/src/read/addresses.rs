//! Address fields: groups unfolded, names decoded, addresses in one spelling.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Header, HeaderName, HeaderValue, Message};

use super::headers::{raw_bytes, recoded};
use crate::inbound::Mailbox;
use crate::text::one_line;

/// Most addresses read from the fields of one name.
const MAX_ADDRESSES: usize = 1_000;

/// Longest address kept (RFC 5321, section 4.5.3.1: 64 + 1 + 255, with room for sloppy ones).
const MAX_ADDRESS_BYTES: usize = 512;

/// The addresses of every field with this name, in order, each once.
pub(super) fn all(message: &Message<'_>, name: HeaderName<'static>) -> Vec<Mailbox> {
    let mut mailboxes: Vec<Mailbox> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for header in message.headers().iter().filter(|header| header.name == name) {
        for mailbox in field(message, header) {
            if mailboxes.len() < MAX_ADDRESSES && seen.insert(mailbox.address.clone()) {
                mailboxes.push(mailbox);
            }
        }
    }
    mailboxes
}

fn field(message: &Message<'_>, header: &Header<'_>) -> Vec<Mailbox> {
    let bytes = recoded(message, raw_bytes(message, header));
    match MessageStream::new(&bytes).parse_address() {
        HeaderValue::Address(addresses) => addresses.iter().filter_map(mailbox).collect(),
        _ => Vec::new(),
    }
}

fn mailbox(addr: &Addr<'_>) -> Option<Mailbox> {
    let name = addr.name().map(one_line).filter(|name| !name.is_empty());
    // Some clients put the address where the name belongs and leave the address empty.
    let (address, name) = match addr.address().and_then(clean_address) {
        Some(address) => (address, name),
        None => (
            name.as_deref()
                .filter(|name| name.contains('@'))
                .and_then(clean_address)?,
            None,
        ),
    };
    Some(Mailbox { name, address })
}

/// The address without white space and control characters, its domain in lower case.
pub(crate) fn clean_address(address: &str) -> Option<String> {
    // Two addresses without a comma between them: the first. White space within one: none.
    let whole =
        |word: &&str| word.trim_matches('<').find('@').is_some_and(|at| at > 0) && !word.ends_with('@');
    let address = address.split_whitespace().find(whole).unwrap_or(address);
    let address: String = address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    let address = address
        .split('>')
        .next()
        .unwrap_or_default()
        .trim_matches(['<', ',', ';']);
    if address.is_empty() || address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    Some(match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.trim_end_matches('.').to_lowercase()),
        None => address.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_brought_into_one_spelling() {
        for (address, expected) in [
            ("Ann@A.Example", Some("Ann@a.example")),
            ("ann @ a.example", Some("ann@a.example")),
            ("bob@extern> Bobby <bobby@extern", Some("bob@extern")),
            ("a@b.example c@d.example", Some("a@b.example")),
            ("ann@a.example.", Some("ann@a.example")),
            ("MAILER-DAEMON", Some("MAILER-DAEMON")),
            ("<>", None),
            (" ", None),
        ] {
            assert_eq!(clean_address(address).as_deref(), expected, "{address}");
        }
    }
}
