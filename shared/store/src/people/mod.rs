//! People, organizations, groups and those who work here, as stored.

mod groups;
mod loads;
mod organizations;
mod persons;
mod sessions;
mod staff;
mod tokens;
mod traces;

pub use groups::{MOST_GROUPS, MOST_MEMBERS};
pub use loads::{AgentWork, Follows};
pub use sessions::Session;
pub use tokens::ApiToken;
pub use traces::Traces;
