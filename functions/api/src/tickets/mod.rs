//! Tickets: reading them, and the two writes that clients know.

mod answer;
mod copies;
mod create;
mod escalate;
mod fields;
mod read;
mod update;

pub(crate) use answer::Written;
pub(crate) use copies::list as copies;
pub(crate) use create::create;
pub(crate) use escalate::escalate;
pub(crate) use read::{ids_asked_for, list, requested_by, rows, show, show_many, written_ids};
pub(crate) use update::update;
