//! The mailer, what SES says of the account, what is known of a mail before it is decided, how much automatic mail went out, contacts held back, what monitors told.

mod account;
mod automatic;
mod beforehand;
mod held;
mod incidents;
mod mailer;

pub use account::{ActiveRuleSet, DomainIdentity};
pub use beforehand::Beforehand;
pub use held::{HeldContact, HeldRows, Preview, Resolution};
pub use incidents::IncidentPlace;
pub use mailer::OUTBOX_TAG;
