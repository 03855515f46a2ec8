//! Assignment: which agent of the group gets the ticket. The same candidates always give the same answer.

use crate::{Digest, GroupId, PersonId, TicketNumber, Timestamp};
use serde::{Deserialize, Serialize};

/// Tickets an agent takes at once, unless set otherwise.
pub const DEFAULT_CAPACITY: u32 = 20;

/// Whether an agent takes new tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Takes new tickets.
    Online,
    /// Does not.
    Away,
}

/// An agent's load, as stored beside their record and changed only in the commit that changes a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentLoad {
    /// The agent.
    pub agent: PersonId,
    /// Unsolved tickets they have, in units.
    pub load_units: i64,
    /// Most units they take from the desk. More only by hand, or by a ticket that comes back.
    pub capacity: u32,
    /// Whether they take new tickets.
    pub availability: Availability,
    /// When the desk last gave them one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<Timestamp>,
}

/// Who gets the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The agent.
    pub agent: PersonId,
    /// Their load as read, which the commit must still find.
    pub load_units: i64,
    /// Their capacity as read.
    pub capacity: u32,
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
    /// Each member.
    pub considered: Vec<Considered>,
    /// The winner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<PersonId>,
    /// Why, in a sentence.
    pub reason: String,
}

/// Chooses an agent for a ticket of a group: available, with room, and the least load as a share of
/// capacity; of equals the one who has waited longest for a ticket, then by a hash.
pub fn choose(group: GroupId, ticket: TicketNumber, roster: &[AgentLoad]) -> (Option<Choice>, Decision) {
    let mut considered = Vec::with_capacity(roster.len());
    let mut free: Vec<&AgentLoad> = Vec::new();
    for load in roster {
        let passed_over = if load.availability == Availability::Away {
            Some("away".to_owned())
        } else if load.load_units >= i64::from(load.capacity) {
            Some(format!("full: {} of {}", load.load_units, load.capacity))
        } else {
            free.push(load);
            None
        };
        let AgentLoad {
            agent,
            load_units,
            capacity,
            ..
        } = *load;
        considered.push(Considered {
            agent,
            load_units,
            capacity,
            passed_over,
        });
    }
    // a/b < c/d as a*d < c*b, so that no rounding decides.
    free.sort_by(|a, b| {
        let left = i128::from(a.load_units) * i128::from(b.capacity);
        let right = i128::from(b.load_units) * i128::from(a.capacity);
        left.cmp(&right)
            .then_with(|| a.last_assigned_at.cmp(&b.last_assigned_at))
            .then_with(|| tie_break(ticket, a.agent).cmp(&tie_break(ticket, b.agent)))
    });
    let choice = free.first().map(|load| Choice {
        agent: load.agent,
        load_units: load.load_units,
        capacity: load.capacity,
        reason: format!(
            "least loaded of {} available: {} of {} before this one",
            free.len(),
            load.load_units,
            load.capacity
        ),
    });
    let reason = match &choice {
        Some(choice) => choice.reason.clone(),
        None => nobody(&considered).to_owned(),
    };
    let winner = choice.as_ref().map(|choice| choice.agent);
    (
        choice,
        Decision {
            group,
            strategy: "least loaded".to_owned(),
            considered,
            winner,
            reason,
        },
    )
}

/// Why nobody was found, without numbers that change from minute to minute.
fn nobody(considered: &[Considered]) -> &'static str {
    let away = considered
        .iter()
        .filter(|c| c.passed_over.as_deref() == Some("away"))
        .count();
    match considered.len() {
        0 => "its group has no agents",
        n if n == away => "every agent of its group is away",
        _ => "every available agent of its group is at capacity",
    }
}

fn tie_break(ticket: TicketNumber, agent: PersonId) -> Digest {
    Digest::of_parts([ticket.0.to_be_bytes(), agent.0.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(agent: u64, load_units: i64, capacity: u32) -> AgentLoad {
        let agent = PersonId(agent);
        AgentLoad {
            agent,
            load_units,
            capacity,
            availability: Availability::Online,
            last_assigned_at: None,
        }
    }

    fn winner(roster: &[AgentLoad]) -> Option<u64> {
        choose(GroupId(1), TicketNumber(7), roster)
            .0
            .map(|choice| choice.agent.0)
    }

    #[test]
    fn the_least_share_of_capacity_wins_not_the_least_count() {
        assert_eq!(winner(&[load(1, 3, 5), load(2, 4, 20)]), Some(2));
    }

    #[test]
    fn one_unit_of_room_is_enough_and_none_is_not() {
        assert_eq!(winner(&[load(1, 19, 20)]), Some(1));
        assert_eq!(winner(&[load(1, 20, 20)]), None);
        assert_eq!(winner(&[load(1, 0, 0)]), None);
    }

    #[test]
    fn of_equals_the_one_who_waited_longest_wins() {
        let mut first = load(1, 1, 20);
        first.last_assigned_at = Some("2026-01-01T10:00:00Z".parse().unwrap());
        let mut second = load(2, 1, 20);
        second.last_assigned_at = Some("2026-01-01T09:00:00Z".parse().unwrap());
        assert_eq!(winner(&[first, second]), Some(2));
    }

    #[test]
    fn the_order_of_the_roster_decides_nothing() {
        let (a, b, c) = (load(1, 0, 20), load(2, 0, 20), load(3, 0, 20));
        assert_eq!(winner(&[a.clone(), b.clone(), c.clone()]), winner(&[c, b, a]));
    }

    #[test]
    fn when_nobody_can_the_decision_says_why() {
        let mut away = load(1, 0, 20);
        away.availability = Availability::Away;
        let reason = |roster: &[AgentLoad]| choose(GroupId(1), TicketNumber(7), roster).1.reason;
        assert_eq!(
            reason(std::slice::from_ref(&away)),
            "every agent of its group is away"
        );
        assert_eq!(
            reason(&[away, load(2, 20, 20)]),
            "every available agent of its group is at capacity"
        );
        assert_eq!(reason(&[]), "its group has no agents");
    }
}
