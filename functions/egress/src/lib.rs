//! Egress: calls to the outside. It reads no table: an order says everything, and its result goes back through queue
//! `feedback`, where delivery settles the work.
//!
//! A call may be made twice (an order comes at least once); the receiver tells repeats apart by `webhook-id`, as
//! Standard Webhooks has it.

mod internet;
mod outside;

pub use internet::Internet;
pub use outside::{CallFuture, Outside, SignedCall};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    outbox::Work,
    ticket::{Priority, Status},
};
use docket_lambda::batch::{BatchError, each_message};
use docket_store::{
    Queue, Store, StoreError,
    blob::BlobError,
    queue::{CallOrder, CallResult},
    secrets::WEBHOOKS_CHANNEL,
};

/// Why an order could not be carried out now.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The message is none of ours.
    #[error("the order can't be read")]
    Order(#[from] serde_json::Error),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The text can't be had.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// Handles a batch of queue `egress`.
pub async fn handle(
    store: &Store,
    outside: &dyn Outside,
    batch: SqsEvent,
) -> Result<SqsBatchResponse, BatchError> {
    each_message(batch, |message| async move {
        let order: CallOrder = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        carry_out(store, outside, &order).await
    })
    .await
}

async fn carry_out(store: &Store, outside: &dyn Outside, order: &CallOrder) -> Result<(), EgressError> {
    let id = order.item.id;
    let (url, channel, kind, data) = match &order.item.work {
        Work::Call {
            channel,
            url,
            comment_v,
            body,
            text,
            html,
            author,
            status,
            external_id,
        } => {
            let (text, html) = match text {
                Some(text) => (text.clone(), html.clone()),
                None => {
                    let body = store.blobs().body(id.ticket, body).await?;
                    (body.text, body.html)
                }
            };
            let role = if author.is_of_the_desk() {
                "system"
            } else {
                "agent"
            };
            let mut data = serde_json::json!({
                "ticket": { "id": id.ticket, "status": status, "external_id": external_id },
                "message": {
                    "id": id.ticket.0 * 100_000 + comment_v,
                    "author_id": author,
                    "author_role": role,
                    "text": text,
                },
            });
            if let Some(html) = html {
                data["message"]["html"] = html.into();
            }
            (url, channel.as_str(), "message.created", data)
        }
        Work::Webhook {
            url,
            firing,
            status,
            priority,
            group,
            assignee,
        } => {
            let ticket = ticket_in_brief(id.ticket, *status, (*priority, *group, *assignee));
            let data = serde_json::json!({
                "ticket": ticket,
                "sla": firing,
            });
            (url, WEBHOOKS_CHANNEL, "sla.escalated", data)
        }
        Work::RuleCall {
            url,
            rule,
            name,
            status,
            priority,
            group,
            assignee,
        } => {
            let ticket = ticket_in_brief(id.ticket, *status, (*priority, *group, *assignee));
            let data = serde_json::json!({
                "ticket": ticket,
                "rule": { "id": rule, "name": name },
            });
            (url, WEBHOOKS_CHANNEL, "rule.ran", data)
        }
        Work::Mail { .. } => {
            tracing::error!(outbox = %id, "an order for egress is not a call and is dropped");
            return Ok(());
        }
    };
    let payload = serde_json::json!({ "type": kind, "timestamp": order.item.created_at, "data": data });
    let secrets = store.channel_secrets(channel).await?;
    let webhook_id = format!("msg_{}", id.tag(&order.tenant));
    let result = match SignedCall::new(url, &webhook_id, store.now(), payload.to_string(), &secrets) {
        Ok(call) => outside.post(&call).await,
        Err(error) => Err(error.to_string()),
    };
    let (status, detail) = match result {
        Ok(status) => (Some(status), format!("the address answered {status}")),
        Err(detail) => (None, detail),
    };
    tracing::info!(outbox = %id, status, "call {id} was made");
    let result = CallResult {
        tenant: order.tenant.clone(),
        call: id,
        status,
        detail,
    };
    Ok(store.queues().send(Queue::Feedback, &result).await?)
}

/// A ticket as a system of the operator's is told of it.
fn ticket_in_brief(
    number: TicketNumber,
    status: Status,
    (priority, group, assignee): (Option<Priority>, Option<GroupId>, Option<PersonId>),
) -> serde_json::Value {
    serde_json::json!({
        "id": number,
        "status": status,
        "priority": priority,
        "group_id": group,
        "assignee_id": assignee,
    })
}
