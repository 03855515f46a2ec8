//! People, organizations, groups and those who work here, as stored.

mod former_members;
mod groups;
mod loads;
mod memberships;
mod organizations;
mod persons;
mod sessions;
mod staff;
mod strangers;
mod tokens;
mod traces;
mod work;

pub use groups::{MOST_GROUPS, MOST_MEMBERS};
pub use loads::{AgentWork, Follows};
pub use memberships::{MembershipRows, OrganizationMembership};
pub use persons::PeopleRows;
pub use sessions::Session;
pub use tokens::ApiToken;
pub use traces::{TracePage, TracedUntil, Traces};
pub use work::{PersonTask, PersonWork};
