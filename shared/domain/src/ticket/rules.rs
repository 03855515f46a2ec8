//! What the operator laid down, as far as decisions about tickets depend on it.

use super::{Actor, Channel, Command, Needs, Ticket, TicketEvent};
use crate::{
    GroupId, PersonId, RuleId,
    assignment::DEFAULT_WEIGHT,
    contact::comment::{BodyRef, CommentBody},
    field::FieldBook,
    rule::{Rule, Text},
    sla::{InForce, Policy, Terms, TimerRules},
};
use std::collections::BTreeSet;

/// The policy that holds for a ticket.
#[derive(Clone, Debug)]
pub struct Chosen<'r> {
    /// The policy and its calendar.
    pub terms: Terms<'r>,
    /// Why this one, in a sentence.
    pub reason: String,
}

/// A rule whose condition was tried and holds, or has no answer.
#[derive(Clone, Debug)]
pub struct Found<'r> {
    /// Its place among those that are tried.
    pub place: usize,
    /// The rule.
    pub rule: &'r Rule,
    /// What its condition read, with the values it found.
    pub read: Vec<(String, String)>,
    /// What it ran because of, in words; or why its condition has no answer.
    pub outcome: Result<String, String>,
}

/// A text that a rule writes, filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The subject of a mail; the ticket's own where nothing is said.
    pub subject: Option<String>,
    /// The text itself, to be stored before the save.
    pub text: CommentBody,
    /// Where it will lie.
    pub body: BodyRef,
    /// Its first words.
    pub snippet: String,
    /// The language it is in, as a BCP 47 tag.
    pub language: Option<String>,
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

    /// Whether somebody whom a ticket comes back to still works here.
    fn works_here(&self, _agent: PersonId) -> bool {
        true
    }

    /// Whether somebody works here, where it is known.
    fn is_staff(&self, _person: PersonId) -> Option<bool> {
        Some(false)
    }

    /// What must be fetched before a command about a ticket can be decided.
    fn lacks(&self, _ticket: &Ticket, _command: &Command, _actor: &Actor) -> Needs {
        Needs::default()
    }

    /// What a ticket of this channel weighs in an agent's load, in units: at most [`crate::assignment::MOST_WEIGHT`].
    fn weight(&self, _channel: &Channel) -> u32 {
        DEFAULT_WEIGHT
    }

    /// The fields of tickets, forms and statuses that the operator defined.
    fn fields(&self) -> &FieldBook {
        static NONE: std::sync::LazyLock<FieldBook> = std::sync::LazyLock::new(FieldBook::default);
        &NONE
    }

    /// A rule by its id.
    fn rule(&self, _id: RuleId) -> Option<&Rule> {
        None
    }

    /// Whether there are rules that run because something happened.
    fn has_triggers(&self) -> bool {
        false
    }

    /// Of the rules that run because something happened, in their order from a place on and without those of `ran`: the
    /// first whose condition holds for the ticket as it is now and one of these events, or has no answer.
    fn triggered(
        &self,
        _from: usize,
        _ticket: &Ticket,
        _happened: &[TicketEvent],
        _ran: &BTreeSet<RuleId>,
    ) -> Option<Found<'_>> {
        None
    }

    /// Whether there are automations.
    fn has_automations(&self) -> bool {
        false
    }

    /// The automations whose condition holds for a ticket, or has no answer, in their order.
    fn automations(&self, _ticket: &Ticket) -> Vec<Found<'_>> {
        Vec::new()
    }

    /// Fills in what a rule writes about a ticket, for its requester or for agents.
    ///
    /// # Errors
    /// Says in words why it can't be filled in.
    fn write(&self, _text: &Text, _ticket: &Ticket, _to_requester: bool) -> Result<Written, String> {
        Err("no texts are at hand".to_owned())
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
