//! People, as users.

pub(crate) mod around;
pub(crate) mod changing;
pub(crate) mod deleted;
mod fields;
pub(crate) mod identities;
pub(crate) mod members;
pub(crate) mod merge;
mod read;
pub(crate) mod sideloads;
mod write;

pub(crate) use deleted::soft;
pub(crate) use read::{list, me, show, show_many};
pub(crate) use write::{create, create_or_update, update};
