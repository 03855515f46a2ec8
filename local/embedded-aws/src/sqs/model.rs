//! Queues and messages, and what time does to them.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use super::protocol::SqsError;
use super::{MESSAGE_SPACE, QUEUE_SPACE, QueueStatus, QueuedMessage};
use crate::ids::Ids;
use crate::journal::Change;

/// Message attributes as the protocol gives them, by name.
pub(super) type MessageAttributes = BTreeMap<String, Value>;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) body: String,
    pub(super) attributes: MessageAttributes,
    pub(super) sent_ms: i64,
    /// From when on it can be received.
    pub(super) visible_ms: i64,
    /// Whether it waits for its first delay to end.
    pub(super) delayed: bool,
    pub(super) receive_count: u32,
    pub(super) first_received_ms: Option<i64>,
    /// The last receipt handed out.
    pub(super) receipt: Option<String>,
    pub(super) dead_letter_source: Option<String>,
}

impl Message {
    pub(super) fn seen(&self) -> QueuedMessage {
        QueuedMessage {
            message_id: self.id.clone(),
            body: self.body.clone(),
            receive_count: self.receive_count,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredQueue {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) created_ms: i64,
    pub(super) modified_ms: i64,
}

pub(super) struct Queue {
    pub(super) stored: StoredQueue,
    messages: BTreeMap<u64, Message>,
    next_sequence: u64,
    /// No message was sent before this: spares a look at each when none can be outdated.
    oldest_sent_ms: i64,
    arrivals: watch::Sender<u64>,
}

impl Queue {
    pub(super) fn new(stored: StoredQueue) -> Self {
        Self {
            stored,
            messages: BTreeMap::new(),
            next_sequence: 1,
            oldest_sent_ms: i64::MAX,
            arrivals: watch::Sender::new(0),
        }
    }

    pub(super) fn change(&self) -> Change {
        Change::put(QUEUE_SPACE, &self.stored.name, &self.stored)
    }

    fn key(&self, sequence: u64) -> String {
        format!("{}/{sequence:020}", self.stored.name)
    }

    pub(super) fn arrivals(&self) -> watch::Receiver<u64> {
        self.arrivals.subscribe()
    }

    fn wake(&self) {
        self.arrivals.send_modify(|count| *count += 1);
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    pub(super) fn restore(&mut self, sequence: u64, message: Message) {
        self.next_sequence = self.next_sequence.max(sequence + 1);
        self.oldest_sent_ms = self.oldest_sent_ms.min(message.sent_ms);
        self.messages.insert(sequence, message);
    }

    fn insert(&mut self, message: Message) -> Change {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        let change = Change::put(MESSAGE_SPACE, self.key(sequence), &message);
        self.oldest_sent_ms = self.oldest_sent_ms.min(message.sent_ms);
        self.messages.insert(sequence, message);
        self.wake();
        change
    }

    pub(super) fn send(
        &mut self,
        body: String,
        attributes: MessageAttributes,
        delay_seconds: Option<i64>,
        ids: &Ids,
        now_ms: i64,
    ) -> (String, Change) {
        let delay_ms = delay_seconds.unwrap_or_else(|| self.seconds("DelaySeconds")) * 1000;
        let id = ids.uuid();
        let change = self.insert(Message {
            id: id.clone(),
            body,
            attributes,
            sent_ms: now_ms,
            visible_ms: now_ms + delay_ms,
            delayed: delay_ms > 0,
            receive_count: 0,
            first_received_ms: None,
            receipt: None,
            dead_letter_source: None,
        });
        (id, change)
    }

    /// Takes in a message from a queue whose dead-letter queue this is: it keeps its first timestamp.
    pub(super) fn take_dead_letter(&mut self, mut message: Message, source: String, now_ms: i64) -> Change {
        message.visible_ms = now_ms;
        message.receipt = None;
        message.dead_letter_source = Some(source);
        self.insert(message)
    }

    /// The sequence number of the first message after `after` that can be received.
    pub(super) fn receivable(&self, after: u64, now_ms: i64) -> Option<u64> {
        let mut rest = self.messages.range(after + 1..);
        rest.find(|(_, message)| message.visible_ms <= now_ms)
            .map(|(sequence, _)| *sequence)
    }

    /// When the next message becomes visible, if one waits for time to pass.
    pub(super) fn next_visible_ms(&self, now_ms: i64) -> Option<i64> {
        self.messages
            .values()
            .map(|message| message.visible_ms)
            .filter(|at| *at > now_ms)
            .min()
    }

    pub(super) fn message(&self, sequence: u64) -> Option<&Message> {
        self.messages.get(&sequence)
    }

    pub(super) fn remove(&mut self, sequence: u64) -> Option<(Message, Change)> {
        let message = self.messages.remove(&sequence)?;
        Some((message, Change::remove(MESSAGE_SPACE, self.key(sequence))))
    }

    pub(super) fn receive(
        &mut self,
        sequence: u64,
        visibility_seconds: i64,
        ids: &Ids,
        now_ms: i64,
    ) -> Option<(Message, Change)> {
        let key = self.key(sequence);
        let message = self.messages.get_mut(&sequence)?;
        message.receive_count += 1;
        message.delayed = false;
        message.first_received_ms.get_or_insert(now_ms);
        message.visible_ms = now_ms + visibility_seconds * 1000;
        message.receipt = Some(format!("AQEB{sequence:016x}{}", ids.hex64()));
        Some((message.clone(), Change::put(MESSAGE_SPACE, key, message)))
    }

    /// The message a receipt speaks of, while it is there and this is its last receipt.
    pub(super) fn by_receipt(&self, handle: &str) -> Result<Option<u64>, SqsError> {
        let sequence = handle
            .strip_prefix("AQEB")
            .filter(|rest| rest.len() == 32)
            .and_then(|rest| u64::from_str_radix(rest.get(..16)?, 16).ok())
            .ok_or_else(|| SqsError::invalid_receipt(handle))?;
        let holds = |message: &&Message| message.receipt.as_deref() == Some(handle);
        Ok(self.messages.get(&sequence).filter(holds).map(|_| sequence))
    }

    pub(super) fn set_visibility(&mut self, sequence: u64, seconds: i64, now_ms: i64) -> Option<Change> {
        let key = self.key(sequence);
        let message = self.messages.get_mut(&sequence)?;
        message.visible_ms = now_ms + seconds * 1000;
        let change = Change::put(MESSAGE_SPACE, key, message);
        self.wake();
        Some(change)
    }

    /// Drops what has outlived the queue's retention.
    pub(super) fn expire(&mut self, now_ms: i64) -> Vec<Change> {
        let limit_ms = now_ms - self.seconds("MessageRetentionPeriod") * 1000;
        if self.oldest_sent_ms > limit_ms {
            return Vec::new();
        }
        let is_outdated = |message: &Message| message.sent_ms <= limit_ms;
        let outdated: Vec<u64> = self
            .messages
            .iter()
            .filter(|(_, message)| is_outdated(message))
            .map(|(s, _)| *s)
            .collect();
        let removed = outdated.into_iter().filter_map(|sequence| self.remove(sequence));
        let changes = removed.map(|(_, change)| change).collect();
        self.oldest_sent_ms = self
            .messages
            .values()
            .map(|message| message.sent_ms)
            .min()
            .unwrap_or(i64::MAX);
        changes
    }

    pub(super) fn purge(&mut self) -> Vec<Change> {
        let all: Vec<u64> = self.messages.keys().copied().collect();
        all.into_iter()
            .filter_map(|sequence| self.remove(sequence))
            .map(|(_, change)| change)
            .collect()
    }

    pub(super) fn status(&self, now_ms: i64) -> QueueStatus {
        let mut status = QueueStatus {
            name: self.stored.name.clone(),
            visible: 0,
            in_flight: 0,
            delayed: 0,
            oldest_age: None,
        };
        for message in self.messages.values() {
            match (message.visible_ms > now_ms, message.delayed) {
                (false, _) => status.visible += 1,
                (true, true) => status.delayed += 1,
                (true, false) => status.in_flight += 1,
            }
        }
        let oldest = self.messages.values().map(|message| message.sent_ms).min();
        status.oldest_age = oldest.map(|sent_ms| SignedDuration::from_millis(now_ms - sent_ms));
        status
    }
}

#[derive(Default)]
pub(super) struct Queues {
    by_name: BTreeMap<String, Queue>,
}

impl Queues {
    pub(super) fn named(&mut self, name: &str) -> Result<&mut Queue, SqsError> {
        self.by_name.get_mut(name).ok_or_else(SqsError::no_such_queue)
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Queue> {
        self.by_name.values_mut()
    }

    pub(super) fn insert(&mut self, stored: StoredQueue) -> Change {
        let queue = Queue::new(stored);
        let change = queue.change();
        self.by_name.insert(queue.stored.name.clone(), queue);
        change
    }

    pub(super) fn delete(&mut self, name: &str) -> Result<Vec<Change>, SqsError> {
        let mut queue = self.by_name.remove(name).ok_or_else(SqsError::no_such_queue)?;
        let mut changes = queue.purge();
        changes.push(Change::remove(QUEUE_SPACE, name));
        Ok(changes)
    }

    pub(super) fn restore(&mut self, name: &str, sequence: u64, message: Message) {
        if let Some(queue) = self.by_name.get_mut(name) {
            queue.restore(sequence, message);
        }
    }
}
