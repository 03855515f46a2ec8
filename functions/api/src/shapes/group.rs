//! A group.

use super::time;
use crate::call::Address;
use docket_domain::{GroupId, configuration::Group};
use serde_json::{Value, json};

/// The group; `default` is where a ticket goes that no rule sends elsewhere.
pub(crate) fn group(address: &Address, group: &Group, default: GroupId) -> Value {
    json!({
        "id": group.id,
        "url": address.resource(&format!("/groups/{}", group.id)),
        "name": group.name,
        "description": "",
        "default": group.id == default,
        "is_public": true,
        "deleted": false,
        "created_at": time(group.created_at),
        "updated_at": time(group.created_at),
    })
}
