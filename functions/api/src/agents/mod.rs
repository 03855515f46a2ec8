//! `agents/{id}`, ours: whether an agent takes new tickets, how much they take and what they can do.

pub(crate) mod availability;
pub(crate) mod settings;
