//! Batches from queues. Each message is handled by itself, and only those that were done are acknowledged: whatever
//! fails, panics or can't be named is delivered again, and ends in the dead-letter queue when it keeps failing.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use std::{any::Any, error::Error, future::Future, panic::AssertUnwindSafe};

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
    E: Error,
    F: Fn(SqsMessage) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    let mut response = SqsBatchResponse::default();
    for (id, message) in with_ids(batch)? {
        let outcome = catch(Box::pin(handle(message))).await;
        note_failure(&mut response, vec![id], outcome);
    }
    Ok(response)
}

/// Handles together what has the same key, keys in the order in which they first come; the answer names the messages of
/// those that failed, and those that `read` did not understand.
pub async fn each_key<K, V, E, F, Fut>(
    batch: SqsEvent,
    read: impl Fn(&SqsMessage) -> Result<(K, V), E>,
    handle: F,
) -> Result<SqsBatchResponse, BatchError>
where
    K: PartialEq,
    E: Error,
    F: Fn(K, Vec<V>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    let mut response = SqsBatchResponse::default();
    let mut keys: Vec<(K, Vec<V>, Vec<String>)> = Vec::new();
    for (id, message) in with_ids(batch)? {
        match read(&message) {
            Err(error) => note_failure(&mut response, vec![id], Ok(Err(error))),
            Ok((key, value)) => match keys.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, values, ids)) => {
                    values.push(value);
                    ids.push(id);
                }
                None => keys.push((key, vec![value], vec![id])),
            },
        }
    }
    for (key, values, ids) in keys {
        let outcome = catch(Box::pin(handle(key, values))).await;
        note_failure(&mut response, ids, outcome);
    }
    Ok(response)
}

fn with_ids(batch: SqsEvent) -> Result<Vec<(String, SqsMessage)>, BatchError> {
    let named = batch.records.into_iter().enumerate().map(|(at, message)| {
        let id = message.message_id.clone().filter(|id| !id.is_empty());
        Ok((id.ok_or(BatchError::NoId(at))?, message))
    });
    named.collect()
}

/// Notes the messages of what failed or panicked.
fn note_failure<E: Error>(
    response: &mut SqsBatchResponse,
    ids: Vec<String>,
    outcome: Result<Result<(), E>, Box<dyn Any + Send>>,
) {
    let failure = match outcome {
        Ok(Ok(())) => return,
        Ok(Err(error)) => with_causes(&error),
        Err(panic) => format!("panicked: {}", panic_words(&*panic)),
    };
    for id in ids {
        tracing::error!(message_id = %id, error = %failure, "message {id} failed and will be delivered again");
        let mut item = BatchItemFailure::default();
        item.item_identifier = id;
        response.batch_item_failures.push(item);
    }
}

/// An error with what caused it. One that speaks for its cause says it once.
pub fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let own = error.to_string();
        if !words.contains(&own) {
            words.push_str(": ");
            words.push_str(&own);
        }
        cause = error.source();
    }
    words
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

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct No(&'static str);

    #[derive(Debug, thiserror::Error)]
    #[error("the text could not be had")]
    struct Because(#[source] No);

    #[derive(Debug, thiserror::Error)]
    #[error(transparent)]
    struct Speaks(Because);

    #[test]
    fn what_is_logged_of_a_failure_names_its_causes_each_once() {
        let error = Because(No("S3 answered 503"));
        assert_eq!(with_causes(&error), "the text could not be had: S3 answered 503");
        assert_eq!(
            with_causes(&Speaks(error)),
            "the text could not be had: S3 answered 503"
        );
    }

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
                Some("bad") => Err(No("refused")),
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
    async fn what_has_the_same_key_is_handled_together_and_fails_together() {
        let read = |message: &SqsMessage| match message.message_id.as_deref() {
            Some("garbled") => Err(No("garbled")),
            id => Ok((id.unwrap_or_default().len(), id.unwrap_or_default().to_owned())),
        };
        let handled = std::sync::Mutex::new(Vec::new());
        let answer = each_key(
            batch(&[Some("a"), Some("bb"), Some("garbled"), Some("c")]),
            read,
            |key, values| {
                handled.lock().unwrap().push((key, values));
                async move { if key == 1 { Err(No("no")) } else { Ok(()) } }
            },
        );
        let failed = answer.await.unwrap().batch_item_failures;
        let failed: Vec<_> = failed.into_iter().map(|item| item.item_identifier).collect();
        assert_eq!(failed, ["garbled", "a", "c"]);
        let together = vec![
            (1, vec!["a".to_owned(), "c".to_owned()]),
            (2, vec!["bb".to_owned()]),
        ];
        assert_eq!(handled.into_inner().unwrap(), together);
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
