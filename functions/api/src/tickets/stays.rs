//! What a ticket has from its beginning on: refused where something else is sent. What is sent back as it was read does no harm.

use super::{
    create::LONGEST_TEXT,
    fields::{TicketFields, UNKEPT},
};
use crate::{
    kit::{
        call::Call,
        error::ApiError,
        input::{at_most, refuse_fields, says_nothing},
    },
    shapes::ticket::how_it_came,
};
use docket_domain::{
    TicketNumber,
    ticket::{Channel, ReplyVia, Ticket},
};
use serde_json::Value;

const STAYS: &str = "stays as it was when the ticket was made";
const NEEDED: &str = "can't be taken away, only changed";

/// Refuses what can't be changed, or not like this.
pub(super) async fn refuse_what_stays(
    call: &Call,
    record: &Value,
    fields: &TicketFields,
    ticket: &Ticket,
) -> Result<(), ApiError> {
    let stays = |field: &str| Err(ApiError::invalid(field, STAYS));
    if fields.requester.is_some() {
        return stays("requester");
    }
    if fields.requester_id.is_some_and(|id| id != ticket.requester.0) {
        return stays("requester_id");
    }
    // By it a channel knows its conversation.
    let is_of_channel = matches!(ticket.channel, Channel::Hook { .. });
    let is_another = |id: &Option<String>| *id != ticket.external_id;
    if is_of_channel && fields.external_id.as_ref().is_some_and(is_another) {
        return stays("external_id");
    }
    at_most("external_id", fields.new_external_id(), LONGEST_TEXT)?;
    let followed = fields.via_followup_source_id.map(TicketNumber);
    if followed.is_some() && followed != ticket.follows {
        return stays("via_followup_source_id");
    }
    if fields.priority == Some(None) && ticket.priority.is_some() {
        return Err(ApiError::invalid("priority", NEEDED));
    }
    if fields.group_id == Some(None) && ticket.group.is_some() {
        return Err(ApiError::invalid("group_id", NEEDED));
    }
    if fields.organization_id.flatten().is_some() {
        let requester = call.desk.people().get(ticket.requester).await?;
        fields.check_organization(&requester.ok_or(ApiError::Missing)?)?;
    }
    let recipient = fields.recipient.as_deref().unwrap_or_default().trim();
    if !recipient.is_empty() && !is_recipient(ticket, &recipient.to_lowercase()) {
        return stays("recipient");
    }
    refuse_unkept(record, ticket)
}

/// Whether a ticket was written to at this address, or is answered from it.
fn is_recipient(ticket: &Ticket, address: &str) -> bool {
    let written = match &ticket.channel {
        Channel::Mail { mailbox } => Some(mailbox),
        _ => None,
    };
    let answered = match &ticket.reply_via {
        ReplyVia::Mail { mailbox } => Some(mailbox),
        ReplyVia::Callback { .. } | ReplyVia::Nowhere => None,
    };
    [written, answered]
        .into_iter()
        .flatten()
        .any(|mailbox| mailbox.to_lowercase() == address)
}

/// Refuses fields that a ticket has not. How it came it has, and shows.
fn refuse_unkept(record: &Value, ticket: &Ticket) -> Result<(), ApiError> {
    let mut record = record.clone();
    if let Some(members) = record.as_object_mut()
        && members
            .get("via")
            .is_some_and(|via| says_the_same(via, &how_it_came(ticket)))
    {
        members.remove("via");
    }
    refuse_fields(&record, UNKEPT)
}

/// Whether something was sent back as it was read. Clients leave out what is empty.
fn says_the_same(sent: &Value, stands: &Value) -> bool {
    match (sent, stands) {
        (Value::Object(sent), Value::Object(stands)) => sent.iter().all(|(name, value)| {
            let stands = stands.get(name);
            says_nothing(value) || stands.is_some_and(|stands| says_the_same(value, stands))
        }),
        _ => sent == stands,
    }
}
