//! The rules of a desk for one ticket.

use crate::{CheckedBook, RunInput, Surroundings, checked::told_groups, surroundings::type_fields};
use docket_conditions::{Condition, Facts, Prepared};
use docket_domain::{
    GroupId, PersonId, RuleId, Timestamp,
    calendar::Calendar,
    field::FieldBook,
    rule::{Rule, Text},
    sla::{InForce, Policy, Terms, TimerRules},
    ticket::{
        Actor, Channel, Chosen, Command, Found, Needs, Rules, StandardRules, Ticket, TicketEvent, Written,
    },
};
use std::{collections::BTreeSet, sync::Arc};

/// The versions of a policy and its calendar that hold for the ticket already and are no longer in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTerms {
    /// The policy.
    pub policy: Policy,
    /// Its calendar.
    pub calendar: Option<Calendar>,
}

/// What a decision about one ticket is handed.
#[derive(Clone, Debug)]
pub struct DeskRules {
    checked: Arc<CheckedBook>,
    held: Option<KeptTerms>,
    surroundings: Surroundings,
    running: RunInput,
    now: Timestamp,
}

impl DeskRules {
    /// The rules at one instant.
    pub fn new(checked: Arc<CheckedBook>, surroundings: Surroundings, now: Timestamp) -> Self {
        Self {
            checked,
            held: None,
            surroundings,
            running: RunInput::default(),
            now,
        }
    }

    /// Groups that an escalation may tell: of the policies in force, and of the one that the ticket is still under.
    pub fn told_groups(&self) -> BTreeSet<GroupId> {
        let held = self.held.iter().flat_map(|held| told_groups(&held.policy));
        self.checked.reads().members.iter().copied().chain(held).collect()
    }

    /// The same, with versions that are no longer in the book.
    #[must_use]
    pub fn holding(mut self, held: Option<KeptTerms>) -> Self {
        self.held = held;
        self
    }

    /// The same, with what rules need while they run.
    #[must_use]
    pub fn running_with(mut self, running: RunInput) -> Self {
        self.running = running;
        self
    }

    /// What was fetched so far, to add to it.
    pub fn fetched(&mut self) -> &mut RunInput {
        &mut self.running
    }

    /// The book, with its conditions read.
    pub fn checked(&self) -> &CheckedBook {
        &self.checked
    }

    /// The name of a group, where it is known.
    pub(crate) fn group_name(&self, group: GroupId) -> Option<&str> {
        self.surroundings.groups.get(&group).map(String::as_str)
    }

    pub(crate) fn running(&self) -> &RunInput {
        &self.running
    }

    /// Whether a policy's condition holds; one that has no answer for this ticket does not.
    fn holds(&self, policy: &Policy, condition: &Condition, ticket: &Ticket) -> bool {
        let facts = self.facts(ticket);
        match condition.evaluate_prepared(&Prepared::new(&facts)) {
            Ok(evaluation) => evaluation.result,
            Err(error) => {
                tracing::warn!(policy = %policy.id, ticket = %ticket.number, %error, "an SLA policy's condition has no answer");
                false
            }
        }
    }

    /// What conditions may look at.
    pub(crate) fn facts(&self, ticket: &Ticket) -> Facts {
        let mut facts = self.surroundings.facts(ticket, self.now);
        type_fields(&self.checked.book.rules.fields, &mut facts.ticket.fields);
        facts
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
        if let Some(policy) = ticket.sla_policy.and_then(|id| checked.book.policy(id))
            && let Ok(terms) = checked.book.terms(policy)
        {
            let reason = "a rule put the ticket under it".to_owned();
            return Some(Chosen { terms, reason });
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

    fn lacks(&self, ticket: &Ticket, command: &Command, actor: &Actor) -> Needs {
        self.find_lacks(ticket, command, actor)
    }

    fn works_here(&self, agent: PersonId) -> bool {
        self.running.staff.get(&agent) != Some(&false)
    }

    fn is_staff(&self, person: PersonId) -> Option<bool> {
        self.running.staff.get(&person).copied()
    }

    fn members(&self, group: GroupId) -> Vec<PersonId> {
        self.running.members.get(&group).cloned().unwrap_or_default()
    }

    fn weight(&self, channel: &Channel) -> u32 {
        self.checked.book.rules.weight(channel)
    }

    fn fields(&self) -> &FieldBook {
        &self.checked.book.rules.fields
    }

    fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.checked.book.rules.rule(id)
    }

    fn has_triggers(&self) -> bool {
        !self.checked.rules.triggered.is_empty()
    }

    fn triggered(
        &self,
        from: usize,
        ticket: &Ticket,
        happened: &[TicketEvent],
        ran: &BTreeSet<RuleId>,
    ) -> Option<Found<'_>> {
        self.find_triggered(from, ticket, happened, ran)
    }

    fn has_automations(&self) -> bool {
        !self.checked.rules.automations.is_empty()
    }

    fn automations(&self, ticket: &Ticket) -> Vec<Found<'_>> {
        self.find_automations(ticket)
    }

    fn write(&self, text: &Text, ticket: &Ticket, to_requester: bool) -> Result<Written, String> {
        self.fill_in(text, ticket, to_requester)
    }
}

impl KeptTerms {
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
