//! What every resource is made with: who calls, what comes in, lists in pages, repeats of writes, and refusals. Beside
//! who may do what and what lists are narrowed by, it knows no resource.

pub(crate) mod access;
pub(crate) mod address;
pub(crate) mod admission;
pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod configuration;
pub(crate) mod customer;
pub(crate) mod error;
pub(crate) mod fields_at_hand;
pub(crate) mod format;
pub(crate) mod idempotency;
pub(crate) mod input;
pub(crate) mod list_filters;
pub(crate) mod paging;
pub(crate) mod place_paging;
pub(crate) mod sight;
pub(crate) mod written;
