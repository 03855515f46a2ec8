//! Sections `skills` and `channel_weights`.

use super::Work;
use crate::problem::{Path, hint};
use docket_domain::{
    SkillId,
    assignment::RequiredSkill,
    rule::{RuleBook, Skill, SkillAttribute},
};
use std::collections::BTreeMap;

/// The skills of a file. One that has kept its name keeps its id.
pub(super) fn skills(work: &mut Work<'_>, entries: &BTreeMap<String, Vec<String>>) -> Vec<Skill> {
    let base = &work.base.rules;
    let section = Path::default().key("skills");
    let mut next = base.next_skill_id().0;
    let mut found: Vec<Skill> = Vec::new();
    let mut problems = Vec::new();
    for (attribute, names) in entries {
        for (at, name) in names.iter().enumerate() {
            let path = section.key(attribute).entry(at);
            if let Some(other) = found.iter().find(|skill| skill.name == *name) {
                problems.push((
                    path,
                    format!("a skill of {:?} is called {name:?}, too", other.attribute),
                ));
                continue;
            }
            let known = base.skills.iter().find(|skill| skill.name == *name);
            let id = known.map_or(SkillId(next), |known| known.id);
            if known.is_none() {
                next += 1;
            }
            let skill = Skill::new(id, attribute, name);
            if !skill.is_well_formed() {
                problems.push((
                    path,
                    "a skill and what it is of have 1 to 100 characters each".to_owned(),
                ));
            }
            found.push(skill);
        }
    }
    for (path, message) in problems {
        work.problem(&path, message);
    }
    found
}

/// What skills are of, those without a skill included. One that has kept its name keeps its number.
pub(super) fn attributes(
    work: &mut Work<'_>,
    entries: &BTreeMap<String, Vec<String>>,
) -> Vec<SkillAttribute> {
    let known = work.base.rules.all_attributes();
    let mut next = work.base.rules.next_attribute_id();
    let mut attributes = Vec::new();
    for name in entries.keys() {
        let known = known.iter().find(|attribute| attribute.name == *name);
        let id = known.map_or(next, |known| known.id);
        next += u64::from(known.is_none());
        let attribute = SkillAttribute::new(id, name);
        if !attribute.is_well_formed() {
            let path = Path::default().key("skills").key(name);
            work.problem(&path, "what skills are of has 1 to 100 characters");
        }
        attributes.push(attribute);
    }
    attributes
}

/// What a rule requires, by the names of skills.
pub(super) fn required(
    work: &mut Work<'_>,
    entries: &BTreeMap<String, u8>,
    path: &Path,
    book: &RuleBook,
) -> Vec<RequiredSkill> {
    let levels = levels(work, entries, path, book).into_iter();
    levels
        .map(|(skill, level)| RequiredSkill { skill, level })
        .collect()
}

/// Skills by their names, each with a level.
pub(super) fn levels(
    work: &mut Work<'_>,
    entries: &BTreeMap<String, u8>,
    path: &Path,
    book: &RuleBook,
) -> BTreeMap<SkillId, u8> {
    let mut levels = BTreeMap::new();
    for (name, level) in entries {
        match book.skills.iter().find(|skill| skill.name == *name) {
            Some(skill) => {
                levels.insert(skill.id, *level);
            }
            None => {
                let hint = hint(name, book.skills.iter().map(|skill| skill.name.as_str()));
                work.problem(&path.key(name), format!("no skill is called {name:?}{hint}"));
            }
        }
    }
    levels
}
