//! The mailer, what SES says of the account, how much automatic mail went out, contacts held back.

mod account;
mod automatic;
mod held;
mod mailer;

pub use account::{ActiveRuleSet, DomainIdentity};
pub use held::{HeldContact, HeldPage, HeldRows, Preview, Resolution};
pub use mailer::OUTBOX_TAG;
