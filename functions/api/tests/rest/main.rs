//! The API driven over HTTP on the embedded AWS: what a client sends, and what it gets.

mod support;

mod audits;
mod errors;
mod lists;
mod people;
mod repeats;
mod tickets;
