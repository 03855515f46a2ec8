//! The receivers of the desk's calls.

use egress::{CallFuture, Outside, SignedCall};
use std::sync::{Mutex, PoisonError};

/// Records calls to the outside; some fail while the world is troubled.
#[derive(Default)]
pub struct Recorder {
    calls: Mutex<Vec<SignedCall>>,
    failing: Mutex<Vec<u16>>,
}

impl Recorder {
    /// The calls that came, in order, repeats included.
    pub fn calls(&self) -> Vec<SignedCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The statuses with which the next calls are answered.
    pub fn answer_next_with(&self, statuses: &[u16]) {
        self.failing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(statuses);
    }
}

impl Outside for Recorder {
    fn post<'a>(&'a self, call: &'a SignedCall) -> CallFuture<'a> {
        Box::pin(async move {
            self.calls
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(call.clone());
            let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(if failing.is_empty() {
                200
            } else {
                failing.remove(0)
            })
        })
    }
}
