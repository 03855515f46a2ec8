//! Batches from queues. Each message is handled by itself, and only those that were done are acknowledged: whatever
//! fails, panics or can't be named is delivered again, and ends in the dead-letter queue when it keeps failing.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use std::{any::Any, fmt::Display, future::Future, panic::AssertUnwindSafe};

/// A batch that can't be answered message by message.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A message has no id, so a partial answer would acknowledge it. The whole batch comes again.
    #[error("message {0} of the batch has no id")]
    NoId(usize),
}

/// Handles each message of a batch in turn; the answer names those to be delivered again.
///
/// Messages are taken one after the other: the functions wait on the network for little and share one connection, and
/// a failure names its own message only.
pub async fn each_message<E, F, Fut>(batch: SqsEvent, handle: F) -> Result<SqsBatchResponse, BatchError>
where
    E: Display,
    F: Fn(SqsMessage) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    if let Some(at) = batch
        .records
        .iter()
        .position(|record| record.message_id.as_deref().unwrap_or("").is_empty())
    {
        return Err(BatchError::NoId(at));
    }
    let mut response = SqsBatchResponse::default();
    for record in batch.records {
        let id = record.message_id.clone().unwrap_or_default();
        // Boxed, so that the future of a whole function stays small however deep its work goes.
        let failure = match catch(Box::pin(handle(record))).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(panic) => format!("panicked: {}", panic_words(&*panic)),
        };
        tracing::error!(message_id = %id, error = %failure, "message {id} failed and will be delivered again");
        let mut item = BatchItemFailure::default();
        item.item_identifier = id;
        response.batch_item_failures.push(item);
    }
    Ok(response)
}

/// Runs a future and catches its panic.
pub async fn catch<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => std::task::Poll::Ready(Err(panic)),
        }
    })
    .await
}

fn panic_words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(ids: &[Option<&str>]) -> SqsEvent {
        let mut event = SqsEvent::default();
        for id in ids {
            let mut message = SqsMessage::default();
            message.message_id = id.map(str::to_owned);
            message.body = id.map(str::to_owned);
            event.records.push(message);
        }
        event
    }

    async fn failures(batch: SqsEvent) -> Result<Vec<String>, BatchError> {
        let response = each_message(batch, |message| async move {
            match message.body.as_deref() {
                Some("bad") => Err("refused"),
                Some("panic") => panic!("poison"),
                _ => Ok(()),
            }
        })
        .await?;
        Ok(response
            .batch_item_failures
            .into_iter()
            .map(|failure| failure.item_identifier)
            .collect())
    }

    #[tokio::test]
    async fn only_what_failed_or_panicked_comes_again() {
        let failed = failures(batch(&[Some("a"), Some("bad"), Some("panic"), Some("b")]))
            .await
            .unwrap();
        assert_eq!(failed, ["bad", "panic"]);
    }

    #[tokio::test]
    async fn a_message_without_an_id_fails_the_batch() {
        assert!(failures(batch(&[Some("a"), None])).await.is_err());
        assert!(failures(batch(&[Some("")])).await.is_err());
    }

    #[tokio::test]
    async fn an_empty_batch_is_done() {
        assert_eq!(failures(batch(&[])).await.unwrap(), Vec::<String>::new());
    }
}
