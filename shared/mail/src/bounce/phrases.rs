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

/// Subjects of notices of failure or delay.
pub(super) const SUBJECTS: &[&str] = &[
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery notification",
    "delivery report",
    "delivery status",
    "delivery problem",
    "delivery delayed",
    "delivery error",
    "failure delivery",
    "failed delivery",
    "failed mail",
    "failure notice",
    "mail failure",
    "mail failed",
    "mail not delivered",
    "mail could not be delivered",
    "message could not be delivered",
    "could not send message",
    "mail system error",
    "message you sent blocked",
    "not delivered",
    "returned mail",
    "returned to sender",
    "returning message to sender",
    "error during delivery",
    "warning: message",
    "delayed mail",
    "message delayed",
    "unable to deliver",
    "rejected mail",
    "mail rejected",
    "nondeliverable",
    "non-delivery",
    "non remis",
    "non distribu",
    "echec de",
    "\u{e9}chec de la remise",
    "nicht zugestellt",
    "unzustellbar",
    "zustellung fehlgeschlagen",
    "no se puede entregar",
    "no entregado",
    "mensaje devuelto",
    "n\u{e3}o entregue",
    "n\u{e3}o \u{e9} poss\u{ed}vel entregar",
    "impossibile recapitare",
    "mancata consegna",
    "onbestelbaar",
    "kan niet worden bezorgd",
    "niedostarczone",
    "\u{43d}\u{435} \u{434}\u{43e}\u{441}\u{442}\u{430}\u{432}\u{43b}\u{435}\u{43d}",
    "\u{43d}\u{435}\u{434}\u{43e}\u{441}\u{442}\u{430}\u{432}\u{43b}\u{435}\u{43d}",
    "\u{914d}\u{4fe1}\u{3067}\u{304d}\u{307e}\u{305b}\u{3093}",
    "\u{914d}\u{4fe1}\u{4e0d}\u{80fd}",
    "\u{30e1}\u{30fc}\u{30eb}\u{30a8}\u{30e9}\u{30fc}",
    "\u{9000}\u{4fe1}",
    "\u{6295}\u{9012}\u{5931}\u{8d25}",
];

/// Sentences of notices of failure.
pub(super) const FAILURES: &[&str] = &[
    "could not be delivered",
    "trouble delivering",
    "problem delivering",
    "could not be sent",
    "rejected recipient",
    "receiver not found",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "could not deliver",
    "couldn't deliver",
    "not able to deliver",
    "wasn't able to deliver",
    "unable to deliver",
    "undeliverable",
    "was not delivered",
    "wasn't delivered",
    "not been delivered",
    "not delivered to",
    "was not relayed",
    "did not reach",
    "delivery has failed",
    "delivery failed",
    "delivery to the following",
    "delivery failure",
    "error delivering your mail",
    "attempting to deliver a message",
    "trying to deliver the mail",
    "had delivery errors",
    "had delivery problems",
    "fatal errors",
    "failed recipients",
    "failed addresses",
    "failure reasons",
    "error-for:",
    "was rejected by a remote mail server",
    "rejected your message",
    "did not receive your message",
    "did not receive this message",
    "address not found",
    "message blocked",
    "message not delivered",
    "unknown user:",
    "invalid final delivery userid",
    "user unknown",
    "no such user",
    "did not exactly match",
    "error message below",
    "account is disabled",
    "mailbox is full",
    "mailbox full",
    "returned to sender",
    "has been failed",
    "n'a pas pu etre",
    "n'a pas pu \u{ea}tre",
    "konnte nicht zugestellt",
    "nicht zugestellt werden",
    "no pudo ser entregado",
    "no se pudo entregar",
    "n\u{e3}o p\u{f4}de ser entregue",
    "non \u{e8} stato possibile recapitare",
    "kon niet worden bezorgd",
    "\u{43d}\u{435} \u{43c}\u{43e}\u{436}\u{435}\u{442} \u{431}\u{44b}\u{442}\u{44c} \u{434}\u{43e}\u{441}\u{442}\u{430}\u{432}\u{43b}\u{435}\u{43d}\u{43e}",
    "\u{9001}\u{4fe1}\u{3067}\u{304d}\u{307e}\u{305b}\u{3093}",
    "\u{914d}\u{4fe1}\u{3067}\u{304d}\u{307e}\u{305b}\u{3093}",
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
