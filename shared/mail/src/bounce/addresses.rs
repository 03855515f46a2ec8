//! Addresses within text.

/// Longest local part and domain looked at (RFC 5321, section 4.5.3.1 allows 64 and 255; return paths are longer).
const MAX_LOCAL_BYTES: usize = 200;
const MAX_DOMAIN_BYTES: usize = 255;

/// An address and where it stands, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) address: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The addresses of a line, in order.
pub(super) fn addresses(line: &str) -> Vec<Found> {
    let bytes = line.as_bytes();
    let mut found: Vec<Found> = Vec::new();
    for (at, _) in line.match_indices('@') {
        let after_last = found.last().map_or(0, |last| last.end);
        let earliest = after_last.max(at.saturating_sub(MAX_LOCAL_BYTES));
        let local = bytes[earliest..at]
            .iter()
            .rev()
            .take_while(|b| is_local(**b))
            .count();
        let rest = &bytes[at + 1..bytes.len().min(at + 1 + MAX_DOMAIN_BYTES)];
        let mut domain = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b))
            .count();
        while domain > 0 && b".-".contains(&rest[domain - 1]) {
            domain -= 1;
        }
        let (mut start, end) = (at - local, at + 1 + domain);
        // `dda:SMTP=ann@b.example`, `'ann@b.example'`
        if let Some(equals) = line
            .get(start..at)
            .and_then(|local| local.to_ascii_lowercase().rfind("smtp="))
        {
            start += equals + 5;
        }
        while start < at && b"'.`".contains(&bytes[start]) {
            start += 1;
        }
        let (Some(local), Some(domain)) = (line.get(start..at), line.get(at + 1..end)) else {
            continue;
        };
        let is_domain = domain.contains('.') && !domain.contains("..") && !domain.starts_with(['.', '-']);
        let cut = line[..start].chars().next_back().is_some_and(is_foreign_letter)
            || line[end..].chars().next().is_some_and(is_foreign_letter);
        if !local.is_empty() && is_domain && !cut {
            found.push(Found {
                address: line[start..end].to_owned(),
                start,
                end,
            });
        }
    }
    found
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

/// Whether a letter would belong to an address of RFC 6531, of which only a piece was found. Scripts without case
/// (Chinese, Japanese) are written without a space before an address, so their letters say nothing.
fn is_foreign_letter(letter: char) -> bool {
    !letter.is_ascii() && (letter.is_lowercase() || letter.is_uppercase())
}

/// The address of a field's value: the one in angle brackets, else the first. An address in other letters than ASCII
/// (RFC 6531) counts if it is the first word.
pub(super) fn address_in(value: &str) -> Option<String> {
    let bracketed = value
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map(|(inner, _)| inner.trim());
    let candidate = bracketed.unwrap_or(value);
    let found = addresses(candidate).into_iter().next().map(|found| found.address);
    found
        .or_else(|| international(candidate))
        .or_else(|| addresses(value).into_iter().next().map(|found| found.address))
}

fn international(value: &str) -> Option<String> {
    let word = value
        .split_whitespace()
        .next()?
        .trim_matches(['<', '>', '"', '\'', ',', ';']);
    let (local, domain) = word.rsplit_once('@')?;
    let fits = local.len() <= MAX_LOCAL_BYTES && domain.len() <= MAX_DOMAIN_BYTES;
    let sound = !local.is_empty() && domain.contains('.') && !word.chars().any(char::is_control);
    (!word.is_ascii() && fits && sound).then(|| word.to_owned())
}

/// Whether two addresses are the same to us: case never tells two of our contacts apart.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let found: Vec<String> = addresses(line).into_iter().map(|found| found.address).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn addresses_are_found_in_prose() {
        check("<ann@b.example>: unknown", &["ann@b.example"]);
        check("write to ann@b.example.", &["ann@b.example"]);
        check(
            "ann@b.example<mailto:ann@b.example>",
            &["ann@b.example", "ann@b.example"],
        );
        check("Recipient: [SMTP:ann@b.example]", &["ann@b.example"]);
        check("c=US;dda:SMTP=ann@b.example; on Friday", &["ann@b.example"]);
        check("to 'ann@b.example'", &["ann@b.example"]);
        check("a@b @c.example x@ @ d@e.example", &["d@e.example"]);
        check("\u{ff1c}ann@b.example\u{ff1e}", &["ann@b.example"]);
    }

    #[test]
    fn a_piece_of_an_international_address_is_none() {
        check("j\u{fc}rgen@b.example", &[]);
        check("ann@b.example\u{fc}", &[]);
        check("\u{5b9b}\u{5148}ann@b.example\u{69d8}", &["ann@b.example"]);
    }

    #[test]
    fn the_address_of_a_field_may_be_international() {
        for (value, expected) in [
            (
                "j\u{fc}rgen@b\u{fc}cher.example",
                Some("j\u{fc}rgen@b\u{fc}cher.example"),
            ),
            (
                "J\u{fc}rgen <j\u{fc}rgen@b.example>",
                Some("j\u{fc}rgen@b.example"),
            ),
            ("<ann@b.example> (Ann)", Some("ann@b.example")),
            ("Ann ann@b.example", Some("ann@b.example")),
            ("nobody", None),
        ] {
            assert_eq!(address_in(value).as_deref(), expected, "{value}");
        }
    }
}
