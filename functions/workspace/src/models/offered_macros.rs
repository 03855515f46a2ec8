//! The macros of an answer's form: which are offered, which were put in, and what they do besides.

use crate::{
    directions::isolated,
    language::{Language, language},
    models::typed::Typed,
    words,
};
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
    /// That it does that when the answer is sent.
    pub fn rest_words(&self) -> String {
        let (name, actions) = (isolated(&self.name), isolated(&self.rest));
        t!("{name} also {actions} on sending.", name, actions)
    }

    /// The macro of a rule.
    pub fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            name: rule.name.clone(),
            rest: rest_in_words(rule),
        }
    }
}

/// A word within a sentence: German nouns keep their capital.
fn within(word: &str) -> String {
    match language() {
        Language::English => word.to_lowercase(),
        Language::German => word.to_owned(),
    }
}

/// What a macro does besides, in words; empty where the form shows it all.
pub fn rest_in_words(rule: &Rule) -> String {
    let words = rule.actions.iter().filter_map(|action| match action {
        RuleAction::AddTags(tags) => Some(t!("adds the tags {tags}", tags = tags.join(", "))),
        RuleAction::RemoveTags(tags) => Some(t!("takes the tags {tags} away", tags = tags.join(", "))),
        RuleAction::SetPriority(to) => {
            let priority = within(words::priority(Some(*to)));
            Some(t!("sets the priority to {priority}", priority))
        }
        RuleAction::AssignToActor => Some(t!("gives you the ticket").to_owned()),
        RuleAction::SetAssignee(Some(_)) => Some(t!("gives the ticket to somebody").to_owned()),
        RuleAction::SetAssignee(None) => Some(t!("takes the assignee away").to_owned()),
        RuleAction::SetType(Some(kind)) => {
            let kind = within(words::ticket_type(*kind));
            Some(t!("sets the type to {kind}", kind))
        }
        RuleAction::SetType(None) => Some(t!("takes the type away").to_owned()),
        RuleAction::SetGroup(_) => Some(t!("moves the ticket to another group").to_owned()),
        RuleAction::SetField { name, .. } => Some(t!("sets {name}", name)),
        RuleAction::SetForm(_) => Some(t!("puts the ticket into a form").to_owned()),
        RuleAction::SetCustomStatus(_) => Some(t!("sets a status of the desk's own").to_owned()),
        RuleAction::AddCcs(_) => Some(t!("puts people in copy").to_owned()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A macro that does this.
#[cfg(test)]
pub fn macro_that(actions: Vec<RuleAction>) -> Rule {
    Rule {
        id: RuleId(4),
        kind: RuleKind::Macro,
        name: "Restart".to_owned(),
        description: String::new(),
        position: 1,
        condition: "true".to_owned(),
        actions,
        is_last: false,
        budget: 10,
        is_active: true,
        timing: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Reader, read_by};
    use axum::http::{HeaderMap, header};
    use docket_domain::ticket::TicketType;

    #[test]
    fn a_german_noun_keeps_its_capital() {
        let rule = macro_that(vec![RuleAction::SetType(Some(TicketType::Question))]);
        let rest_in = |language: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, language.parse().unwrap());
            read_by(Reader::of_request(&headers), || rest_in_words(&rule))
        };
        assert_eq!(rest_in("en"), "sets the type to question");
        let german = rest_in("de");
        assert!(german.contains("Frage"), "{german}");
    }
}
