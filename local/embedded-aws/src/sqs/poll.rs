//! `ReceiveMessage`: taking messages, moving dead letters, and what a long poll waits for.

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::model::{Message, Queues};
use super::operations::Context;
use super::protocol::{SqsError, arn_of, name_of, number, text, texts};
use super::{Sqs, message_attributes};
use crate::ACCOUNT;
use crate::journal::Change;
use crate::lock;
use crate::wire::{WireResponse, json_body};

/// A `ReceiveMessage` with its limits checked.
pub(crate) struct ReceiveCall {
    queue: String,
    max: usize,
    visibility_seconds: i64,
    /// How long it may wait for a message.
    pub(crate) wait_seconds: i64,
    system_attributes: Vec<String>,
    message_attributes: Vec<String>,
}

impl Sqs {
    pub(crate) fn begin_receive(&self, body: &[u8]) -> Result<ReceiveCall, SqsError> {
        let request = json_body(body).ok_or_else(|| SqsError::invalid_parameter("The body is no JSON."))?;
        let name = name_of(text(&request, "QueueUrl")?).to_owned();
        let mut queues = lock(&self.queues);
        let queue = queues.named(&name)?;
        let max = number(&request, "MaxNumberOfMessages", 1..=10)?.unwrap_or(1);
        let visibility = number(&request, "VisibilityTimeout", 0..=43_200)?;
        let wait = number(&request, "WaitTimeSeconds", 0..=20)?;
        let mut system = texts(&request, "MessageSystemAttributeNames");
        system.extend(texts(&request, "AttributeNames"));
        Ok(ReceiveCall {
            max: usize::try_from(max).unwrap_or(1),
            visibility_seconds: visibility.unwrap_or_else(|| queue.seconds("VisibilityTimeout")),
            wait_seconds: wait.unwrap_or_else(|| queue.seconds("ReceiveMessageWaitTimeSeconds")),
            system_attributes: system.into_iter().map(str::to_owned).collect(),
            message_attributes: texts(&request, "MessageAttributeNames")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            queue: name,
        })
    }

    /// A receiver that changes when a message may have become visible other than by time.
    pub(crate) fn arrivals(&self, call: &ReceiveCall) -> Result<watch::Receiver<u64>, SqsError> {
        Ok(lock(&self.queues).named(&call.queue)?.arrivals())
    }

    /// When time alone makes the queue's next message visible.
    pub(crate) fn next_visible_ms(&self, call: &ReceiveCall, now_ms: i64) -> Option<i64> {
        lock(&self.queues)
            .named(&call.queue)
            .ok()?
            .next_visible_ms(now_ms)
    }

    /// Takes what is there; none if the queue has nothing to give.
    pub(crate) fn receive(
        &self,
        call: &ReceiveCall,
        context: &Context<'_>,
    ) -> Result<Option<Value>, SqsError> {
        let mut queues = lock(&self.queues);
        let queue = queues.named(&call.queue)?;
        let mut changes = queue.expire(context.now_ms);
        let redrive = queue.redrive();
        let elsewhere = |name: &str| name != call.queue;
        let redrive = redrive
            .filter(|redrive| elsewhere(&redrive.dead_letter_queue))
            .filter(|redrive| queues.named(&redrive.dead_letter_queue).is_ok());
        let (mut messages, mut last) = (Vec::new(), 0);
        while messages.len() < call.max {
            let queue = queues.named(&call.queue)?;
            let Some(sequence) = queue.receivable(last, context.now_ms) else {
                break;
            };
            last = sequence;
            let count = queue.message(sequence).map_or(0, |message| message.receive_count);
            if let Some(redrive) = redrive
                .as_ref()
                .filter(|redrive| count >= redrive.max_receive_count)
            {
                let target = &redrive.dead_letter_queue;
                changes.extend(move_dead_letter(
                    &mut queues,
                    &call.queue,
                    sequence,
                    target,
                    context,
                )?);
            } else if let Some((message, change)) =
                queue.receive(sequence, call.visibility_seconds, context.ids, context.now_ms)
            {
                changes.push(change);
                messages.push(as_received(&message, call));
            }
        }
        context
            .journal
            .commit(&changes)
            .map_err(|cause| SqsError::storage(&cause))?;
        Ok((!messages.is_empty()).then(|| json!({ "Messages": messages })))
    }

    pub(crate) fn answer(result: Result<Option<Value>, SqsError>) -> WireResponse {
        match result {
            Ok(answer) => WireResponse::json(200, answer.unwrap_or_else(|| json!({})).to_string()),
            Err(error) => error.answer(),
        }
    }
}

/// A message that would be received once more than allowed goes to the dead-letter queue instead.
fn move_dead_letter(
    queues: &mut Queues,
    from: &str,
    sequence: u64,
    to: &str,
    context: &Context<'_>,
) -> Result<Vec<Change>, SqsError> {
    let Some((message, removed)) = queues.named(from)?.remove(sequence) else {
        return Ok(Vec::new());
    };
    let taken = queues
        .named(to)?
        .take_dead_letter(message, arn_of(from), context.now_ms);
    Ok(vec![removed, taken])
}

fn as_received(message: &Message, call: &ReceiveCall) -> Value {
    let mut received = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "MD5OfBody": format!("{:x}", md5::compute(&message.body)),
        "Body": message.body,
    });
    let asked: Vec<&str> = call.system_attributes.iter().map(String::as_str).collect();
    let system: Map<String, Value> = system_attributes(message)
        .into_iter()
        .filter(|(name, _)| asked.contains(&"All") || asked.contains(name))
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    if !system.is_empty() {
        received["Attributes"] = Value::Object(system);
    }
    let asked: Vec<&str> = call.message_attributes.iter().map(String::as_str).collect();
    let attributes = message_attributes::select(&message.attributes, &asked);
    if !attributes.is_empty() {
        let selected = attributes.clone().into_iter().collect();
        received["MD5OfMessageAttributes"] = message_attributes::md5_of(&selected).into();
        received["MessageAttributes"] = Value::Object(attributes);
    }
    received
}

fn system_attributes(message: &Message) -> Vec<(&'static str, String)> {
    let mut all = vec![
        (
            "ApproximateFirstReceiveTimestamp",
            message.first_received_ms.unwrap_or_default().to_string(),
        ),
        ("ApproximateReceiveCount", message.receive_count.to_string()),
        ("SenderId", ACCOUNT.to_owned()),
        ("SentTimestamp", message.sent_ms.to_string()),
    ];
    all.extend(
        message
            .dead_letter_source
            .clone()
            .map(|source| ("DeadLetterQueueSourceArn", source)),
    );
    all
}
