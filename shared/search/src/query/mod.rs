//! The language of queries: that of Zendesk's search (Zendesk Support search reference, support.zendesk.com 4408886879258, read in
//! November 2026), with words for every mistake.

mod ast;
mod error;
mod keys;
mod lexer;
mod made;
mod read;
mod show;
mod sorting;
mod values;
mod when;

pub use ast::{Condition, Name, NameOf, Operator, Property, Query, Shape, Term, Text, Value};
pub use error::{Place, Problem, QueryError};
pub use keys::Key;
pub(crate) use keys::Kinds;
pub use sorting::{SortKey, Sorting};
pub use when::{Unit, When};

#[cfg(test)]
mod tests;
