//! A checked condition, as it runs.

use memchr::memmem::Finder;
use regex::Regex;

use crate::names::{Field, Root};
use crate::run::value::Value;

/// A part of a condition and where it stands, in bytes of the source.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: u32,
    pub(crate) part: Part,
}

/// What a part does.
#[derive(Debug)]
pub(crate) enum Part {
    Constant(Value<'static>),
    Constants(Vec<Value<'static>>),
    List(Vec<Node>),
    Field(Field),
    HasField(Field),
    HasRoot(Root),
    /// A bound variable, by its place from the outermost macro.
    Local(usize),
    Key(Box<Node>, String),
    HasKey(Box<Node>, String),
    Index(Box<(Node, Node)>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<(Node, Node)>),
    Or(Box<(Node, Node)>),
    If(Box<(Node, Node, Node)>),
    Equal(Box<(Node, Node)>),
    Order(Order, Box<(Node, Node)>),
    Arithmetic(Arithmetic, Box<(Node, Node)>),
    In(Box<(Node, Node)>),
    Find(Find, Box<(Node, Node)>),
    FindConstant(Box<Node>, Box<Finder<'static>>),
    Matches(Box<Node>, Box<Pattern>),
    Function(Function, Box<Node>),
    Clock(Clock, Box<Node>, jiff::tz::TimeZone),
    IsOpen(String),
    Macro(Box<Macro>),
}

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// What a byte of text weighs in a search.
    pub(crate) positions: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Find {
    Contains,
    StartsWith,
    EndsWith,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Size,
    Lower,
    LowerAscii,
    Trim,
    Rank,
    Int,
    Double,
    Text,
    Hours,
    Minutes,
    Seconds,
}

/// A part of an instant, in a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    Year,
    Month,
    DayOfMonth,
    Date,
    DayOfWeek,
    DayOfYear,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MacroKind {
    Exists,
    All,
    ExistsOne,
    Filter,
    Map,
}

#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) kind: MacroKind,
    pub(crate) list: Node,
    /// Which values `map` takes; nothing: all.
    pub(crate) guard: Option<Node>,
    pub(crate) body: Node,
}
