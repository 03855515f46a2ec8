//! Labels of header lines, in the languages of mail programs.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::line::{is_colon, is_space, lower, trim};
use super::words::{DATE, FROM, OTHER, SENT, SUBJECT, TO};

/// Longest label in characters.
const MAX_LABEL_CHARS: usize = 30;

/// What a header line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Who sent it.
    From,
    /// When.
    Sent,
    /// To whom.
    To,
    /// What about.
    Subject,
    /// Says nothing of its own.
    Other,
}

/// The role of a labelled line, none when the label is not known, and its value.
pub(super) fn labelled(text: &str) -> Option<(Option<Role>, &str)> {
    let (label, value) = split_label(text)?;
    Some((role(&label), value))
}

/// Every known label with its role. A label of two roles has the first: `da` is "from" in Italian and "to" in Breton.
static ROLES: LazyLock<HashMap<&str, Role>> = LazyLock::new(|| {
    let known = [
        (Role::From, FROM),
        (Role::Sent, SENT),
        (Role::Sent, DATE),
        (Role::To, TO),
        (Role::Subject, SUBJECT),
        (Role::Other, OTHER),
    ];
    let mut roles = HashMap::new();
    for (role, words) in known {
        for word in words {
            roles.entry(*word).or_insert(role);
        }
    }
    roles
});

pub(super) fn role(label: &str) -> Option<Role> {
    ROLES.get(label).copied()
}

/// Label and value of "Label: value", the label in lower case. An address or a time of day is no label.
pub(super) fn split_label(text: &str) -> Option<(String, &str)> {
    let (at, colon) = text
        .char_indices()
        .take(MAX_LABEL_CHARS)
        .find(|(_, c)| is_colon(*c))?;
    let is_ornament = |c: char| is_space(c) || c == '*' || c == '_';
    let label = text[..at].trim_matches(is_ornament);
    let value = text[at + colon.len_utf8()..].trim_start_matches(is_ornament);
    let plain =
        !label.is_empty() && !label.contains(['@', '<', '"', '/']) && !label.ends_with(char::is_numeric);
    (plain && !value.starts_with("//") && label.split(' ').count() <= 4).then(|| (lower(trim(label)), value))
}
