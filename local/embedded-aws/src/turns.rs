//! Who goes first: a call that somebody waits for does not stand behind those of threads that said that nobody waits for theirs.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a call from behind lets others go first before it looks again, and how often it does so: they may be many, and it is to
/// have its turn all the same.
const LONGEST_WAIT: Duration = Duration::from_millis(2);
const MOST_WAITS: u32 = 10;

thread_local! {
    static STANDS_BEHIND: Cell<bool> = const { Cell::new(false) };
}

/// Has all calls from this thread let those of others go first.
pub fn stand_behind() {
    STANDS_BEHIND.set(true);
}

#[derive(Default)]
pub(crate) struct Turns {
    /// Calls under way that somebody waits for.
    ahead: AtomicUsize,
    none_ahead: Notify,
}

/// The turn of a call that somebody waits for; it ends with this.
pub(crate) struct Turn<'t>(&'t Turns);

impl Turns {
    /// Waits for its turn, where the call is from behind.
    pub(crate) async fn take(&self) -> Option<Turn<'_>> {
        if !STANDS_BEHIND.get() {
            self.ahead.fetch_add(1, Ordering::AcqRel);
            return Some(Turn(self));
        }
        for _ in 0..MOST_WAITS {
            let mut none_ahead = std::pin::pin!(self.none_ahead.notified());
            none_ahead.as_mut().enable();
            if self.ahead.load(Ordering::Acquire) == 0 {
                break;
            }
            // Either way it looks again.
            let _ = timeout(LONGEST_WAIT, none_ahead).await;
        }
        None
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.0.ahead.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.none_ahead.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test(start_paused = true)]
    async fn a_call_from_behind_waits_for_those_ahead_and_not_for_ever() {
        let turns = Arc::new(Turns::default());
        let ahead = turns.take().await;
        assert!(ahead.is_some());
        let behind = std::thread::spawn({
            let turns = turns.clone();
            move || {
                stand_behind();
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .start_paused(true)
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let began = tokio::time::Instant::now();
                    assert!(turns.take().await.is_none());
                    began.elapsed()
                })
            }
        });
        assert_eq!(behind.join().unwrap(), LONGEST_WAIT * MOST_WAITS);
        drop(ahead);
        assert_eq!(turns.ahead.load(Ordering::Acquire), 0);
    }
}
