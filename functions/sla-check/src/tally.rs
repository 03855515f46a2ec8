//! What a sweep, or one message of queue `timers`, came to.

use crate::SweepError;

/// Counts and extremes over entries that were due.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Entries looked at.
    pub(crate) due: usize,
    /// The longest time from due to fired, in seconds.
    pub(crate) lag_seconds: i64,
    /// For how long the oldest piece of work has been in doubt, in seconds.
    pub(crate) in_doubt_oldest_seconds: i64,
    /// What failed and stays due.
    pub(crate) failed: usize,
    first: Option<String>,
}

impl Tally {
    /// Counts an entry as it is fired.
    pub(crate) fn count(&mut self, lag_seconds: i64, in_doubt_seconds: i64) {
        self.due += 1;
        self.lag_seconds = self.lag_seconds.max(lag_seconds);
        self.in_doubt_oldest_seconds = self.in_doubt_oldest_seconds.max(in_doubt_seconds);
    }

    /// Notes a failure.
    pub(crate) fn fail(&mut self, error: &SweepError) {
        self.failed += 1;
        self.first.get_or_insert_with(|| error.to_string());
    }

    /// Adds another one up.
    pub(crate) fn add(&mut self, other: Self) {
        self.due += other.due;
        self.lag_seconds = self.lag_seconds.max(other.lag_seconds);
        self.in_doubt_oldest_seconds = self.in_doubt_oldest_seconds.max(other.in_doubt_oldest_seconds);
        self.failed += other.failed;
        if self.first.is_none() {
            self.first = other.first;
        }
    }

    /// An error if anything failed.
    pub(crate) fn finish(self) -> Result<(), SweepError> {
        match self.first {
            None => Ok(()),
            Some(first) => Err(SweepError::Partly {
                failed: self.failed,
                due: self.due,
                first,
            }),
        }
    }
}
