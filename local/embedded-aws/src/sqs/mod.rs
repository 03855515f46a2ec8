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

use crate::faults::Fate;
use crate::journal::{Change, Journal};
use crate::lock;
use model::{Message, Queue, Queues};
use operations::Context;

pub(crate) use poll::ReceiveCall;
pub(crate) use protocol::{SqsError, url_of};

/// Records of queues in the journal.
const QUEUE_SPACE: &str = "sqs.queue";
/// Records of messages in the journal.
const MESSAGE_SPACE: &str = "sqs.message";

/// SQS's longest delay.
const MAX_DELAY_SECONDS: u16 = 900;

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

    /// Puts messages of the emulation's own into a queue (what AWS services send on the desk's behalf) and
    /// writes `more` with them in one step. Without the queue only `more` is written; whether it is there.
    pub(crate) fn deliver(
        &self,
        queue_url: &str,
        messages: Vec<(String, Fate)>,
        mut more: Vec<Change>,
        context: &Context<'_>,
    ) -> rusqlite::Result<bool> {
        let mut queues = lock(&self.queues);
        let queue = queues.named(protocol::name_of(queue_url));
        let found = queue.is_ok();
        if let Ok(queue) = queue {
            for (body, fate) in messages {
                let (times, delay) = match fate {
                    Fate::Lost => (0, None),
                    Fate::Once => (1, None),
                    Fate::Twice => (2, None),
                    Fate::Late(seconds) => (1, Some(i64::from(seconds.min(MAX_DELAY_SECONDS)))),
                };
                for _ in 0..times {
                    let none = BTreeMap::new();
                    more.push(
                        queue
                            .send(body.clone(), none, delay, context.ids, context.now_ms)
                            .1,
                    );
                }
            }
        }
        context.journal.commit(&more)?;
        Ok(found)
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

    /// Drops every message; gives their number.
    pub(crate) fn empty_all(&self, journal: &Journal) -> rusqlite::Result<usize> {
        let mut queues = lock(&self.queues);
        let changes: Vec<Change> = queues.all_mut().flat_map(Queue::purge).collect();
        journal.commit(&changes)?;
        Ok(changes.len())
    }
}
