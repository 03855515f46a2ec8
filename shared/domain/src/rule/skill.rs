//! What skills are called.

use crate::SkillId;
use serde::{Deserialize, Serialize};

/// Longest name of a skill, and of what it is a kind of, in characters.
const LONGEST_NAME: usize = 100;

/// A skill that agents have at a level and tickets require.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// The id.
    pub id: SkillId,
    /// What it is a kind of, such as a language or a product.
    pub attribute: String,
    /// Its name; no two skills share one.
    pub name: String,
}

impl Skill {
    /// Whether its names can be shown.
    pub fn is_well_formed(&self) -> bool {
        let is_name = |name: &str| !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME;
        is_name(&self.attribute) && is_name(&self.name)
    }
}
