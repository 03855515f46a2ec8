//! Mails made up from what programs write. Nothing here is taken from the reader: templates, words and dates are
//! those of the programs, so that the reader is measured against the world and not against itself.

pub mod attributions;
pub mod delays;
pub mod dice;
pub mod forwards;
pub mod gateways;
pub mod host_programs;
pub mod layouts;
pub mod notices;
pub mod openings;
pub mod parties;
pub mod programs;
pub mod refusals;
pub mod replies;
pub mod separators;
pub mod services;
pub mod several;
pub mod tally;
pub mod temptations;
pub mod words;
