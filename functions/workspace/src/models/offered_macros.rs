//! The macros of an answer's form: which are offered, which were put in, and what they do besides.

use crate::models::typed::Typed;
use docket_domain::{
    RuleId,
    rule::{Rule, RuleAction, RuleBook, RuleKind},
};

/// Most macros that one answer is made of.
const MOST_INSERTED: usize = 10;

/// The macros that agents can run, in their order.
pub fn offered(rules: &RuleBook) -> Vec<&Rule> {
    let mut macros = rules.of_kind(RuleKind::Macro);
    macros.retain(|rule| rule.is_active);
    macros
}

/// The macros that were put into a form.
pub fn inserted<'r>(rules: &'r RuleBook, typed: &Typed) -> Vec<&'r Rule> {
    let offered = offered(rules);
    let ids = typed
        .macros
        .split(',')
        .filter_map(|id| id.trim().parse::<RuleId>().ok());
    ids.filter_map(|id| offered.iter().find(|rule| rule.id == id).copied())
        .take(MOST_INSERTED)
        .collect()
}

/// A macro as the form offers it.
pub struct MacroChoice {
    pub id: String,
    pub name: String,
    /// What it does that the form has no field for, in words; empty where the form shows it all.
    pub rest: String,
}

impl MacroChoice {
    /// The macro of a rule.
    pub fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            name: rule.name.clone(),
            rest: rest_in_words(rule),
        }
    }
}

/// What a macro does besides, in words; empty where the form shows it all.
pub fn rest_in_words(rule: &Rule) -> String {
    let words = rule.actions.iter().filter_map(|action| match action {
        RuleAction::AddTags(tags) => Some(format!("adds the tags {}", tags.join(", "))),
        RuleAction::RemoveTags(tags) => Some(format!("takes the tags {} away", tags.join(", "))),
        RuleAction::SetPriority(priority) => Some(format!("sets the priority to {priority}")),
        RuleAction::AssignToActor => Some("gives you the ticket".to_owned()),
        RuleAction::SetAssignee(Some(_)) => Some("gives the ticket to somebody".to_owned()),
        RuleAction::SetAssignee(None) => Some("takes the assignee away".to_owned()),
        RuleAction::SetType(Some(kind)) => Some(format!("sets the type to {kind}")),
        RuleAction::SetType(None) => Some("takes the type away".to_owned()),
        RuleAction::SetGroup(_) => Some("moves the ticket to another group".to_owned()),
        RuleAction::SetField { name, .. } => Some(format!("sets {name}")),
        RuleAction::SetForm(_) => Some("puts the ticket into a form".to_owned()),
        RuleAction::SetCustomStatus(_) => Some("sets a status of the desk's own".to_owned()),
        RuleAction::AddCcs(_) => Some("puts people in copy".to_owned()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(", ")
}
