//! What one does with a ticket.

mod attempt;
mod change;
mod history;
mod operations;
mod removal;
mod resend;
mod solution;
mod stored_once;

pub use attempt::{Attempt, Changed, Find, Found, Saved, Try, Want, Wish};
pub use history::{Asker, EarlierTickets};
pub use operations::{Alongside, Amendment, NewAttachment, NewComment, NewContact, StoredWords, TicketDraft};
pub use removal::{MOST_PASSAGE_BYTES, Redact, RedactError};
pub use stored_once::StoredOnce;
