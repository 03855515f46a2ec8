//! With what a query is asked.

use super::names::Names;
use docket_domain::{PersonId, Timestamp};
use jiff::tz::TimeZone;

/// What a query is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Now.
    pub now: Timestamp,
    /// Where its days begin.
    pub zone: &'a TimeZone,
    /// Whoever is `me`.
    pub me: Option<PersonId>,
    /// The numbers of [`crate::Query::names`].
    pub names: &'a Names,
}
