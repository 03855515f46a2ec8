//! The words mail clients write, by language. All lower case.

mod headers;
mod markers;
mod signatures;
mod verbs;

pub(super) use headers::{BODY_LABELS, DATE, FROM, OTHER, SENT, SUBJECT, TO};
pub(super) use markers::{FORWARD_OPENINGS, FORWARDED, ORIGINAL, REPLY_ABOVE};
pub(super) use signatures::{
    CONTACT_LABELS, DEVICE_CLOSINGS, DEVICE_OPENINGS, EXCUSES, LIST_WORDS, WEAK_OPENINGS,
};
pub(super) use verbs::{FIRST_PERSONS, INNER_VERBS, OPENERS, QUOTING, VERBS};
