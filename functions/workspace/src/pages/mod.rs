//! One file for each page: what it reads and what it answers.

pub mod attachments;
pub mod availability;
pub mod bulk;
mod copies;
pub mod escalate;
pub mod failure;
pub mod macros;
mod reading;
pub mod reply;
pub mod resend;
pub mod saved_views;
pub mod search;
pub mod sign_in;
pub mod snooze;
pub mod ticket;
pub mod tickets;

use crate::failure::Failure;
use docket_domain::TicketNumber;

/// A ticket's number from an address.
fn ticket_number(text: &str) -> Result<TicketNumber, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}
