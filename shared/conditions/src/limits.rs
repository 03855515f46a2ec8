//! What a condition may cost, and why no more.

/// Longest source in bytes: a page of text. It bounds what the parser is ever given.
pub const LONGEST_SOURCE_BYTES: usize = 4_000;

/// Deepest nesting of the tree, brackets, signs and chains of operators counted together. Parsing, checking and
/// evaluating recurse once a level; this many levels fit a stack of 2 MiB several times over.
pub const DEEPEST_TREE: usize = 32;

/// Most nodes of the tree: time and memory of a check, and of the least an evaluation may cost.
pub const MOST_NODES: usize = 500;

/// Most values in a list that is written out. A longer list belongs into a tag or a field.
pub const LONGEST_LIST: usize = 100;

/// Deepest nesting of `exists`, `all`, `filter` and `map`: each level multiplies the work by the length of a list.
pub const DEEPEST_MACROS: usize = 2;

/// Longest regular expression in bytes.
pub const LONGEST_REGEX_BYTES: usize = 400;

/// Most characters of a regular expression when its `{…}` are written out. A search takes up to this many times
/// the length of the text, and one search of the longest text stays within [`MOST_STEPS`].
pub const MOST_REGEX_POSITIONS: usize = 500;

/// Deepest nesting of a regular expression: reading and weighing it recurse once a level.
pub const DEEPEST_REGEX: u32 = 50;

/// Largest compiled regular expression in bytes, and the memory its search may keep.
pub const LARGEST_REGEX_BYTES: usize = 256 * 1024;

/// Most of each text that a condition is shown, in bytes; of a longer one the beginning. What a person asks
/// stands at the top; the rest is quoted mail.
pub const LONGEST_TEXT_BYTES: usize = 16 * 1024;

/// Steps that one evaluation may take. A part of the condition is one each time it runs, a value of a list that
/// is looked at is one, and what reads a text adds a step for so many bytes as stand below. Spent on parts it is
/// about 10 ms; spent on the regular expressions that are slowest to search, a third of a second.
pub const MOST_STEPS: u32 = 200_000;

/// Bytes of text for one step where a text is searched, compared, copied or put in lower case. Where a regular
/// expression searches it, each byte counts as often as the expression has positions.
pub const BYTES_PER_STEP: usize = 64;

/// Longest text or list that an evaluation may build, in bytes or values.
pub const LARGEST_BUILT: usize = 64 * 1024;

/// Deepest nesting of a ticket's field that is looked into.
pub const DEEPEST_FIELD: usize = 16;

/// Most characters of a value that an explanation shows.
pub const LONGEST_SHOWN: usize = 80;

/// Most values that the explanation of one evaluation lists.
pub const MOST_SHOWN: usize = 50;
