//! How a commit changes agents' loads.

use crate::{PersonId, ticket::Ticket};

/// How a commit changes an agent's load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadChange {
    /// Whose.
    pub agent: PersonId,
    /// By how many units.
    pub units: i64,
    /// Of these, the units of tickets that came without asking for room.
    pub override_units: i64,
}

/// How a commit changes agents' loads: by what its ticket weighs.
pub fn load_changes(before: &Ticket, after: &Ticket) -> Vec<LoadChange> {
    let burden = |ticket: &Ticket, sign: i64| {
        let agent = ticket.burdens().filter(|_| ticket.v > 0)?;
        let units = sign * i64::from(ticket.weight);
        let override_units = if ticket.by_override { units } else { 0 };
        Some(LoadChange {
            agent,
            units,
            override_units,
        })
    };
    match (burden(before, -1), burden(after, 1)) {
        (Some(had), Some(has)) if had.agent == has.agent => {
            let units = had.units + has.units;
            let override_units = had.override_units + has.override_units;
            let same = (units, override_units) == (0, 0);
            let change = LoadChange {
                agent: has.agent,
                units,
                override_units,
            };
            (!same).then_some(change).into_iter().collect()
        }
        (gone, come) => gone.into_iter().chain(come).collect(),
    }
}
