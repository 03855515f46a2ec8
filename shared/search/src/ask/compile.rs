//! A query as one matcher.

use super::{
    asking::Asking,
    property,
    seen::Seen,
    ways::{self, all_of, any_of},
};
use crate::{
    document::TextField,
    matcher::Matcher,
    query::{Condition, Key, Kinds, Operator, Property, Query, Shape, Text, Value},
    text::{Role, fold_exactly, pieces},
};

/// Where a free word is looked for.
const EVERYWHERE: &[TextField] = &[
    TextField::Title,
    TextField::Body,
    TextField::Notes,
    TextField::Who,
    TextField::Files,
];

/// The matcher of a query, without what limits it to what may be seen.
pub(super) fn wanted(query: &Query, seen: &Seen, asking: &Asking<'_>) -> Matcher {
    if query.terms.is_empty() && query.has_ignored {
        return Matcher::Nothing;
    }
    let kinds = kinds(query);
    if kinds == Kinds::NONE {
        return Matcher::Nothing;
    }
    let mut parts: Vec<Matcher> = Vec::new();
    if kinds != Kinds::ALL {
        parts.push(filter(any_of(kinds.of().map(Matcher::Kind))));
    }
    parts.extend(words(query, seen));
    parts.extend(properties(query, seen, asking));
    all_of(parts)
}

/// The kinds of documents that have all that is asked for. So `-status:closed` and `assignee:none` mean tickets, and never all
/// people, who have neither.
fn kinds(query: &Query) -> Kinds {
    let mut kinds = Kinds::ALL;
    let mut named: Option<Kinds> = None;
    for (negated, property) in each_property(query) {
        match (&property.value, negated) {
            (Value::Kind(kind), false) => {
                let kind = kind.map_or(Kinds::NONE, Kinds::only);
                named = Some(named.unwrap_or(Kinds::NONE).or(kind));
            }
            (Value::Kind(Some(kind)), true) => {
                let others = Kinds::ALL.of().filter(|other| other != kind);
                kinds = kinds.and(others.fold(Kinds::NONE, |all, other| all.or(Kinds::only(other))));
            }
            (Value::Kind(None), true) => {}
            _ => kinds = kinds.and(property.key.kinds()),
        }
    }
    kinds.and(named.unwrap_or(Kinds::ALL))
}

fn each_property(query: &Query) -> impl Iterator<Item = (bool, &Property)> {
    query.terms.iter().filter_map(|term| match &term.condition {
        Condition::Property(property) => Some((term.negated, property)),
        Condition::Words(_) | Condition::Everything => None,
    })
}

/// Words and phrases: all of them. Groups of digits that follow each other are also one number.
fn words(query: &Query, seen: &Seen) -> Vec<Matcher> {
    let fields = seen.fields(EVERYWHERE);
    let mut parts = Vec::new();
    let mut digits: Vec<(&str, Matcher)> = Vec::new();
    for term in &query.terms {
        let matcher = match &term.condition {
            Condition::Property(_) => continue,
            Condition::Everything => Matcher::All,
            Condition::Words(text) => {
                let matcher = free_words(text, &fields);
                if !term.negated && text.shape == Shape::Word && is_group_of_digits(&text.text) {
                    digits.push((&text.text, matcher));
                    continue;
                }
                matcher
            }
        };
        parts.push(number(std::mem::take(&mut digits), &fields));
        parts.push(if term.negated { not(matcher) } else { matcher });
    }
    parts.push(number(digits, &fields));
    parts
}

fn is_group_of_digits(text: &str) -> bool {
    let folded = fold_exactly(text);
    folded.bytes().any(|byte| byte.is_ascii_digit())
        && folded.chars().all(|c| c.is_ascii_digit() || "+-/.()".contains(c))
}

fn number(groups: Vec<(&str, Matcher)>, fields: &[TextField]) -> Matcher {
    let texts: Vec<&str> = groups.iter().map(|(text, _)| *text).collect();
    let each = all_of(groups.into_iter().map(|(_, matcher)| matcher));
    if texts.len() < 2 {
        return each;
    }
    let written = texts.join(" ");
    let found = pieces(&written);
    let end = found.iter().map(|piece| piece.to).max().unwrap_or_default();
    let start = found.first().map_or(0, |piece| piece.from);
    let is_whole =
        |piece: &&crate::text::Piece| piece.role == Role::Joined && (piece.from, piece.to) == (start, end);
    let whole = found.iter().find(is_whole).map(|piece| Matcher::Word {
        fields: fields.to_vec(),
        word: piece.text.clone(),
    });
    any_of(std::iter::once(each).chain(whole))
}

/// A free word; a bare number is also the number of whatever has it.
fn free_words(text: &Text, fields: &[TextField]) -> Matcher {
    let by_words = ways::matcher(text, true, fields);
    let digits = fold_exactly(&text.text);
    let digits = digits.strip_prefix('#').unwrap_or(&digits);
    let is_number = text.shape == Shape::Word && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(number) if is_number => any_of([
            Matcher::Weighted(WEIGHT_OF_NUMBER, Box::new(Matcher::Number(number))),
            by_words,
        ]),
        _ => by_words,
    }
}

/// Whoever asks for a number wants the ticket that has it before those in which it stands.
const WEIGHT_OF_NUMBER: f32 = 100.0;

/// Properties: values of one are alternatives, bounds and different ones must all hold, and none of those with a minus.
fn properties(query: &Query, seen: &Seen, asking: &Asking<'_>) -> Vec<Matcher> {
    let mut parts = Vec::new();
    let mut alternatives: Vec<Alternatives<'_>> = Vec::new();
    for (negated, property) in each_property(query) {
        if property.key == Key::Kind {
            continue;
        }
        let matcher = property::matcher(property, seen, asking);
        if negated {
            parts.push(not(matcher));
        } else if property.operator == Operator::Is {
            let key = (property.key, property.field.as_deref());
            match alternatives.iter_mut().find(|known| known.key == key) {
                Some(known) => known.matchers.push(matcher),
                None => alternatives.push(Alternatives {
                    key,
                    matchers: vec![matcher],
                }),
            }
        } else {
            parts.push(filter(matcher));
        }
    }
    for Alternatives {
        key: (key, _),
        matchers,
    } in alternatives
    {
        let any = any_of(matchers);
        parts.push(if key.is_of_words() { any } else { filter(any) });
    }
    parts
}

/// Values of one property.
struct Alternatives<'q> {
    key: (Key, Option<&'q str>),
    matchers: Vec<Matcher>,
}

fn not(matcher: Matcher) -> Matcher {
    filter(Matcher::Not(Box::new(matcher)))
}

/// What is found the same with or without: it does not count for relevance.
fn filter(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::All | Matcher::Nothing => matcher,
        matcher => Matcher::Weighted(0.0, Box::new(matcher)),
    }
}
