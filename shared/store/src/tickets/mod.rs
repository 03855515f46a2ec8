//! Tickets as stored, and the indexes that list them.

mod conversations;
mod counts_of_people;
mod decisions;
pub(crate) mod due;
mod erasing;
mod imported;
mod links;
mod lists;
mod mail_ids;
mod outbox;
mod ratings;
mod reading;
mod recallable;
mod recent;
pub(crate) mod saved;

pub use conversations::Conversation;
pub use decisions::{Decisions, KeptDecision};
pub(crate) use due::done_unless_condition_failed;
pub use due::{DueEntry, DuePage, DuePlace, SHARD_HELD_SECONDS};
pub use erasing::{Erasure, ErasureOrder, Left, Original, objects_of};
pub use links::{MOST_LINKED, MOST_SHOWN_FOLLOW_UPS, TicketLinks};
pub use lists::{DeletedRows, DueCounts, MOST_COUNTED, Stretch, TicketList};
pub(crate) use mail_ids::mail_id_keys;
pub use mail_ids::{MOST_IDS, MailIds};
pub use ratings::{RatingPlace, SkipPlace};
pub use reading::TicketFile;
pub(crate) use reading::readable_heads;
pub use recent::{Part, TicketPart};
pub use saved::{TicketHistory, Verified};
