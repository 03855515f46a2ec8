//! What agents have beside tickets while they work on them: how far each has read, what each has begun to write, who is there, what
//! each is to be told, and by what an open page sees that something changed.
//!
//! None of it is part of a ticket: it leaves no event, and what is lost of it costs comfort only. Words that were typed are the
//! exception, and are written as everything else is.

mod drafts;
mod list_stamps;
mod marks;
mod notifications;
mod presence;
mod read_marks;

pub use drafts::{DraftKept, MOST_DRAFTS};
pub use list_stamps::{Changes, ListStamps};
pub use marks::{Marks, MarksOf, Watched};
pub use notifications::{MOST_NOTIFICATIONS, NotificationState, Telling};
pub use presence::{PRESENT_SECONDS, Present};
