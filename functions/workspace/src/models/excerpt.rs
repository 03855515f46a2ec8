//! Texts of which a part is marked: the sentence that was found, the place in a query that can't be read.

use crate::{
    directions::isolated,
    refusals::{query_problem, said},
};
use docket_search::{FoundPlace, Query, RefusedQuery};
use std::ops::Range;

/// Most characters of a query that are shown before and behind the place that is marked.
const MOST_AROUND: usize = 60;
/// Most characters that are marked in a query.
const MOST_MARKED: usize = 60;
/// Stands for a place at which there is nothing.
const NOTHING: &str = "\u{2423}";

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_marked: bool,
}

/// The sentence that was found.
pub struct Sentence {
    pub pieces: Vec<Piece>,
    /// Whether the text begins before it.
    pub goes_on_before: bool,
    /// Whether it goes on behind it.
    pub goes_on_behind: bool,
}

impl Sentence {
    /// That of a place.
    pub fn of(place: &FoundPlace) -> Self {
        Self {
            pieces: pieces(&place.text, &place.marks),
            goes_on_before: place.goes_on_before,
            goes_on_behind: place.goes_on_behind,
        }
    }
}

/// Why a query was refused, with the query around the place.
pub struct Refused {
    /// Which character it is, from 1.
    pub character: usize,
    /// What is wrong and what would be right.
    pub message: String,
    /// The query around it.
    pub pieces: Vec<Piece>,
    /// Whether the query begins before them.
    pub goes_on_before: bool,
    /// Whether it goes on behind them.
    pub goes_on_behind: bool,
}

impl Refused {
    /// That it can't be read, where, and why.
    pub fn words(&self) -> String {
        let (number, why) = (self.character, isolated(&self.message));
        t!(
            "The query can't be read at character {number}: {why}.",
            number,
            why
        )
    }

    /// That of a query.
    pub fn of(query: &str, refused: RefusedQuery) -> Self {
        let characters: Vec<char> = query.chars().collect();
        let at = refused.character.min(characters.len());
        let word = characters[at..]
            .iter()
            .take(MOST_MARKED)
            .take_while(|c| !c.is_whitespace());
        let end = at + word.count();
        let (first, last) = (
            at.saturating_sub(MOST_AROUND),
            (end + MOST_AROUND).min(characters.len()),
        );
        let text = |range: Range<usize>| characters[range].iter().collect::<String>();
        let marked = if end == at {
            NOTHING.to_owned()
        } else {
            text(at..end)
        };
        // What says it in English is of another crate; whoever reads another language is told of what kind the mistake is.
        let problem = Query::read(query).err().map(|error| query_problem(error.problem));
        Self {
            character: at + 1,
            message: said(refused.message, problem.unwrap_or(t!("it can't be read"))),
            pieces: vec![plain(text(first..at)), mark(marked), plain(text(end..last))],
            goes_on_before: first > 0,
            goes_on_behind: last < characters.len(),
        }
    }
}

/// A text cut where marks begin and end. A mark that is none of it, or stands within another, is left out.
fn pieces(text: &str, marks: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for range in marks.iter().filter(|range| range.start < range.end) {
        let (Some(before), Some(found)) = (text.get(at..range.start), text.get(range.clone())) else {
            continue;
        };
        pieces.extend([plain(before.to_owned()), mark(found.to_owned())]);
        at = range.end;
    }
    pieces.push(plain(text.get(at..).unwrap_or_default().to_owned()));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn plain(text: String) -> Piece {
    Piece {
        text,
        is_marked: false,
    }
}

fn mark(text: String) -> Piece {
    Piece {
        text,
        is_marked: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With marks in brackets.
    fn shown(pieces: &[Piece]) -> String {
        let each = pieces.iter().map(|piece| match piece.is_marked {
            true => format!("[{}]", piece.text),
            false => piece.text.clone(),
        });
        each.collect()
    }

    #[test]
    fn a_text_is_cut_at_its_marks_and_stays_whole_whatever_they_are() {
        // Each umlaut has two bytes.
        let text = "Grüße an Ärzte";
        let cut = |marks: &[(usize, usize)]| {
            let marks: Vec<Range<usize>> = marks.iter().map(|(start, end)| *start..*end).collect();
            shown(&pieces(text, &marks))
        };
        assert_eq!(cut(&[]), text);
        assert_eq!(cut(&[(0, 7), (11, 17)]), "[Grüße] an [Ärzte]");
        assert_eq!(cut(&[(0, 3)]), text, "within a character");
        assert_eq!(cut(&[(11, 99)]), text, "beyond the end");
        assert_eq!(cut(&[(0, 7), (2, 4), (5, 5)]), "[Grüße] an Ärzte");
        assert_eq!(shown(&pieces("", &[0..0, 0..1])), "");
    }

    #[test]
    fn the_word_at_the_place_is_marked_and_a_long_query_is_cut_around_it() {
        let refused = |query: &str, character: usize| {
            let message = String::new();
            Refused::of(query, RefusedQuery { character, message })
        };
        assert_eq!(shown(&refused("ö stat:open b", 2).pieces), "ö [stat:open] b");
        assert_eq!(refused("ö stat:open b", 2).character, 3);
        assert_eq!(shown(&refused("status:", 7).pieces), "status:[\u{2423}]");
        assert_eq!(shown(&refused("a", 99).pieces), "a[\u{2423}]");
        let long = refused(&"ab ".repeat(2_000), 4_095);
        assert!(long.goes_on_before && long.goes_on_behind);
        assert!(shown(&long.pieces).contains("ab [ab] ab"));
        assert_eq!(shown(&long.pieces).chars().count(), 60 + 4 + 60);
    }
}
