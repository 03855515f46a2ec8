//! What the operator laid down, ready to be asked about a ticket.
//!
//! A [`CheckedBook`] is a [`Book`](docket_domain::sla::Book) whose conditions were read once; it is kept between tickets. [`DeskRules`] are what a
//! decision about one ticket is handed: the checked book, what surrounds the ticket, and the versions that hold for it
//! already. They answer through [`docket_domain::ticket::Rules`].

mod checked;
mod checked_book;
mod checked_rules;
mod desk_rules;
pub mod past_tickets;
mod routing;
mod rules_to_run;
mod surroundings;
mod texts;

pub use checked::{BadPolicy, CheckedBook, Wrong, check_policies, read_condition};
pub use checked_book::{BadRules, BadTemplate, check_rules, check_template};
pub use checked_rules::{BadRule, RuleWrong, check_rule, read_rule_condition};
pub use desk_rules::{DeskRules, KeptTerms};
pub use routing::{Start, route, triage};
pub use rules_to_run::RunInput;
pub use surroundings::{Reads, Surroundings, bot_facts};
pub use texts::{Shown, TEXT_NAMES, TextWrong, check_text};
