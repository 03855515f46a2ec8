//! Addresses in forms that no standard knows and senders write: brackets of another kind, a scheme before them; and one
//! that the standard knows and the parser does not: a local part in quotes.

use super::addresses::{clean_address, without_scheme};
use crate::inbound::Mailbox;

/// Stands around a local part in quotes while the parser must not see it; private, so that no sender means it.
const GUARD: char = '\u{f8f0}';

/// Longest local part in quotes.
const MAX_LOCAL_BYTES: usize = 128;

/// The value of an address field in a form that its parser reads.
pub(super) fn mended(value: &str) -> String {
    if !value.contains('<') && value.contains("&lt;") {
        // Written by a program that took it for HTML.
        return mended(&value.replace("&lt;", "<").replace("&gt;", ">"));
    }
    let mut mended = String::with_capacity(value.len());
    let mut rest = value;
    // Whether the mailbox that is read has its address in angle brackets, here or further on.
    let mut has_angle = has_angle_ahead(rest);
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '"' => {
                let (quoted, tail) = quoted(after);
                rest = tail;
                if tail.starts_with('@') && quoted.len() <= MAX_LOCAL_BYTES {
                    push_local(&mut mended, quoted);
                } else {
                    mended.push('"');
                    mended.push_str(&value[value.len() - after.len()..value.len() - tail.len()]);
                }
                continue;
            }
            ',' | ';' => {
                has_angle = has_angle_ahead(after);
                mended.push(c);
            }
            '<' => {
                mended.push(c);
                rest = without_scheme(after.trim_start());
                continue;
            }
            '>' if has_angle_ahead(after) => {
                // The comma before the next one is missing.
                mended.push_str(">,");
                rest = after;
                continue;
            }
            '[' if !has_angle && !mended.ends_with('@') => {
                if let Some((address, tail)) = bracketed(after) {
                    mended.push_str(" <");
                    mended.push_str(without_scheme(address));
                    mended.push('>');
                    rest = tail;
                    continue;
                }
                mended.push(c);
            }
            _ if starts_word(&mended)
                && without_scheme(rest).len() < rest.len()
                && is_address_ahead(without_scheme(rest)) =>
            {
                rest = without_scheme(rest);
                continue;
            }
            '\u{ff20}' => mended.push('@'),
            c => mended.push(c),
        }
        rest = after;
    }
    mended
}

/// Longest mailbox looked through for its brackets.
const MAX_LOOKED_BYTES: usize = 500;

fn has_angle_ahead(rest: &str) -> bool {
    let mut in_quotes = false;
    for byte in rest.bytes().take(MAX_LOOKED_BYTES) {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'<' if !in_quotes => return true,
            b',' | b';' if !in_quotes => return false,
            _ => {}
        }
    }
    false
}

fn starts_word(mended: &str) -> bool {
    mended
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ';'))
}

/// Whether an address stands here, up to white space.
fn is_address_ahead(rest: &str) -> bool {
    let mut bytes = rest
        .bytes()
        .take(MAX_LOOKED_BYTES)
        .take_while(|byte| !byte.is_ascii_whitespace() && *byte != b',');
    bytes.position(|byte| byte == b'@').is_some_and(|at| at > 0)
}

/// The text in quotes, whose first is gone, as it was meant, and what follows.
fn quoted(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    (text, "")
}

/// The address in square brackets, whose first is gone, and what follows.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let looked = &bytes[..bytes.len().min(MAX_LOOKED_BYTES)];
    let end = looked.iter().position(|byte| matches!(byte, b'[' | b']'))?;
    let address = text[..end].trim();
    let is_address = address.find('@').is_some_and(|at| at > 0) && !address.contains(char::is_whitespace);
    (is_address && bytes[end] == b']').then(|| (address, &text[end + 1..]))
}

/// Adds a local part in quotes: without them where it needs none, else hidden from the parser.
fn push_local(mended: &mut String, local: &str) {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(c);
    let dots_are_inner = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    if !local.is_empty() && dots_are_inner && local.chars().all(is_atom) {
        mended.push_str(local);
        return;
    }
    mended.push(GUARD);
    for byte in local.bytes() {
        mended.push_str(&format!("{byte:02x}"));
    }
    mended.push(GUARD);
}

/// The address with a local part that was hidden from the parser.
pub(super) fn with_quotes(address: String) -> String {
    let hidden = || {
        let (hex, domain) = address.strip_prefix(GUARD)?.split_once(GUARD)?;
        let bytes = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        let local = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
        let is_plain = !local.contains(char::is_control);
        is_plain.then(|| format!("\"{local}\"{domain}"))
    };
    hidden().unwrap_or(address)
}

/// Longest name kept of what is taken apart here, in characters.
const MAX_NAME_CHARS: usize = 200;

/// The address that stands somewhere in a text, and the name before it.
pub(super) fn found_in(text: &str) -> Option<Mailbox> {
    let is_local = |c: char| c.is_alphanumeric() || "._%+-=&'/!#$?^{}~".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    let (sign, _) = text
        .match_indices('@')
        .find(|(at, _)| text[..*at].ends_with(is_local) && text[at + 1..].starts_with(is_domain))?;
    let start = text[..sign].trim_end_matches(is_local).len();
    let end = text[sign + 1..]
        .find(|c| !is_domain(c))
        .map_or(text.len(), |end| sign + 1 + end);
    let address = clean_address(
        text[start..end]
            .trim_end_matches(['.', '-'])
            .trim_start_matches('\''),
    )?;
    let adorns = |c: char| {
        c.is_whitespace() || c.is_control() || "<>[](){}*\"'\u{ab}\u{bb}\u{201c}\u{201d}:".contains(c)
    };
    let name: String = text[..start]
        .trim_matches(adorns)
        .chars()
        .take(MAX_NAME_CHARS)
        .collect();
    let name = name
        .strip_suffix("mailto")
        .unwrap_or(&name)
        .trim_matches(adorns)
        .to_owned();
    Some(Mailbox {
        name: Some(name).filter(|name| !name.is_empty()),
        address,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_forms_become_the_one_form() {
        for (value, expected) in [
            ("Ann <mailto:ann@a.example>", "Ann <ann@a.example>"),
            ("Ann < SMTP:ann@a.example>", "Ann <ann@a.example>"),
            ("Ann [ann@a.example]", "Ann  <ann@a.example>"),
            (
                "Ann [mailto:ann@a.example], Bob [bob@b.example]",
                "Ann  <ann@a.example>, Bob  <bob@b.example>",
            ),
            ("mailto:ann@a.example", "ann@a.example"),
            ("\"ann\"@a.example", "ann@a.example"),
            ("Team: a@b.example;", "Team: a@b.example;"),
            ("Mail: a@b.example;", "Mail: a@b.example;"),
            ("Ann [Sales] <ann@a.example>", "Ann [Sales] <ann@a.example>"),
            (
                "Ann [ann@a.example] <ann@b.example>",
                "Ann [ann@a.example] <ann@b.example>",
            ),
            ("\"Ann [x@y]\" <ann@a.example>", "\"Ann [x@y]\" <ann@a.example>"),
            ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
            (
                "Ann <a@a.example> Bob <b@b.example>",
                "Ann <a@a.example>, Bob <b@b.example>",
            ),
            ("Ann &lt;ann@a.example&gt;", "Ann <ann@a.example>"),
            ("\"Ann", "\"Ann"),
            ("ann\u{ff20}a.example", "ann@a.example"),
        ] {
            assert_eq!(mended(value), expected, "{value}");
        }
    }

    #[test]
    fn a_local_part_in_quotes_comes_back() {
        let hidden = mended("\"a b\"@a.example");
        assert!(!hidden.contains(' '), "{hidden}");
        assert_eq!(with_quotes(hidden), "\"a b\"@a.example");
        assert_eq!(
            with_quotes("\u{f8f0}zz\u{f8f0}@a".to_owned()),
            "\u{f8f0}zz\u{f8f0}@a"
        );
    }

    #[test]
    fn an_address_is_found_in_a_text() {
        for (text, name, address) in [
            ("Ann <ann@a.example>", Some("Ann"), "ann@a.example"),
            ("ann (ann@a.example)", Some("ann"), "ann@a.example"),
            ("ann@a.example.", None, "ann@a.example"),
        ] {
            let found = found_in(text).unwrap();
            assert_eq!(
                (found.name.as_deref(), found.address.as_str()),
                (name, address),
                "{text}"
            );
        }
        assert_eq!(found_in("Ann @ home"), None);
    }
}
