//! `/agent`: the pages that agents work in, and `/portal`: those of customers, rendered on the server.
//!
//! A page is made in three steps that know only their neighbour: a handler in `pages` reads the desk, a model in
//! `models` says what is to be seen, a template in `templates` says how. They work without script; the one script
//! adds comfort only.

// First: what it says with is known to all that stands behind it.
#[macro_use]
mod language;

mod access;
mod app;
mod assets;
mod browser;
mod came_from;
mod cookies;
mod directions;
mod failure;
mod form;
mod frame;
mod kept;
mod linked;
mod models;
mod names;
mod outgoing;
mod pages;
mod policy;
mod portal;
mod promises;
mod refusals;
mod searched;
mod sentences;
mod session;
mod sign_in_at;
mod undo;
mod views;
mod words;

pub use app::{app, app_reaching, app_saving_at_once};
