//! Values of properties.

use super::{
    ast::{Operator, Shape, Text, Value},
    error::Problem,
    keys::{Form, Key, Spec},
    when::When,
};
use crate::{
    document::Kind,
    limits::SHORTEST_PREFIX,
    text::{Role, digits_of, pieces},
};
use docket_domain::{
    people::staff,
    ticket::{Priority, Status, TicketType},
};
use std::str::FromStr;

/// A mistake, whose place the caller knows.
pub(super) type Mistake = (Problem, String);

/// Kinds of documents that Zendesk finds and that are not searched here.
const OTHER_KINDS: &[&str] = &[
    "group",
    "article",
    "topic",
    "entry",
    "post",
    "agent_group",
    "satisfaction_rating",
];

/// Reads a value as its property has them.
pub(super) fn read(
    spec: &Spec,
    operator: Operator,
    written: &str,
    quoted: Option<&str>,
) -> Result<Value, Mistake> {
    let name = spec.names.first().copied().unwrap_or_default();
    let text = quoted.unwrap_or(written);
    let word = text.to_lowercase();
    if text.trim().is_empty() {
        return Err((
            Problem::NoValue,
            format!("`{name}` has no value: write it right behind, without a space"),
        ));
    }
    let is_ordered = matches!(spec.form, Form::Date | Form::Status | Form::Priority);
    if operator != Operator::Is && !is_ordered && spec.form != Form::NotHere {
        let message = format!(
            "`{name}` has no order: only times, status and priority can be compared; write `{name}:{written}`"
        );
        return Err((Problem::Operator, message));
    }
    let may_be_absent = match spec.form {
        Form::Person | Form::Party | Form::Exact | Form::Field | Form::TicketType | Form::Priority => true,
        Form::Date => matches!(spec.key, Key::Solved | Key::Due),
        _ => false,
    };
    let whether = match word.as_str() {
        "none" => Some(Value::Absent),
        "*" if quoted.is_none() => Some(Value::Present),
        _ => None,
    };
    if let Some(whether) = whether.filter(|_| may_be_absent) {
        return match operator {
            Operator::Is => Ok(whether),
            _ => Err((Problem::Operator, format!("write `{name}:{word}`"))),
        };
    }
    match spec.form {
        Form::Date => read_date(name, operator, text),
        Form::Person if word == "me" => Ok(Value::Me),
        Form::Person | Form::Party => Ok(read_party(text)),
        Form::Words => read_text(written, quoted).map(Value::Text),
        Form::Field => match read_text(written, quoted)? {
            Text {
                shape: Shape::Beginning,
                ..
            } => Err(whole_values_only(name)),
            Text { text, .. } => Ok(Value::Exact(text)),
        },
        Form::Exact if quoted.is_none() && text.contains('*') => Err(whole_values_only(name)),
        Form::Exact if spec.key == Key::Phone && digits_of(text).is_empty() => {
            Err((Problem::Value, format!("`{text}` is not a telephone number")))
        }
        Form::Exact => Ok(Value::Exact(text.trim().to_owned())),
        Form::Number => text
            .parse()
            .map(Value::Number)
            .map_err(|_| (Problem::Value, format!("`{name}` is a number, not `{text}`"))),
        Form::Flag => read_flag(name, &word),
        Form::Status => read_word(name, &word, Status::ALL, Value::Status),
        Form::Priority => read_word(name, &word, Priority::ALL, Value::Priority),
        Form::TicketType => read_word(name, &word, TicketType::ALL, Value::TicketType),
        Form::Role => read_role(&word),
        Form::Kind => read_kind(&word),
        Form::NotHere => Ok(Value::NotHere(text.to_owned())),
        Form::Order => Err((Problem::Order, format!("`{name}` is not a condition"))),
    }
}

/// Reads a text that is looked for by its words.
pub(super) fn read_text(written: &str, quoted: Option<&str>) -> Result<Text, Mistake> {
    if let Some(quoted) = quoted {
        return Ok(Text {
            text: quoted.to_owned(),
            shape: Shape::Phrase,
        });
    }
    let is_star = |c| super::lexer::plain(c) == '*';
    let text = written.trim_end_matches(is_star);
    let shape = if text.len() < written.len() {
        Shape::Beginning
    } else {
        Shape::Word
    };
    if let Some(at) = text.find(is_star) {
        let message = match text.get(..at) {
            Some("") => "a word is found by its beginning only: `*` may stand at its end, as in `photo*`, not before it".to_owned(),
            before => format!(
                "`*` may only stand at the end of a word: write `{}*`, or the words in quotes",
                before.unwrap_or_default()
            ),
        };
        return Err((Problem::Wildcard, message));
    }
    if shape == Shape::Beginning {
        check_beginning(text)?;
    }
    Ok(Text {
        text: text.to_owned(),
        shape,
    })
}

/// A beginning has two letters, or one character of a script whose words are that short.
pub(super) fn check_beginning(text: &str) -> Result<(), Mistake> {
    let last = pieces(text).into_iter().rfind(|piece| piece.role.is_of_order());
    let is_long_enough =
        last.is_some_and(|piece| piece.role != Role::Word || piece.text.chars().count() >= SHORTEST_PREFIX);
    if is_long_enough {
        return Ok(());
    }
    let message = format!("at least {SHORTEST_PREFIX} letters must stand before `*`");
    Err((Problem::ShortPrefix, message))
}

fn whole_values_only(name: &str) -> Mistake {
    let message = format!(
        "`{name}` is found by whole values: leave out `*`, or write `{name}:*` for all that have one"
    );
    (Problem::Wildcard, message)
}

fn read_party(text: &str) -> Value {
    let whole = text.trim();
    let text = whole.trim_end_matches('*');
    match text.to_lowercase().as_str() {
        "" => return Value::Present,
        // somebody whose name begins like that
        "none" | "me" => return Value::Named(whole.to_owned()),
        _ => {}
    }
    match text.parse() {
        Ok(number) if !text.starts_with('+') => Value::Number(number),
        _ => Value::Named(text.to_owned()),
    }
}

fn read_date(name: &str, operator: Operator, text: &str) -> Result<Value, Mistake> {
    match When::read(text.trim()) {
        Some(When::Ago(..)) if operator == Operator::Is => {
            let message =
                format!("write `{name}>{text}` for what is younger, `{name}<{text}` for what is older");
            Err((Problem::Operator, message))
        }
        Some(when) => Ok(Value::When(when)),
        None => {
            let message = format!(
                "`{text}` is not a time: write 2026-01-31, 2026-01-31T12:00:00Z, or how long ago: 30minutes, 4hours, 3days, 2weeks, 6months, 1year"
            );
            Err((Problem::Date, message))
        }
    }
}

fn read_word<T: FromStr + std::fmt::Display>(
    name: &str,
    word: &str,
    all: &[T],
    value: impl Fn(T) -> Value,
) -> Result<Value, Mistake> {
    word.parse().map(value).map_err(|_| {
        let words: Vec<_> = all.iter().map(ToString::to_string).collect();
        let message = format!(
            "`{name}` is one of {}, not `{word}`; for several, write it several times",
            words.join(", ")
        );
        (Problem::Value, message)
    })
}

fn read_flag(name: &str, word: &str) -> Result<Value, Mistake> {
    match word {
        "true" | "yes" => Ok(Value::Flag(true)),
        "false" | "no" => Ok(Value::Flag(false)),
        _ => Err((
            Problem::Value,
            format!("`{name}` is `true` or `false`, not `{word}`"),
        )),
    }
}

fn read_role(word: &str) -> Result<Value, Mistake> {
    let roles = [staff::Role::EndUser, staff::Role::Agent, staff::Role::Admin];
    let spelled = word.replace(['_', ' '], "-").replace("enduser", "end-user");
    let found = roles.into_iter().find(|role| role.as_str() == spelled);
    found.map(Value::Role).ok_or_else(|| {
        let message = format!("`role` is one of end-user, agent, admin, not `{word}`");
        (Problem::Value, message)
    })
}

fn read_kind(word: &str) -> Result<Value, Mistake> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    match singular {
        "ticket" => Ok(Value::Kind(Some(Kind::Ticket))),
        "user" => Ok(Value::Kind(Some(Kind::Person))),
        "organization" => Ok(Value::Kind(Some(Kind::Organization))),
        other if OTHER_KINDS.contains(&other) => Ok(Value::Kind(None)),
        other => other.parse().map(Value::TicketType).map_err(|_| {
            let message = format!("`type` is one of ticket, user, organization, not `{word}`");
            (Problem::Value, message)
        }),
    }
}
