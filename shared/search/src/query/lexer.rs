//! A query cut into its parts, with their places.

use super::error::{Place, Problem, QueryError};

/// A part of a query that stands between white space.
#[derive(Clone, Debug)]
pub(super) struct Part<'q> {
    /// Where it begins, in bytes.
    pub(super) at: usize,
    /// Whether a minus stands before it.
    pub(super) negated: bool,
    /// The name before the operator as it was written, and the operator.
    pub(super) property: Option<(&'q str, &'static str)>,
    /// What stands behind.
    pub(super) value: Piece<'q>,
}

/// A text in quotes or without.
#[derive(Clone, Debug)]
pub(super) struct Piece<'q> {
    pub(super) at: usize,
    /// As it stands in the query, quotes included.
    pub(super) written: &'q str,
    /// What was quoted.
    pub(super) quoted: Option<String>,
}

/// Reads a query from its beginning.
pub(super) struct Lexer<'q> {
    query: &'q str,
    at: usize,
}

/// Operators, the longer first.
const OPERATORS: &[&str] = &["<=", ">=", "!=", ":", "<", ">", "="];

impl<'q> Lexer<'q> {
    pub(super) fn new(query: &'q str) -> Self {
        Self { query, at: 0 }
    }

    /// The next part.
    pub(super) fn next(
        &mut self,
        is_key: impl Fn(&str, &'static str, &str) -> bool,
    ) -> Result<Option<Part<'q>>, QueryError> {
        self.skip_blanks();
        let at = self.at;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let mut characters = self.rest().chars();
        let negated = characters.next().map(plain) == Some('-')
            && characters.next().is_some_and(|c| !c.is_whitespace());
        if negated {
            self.skip(1);
        }
        let mut property = None;
        if let Some((name, operator, operator_bytes)) = self.property() {
            let behind = &self.rest()[name.len() + operator_bytes..];
            if is_key(name, operator, behind) {
                self.at += name.len() + operator_bytes;
                property = Some((name, operator));
                // Zendesk's own examples have a space here: brand: "Banana Republic"
                let blanks = self.rest().len() - self.rest().trim_start().len();
                if blanks > 0 && quote(self.rest().trim_start()).is_some() {
                    self.at += blanks;
                }
            }
        }
        let value = self.piece()?;
        Ok(Some(Part {
            at,
            negated,
            property,
            value,
        }))
    }

    fn rest(&self) -> &'q str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, characters: usize) {
        let bytes: usize = self.rest().chars().take(characters).map(char::len_utf8).sum();
        self.at += bytes;
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// A name and an operator, if they come next: the name, the operator, the operator's bytes.
    fn property(&self) -> Option<(&'q str, &'static str, usize)> {
        let rest = self.rest();
        let is_of_name = |c: &char| plain(*c).is_ascii_alphanumeric() || plain(*c) == '_';
        let bytes: usize = rest.chars().take_while(is_of_name).map(char::len_utf8).sum();
        let (name, behind) = rest.split_at(bytes);
        let begins = |operator: &&str| {
            let mut characters = behind.chars().map(plain);
            operator.chars().all(|c| characters.next() == Some(c))
        };
        let operator = OPERATORS.iter().find(|operator| begins(operator))?;
        let begins_with_letter = name
            .chars()
            .next()
            .is_some_and(|c| plain(c).is_ascii_alphabetic());
        let bytes = behind.chars().take(operator.len()).map(char::len_utf8).sum();
        begins_with_letter.then_some((name, *operator, bytes))
    }

    fn piece(&mut self) -> Result<Piece<'q>, QueryError> {
        let at = self.at;
        let rest = self.rest();
        let Some(closing) = quote(rest) else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.at += end;
            return Ok(Piece {
                at,
                written: &rest[..end],
                quoted: None,
            });
        };
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1).peekable();
        while let Some((place, c)) = characters.next() {
            if closing.contains(&c) {
                self.at += place + c.len_utf8();
                return Ok(Piece {
                    at,
                    written: &rest[..place + c.len_utf8()],
                    quoted: Some(text),
                });
            }
            let escaped = (c == '\\')
                .then(|| characters.next_if(|(_, next)| matches!(next, '"' | '\\')))
                .flatten();
            text.push(escaped.map_or(c, |(_, next)| next));
        }
        Err(QueryError {
            place: Place::of(self.query, at),
            problem: Problem::UnclosedQuote,
            message: "the quote that begins here is not closed: add `\"` where the phrase ends".to_owned(),
        })
    }
}

/// The closing quotes of the text's opening one.
fn quote(text: &str) -> Option<&'static [char]> {
    match text.chars().next()? {
        '"' | '＂' => Some(&['"', '＂']),
        // telephones and word processors write these for it
        '“' | '”' | '„' => Some(&['"', '“', '”']),
        _ => None,
    }
}

/// A full-width sign as the one it stands for: keyboards of East Asia write them.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}
