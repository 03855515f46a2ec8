//! The desk on AWS: tables, the one commit, blobs, queues, the mailer, secrets. The only crate of the
//! functions that names the AWS SDK.
//!
//! Everything that functions call is a method of [`Desk`]. Three facts shape it. *Anything may come twice*:
//! a commit carries a guard, and a repeat is answered with what the first one did. *Anything may come in
//! any order*: a commit checks the version it was decided on, and whoever loses reloads and decides again.
//! *Any reply may be lost*: a repeated transaction carries the same token.

pub mod account;
pub mod attempt;
pub mod availability;
pub mod change;
pub mod clients;
pub mod dead_letters;
pub mod desk;
pub mod error;
pub mod files;
pub mod keys;
pub mod mailer;
pub mod operations;
pub mod ports;
pub mod queues;
mod resend;
pub mod schema;
pub mod secrets;
pub mod seed;
pub mod settings;
mod solution;
pub mod spool;
pub mod store;

pub use change::{Attempt, Changed, Find, Found, Saved, Try, Want, Wish};
pub use clients::Clients;
pub use desk::Desk;
pub use error::{Never, StoreError};
pub use ports::{Clock, Entropy};
pub use queues::{Nudge, Queue};
pub use settings::Settings;
