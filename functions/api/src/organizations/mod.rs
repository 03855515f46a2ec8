//! Organizations.

mod fields;
mod read;
mod write;

pub(crate) use read::{count, list, related, show, show_many};
pub(crate) use write::{create, create_or_update, destroy, update};
