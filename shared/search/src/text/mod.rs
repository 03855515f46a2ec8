//! How text becomes words, alike for documents and queries.

mod fold;
mod letters;
mod numbers;
mod pieces;

pub(crate) use fold::fold_exactly;
pub use numbers::digits_of;
pub(crate) use numbers::ends_of_number;
pub(crate) use pieces::{Piece, Role, pieces};

use crate::document::Token;

/// Longest token in bytes: what is longer is nobody's word, and is found by its beginning.
pub const LONGEST_TOKEN_BYTES: usize = 80;

/// So many positions lie between one comment and the next: no phrase reaches from one into the other.
pub const GAP: u32 = 100;

/// A text's words.
///
/// Letters are compared after NFKC, in lower case and without accents; marks that make another letter stay. Words of scripts
/// with spaces are tokens. Of scripts without (and of Hangul, whose spaces are set freely and whose particles are written to the
/// word) each pair of neighbours is one, a run's only character, and each run's last character: a query of one character finds
/// pairs by their beginning. So a text is found by each of its parts of two characters and more, and no dictionary is needed.
///
/// Order numbers, addresses and telephone numbers have tokens for their parts, and one for the whole: `AB-1234` is found as
/// `ab-1234`, `AB1234`, `1234`; `+49 30 123456` as `4930123456`; `jane.doe@example.com` by any of its parts. A word with ä, ö, ü, å,
/// ø is found as `Muller` and as `Mueller`.
pub fn words(text: &str) -> Vec<Token> {
    words_from(text, 0).0
}

/// The words of a text whose first stands at a position, and the position after the last.
pub(crate) fn words_from(text: &str, first: u32) -> (Vec<Token>, u32) {
    let found = pieces(text);
    let mut end = first;
    let mut tokens: Vec<Token> = Vec::with_capacity(found.len());
    for piece in found {
        if piece.role == Role::Whole && !piece.text.contains('@') {
            continue;
        }
        let position = first.saturating_add(piece.position);
        end = end.max(position.saturating_add(1));
        tokens.push(Token {
            text: piece.text,
            position,
        });
    }
    (tokens, end)
}

/// The words of several texts, far apart from each other.
pub(crate) fn words_of_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Token> {
    let mut all = Vec::new();
    let mut next = 0_u32;
    for text in texts {
        let (tokens, end) = words_from(text, next);
        if !tokens.is_empty() {
            next = end.saturating_add(GAP);
        }
        all.extend(tokens);
    }
    all
}

/// The beginning of a text that has at most so many bytes.
pub(crate) fn clip(text: &str, most_bytes: usize) -> &str {
    if text.len() <= most_bytes {
        return text;
    }
    let mut end = most_bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
