//! Answers that can be taken back: those that wait beside the thread, the notice that says so on the next page, and the text of one
//! that was taken back or could not be saved, in the form again.

use super::typed::Typed;
use crate::{
    directions::isolated,
    names::Names,
    words::{self, Moment},
};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    contact::tells::Tells,
    outbox::{RecallState, RecallableAnswer},
};
use std::fmt;

/// An answer that waits.
pub struct Waiting {
    /// Its name, as addresses have it.
    pub name: String,
    pub author: String,
    /// What it is, a reply or something that is forwarded, and whose.
    pub what: String,
    /// Its words, or how they begin.
    pub text: String,
    pub when: Moment,
    /// Whether whoever looks wrote it, and can take it back.
    pub is_mine: bool,
    /// For how long it waits, in seconds.
    pub seconds: i64,
}

impl Waiting {
    /// The place below its ticket where it is taken back.
    pub fn recall(&self) -> String {
        format!("answers/{}/recall", self.name)
    }

    /// An answer with its words.
    pub fn of(answer: &RecallableAnswer, text: String, me: PersonId, names: &Names, now: Timestamp) -> Self {
        let author = names.person(answer.id.author);
        Self {
            name: answer.id.name.clone(),
            what: match is_forward(answer) {
                true => t!("Forwarded mail by {author}, not sent yet", author),
                false => t!("Reply by {author}, not sent yet", author),
            },
            author,
            text,
            when: words::ago(answer.created_at, now),
            is_mine: answer.id.author == me,
            seconds: seconds_left(answer, now),
        }
    }
}

/// What an agent wrote that was not saved, to go on with.
pub struct Unsaved {
    /// Its name.
    pub name: String,
    /// Why it is here.
    pub why: String,
    /// The form with it.
    pub typed: Typed,
    /// The names of its files.
    pub files: Vec<String>,
    /// Whether the form holds something else: it is shown beside it then.
    pub is_apart: bool,
}

impl Unsaved {
    /// The place below its ticket where it is let go of.
    pub fn discard(&self) -> String {
        format!("answers/{}/discard", self.name)
    }

    /// The newest of an agent on a ticket; nothing where all were saved.
    pub fn newest(answers: &[RecallableAnswer], me: PersonId) -> Option<&RecallableAnswer> {
        let own = answers
            .iter()
            .filter(|answer| answer.id.author == me && !answer.waits());
        own.max_by_key(|answer| answer.created_at)
    }

    /// An answer with its words.
    pub fn of(answer: &RecallableAnswer, text: String) -> Self {
        let why = match (&answer.state, is_forward(answer)) {
            (RecallState::Refused { why }, false) => {
                t!(
                    "Your answer was not sent: {why}. Its text is below.",
                    why = isolated(why)
                )
            }
            (RecallState::Refused { why }, true) => {
                t!(
                    "It was not forwarded: {why}. Your text is below.",
                    why = isolated(why)
                )
            }
            (_, false) => t!("You took your answer back. Nothing was sent; its text is below.").to_owned(),
            (_, true) => t!("You took it back. Nothing was forwarded; your text is below.").to_owned(),
        };
        let files = answer.comment.attachments.iter();
        Self {
            name: answer.id.name.clone(),
            why,
            typed: Typed {
                restores: answer.id.name.clone(),
                ..Typed::again(text, &answer.form)
            },
            files: files.map(|file| file.name.clone()).collect(),
            is_apart: false,
        }
    }
}

/// Whether it is something that is forwarded, and no answer.
fn is_forward(answer: &RecallableAnswer) -> bool {
    answer.comment.tells.as_ref().and_then(Tells::forward).is_some()
}

/// Which answer an address says was just sent: the ticket and the name, with a dot between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JustSent {
    pub number: TicketNumber,
    pub name: String,
}

impl fmt::Display for JustSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.number, self.name)
    }
}

impl JustSent {
    /// The word that addresses say it under.
    pub const WORD: &'static str = "undo";

    /// What an address says; nothing where it says nothing, or nothing that can be.
    pub fn in_address(address: &str) -> Option<Self> {
        let (_, query) = address.split_once('?')?;
        let query = query.split('#').next()?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == Self::WORD)?;
        let (number, name) = value.split_once('.')?;
        Some(Self {
            number: number.parse().ok()?,
            name: name.to_owned(),
        })
    }
}

/// The notice that an answer can be taken back.
pub struct UndoNotice {
    /// What it says.
    pub words: String,
    /// Where it is taken back.
    pub action: String,
    /// For how long, in seconds.
    pub seconds: i64,
}

impl UndoNotice {
    /// The notice of an answer that waits.
    pub fn of(answer: &RecallableAnswer, now: Timestamp) -> Self {
        let id = &answer.id;
        Self {
            words: match is_forward(answer) {
                true => t!(
                    "What you forward from ticket {number} is sent in a moment.",
                    number = id.ticket
                ),
                false => t!(
                    "The answer to ticket {number} is sent in a moment.",
                    number = id.ticket
                ),
            },
            action: format!("/agent/tickets/{}/answers/{}/recall", id.ticket, id.name),
            seconds: seconds_left(answer, now),
        }
    }
}

/// For how long an answer waits, in seconds.
fn seconds_left(answer: &RecallableAnswer, now: Timestamp) -> i64 {
    (answer.send_at.as_second() - now.as_second()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_answer_was_sent() {
        let sent = JustSent {
            number: TicketNumber(12),
            name: "a1".to_owned(),
        };
        let address = format!("/agent/tickets/13?view=mine&undo={sent}#main");
        assert_eq!(JustSent::in_address(&address), Some(sent));
        for address in [
            "/agent/tickets",
            "/agent/tickets?undo=x",
            "/agent/tickets?undo=x.y",
        ] {
            assert_eq!(JustSent::in_address(address), None, "{address}");
        }
    }
}
