//! What makes a rule whole, its condition apart.

use super::{
    LONGEST_DESCRIPTION, LONGEST_NAME, MOST_ACTIONS, MOST_BUDGET, Rule, RuleAction, RuleKind, Text, TextError,
};
use crate::{
    assignment::{BadSkills, in_order},
    sla::{LONGEST_WAIT_SECONDS, SHORTEST_WAIT_SECONDS},
    ticket::{Status, Ticket, tag_is_well_formed},
};

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Its name is empty or too long.
    #[error("a name has 1 to {LONGEST_NAME} characters, not {0}")]
    Name(usize),
    /// Its description is too long.
    #[error("a description has at most {LONGEST_DESCRIPTION} characters, not {0}")]
    Description(usize),
    /// It does nothing, or too much.
    #[error("{0} actions, 1 to {MOST_ACTIONS} are allowed")]
    Actions(usize),
    /// It may run too seldom or too often.
    #[error("a budget of {0} runs an hour, 1 to {MOST_BUDGET} are allowed")]
    Budget(u32),
    /// An automation without a time, or something else with one.
    #[error("{}", if *.0 == RuleKind::Automation { "an automation says how long after what it runs" } else { "only an automation runs after a time" })]
    Timing(RuleKind),
    /// Too short or too long.
    #[error(
        "after {0} seconds, {SHORTEST_WAIT_SECONDS} (a minute) to {LONGEST_WAIT_SECONDS} (a year) are allowed"
    )]
    Wait(i64),
    /// An action that a rule of its kind does not do.
    #[error("{}", unsuitable(*.kind, .action))]
    Unsuitable {
        /// Which of its actions, from 0.
        at: usize,
        /// The kind.
        kind: RuleKind,
        /// The action.
        action: &'static str,
    },
    /// Tags that are none.
    #[error("action {}: tags have 1 to {} characters without white space", at + 1, Ticket::LONGEST_TAG)]
    Tags {
        /// Which of its actions, from 0.
        at: usize,
    },
    /// A status that no ticket comes back to.
    #[error("action {}: a ticket is new until somebody takes it on, and never again", at + 1)]
    NewStatus {
        /// Which of its actions, from 0.
        at: usize,
    },
    /// A field that is none.
    #[error(
        "action {}: a field's name has 1 to {} characters a-z, 0-9 and _, its value at most {}", at + 1,
        Ticket::LONGEST_FIELD_NAME, Ticket::LONGEST_FIELD_VALUE
    )]
    Field {
        /// Which of its actions, from 0.
        at: usize,
    },
    /// Skills that no ticket can require.
    #[error("action {}: {error}", at + 1)]
    Skills {
        /// Which of its actions, from 0.
        at: usize,
        /// What is wrong.
        error: BadSkills,
    },
    /// An escalation without a reason.
    #[error("action {}: an escalation says why, in at most {LONGEST_NAME} characters", at + 1)]
    Reason {
        /// Which of its actions, from 0.
        at: usize,
    },
    /// A text that can't be sent.
    #[error("action {}: {error}", at + 1)]
    Text {
        /// Which of its actions, from 0.
        at: usize,
        /// What is wrong.
        error: TextError,
    },
    /// An address that is none.
    #[error("action {}: a webhook's address begins with https:// and has at most 500 characters", at + 1)]
    Webhook {
        /// Which of its actions, from 0.
        at: usize,
    },
}

/// Longest address of a webhook in bytes.
const LONGEST_URL: usize = 500;

fn unsuitable(kind: RuleKind, action: &str) -> String {
    match kind {
        RuleKind::Routing => {
            format!("a routing rule says what a ticket is and whose; {action} is for triggers")
        }
        _ => format!("{action} is for macros: nobody runs a {kind}"),
    }
}

impl Rule {
    /// Checks everything but the condition.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), RuleError> {
        let name = self.name.chars().count();
        if self.name.trim().is_empty() || name > LONGEST_NAME {
            return Err(RuleError::Name(name));
        }
        let description = self.description.chars().count();
        if description > LONGEST_DESCRIPTION {
            return Err(RuleError::Description(description));
        }
        if !(1..=MOST_ACTIONS).contains(&self.actions.len()) {
            return Err(RuleError::Actions(self.actions.len()));
        }
        if !(1..=MOST_BUDGET).contains(&self.budget) {
            return Err(RuleError::Budget(self.budget));
        }
        if self.timing.is_some() != (self.kind == RuleKind::Automation) {
            return Err(RuleError::Timing(self.kind));
        }
        if let Some(timing) = self.timing
            && !(SHORTEST_WAIT_SECONDS..=LONGEST_WAIT_SECONDS).contains(&timing.after_seconds)
        {
            return Err(RuleError::Wait(timing.after_seconds));
        }
        let mut actions = self.actions.iter().enumerate();
        actions.try_for_each(|(at, action)| action.check(self.kind, at))
    }
}

impl RuleAction {
    /// Checks the action of a rule of this kind, which is its action `at`, from 0.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, kind: RuleKind, at: usize) -> Result<(), RuleError> {
        if !self.suits(kind) {
            return Err(RuleError::Unsuitable {
                at,
                kind,
                action: self.name(),
            });
        }
        if let Some(Text::Own(own)) = self.text() {
            own.check().map_err(|error| RuleError::Text { at, error })?;
        }
        let is_right = match self {
            Self::AddTags(tags) | Self::RemoveTags(tags) => {
                let is_right = !tags.is_empty() && tags.iter().all(|tag| tag_is_well_formed(tag));
                return is_right.then_some(()).ok_or(RuleError::Tags { at });
            }
            Self::SetStatus(Status::New) => return Err(RuleError::NewStatus { at }),
            Self::CallWebhook(url) => {
                let is_right = url.len() <= LONGEST_URL && url.starts_with("https://");
                return is_right.then_some(()).ok_or(RuleError::Webhook { at });
            }
            Self::RequireSkills(skills) => {
                let checked = in_order(skills.clone());
                return checked.map(drop).map_err(|error| RuleError::Skills { at, error });
            }
            Self::Escalate { reason, .. } => {
                let is_right = !reason.trim().is_empty() && reason.chars().count() <= LONGEST_NAME;
                return is_right.then_some(()).ok_or(RuleError::Reason { at });
            }
            Self::SetField { name, value } => Ticket::field_is_well_formed(name, value.as_deref()),
            _ => true,
        };
        is_right.then_some(()).ok_or(RuleError::Field { at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        RuleId,
        rule::{Anchor, TemplateText, Timing},
    };

    fn rule(kind: RuleKind, actions: Vec<RuleAction>) -> Rule {
        Rule {
            id: RuleId(1),
            kind,
            name: "A rule".to_owned(),
            description: String::new(),
            position: 1,
            condition: "true".to_owned(),
            actions,
            is_last: false,
            budget: 10,
            is_active: true,
            timing: (kind == RuleKind::Automation).then_some(Timing {
                since: Anchor::Created,
                after_seconds: 3600,
            }),
        }
    }

    #[test]
    fn a_rule_of_each_kind_does_what_suits_it() {
        let own = |body: &str| {
            Text::Own(TemplateText {
                subject: None,
                body: body.to_owned(),
            })
        };
        let tags = RuleAction::AddTags(vec!["vip".to_owned()]);
        for kind in RuleKind::ALL {
            assert_eq!(rule(kind, vec![tags.clone()]).check(), Ok(()));
        }
        let reply = RuleAction::Reply(own("Hello"));
        assert!(matches!(
            rule(RuleKind::Routing, vec![tags.clone(), reply.clone()]).check(),
            Err(RuleError::Unsuitable { at: 1, .. })
        ));
        assert_eq!(rule(RuleKind::Trigger, vec![reply]).check(), Ok(()));
        let taken = rule(RuleKind::Trigger, vec![RuleAction::AssignToActor]).check();
        assert_eq!(
            taken.unwrap_err().to_string(),
            "assign_to_actor is for macros: nobody runs a trigger"
        );
        let empty = rule(RuleKind::Trigger, vec![RuleAction::Reply(own(" "))]).check();
        assert!(matches!(empty, Err(RuleError::Text { at: 0, .. })));
    }

    #[test]
    fn times_budgets_and_addresses_have_bounds() {
        let tags = vec![RuleAction::AddTags(vec!["vip".to_owned()])];
        let mut automation = rule(RuleKind::Automation, tags.clone());
        automation.timing.as_mut().unwrap().after_seconds = 59;
        assert_eq!(automation.check(), Err(RuleError::Wait(59)));
        automation.timing = None;
        assert_eq!(automation.check(), Err(RuleError::Timing(RuleKind::Automation)));
        let mut trigger = rule(RuleKind::Trigger, tags);
        trigger.budget = 0;
        assert_eq!(trigger.check(), Err(RuleError::Budget(0)));
        let call = |url: &str| rule(RuleKind::Trigger, vec![RuleAction::CallWebhook(url.to_owned())]).check();
        assert_eq!(call("https://crm.example/hook"), Ok(()));
        assert_eq!(call("http://crm.example/hook"), Err(RuleError::Webhook { at: 0 }));
        let spaced = rule(RuleKind::Macro, vec![RuleAction::AddTags(vec!["a b".to_owned()])]);
        assert_eq!(spaced.check(), Err(RuleError::Tags { at: 0 }));
        let to = |status| rule(RuleKind::Trigger, vec![RuleAction::SetStatus(status)]).check();
        assert_eq!(to(Status::Open), Ok(()));
        assert_eq!(to(Status::New), Err(RuleError::NewStatus { at: 0 }));
    }
}
