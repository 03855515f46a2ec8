//! Where a past ticket goes under some rules.

use super::{Known, PastTicket};
use crate::{
    DeskRules,
    routing::{NO_ANSWER, Routed, triage_without},
};
use docket_domain::{RuleId, ticket::Ticket};

/// Where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// The ticket as the rules leave it.
    pub ticket: Ticket,
    /// The operator's rules that matched, in their order.
    pub matched: Vec<RuleId>,
    /// Those whose condition had no answer, and why.
    pub unanswered: Vec<(RuleId, String)>,
    /// The rule behind which no other was tried.
    pub ended_by: Option<RuleId>,
}

/// Lets the rules have their say as if they had been in force.
pub(crate) fn place(rules: &DeskRules, past: &PastTicket, known: &Known) -> Placed {
    place_without(rules, past, known, None)
}

/// The same as if one rule were not there.
pub(crate) fn place_without(
    rules: &DeskRules,
    past: &PastTicket,
    known: &Known,
    left_out: Option<RuleId>,
) -> Placed {
    let Routed {
        outcome,
        decision,
        ticket,
        ended_by,
    } = triage_without(rules, &past.facts(known), past.language.as_deref(), left_out);
    let unanswered = decision.tried.iter().filter_map(|tried| {
        let why = tried.saw.strip_prefix(NO_ANSWER)?;
        Some((tried.id?, why.to_owned()))
    });
    Placed {
        ticket,
        matched: outcome.rules,
        unanswered: unanswered.collect(),
        ended_by,
    }
}
