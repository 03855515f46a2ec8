//! What rules set, thing by thing.

use docket_domain::{
    PersonId,
    rule::{Rule, RuleAction},
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// One thing of a ticket that a rule can set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The group.
    Group,
    /// The priority.
    Priority,
    /// The type.
    Type,
    /// The agent.
    Assignee,
    /// The SLA policy.
    SlaPolicy,
    /// The form.
    Form,
    /// The skills that are required.
    Skills,
    /// A field of the operator's own.
    Field(String),
    /// Whether a tag is there.
    Tag(String),
    /// Whether a person gets the answers in copy.
    Copy(PersonId),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group => f.write_str("group"),
            Self::Priority => f.write_str("priority"),
            Self::Type => f.write_str("type"),
            Self::Assignee => f.write_str("assignee"),
            Self::SlaPolicy => f.write_str("sla_policy"),
            Self::Form => f.write_str("form"),
            Self::Skills => f.write_str("skills"),
            Self::Field(name) => write!(f, "field {name}"),
            Self::Tag(tag) => write!(f, "tag {tag}"),
            Self::Copy(person) => write!(f, "copy to {person}"),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a rule sets, with the value as it is written; of two actions on the same thing the later one stands. What else a
/// rule may do, a routing rule can't.
pub(crate) fn settings(rule: &Rule) -> BTreeMap<Target, String> {
    let mut set = BTreeMap::new();
    for action in &rule.actions {
        match action {
            RuleAction::SetGroup(group) => drop(set.insert(Target::Group, group.to_string())),
            RuleAction::SetPriority(to) => drop(set.insert(Target::Priority, to.to_string())),
            RuleAction::SetType(to) => drop(set.insert(Target::Type, text(to.as_ref()))),
            RuleAction::SetAssignee(to) => drop(set.insert(Target::Assignee, text(to.as_ref()))),
            RuleAction::SetSlaPolicy(to) => drop(set.insert(Target::SlaPolicy, text(to.as_ref()))),
            RuleAction::RequireSkills(skills) => {
                let required = skills
                    .iter()
                    .map(|need| format!("{} at {}", need.skill, need.level));
                set.insert(Target::Skills, required.collect::<Vec<_>>().join(", "));
            }
            RuleAction::SetField { name, value } => {
                set.insert(Target::Field(name.clone()), text(value.as_ref()));
            }
            RuleAction::AddTags(tags) => {
                set.extend(
                    tags.iter()
                        .map(|tag| (Target::Tag(tag.clone()), "there".to_owned())),
                );
            }
            RuleAction::RemoveTags(tags) => {
                set.extend(
                    tags.iter()
                        .map(|tag| (Target::Tag(tag.clone()), "gone".to_owned())),
                );
            }
            RuleAction::AddCcs(people) => {
                set.extend(
                    people
                        .iter()
                        .map(|person| (Target::Copy(*person), "there".to_owned())),
                );
            }
            RuleAction::SetForm(form) => drop(set.insert(Target::Form, form.to_string())),
            RuleAction::SetStatus(_)
            | RuleAction::SetCustomStatus(_)
            | RuleAction::AssignToActor
            | RuleAction::Escalate { .. }
            | RuleAction::AddNote(_)
            | RuleAction::Reply(_)
            | RuleAction::Notify { .. }
            | RuleAction::CallWebhook(_) => {}
        }
    }
    set
}

/// A value as it is written; nothing is empty.
pub(crate) fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
