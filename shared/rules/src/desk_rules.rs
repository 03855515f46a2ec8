//! The rules of a desk for one ticket.

use crate::{CheckedBook, Surroundings, checked::told_groups};
use docket_conditions::{Condition, Prepared};
use docket_domain::{
    GroupId, PersonId, Timestamp,
    calendar::Calendar,
    sla::{InForce, Policy, Terms, TimerRules},
    ticket::{Chosen, Rules, StandardRules, Ticket},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The versions of a policy and its calendar that hold for the ticket already and are no longer in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The policy.
    pub policy: Policy,
    /// Its calendar.
    pub calendar: Option<Calendar>,
}

/// What a decision about one ticket is handed.
#[derive(Clone, Debug)]
pub struct DeskRules {
    checked: Arc<CheckedBook>,
    held: Option<Held>,
    surroundings: Surroundings,
    members: BTreeMap<GroupId, Vec<PersonId>>,
    now: Timestamp,
}

impl DeskRules {
    /// The rules at one instant.
    pub fn new(checked: Arc<CheckedBook>, surroundings: Surroundings, now: Timestamp) -> Self {
        Self {
            checked,
            held: None,
            surroundings,
            members: BTreeMap::new(),
            now,
        }
    }

    /// Groups that an escalation may tell: of the policies in force, and of the one that the ticket is still under.
    pub fn told_groups(&self) -> BTreeSet<GroupId> {
        let held = self.held.iter().flat_map(|held| told_groups(&held.policy));
        self.checked.needs().members.iter().copied().chain(held).collect()
    }

    /// The same, with the agents of groups.
    #[must_use]
    pub fn telling(mut self, members: BTreeMap<GroupId, Vec<PersonId>>) -> Self {
        self.members = members;
        self
    }

    /// The same, with versions that are no longer in the book.
    #[must_use]
    pub fn holding(mut self, held: Option<Held>) -> Self {
        self.held = held;
        self
    }

    /// Whether a policy's condition holds; one that has no answer for this ticket does not.
    fn holds(&self, policy: &Policy, condition: &Condition, ticket: &Ticket) -> bool {
        let facts = self.surroundings.facts(ticket, self.now);
        match condition.evaluate_prepared(&Prepared::new(&facts)) {
            Ok(evaluation) => evaluation.result,
            Err(error) => {
                tracing::warn!(policy = %policy.id, ticket = %ticket.number, %error, "an SLA policy's condition has no answer");
                false
            }
        }
    }
}

impl Rules for DeskRules {
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>> {
        let checked = &*self.checked;
        if checked.book.policies.is_empty() {
            return Some(Chosen {
                terms: Terms::round_the_clock(&checked.standard),
                reason: StandardRules::REASON.to_owned(),
            });
        }
        checked.order.iter().find_map(|(place, condition)| {
            let policy = &checked.book.policies[*place];
            if !self.holds(policy, condition, ticket) {
                return None;
            }
            let reason = format!(
                "its condition is the first that holds: {}",
                shortened(condition.source())
            );
            match checked.book.terms(policy) {
                Ok(terms) => Some(Chosen { terms, reason }),
                Err(error) => {
                    tracing::error!(policy = %policy.id, %error, "an SLA policy can't be applied");
                    None
                }
            }
        })
    }

    fn terms(&self, in_force: &InForce) -> Option<Terms<'_>> {
        let book = &self.checked.book;
        let standard = Terms::round_the_clock(&self.checked.standard);
        let newest = book
            .policy(in_force.policy)
            .and_then(|policy| book.terms(policy).ok());
        let held = self
            .held
            .as_ref()
            .and_then(|held| Terms::new(&held.policy, &held.calendar).ok());
        [Some(standard), newest, held]
            .into_iter()
            .flatten()
            .find(|terms| terms.in_force() == *in_force)
    }

    fn timers(&self) -> TimerRules {
        self.checked.book.timers
    }

    fn members(&self, group: GroupId) -> Vec<PersonId> {
        self.members.get(&group).cloned().unwrap_or_default()
    }
}

impl Held {
    /// Whether these are the versions.
    pub fn is(&self, in_force: &InForce) -> bool {
        Terms::new(&self.policy, &self.calendar).is_ok_and(|terms| terms.in_force() == *in_force)
    }
}

/// A condition for a sentence: the event that holds it has half a kilobyte.
fn shortened(source: &str) -> String {
    const LONGEST: usize = 120;
    let mut text: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST).chain(['…']).collect();
    }
    text
}
