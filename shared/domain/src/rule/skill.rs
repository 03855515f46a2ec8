//! What skills are called, and what they are of.

use super::{Rule, RuleBook};
use crate::{SkillId, Timestamp};
use serde::{Deserialize, Serialize};

/// Longest name of a skill, and of what it is a kind of, in characters.
const LONGEST_NAME: usize = 100;

/// A skill that agents have at a level and tickets require.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// The id.
    pub id: SkillId,
    /// What it is a kind of, such as a language or a product: the name of an attribute.
    pub attribute: String,
    /// Its name; no two skills share one.
    pub name: String,
    /// When it was made and changed, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<RecordTimes>,
}

/// What skills are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillAttribute {
    /// Its number; none is given twice.
    pub id: u64,
    /// Its name; no two share one.
    pub name: String,
    /// When it was made and changed, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<RecordTimes>,
}

/// When a rule, a skill or an attribute was made and changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTimes {
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

impl Skill {
    /// A skill whose times are noted when it is stored.
    pub fn new(id: SkillId, attribute: &str, name: &str) -> Self {
        Self {
            id,
            attribute: attribute.to_owned(),
            name: name.to_owned(),
            times: None,
        }
    }

    /// Whether its names can be shown.
    pub fn is_well_formed(&self) -> bool {
        is_name(&self.attribute) && is_name(&self.name)
    }
}

impl SkillAttribute {
    /// An attribute whose times are noted when it is stored.
    pub fn new(id: u64, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            times: None,
        }
    }

    /// Whether its name can be shown.
    pub fn is_well_formed(&self) -> bool {
        is_name(&self.name)
    }
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME
}

impl RuleBook {
    /// What skills are of, by id: also what has no skill yet. What only skills name has the next numbers, in the order of their
    /// ids, so that a book from before attributes were kept says the same each time.
    pub fn all_attributes(&self) -> Vec<SkillAttribute> {
        let mut all = self.attributes.clone();
        let last = all.iter().map(|attribute| attribute.id).max().unwrap_or(0);
        let mut last = last.max(self.last_attribute_id);
        let mut skills: Vec<&Skill> = self.skills.iter().collect();
        skills.sort_by_key(|skill| skill.id);
        for skill in skills {
            if !all.iter().any(|attribute| attribute.name == skill.attribute) {
                last += 1;
                all.push(SkillAttribute::new(last, &skill.attribute));
            }
        }
        all.sort_by_key(|attribute| attribute.id);
        all
    }

    /// The number of the next attribute.
    pub fn next_attribute_id(&self) -> u64 {
        let all = self.all_attributes();
        let last = all.iter().map(|attribute| attribute.id).max().unwrap_or(0);
        last.max(self.last_attribute_id) + 1
    }

    /// Notes when rules, skills and attributes were made and changed that differ from those of `before`.
    pub fn note_times(&mut self, before: &Self, now: Timestamp) {
        let new = RecordTimes {
            created_at: now,
            updated_at: now,
        };
        let changed = |times: Option<RecordTimes>| {
            times.map(|times| RecordTimes {
                updated_at: now,
                ..times
            })
        };
        for skill in &mut self.skills {
            skill.times = match before.skill(skill.id) {
                None => Some(new),
                Some(old) if old.name == skill.name => old.times,
                Some(old) => changed(old.times),
            };
        }
        let times_of = |rule: &Rule| match before.rule(rule.id) {
            None => Some(new),
            Some(old) if old == rule => before.rule_times.get(&rule.id).copied(),
            Some(_) => changed(before.rule_times.get(&rule.id).copied()).or(Some(new)),
        };
        let times = |rule: &Rule| Some((rule.id, times_of(rule)?));
        self.rule_times = self.rules.iter().filter_map(times).collect();
        let known = before.all_attributes();
        for attribute in &mut self.attributes {
            attribute.times = match known.iter().find(|old| old.id == attribute.id) {
                None => Some(new),
                Some(old) if old.name == attribute.name => old.times,
                Some(old) => changed(old.times),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RuleId, rule::RuleKind};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn attributes_of_a_book_from_before_they_were_kept_have_the_numbers_that_they_are_stored_with() {
        let mut book = RuleBook {
            skills: vec![
                Skill::new(SkillId(3), "Product", "Printers"),
                Skill::new(SkillId(1), "Language", "French"),
                Skill::new(SkillId(2), "Language", "German"),
            ],
            ..RuleBook::default()
        };
        let shown = book.all_attributes();
        let told: Vec<_> = shown.iter().map(|one| (one.id, one.name.as_str())).collect();
        assert_eq!(told, [(1, "Language"), (2, "Product")]);
        book.settle();
        assert_eq!((&book.attributes, book.last_attribute_id), (&shown, 2));
        book.attributes.pop();
        book.skills.retain(|skill| skill.attribute == "Language");
        book.settle();
        assert_eq!(book.next_attribute_id(), 3, "a number is never given twice");
    }

    fn rule(id: u64, name: &str) -> Rule {
        Rule {
            id: RuleId(id),
            kind: RuleKind::Macro,
            name: name.to_owned(),
            description: String::new(),
            position: 1,
            condition: "true".to_owned(),
            actions: vec![],
            is_last: false,
            budget: 10,
            is_active: true,
            timing: None,
        }
    }

    #[test]
    fn a_rule_that_stays_as_it_is_keeps_its_times() {
        let mut book = RuleBook {
            rules: vec![rule(1, "a"), rule(2, "b")],
            ..RuleBook::default()
        };
        book.note_times(&RuleBook::default(), at(10));
        let mut later = RuleBook {
            rules: vec![rule(1, "a"), rule(2, "c"), rule(3, "d")],
            ..RuleBook::default()
        };
        later.note_times(&book, at(20));
        let times = |id| {
            let times = later.rule_times.get(&RuleId(id)).unwrap();
            (times.created_at, times.updated_at)
        };
        assert_eq!(times(1), (at(10), at(10)));
        assert_eq!(times(2), (at(10), at(20)));
        assert_eq!(times(3), (at(20), at(20)));
        let json = serde_json::to_string(&later).unwrap();
        assert_eq!(serde_json::from_str::<RuleBook>(&json).unwrap(), later);
        // Of rules from before it was noted nothing is known until they change.
        let mut of_before = book.clone();
        of_before.rule_times.clear();
        book.note_times(&of_before, at(30));
        assert_eq!(book, of_before);
    }

    #[test]
    fn what_keeps_its_name_keeps_its_times() {
        let before = RuleBook::default();
        let mut book = RuleBook {
            skills: vec![Skill::new(SkillId(1), "Language", "French")],
            ..RuleBook::default()
        };
        book.settle();
        book.note_times(&before, at(10));
        let mut later = book.clone();
        later.note_times(&book, at(20));
        assert_eq!(later, book);
        later.skills[0].name = "Français".into();
        later.note_times(&book, at(30));
        let times = later.skills[0].times.unwrap();
        assert_eq!((times.created_at, times.updated_at), (at(10), at(30)));
        assert_eq!(later.attributes, book.attributes);
    }
}
