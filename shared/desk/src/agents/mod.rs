//! Agents: who may be one, how they come and go.

mod availability;
mod roles;

pub use availability::LoadSettingsError;
pub use roles::RoleRefused;
