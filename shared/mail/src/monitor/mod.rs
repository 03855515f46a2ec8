//! Mail of monitors: that something is wrong, and that it is over.
//!
//! A subject has a word for the state, and says in the other words what it is about. A state stands at the beginning, in
//! brackets, before a colon, behind an arrow or at the end; everywhere else the same word is part of a name. Without such a
//! word, or without anything to tell one incident from another, a mail is a mail like any other.

mod words;

use crate::{
    Mailbox,
    subject::{reply_subject, without_forward_prefixes},
};
use words::{BEFORE_A_STATE, PROGRAMS, SAY_NOTHING, STATES, WATCHING_LOCAL_PARTS};

/// Longest description of an incident, in characters.
const LONGEST_INCIDENT: usize = 200;

/// How that which is watched stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonitorState {
    /// Something is wrong.
    Problem,
    /// It is over.
    Recovery,
    /// Somebody knows of it, it goes to and fro, work on it is planned.
    Update,
}

/// What a monitor tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorNotice {
    /// How it stands.
    pub state: MonitorState,
    /// What it is about: the subject without state, durations, dates and ornament, in lower case. The same for every notice of
    /// one incident.
    pub incident: String,
    /// Whether a program for that sent it, by what it calls itself or by a form that only programs have. A person, or some other
    /// machine, may write the same words.
    pub is_by_monitor: bool,
}

/// A word of a subject.
#[derive(Clone, Copy)]
struct Word<'a> {
    /// As it stands there.
    written: &'a str,
    /// Without what stands around it.
    core: &'a str,
    state: Option<MonitorState>,
    is_behind_arrow: bool,
}

/// What a mail tells, if a monitor could have written it. `is_automatic`: it bears a sign of automatic mail, and answers nothing.
pub(crate) fn monitor_notice(
    subject: &str,
    from: Option<&Mailbox>,
    fields: &[(String, String)],
    is_automatic: bool,
) -> Option<MonitorNotice> {
    let is_answer = reply_subject(subject) != format!("Re: {subject}");
    if is_answer || without_forward_prefixes(subject) != subject {
        return None;
    }
    let spaced = subject.replace("->", " \u{2192} ");
    let words = read_words(&spaced);
    let first = words
        .iter()
        .position(|word| !is_one_of(BEFORE_A_STATE, word.core))
        .unwrap_or(0);
    let states: Vec<usize> = (0..words.len())
        .filter(|at| words[*at].state.is_some() && is_where_states_stand(&words, *at, first))
        .collect();
    let leading = *states.iter().min()?;
    let telling = states
        .iter()
        .rev()
        .find(|at| words[**at].is_behind_arrow)
        .copied()
        .unwrap_or(leading);
    let incident = incident(&words, &states, (first, leading));
    if !incident.split(' ').any(tells_apart) {
        return None;
    }
    Some(MonitorNotice {
        state: words[telling].state?,
        incident: incident.chars().take(LONGEST_INCIDENT).collect(),
        is_by_monitor: is_of_a_monitor(from, fields, is_automatic)
            || has_form_of_a_monitor(subject, &words, &states),
    })
}

fn read_words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut is_behind_arrow = false;
    for written in text.split_whitespace() {
        if written == "\u{2192}" {
            is_behind_arrow = true;
            continue;
        }
        let core = written.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        if core.is_empty() {
            continue;
        }
        words.push(Word {
            written,
            core,
            state: state(core),
            is_behind_arrow: std::mem::take(&mut is_behind_arrow),
        });
    }
    words
}

/// The state that a word names, also with a number behind it: `FIRING:2`.
fn state(core: &str) -> Option<MonitorState> {
    let name = match core.split_once(':') {
        Some((name, count)) if count.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => core,
    };
    let known = STATES.iter().find(|(word, _)| name.eq_ignore_ascii_case(word));
    known.map(|(_, state)| *state)
}

fn is_where_states_stand(words: &[Word<'_>], at: usize, first: usize) -> bool {
    let word = &words[at];
    let is_bracketed = word.written.contains('[') && word.written.ends_with(']');
    // An emoji may stand with it in its brackets; then the bracket opens before.
    let closes = word.written.ends_with(']') || word.written.ends_with("]:");
    let before_arrow = words.get(at + 1).is_some_and(|next| next.is_behind_arrow);
    at == first
        || at + 1 == words.len()
        || word.is_behind_arrow
        || before_arrow
        || is_bracketed
        || closes
        || word.written.ends_with(':')
}

/// What the words say besides the state.
fn incident(words: &[Word<'_>], states: &[usize], (first, leading): (usize, usize)) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut is_in_duration = false;
    let fires = words[leading].written.starts_with('[')
        && is_one_of(&["firing", "resolved"], name_of(words[leading].core));
    for (at, word) in words.iter().enumerate() {
        if (at < first && leading == first) || states.contains(&at) {
            is_in_duration = false;
            continue;
        }
        // "Resolved in 5m 2s: …"
        let follows_state = at == leading + 1 && is_one_of(&["in", "after"], word.core);
        let has_duration = words.get(at + 1).is_some_and(|next| is_duration(next.core));
        if (follows_state && has_duration) || (is_in_duration && is_duration(word.core)) {
            is_in_duration = true;
            continue;
        }
        is_in_duration = false;
        if is_date_or_time(word.core) {
            continue;
        }
        // What alerts of a group have in common changes with the group; what names it stands before.
        if fires && word.written.starts_with('(') && kept.iter().any(|word| tells_apart(word)) {
            break;
        }
        kept.push(word.core.to_lowercase());
    }
    kept.join(" ")
}

fn name_of(core: &str) -> &str {
    core.split(':').next().unwrap_or(core)
}

/// `5m`, `2s`, `1d`, `300ms`.
fn is_duration(core: &str) -> bool {
    let digits = core.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && is_one_of(&["ms", "s", "m", "h", "d", "w", "y"], &core[digits..])
}

/// `2026-11-30`, `30.11.2026`, `10:15`, `10:15:07`, `2026-11-30T10:15:07Z`.
fn is_date_or_time(core: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_date = ['-', '.', '/'].iter().any(|between| {
        let parts: Vec<&str> = core.split(*between).collect();
        parts.len() == 3
            && parts.iter().all(|part| is_number(part))
            && parts.iter().any(|part| part.len() == 4)
    });
    let times: Vec<&str> = core.split(':').collect();
    let is_time =
        (2..=3).contains(&times.len()) && times.iter().all(|part| is_number(part) && part.len() <= 2);
    is_date || is_time || core.parse::<jiff::Timestamp>().is_ok()
}

fn tells_apart(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphanumeric()).count() > 1 && !is_one_of(SAY_NOTHING, word)
}

/// Whether sender or header name a program that watches. A domain names one where a machine sent the mail: people have addresses there, too.
fn is_of_a_monitor(from: Option<&Mailbox>, fields: &[(String, String)], is_automatic: bool) -> bool {
    let is_sent_by_one = from.is_some_and(|from| {
        let (local, domain) = from.address.split_once('@').unwrap_or((&from.address, ""));
        names_a_program(local)
            || from.name.as_deref().is_some_and(names_a_program)
            || is_one_of(WATCHING_LOCAL_PARTS, local)
            || (is_automatic && names_a_program(domain))
    });
    let is_theirs = |(name, _): &(String, String)| name.get(..2) == Some("X-") && names_a_program(name);
    is_sent_by_one || fields.iter().any(is_theirs)
}

/// Whether a word of a text is the name of such a program, also one that is written in two words: part of a longer word is none.
fn names_a_program(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_program = |word: &str| PROGRAMS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    words.iter().any(|word| is_program(word)) || words.windows(2).any(|pair| is_program(&pair.concat()))
}

/// Whether only programs write so: a count of alerts in brackets, an arrow between two states, stars around the whole.
fn has_form_of_a_monitor(subject: &str, words: &[Word<'_>], states: &[usize]) -> bool {
    let is_count = |at: &usize| words[*at].written.starts_with('[') && words[*at].core.contains(':');
    let is_arrow = |at: &usize| words[*at].is_behind_arrow && states.contains(&at.wrapping_sub(1));
    let is_starred = subject.starts_with("**") && subject.ends_with("**");
    is_starred || states.iter().any(|at| is_count(at) || is_arrow(at))
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
