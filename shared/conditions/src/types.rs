//! Types of the parts of a condition.

use std::fmt;

use crate::names::Root;
use crate::words::Words;

/// The type of a value that can stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Bool,
    Int,
    Double,
    Text,
    /// A text from a set of words.
    Word(Words),
    Timestamp,
    Duration,
    /// Only known when the condition runs: an operator's own field.
    Any,
}

/// The type of a part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Plain(Plain),
    List(Plain),
    /// A list without values.
    EmptyList,
    /// The operator's own fields, by name.
    Fields,
    Null,
    /// A thing with fields, not a value on its own.
    Root(Root),
    Calendar,
}

impl Type {
    pub(crate) const BOOL: Self = Self::Plain(Plain::Bool);
    pub(crate) const INT: Self = Self::Plain(Plain::Int);
    pub(crate) const DOUBLE: Self = Self::Plain(Plain::Double);
    pub(crate) const TEXT: Self = Self::Plain(Plain::Text);
    pub(crate) const TIMESTAMP: Self = Self::Plain(Plain::Timestamp);
    pub(crate) const DURATION: Self = Self::Plain(Plain::Duration);
    pub(crate) const ANY: Self = Self::Plain(Plain::Any);

    /// Whether functions of texts take it. Something of unknown type is looked at when the condition runs.
    pub(crate) fn is_textual(self) -> bool {
        matches!(self, Self::Plain(Plain::Text | Plain::Word(_) | Plain::Any))
    }

    pub(crate) fn is_any(self) -> bool {
        self == Self::ANY
    }

    /// What a macro or `in` finds in it.
    pub(crate) fn items(self) -> Option<Plain> {
        match self {
            Self::List(item) => Some(item),
            Self::EmptyList | Self::ANY => Some(Plain::Any),
            Self::Fields => Some(Plain::Text),
            _ => None,
        }
    }
}

impl Plain {
    /// The type of a list or of two branches that hold both.
    pub(crate) fn join(self, other: Self) -> Option<Self> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Self::Any, _) | (_, Self::Any) => Some(Self::Any),
            (Self::Text | Self::Word(_), Self::Text | Self::Word(_)) => Some(Self::Text),
            _ => None,
        }
    }

    /// Whether values of the two can ever be equal. Which words a text may be is checked elsewhere.
    pub(crate) fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Word(a), Self::Word(b)) => a == b,
            (Self::Int, Self::Double) | (Self::Double, Self::Int) => true,
            (a, b) => a.join(b).is_some(),
        }
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Text => "text",
            Self::Word(words) => return write!(f, "{} (a word)", words.title()),
            Self::Timestamp => "timestamp",
            Self::Duration => "duration",
            Self::Any => "value of unknown type",
        })
    }
}

impl Type {
    /// What it is called, without an article.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Plain(plain) => plain.to_string(),
            Self::List(Plain::Any) => "list".to_owned(),
            Self::List(item) => format!("list of {item}"),
            Self::EmptyList => "empty list".to_owned(),
            Self::Fields => "map of fields".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Root(root) => format!("`{}`", root.name()),
            Self::Calendar => "calendar".to_owned(),
        }
    }
}

/// In a sentence, with its article.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let article = match self {
            Self::Null | Self::Root(_) => "",
            Self::Plain(Plain::Int | Plain::Word(Words::Actor)) | Self::EmptyList => "an ",
            _ => "a ",
        };
        write!(f, "{article}{}", self.name())
    }
}
