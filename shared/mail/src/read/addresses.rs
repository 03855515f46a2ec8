//! Address fields: groups unfolded, names decoded, addresses in one spelling.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderName, HeaderValue};

use super::odd_addresses::{found_in, mended, with_quotes};
use super::parts::Structure;
use crate::inbound::Mailbox;
use crate::mime::one_word_each;
use crate::notes::{Notes, Place};
use crate::text::one_line;

/// Most addresses read from the fields of one name.
const MAX_ADDRESSES: usize = 1_000;

/// Longest address kept (RFC 5321, section 4.5.3.1: 64 + 1 + 255, with room for sloppy ones).
const MAX_ADDRESS_BYTES: usize = 512;

/// The addresses of every field with this name, in order, each once.
pub(super) fn all(structure: &Structure<'_>, name: HeaderName<'static>, notes: &mut Notes) -> Vec<Mailbox> {
    let mut mailboxes: Vec<Mailbox> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let headers = structure
        .part(0)
        .map(|part| part.headers.as_slice())
        .unwrap_or_default();
    for header in headers.iter().filter(|header| header.name == name) {
        let range = header.offset_start as usize..header.offset_end as usize;
        for mailbox in field(structure, structure.raw.get(range).unwrap_or_default(), notes) {
            if mailboxes.len() < MAX_ADDRESSES && seen.insert(mailbox.address.clone()) {
                mailboxes.push(mailbox);
            }
        }
    }
    mailboxes
}

fn field(structure: &Structure<'_>, bytes: &[u8], notes: &mut Notes) -> Vec<Mailbox> {
    let (bytes, text) = one_word_each(bytes, structure.hints);
    notes.add_reading(Place::Person, text.guessed, text.lost);
    let mut line = mended(&String::from_utf8_lossy(&bytes));
    line.push_str("\r\n");
    let is_framed = line.contains('<');
    match MessageStream::new(line.as_bytes()).parse_address() {
        HeaderValue::Address(addresses) => addresses
            .iter()
            .filter_map(|addr| mailbox(addr, is_framed))
            .collect(),
        _ => Vec::new(),
    }
}

/// `is_framed`: whether the field has an address in angle brackets. Then what stands outside of them is no address,
/// whatever it looks like.
fn mailbox(addr: &Addr<'_>, is_framed: bool) -> Option<Mailbox> {
    let adorns = |c: char| c.is_whitespace() || c == '<' || c == '>';
    let name = addr
        .name()
        .map(|name| one_line(name).trim_matches(adorns).to_owned());
    let name = name.filter(|name| !name.is_empty());
    let written = addr.address().unwrap_or_default();
    // Some write the address where the name belongs, or within a comment, or both as one.
    let elsewhere = || found_in(&format!("{written} {}", name.as_deref().unwrap_or_default()));
    match clean_address(written) {
        Some(address) if address.contains('@') => {
            let is_both = name.is_none() && !is_framed && written.contains(char::is_whitespace);
            let name = if is_both { elsewhere()?.name } else { name };
            Some(Mailbox {
                name,
                address: with_quotes(address),
            })
        }
        Some(address) if is_framed => Some(Mailbox { name, address }),
        Some(address) => elsewhere().or(Some(Mailbox { name, address })),
        None => {
            let alone = || clean_address(name.as_deref().filter(|name| name.contains('@'))?);
            elsewhere().or_else(|| alone().map(Mailbox::new))
        }
    }
}

/// The address without white space and control characters, its domain in lower case and in its ASCII form.
pub(crate) fn clean_address(address: &str) -> Option<String> {
    // Two addresses without a comma between them: the first. White space within one: none.
    let whole =
        |word: &&str| word.trim_matches('<').find('@').is_some_and(|at| at > 0) && !word.ends_with('@');
    let address = address.split_whitespace().find(whole).unwrap_or(address);
    let address: String = address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    let pieces = || {
        address
            .split(['<', '>'])
            .map(|piece| piece.trim_matches([',', ';']))
    };
    let address = pieces()
        .find(|piece| piece.contains('@'))
        .or_else(|| pieces().find(|piece| !piece.is_empty()))
        .unwrap_or_default();
    let address = without_scheme(without_frame(address));
    if address.is_empty() || address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    Some(match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", one_domain(domain)),
        None => address.to_owned(),
    })
}

/// The domain in the one form in which it is looked up: a name in other letters has two (RFC 5891).
fn one_domain(domain: &str) -> String {
    let domain = domain.trim_end_matches('.').to_lowercase();
    if domain.is_ascii() {
        return domain;
    }
    idna::domain_to_ascii(&domain).unwrap_or(domain)
}

/// The address without brackets or quotes around it.
fn without_frame(address: &str) -> &str {
    let frames = [
        ('[', ']'),
        ('\'', '\''),
        ('(', ')'),
        ('{', '}'),
        ('\u{2018}', '\u{2019}'),
    ];
    let framed = |(open, close): (char, char)| address.strip_prefix(open)?.strip_suffix(close);
    frames
        .into_iter()
        .find_map(framed)
        .filter(|inner| inner.contains('@'))
        .unwrap_or(address)
}

/// What some programs write before an address.
const SCHEMES: &[&str] = &["url:mailto:", "mailto:", "smtp:", "e-mail:", "email:", "mail:"];

/// The address without what says that it is one.
pub(super) fn without_scheme(address: &str) -> &str {
    let scheme = SCHEMES.iter().find(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    scheme.map_or(address, |scheme| &address[scheme.len()..])
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
            ("ann@a.example<mailto:ann@a.example", Some("ann@a.example")),
            ("MAILER-DAEMON", Some("MAILER-DAEMON")),
            ("mailto:ann@a.example", Some("ann@a.example")),
            ("SMTP:ann@a.example", Some("ann@a.example")),
            ("[ann@a.example]", Some("ann@a.example")),
            ("'ann@a.example'", Some("ann@a.example")),
            ("o'neill@a.example", Some("o'neill@a.example")),
            ("ann@[192.0.2.1]", Some("ann@[192.0.2.1]")),
            ("ann@b\u{fc}cher.example", Some("ann@xn--bcher-kva.example")),
            ("ann@BU\u{308}CHER.Example", Some("ann@xn--bcher-kva.example")),
            ("ann@XN--BCHER-KVA.example", Some("ann@xn--bcher-kva.example")),
            (
                "ann@\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}",
                Some("ann@xn--e1afmkfd.xn--p1ai"),
            ),
            ("<>", None),
            (" ", None),
        ] {
            assert_eq!(clean_address(address).as_deref(), expected, "{address}");
        }
    }
}
