//! One file for each page: what it reads and what it answers.

mod at_hand;
pub mod attachments;
pub mod availability;
mod beside;
pub mod bulk;
mod bulk_change;
mod bulk_form;
pub mod bulk_job;
mod bulk_macro;
mod copies;
pub mod draft;
pub mod escalate;
pub mod failure;
mod forward;
pub mod held;
mod kept_text;
pub mod links;
mod list_reading;
pub mod macros;
pub mod new_ticket;
pub mod notifications;
mod on_ticket;
mod onward;
pub mod palette;
pub mod preferences;
pub mod presence;
pub mod proof;
pub mod properties;
mod proven;
mod reading;
pub mod recall;
pub mod reply;
pub mod resend;
pub mod saved_views;
pub mod search;
mod sending;
pub mod sessions;
pub mod sign_in;
pub mod snooze;
pub mod ticket;
mod ticket_page;
pub mod tickets;
pub mod version;
pub mod view_change;

use crate::failure::Failure;
use docket_domain::TicketNumber;

/// A ticket's number from an address.
fn ticket_number(text: &str) -> Result<TicketNumber, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}
