//! The tables: items and their parts, the one commit, guards against repeats, leases, numbers.

mod commit;
mod filling;
mod guards;
pub(crate) mod item;
mod leases;
mod numbers;
pub(crate) mod page;
pub(crate) mod plan;
mod read;
mod rows;
mod view_page;
mod wait;
pub(crate) mod write;

pub use commit::{Change, Committed, MOST_TRIES};
pub use filling::{FilledItems, Filling};
pub(crate) use guards::stands;
pub use guards::{Answer, Guard, GuardEntry, MailAttempt, MailSeen};
pub use leases::Lease;
pub use page::PAGE_ITEMS;
pub use plan::{NUDGES, Plan, head_item, nudges_of, ticket_items};
pub use rows::Rows;
pub use view_page::ViewPage;
pub use write::{Role, Write};
