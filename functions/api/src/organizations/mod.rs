//! Organizations.

mod fields;
mod merges;
mod read;
mod write;

pub(crate) use merges::{merge, of_organization as merges, show as show_merge};
pub(crate) use read::{count, list, related, show, show_many};
pub(crate) use write::{create, create_or_update, destroy, update};
