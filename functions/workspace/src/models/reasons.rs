//! Why the ticket is here: the decisions that brought it, with what they saw.

use crate::{
    directions::isolated,
    names::Names,
    sentences,
    words::{self, Moment},
};
use docket_domain::{
    Digest, TicketNumber, Timestamp, assignment,
    ticket::{Fact, TicketEvent, fact},
    triage,
};

/// A decision and its reason.
pub struct Reason<D> {
    pub words: String,
    pub when: Moment,
    pub details: Option<D>,
}

/// Both decisions, as far as they were taken.
#[derive(Default)]
pub struct Reasons {
    pub triage: Option<Reason<TriageDetails>>,
    pub assignment: Option<Reason<AssignmentDetails>>,
}

/// What triage looked at.
pub struct TriageDetails {
    pub rule_set: String,
    pub policy: String,
    pub history: String,
    /// Which ticket seems to say the same, and how much so; empty where none does.
    pub duplicate: String,
    pub tried: Vec<triage::Tried>,
}

/// Whom assignment looked at.
pub struct AssignmentDetails {
    pub strategy: String,
    pub candidates: Vec<Candidate>,
}

/// One member of the group.
pub struct Candidate {
    pub name: String,
    pub load: i64,
    pub capacity: u32,
    pub outcome: String,
    pub is_winner: bool,
}

impl TriageDetails {
    /// By what it was decided.
    pub fn words(&self) -> String {
        let Self {
            rule_set,
            policy,
            history,
            ..
        } = self;
        t!(
            "Rules {rule_set}, SLA policy {policy}; {history}.",
            rule_set,
            policy,
            history
        )
    }
}

/// The event that triaged the ticket, and where its decision lies.
pub fn triaged(events: &[TicketEvent]) -> Option<(&TicketEvent, &Digest)> {
    events.iter().rev().find_map(|event| match &event.fact {
        Fact::Triaged(fact::Triaged { decision, .. }) => Some((event, decision)),
        _ => None,
    })
}

/// The ticket that triage took for one that says the same.
pub fn duplicate_of(events: &[TicketEvent]) -> Option<TicketNumber> {
    match &triaged(events)?.0.fact {
        Fact::Triaged(fact::Triaged { duplicate_of, .. }) => *duplicate_of,
        _ => None,
    }
}

/// The event by which the ticket came to whoever has it, or waits; and where the desk's own decision lies.
pub fn assigned(events: &[TicketEvent]) -> Option<(&TicketEvent, Option<&Digest>)> {
    events.iter().rev().find_map(|event| match &event.fact {
        Fact::Assigned { decision, .. } => Some((event, Some(decision))),
        Fact::AssignmentDeferred { decision, .. } => Some((event, decision.as_ref())),
        Fact::AssigneeChanged { .. } | Fact::HandedBack { .. } | Fact::Escalated { .. } => {
            Some((event, None))
        }
        _ => None,
    })
}

/// The decision of triage in words.
pub fn triage_reason(
    event: &TicketEvent,
    decision: Option<triage::Decision>,
    names: &Names,
    now: Timestamp,
) -> Reason<TriageDetails> {
    Reason {
        words: sentences::sentence(event, names),
        when: words::ago(event.at, now),
        details: decision.map(|decision| TriageDetails {
            history: history(&decision.history),
            duplicate: decision
                .found
                .duplicate
                .as_ref()
                .map_or_else(String::new, duplicate),
            rule_set: decision.rule_set,
            policy: decision.sla_policy.unwrap_or_else(|| t!("none").to_owned()),
            tried: decision.tried,
        }),
    }
}

/// The decision of assignment in words.
pub fn assignment_reason(
    event: &TicketEvent,
    decision: Option<assignment::Decision>,
    names: &Names,
    now: Timestamp,
) -> Reason<AssignmentDetails> {
    Reason {
        words: sentences::sentence(event, names),
        when: words::ago(event.at, now),
        details: decision.map(|decision| AssignmentDetails {
            strategy: decision.strategy,
            candidates: decision
                .considered
                .iter()
                .map(|considered| {
                    let is_winner = decision.winner == Some(considered.agent);
                    Candidate {
                        name: names.person(considered.agent),
                        load: considered.load_units,
                        capacity: considered.capacity,
                        outcome: match &considered.passed_over {
                            Some(why) => why.clone(),
                            None if is_winner => t!("chosen").to_owned(),
                            None => t!("could have it").to_owned(),
                        },
                        is_winner,
                    }
                })
                .collect(),
        }),
    }
}

fn history(history: &triage::History) -> String {
    let (total, open) = (history.tickets_total, history.tickets_open);
    let mut words = match total {
        0 => t!("the requester's first ticket").to_owned(),
        total if history.is_partial => {
            t!(
                "{total} or more tickets before this one, {open} open",
                total,
                open
            )
        }
        total => tn!(
            "{count} ticket before this one, {open} open",
            "{count} tickets before this one, {open} open",
            total,
            open
        ),
    };
    if let Some(organization) = &history.organization {
        words += &t!("; of {organization}", organization = isolated(&organization.name));
    }
    if let Some(tier) = &history.tier {
        words += &t!("; tier {tier}", tier = isolated(tier));
    }
    words
}

fn duplicate(likely: &triage::LikelyDuplicate) -> String {
    let (ticket, percent) = (likely.ticket, likely.likeness_percent);
    match likely.same_subject {
        true => t!(
            "Ticket {ticket} has the same subject and {percent} % of its words in common with this one",
            ticket,
            percent
        ),
        false => t!(
            "Ticket {ticket} has another subject and {percent} % of its words in common with this one",
            ticket,
            percent
        ),
    }
}
