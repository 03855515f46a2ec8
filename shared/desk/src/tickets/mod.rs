//! What one does with a ticket.

mod attempt;
mod change;
mod copies;
mod history;
mod import;
mod incidents;
mod merge;
mod operations;
mod recall;
mod redaction;
mod removal;
mod resend;
mod solution;
mod split;
mod stored_once;

pub use attempt::{Attempt, Beside, Changed, Find, Found, Saved, Try, Want, Wish};
pub use history::{Asker, EarlierTickets};
pub use import::{ImportRow, ImportedWords, MOST_IMPORTED_COMMENTS};
pub use merge::{MergeError, MergeWords};
pub use operations::{Alongside, Amendment, NewAttachment, NewComment, NewContact, StoredWords, TicketDraft};
pub use recall::{KeptAnswer, MOST_RECALLABLE, Recalled, SavedAnswer};
pub use redaction::{MOST_PASSAGE_BYTES, Redact, RedactError};
pub use split::{MOST_SPLIT, SplitError, SplitOrder};
pub use stored_once::StoredOnce;
