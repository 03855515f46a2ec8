//! The store: tables and their keys, the one commit, blobs, queues, the mailer, secrets. The only crate of the functions
//! that names the AWS SDK. What one does with it is the desk's (`shared/desk`).
//!
//! Everything is a method of [`Store`]. Three facts shape it. *Anything may come twice*: a commit carries a guard, and a
//! repeat is answered with what the first one did. *Anything may come in any order*: a commit checks the version it was
//! decided on, and whoever loses reloads and decides again. *Any reply may be lost*: a repeated transaction carries the
//! same token.

pub mod audit;
pub mod blob;
mod changed;
pub mod clients;
pub mod configuration;
pub mod error;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod mail;
pub mod parts;
pub mod people;
pub mod ports;
pub mod projections;
pub mod queue;
pub mod sabotage;
pub mod schema;
pub mod search_index;
pub mod secrets;
pub mod settings;
pub mod store;
pub mod table;
pub mod tickets;
mod unread_headers;
pub mod workspace;

pub use changed::ChangedPage;
pub use clients::Clients;
pub use error::{Never, StoreError};
pub use ports::{Clock, Entropy};
pub use queue::{Nudge, Queue};
pub use settings::Settings;
pub use store::Store;
