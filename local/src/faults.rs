//! Faults armed by hand, for demonstrations.

use embedded_aws::{Call, Fault, FaultPlan};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The service answers 500 and does nothing.
    FailBefore,
    /// The service does it, and the answer is lost.
    LoseReply,
    /// The connection can't be made.
    ConnectionRefused,
    /// The service asks to slow down.
    Throttle,
    /// Another transaction was at the same item.
    TransactionConflict,
    /// The service does it twice.
    Duplicate,
    /// It takes two seconds longer.
    Delay,
}

/// A fault to arm: the next `count` calls that fit go wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArmedFault {
    /// `dynamodb`, `sqs`, `s3`, `ses` or `ssm`; nothing for any.
    #[serde(default)]
    pub service: Option<String>,
    /// Operation by its name in the API, such as `SendRawEmail`; nothing for any.
    #[serde(default)]
    pub operation: Option<String>,
    /// What goes wrong.
    pub fault: FaultKind,
    /// How many calls.
    #[serde(default = "one")]
    pub count: u32,
}

fn one() -> u32 {
    1
}

/// The faults that are armed.
#[derive(Debug, Default)]
pub struct ArmedFaults(Mutex<Vec<ArmedFault>>);

impl ArmedFaults {
    /// Arms one more.
    pub fn arm(&self, fault: ArmedFault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }
}

impl FaultPlan for ArmedFaults {
    fn is_armed(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn plan(&self, call: &Call) -> Fault {
        // The event sources are the ground everything stands on here.
        if call.actor == "event-source" {
            return Fault::None;
        }
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let service = call.service.to_string();
        let fits = |fault: &&mut ArmedFault| {
            fault.service.as_ref().is_none_or(|name| *name == service)
                && fault
                    .operation
                    .as_ref()
                    .is_none_or(|name| *name == call.operation)
        };
        let Some(fault) = armed.iter_mut().find(fits) else {
            return Fault::None;
        };
        let kind = fault.fault;
        fault.count = fault.count.saturating_sub(1);
        armed.retain(|fault| fault.count > 0);
        match kind {
            FaultKind::FailBefore => Fault::FailBefore(500),
            FaultKind::LoseReply => Fault::LoseReply,
            FaultKind::ConnectionRefused => Fault::ConnectionRefused,
            FaultKind::Throttle => Fault::Throttle,
            FaultKind::TransactionConflict => Fault::TransactionConflict,
            FaultKind::Duplicate => Fault::Duplicate { answer_second: true },
            FaultKind::Delay => Fault::Delay(Duration::from_secs(2)),
        }
    }
}
