//! Where the verb of an introduction stands, and what stands before or behind it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::attribution::opens;
use super::line::{is_space, trim};
use super::words::{FIRST_PERSONS, INNER_VERBS, VERBS};

/// Most words between a verb in the middle and the colon: the name, the address, "the following".
const MAX_WORDS_AFTER_VERB: usize = 10;

type Verbs = HashMap<char, Vec<&'static str>>;

/// The verbs by their last letter: every line with a colon is asked for them.
static BY_LAST: LazyLock<Verbs> = LazyLock::new(|| by(VERBS.iter(), |verb| verb.chars().next_back()));

/// The verbs that stand before a name by their first letter.
static BY_FIRST: LazyLock<Verbs> =
    LazyLock::new(|| by(VERBS.iter().chain(INNER_VERBS), |verb| verb.chars().next()));

fn by(verbs: impl Iterator<Item = &'static &'static str>, letter: impl Fn(&str) -> Option<char>) -> Verbs {
    let mut sorted = Verbs::new();
    for verb in verbs {
        if let Some(letter) = letter(verb) {
            sorted.entry(letter).or_default().push(verb);
        }
    }
    sorted
}

/// The verbs of a letter.
fn of(verbs: &'static Verbs, letter: Option<char>) -> &'static [&'static str] {
    letter
        .and_then(|letter| verbs.get(&letter))
        .map_or(&[], Vec::as_slice)
}

/// The part before the verb a text ends with.
pub(super) fn ending_verb(text: &str) -> Option<&str> {
    of(&BY_LAST, text.chars().next_back())
        .iter()
        .filter_map(|verb| text.strip_suffix(verb))
        .find(|before| ends_word(before) || !text.is_ascii() && before.ends_with(|c: char| c > '\u{2e7f}'))
        .map(trim)
}

/// The part after a verb in the midst, when it is as short as a name with an address or a date.
pub(super) fn after_inner_verb(text: &str) -> Option<&str> {
    let starts = text.char_indices().filter(|(at, _)| ends_word(&text[..*at]));
    starts.map(|(at, _)| &text[at..]).find_map(|rest| {
        let mut verbs = of(&BY_FIRST, rest.chars().next()).iter();
        verbs.find_map(|verb| rest.strip_prefix(verb).filter(|after| names_somebody(after)))
    })
}

/// Whether the words behind a verb begin with a name or a date, as programs write them, and not with what a sentence goes
/// on with ("wrote to me", "schrieb dazu"). `after` is the end of `written` in lower case.
pub(super) fn begins_as_written(written: &str, after: &str) -> bool {
    let words = after.split(is_space).filter(|word| !word.is_empty()).count();
    let written: Vec<&str> = written.split(is_space).filter(|word| !word.is_empty()).collect();
    let first = written.len().checked_sub(words).and_then(|at| written.get(at));
    let is_name = first.is_some_and(|word| !word.starts_with(char::is_lowercase));
    let dated = after.split(is_space).filter(|word| !word.is_empty()).nth(1);
    is_name
        || opens(trim(after))
            && dated
                .is_some_and(|word| word.contains(char::is_numeric) || word.chars().count() <= MAX_DAY_CHARS)
}

/// Longest abbreviation of a weekday, its dot and comma included.
const MAX_DAY_CHARS: usize = 5;

/// Whether what follows a verb is as short as a name, and not the writer.
fn names_somebody(after: &str) -> bool {
    let mut words = after.split(is_space).filter(|word| !word.is_empty());
    let own_words = words
        .clone()
        .next()
        .is_some_and(|word| FIRST_PERSONS.contains(&word));
    after.starts_with(is_space) && !own_words && words.nth(MAX_WORDS_AFTER_VERB).is_none()
}

fn ends_word(before: &str) -> bool {
    !before.ends_with(char::is_alphanumeric)
}
