//! A rule as it is sent, and the rule that comes of it.

use super::{
    Of,
    actions::{ActionFields, actions_of},
    hours::timing_of,
};
use crate::{
    filters::{Filter, Names, Use, condition_of, filter_of},
    kit::{
        call::Call,
        error::ApiError,
        input::{flag, place, removable_text, text},
    },
};
use docket_domain::{
    PersonId, RuleId,
    rule::{DEFAULT_BUDGET, Rule, RuleAction, RuleError, RuleKind, Timing},
    sla::{Book, Recipient},
};
use serde::Deserialize;

/// A rule as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleFields {
    #[serde(deserialize_with = "text")]
    title: Option<String>,
    #[serde(deserialize_with = "text")]
    description: Option<String>,
    #[serde(deserialize_with = "flag")]
    active: Option<bool>,
    #[serde(deserialize_with = "place")]
    position: Option<u32>,
    /// Of triggers: what they are sorted into.
    #[serde(deserialize_with = "removable_text")]
    category_id: Option<Option<String>>,
    conditions: Option<Filter>,
    /// Macros of some clients say it so.
    all: Option<Vec<crate::filters::Clause>>,
    any: Option<Vec<crate::filters::Clause>>,
    pub actions: Option<Vec<ActionFields>>,
    pub docket: Extras,
}

/// What the shape has no place for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extras {
    #[serde(deserialize_with = "text")]
    condition: Option<String>,
    pub actions: Option<Vec<RuleAction>>,
    #[serde(deserialize_with = "flag")]
    is_last: Option<bool>,
    budget: Option<u32>,
    timing: Option<Timing>,
}

/// A rule before anything was put into it.
pub(super) fn blank(kind: RuleKind, id: RuleId, name: &str, position: u32) -> Rule {
    Rule {
        id,
        kind,
        name: name.to_owned(),
        description: String::new(),
        position,
        condition: "true".to_owned(),
        actions: vec![],
        is_last: false,
        budget: DEFAULT_BUDGET,
        is_active: true,
        timing: None,
    }
}

impl RuleFields {
    /// Its name as sent.
    pub fn name(&self) -> Option<String> {
        let name = self.title.as_deref()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Its place as sent.
    pub fn position(&self) -> Option<u32> {
        self.position
    }

    /// Puts a trigger that is in the book into its category.
    pub fn put_category(&self, book: &mut Book, of: Of, id: RuleId) -> Result<(), ApiError> {
        let Some(category) = self.category_id.as_ref().filter(|_| of.0 == RuleKind::Trigger) else {
            return Ok(());
        };
        let unknown = || ApiError::invalid("category_id", "is no category's id");
        let category = category.as_ref().map(|id| id.parse::<u64>()).transpose();
        let category = category.map_err(|_| unknown())?;
        let put = book.rules.put_into_category(id, category);
        put.ok_or_else(unknown)
    }

    /// The rule after this was put into it.
    pub fn put_into(&self, mut rule: Rule, names: &Names) -> Result<Rule, ApiError> {
        if let Some(title) = &self.title {
            title.trim().clone_into(&mut rule.name);
        }
        if let Some(description) = &self.description {
            rule.description.clone_from(description);
        }
        rule.is_active = self.active.unwrap_or(rule.is_active);
        rule.position = self.position.unwrap_or(rule.position);
        rule.is_last = self.docket.is_last.unwrap_or(rule.is_last);
        rule.budget = self.docket.budget.unwrap_or(rule.budget);
        if let Some(timing) = self.docket.timing {
            rule.timing = Some(timing);
        }
        self.put_condition(&mut rule, names)?;
        let before = rule.actions.clone();
        if let Some(actions) = &self.docket.actions {
            rule.actions.clone_from(actions);
        }
        // A rule that is sent back as it was shown stays as it is, also where its actions are none that the shape can say.
        if let Some(actions) = &self.actions
            && (self.docket.actions.is_none() || self.docket.actions.as_ref() == Some(&before))
            && (!actions.is_empty() || before.is_empty())
        {
            rule.actions = actions_of(actions, rule.kind, names, &before)?;
        }
        Ok(rule)
    }

    fn put_condition(&self, rule: &mut Rule, names: &Names) -> Result<(), ApiError> {
        let written = self.docket.condition.as_deref().map(str::trim);
        if let Some(condition) = written.filter(|condition| *condition != rule.condition) {
            condition.clone_into(&mut rule.condition);
            return Ok(());
        }
        let top = Filter {
            all: self.all.clone(),
            any: self.any.clone(),
        };
        let sent = self.conditions.as_ref().or((!top.is_empty()).then_some(&top));
        let Some(filter) = sent else { return Ok(()) };
        let (of, filter) = match rule.kind {
            RuleKind::Automation => {
                let (timing, filter) = timing_of(filter, rule.timing)?;
                rule.timing = timing;
                (Use::Automation, filter)
            }
            RuleKind::Trigger => (Use::Trigger, filter.clone()),
            RuleKind::Routing | RuleKind::Macro => (Use::Automation, filter.clone()),
        };
        if filter.is_empty() && filter_of(&rule.condition, names).is_none() {
            return Ok(());
        }
        rule.condition = condition_of(&filter, names, of)?;
        Ok(())
    }

    /// Refuses actions that name people who are not there, or do not work here where they would have to.
    pub async fn check_people(&self, call: &Call) -> Result<(), ApiError> {
        let own = self
            .docket
            .actions
            .iter()
            .flatten()
            .filter_map(|action| match action {
                RuleAction::SetAssignee(Some(agent)) => Some(*agent),
                RuleAction::Notify {
                    to: Recipient::Agent(agent),
                    ..
                } => Some(*agent),
                _ => None,
            });
        let sent = self.actions.iter().flatten().filter_map(ActionFields::agent);
        let agents: Vec<PersonId> = own.chain(sent).collect();
        for person in call.desk.people().get_many(&agents).await? {
            if !person.role.is_staff() {
                let words = format!("{} is nobody who works here", person.id);
                return Err(ApiError::invalid("actions", words));
            }
        }
        Ok(())
    }
}

/// The field that an error is about.
pub(super) fn field_of(error: &RuleError) -> &'static str {
    match error {
        RuleError::Name(_) => "title",
        RuleError::Description(_) => "description",
        RuleError::Budget(_) => "docket.budget",
        RuleError::Timing(_) | RuleError::Wait(_) => "conditions",
        _ => "actions",
    }
}
