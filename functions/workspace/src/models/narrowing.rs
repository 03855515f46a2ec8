//! Narrowing a query by a value that something found has, and taking that back.

use docket_domain::PersonId;
use docket_search::{
    Query,
    query::{Condition, Key, Operator, Property, Term, Value},
};

/// A query that was narrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowed {
    /// Its text.
    pub query: String,
    /// Whether the value was asked for already, and no longer is.
    pub is_wider: bool,
}

/// A query, as it was written and as it was read, that also asks for a term such as `status:open`; without it where it does already.
///
/// Values of one property are alternatives, so that one more would widen it: the value takes their place. Of tags, something has
/// several, and all that stand in one value must be there.
pub fn narrowed((text, query): (&str, &Query), term: &str, me: PersonId) -> Option<Narrowed> {
    let wanted = property_of(Query::read(term).ok()?)?;
    if !query.terms.iter().any(|term| is_alternative(term, wanted.key)) {
        return Some(Narrowed {
            query: format!("{text} {term}"),
            is_wider: false,
        });
    }
    let (alternatives, mut terms): (Vec<Term>, Vec<Term>) = query
        .terms
        .iter()
        .cloned()
        .partition(|term| is_alternative(term, wanted.key));
    let values: Vec<Value> = alternatives.into_iter().filter_map(value_of).collect();
    let (values, is_wider) = match &wanted.value {
        Value::Exact(tag) if wanted.key == Key::Tags => with_tag(values, tag),
        value => {
            let is_there = matches!(values.as_slice(), [only] if is_same(only, value, me));
            let values = if is_there { vec![] } else { vec![value.clone()] };
            (values, is_there)
        }
    };
    terms.extend(values.into_iter().map(|value| Term {
        negated: false,
        condition: Condition::Property(Property {
            value,
            ..wanted.clone()
        }),
    }));
    let query = Query {
        terms,
        ..query.clone()
    };
    Some(Narrowed {
        query: query.to_string(),
        is_wider,
    })
}

fn property_of(query: Query) -> Option<Property> {
    match query.terms.into_iter().next()?.condition {
        Condition::Property(property) => Some(property),
        Condition::Words(_) | Condition::Everything => None,
    }
}

fn is_alternative(term: &Term, key: Key) -> bool {
    match &term.condition {
        Condition::Property(property) => {
            !term.negated && property.key == key && property.operator == Operator::Is
        }
        Condition::Words(_) | Condition::Everything => false,
    }
}

fn value_of(term: Term) -> Option<Value> {
    match term.condition {
        Condition::Property(property) => Some(property.value),
        Condition::Words(_) | Condition::Everything => None,
    }
}

fn is_same(value: &Value, wanted: &Value, me: PersonId) -> bool {
    let is_me = *value == Value::Me && *wanted == Value::Number(me.0);
    is_me || value == wanted
}

/// Alternatives that each also ask for a tag; without it where all of them do already.
fn with_tag(values: Vec<Value>, tag: &str) -> (Vec<Value>, bool) {
    let is_tag = |word: &str| word.to_lowercase() == tag.to_lowercase();
    let has_tag = |value: &Value| match value {
        Value::Exact(tags) => tags.split_whitespace().any(is_tag),
        _ => false,
    };
    let is_there = values.iter().all(has_tag);
    let mut with: Vec<Value> = Vec::new();
    for value in values {
        // Whether there are tags at all says nothing more beside one of them.
        let Value::Exact(tags) = value else { continue };
        let mut words: Vec<&str> = tags.split_whitespace().filter(|word| !is_tag(word)).collect();
        if !is_there {
            words.push(tag);
        }
        if !words.is_empty() {
            with.push(Value::Exact(words.join(" ")));
        }
    }
    if with.is_empty() && !is_there {
        with.push(Value::Exact(tag.to_owned()));
    }
    (with, is_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, term: &str, expected: &str, is_wider: bool) {
        let query = Query::read(text).unwrap();
        let narrowed = narrowed((text, &query), term, PersonId(7)).unwrap();
        assert_eq!(
            (narrowed.query.as_str(), narrowed.is_wider),
            (expected, is_wider),
            "{text}"
        );
    }

    #[test]
    fn a_value_stands_behind_the_query_as_it_was_written() {
        check(
            "Lantern   \"as is\"",
            "status:open",
            "Lantern   \"as is\" status:open",
            false,
        );
        check(
            "-status:closed status<solved",
            "status:open",
            "-status:closed status<solved status:open",
            false,
        );
    }

    #[test]
    fn a_value_takes_the_place_of_its_alternatives() {
        check(
            "a status:open status:pending",
            "status:open",
            "a status:open",
            false,
        );
        check("group:Support a", "group:2", "a group:2", false);
        check("assignee:* a", "assignee:3", "a assignee:3", false);
    }

    #[test]
    fn a_value_that_is_asked_for_is_taken_back() {
        check("status:open a", "status:open", "a", true);
        check("a assignee:me", "assignee:7", "a", true);
        check("status:open", "status:open", "", true);
    }

    #[test]
    fn one_more_tag_narrows_and_does_not_widen() {
        check("a tags:red", "tags:blue", "a tags:\"red blue\"", false);
        check(
            "tags:red tags:green a",
            "tags:blue",
            "a tags:\"red blue\" tags:\"green blue\"",
            false,
        );
        check("a tags:\"red blue\"", "tags:blue", "a tags:\"red\"", true);
        check("a tags:*", "tags:blue", "a tags:\"blue\"", false);
    }
}
