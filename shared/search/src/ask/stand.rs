//! Whether something stands by a matcher, as far as it is known.

use crate::{
    document::{Columns, Document, Kind, TextField, Token},
    keyword,
    matcher::{Around, Bounds, Matcher},
};
use std::ops::Bound;

/// Who is around a ticket: the documents that are made of them now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WhoIsAround {
    /// Its requester.
    pub requester: Option<Document>,
    /// Its requester's organization.
    pub organization: Option<Document>,
}

impl WhoIsAround {
    fn one(&self, which: Around) -> Option<&Document> {
        match which {
            Around::Requester => self.requester.as_ref(),
            Around::Organization => self.organization.as_ref(),
        }
    }
}

/// What is known of a thing.
pub(super) struct Facts<'a> {
    pub(super) kind: Kind,
    pub(super) number: u64,
    pub(super) columns: &'a Columns,
    pub(super) keywords: &'a [String],
    /// Its words; nothing where they are not known.
    pub(super) texts: Option<&'a [(TextField, Vec<Token>)]>,
    /// Whether what its comments tell is known: who wrote, with which files.
    pub(super) knows_comments: bool,
    /// Who is around it; nothing where they are not known.
    pub(super) around: Option<&'a WhoIsAround>,
}

impl<'a> Facts<'a> {
    /// All that a document tells.
    pub(super) fn of(document: &'a Document) -> Self {
        Self {
            kind: document.kind,
            number: document.number,
            columns: &document.columns,
            keywords: &document.keywords,
            texts: Some(&document.texts),
            knows_comments: true,
            around: None,
        }
    }
}

/// Whether it stands by the matcher; nothing where that depends on what is not known.
pub(super) fn stands(matcher: &Matcher, facts: &Facts<'_>) -> Option<bool> {
    match matcher {
        Matcher::All => Some(true),
        Matcher::Nothing => Some(false),
        Matcher::Kind(kind) => Some(*kind == facts.kind),
        Matcher::Number(number) => Some(*number == facts.number),
        Matcher::Word { fields, word } => facts.any_token(fields, |token| token == word),
        Matcher::Prefix { fields, prefix } => {
            facts.any_token(fields, |token| token.starts_with(prefix.as_str()))
        }
        Matcher::Phrase { fields, words } => {
            let texts = facts.texts?;
            Some(in_fields(texts, fields).any(|tokens| has_phrase(tokens, words)))
        }
        Matcher::Keyword(word) => facts.has_keyword(word),
        Matcher::AnyKeyword(words) => any(words.iter().map(|word| facts.has_keyword(word))),
        Matcher::KeywordWithin(from, to) => {
            let mut words = facts.keywords.iter();
            Some(words.any(|word| is_behind(word, from) && is_before(word, to)))
        }
        Matcher::Around(..) if facts.kind != Kind::Ticket => Some(false),
        Matcher::Around(which, inner) => match facts.around?.one(*which) {
            Some(document) if !document.tombstone => stands(inner, &Facts::of(document)),
            _ => Some(false),
        },
        Matcher::Within(column, bounds) => Some(
            facts
                .columns
                .of(*column)
                .is_some_and(|value| is_within(value, *bounds)),
        ),
        Matcher::Has(column) => Some(facts.columns.of(*column).is_some()),
        Matcher::And(parts) => all(parts.iter().map(|part| stands(part, facts))),
        Matcher::Or(parts) => any(parts.iter().map(|part| stands(part, facts))),
        Matcher::Not(inner) => stands(inner, facts).map(|stands| !stands),
        Matcher::Weighted(_, inner) => stands(inner, facts),
    }
}

/// Whether a term is not before a lower bound.
fn is_behind(word: &str, from: &Bound<String>) -> bool {
    match from {
        Bound::Included(from) => word >= from.as_str(),
        Bound::Excluded(from) => word > from.as_str(),
        Bound::Unbounded => true,
    }
}

/// Whether a term is not behind an upper bound.
fn is_before(word: &str, to: &Bound<String>) -> bool {
    match to {
        Bound::Included(to) => word <= to.as_str(),
        Bound::Excluded(to) => word < to.as_str(),
        Bound::Unbounded => true,
    }
}

impl Facts<'_> {
    fn any_token(&self, fields: &[TextField], fits: impl Fn(&str) -> bool) -> Option<bool> {
        let mut tokens = in_fields(self.texts?, fields).flatten();
        Some(tokens.any(|token| fits(&token.text)))
    }

    fn has_keyword(&self, word: &String) -> Option<bool> {
        if self.keywords.contains(word) {
            return Some(true);
        }
        let is_open = !self.knows_comments && keyword::is_of_comments(word);
        (!is_open).then_some(false)
    }
}

/// All of them: no as soon as one is no, whatever is not known.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => answer = None,
            Some(true) => {}
        }
    }
    answer
}

/// One of them: yes as soon as one is yes, whatever is not known.
fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|stands| !stands))).map(|none| !none)
}

fn in_fields<'t>(
    texts: &'t [(TextField, Vec<Token>)],
    fields: &[TextField],
) -> impl Iterator<Item = &'t Vec<Token>> {
    let wanted = texts.iter().filter(|(field, _)| fields.contains(field));
    wanted.map(|(_, tokens)| tokens)
}

/// Whether words stand at these distances. Tokens are in order of places.
fn has_phrase(tokens: &[Token], words: &[Token]) -> bool {
    let Some(first) = words.iter().map(|word| word.position).min() else {
        return false;
    };
    let is_at = |place: u64, wanted: u32| {
        let start = tokens.partition_point(|token| u64::from(token.position) < place);
        let here = tokens.get(start..).unwrap_or_default();
        let here = here.iter().take_while(|token| u64::from(token.position) == place);
        let mut spellings = words.iter().filter(|word| word.position == wanted);
        let texts: Vec<&str> = here.map(|token| token.text.as_str()).collect();
        spellings.any(|word| texts.contains(&word.text.as_str()))
    };
    let begins = |token: &&Token| {
        let mut spellings = words.iter().filter(|word| word.position == first);
        spellings.any(|word| word.text == token.text)
    };
    tokens.iter().filter(begins).any(|start| {
        let place = |word: &Token| u64::from(start.position) + u64::from(word.position - first);
        words.iter().all(|word| is_at(place(word), word.position))
    })
}

fn is_within(value: i64, bounds: Bounds) -> bool {
    bounds.least.is_none_or(|least| least <= value) && bounds.most.is_none_or(|most| value <= most)
}
