//! What comes from outside, and what is kept of it: which ticket a contact belongs to, comments, and how much automatic
//! mail answers it.

pub mod automatic;
pub mod comment;
pub mod file_link;
pub mod intake;
pub mod redaction;
pub mod tells;
