//! A mailbox, as a support address.

use crate::kit::address::Address;
use docket_domain::configuration::{Mailbox, Setup};
use serde_json::{Value, json};

/// The mailbox. What the shape has no place for stands under `docket`.
pub(crate) fn recipient_address(address: &Address, setup: &Setup, mailbox: &Mailbox) -> Value {
    let is_default = setup
        .mailboxes
        .first()
        .is_some_and(|first| first.id == mailbox.id);
    json!({
        "id": mailbox.id,
        "url": address.resource(&format!("/recipient_addresses/{}", mailbox.id)),
        "name": mailbox.name,
        "email": mailbox.address,
        "default": is_default,
        "brand_id": null,
        "forwarding_status": "unknown",
        "spf_status": "unknown",
        "cname_status": "unknown",
        "domain_verification_status": "unknown",
        "created_at": null,
        "updated_at": null,
        "docket": {
            "aliases": mailbox.aliases,
            "group_id": mailbox.group,
            "signature": mailbox.signature,
            "answer_template": mailbox.answer_template,
            "acknowledgement_template": mailbox.acknowledgement_template,
            "acknowledgement_subject": mailbox.acknowledgement_subject,
            "is_silent": mailbox.is_silent,
            "contact_forms": mailbox.contact_forms,
        },
    })
}
