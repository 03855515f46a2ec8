//! Waiting before the next try.

use crate::Store;
use std::time::Duration;

/// Longest first wait of who was not the first; doubled with each try. Somewhere below it, so that two who met do not meet
/// again.
const FIRST_WAIT: Duration = Duration::from_millis(25);

impl Store {
    /// Waits before a further try of something; the first begins at once.
    pub async fn wait_before(&self, nth: u32) {
        if let Some(earlier) = nth.checked_sub(1) {
            self.wait_a_little(earlier).await;
        }
    }

    /// Some time, longer from try to try, other for each who waits.
    pub async fn wait_a_little(&self, nth: u32) {
        let [first, second, ..] = self.entropy.bytes();
        let share = f64::from(u16::from_be_bytes([first, second])) / f64::from(u16::MAX);
        tokio::time::sleep((FIRST_WAIT * (1 << nth.min(8))).mul_f64(share)).await;
    }
}
