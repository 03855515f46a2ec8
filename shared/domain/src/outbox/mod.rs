//! The outbox: outgoing work (a mail, a call) must happen once, and is kept as an item until it is sent or failed.

mod evidence;
mod item;
mod outgoing;
mod public_address;
mod recallable;
mod told;
mod work;

pub use evidence::{CALLS_FOR, DeliveryOutcome, MOST_MAIL_ATTEMPTS, MailResult, NextStep};
pub use item::{EVIDENCE_WITHIN, LEASE, OutboxItem, State, wait_after};
pub use outgoing::{acknowledgement_of, outgoing};
pub use public_address::is_public;
pub use recallable::{RecallState, RecallableAnswer, RecallableId, answers_go_first};
pub use told::told_by_mail;
pub use work::{MailPurpose, StatusChange, Work};
