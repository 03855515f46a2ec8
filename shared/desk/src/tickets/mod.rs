//! What one does with a ticket.

mod attempt;
mod change;
mod history;
mod operations;
mod resend;
mod solution;

pub use attempt::{Attempt, Changed, Find, Found, Saved, Try, Want, Wish};
pub use history::{Asker, EarlierTickets};
pub use operations::{Alongside, Amendment, NewAttachment, NewComment, NewContact, StoredWords, TicketDraft};
