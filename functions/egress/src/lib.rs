//! Egress: calls to the outside. It reads no table: an order says everything, and its result goes back through queue
//! `feedback`, where delivery settles the work.
//!
//! A call may be made twice (an order comes at least once); the receiver tells repeats apart by `webhook-id`, as
//! Standard Webhooks has it.

mod internet;
mod outside;
mod payload;

pub use internet::Internet;
pub use outside::{CallFuture, Outside, SignedCall};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_lambda::batch::{BatchError, each_message};
use docket_store::{
    Queue, Store, StoreError,
    blob::BlobError,
    queue::{CallOrder, CallResult},
};
use payload::{Payload, payload};

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
    let Some(Payload {
        url,
        channel,
        kind,
        data,
    }) = payload(store, order).await?
    else {
        tracing::error!(outbox = %id, "an order for egress is not a call and is dropped");
        return Ok(());
    };
    let body = serde_json::json!({ "type": kind, "timestamp": order.item.created_at, "data": data });
    let secrets = store.channel_secrets(channel).await?;
    let webhook_id = format!("msg_{}", id.tag(&order.tenant));
    let result = match SignedCall::new(url, &webhook_id, store.now(), body.to_string(), &secrets) {
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
