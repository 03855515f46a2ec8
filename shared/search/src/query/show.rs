//! A query as text.

use super::{
    ast::{Condition, Operator, Property, Query, Shape, Term, Text, Value},
    keys::Key,
};
use crate::{document::Kind, matcher::Direction};
use std::fmt;

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.sorting.by.map(|by| format!("order_by:{}", by.as_str()));
        let direction = self.sorting.direction.map(|direction| match direction {
            Direction::Ascending => "sort:asc".to_owned(),
            Direction::Descending => "sort:desc".to_owned(),
        });
        let ignored = self.has_ignored.then(|| "?".to_owned());
        let terms = self.terms.iter().map(ToString::to_string);
        let all: Vec<String> = terms.chain(ignored).chain(by).chain(direction).collect();
        f.write_str(&all.join(" "))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        match &self.condition {
            Condition::Everything => f.write_str("*"),
            Condition::Words(text) => text.fmt(f),
            Condition::Property(property) => property.fmt(f),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shape {
            Shape::Word => f.write_str(&self.text),
            Shape::Beginning => write!(f, "{}*", self.text),
            Shape::Phrase => f.write_str(&quoted(&self.text)),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Is => ":",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        })
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key != Key::NotHere {
            f.write_str(self.key.as_str())?;
        }
        f.write_str(self.field.as_deref().unwrap_or_default())?;
        self.operator.fmt(f)?;
        match &self.value {
            Value::Absent => f.write_str("none"),
            Value::Present => f.write_str("*"),
            Value::Me => f.write_str("me"),
            Value::Number(number) => number.fmt(f),
            Value::Named(text) | Value::Exact(text) | Value::NotHere(text) => f.write_str(&quoted(text)),
            Value::Text(text) => text.fmt(f),
            Value::Status(status) => status.fmt(f),
            Value::Priority(priority) => priority.fmt(f),
            Value::TicketType(ticket_type) => ticket_type.fmt(f),
            Value::Role(role) => f.write_str(role.as_str()),
            Value::Flag(flag) => flag.fmt(f),
            Value::When(when) => f.write_str(&quoted(&when.to_string())),
            Value::Kind(kind) => f.write_str(match kind {
                Some(Kind::Ticket) => "ticket",
                Some(Kind::Person) => "user",
                Some(Kind::Organization) => "organization",
                None => "group",
            }),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
