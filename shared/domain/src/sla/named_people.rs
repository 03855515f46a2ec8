//! Of whom a book speaks.

use super::{Action, Book, Recipient};
use crate::{PersonId, rule::RuleAction};

impl Book {
    /// Agents to whom rules give tickets, or whom rules and escalations tell something; each with what names them, in words.
    pub fn named_agents(&self) -> impl Iterator<Item = (String, PersonId)> + '_ {
        let told = self.policies.iter().flat_map(|policy| {
            let escalations = policy.promises.iter().flat_map(|promise| &promise.escalations);
            let actions = escalations.flat_map(|escalation| &escalation.actions);
            actions.filter_map(|action| match action {
                Action::Notify(Recipient::Agent(agent)) => {
                    Some((format!("SLA policy {:?}", policy.title), *agent))
                }
                _ => None,
            })
        });
        let by_rules = self.rules.rules.iter().flat_map(|rule| {
            let named = rule.actions.iter().filter_map(|action| match action {
                RuleAction::SetAssignee(agent) => *agent,
                RuleAction::Notify {
                    to: Recipient::Agent(agent),
                    ..
                } => Some(*agent),
                _ => None,
            });
            named.map(|agent| (format!("{} {:?}", rule.kind, rule.name), agent))
        });
        told.chain(by_rules)
    }

    /// People whom rules put in copy.
    pub fn copied_people(&self) -> impl Iterator<Item = PersonId> + '_ {
        let actions = self.rules.rules.iter().flat_map(|rule| &rule.actions);
        let copied = actions.filter_map(|action| match action {
            RuleAction::AddCcs(people) => Some(people),
            _ => None,
        });
        copied.flatten().copied()
    }
}
