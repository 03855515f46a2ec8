//! Relay: what a commit left to do goes to its queue.
//!
//! The table's stream shows each new outbox item, each answer that can be recalled (its message waits until it can't) and each save, with the stages that are to hear of it. It may show a record
//! twice, and may lose one: queues carry nudges, so a repeat finds nothing to do, and the sweep finds what was lost. Once for a
//! batch what the ledger counts is added, and the tickets that were saved are named to those who keep something beside them.

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use docket_domain::{
    Tenant, TicketNumber, Timestamp, nudge,
    outbox::{OutboxItem, RecallableAnswer, Work},
};
use docket_store::{
    Nudge, Queue, Store, StoreError,
    keys::ItemKey,
    ledger::{Ledger, marked},
    queue::{AnswerNudge, CallOrder, ChangedNudge, IncidentsNudge, MOST_DELAY_SECONDS},
    table::{NUDGES, nudges_of},
};
use serde_dynamo::AttributeValue;
use std::collections::{BTreeMap, HashMap};

/// A record that can't be read.
#[derive(Debug, thiserror::Error)]
enum RecordError {
    #[error("the record has no key {0}")]
    NoKey(&'static str),
    #[error("the outbox item can't be read")]
    Outbox(#[source] serde_dynamo::Error),
    #[error("the answer can't be read")]
    Answer(#[source] serde_dynamo::Error),
    #[error("what it is to nudge can't be read")]
    Nudges(#[source] serde_json::Error),
    #[error("the message can't be written")]
    Message(#[source] serde_json::Error),
}

/// Handles a batch of the stream. The answer names the first record that could not be passed on; the stream comes back
/// from there.
pub async fn handle(store: &Store, batch: Event) -> Result<DynamoDbEventResponse, StoreError> {
    let mut by_queue: BTreeMap<(Queue, Delay), Vec<(usize, serde_json::Value)>> = BTreeMap::new();
    let mut failed: Option<usize> = None;
    let mut changed = Changed::default();
    for (at, record) in batch.records.iter().enumerate() {
        changed.note(record);
        match messages(record, store.now()) {
            Ok(messages) => {
                for (queue, delay, message) in messages {
                    by_queue.entry((queue, delay)).or_default().push((at, message));
                }
            }
            // It will be no more readable next time: the sweep finds the item itself.
            Err(error) => {
                tracing::error!(record = at, %error, "a record of the stream can't be read and is passed over")
            }
        }
    }
    for ((queue, delay), messages) in by_queue {
        let bodies: Vec<_> = messages.iter().map(|(_, body)| body).collect();
        let lost = match store.queues().send_all_later(queue, delay, &bodies).await {
            Ok(lost) => lost,
            Err(error) => {
                tracing::error!(?queue, %error, "messages could not be sent and will be tried again");
                (0..bodies.len()).collect()
            }
        };
        let first = lost.into_iter().map(|at| messages[at].0).min();
        failed = failed.into_iter().chain(first).min();
    }
    tell_projections(store, changed).await;
    // What comes again is counted then.
    let passed_on = failed.unwrap_or(batch.records.len());
    count(store, &batch.records[..passed_on]).await;
    let mut response = DynamoDbEventResponse::default();
    if let Some(at) = failed {
        let mut item = DynamoDbBatchItemFailure::default();
        item.item_identifier
            .clone_from(&batch.records[at].change.sequence_number);
        response.batch_item_failures.push(item);
    }
    Ok(response)
}

/// The tickets that a batch of the stream shows a save of, each with its newest version.
#[derive(Default)]
struct Changed(BTreeMap<String, (Tenant, BTreeMap<TicketNumber, u64>)>);

impl Changed {
    fn note(&mut self, record: &EventRecord) {
        if record.event_name != "INSERT" {
            return;
        }
        let image = record.change.new_image.clone().into_inner();
        let (pk, sk) = (text(&image, "PK"), text(&image, "SK"));
        let key = ItemKey::parse_ticket_item(&pk.unwrap_or_default(), &sk.unwrap_or_default());
        let Some((tenant, ItemKey::Event(number, first_v))) = key else {
            return;
        };
        let v = text(&image, "until")
            .and_then(|v| v.parse().ok())
            .unwrap_or(first_v);
        let of_tenant = self.0.entry(tenant.to_string());
        let (_, numbers) = of_tenant.or_insert_with(|| (tenant, BTreeMap::new()));
        let known = numbers.entry(number).or_default();
        *known = v.max(*known);
    }

    fn nudges(self) -> impl Iterator<Item = ChangedNudge> {
        self.0.into_values().map(|(tenant, numbers)| {
            let changed = numbers.into_iter().collect();
            ChangedNudge {
                tenant,
                changed,
                audit: false,
            }
        })
    }
}

/// Names the tickets of a batch to those who keep something beside them. Where that fails the sweep finds them: it may hold nothing
/// else up.
async fn tell_projections(store: &Store, changed: Changed) {
    for nudge in changed.nudges() {
        for queue in [Queue::Projections, Queue::Index] {
            if let Err(error) = store.queues().send(queue, &nudge).await {
                tracing::warn!(?queue, %error, "queue {queue:?} could not be told what changed; the sweep will");
            }
        }
    }
}

/// Adds what the ledger counts of these records. It is told and not tried again when that fails: a recount mends it.
async fn count(store: &Store, records: &[EventRecord]) {
    let mut counted = Ledger::new();
    for record in records.iter().filter(|record| record.event_name == "INSERT") {
        let image = record.change.new_image.clone().into_inner();
        let (line, hour) = (text(&image, "ledger"), text(&image, "ledger_hour"));
        if let Some((hour, line)) = marked(line.as_deref(), hour.as_deref()) {
            counted.entry(hour).or_default().add(line, 1);
        }
    }
    if let Err(error) = store.ledger().add(&counted).await {
        tracing::warn!(%error, "the ledger could not be added to");
    }
}

/// A text or number of an image.
fn text(image: &HashMap<String, AttributeValue>, name: &'static str) -> Option<String> {
    match image.get(name) {
        Some(AttributeValue::S(text) | AttributeValue::N(text)) => Some(text.clone()),
        _ => None,
    }
}

/// How long a message waits before anybody gets it, in seconds; nothing where the queue says it.
type Delay = Option<i32>;

/// The messages a record asks for, each with its queue.
fn messages(
    record: &EventRecord,
    now: Timestamp,
) -> Result<Vec<(Queue, Delay, serde_json::Value)>, RecordError> {
    if record.event_name != "INSERT" {
        return Ok(vec![]);
    }
    let mut image = record.change.new_image.clone().into_inner();
    let pk = text(&image, "PK").ok_or(RecordError::NoKey("PK"))?;
    let sk = text(&image, "SK").ok_or(RecordError::NoKey("SK"))?;
    let Some((tenant, key)) = ItemKey::parse_ticket_item(&pk, &sk) else {
        return Ok(vec![]);
    };
    match key {
        ItemKey::Outbox(_) => {
            let attribute = image.remove("outbox").ok_or(RecordError::NoKey("outbox"))?;
            let item: OutboxItem =
                serde_dynamo::from_attribute_value(attribute).map_err(RecordError::Outbox)?;
            Ok(vec![outgoing(tenant, item)?])
        }
        ItemKey::Recallable(id) => {
            let attribute = image.remove("answer").ok_or(RecordError::NoKey("answer"))?;
            let answer: RecallableAnswer =
                serde_dynamo::from_attribute_value(attribute).map_err(RecordError::Answer)?;
            let (queue, _, message) = to_value(Queue::Delivery, &AnswerNudge { tenant, answer: id })?;
            Ok(vec![(queue, Some(seconds_until(answer.send_at, now)), message)])
        }
        ItemKey::Event(number, v) => {
            let Some(nudges) = text(&image, NUDGES) else {
                return Ok(vec![]);
            };
            let cause = format!("event {v}");
            let nudges = nudges_of(&nudges).map_err(RecordError::Nudges)?;
            let message = |nudge| match nudge {
                nudge::Nudge::Triage => to_value(Queue::Triage, &Nudge::triage(&tenant, number, &cause)),
                nudge::Nudge::Assignment { group, freed } => {
                    let nudge = Nudge {
                        ticket: Some(number),
                        freed,
                        ..Nudge::assignment(&tenant, group, &cause)
                    };
                    to_value(Queue::Assignment, &nudge)
                }
                nudge::Nudge::Incidents { v } => {
                    to_value(Queue::Jobs, &IncidentsNudge::new(&tenant, number, v))
                }
            };
            nudges.into_iter().map(message).collect()
        }
        _ => Ok(vec![]),
    }
}

/// Whole seconds, and not before.
fn seconds_until(at: Timestamp, now: Timestamp) -> i32 {
    let ms = at.as_millisecond() - now.as_millisecond();
    i32::try_from(ms.max(0).div_euclid(1000) + i64::from(ms.max(0) % 1000 > 0)).unwrap_or(MOST_DELAY_SECONDS)
}

fn outgoing(tenant: Tenant, item: OutboxItem) -> Result<(Queue, Delay, serde_json::Value), RecordError> {
    match item.work {
        Work::Mail { .. } => to_value(Queue::Delivery, &Nudge::outbox(&tenant, item.id, "committed")),
        Work::Call { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => {
            to_value(Queue::Egress, &CallOrder { tenant, item })
        }
    }
}

fn to_value<T: serde::Serialize>(
    queue: Queue,
    message: &T,
) -> Result<(Queue, Delay, serde_json::Value), RecordError> {
    serde_json::to_value(message)
        .map(|message| (queue, None, message))
        .map_err(RecordError::Message)
}
