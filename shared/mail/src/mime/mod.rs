//! The wire forms of MIME, read as their senders meant them: parameters, encoded words, and fields that the parser of
//! the structure would misread.

mod parameters;
mod repair;
mod transfer;
mod words;

pub(crate) use parameters::{Field, percent_decoded, read_field};
pub(crate) use repair::repaired;
pub(crate) use transfer::decode as decode_transfer;
pub(crate) use words::{Text, decode_words, one_word_each};
