//! Who of a group gets a ticket.

use super::{
    AgentLoad, Availability, GroupAssignment, RequiredSkill, SkillNames, Strategy,
    skills::words,
    wait::{Obstacle, why_nobody},
};
use crate::{
    CalendarId, Digest, GroupId, PersonId, SkillId, TicketNumber, Timestamp, calendar::Calendar,
    ticket::Ticket,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// Who could have a ticket of a group, and what decides among them.
#[derive(Clone, Copy, Debug)]
pub struct Candidates<'a> {
    /// The group.
    pub group: GroupId,
    /// How it gives out its tickets.
    pub assignment: &'a GroupAssignment,
    /// Its members' loads.
    pub roster: &'a [AgentLoad],
    /// The calendars in force.
    pub calendars: &'a [Calendar],
    /// The agent who had the requester's last ticket, where the group prefers them.
    pub previous: Option<PersonId>,
    /// What skills are called, as far as that is known.
    pub skill_names: &'a SkillNames,
    /// Now.
    pub now: Timestamp,
}

/// Who gets the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The agent.
    pub agent: PersonId,
    /// Their load as read.
    pub load_units: i64,
    /// Their capacity as read, which the commit must still find.
    pub capacity: u32,
    /// The most units they may have when it is committed, for the ticket to fit.
    pub room_units: i64,
    /// Version of their settings and memberships as read, which the commit must still find.
    pub settings_v: u64,
    /// Why, in a sentence.
    pub reason: String,
}

/// One member of the group as considered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// The agent.
    pub agent: PersonId,
    /// Load as read.
    pub load_units: i64,
    /// Capacity as read.
    pub capacity: u32,
    /// Whether they took new tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// Their skills.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<SkillId, u8>,
    /// When they were last given a ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<Timestamp>,
    /// Why they were passed over; nothing for those who could have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_over: Option<String>,
}

/// The whole decision, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The group that was searched.
    pub group: GroupId,
    /// How its members are ordered.
    pub strategy: String,
    /// What the ticket weighs, in units.
    #[serde(default = "super::default_weight")]
    pub weight: u32,
    /// The skills that were asked for, in words; nothing where none were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// Whether the ticket has waited so long that its skills were waived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skills_waived: bool,
    /// The agent who had the requester's last ticket, where the group prefers them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PersonId>,
    /// Each member; nobody where the group's agents take tickets themselves.
    pub considered: Vec<Considered>,
    /// The winner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<PersonId>,
    /// What set the winner before the next one; nothing where there was no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie_break: Option<String>,
    /// Why, in a sentence.
    pub reason: String,
    /// When time alone makes another decision possible: skills are waived, somebody's day begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes_at: Option<Timestamp>,
    /// Whether somebody could have it but for their load.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits_for_room: bool,
}

impl Decision {
    /// When to look again at a ticket that nobody got, at the latest: `usual` is the wait where somebody's room may come up
    /// and the word of it be lost. Where only time helps, its instant is what is waited for.
    pub fn look_again_at(&self, now: Timestamp, usual: SignedDuration) -> Timestamp {
        let usual = now.checked_add(usual).unwrap_or(now);
        match self.changes_at {
            Some(changes_at) if self.waits_for_room => changes_at.min(usual),
            Some(changes_at) => changes_at,
            None => usual,
        }
    }
}

/// Chooses an agent for a waiting ticket of a group: with the required skills, available, within their working hours, and
/// with room. First the requester's previous agent if the group prefers them, then as the group's strategy says; of equals
/// the one who has waited longest for a ticket, then by a hash.
pub fn choose(ticket: &Ticket, from: &Candidates<'_>) -> (Option<Choice>, Decision) {
    let search = Search::new(ticket, from);
    let mut decision = Decision {
        group: from.group,
        strategy: from.assignment.strategy.words().to_owned(),
        weight: ticket.weight,
        required: (!search.required.is_empty()).then(|| words(search.required, from.skill_names)),
        skills_waived: search.skills_waived,
        previous: from.previous,
        considered: Vec::new(),
        winner: None,
        tie_break: None,
        reason: String::new(),
        changes_at: None,
        waits_for_room: false,
    };
    if from.assignment.strategy == Strategy::Manual {
        decision.reason = "the agents of its group take its tickets themselves".to_owned();
        return (None, decision);
    }
    let mut free = Vec::new();
    let mut obstacles = Vec::new();
    for load in from.roster {
        let obstacle = search.obstacle(load);
        let passed_over = obstacle
            .as_ref()
            .map(|obstacle| obstacle.words(load, ticket.weight, from.skill_names));
        decision.considered.push(considered(load, passed_over));
        match obstacle {
            Some(obstacle) => obstacles.push(obstacle),
            None => free.push(load),
        }
    }
    free.sort_by(|a, b| search.order(a, b).0);
    let Some(winner) = free.first() else {
        let relaxes_at = search.relaxes_at.filter(|_| !search.required.is_empty());
        decision.waits_for_room = obstacles.contains(&Obstacle::Full);
        (decision.reason, decision.changes_at) =
            why_nobody(&obstacles, decision.required.as_deref(), relaxes_at);
        return (None, decision);
    };
    decision.winner = Some(winner.agent);
    decision.tie_break = free.get(1).map(|next| search.order(winner, next).1.to_owned());
    decision.reason = search.why(winner, free.len(), decision.required.as_deref());
    let choice = Choice {
        agent: winner.agent,
        load_units: winner.load_units,
        capacity: winner.capacity,
        room_units: winner.room_for(ticket.weight),
        settings_v: winner.settings_v,
        reason: decision.reason.clone(),
    };
    (Some(choice), decision)
}

/// Whether anybody could have the lightest ticket that requires nothing. If not, no ticket need be looked at.
pub fn has_room(from: &Candidates<'_>) -> bool {
    let closed = Closed::new(from);
    let is_free = |load: &AgentLoad| {
        load.availability == Availability::Online && !closed.is(load) && load.load_units <= load.room_for(1)
    };
    from.assignment.strategy != Strategy::Manual && from.roster.iter().any(is_free)
}

/// The calendars that are closed now, with their next opening.
struct Closed(BTreeMap<CalendarId, Option<Timestamp>>);

impl Closed {
    fn new(from: &Candidates<'_>) -> Self {
        let closed = from
            .calendars
            .iter()
            .filter(|calendar| !calendar.is_open_at(from.now));
        Self(
            closed
                .map(|calendar| (calendar.id(), calendar.next_open_at(from.now)))
                .collect(),
        )
    }

    fn is(&self, load: &AgentLoad) -> bool {
        load.calendar
            .is_some_and(|calendar| self.0.contains_key(&calendar))
    }

    fn opens_at(&self, load: &AgentLoad) -> Option<Timestamp> {
        self.0.get(&load.calendar?).copied().flatten()
    }
}

/// One search among the members of a group.
struct Search<'a> {
    from: &'a Candidates<'a>,
    ticket: &'a Ticket,
    /// The skills still asked for.
    required: &'a [RequiredSkill],
    skills_waived: bool,
    relaxes_at: Option<Timestamp>,
    closed: Closed,
}

impl<'a> Search<'a> {
    fn new(ticket: &'a Ticket, from: &'a Candidates<'a>) -> Self {
        let waiting = ticket.waiting.as_ref();
        let relaxes_at = waiting.and_then(|waiting| from.assignment.relaxes_at(waiting.since));
        let is_over = relaxes_at.is_some_and(|at| at <= from.now);
        Self {
            from,
            ticket,
            required: if is_over { &[] } else { &ticket.skills },
            skills_waived: is_over && !ticket.skills.is_empty(),
            relaxes_at,
            closed: Closed::new(from),
        }
    }

    /// Why an agent can't have the ticket: first what lasts longest.
    fn obstacle(&self, load: &AgentLoad) -> Option<Obstacle> {
        let lacking = load.lacks(self.required);
        if !lacking.is_empty() {
            Some(Obstacle::Lacks(lacking))
        } else if load.availability == Availability::Away {
            Some(Obstacle::Away)
        } else if self.closed.is(load) {
            Some(Obstacle::OutsideHours(self.closed.opens_at(load)))
        } else {
            (load.load_units > load.room_for(self.ticket.weight)).then_some(Obstacle::Full)
        }
    }

    /// Who of two comes first, and by what.
    fn order(&self, a: &AgentLoad, b: &AgentLoad) -> (Ordering, &'static str) {
        let is_previous = |load: &AgentLoad| self.from.previous == Some(load.agent);
        let strategy = self.from.assignment.strategy;
        let number = self.ticket.number;
        let steps: [(Ordering, &'static str); 3] = [
            (
                is_previous(b).cmp(&is_previous(a)),
                "the requester's previous agent",
            ),
            (strategy.order(a, b), strategy.words()),
            (
                a.last_assigned_at.cmp(&b.last_assigned_at),
                "longest without a new ticket",
            ),
        ];
        let decided = steps.into_iter().find(|(order, _)| order.is_ne());
        decided.unwrap_or_else(|| {
            let order = tie_break(number, a.agent).cmp(&tie_break(number, b.agent));
            (order, "a hash of ticket and agent")
        })
    }

    /// Why the winner, in a sentence.
    fn why(&self, winner: &AgentLoad, free: usize, required: Option<&str>) -> String {
        let AgentLoad {
            load_units, capacity, ..
        } = winner;
        let first = if self.from.previous == Some(winner.agent) {
            "the requester's previous agent".to_owned()
        } else {
            let by = match self.from.assignment.strategy {
                Strategy::RoundRobin => "longest without a new ticket",
                Strategy::LeastLoaded | Strategy::Manual => "least loaded",
            };
            format!("{by} of {free} available")
        };
        let with = required.map_or_else(String::new, |required| format!(" with {required}"));
        let waived = if self.skills_waived {
            "; required skills are waived, it has waited too long for them"
        } else {
            ""
        };
        format!("{first}{with}: {load_units} of {capacity} before this one{waived}")
    }
}

fn considered(load: &AgentLoad, passed_over: Option<String>) -> Considered {
    Considered {
        agent: load.agent,
        load_units: load.load_units,
        capacity: load.capacity,
        availability: Some(load.availability),
        skills: load.skills.clone(),
        last_assigned_at: load.last_assigned_at,
        passed_over,
    }
}

fn tie_break(ticket: TicketNumber, agent: PersonId) -> Digest {
    Digest::of_parts([ticket.0.to_be_bytes(), agent.0.to_be_bytes()])
}
