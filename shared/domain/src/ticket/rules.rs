//! What the operator laid down, as far as decisions about tickets depend on it.

use super::{Channel, Ticket};
use crate::{
    GroupId, PersonId,
    assignment::DEFAULT_WEIGHT,
    sla::{InForce, Policy, Terms, TimerRules},
};

/// The policy that holds for a ticket.
#[derive(Clone, Debug)]
pub struct Chosen<'r> {
    /// The policy and its calendar.
    pub terms: Terms<'r>,
    /// Why this one, in a sentence.
    pub reason: String,
}

/// What the operator laid down. A decision asks; whoever answers has fetched everything before.
pub trait Rules: Send + Sync {
    /// The policy that holds for a ticket as it is, in its newest version.
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>>;

    /// The policy and calendar of versions that hold for the ticket already.
    fn terms(&self, in_force: &InForce) -> Option<Terms<'_>>;

    /// What happens by itself when nobody writes.
    fn timers(&self) -> TimerRules;

    /// The agents of a group who can be told something.
    fn members(&self, group: GroupId) -> Vec<PersonId>;

    /// What a ticket of this channel weighs in an agent's load, in units: at most [`crate::assignment::MOST_WEIGHT`].
    fn weight(&self, _channel: &Channel) -> u32 {
        DEFAULT_WEIGHT
    }
}

/// The rules of a desk where nothing was configured.
#[derive(Debug)]
pub struct StandardRules {
    policy: Policy,
}

impl Default for StandardRules {
    fn default() -> Self {
        Self {
            policy: Policy::standard(),
        }
    }
}

impl StandardRules {
    /// Why the standard policy holds.
    pub const REASON: &'static str = "no policy is configured, so the standard one holds";
}

impl Rules for StandardRules {
    fn choose(&self, _ticket: &Ticket) -> Option<Chosen<'_>> {
        Some(Chosen {
            terms: Terms::round_the_clock(&self.policy),
            reason: Self::REASON.to_owned(),
        })
    }

    fn terms(&self, in_force: &InForce) -> Option<Terms<'_>> {
        let terms = Terms::round_the_clock(&self.policy);
        (terms.in_force() == *in_force).then_some(terms)
    }

    fn timers(&self) -> TimerRules {
        TimerRules::default()
    }

    fn members(&self, _group: GroupId) -> Vec<PersonId> {
        Vec::new()
    }
}
