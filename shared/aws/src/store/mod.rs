//! Reading and writing the tables and the bucket, as methods of [`crate::Desk`], one file for each kind of item.

mod automatic;
mod blobs;
mod commit;
mod conversations;
mod due;
mod groups;
mod guard;
mod held;
mod item;
mod lists;
mod mail_ids;
mod numbers;
mod outbox;
mod page;
mod people;
mod sessions;
mod setup;
mod tickets;
mod tokens;
mod uploads;
mod write;

pub use blobs::BlobError;
pub use commit::{Change, Committed, MOST_TRIES, Plan};
pub use conversations::Conversation;
pub use due::DueEntry;
pub use groups::Lease;
pub use guard::{Answer, Guard, GuardEntry};
pub use held::{HeldContact, Preview, Resolution};
pub use lists::TicketList;
pub use page::PAGE_ITEMS;
pub use sessions::Session;
pub use setup::SetupChange;
pub use tickets::TicketFile;
pub use tokens::ApiToken;
pub use uploads::{UPLOAD_DAYS, UPLOAD_PREFIX, Upload, UploadedFile};
pub use write::{Role, Write};
