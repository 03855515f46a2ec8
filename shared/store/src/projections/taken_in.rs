//! What this process took in lately: a walk that comes by again need not read it again.

use crate::{Store, keys::ChangedClass};
use docket_domain::Timestamp;
use jiff::SignedDuration;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How much later than the minute it stands under something has to have been read, so that its last change was seen: by as much clocks of
/// functions may be apart.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(10);
/// How long it is remembered: longer than walks overlap.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Most that is remembered, some megabytes. What is more is read again.
const MOST: usize = 50_000;

/// What was taken in, of which class and number, with when it was read and into which generation it went.
#[derive(Default)]
pub(crate) struct TakenIn(Mutex<HashMap<Taken, (u64, Timestamp)>>);

type Taken = (&'static str, ChangedClass, u64);

impl TakenIn {
    fn held(&self) -> MutexGuard<'_, HashMap<Taken, (u64, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Remembers that a projection took these in as they were at a time.
    pub fn note_taken_in(
        &self,
        projection: &'static str,
        generation: u64,
        (class, numbers): (ChangedClass, &[u64]),
        read_at: Timestamp,
    ) {
        let mut taken = self.taken_in.held();
        if taken.len() + numbers.len() > MOST {
            let since = read_at.checked_sub(REMEMBERED_FOR).unwrap_or(read_at);
            taken.retain(|_, (_, read_at)| *read_at >= since);
        }
        if taken.len() + numbers.len() > MOST {
            taken.clear();
        }
        for number in numbers.iter().take(MOST) {
            taken.insert((projection, class, *number), (generation, read_at));
        }
    }

    /// Whether what changed last in the minute before this one was taken in by this process after that: then it is in the projection as it is.
    pub fn was_taken_in(
        &self,
        projection: &'static str,
        generation: u64,
        (class, number): (ChangedClass, u64),
        minute: Timestamp,
    ) -> bool {
        let taken = self.taken_in.held();
        let Some((of, read_at)) = taken.get(&(projection, class, number)) else {
            return false;
        };
        *of == generation && read_at.duration_since(minute) >= CLOCKS_APART
    }
}
