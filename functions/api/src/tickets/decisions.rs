//! `GET tickets/{id}/decisions`: why is it here. Each automatic decision about a ticket with its reason, and, as far
//! as it was kept, everything that was looked at.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::{child_id, time},
};
use axum::Json;
use docket_desk::{BlobError, TicketFile};
use docket_domain::{
    Digest, TicketNumber,
    ticket::{Fact, TicketEvent, fact},
};
use serde_json::{Value, json};

/// The decisions, oldest first unless asked otherwise.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let decisions: Vec<(Value, Option<Digest>)> = file
        .events
        .iter()
        .filter_map(|event| decision(number, event))
        .collect();
    let paging = Paging::of(&call.address);
    let window = paging.window(decisions.len() as u64);
    let mut rows = Vec::new();
    for (row, kept) in window.of(&decisions) {
        let mut row = row.clone();
        row["details"] = match kept {
            Some(digest) => details(&call, &file, digest).await?,
            None => Value::Null,
        };
        rows.push(row);
    }
    let envelope = paging.envelope(&call.address, "decisions", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

async fn details(call: &Call, file: &TicketFile, digest: &Digest) -> Result<Value, ApiError> {
    let number = file.ticket.number;
    match call
        .desk
        .tickets()
        .decision(number, digest, &file.decisions)
        .await
    {
        Ok(details) => Ok(details),
        Err(BlobError::Missing(_)) => Ok(Value::Null),
        Err(error) => Err(error.into()),
    }
}

fn decision(number: TicketNumber, event: &TicketEvent) -> Option<(Value, Option<Digest>)> {
    let (mut row, kept) = match &event.fact {
        Fact::Triaged(fact::Triaged {
            priority,
            group,
            ticket_type,
            tags_added,
            language,
            duplicate_of,
            rule,
            reason,
            decision,
            ..
        }) => (
            json!({
                "type": "triage",
                "reason": reason,
                "rule": rule,
                "priority": priority,
                "group_id": group,
                "ticket_type": ticket_type,
                "tags_added": tags_added,
                "language": language,
                "duplicate_of": duplicate_of,
            }),
            Some(decision.clone()),
        ),
        Fact::Assigned {
            assignee,
            reason,
            decision,
        } => (
            json!({ "type": "assignment", "reason": reason, "assignee_id": assignee }),
            Some(decision.clone()),
        ),
        Fact::AssignmentDeferred {
            reason,
            retry_at,
            decision,
            ..
        } => (
            json!({ "type": "assignment_deferred", "reason": reason, "retry_at": time(*retry_at) }),
            decision.clone(),
        ),
        _ => return None,
    };
    row["id"] = json!(child_id(number, event.v));
    row["ticket_id"] = json!(number);
    row["created_at"] = json!(time(event.at));
    Some((row, kept))
}
