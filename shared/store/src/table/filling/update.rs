//! What an update makes of an item. Only what parts of commits say is understood: `SET` with a value or `if_not_exists`, and `ADD` of
//! numbers.

use crate::{
    Never,
    table::item::{Item, n, number_in},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::BTreeMap;

/// Applies an update expression.
pub(super) fn apply(
    item: &mut Item,
    expression: &str,
    values: &BTreeMap<String, AttributeValue>,
) -> Result<(), Never> {
    let unknown = || Never::unreadable("update to fill with", expression.to_owned());
    for (verb, text) in clauses(expression) {
        for part in parts(&text) {
            let done = match verb {
                "SET" => set(item, part, values),
                "ADD" => add(item, part, values),
                _ => None,
            };
            done.ok_or_else(unknown)?;
        }
    }
    Ok(())
}

fn set(item: &mut Item, part: &str, values: &BTreeMap<String, AttributeValue>) -> Option<()> {
    let (name, value) = part.split_once(" = ")?;
    let unless = value
        .strip_prefix("if_not_exists(")
        .and_then(|rest| rest.strip_suffix(')'));
    match unless {
        Some(rest) => {
            let (known, value) = rest.split_once(", ")?;
            let value = item.get(known).or_else(|| values.get(value))?.clone();
            item.insert(name.to_owned(), value);
        }
        None => {
            item.insert(name.to_owned(), values.get(value)?.clone());
        }
    }
    Some(())
}

fn add(item: &mut Item, part: &str, values: &BTreeMap<String, AttributeValue>) -> Option<()> {
    let (name, value) = part.split_once(' ')?;
    let more: i64 = values.get(value)?.as_n().ok()?.parse().ok()?;
    let sum = number_in(item, name).unwrap_or(0) + more;
    item.insert(name.to_owned(), n(sum));
    Some(())
}

/// The clauses of an expression, each with its verb.
fn clauses(expression: &str) -> Vec<(&'static str, String)> {
    let mut clauses: Vec<(&'static str, String)> = Vec::new();
    for word in expression.split_whitespace() {
        let verb = ["SET", "ADD", "REMOVE", "DELETE"]
            .into_iter()
            .find(|verb| *verb == word);
        match (verb, clauses.last_mut()) {
            (Some(verb), _) => clauses.push((verb, String::new())),
            (None, Some((_, text))) => {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(word);
            }
            (None, None) => clauses.push(("", word.to_owned())),
        }
    }
    clauses
}

/// What a clause says of each attribute: split at commas outside of brackets.
fn parts(clause: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in clause.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(clause[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(clause[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::item::s;

    #[test]
    fn numbers_are_added_and_what_is_set_once_stays() {
        let values = BTreeMap::from([
            (":one".to_owned(), n(1)),
            (":less".to_owned(), n(-3)),
            (":id".to_owned(), s("x")),
        ]);
        let expression = "ADD load :one, over :less SET id = :id, first = if_not_exists(first, :id)";
        let mut item = Item::from([("load".to_owned(), n(4)), ("first".to_owned(), s("y"))]);
        apply(&mut item, expression, &values).unwrap();
        let expected = Item::from([
            ("load".to_owned(), n(5)),
            ("over".to_owned(), n(-3)),
            ("id".to_owned(), s("x")),
            ("first".to_owned(), s("y")),
        ]);
        assert_eq!(item, expected);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let values = BTreeMap::from([(":x".to_owned(), s("x"))]);
        for expression in [
            "REMOVE a",
            "DELETE a :x",
            "ADD a :x",
            "SET a = b + :x",
            "SET a = :y",
            "a",
        ] {
            assert!(
                apply(&mut Item::new(), expression, &values).is_err(),
                "{expression}"
            );
        }
    }
}
