//! Agents: who may be one, how they come and go.

mod availability;
mod candidates;
mod roles;

pub use availability::LoadSettingsError;
pub(crate) use candidates::SeenMembers;
pub use roles::RoleRefused;
