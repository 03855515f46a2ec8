//! An agent's load: what they have, what they can, and whether they take new tickets.

use super::{HIGHEST_LEVEL, RequiredSkill};
use crate::{CalendarId, PersonId, SkillId, Timestamp, record::ChainEnd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Units an agent takes at once, unless set otherwise.
pub const DEFAULT_CAPACITY: u32 = 20;
/// Most units an agent can be set to take: more is a slip of the keyboard.
pub const MOST_CAPACITY: u32 = 10_000;
/// Most skills of an agent: they stand on the load item, which each assignment writes.
pub const MOST_AGENT_SKILLS: usize = 50;

/// Whether an agent takes new tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Takes new tickets.
    Online,
    /// Does not.
    Away,
}

impl Availability {
    /// The word by which it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
        }
    }
}

/// An agent's load, as stored beside their record and changed only in the commit that changes a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentLoad {
    /// The agent.
    pub agent: PersonId,
    /// Unsolved tickets they have, in units.
    pub load_units: i64,
    /// Of these, the units of tickets that came without asking for room: by hand, or back. The record of why a load may be
    /// above capacity.
    #[serde(default)]
    pub override_units: i64,
    /// Most units they take from the desk. More only by hand, or by a ticket that comes back.
    pub capacity: u32,
    /// Whether they take new tickets.
    pub availability: Availability,
    /// Skills and how well they have them, from 1 to 5.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<SkillId, u8>,
    /// When they work; by their status alone where no calendar in force is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// When the desk last gave them one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<Timestamp>,
    /// Version of everything here but the load itself, and of the agent's memberships: a commit checks that it decided on
    /// the newest.
    #[serde(default)]
    pub settings_v: u64,
    /// Version of the settings alone: how many audit events they have.
    #[serde(skip)]
    pub v: u64,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

impl AgentLoad {
    /// An agent who is online, has nothing and was never set up.
    pub fn new(agent: PersonId) -> Self {
        Self {
            agent,
            load_units: 0,
            override_units: 0,
            capacity: DEFAULT_CAPACITY,
            availability: Availability::Online,
            skills: BTreeMap::new(),
            calendar: None,
            last_assigned_at: None,
            settings_v: 0,
            v: 0,
            chain: ChainEnd::default(),
        }
    }

    /// Most units the agent may have for a ticket of this weight to fit. Who is full takes nothing more from the desk, not
    /// even what weighs nothing: a full group is then known without looking at its tickets.
    pub fn room_for(&self, weight: u32) -> i64 {
        i64::from(self.capacity) - i64::from(weight.max(1))
    }

    /// The required skills that the agent lacks, or has at a lower level.
    pub fn lacks(&self, required: &[RequiredSkill]) -> Vec<RequiredSkill> {
        let has = |need: &&RequiredSkill| self.skills.get(&need.skill).is_some_and(|has| *has >= need.level);
        required.iter().filter(|need| !has(need)).copied().collect()
    }
}

/// What is to be set of an agent's load; nothing of it touches the load itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadSettings {
    /// Capacity in units.
    pub capacity: Option<u32>,
    /// All skills with their levels.
    pub skills: Option<BTreeMap<SkillId, u8>>,
    /// The working calendar, or none.
    pub calendar: Option<Option<CalendarId>>,
}

/// Settings of a load that can't be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLoadSettings {
    /// Too much at once.
    #[error("a capacity of {0} units, at most {MOST_CAPACITY} are possible")]
    Capacity(u32),
    /// Too many skills.
    #[error("{0} skills, an agent has at most {MOST_AGENT_SKILLS}")]
    TooManySkills(usize),
    /// A level that is none.
    #[error("level {level} of skill {skill}, levels go from 1 to {HIGHEST_LEVEL}")]
    Level {
        /// The skill.
        skill: SkillId,
        /// The level.
        level: u8,
    },
}

impl LoadSettings {
    /// Sets what is named; the rest stays.
    pub fn apply_to(&self, load: &mut AgentLoad) {
        if let Some(capacity) = self.capacity {
            load.capacity = capacity;
        }
        if let Some(skills) = &self.skills {
            load.skills.clone_from(skills);
        }
        if let Some(calendar) = self.calendar {
            load.calendar = calendar;
        }
    }

    /// Whether they can be.
    pub fn check(&self) -> Result<(), BadLoadSettings> {
        if let Some(capacity) = self.capacity.filter(|capacity| *capacity > MOST_CAPACITY) {
            return Err(BadLoadSettings::Capacity(capacity));
        }
        let skills = self.skills.iter().flatten();
        let count = self.skills.as_ref().map_or(0, BTreeMap::len);
        if count > MOST_AGENT_SKILLS {
            return Err(BadLoadSettings::TooManySkills(count));
        }
        for (skill, level) in skills {
            if !(1..=HIGHEST_LEVEL).contains(level) {
                return Err(BadLoadSettings::Level {
                    skill: *skill,
                    level: *level,
                });
            }
        }
        Ok(())
    }
}
