//! Values while a condition runs. They borrow from the facts and from the condition wherever they can.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};

use crate::words::Attribute;

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    Timestamp(Timestamp),
    Duration(SignedDuration),
    List(List<'a>),
    Fields(&'a Map<String, Json>),
}

/// A list, as whoever made it keeps it.
#[derive(Clone, Debug)]
pub(crate) enum List<'a> {
    Texts(&'a [String]),
    Attributes(&'a [Attribute]),
    Json(&'a [Json]),
    Written(&'a [Value<'a>]),
    Made(Arc<[Value<'a>]>),
}

impl<'a> List<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Texts(list) => list.len(),
            Self::Attributes(list) => list.len(),
            Self::Json(list) => list.len(),
            Self::Written(list) => list.len(),
            Self::Made(list) => list.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Value<'a>> {
        match self {
            Self::Texts(list) => list.get(index).map(|text| Value::text(text)),
            Self::Attributes(list) => list.get(index).map(|word| Value::text(word.as_str())),
            Self::Json(list) => list.get(index).map(Value::from),
            Self::Written(list) => list.get(index).map(Value::borrowed),
            Self::Made(list) => list.get(index).cloned(),
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// The same value without a copy of its text.
    pub(crate) fn borrowed(&'a self) -> Self {
        match self {
            Self::Text(text) => Self::text(text),
            other => other.clone(),
        }
    }

    /// Bytes that a copy of it copies.
    pub(crate) fn own_bytes(&self) -> usize {
        match self {
            Self::Text(Cow::Owned(text)) => text.len(),
            _ => 0,
        }
    }

    /// Bytes that are read to compare it with another.
    pub(crate) fn compared_bytes(&self, other: &Self) -> usize {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.len().min(b.len()),
            _ => 0,
        }
    }

    /// What it is, in a sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Double(_) => "a double",
            Self::Text(_) => "a text",
            Self::Timestamp(_) => "a timestamp",
            Self::Duration(_) => "a duration",
            Self::List(_) => "a list",
            Self::Fields(_) => "a map",
        }
    }

    /// Order of two single values; nothing when they have none.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Double(b)) => order_mixed(*a, *b),
            (Self::Double(a), Self::Int(b)) => order_mixed(*b, *a).map(Ordering::reverse),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Timestamp(a), Self::Timestamp(b)) => Some(a.cmp(b)),
            (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Equality of two single values; nothing when one of them holds others.
    pub(crate) fn equal(&self, other: &Self) -> Option<bool> {
        Some(match (self, other) {
            (Self::List(_), Self::List(_)) | (Self::Fields(_), Self::Fields(_)) => return None,
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (a, b) => a.order(b) == Some(Ordering::Equal),
        })
    }
}

impl<'a> From<&'a Json> for Value<'a> {
    fn from(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(int), _) => Self::Int(int),
                (None, Some(double)) => Self::Double(double),
                (None, None) => Self::Null,
            },
            Json::String(text) => Self::text(text),
            Json::Array(list) => Self::List(List::Json(list)),
            Json::Object(fields) => Self::Fields(fields),
        }
    }
}

/// Order of an int and a double, without losing the digits a double cannot hold.
fn order_mixed(int: i64, double: f64) -> Option<Ordering> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if double.is_nan() {
        return None;
    }
    if double >= BEYOND {
        return Some(Ordering::Less);
    }
    if double < -BEYOND {
        return Some(Ordering::Greater);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within the range, which was just checked"
    )]
    let whole = double.trunc() as i64;
    Some(int.cmp(&whole).then_with(|| {
        let rest = double.fract();
        0.0_f64.partial_cmp(&rest).unwrap_or(Ordering::Equal)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_and_doubles_are_ordered_by_their_numbers() {
        assert_eq!(order_mixed(1, 1.0), Some(Ordering::Equal));
        assert_eq!(order_mixed(1, 1.5), Some(Ordering::Less));
        assert_eq!(order_mixed(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(
            order_mixed(i64::MAX, 9_223_372_036_854_775_807.0),
            Some(Ordering::Less)
        );
        assert_eq!(
            order_mixed(i64::MIN, -9_223_372_036_854_775_808.0),
            Some(Ordering::Equal)
        );
        assert_eq!(order_mixed(0, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!(order_mixed(0, f64::NAN), None);
    }
}
