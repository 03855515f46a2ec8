//! Where a notice ends and the mail it returns begins.

use super::fields::field_of;
use super::phrases::{self, folded};

/// Where the returned mail begins in a text: at a line that announces it, or its first header field.
pub(super) fn end_of_notice(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if announces_the_mail(line) || begins_the_mail(line) {
            return at;
        }
        at += line.len();
    }
    text.len()
}

fn begins_the_mail(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t', '|']);
    field_of(line).is_some_and(|(name, value)| {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "received" => value.contains(" by ") || value.contains("from ") || value.trim().is_empty(),
            "return-path" | "dkim-signature" | "x-received" | "arc-seal" | "x-google-smtp-source" => true,
            _ => false,
        }
    })
}

fn announces_the_mail(line: &str) -> bool {
    let line = line.trim().trim_start_matches('>').trim_start();
    let ruled = line.starts_with(['-', '=', '*', '|', '_', '#', '~']);
    let words = folded(line.trim_matches(|c: char| !c.is_alphanumeric()));
    if words.len() > 120 || words.contains("was received") {
        return false;
    }
    ruled && phrases::any(&words, RULED) || UNRULED.iter().any(|start| words.starts_with(start))
}

/// What a rule between notice and mail says.
const RULED: &[&str] = &[
    "below this line",
    "below the next line",
    "original message",
    "original mail",
    "copy of the message",
    "copy of your message",
    "returned mail",
    "returned message",
    "message header",
    "header of the",
    "message text follows",
    "unsent message",
    "message follows",
    "mensaje original",
    "mensagem original",
    "message d'origine",
    "message original",
    "messaggio originale",
    "urspr\u{fc}ngliche nachricht",
    "oorspronkelijk bericht",
    "\u{43a}\u{43e}\u{43f}\u{438}\u{44f} \u{441}\u{43e}\u{43e}\u{431}\u{449}\u{435}\u{43d}\u{438}\u{44f}",
];

/// How a sentence that announces the mail begins.
const UNRULED: &[&str] = &[
    "original message follows",
    "original message headers",
    "original message as received",
    "original mail as follows",
    "below is a copy",
    "below this line",
    "message header follows",
    "message headers follow",
    "included is a copy",
    "the original message follows",
    "a copy of the original message",
    "here is a copy of",
    "the header of the original",
];
