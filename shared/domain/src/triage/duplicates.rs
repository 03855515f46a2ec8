//! Likely duplicates: whether two tickets of one requester say nearly the same.
//!
//! The measure is the Jaccard index over word shingles (A. Broder, "On the resemblance and containment of documents",
//! 1997): of all runs of [`SHINGLE_WORDS`] words that either text has, the share that both have. It is not moved by where in
//! a text the words stand, and little by a greeting, a changed number or a line that was added. Words are compared
//! without case and punctuation.
//!
//! It answers with a hint. Nothing is merged by it, and only tickets of the same requester are compared.

use crate::TicketNumber;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Words of a shingle. Single words of two letters about one product are mostly the same; runs of five break at each slip.
const SHINGLE_WORDS: usize = 3;
/// Most words of a text that are compared: what a person writes at once. The rest are logs and what was passed on.
const MOST_WORDS: usize = 600;
/// Fewest words of a text that say something by themselves: "it does not work" is written about anything. A shorter one
/// is the same only word for word, under the same subject.
const FEWEST_WORDS: usize = 8;
/// From this share on two texts are nearly the same, in percent. The same text sent again with another greeting and one
/// changed word of thirty has some 75; two texts about one fault in words of their own have fewer than 30.
const SAME_TEXT_PERCENT: u8 = 60;
/// The same, where the subjects are equal too: then the texts need only resemble each other.
const SAME_SUBJECT_PERCENT: u8 = 35;

/// What stands at the head of a subject that answers or passes on, in the languages whose mail programs write it.
const PREFIXES: [&str; 10] = ["re", "aw", "fw", "fwd", "wg", "sv", "vs", "tr", "rv", "antw"];

/// A ticket that seems to say the same as another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelyDuplicate {
    /// The earlier ticket.
    pub ticket: TicketNumber,
    /// The share of word shingles that both texts have, in percent.
    pub likeness_percent: u8,
    /// Whether the subjects are equal, but for case, punctuation and `Re:`.
    pub same_subject: bool,
}

/// The words of a ticket, ready to be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    subject: Vec<String>,
    text: Vec<String>,
}

impl Words {
    /// Of a subject, and of what its writer said themselves.
    pub fn of(subject: &str, text: &str) -> Self {
        let mut subject = words(subject);
        let kept = subject.iter().position(|word| !PREFIXES.contains(&word.as_str()));
        subject.drain(..kept.unwrap_or(subject.len()));
        Self {
            subject,
            text: words(text),
        }
    }

    /// Whether an earlier ticket with these words says nearly the same, and how much so.
    pub fn duplicates(&self, earlier: TicketNumber, words: &Self) -> Option<LikelyDuplicate> {
        let same_subject = !self.subject.is_empty() && self.subject == words.subject;
        let is_short = self.text.len().min(words.text.len()) < FEWEST_WORDS;
        let (needed, likeness_percent) = match (same_subject, is_short) {
            (true, true) if self.text == words.text => (100, 100),
            (_, true) => return None,
            (true, false) => (SAME_SUBJECT_PERCENT, likeness_percent(&self.text, &words.text)),
            (false, false) => (SAME_TEXT_PERCENT, likeness_percent(&self.text, &words.text)),
        };
        (likeness_percent >= needed).then_some(LikelyDuplicate {
            ticket: earlier,
            likeness_percent,
            same_subject,
        })
    }
}

/// The share of word shingles that two texts have in common, in percent, rounded down; 0 where one has none.
pub fn likeness_percent(one: &[String], other: &[String]) -> u8 {
    let (one, other) = (shingles(one), shingles(other));
    let common = one.intersection(&other).count();
    let all = one.len() + other.len() - common;
    (common * 100)
        .checked_div(all)
        .and_then(|percent| u8::try_from(percent).ok())
        .unwrap_or(0)
}

fn shingles(words: &[String]) -> BTreeSet<&[String]> {
    words.windows(SHINGLE_WORDS).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAULT: &str = "Since this morning the printer on the second floor prints every page twice. We changed the \
        paper and turned it off and on, and it still does so. Can somebody have a look at it today?";

    fn compared(one: (&str, &str), other: (&str, &str)) -> Option<LikelyDuplicate> {
        Words::of(one.0, one.1).duplicates(TicketNumber(7), &Words::of(other.0, other.1))
    }

    #[test]
    fn a_text_sent_again_under_another_subject_is_a_likely_duplicate() {
        let again = format!("Hello again,\n\n{}", FAULT.replace("today", "now"));
        let found = compared(("Second try", &again), ("Printer", FAULT)).unwrap();
        assert_eq!((found.ticket, found.same_subject), (TicketNumber(7), false));
        assert!(
            found.likeness_percent >= SAME_TEXT_PERCENT,
            "{}",
            found.likeness_percent
        );
    }

    #[test]
    fn the_same_text_is_wholly_alike_whatever_its_case_and_line_breaks() {
        let other = FAULT.to_uppercase().replace(' ', "\n");
        let found = compared(("Printer", FAULT), ("RE: printer!", &other)).unwrap();
        assert_eq!((found.likeness_percent, found.same_subject), (100, true));
    }

    #[test]
    fn another_fault_of_the_same_machine_is_none() {
        let other = "The printer on the second floor has no toner left and shows a red light. Can somebody bring a new \
            cartridge, and tell us where the old ones go? We print the invoices on Friday.";
        assert_eq!(compared(("Printer", other), ("Printer", FAULT)), None);
    }

    #[test]
    fn an_equal_subject_asks_for_less_of_the_text() {
        let kept = "Since this morning the printer on the second floor prints every page twice.";
        let longer =
            format!("{kept} It is the one beside the kitchen, and nobody has touched it for a week or so.");
        let likeness = likeness_percent(&words(kept), &words(&longer));
        assert!(
            (SAME_SUBJECT_PERCENT..SAME_TEXT_PERCENT).contains(&likeness),
            "{likeness}"
        );
        assert!(compared(("Printer", kept), ("printer", &longer)).is_some());
        assert!(compared(("Printer", kept), ("Twice", &longer)).is_none());
    }

    #[test]
    fn a_few_words_are_the_same_only_word_for_word_under_the_same_subject() {
        let seven = "It does not work please help me";
        assert_eq!(compared(("Printer", seven), ("Scanner", seven)), None);
        assert_eq!(
            compared(("Printer", seven), ("Printer", &seven.replace("please", "now"))),
            None
        );
        assert!(compared(("Printer", seven), ("Re: Printer", seven)).is_some());
        assert_eq!(compared(("", seven), ("", seven)), None);
        let eight = "It does not work please help me now";
        assert!(compared(("Printer", eight), ("Scanner", eight)).is_some());
    }

    #[test]
    fn texts_without_a_shingle_have_nothing_in_common() {
        assert_eq!(likeness_percent(&words("a b"), &words("a b")), 0);
        assert_eq!(likeness_percent(&words("a b c"), &words("a b c")), 100);
        assert_eq!(likeness_percent(&words("a b c d"), &words("b c d e")), 33);
    }
}
