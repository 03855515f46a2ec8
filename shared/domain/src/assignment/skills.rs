//! Skills that a ticket requires of whoever gets it.

use crate::SkillId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most skills that a ticket requires: the head must fit 2 KB.
pub const MOST_SKILLS: usize = 8;
/// Highest level of a skill.
pub const HIGHEST_LEVEL: u8 = 5;

/// What skills are called, as far as whoever asks knows.
pub type SkillNames = BTreeMap<SkillId, String>;

/// A skill that a ticket requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequiredSkill {
    /// The skill.
    pub skill: SkillId,
    /// The least level, from 1 to 5.
    pub level: u8,
}

/// Skills that no ticket can require.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSkills {
    /// Too many.
    #[error("{0} skills are required, at most {MOST_SKILLS} can be")]
    TooMany(usize),
    /// A level that is none.
    #[error("level {level} of skill {skill} is required, levels go from 1 to {HIGHEST_LEVEL}")]
    Level {
        /// The skill.
        skill: SkillId,
        /// The level.
        level: u8,
    },
}

/// Required skills as a ticket has them: sorted by skill, each once at the highest level asked for.
pub fn in_order(mut skills: Vec<RequiredSkill>) -> Result<Vec<RequiredSkill>, BadSkills> {
    if let Some(bad) = skills
        .iter()
        .find(|need| !(1..=HIGHEST_LEVEL).contains(&need.level))
    {
        let RequiredSkill { skill, level } = *bad;
        return Err(BadSkills::Level { skill, level });
    }
    skills.sort_by_key(|need| (need.skill, std::cmp::Reverse(need.level)));
    skills.dedup_by_key(|need| need.skill);
    if skills.len() > MOST_SKILLS {
        return Err(BadSkills::TooMany(skills.len()));
    }
    Ok(skills)
}

/// Skills in words: by their names where those are known.
pub(super) fn words(skills: &[RequiredSkill], names: &SkillNames) -> String {
    let word = |need: &RequiredSkill| match names.get(&need.skill) {
        Some(name) => format!("{name} at level {}", need.level),
        None => format!("skill {} at level {}", need.skill, need.level),
    };
    skills.iter().map(word).collect::<Vec<_>>().join(", ")
}
