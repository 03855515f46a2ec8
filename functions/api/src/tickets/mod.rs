//! Tickets and what lies on each: reading them, the two writes that clients know, comments, audits, decisions, promises.

mod answer;
pub(crate) mod audits;
pub(crate) mod comments;
pub(crate) mod comments_of_saves;
pub(crate) mod conversation_log;
mod copies;
mod create;
pub(crate) mod decisions;
mod escalate;
mod fields;
mod followers;
pub(crate) mod imports;
pub(crate) mod links;
pub(crate) mod merges;
mod read;
mod removal;
pub(crate) mod sla;
mod spam;
mod stays;
mod update;

pub(crate) use answer::Written;
pub(crate) use copies::list as copies;
pub(crate) use create::create;
pub(crate) use escalate::escalate;
pub(crate) use read::{
    external_ids_asked_for, ids_asked_for, list, requested_by, rows, show, show_many, window,
};
pub(crate) use removal::{
    attempt, destroy, make_audit_private, make_private, redact, redact_attachment, redact_marked, stands,
};
pub(crate) use spam::mark_as_spam;
pub(crate) use update::{check_stamp, update};
