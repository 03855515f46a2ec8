//! A group.

use super::time;
use crate::kit::address::Address;
use docket_domain::{GroupId, PersonId, Timestamp, configuration::Group};
use serde_json::{Value, json};

/// The group; `default` is where a ticket goes that no rule sends elsewhere.
pub(crate) fn group(address: &Address, group: &Group, default: GroupId) -> Value {
    json!({
        "id": group.id,
        "url": address.resource(&format!("/groups/{}", group.id)),
        "name": group.name,
        "description": group.description,
        "default": group.id == default,
        "is_public": true,
        "deleted": group.is_archived,
        "created_at": time(group.created_at),
        "updated_at": time(group.updated_at.unwrap_or(group.created_at)),
        "docket": group.assignment,
    })
}

/// A membership's own number is made of both: there are fewer groups than this.
const GROUPS_IN_A_NUMBER: u64 = 1_000;

/// That an agent belongs to a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Belonging {
    /// Which.
    pub group: GroupId,
    /// Who.
    pub agent: PersonId,
    /// Since when.
    pub since: Timestamp,
    /// Whether it stands for all of theirs.
    pub is_default: bool,
}

/// An agent's membership in a group. It never changes: who leaves and comes again has another.
pub(crate) fn membership(address: &Address, belonging: &Belonging) -> Value {
    let Belonging {
        group,
        agent,
        since,
        is_default,
    } = *belonging;
    let id = agent.0 * GROUPS_IN_A_NUMBER + group.0;
    json!({
        "id": id,
        "url": address.resource(&format!("/group_memberships/{id}")),
        "user_id": agent,
        "group_id": group,
        "default": is_default,
        "created_at": time(since),
        "updated_at": time(since),
    })
}

/// The group and the agent of a membership's number.
pub(crate) fn membership_of(id: u64) -> (GroupId, PersonId) {
    (
        GroupId(id % GROUPS_IN_A_NUMBER),
        PersonId(id / GROUPS_IN_A_NUMBER),
    )
}
