//! All rules of a desk, and the texts they write.

use super::{
    RecordTimes, Rule, RuleAction, RuleError, RuleKind, Skill, SkillAttribute, Template, Text, TextError,
    TriggerCategory,
};
use crate::{
    RuleId, SkillId,
    assignment::{DEFAULT_WEIGHT, MOST_WEIGHT, SkillNames},
    field::{FieldBook, FieldBookError},
    ticket::Channel,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most rules of a kind: all of them are tried on a ticket.
pub const MOST_OF_A_KIND: usize = 500;
/// Most skills of a desk.
pub const MOST_SKILLS_OF_DESK: usize = 500;
/// Most templates.
pub const MOST_TEMPLATES: usize = 200;

/// Rules and templates in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleBook {
    /// Rules, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Templates, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<Template>,
    /// Skills, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// What skills are of, by id; what only skills name is added when the book is stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<SkillAttribute>,
    /// What a ticket weighs in an agent's load, by the way it came: `mail`, `api`, `agent`, `hook`, or the name of a hook's
    /// channel, which goes before `hook`. Where nothing is said it weighs 1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, u32>,
    /// When rules were made and changed, where that is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rule_times: BTreeMap<RuleId, RecordTimes>,
    /// The highest number that a rule has had; none is given twice.
    #[serde(default)]
    pub last_rule_id: u64,
    /// The highest number that a skill has had.
    #[serde(default)]
    pub last_skill_id: u64,
    /// The highest number that an attribute of skills has had.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub last_attribute_id: u64,
    /// What triggers are sorted into, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trigger_categories: Vec<TriggerCategory>,
    /// The highest number that such a category has had.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub last_category_id: u64,
    /// Fields of tickets, people and organizations, forms and statuses.
    #[serde(default, skip_serializing_if = "FieldBook::is_empty")]
    pub fields: FieldBook,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Rules that do not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleBookError {
    /// Too many.
    #[error("{count} rules of the kind {kind}, at most {MOST_OF_A_KIND} can be in force")]
    TooMany {
        /// Of which kind.
        kind: RuleKind,
        /// How many.
        count: usize,
    },
    /// Too many.
    #[error("{0} templates, at most {MOST_TEMPLATES} can be in force")]
    TooManyTemplates(usize),
    /// Two of one id.
    #[error("two rules have the id {0}")]
    RepeatedId(RuleId),
    /// Two of a kind with one name.
    #[error("two rules of the kind {kind} are called {name:?}")]
    RepeatedName {
        /// The kind.
        kind: RuleKind,
        /// The name.
        name: String,
    },
    /// Two templates of one name.
    #[error("two templates are called {0:?}")]
    RepeatedTemplate(String),
    /// A rule that is not whole.
    #[error("{kind} {name:?}: {error}")]
    Rule {
        /// Its kind.
        kind: RuleKind,
        /// Its name.
        name: String,
        /// What is wrong.
        error: RuleError,
    },
    /// A template that is not whole.
    #[error("template {name:?}: {error}")]
    Template {
        /// Its name.
        name: String,
        /// What is wrong.
        error: TextError,
    },
    /// Two skills of one id or name.
    #[error("two skills have the id {id} or the name {name:?}")]
    RepeatedSkill {
        /// The id.
        id: SkillId,
        /// The name.
        name: String,
    },
    /// A skill without a name, or too many skills.
    #[error(
        "skills: at most {MOST_SKILLS_OF_DESK}, each with a name and an attribute of 1 to 100 characters"
    )]
    Skills,
    /// Two attributes of one id or name.
    #[error("two attributes of skills have the id {id} or the name {name:?}")]
    RepeatedAttribute {
        /// The id.
        id: u64,
        /// The name.
        name: String,
    },
    /// A rule requires a skill that is not there.
    #[error("{kind} {name:?} requires skill {skill}, which is not there")]
    MissingSkill {
        /// Its kind.
        kind: RuleKind,
        /// Its name.
        name: String,
        /// The skill.
        skill: SkillId,
    },
    /// A weight that is none.
    #[error("weight of {channel:?}: {weight}, at most {MOST_WEIGHT} is allowed")]
    Weight {
        /// Of which channel.
        channel: String,
        /// The weight.
        weight: u32,
    },
    /// Fields, forms and statuses that can't all be.
    #[error(transparent)]
    Fields(#[from] FieldBookError),
    /// A rule writes a template that is not there.
    #[error("{kind} {name:?} writes the template {template:?}, which is not there")]
    MissingTemplate {
        /// Its kind.
        kind: RuleKind,
        /// Its name.
        name: String,
        /// The template.
        template: String,
    },
}

impl RuleBook {
    /// A rule by its id.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// A template by its name.
    pub fn template(&self, name: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.name == name)
    }

    /// A skill by its id.
    pub fn skill(&self, id: SkillId) -> Option<&Skill> {
        self.skills.iter().find(|skill| skill.id == id)
    }

    /// What skills are called.
    pub fn skill_names(&self) -> SkillNames {
        self.skills
            .iter()
            .map(|skill| (skill.id, skill.name.clone()))
            .collect()
    }

    /// The id of the next skill.
    pub fn next_skill_id(&self) -> SkillId {
        let last = self.skills.iter().map(|skill| skill.id.0).max();
        SkillId(last.unwrap_or(0).max(self.last_skill_id) + 1)
    }

    /// What a ticket that came this way weighs.
    pub fn weight(&self, channel: &Channel) -> u32 {
        let of = |name: &str| self.weights.get(name).copied();
        let weight = match channel {
            Channel::Mail { .. } => of("mail"),
            Channel::Hook { channel } => of(channel).or_else(|| of("hook")),
            Channel::Api => of("api"),
            Channel::Agent | Channel::Portal => of("agent"),
            Channel::Phone => of("phone").or_else(|| of("agent")),
        };
        weight.unwrap_or(DEFAULT_WEIGHT)
    }

    /// The rules of a kind in the order in which they run.
    pub fn of_kind(&self, kind: RuleKind) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> = self.rules.iter().filter(|rule| rule.kind == kind).collect();
        rules.sort_by_key(|rule| (rule.position, rule.id));
        rules
    }

    /// The id of the next rule.
    pub fn next_rule_id(&self) -> RuleId {
        let last = self.rules.iter().map(|rule| rule.id.0).max();
        RuleId(last.unwrap_or(0).max(self.last_rule_id) + 1)
    }

    /// Whether anything was configured.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
            && self.templates.is_empty()
            && self.skills.is_empty()
            && self.attributes.is_empty()
            && self.weights.is_empty()
            && self.fields.is_empty()
    }

    /// Brings it into the one order in which it is stored, with the highest id that was given.
    pub fn settle(&mut self) {
        self.last_rule_id = self.next_rule_id().0 - 1;
        self.last_skill_id = self.next_skill_id().0 - 1;
        self.skills.sort_by_key(|skill| skill.id);
        self.attributes = self.all_attributes();
        self.last_attribute_id = self.next_attribute_id() - 1;
        self.fields.settle();
        self.rules.sort_by_key(|rule| rule.id);
        self.templates.sort_by(|a, b| a.name.cmp(&b.name));
        self.settle_categories();
    }

    /// Checks that the parts are whole and fit each other; conditions are checked by whoever can read them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), RuleBookError> {
        for kind in RuleKind::ALL {
            let count = self.rules.iter().filter(|rule| rule.kind == kind).count();
            if count > MOST_OF_A_KIND {
                return Err(RuleBookError::TooMany { kind, count });
            }
        }
        if self.templates.len() > MOST_TEMPLATES {
            return Err(RuleBookError::TooManyTemplates(self.templates.len()));
        }
        for (at, template) in self.templates.iter().enumerate() {
            if self.templates[..at]
                .iter()
                .any(|other| other.name == template.name)
            {
                return Err(RuleBookError::RepeatedTemplate(template.name.clone()));
            }
            template.check().map_err(|error| RuleBookError::Template {
                name: template.name.clone(),
                error,
            })?;
        }
        self.check_skills()?;
        self.fields.check()?;
        for (at, rule) in self.rules.iter().enumerate() {
            self.check_rule(at, rule)?;
        }
        Ok(())
    }

    fn check_skills(&self) -> Result<(), RuleBookError> {
        if self.skills.len() > MOST_SKILLS_OF_DESK || !self.skills.iter().all(Skill::is_well_formed) {
            return Err(RuleBookError::Skills);
        }
        for (at, skill) in self.skills.iter().enumerate() {
            let mut before = self.skills[..at].iter();
            if before.any(|other| other.id == skill.id || other.name == skill.name) {
                let (id, name) = (skill.id, skill.name.clone());
                return Err(RuleBookError::RepeatedSkill { id, name });
            }
        }
        let attributes = &self.attributes;
        if attributes.len() > MOST_SKILLS_OF_DESK || !attributes.iter().all(SkillAttribute::is_well_formed) {
            return Err(RuleBookError::Skills);
        }
        for (at, attribute) in attributes.iter().enumerate() {
            let mut before = attributes[..at].iter();
            if before.any(|other| other.id == attribute.id || other.name == attribute.name) {
                let (id, name) = (attribute.id, attribute.name.clone());
                return Err(RuleBookError::RepeatedAttribute { id, name });
            }
        }
        let heavy = self.weights.iter().find(|(_, weight)| **weight > MOST_WEIGHT);
        heavy.map_or(Ok(()), |(channel, weight)| {
            Err(RuleBookError::Weight {
                channel: channel.clone(),
                weight: *weight,
            })
        })
    }

    fn check_rule(&self, at: usize, rule: &Rule) -> Result<(), RuleBookError> {
        let before = &self.rules[..at];
        if before.iter().any(|other| other.id == rule.id) {
            return Err(RuleBookError::RepeatedId(rule.id));
        }
        let (kind, name) = (rule.kind, rule.name.clone());
        if before
            .iter()
            .any(|other| other.kind == rule.kind && other.name == rule.name)
        {
            return Err(RuleBookError::RepeatedName { kind, name });
        }
        if let Err(error) = rule.check() {
            return Err(RuleBookError::Rule { kind, name, error });
        }
        for action in &rule.actions {
            if let RuleAction::RequireSkills(skills) = action
                && let Some(missing) = skills.iter().find(|need| self.skill(need.skill).is_none())
            {
                let skill = missing.skill;
                return Err(RuleBookError::MissingSkill { kind, name, skill });
            }
        }
        let texts = rule.actions.iter().filter_map(|action| action.text());
        for text in texts {
            if let Text::Template(template) = text
                && self.template(template).is_none()
            {
                let template = template.clone();
                return Err(RuleBookError::MissingTemplate { kind, name, template });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::TemplateText;

    fn trigger(id: u64, name: &str, position: u32, action: RuleAction) -> Rule {
        Rule {
            id: RuleId(id),
            kind: RuleKind::Trigger,
            name: name.to_owned(),
            description: String::new(),
            position,
            condition: "true".to_owned(),
            actions: vec![action],
            is_last: false,
            budget: 10,
            is_active: true,
            timing: None,
        }
    }

    #[test]
    fn rules_and_templates_hold_together_or_say_why_not() {
        let greeting = Text::Template("greeting".to_owned());
        let tag = RuleAction::AddTags(vec!["seen".to_owned()]);
        let text = TemplateText {
            subject: None,
            body: "Hello".to_owned(),
        };
        let mut book = RuleBook {
            rules: vec![
                trigger(7, "Greet", 2, RuleAction::Reply(greeting)),
                trigger(3, "Tag", 1, tag.clone()),
            ],
            templates: vec![Template {
                name: "greeting".to_owned(),
                default_language: "en".to_owned(),
                texts: BTreeMap::from([("en".to_owned(), text)]),
            }],
            last_rule_id: 9,
            ..RuleBook::default()
        };
        book.settle();
        assert_eq!(book.check(), Ok(()));
        assert_eq!(book.next_rule_id(), RuleId(10));
        let order: Vec<u64> = book
            .of_kind(RuleKind::Trigger)
            .iter()
            .map(|rule| rule.id.0)
            .collect();
        assert_eq!(order, [3, 7]);

        let mut without = book.clone();
        without.templates.clear();
        assert!(matches!(
            without.check(),
            Err(RuleBookError::MissingTemplate { .. })
        ));
        let mut twice = book.clone();
        twice.rules.push(trigger(8, "Tag", 3, tag.clone()));
        assert!(matches!(twice.check(), Err(RuleBookError::RepeatedName { .. })));
        twice.rules.pop();
        twice.rules.push(trigger(3, "Other", 3, tag));
        assert_eq!(twice.check(), Err(RuleBookError::RepeatedId(RuleId(3))));
    }
}
