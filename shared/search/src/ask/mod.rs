//! From a query to what an index is asked, and to whether something stands by it.
//!
//! A query is turned into one [`Matcher`](crate::Matcher), and that is all there is: the index answers it, and the same matcher is
//! held against a head, so the two can't differ.

mod asked;
mod asking;
mod compile;
mod names;
mod property;
mod seen;
mod stand;
mod ways;

pub use asked::Asked;
pub use asking::Asking;
pub use names::Names;
pub(crate) use property::custom_status;
pub use seen::{Seen, Sight};
pub use stand::WhoIsAround;
pub(crate) use ways::{Way, ways};
