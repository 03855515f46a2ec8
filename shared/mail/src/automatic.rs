//! Did a machine write this mail? RFC 3834 and what practice added to it.
//!
//! Loops between two machines start when one of them answers automatic mail. A sign found here keeps the mail
//! on its ticket but lets it trigger nothing. Some headers stand on human mail too (groups, Exchange); alone
//! they only hold back our automatic mail.

use serde::{Deserialize, Serialize};

/// The header in which our own outgoing mail names its outbox item.
pub const OUTBOX_HEADER: &str = "X-Docket-Outbox";

/// The sign by which a mail was found to be automatic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomaticSign {
    /// Our own outbox header: this desk, or another one like it, wrote the mail.
    OwnOutbox,
    /// `Auto-Submitted` with a first token other than `no` (RFC 3834, section 5).
    AutoSubmitted,
    /// `multipart/report`: delivery status, disposition, feedback (RFC 6522).
    Report,
    /// The null return path (RFC 5321, section 4.5.5).
    NullReturnPath,
    /// `Precedence: bulk`, `junk` or `auto_reply`.
    Precedence,
    /// `X-Autoreply`.
    XAutoreply,
    /// `X-Autorespond`.
    XAutorespond,
    /// Written by mailer-daemon or postmaster.
    SystemSender,
}

impl AutomaticSign {
    /// The sign as people who know mail name it.
    pub fn words(self) -> &'static str {
        match self {
            AutomaticSign::OwnOutbox => "X-Docket-Outbox",
            AutomaticSign::AutoSubmitted => "Auto-Submitted",
            AutomaticSign::Report => "multipart/report",
            AutomaticSign::NullReturnPath => "no return path",
            AutomaticSign::Precedence => "Precedence",
            AutomaticSign::XAutoreply => "X-Autoreply",
            AutomaticSign::XAutorespond => "X-Autorespond",
            AutomaticSign::SystemSender => "a mail system as sender",
        }
    }

    /// The sign as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            AutomaticSign::OwnOutbox => "own_outbox",
            AutomaticSign::AutoSubmitted => "auto_submitted",
            AutomaticSign::Report => "report",
            AutomaticSign::NullReturnPath => "null_return_path",
            AutomaticSign::Precedence => "precedence",
            AutomaticSign::XAutoreply => "x_autoreply",
            AutomaticSign::XAutorespond => "x_autorespond",
            AutomaticSign::SystemSender => "system_sender",
        }
    }
}

/// A sign that only holds back our own automatic mail: the contact counts and reopens as any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldBackSign {
    /// `List-Id` (RFC 2919).
    ListId,
    /// `Precedence: list`.
    PrecedenceList,
    /// `X-Auto-Response-Suppress` with a value other than `None` (MS-OXCMAIL).
    AutoResponseSuppress,
}

impl HoldBackSign {
    /// The sign as people who know mail name it.
    pub fn words(self) -> &'static str {
        match self {
            HoldBackSign::ListId => "List-Id",
            HoldBackSign::PrecedenceList => "Precedence: list",
            HoldBackSign::AutoResponseSuppress => "X-Auto-Response-Suppress",
        }
    }

    /// The sign as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            HoldBackSign::ListId => "list_id",
            HoldBackSign::PrecedenceList => "precedence_list",
            HoldBackSign::AutoResponseSuppress => "auto_response_suppress",
        }
    }
}

/// The sign that a machine wrote the mail, the surest first, from its header fields (name, unfolded value) and
/// the envelope sender (`None` when unknown; then a `Return-Path` field counts).
pub fn automatic_sign(headers: &[(String, String)], mail_from: Option<&str>) -> Option<AutomaticSign> {
    if has(headers, OUTBOX_HEADER) {
        return Some(AutomaticSign::OwnOutbox);
    }
    if values(headers, "Auto-Submitted").any(|value| first_token(value) != "no") {
        return Some(AutomaticSign::AutoSubmitted);
    }
    if values(headers, "Content-Type")
        .next()
        .is_some_and(|value| first_token(value) == "multipart/report")
    {
        return Some(AutomaticSign::Report);
    }
    if null_return_path(headers, mail_from) {
        return Some(AutomaticSign::NullReturnPath);
    }
    if values(headers, "Precedence").any(|value| {
        matches!(
            first_token(value).as_str(),
            "bulk" | "junk" | "auto_reply" | "auto-reply"
        )
    }) {
        return Some(AutomaticSign::Precedence);
    }
    if values(headers, "X-Autoreply").any(is_yes) {
        return Some(AutomaticSign::XAutoreply);
    }
    if values(headers, "X-Autorespond").any(is_yes) {
        return Some(AutomaticSign::XAutorespond);
    }
    let system_from = values(headers, "From")
        .chain(values(headers, "Sender"))
        .any(is_system_sender);
    (system_from || mail_from.is_some_and(is_system_sender)).then_some(AutomaticSign::SystemSender)
}

/// Whether the mail is an answer that a machine gave (RFC 3834, section 5).
pub fn is_auto_replied(headers: &[(String, String)]) -> bool {
    values(headers, "Auto-Submitted").any(|value| first_token(value) == "auto-replied")
}

/// The sign that our automatic mail should be held back although a person may have written the mail.
pub fn hold_back_sign(headers: &[(String, String)]) -> Option<HoldBackSign> {
    if has(headers, "List-Id") {
        return Some(HoldBackSign::ListId);
    }
    if values(headers, "Precedence").any(|value| first_token(value) == "list") {
        return Some(HoldBackSign::PrecedenceList);
    }
    values(headers, "X-Auto-Response-Suppress")
        .any(|value| !matches!(value.trim().to_ascii_lowercase().as_str(), "" | "none"))
        .then_some(HoldBackSign::AutoResponseSuppress)
}

fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .iter()
        .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn has(headers: &[(String, String)], name: &str) -> bool {
    values(headers, name).next().is_some()
}

/// The first token of a value without comments and parameters, in lower case.
fn first_token(value: &str) -> String {
    let mut token = String::new();
    let mut comment_depth = 0_usize;
    for c in value.chars() {
        match c {
            '(' => comment_depth += 1,
            ')' if comment_depth > 0 => comment_depth -= 1,
            _ if comment_depth > 0 => {}
            c if c == ';' || c == ',' => break,
            c if c.is_whitespace() => {
                if !token.is_empty() {
                    break;
                }
            }
            c => token.extend(c.to_lowercase()),
        }
    }
    token
}

fn null_return_path(headers: &[(String, String)], mail_from: Option<&str>) -> bool {
    let path = match mail_from {
        Some(path) => path,
        None => match values(headers, "Return-Path").next() {
            Some(path) => path,
            None => return false,
        },
    };
    let path: String = path.chars().filter(|c| !c.is_whitespace()).collect();
    path.is_empty() && mail_from.is_some() || path == "<>"
}

/// These fields are set by responders with any text as value; a plain denial is taken at its word.
fn is_yes(value: &str) -> bool {
    !matches!(value.trim().to_ascii_lowercase().as_str(), "no" | "false" | "0")
}

fn is_system_sender(value: &str) -> bool {
    let address = match value.rfind('<') {
        // `MAILER-DAEMON <>`: the null return path beside the name of the machine.
        Some(open) if value[open + 1..].trim_start().starts_with('>') => &value[..open],
        Some(open) => value[open + 1..].split('>').next().unwrap_or_default(),
        None => value.split('(').next().unwrap_or_default(),
    };
    let local = address
        .trim()
        .split('@')
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches('"')
        .to_ascii_lowercase();
    matches!(local.as_str(), "mailer-daemon" | "postmaster")
}

#[cfg(test)]
#[path = "automatic_tests.rs"]
mod tests;
