//! What is kept in memory for half a minute, since it is on every page and costs more than it changes: how much is overdue, in how many
//! tickets somebody is named, how much mail is held, how many tickets saved views have, who works here. Whoever runs beside this counts for itself.

use crate::{
    failure::Failure,
    views::{keyed::Urgent, mentions},
};
use docket_desk::Desk;
use docket_domain::{GroupId, PersonId, Timestamp, ViewId, people::person::Person, view::View};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// How long something is kept, in seconds.
const KEPT_SECONDS: i64 = 30;
/// How long a count of a saved view is still shown where nothing newer is known, in seconds.
const SHOWN_SECONDS: i64 = 600;
/// As far as held mail is counted, of either kind: beyond it a number tells nobody more.
const MOST_HELD: usize = 100;
/// Most of one kind.
const MOST_KEPT: usize = 10_000;

/// What is kept.
#[derive(Debug, Default)]
pub struct Kept {
    urgent: Lately<Vec<GroupId>, Urgent>,
    mentions: Lately<PersonId, usize>,
    held: Lately<(), usize>,
    saved: Lately<(ViewId, u64, PersonId), usize>,
    staff: Lately<(), Arc<Vec<Person>>>,
}

/// Values with when they were made.
#[derive(Debug)]
struct Lately<K, V>(Mutex<HashMap<K, (V, Timestamp)>>);

impl<K, V> Default for Lately<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Lately<K, V> {
    fn get(&self, key: &K, now: Timestamp, seconds: i64) -> Option<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, at) = kept.get(key)?;
        is_young(*at, now, seconds).then(|| value.clone())
    }

    /// What is kept, else what is counted now, which is kept; nothing where it can't be counted.
    async fn or_counted(
        &self,
        key: K,
        now: Timestamp,
        count: impl Future<Output = Result<V, Failure>>,
    ) -> Option<V> {
        if let Some(known) = self.get(&key, now, KEPT_SECONDS) {
            return Some(known);
        }
        match count.await {
            Ok(counted) => {
                self.put(key, counted.clone(), now);
                Some(counted)
            }
            Err(error) => {
                tracing::warn!(%error, "a number beside the views could not be counted");
                None
            }
        }
    }

    fn forget(&self, key: &K) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(key);
    }

    fn put(&self, key: K, value: V, now: Timestamp) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, (_, at)| is_young(*at, now, KEPT_SECONDS));
        }
        if kept.len() < MOST_KEPT {
            kept.insert(key, (value, now));
        }
    }
}

fn is_young(at: Timestamp, now: Timestamp, seconds: i64) -> bool {
    (0..seconds).contains(&now.duration_since(at).as_secs())
}

impl Kept {
    /// How much of these groups' tickets is overdue or due soon; nothing where it can't be counted.
    pub async fn urgent(&self, desk: &Desk, groups: &[GroupId]) -> Option<Urgent> {
        let counting = Urgent::of_groups(desk, groups);
        self.urgent
            .or_counted(groups.to_vec(), desk.now(), counting)
            .await
    }

    /// In how many tickets an agent is named; nothing where it can't be counted.
    pub async fn mentions(&self, desk: &Desk, me: PersonId) -> Option<usize> {
        let counting = mentions::count(desk, me);
        self.mentions.or_counted(me, desk.now(), counting).await
    }

    /// Notes in how many they are, as their list has it.
    pub fn note_mentions(&self, desk: &Desk, me: PersonId, count: usize) {
        self.mentions.put(me, count, desk.now());
    }

    /// How much mail is held; nothing where it can't be counted.
    pub async fn held(&self, desk: &Desk) -> Option<usize> {
        let counting = async { Ok::<_, Failure>(desk.held().count(MOST_HELD).await?) };
        self.held.or_counted((), desk.now(), counting).await
    }

    /// Has it counted anew.
    pub fn forget_held(&self) {
        self.held.forget(&());
    }

    /// How many tickets a saved view has for somebody, as it was counted last; nothing where that is long ago.
    pub fn count_of(&self, desk: &Desk, view: &View, person: PersonId) -> Option<usize> {
        self.saved
            .get(&(view.id, view.v, person), desk.now(), SHOWN_SECONDS)
    }

    /// Whether that was counted a moment ago.
    pub fn is_young(&self, desk: &Desk, view: &View, person: PersonId) -> bool {
        let key = (view.id, view.v, person);
        self.saved.get(&key, desk.now(), KEPT_SECONDS).is_some()
    }

    /// Notes how many there are.
    pub fn count(&self, desk: &Desk, view: &View, person: PersonId, count: usize) {
        self.saved.put((view.id, view.v, person), count, desk.now());
    }

    /// Who works here, by id.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn staff(&self, desk: &Desk) -> Result<Arc<Vec<Person>>, Failure> {
        let now = desk.now();
        if let Some(known) = self.staff.get(&(), now, KEPT_SECONDS) {
            return Ok(known);
        }
        let staff = Arc::new(desk.agents().all().await?);
        self.staff.put((), staff.clone(), now);
        Ok(staff)
    }
}
