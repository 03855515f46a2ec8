//! What the operator laid down, ready to be asked about a ticket.
//!
//! A [`CheckedBook`] is a [`Book`](docket_domain::sla::Book) whose conditions were read once; it is kept between tickets. [`DeskRules`] are what a
//! decision about one ticket is handed: the checked book, what surrounds the ticket, and the versions that hold for it
//! already. They answer through [`docket_domain::ticket::Rules`].

mod checked;
mod desk_rules;
mod surroundings;

pub use checked::{BadPolicy, CheckedBook, Wrong, check_policies, read_condition};
pub use desk_rules::{DeskRules, Held};
pub use surroundings::{Needs, Surroundings, bot_facts};
