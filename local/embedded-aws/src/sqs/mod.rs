//! SQS: standard queues on the emulation's clock, with redrive, delay, retention and long polls.

mod attributes;
mod batch;
mod message_attributes;
mod model;
pub(crate) mod operations;
mod poll;
mod protocol;

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::SignedDuration;

use crate::ids::Ids;
use crate::journal::{Change, Journal};
use crate::lock;
use model::{Message, Queue, Queues};

pub(crate) use poll::ReceiveCall;
pub(crate) use protocol::{SqsError, url_of};

/// Records of queues in the journal.
const QUEUE_SPACE: &str = "sqs.queue";
/// Records of messages in the journal.
const MESSAGE_SPACE: &str = "sqs.message";

/// What stands in one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueStatus {
    /// The queue's name.
    pub name: String,
    /// Messages that can be received now.
    pub visible: usize,
    /// Messages received and neither deleted nor visible again.
    pub in_flight: usize,
    /// Messages that were sent with a delay which still runs.
    pub delayed: usize,
    /// The time since the oldest message was first sent.
    pub oldest_age: Option<SignedDuration>,
}

/// A message that stands in a queue, seen from outside without receiving it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMessage {
    /// The id SQS gave it.
    pub message_id: String,
    /// Its body.
    pub body: String,
    /// How often it was received.
    pub receive_count: u32,
}

pub(crate) struct Sqs {
    queues: Mutex<Queues>,
}

impl Sqs {
    pub(crate) fn load(journal: &Journal) -> rusqlite::Result<Self> {
        let mut queues = Queues::default();
        for (_, queue) in journal.load::<model::StoredQueue>(QUEUE_SPACE)? {
            queues.insert(queue);
        }
        for (key, message) in journal.load::<Message>(MESSAGE_SPACE)? {
            let (name, sequence) = key.rsplit_once('/').unwrap_or((&key, "0"));
            queues.restore(name, sequence.parse().unwrap_or_default(), message);
        }
        Ok(Self {
            queues: Mutex::new(queues),
        })
    }

    /// Puts a message of the emulation's own into a queue: what AWS services send on the desk's behalf.
    pub(crate) fn deliver(
        &self,
        queue_url: &str,
        body: String,
        ids: &Ids,
        now_ms: i64,
    ) -> Result<Vec<Change>, SqsError> {
        let mut queues = lock(&self.queues);
        let queue = queues.named(protocol::name_of(queue_url))?;
        let (_, change) = queue.send(body, BTreeMap::new(), None, ids, now_ms);
        Ok(vec![change])
    }

    pub(crate) fn statuses(&self, now_ms: i64) -> Vec<QueueStatus> {
        lock(&self.queues)
            .all_mut()
            .map(|queue| queue.status(now_ms))
            .collect()
    }

    pub(crate) fn messages(&self, queue_url: &str) -> Vec<QueuedMessage> {
        match lock(&self.queues).named(protocol::name_of(queue_url)) {
            Ok(queue) => queue.messages().map(Message::seen).collect(),
            Err(_) => Vec::new(),
        }
    }

    pub(crate) fn empty_all(&self) -> Vec<Change> {
        lock(&self.queues).all_mut().flat_map(Queue::purge).collect()
    }
}
