//! The time by which the whole emulation lives.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::lock;

/// A clock that can be moved forward, shared by all its clones.
///
/// It never goes back. Whoever waits for an instant of it is woken when it is moved.
#[derive(Clone)]
pub struct Clock {
    inner: Arc<Inner>,
}

struct Inner {
    hands: Mutex<Hands>,
    moves: watch::Sender<u64>,
}

#[derive(Clone, Copy)]
enum Hands {
    Wall { ahead: SignedDuration },
    Manual { now: Timestamp },
}

impl Clock {
    /// The machine's time plus an offset, which starts at nothing and grows with [`Clock::advance`].
    pub fn wall() -> Self {
        Self::with(Hands::Wall {
            ahead: SignedDuration::ZERO,
        })
    }

    /// A clock that stands still at `start` until it is moved.
    pub fn manual(start: Timestamp) -> Self {
        Self::with(Hands::Manual { now: start })
    }

    fn with(hands: Hands) -> Self {
        Self {
            inner: Arc::new(Inner {
                hands: Mutex::new(hands),
                moves: watch::Sender::new(0),
            }),
        }
    }

    /// The instant it shows.
    pub fn now(&self) -> Timestamp {
        lock(&self.inner.hands).read()
    }

    /// Milliseconds since 1970 by this clock.
    pub fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// Moves it forward and wakes everyone who waits. A negative span does nothing.
    pub fn advance(&self, by: SignedDuration) {
        if by <= SignedDuration::ZERO {
            return;
        }
        {
            let mut hands = lock(&self.inner.hands);
            match &mut *hands {
                Hands::Wall { ahead } => *ahead = ahead.saturating_add(by),
                Hands::Manual { now } => *now = now.saturating_add(by).unwrap_or(Timestamp::MAX),
            }
        }
        self.inner.moves.send_modify(|count| *count += 1);
    }

    /// Moves it forward to `to`; does nothing when it already shows that or a later instant.
    pub fn set_forward(&self, to: Timestamp) {
        self.advance(to.duration_since(self.now()));
    }

    /// How far a wall clock has been moved ahead of the machine; nothing for a manual clock.
    pub fn ahead(&self) -> SignedDuration {
        match *lock(&self.inner.hands) {
            Hands::Wall { ahead } => ahead,
            Hands::Manual { .. } => SignedDuration::ZERO,
        }
    }

    /// Whether it stands still unless it is moved.
    pub fn is_manual(&self) -> bool {
        matches!(*lock(&self.inner.hands), Hands::Manual { .. })
    }

    /// A receiver that changes each time the clock is moved (not while a wall clock merely runs).
    pub fn moves(&self) -> watch::Receiver<u64> {
        self.inner.moves.subscribe()
    }

    /// Waits until the clock shows `at` or later.
    ///
    /// On a wall clock this sleeps; on a manual clock it waits to be moved.
    pub async fn until(&self, at: Timestamp) {
        let mut moves = self.moves();
        loop {
            moves.borrow_and_update();
            let left = at.duration_since(self.now());
            if left <= SignedDuration::ZERO {
                return;
            }
            if self.is_manual() {
                // The sender lives as long as this clock does, so an error cannot happen here.
                let _ = moves.changed().await;
            } else {
                tokio::select! {
                    biased;
                    _ = moves.changed() => {}
                    () = tokio::time::sleep(Duration::try_from(left).unwrap_or(Duration::ZERO)) => {}
                }
            }
        }
    }
}

impl Hands {
    fn read(self) -> Timestamp {
        match self {
            Hands::Wall { ahead } => Timestamp::now().saturating_add(ahead).unwrap_or(Timestamp::MAX),
            Hands::Manual { now } => now,
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        SystemTime::from(Clock::now(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-03-02T12:00:00Z".parse().expect("a literal")
    }

    #[test]
    fn a_manual_clock_stands_still() {
        let clock = Clock::manual(noon());
        assert_eq!(clock.now(), noon());
        assert_eq!(clock.now(), noon());
    }

    #[test]
    fn a_clock_never_goes_back() {
        let clock = Clock::manual(noon());
        clock.set_forward(noon() - SignedDuration::from_secs(1));
        clock.advance(SignedDuration::from_secs(-5));
        assert_eq!(clock.now(), noon());
    }

    #[tokio::test]
    async fn a_moved_clock_wakes_whoever_waits_for_an_instant() {
        let clock = Clock::manual(noon());
        let later = noon() + SignedDuration::from_hours(3);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(later).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(SignedDuration::from_hours(3));
        waiting.await.expect("it ends");
    }

    #[tokio::test]
    async fn a_wall_clock_moved_past_the_instant_ends_the_wait_at_once() {
        let clock = Clock::wall();
        let later = clock.now() + SignedDuration::from_hours(3);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(later).await }
        });
        tokio::task::yield_now().await;
        clock.set_forward(later);
        waiting.await.expect("it ends");
    }
}
