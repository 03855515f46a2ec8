//! What the operator laid down, as stored: the set-up, versions of policies, calendars and rules.

mod books;
mod recompute;
mod rule_books;
mod setup;

pub use books::{BookVersion, SERVES_SECONDS};
pub use recompute::{OpenPlace, Recompute};
pub use rule_books::digest_of;
