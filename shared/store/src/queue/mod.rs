//! Queues and their dead letters.

mod dead_letter_queue;
mod queues;

pub use dead_letter_queue::{Counted, DeadLetter, MOST_RECEIVED};
pub use queues::{
    BadNudge, CallOrder, CallResult, ChangedNudge, IncidentsNudge, Nudge, Queue, ShardNudge, SpoolNudge,
};
