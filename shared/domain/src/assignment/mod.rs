//! Assignment: which agent of the group gets the ticket. The same candidates always give the same answer.
//!
//! [`choose`] looks at the members of a group and says who gets a ticket, or why nobody does and when to look again.

mod choose;
mod load;
mod load_change;
mod policy;
mod skills;
#[cfg(test)]
mod tests;
mod wait;

pub use choose::{Candidates, Choice, Considered, Decision, choose, has_room};
pub use load::{
    AgentLoad, Availability, BadLoadSettings, DEFAULT_CAPACITY, LoadSettings, MOST_AGENT_SKILLS,
    MOST_CAPACITY,
};
pub use load_change::{LoadChange, load_changes};
pub use policy::{GroupAssignment, LONGEST_RELAX_SECONDS, Strategy};
pub use skills::{BadSkills, HIGHEST_LEVEL, MOST_SKILLS, RequiredSkill, SkillNames, in_order};

/// Heaviest ticket in units; one that weighs nothing takes no room.
pub const MOST_WEIGHT: u32 = 100;
/// What a ticket weighs unless its channel says otherwise.
pub const DEFAULT_WEIGHT: u32 = 1;

fn default_weight() -> u32 {
    DEFAULT_WEIGHT
}
