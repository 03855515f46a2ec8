//! Which source wakes which function, and how: the counterpart of `infra/template.yaml`.

use docket_desk::Queue;
use embedded_aws::{StreamChange, StreamEventName};

/// A function that events invoke. Those that HTTP calls are served by the server itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// Mail that came.
    EmailIntake,
    /// Triage.
    Triage,
    /// Assignment.
    Assignment,
    /// The sweep.
    SlaCheck,
    /// Mail out, and what became of it.
    Delivery,
    /// Calls to the outside.
    Egress,
    /// New outbox items to their queues.
    Relay,
    /// What is kept beside tickets.
    Projector,
    /// The index of the search.
    Index,
    /// Rows of bulk calls.
    Jobs,
}

impl Function {
    /// Its crate's name, which is also its name among the callers of the embedded AWS.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmailIntake => "email-intake",
            Self::Triage => "triage",
            Self::Assignment => "assignment",
            Self::SlaCheck => "sla-check",
            Self::Delivery => "delivery",
            Self::Egress => "egress",
            Self::Relay => "relay",
            Self::Projector => "projector",
            Self::Index => "index",
            Self::Jobs => "jobs",
        }
    }
}

/// A queue, and the function it wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSource {
    /// The queue.
    pub queue: Queue,
    /// Its name here.
    pub name: &'static str,
    /// The function.
    pub function: Function,
    /// Most messages of one batch.
    pub batch_size: i32,
    /// How long a message that was received stays out of sight, in seconds.
    pub visibility_seconds: i64,
    /// How long a new message waits, in seconds: what follows it closely is handled together with it.
    pub delay_seconds: i64,
}

/// How often a message is received before it goes to the dead-letter queue.
pub const MAX_RECEIVE_COUNT: i64 = 5;
/// How long a queue keeps a message, in seconds.
pub const RETENTION_SECONDS: i64 = 4 * 24 * 3600;
/// How long a dead-letter queue does.
pub const DEAD_LETTER_RETENTION_SECONDS: i64 = 14 * 24 * 3600;
/// What is added to a queue's name for its dead-letter queue.
pub const DEAD_LETTER_SUFFIX: &str = "-dead";
/// Most records of one batch of the stream.
pub const STREAM_BATCH_SIZE: usize = 100;
/// Seconds between two sweeps.
pub const SWEEP_SECONDS: i64 = 60;

/// All queues with their functions.
pub const QUEUE_SOURCES: [QueueSource; 11] = [
    source(Queue::Inbound, Function::EmailIntake, 10, 180),
    source(Queue::InboundSingle, Function::EmailIntake, 1, 180),
    source(Queue::Triage, Function::Triage, 10, 120),
    source(Queue::Assignment, Function::Assignment, 10, 180),
    source(Queue::Delivery, Function::Delivery, 5, 180),
    source(Queue::Feedback, Function::Delivery, 10, 180),
    source(Queue::Egress, Function::Egress, 5, 360),
    source(Queue::Timers, Function::SlaCheck, 1, 360),
    source(Queue::Projections, Function::Projector, 10, 180),
    source(Queue::Index, Function::Index, 10, 360),
    source(Queue::Jobs, Function::Jobs, 1, 360),
];

const fn source(queue: Queue, function: Function, batch_size: i32, visibility_seconds: i64) -> QueueSource {
    QueueSource {
        queue,
        name: queue.name(),
        function,
        batch_size,
        visibility_seconds,
        delay_seconds: match queue {
            Queue::Projections | Queue::Index => 2,
            _ => 0,
        },
    }
}

/// The source of a queue.
pub fn source_of(queue: Queue) -> &'static QueueSource {
    // Every queue stands in the table: a test says so.
    QUEUE_SOURCES
        .iter()
        .find(|source| source.queue == queue)
        .unwrap_or(&QUEUE_SOURCES[0])
}

/// The filter of the stream, as the template has it: new outbox items, new answers that can be recalled, new saves of tickets, and what the ledger counts.
pub fn wakes_relay(change: &StreamChange<'_>) -> bool {
    let (pk, sk) = (change.key("PK"), change.key("SK"));
    let is_outbox = sk.starts_with("O#");
    let is_of_ticket = pk.starts_with("T#") && (sk.starts_with("E#") || sk.starts_with("A#"));
    change.event_name() == StreamEventName::Insert && (is_outbox || is_of_ticket || change.has("ledger"))
}
