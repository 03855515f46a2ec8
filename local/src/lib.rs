//! The whole desk in one process: the real functions and the real SDK clients on an embedded AWS.
//!
//! [`wiring`] says which queue wakes which function, as `infra/template.yaml` does (a test compares the two);
//! [`stack`] makes the resources; [`functions`] invokes a function with the event that AWS would give it; [`sources`]
//! are the event sources; [`server`] serves HTTP and [`local_routes`] what only a desk of one's own has. [`world`] is
//! the same desk under a seed, step by step, with faults: what the tests live in; [`fill`] makes a desk as large as
//! wanted.

pub mod background;
mod clock_invariants;
pub mod faults;
pub mod fill;
pub mod folder_format;
pub mod functions;
pub mod invariants;
mod kept;
pub mod local_routes;
pub mod mail_in;
mod open_error;
mod own_machine;
pub mod private_files;
pub mod runner;
mod search_invariant;
pub mod server;
pub mod smtp;
pub mod sources;
pub mod stack;
pub mod wiring;
pub mod world;

pub use functions::Functions;
pub use open_error::OpenError;
pub use stack::{LocalDesk, Options};
