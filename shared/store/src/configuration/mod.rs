//! What the operator laid down, as stored: the set-up, versions of policies, calendars and rules.

mod books;
mod recompute;
mod rule_books;
mod setup;
mod views;

pub use books::{BookVersion, SERVES_SECONDS};
pub use recompute::{OpenPlace, Recompute};
pub use rule_books::digest_of;
