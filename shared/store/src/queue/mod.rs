//! Queues and their dead letters.

mod dead_letter_queue;
mod queues;

pub use dead_letter_queue::{Counted, DeadLetter, MOST_RECEIVED};
pub use queues::{
    AnswerNudge, BadNudge, CallOrder, CallResult, ChangedNudge, IncidentsNudge, MOST_DELAY_SECONDS, Nudge,
    Queue, ShardNudge, SpoolNudge,
};
