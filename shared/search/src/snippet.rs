//! The place in a text that a query found.

use crate::{
    ask::{Way, ways},
    limits::{LONGEST_SNIPPET, MOST_MARKS},
    query::Query,
    text::{Piece, Role, pieces},
};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A piece of a text around the first words that a query found, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, at most [`LONGEST_SNIPPET`] characters.
    pub text: String,
    /// What was found, in bytes of the piece, in order and apart: at most [`MOST_MARKS`].
    pub marks: Vec<Range<usize>>,
    /// Whether the text begins before it.
    pub goes_on_before: bool,
    /// Whether the text goes on behind it.
    pub goes_on_behind: bool,
}

/// So many characters before the first word that was found are shown where no sentence begins.
const CHARACTERS_BEFORE: usize = 60;

/// The piece of a text around the first words that the query finds in it; nothing where it finds none.
pub fn snippet(text: &str, query: &Query) -> Option<Snippet> {
    let found = pieces(text);
    let mut places: Vec<Range<usize>> = Vec::new();
    for (wanted, is_free) in query.wanted_texts() {
        for way in ways(wanted, is_free) {
            places.extend(places_of(&way, &found, text));
        }
    }
    places.sort_unstable_by_key(|place| (place.start, place.end));
    let first = places.first()?.clone();
    let start = start_of(text, first.start);
    let end = end_of(text, start);
    let window = text.get(start..end)?;
    let inner = window.trim();
    let start = start + (window.len() - window.trim_start().len());
    Some(Snippet {
        text: inner.chars().map(on_one_line).collect(),
        marks: marks(&places, start, inner.len()),
        goes_on_before: !text.get(..start)?.trim().is_empty(),
        goes_on_behind: !text.get(end..)?.trim().is_empty(),
    })
}

/// A line's end or a tab as the space that has as many bytes, so that marks stay right.
fn on_one_line(c: char) -> char {
    if c.is_ascii_control() { ' ' } else { c }
}

/// Where a way leads through a text.
fn places_of(way: &Way, found: &[Piece], text: &str) -> Vec<Range<usize>> {
    let Some(first) = way.steps.first() else {
        return Vec::new();
    };
    let starts = found.iter().filter(|piece| first.fits(&piece.text));
    starts
        .filter_map(|start| {
            let mut end = end_of_match(start, first.begins, text);
            for step in way.steps.iter().skip(1) {
                let place = start
                    .position
                    .checked_add(step.position.checked_sub(first.position)?)?;
                let from = found.partition_point(|piece| piece.position < place);
                let here = found
                    .get(from..)?
                    .iter()
                    .take_while(|piece| piece.position == place);
                let next = here.into_iter().find(|piece| step.fits(&piece.text))?;
                end = end.max(end_of_match(next, step.begins, text));
            }
            Some(start.from..end)
        })
        .collect()
}

/// Of a pair of which only the first character was asked for, that one is marked.
fn end_of_match(piece: &Piece, begins: bool, text: &str) -> usize {
    let is_pair = matches!(piece.role, Role::Pair | Role::Bridge);
    let rest = text.get(piece.from..piece.to).unwrap_or_default();
    match rest.graphemes(true).next() {
        Some(first) if begins && is_pair => piece.from + first.len(),
        _ => piece.to,
    }
}

/// Where the sentence begins, or a word within reach, or a character.
fn start_of(text: &str, found: usize) -> usize {
    let before = text.get(..found).unwrap_or_default();
    let reach = before
        .grapheme_indices(true)
        .rev()
        .take(CHARACTERS_BEFORE)
        .last()
        .map_or(found, |(at, _)| at);
    let within = before.get(reach..).unwrap_or_default();
    let ends_sentence = |c: char| matches!(c, '\n' | '。' | '！' | '？' | '।' | '؟' | '။' | '។');
    let sentence = within
        .char_indices()
        .rev()
        .find(|(at, c)| {
            let behind = within.get(at + c.len_utf8()..).unwrap_or_default();
            ends_sentence(*c) || (matches!(c, '.' | '!' | '?') && behind.starts_with(char::is_whitespace))
        })
        .map(|(at, c)| at + c.len_utf8());
    if reach == 0 && sentence.is_none() {
        return 0;
    }
    let word = within.find(char::is_whitespace);
    reach + sentence.or(word).unwrap_or_default()
}

/// Where the longest piece from there ends, at the end of a word where one is near.
fn end_of(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut characters = 0;
    let mut end = 0;
    let mut blank = None;
    for (at, cluster) in rest.grapheme_indices(true) {
        characters += cluster.chars().count();
        if characters > LONGEST_SNIPPET {
            let is_near = |blank: &usize| *blank > end / 2;
            return start + blank.filter(is_near).unwrap_or(end);
        }
        if cluster.chars().all(char::is_whitespace) {
            blank = Some(at);
        }
        end = at + cluster.len();
    }
    text.len()
}

/// The places within a window, from its beginning, joined where they meet.
fn marks(places: &[Range<usize>], start: usize, length: usize) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for place in places {
        let from = place.start.saturating_sub(start).min(length);
        let to = place.end.saturating_sub(start).min(length);
        if from >= to {
            continue;
        }
        let is_full = marks.len() >= MOST_MARKS;
        match marks.last_mut() {
            Some(last) if from <= last.end => last.end = last.end.max(to),
            _ if is_full => break,
            _ => marks.push(from..to),
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The snippet with `[` and `]` around what was found, and `…` where the text goes on.
    fn shown(text: &str, query: &str) -> String {
        let Some(snippet) = snippet(text, &Query::read(query).unwrap()) else {
            return "nothing".to_owned();
        };
        let mut out = snippet.text.clone();
        for mark in snippet.marks.iter().rev() {
            out.insert(mark.end, ']');
            out.insert(mark.start, '[');
        }
        let dots = |goes_on| if goes_on { "…" } else { "" };
        format!(
            "{}{out}{}",
            dots(snippet.goes_on_before),
            dots(snippet.goes_on_behind)
        )
    }

    #[test]
    fn what_was_found_is_marked_in_the_original() {
        for (text, query, expected) in [
            ("The lamp is dark.", "lamp", "The [lamp] is dark."),
            ("Lamps are dark.", "lamp", "[Lamps] are dark."),
            ("Der Müller kommt", "mueller", "Der [Müller] kommt"),
            ("Die STRASSE", "straße", "Die [STRASSE]"),
            ("Order AB-1234 is late", "ab1234", "Order [AB-1234] is late"),
            ("Order AB-1234 is late", "1234", "Order AB-[1234] is late"),
            (
                "mail jane.doe@acme.example now",
                "jane.doe@acme.example",
                "mail [jane.doe@acme.example] now",
            ),
            (
                "call +49 (0)30 123-456!",
                "+4930123456",
                "call +[49 (0)30 123-456]!",
            ),
            ("東京都に住む", "京都", "東[京都]に住む"),
            ("東京都に住む", "京都に住", "東[京都に住]む"),
            ("海外旅行", "海", "[海]外旅行"),
            ("ﾊﾟｽﾜｰﾄﾞを忘れた", "パスワード", "[ﾊﾟｽﾜｰﾄﾞ]を忘れた"),
            ("払い\n戻し", "払い戻し", "[払い 戻し]"),
            ("กินข้าวแล้ว", "ข้าว", "กิน[ข้าว]แล้ว"),
            ("고객센터에", "센터", "고객[센터]에"),
            ("one two three", "\"two three\" -one", "one [two three]"),
            ("one two three", "subject:two", "one [two] three"),
            ("one two", "three", "nothing"),
            ("one two", "status:open", "nothing"),
            (
                "First. Second one here. Third.",
                "third one",
                "…Second [one] here. [Third].",
            ),
        ] {
            assert_eq!(shown(text, query), expected, "{text}: {query}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let text = format!("{} needle {}", "before ".repeat(100), "after ".repeat(100));
        let shown = shown(&text, "needle");
        assert!(
            shown.starts_with("…before ") && shown.ends_with("after…"),
            "{shown}"
        );
        assert!(shown.contains("[needle]"));
    }

    proptest! {
        #[test]
        fn marks_lie_within_the_snippet(text in "[a-c 山川ก้ü\u{301}\n.]{0,400}", query in "[a-c山川กü]{1,3}") {
            if let Some(snippet) = snippet(&text, &Query::read(&query).unwrap()) {
                prop_assert!(snippet.text.chars().count() <= LONGEST_SNIPPET);
                prop_assert!(!snippet.marks.is_empty());
                prop_assert!(snippet.marks.iter().all(|mark| snippet.text.get(mark.clone()).is_some_and(|marked| !marked.is_empty())));
                prop_assert!(snippet.marks.is_sorted_by(|one, two| one.end < two.start));
            }
        }

        #[test]
        fn any_text_will_do(text in any::<String>(), query in "\\PC{0,20}") {
            if let Ok(query) = Query::read(&query) {
                let _ = snippet(&text, &query);
            }
        }
    }
}
