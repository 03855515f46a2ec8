//! What each operation of SQS does, except to wait for messages.

use serde_json::{Value, json};

use super::model::{MessageAttributes, Queue, Queues, StoredQueue};
use super::protocol::{SqsError, name_of, number, text, texts, url_of};
use super::{Sqs, attributes, batch, message_attributes};
use crate::ids::Ids;
use crate::journal::{Change, Journal};
use crate::lock;
use crate::wire::{WireResponse, json_body};

/// SQS's limit for a message with its attributes, and for the messages of a batch together.
pub(super) const MAX_BYTES: usize = 1_048_576;

/// The longest time a received message can stay invisible.
const MAX_VISIBILITY_SECONDS: i64 = 43_200;

/// What every operation is given.
pub(crate) struct Context<'a> {
    pub(crate) ids: &'a Ids,
    pub(crate) journal: &'a Journal,
    pub(crate) now_ms: i64,
    /// Entries of a batch that must fail, a bit each.
    pub(crate) fails: u64,
}

impl Sqs {
    /// Does one operation. `ReceiveMessage` goes through [`Sqs::begin_receive`].
    pub(crate) fn call(&self, operation: &str, body: &[u8], context: &Context<'_>) -> WireResponse {
        match self.run(operation, body, context) {
            Ok(answer) => WireResponse::json(200, answer.to_string()),
            Err(error) => error.answer(),
        }
    }

    fn run(&self, operation: &str, body: &[u8], context: &Context<'_>) -> Result<Value, SqsError> {
        let request = json_body(body).ok_or_else(|| SqsError::invalid_parameter("The body is no JSON."))?;
        let mut queues = lock(&self.queues);
        let mut changes = Vec::new();
        let answer = act(&mut queues, operation, &request, context, &mut changes)?;
        context
            .journal
            .commit(&changes)
            .map_err(|cause| SqsError::storage(&cause))?;
        Ok(answer)
    }
}

fn act(
    queues: &mut Queues,
    operation: &str,
    request: &Value,
    context: &Context<'_>,
    changes: &mut Vec<Change>,
) -> Result<Value, SqsError> {
    match operation {
        "CreateQueue" => return create(queues, request, context, changes),
        "ListQueues" => return Ok(list(queues, request)),
        "GetQueueUrl" => {
            let name = text(request, "QueueName")?;
            queues.named(name)?;
            return Ok(json!({ "QueueUrl": url_of(name) }));
        }
        _ => {}
    }
    let name = name_of(text(request, "QueueUrl")?).to_owned();
    if operation == "DeleteQueue" {
        changes.extend(queues.delete(&name)?);
        return Ok(json!({}));
    }
    let queue = queues.named(&name)?;
    changes.extend(queue.expire(context.now_ms));
    match operation {
        "SendMessage" => send(queue, request, context, changes),
        "SendMessageBatch" => {
            let entries = batch::entries(request)?;
            batch::check_total(entries)?;
            Ok(batch::each(entries, context.fails, |entry| {
                send(queue, entry, context, changes)
            }))
        }
        "DeleteMessage" => delete(queue, request, changes),
        "DeleteMessageBatch" => {
            let entries = batch::entries(request)?;
            Ok(batch::each(entries, context.fails, |entry| {
                delete(queue, entry, changes)
            }))
        }
        "ChangeMessageVisibility" => change_visibility(queue, request, context, changes),
        "ChangeMessageVisibilityBatch" => {
            let entries = batch::entries(request)?;
            Ok(batch::each(entries, context.fails, |e| {
                change_visibility(queue, e, context, changes)
            }))
        }
        "GetQueueAttributes" => {
            let asked = texts(request, "AttributeNames");
            let mut all = queue.describe(context.now_ms);
            all.retain(|name, _| asked.contains(&"All") || asked.contains(&name.as_str()));
            Ok(json!({ "Attributes": all }))
        }
        "SetQueueAttributes" => {
            for (name, value) in attributes::read(request)? {
                if value.is_empty() {
                    queue.stored.attributes.remove(&name);
                } else {
                    queue.stored.attributes.insert(name, value);
                }
            }
            queue.stored.modified_ms = context.now_ms;
            changes.push(queue.change());
            Ok(json!({}))
        }
        "PurgeQueue" => {
            changes.extend(queue.purge());
            Ok(json!({}))
        }
        "TagQueue" | "UntagQueue" => Ok(json!({})),
        "ListQueueTags" => Ok(json!({ "Tags": {} })),
        other => Err(SqsError::unsupported(other)),
    }
}

fn create(
    queues: &mut Queues,
    request: &Value,
    context: &Context<'_>,
    changes: &mut Vec<Change>,
) -> Result<Value, SqsError> {
    let name = text(request, "QueueName")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || name.len() > 80 || !name.bytes().all(allowed) {
        return Err(SqsError::invalid_parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ));
    }
    let attributes = attributes::read(request)?;
    if let Ok(queue) = queues.named(name) {
        let differs = attributes.iter().any(|(name, value)| {
            queue
                .describe(context.now_ms)
                .get(name)
                .map_or(!value.is_empty(), |held| held != value)
        });
        if differs {
            return Err(SqsError::queue_exists(name));
        }
    } else {
        changes.push(queues.insert(StoredQueue {
            name: name.to_owned(),
            attributes,
            created_ms: context.now_ms,
            modified_ms: context.now_ms,
        }));
    }
    Ok(json!({ "QueueUrl": url_of(name) }))
}

fn list(queues: &mut Queues, request: &Value) -> Value {
    let prefix = request["QueueNamePrefix"].as_str().unwrap_or_default();
    let names = queues.all_mut().map(|queue| queue.stored.name.clone());
    let urls: Vec<String> = names
        .filter(|name| name.starts_with(prefix))
        .map(|name| url_of(&name))
        .collect();
    json!({ "QueueUrls": urls })
}

/// The bytes that count against the limit.
pub(super) fn size_of(entry: &Value) -> usize {
    let attributes = entry["MessageAttributes"].as_object().into_iter().flatten();
    let attributes: usize = attributes
        .map(|(name, value)| {
            let part = |member: &str| value[member].as_str().map_or(0, str::len);
            name.len() + part("DataType") + part("StringValue") + part("BinaryValue") * 3 / 4
        })
        .sum();
    entry["MessageBody"].as_str().map_or(0, str::len) + attributes
}

fn send(
    queue: &mut Queue,
    entry: &Value,
    context: &Context<'_>,
    changes: &mut Vec<Change>,
) -> Result<Value, SqsError> {
    let body = text(entry, "MessageBody")?;
    if body.is_empty() {
        return Err(SqsError::missing_parameter("MessageBody"));
    }
    let most = usize::try_from(queue.seconds("MaximumMessageSize"))
        .unwrap_or(MAX_BYTES)
        .min(MAX_BYTES);
    if size_of(entry) > most {
        return Err(SqsError::invalid_parameter(format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."
        )));
    }
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    if !body.chars().all(allowed) {
        return Err(SqsError::invalid_contents());
    }
    let delay = number(entry, "DelaySeconds", 0..=900)?;
    let attributes: MessageAttributes = entry["MessageAttributes"]
        .as_object()
        .map(|all| {
            all.iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
        .unwrap_or_default();
    let mut answer = json!({ "MD5OfMessageBody": format!("{:x}", md5::compute(body)) });
    if let Some(digest) = message_attributes::md5_of(&attributes) {
        answer["MD5OfMessageAttributes"] = Value::from(digest);
    }
    let (id, change) = queue.send(body.to_owned(), attributes, delay, context.ids, context.now_ms);
    changes.push(change);
    answer["MessageId"] = Value::from(id);
    Ok(answer)
}

/// Deleting what is gone, or by an outdated receipt, succeeds and does nothing.
fn delete(queue: &mut Queue, entry: &Value, changes: &mut Vec<Change>) -> Result<Value, SqsError> {
    if let Some(sequence) = queue.by_receipt(text(entry, "ReceiptHandle")?)?
        && let Some((_, change)) = queue.remove(sequence)
    {
        changes.push(change);
    }
    Ok(json!({}))
}

fn change_visibility(
    queue: &mut Queue,
    entry: &Value,
    context: &Context<'_>,
    changes: &mut Vec<Change>,
) -> Result<Value, SqsError> {
    let seconds = number(entry, "VisibilityTimeout", 0..=MAX_VISIBILITY_SECONDS)?
        .ok_or_else(|| SqsError::missing_parameter("VisibilityTimeout"))?;
    let sequence = queue
        .by_receipt(text(entry, "ReceiptHandle")?)?
        .ok_or_else(SqsError::not_in_flight)?;
    if queue
        .message(sequence)
        .is_none_or(|message| message.visible_ms <= context.now_ms)
    {
        return Err(SqsError::not_in_flight());
    }
    changes.extend(queue.set_visibility(sequence, seconds, context.now_ms));
    Ok(json!({}))
}
