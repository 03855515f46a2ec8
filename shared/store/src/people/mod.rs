//! People, organizations, groups and those who work here, as stored.

mod former_members;
mod groups;
mod loads;
mod memberships;
mod organization_merges;
mod organizations;
mod pending_sign_ins;
mod persons;
mod sessions;
mod sign_in_links;
mod staff;
mod strangers;
mod tokens;
mod traces;
mod work;

pub use former_members::OrganizationWork;
pub use groups::{MOST_GROUPS, MOST_MEMBERS};
pub use loads::{AgentWork, Follows};
pub use memberships::{MembershipRows, OrganizationMembership};
pub use organization_merges::{MembersNudge, STANDS_STILL_AFTER, TakesPart};
pub use pending_sign_ins::PendingSignIn;
pub use persons::PeopleRows;
pub use sessions::{MOST_SESSIONS, Session};
pub use sign_in_links::SignInName;
pub use tokens::ApiToken;
pub use traces::{TracePage, TracedUntil, Traces};
pub use work::{PersonTask, PersonWork};
