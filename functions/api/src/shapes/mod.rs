//! What leaves: our records in the shapes that clients read. Nothing here reads the world.

pub(crate) mod attachment;
pub(crate) mod audit;
mod audit_events;
pub(crate) mod comment;
pub(crate) mod conversation_event;
pub(crate) mod group;
pub(crate) mod metric_event;
pub(crate) mod organization;
pub(crate) mod organization_membership;
pub(crate) mod recipient_address;
pub(crate) mod request;
pub(crate) mod sla_policy;
pub(crate) mod sla_proof;
pub(crate) mod sla_state;
pub(crate) mod suspended;
pub(crate) mod ticket;
pub(crate) mod ticket_event;
pub(crate) mod ticket_metric;
pub(crate) mod user;
pub(crate) mod via;

use docket_domain::{TicketNumber, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

/// Author of what nobody did by hand, as clients know it.
const THE_SYSTEM: i64 = -1;

/// An instant as clients write it: whole seconds, UTC.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How many there are, and as of when.
pub(crate) fn counted(value: impl Serialize, at: Timestamp) -> Value {
    json!({ "count": { "value": value, "refreshed_at": time(at) } })
}

/// The id of what version `v` of a ticket added: a comment, an audit, a decision.
pub(crate) fn child_id(number: TicketNumber, v: u64) -> u64 {
    number.child_id(v)
}

/// Ticket and version of such an id.
pub(crate) fn parent_of(id: u64) -> (TicketNumber, u64) {
    TicketNumber::of_child(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_whole_seconds() {
        assert_eq!(
            time("2026-03-02T12:00:00.987Z".parse().unwrap()),
            "2026-03-02T12:00:00Z"
        );
    }

    #[test]
    fn the_id_of_what_lies_on_a_ticket_names_both() {
        assert_eq!(child_id(TicketNumber(35), 7), 3_500_007);
        assert_eq!(parent_of(3_500_007), (TicketNumber(35), 7));
    }
}
