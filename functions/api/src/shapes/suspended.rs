//! A held contact, as a suspended ticket.

use super::time;
use crate::kit::address::Address;
use docket_desk::HeldContact;
use docket_domain::contact::intake::HoldReason;
use serde_json::{Value, json};

/// The number of a reason, for clients that count by it.
fn cause_id(reason: HoldReason) -> u64 {
    match reason {
        HoldReason::Virus => 1,
        HoldReason::Spam => 2,
        HoldReason::UnknownMailbox => 3,
        HoldReason::UnverifiedAgent => 4,
        HoldReason::Unreadable => 5,
        HoldReason::Poisonous => 6,
        HoldReason::StrayNotice => 7,
        HoldReason::OwnAddress => 8,
        HoldReason::SuspendedPerson => 9,
    }
}

/// The contact. What it is held for, and what was done with it, stands under `docket`.
pub(crate) fn suspended(address: &Address, held: &HeldContact) -> Value {
    let path = format!("/suspended_tickets/{}", held.id);
    let resolution = held.resolution.as_ref().map(|resolution| {
        json!({
            "outcome": if resolution.ticket.is_some() { "released" } else { "discarded" },
            "ticket_id": resolution.ticket,
            "at": time(resolution.at),
            "by_id": resolution.by,
            "reason": resolution.reason,
        })
    });
    let name = match held.preview.name.as_str() {
        "" => &held.preview.from,
        name => name,
    };
    json!({
        "id": held.id,
        "url": address.resource(&path),
        "author": { "id": null, "name": name, "email": held.preview.from },
        "subject": held.preview.subject,
        "content": held.preview.text,
        "cause": held.reason.words(),
        "cause_id": cause_id(held.reason),
        "recipient": held.mailbox,
        "message_id": held.preview.message_id.as_ref().map(|id| format!("<{id}>")),
        "ticket_id": held.resolution.as_ref().and_then(|resolution| resolution.ticket),
        "brand_id": null,
        "via": super::via::via("email", json!({ "address": held.preview.from, "name": name }), json!({ "address": held.mailbox }), None),
        "created_at": time(held.at),
        "updated_at": time(held.resolution.as_ref().map_or(held.at, |resolution| resolution.at)),
        "docket": {
            "is_quarantined": held.reason.is_quarantine(),
            "reason": held.reason,
            "detail": held.detail,
            "original_url": address.file(&format!("{path}/original")),
            "resolution": resolution,
        },
    })
}
