//! What mail systems write, as phrases in lower case. Matched within text that is lower case with single spaces.

/// Text in the form that phrases are matched in.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(
            word.chars()
                .map(|c| if c == '\u{2019}' { '\'' } else { c })
                .flat_map(char::to_lowercase),
        );
    }
    folded
}

pub(super) fn any(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| folded.contains(phrase))
}

/// Whether the text calls the failure final in as many words.
pub(super) fn says_permanent(text: &str) -> bool {
    any(&folded(text), PERMANENT)
}

const PERMANENT: &[&str] = &[
    "permanent error",
    "permanent failure",
    "permanent fatal error",
    "permanent delivery error",
    "failed permanently",
    "i've given up",
    "giving up",
    "not going to try again",
    "no further delivery attempts",
    "will not try to redeliver",
    "delivery attempts have been terminated",
];

/// What tells a mail that was not delivered from a parcel.
pub(super) const OF_MAIL: &[&str] = &[
    "your mail",
    "your message",
    "your e-mail",
    "your email",
    "the mail",
    "the message",
    "the e-mail",
    "the email",
    "this mail",
    "this message",
    "mailbox",
    "\u{30e1}\u{30fc}\u{30eb}",
];

/// Sentences of notices of delay.
pub(super) const DELAYS: &[&str] = &[
    "this is a warning only",
    "this is a warning message only",
    "do not need to resend",
    "has been delayed",
    "has not yet been delivered",
    "have not yet received your message",
    "will be retried",
    "still undelivered",
    "is delayed for more",
    "message is delayed",
    "retries will continue",
    "not been delivered yet",
    "still being retried",
    "temporarily deferred",
    "will continue trying",
    "delivery attempts will continue",
    "will keep trying",
    "notification about a delay",
    "delivery incomplete",
    "temporary problem delivering",
];
