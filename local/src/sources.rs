//! The event sources: a queue or the stream gives a batch, the function is invoked with it, and what it did is taken off.
//! What a function does not acknowledge comes again.

use crate::{
    functions::Functions,
    stack::{LocalDesk, queue_arn},
    wiring::{Function, QueueSource, STREAM_BATCH_SIZE},
};
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use embedded_aws::{EmbeddedAws, StreamRecord};
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};

/// What a poll did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// There was nothing.
    Nothing,
    /// A batch was handed over.
    Batch,
}

/// Polls one queue for one function.
pub struct QueuePoller {
    source: &'static QueueSource,
    url: String,
    sqs: aws_sdk_sqs::Client,
}

impl QueuePoller {
    /// A poller of its own.
    pub fn new(local: &LocalDesk, source: &'static QueueSource) -> Self {
        let sqs = aws_sdk_sqs::Client::new(&local.aws.config("event-source"));
        Self {
            source,
            url: local.aws.queue_url(source.name),
            sqs,
        }
    }

    /// Receives a batch, waiting up to `wait_seconds` for one, invokes the function, and deletes what was done.
    pub async fn poll(&self, functions: &Functions, wait_seconds: i32) -> Polled {
        let messages = self.receive(wait_seconds).await;
        if messages.is_empty() {
            return Polled::Nothing;
        }
        let event = sqs_event(self.source.name, &messages);
        match functions.invoke(self.source.function, event).await {
            Ok(answer) => self.delete_all_but(&messages, &failures(&answer)).await,
            Err(error) => {
                tracing::error!(%error, "a batch of queue {} failed and comes again", self.source.name)
            }
        }
        Polled::Batch
    }

    /// Receives a batch without handing it over.
    pub async fn receive(&self, wait_seconds: i32) -> Vec<Message> {
        let received = self
            .sqs
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(self.source.batch_size)
            .wait_time_seconds(wait_seconds)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await;
        received
            .ok()
            .and_then(|output| output.messages)
            .unwrap_or_default()
    }

    async fn delete_all_but(&self, messages: &[Message], failed: &HashSet<String>) {
        let done = messages
            .iter()
            .filter(|message| !failed.contains(message.message_id().unwrap_or_default()));
        let entries: Vec<_> = done
            .enumerate()
            .filter_map(|(at, message)| {
                let entry = DeleteMessageBatchRequestEntry::builder().id(at.to_string());
                entry
                    .set_receipt_handle(message.receipt_handle.clone())
                    .build()
                    .ok()
            })
            .collect();
        if entries.is_empty() {
            return;
        }
        let delete = self
            .sqs
            .delete_message_batch()
            .queue_url(&self.url)
            .set_entries(Some(entries));
        if let Err(error) = delete.send().await {
            tracing::error!(
                ?error,
                "messages of queue {} could not be deleted and come again",
                self.source.name
            );
        }
    }
}

/// The event by which Lambda hands messages of a queue over.
pub fn sqs_event(queue: &str, messages: &[Message]) -> Value {
    let records: Vec<Value> = messages
        .iter()
        .map(|message| {
            let attributes: serde_json::Map<String, Value> = message
                .attributes
                .iter()
                .flatten()
                .map(|(name, value)| (name.as_str().to_owned(), json!(value)))
                .collect();
            json!({
                "messageId": message.message_id,
                "receiptHandle": message.receipt_handle,
                "body": message.body,
                "attributes": attributes,
                "messageAttributes": {},
                "md5OfBody": message.md5_of_body,
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn(queue),
                "awsRegion": embedded_aws::REGION,
            })
        })
        .collect();
    json!({ "Records": records })
}

fn failures(answer: &Value) -> HashSet<String> {
    let failed = answer["batchItemFailures"].as_array();
    failed
        .into_iter()
        .flatten()
        .filter_map(|item| item["itemIdentifier"].as_str().map(str::to_owned))
        .collect()
}

/// The stream of table `tickets`.
#[derive(Debug, Default)]
pub struct StreamReader {
    held: VecDeque<StreamRecord>,
}

impl StreamReader {
    /// Takes what has come since, hands a batch to relay, and keeps what relay did not take for the next time.
    pub async fn poll(&mut self, aws: &EmbeddedAws, table: &str, functions: &Functions) -> Polled {
        let room = STREAM_BATCH_SIZE.saturating_sub(self.held.len());
        self.held.extend(aws.take_stream(table, room));
        if self.held.is_empty() {
            return Polled::Nothing;
        }
        let batch: Vec<StreamRecord> = self.held.iter().take(STREAM_BATCH_SIZE).cloned().collect();
        match functions.invoke(Function::Relay, stream_event(&batch)).await {
            Ok(answer) => {
                let failed = failures(&answer);
                let done = batch
                    .iter()
                    .position(|record| failed.contains(&record.sequence_number));
                self.held.drain(..done.unwrap_or(batch.len()));
            }
            Err(error) => tracing::error!(%error, "a batch of the stream failed and comes again"),
        }
        Polled::Batch
    }

    /// Records taken and not yet handed on.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Loses what was taken and not yet handed on.
    pub fn clear(&mut self) {
        self.held.clear();
    }
}

/// The event by which Lambda hands records of a stream over.
pub fn stream_event(records: &[StreamRecord]) -> Value {
    let records: Vec<Value> = records
        .iter()
        .map(|record| {
            json!({
                "eventID": record.sequence_number,
                "eventName": "INSERT",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": embedded_aws::REGION,
                "dynamodb": {
                    "ApproximateCreationDateTime": record.at.as_second(),
                    "Keys": record.keys,
                    "NewImage": record.new_image,
                    "SequenceNumber": record.sequence_number,
                    "SizeBytes": 1,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
                "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/tickets/stream/local",
            })
        })
        .collect();
    json!({ "Records": records })
}

/// The tick of the schedule.
pub fn scheduled_event(at: jiff::Timestamp) -> Value {
    json!({ "source": "aws.scheduler", "detail-type": "Scheduled Event", "time": at.to_string(), "detail": {} })
}
