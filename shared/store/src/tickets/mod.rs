//! Tickets as stored, and the indexes that list them.

mod conversations;
mod counts_of_people;
mod decisions;
pub(crate) mod due;
mod erasing;
mod lists;
mod mail_ids;
mod outbox;
mod reading;
pub(crate) mod saved;

pub use conversations::Conversation;
pub use decisions::{Decisions, KeptDecision};
pub use due::{DueEntry, DuePage, DuePlace, SHARD_HELD_SECONDS};
pub use erasing::{Erasure, ErasureOrder, Left, Original, objects_of};
pub use lists::{DeletedRows, DueCounts, MOST_COUNTED, TicketList};
pub(crate) use mail_ids::mail_id_keys;
pub use mail_ids::{MOST_IDS, MailIds};
pub use reading::TicketFile;
pub(crate) use reading::readable_heads;
pub use saved::{TicketHistory, Verified};
