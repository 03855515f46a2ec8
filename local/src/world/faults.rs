//! Faults that follow from a seed.

use embedded_aws::{Call, Fault, FaultPlan, Service};
use rand::{Rng, rngs::StdRng};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Faults among a thousand calls while a world is troubled.
const FAULTS_IN_THOUSAND: u32 = 60;

/// Faults that follow from a seed.
pub(super) struct SeededFaults {
    pub(super) on: AtomicBool,
    pub(super) choices: Mutex<StdRng>,
}

impl FaultPlan for SeededFaults {
    fn plan(&self, call: &Call) -> Fault {
        if !self.on.load(Ordering::SeqCst) || matches!(call.actor.as_str(), "docket" | "event-source") {
            return Fault::None;
        }
        let mut choices = self.choices.lock().unwrap_or_else(PoisonError::into_inner);
        if choices.random_range(0..1000) >= FAULTS_IN_THOUSAND {
            return Fault::None;
        }
        match choices.random_range(0..15) {
            0 => Fault::FailBefore(500),
            1 => Fault::FailBefore(503),
            2 => Fault::FailAfter(500),
            3 => Fault::ConnectionRefused,
            4 => Fault::Throttle,
            5 => Fault::TransactionConflict,
            6 => Fault::LoseReply,
            7 => Fault::Timeout {
                done: choices.random(),
            },
            8 => Fault::Delay(Duration::from_millis(choices.random_range(1..2000))),
            9 => Fault::DelayReply(Duration::from_millis(choices.random_range(1..2000))),
            10 if call.service != Service::Ses => Fault::Duplicate {
                answer_second: choices.random(),
            },
            11 => Fault::StaleIndex {
                writes: choices.random_range(1..8),
            },
            12 => Fault::PartialBatch {
                fails: choices.random(),
            },
            13 => Fault::KillBefore,
            _ => Fault::KillAfter,
        }
    }
}
