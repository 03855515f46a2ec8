//! People, as users.

mod fields;
mod read;
mod write;

pub(crate) use read::{list, me, show, show_many};
pub(crate) use write::{create, create_or_update, update};
