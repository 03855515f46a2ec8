//! Quoted lines that were broken on the way: what is broken off has no mark and belongs to the quote all the same.
//!
//! An answer written right below a quoted line looks much alike, so all of this must hold: the line above is as full
//! as a line can be and ends no sentence, the rest goes on as one does, and the quote goes on right below.

use super::line::{Line, is_space};

/// Where transports break lines: at 72 to 80 columns. What would still have fitted was not broken off.
const NARROWEST_COLUMNS: usize = 72;

/// Columns that a mark and its space take, which [`Line::text`] leaves out.
const MARK_COLUMNS: usize = 2;

/// Most lines broken off one quoted line: a paragraph of a few hundred letters.
const MAX_LINES: usize = 6;

/// Ends of sentences, below which an answer stands.
const ENDS: [char; 10] = [
    '.', '!', '?', ':', ';', '\u{2026}', '\u{3002}', '\u{ff1f}', '\u{ff01}', '\u{61f}',
];

/// The quoted line with which a quote goes on, where what stands from line `at` on was broken off the line above.
pub(super) fn after_rest(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let above = lines.get(at.checked_sub(1)?)?;
    let first = lines.get(at)?;
    if !above.quoted || above.text.ends_with(ENDS) || !goes_on(first.text) {
        return None;
    }
    let mut columns = above.text.chars().count() + MARK_COLUMNS;
    for (next, line) in lines.iter().enumerate().skip(at).take(MAX_LINES + 1) {
        if line.quoted {
            return Some(next);
        }
        let word = line.text.split(is_space).next().unwrap_or_default();
        if word.is_empty() || columns + 1 + word.chars().count() <= NARROWEST_COLUMNS {
            return None;
        }
        columns = line.text.chars().count();
    }
    None
}

/// Whether a text starts in the midst of a sentence.
fn goes_on(text: &str) -> bool {
    text.starts_with(|c: char| c.is_lowercase() || c == '(')
}
