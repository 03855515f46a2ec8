//! Why a condition is refused, and why an accepted one gave no answer.

use std::fmt;

use serde::Serialize;

/// A place in the source of a condition, both counted from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

impl Place {
    /// The place of a byte of the source.
    pub(crate) fn of(source: &str, byte: usize) -> Self {
        let mut end = byte.min(source.len());
        while !source.is_char_boundary(end) {
            end -= 1;
        }
        let before = &source[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The kind of a refusal, for a caller that treats some of them on their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The text is not an expression.
    Syntax,
    /// A limit is passed.
    TooBig,
    /// No such name, field, function or calendar.
    Unknown,
    /// A function is called with too many or too few arguments.
    ArgumentCount,
    /// Types do not go together.
    Type,
    /// A word that can never be the value it is compared with.
    Word,
    /// A literal that cannot be read: regular expression, duration, timestamp, time zone.
    Literal,
    /// Part of CEL that conditions leave out.
    Unsupported,
}

/// Why a condition is refused when it is saved. The words are written for its author.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq, Serialize)]
#[error("{place}: {message}")]
pub struct ConditionError {
    /// Where.
    pub place: Place,
    /// What kind.
    pub problem: Problem,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Why an accepted condition gave no answer for some facts. A rule with such a condition is skipped and the
/// error recorded.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{place}: {fault}")]
pub struct EvaluationError {
    /// Where in the condition.
    pub place: Place,
    /// What went wrong.
    pub fault: Fault,
    /// What was read before it went wrong, as in [`Evaluation::read`](crate::Evaluation::read).
    pub read: Vec<(String, String)>,
}

/// What went wrong while a condition ran.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Fault {
    /// A number outside 64 bits.
    #[error("the number is too large")]
    Overflow,
    /// A division or remainder by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// An instant or a duration outside the calendar.
    #[error("the time is outside the years -9999 to 9999")]
    TimeOutOfRange,
    /// A list has no such place.
    #[error("the list has {length} values and none at {index}")]
    NoSuchIndex {
        /// Asked for.
        index: i64,
        /// Values there are.
        length: usize,
    },
    /// A value of unknown type turned out to be of the wrong one.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type that would serve.
        expected: &'static str,
        /// The type there is.
        found: &'static str,
    },
    /// A text that does not read as a number.
    #[error("the text is not a number (characters: {characters})")]
    NotANumber {
        /// How many it has. What it says is somebody's word, and is not repeated.
        characters: usize,
    },
    /// The facts do not say whether the calendar is open.
    #[error("no calendar is named {0:?}")]
    NoSuchCalendar(String),
    /// A field is nested deeper than is looked into.
    #[error("the value is nested deeper than {} levels", crate::limits::DEEPEST_FIELD)]
    TooDeep,
    /// A text or a list outgrew its limit.
    #[error("the value grew beyond {} bytes or values", crate::limits::LARGEST_BUILT)]
    TooLarge,
    /// The evaluation took more steps than it may.
    #[error("the condition took more than {} steps", crate::limits::MOST_STEPS)]
    OverBudget,
}
