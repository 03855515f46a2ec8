//! The walk of a projection.

use crate::{Followed, Follower, ProjectionError};
use docket_domain::Timestamp;
use docket_store::{
    Store, StoreError,
    keys::{ChangedClass, changed_minute},
    projections::{Building, ProjectionState},
    table::Lease,
};
use jiff::SignedDuration;
use std::{collections::BTreeSet, time::Instant};

/// How much of what was walked over already is walked over again: two minutes more than the minute that the keys of the index
/// are rounded by. So an index that lags, or a clock that goes behind, hides nothing.
const OVERLAP: SignedDuration = SignedDuration::from_mins(3);
/// A watermark older than this is moved though nothing changed: a walk asks for each day since.
const OLD: SignedDuration = SignedDuration::from_hours(1);

/// How far a pass came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// All that there was is taken in.
    Whole,
    /// Its time is over; the next one goes on.
    Cut,
    /// Somebody else is at it.
    Elsewhere,
}

/// Whether a generation is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anew {
    /// Only where there is none yet; one that is being built is gone on with.
    No,
    /// It is; one that is being built is gone on with.
    Yes,
    /// It is, from the first ticket on.
    FromScratch,
}

/// Brings projections up to date on a store.
#[derive(Clone, Copy)]
pub struct Projections<'s, P> {
    pub(crate) store: &'s Store,
    pub(crate) projection: &'s P,
    /// No further tickets are begun from then on.
    until: Option<Instant>,
}

impl<'s, P: Followed> Projections<'s, P> {
    /// This projection on this store.
    pub fn new(store: &'s Store, projection: &'s P) -> Self {
        Self {
            store,
            projection,
            until: None,
        }
    }

    /// The same, beginning nothing further from a time on.
    #[must_use]
    pub fn working_until(self, until: Instant) -> Self {
        Self {
            until: Some(until),
            ..self
        }
    }

    /// For how long something that changed may not have been taken in; nothing before the first generation. A minute or two are a
    /// desk at work: what a nudge named is taken in, and the watermark not moved for it.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn lag(&self) -> Result<Option<SignedDuration>, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let Some(until) = state.until.filter(|_| state.generation > 0) else {
            return Ok(None);
        };
        // What stands under the watermark's own minute may have been taken in.
        let seen = changed_minute(until);
        let changed = self.changed_from(until).await?;
        let first = changed.into_iter().find(|change| change.minute > seen);
        let lag = first.map_or(SignedDuration::ZERO, |change| {
            self.store.now().duration_since(change.minute)
        });
        Ok(Some(lag.max(SignedDuration::ZERO)))
    }

    /// Whether nothing changed since a watermark that is not old. Then not even the lease is taken: a desk at rest writes nothing.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn is_up_to_date(&self) -> Result<bool, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let is_settled = state.building.is_none() && !self.is_of_another_scheme(&state);
        let Some(until) = state.until.filter(|_| is_settled) else {
            return Ok(false);
        };
        let is_old = self.store.now().duration_since(until) > OLD;
        Ok(!is_old && !self.has_changed_since(until).await?)
    }

    /// Whether anything did since a time, or a little before.
    async fn has_changed_since(&self, since: Timestamp) -> Result<bool, ProjectionError> {
        for class in self.projection.follows() {
            if self.store.has_changed(*class, a_little_before(since)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_of_another_scheme(&self, state: &ProjectionState) -> bool {
        state.generation == 0 || state.scheme != self.projection.scheme()
    }

    /// What changed since a time, and a little before.
    async fn changed_since(&self, since: Timestamp) -> Result<Vec<Change>, ProjectionError> {
        self.changed_from(a_little_before(since)).await
    }

    async fn changed_from(&self, from: Timestamp) -> Result<Vec<Change>, ProjectionError> {
        let mut changes = Vec::new();
        for class in self.projection.follows() {
            let changed = self.store.changed_in_order(*class, from).await?;
            let change = |(minute, number)| Change {
                minute,
                class: *class,
                number,
            };
            changes.extend(changed.into_iter().map(change));
        }
        // Stable: of one minute in the order of classes.
        changes.sort_by_key(|change| change.minute);
        Ok(changes)
    }
}

impl<P: Follower> Projections<'_, P> {
    /// Takes in what changed since the watermark, and goes on with a generation that is built. The first time it begins one.
    ///
    /// # Errors
    /// When the store failed, or the lease was lost.
    pub async fn catch_up(&self) -> Result<Pass, ProjectionError> {
        if self.is_up_to_date().await? {
            return Ok(Pass::Whole);
        }
        self.walk(Anew::No).await
    }

    /// Builds the next generation from all tickets, and puts it into force. What is in force goes on meanwhile.
    ///
    /// # Errors
    /// As [`Projections::catch_up`].
    pub async fn rebuild(&self) -> Result<Pass, ProjectionError> {
        self.walk(Anew::Yes).await
    }

    /// The same from the first ticket on, whatever is built already: that is damaged.
    ///
    /// # Errors
    /// As [`Projections::catch_up`].
    pub async fn start_over(&self) -> Result<Pass, ProjectionError> {
        self.walk(Anew::FromScratch).await
    }

    async fn walk(&self, anew: Anew) -> Result<Pass, ProjectionError> {
        let Some(mut lease) = self.lease(&[]).await? else {
            return Ok(Pass::Elsewhere);
        };
        let mut walked = self.walk_under(&lease, anew).await;
        if matches!(walked, Ok(Pass::Whole)) {
            // What was asked for meanwhile is taken in at once.
            walked = self.take_asked(&mut lease).await;
        }
        self.let_go_unless_whole(&lease, walked).await
    }

    pub(crate) async fn walk_under(&self, lease: &Lease, anew: Anew) -> Result<Pass, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let building = match state.building {
            None if anew != Anew::No || self.is_of_another_scheme(&state) => {
                Some(self.begin(lease, state.generation + 1).await?)
            }
            Some(building) if anew == Anew::FromScratch => {
                Some(self.begin(lease, building.generation + 1).await?)
            }
            building => building,
        };
        if let Some(building) = building
            && self.build(lease, building).await? == Pass::Cut
        {
            return Ok(Pass::Cut);
        }
        self.follow(lease).await
    }

    async fn begin(&self, lease: &Lease, generation: u64) -> Result<Building, ProjectionError> {
        let class = self.projection.follows().first();
        let building = Building {
            generation,
            class: class.copied().unwrap_or(ChangedClass::Tickets),
            next: 1,
            since: self.store.now(),
        };
        self.held(self.store.note_building(lease, building).await?)?;
        Ok(building)
    }

    /// Takes all there is into a generation, and puts it into force.
    async fn build(&self, lease: &Lease, mut building: Building) -> Result<Pass, ProjectionError> {
        let follows = self.projection.follows();
        let begun = follows
            .iter()
            .position(|class| *class == building.class)
            .unwrap_or(0);
        for class in &follows[begun..] {
            if *class != building.class {
                building = Building {
                    class: *class,
                    next: 1,
                    ..building
                };
            }
            if self.build_class(lease, &mut building).await? == Pass::Cut {
                return Ok(Pass::Cut);
            }
        }
        // What changed meanwhile, in its order: a pass that is cut goes on where it ended.
        for chunk in chunks(
            &self.changed_since(building.since).await?,
            self.projection.at_once(),
        ) {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            self.take_changes(lease, building.generation, chunk).await?;
            building.since = building.since.max(chunk[0].minute);
            self.held(self.store.note_building(lease, building).await?)?;
        }
        let scheme = self.projection.scheme();
        self.held(self.store.switch_generation(lease, building, scheme).await?)?;
        tracing::info!(
            projection = self.projection.name(),
            generation = building.generation,
            "a generation is in force"
        );
        Ok(Pass::Whole)
    }

    /// Takes all of one class in, from where it was left.
    async fn build_class(&self, lease: &Lease, building: &mut Building) -> Result<Pass, ProjectionError> {
        let last = self.last_number(building.class).await?;
        while building.next <= last {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            let end = last.min(building.next + self.projection.at_once() as u64 - 1);
            let numbers: Vec<u64> = (building.next..=end).collect();
            self.take(lease, building.generation, (building.class, &numbers))
                .await?;
            building.next = end + 1;
            self.held(self.store.note_building(lease, *building).await?)?;
        }
        Ok(Pass::Whole)
    }

    async fn last_number(&self, class: ChangedClass) -> Result<u64, StoreError> {
        match class {
            ChangedClass::Tickets => self.store.tickets().last_number().await,
            ChangedClass::People => self.store.people().last_number().await,
            ChangedClass::Organizations => self.store.organizations().last_number().await,
            // They have numbers of people, are one of their kind, or belong to tickets.
            ChangedClass::Agents
            | ChangedClass::Groups
            | ChangedClass::Setup
            | ChangedClass::Rules
            | ChangedClass::Views
            | ChangedClass::Saves => Ok(0),
        }
    }

    /// Takes in what changed since the watermark.
    async fn follow(&self, lease: &Lease) -> Result<Pass, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let now = self.store.now();
        let since = state.until.unwrap_or(Timestamp::UNIX_EPOCH);
        let mut changes = self.changed_since(since).await?;
        changes.retain(|change| !self.was_taken_in(state.generation, change));
        for chunk in chunks(&changes, self.projection.at_once()) {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            self.take_changes(lease, state.generation, chunk).await?;
            // In the order in which they changed: a pass that is cut goes on where it ended.
            let reached = chunk[0].minute;
            if reached > since {
                self.held(self.store.note_projected_until(lease, reached).await?)?;
            }
        }
        self.held(self.store.note_projected_until(lease, now).await?)?;
        Ok(Pass::Whole)
    }

    async fn take_changes(
        &self,
        lease: &Lease,
        generation: u64,
        changes: &[Change],
    ) -> Result<(), ProjectionError> {
        for class in self.projection.follows() {
            let of_class = changes.iter().filter(|change| change.class == *class);
            let numbers: BTreeSet<u64> = of_class.map(|change| change.number).collect();
            let numbers: Vec<u64> = numbers.into_iter().collect();
            if !numbers.is_empty() {
                self.take(lease, generation, (*class, &numbers)).await?;
            }
        }
        Ok(())
    }

    /// Whether this process took it in after it changed last: walks overlap, and nudges go before them.
    fn was_taken_in(&self, generation: u64, change: &Change) -> bool {
        let of = (change.class, change.number);
        let name = self.projection.name();
        self.store.was_taken_in(name, generation, of, change.minute)
    }

    /// Takes things of one class in as they are now.
    pub(crate) async fn take(
        &self,
        lease: &Lease,
        generation: u64,
        of: (ChangedClass, &[u64]),
    ) -> Result<(), ProjectionError> {
        let read_at = self.store.now();
        self.projection.take(self.store, lease, generation, of).await?;
        self.store
            .note_taken_in(self.projection.name(), generation, of, read_at);
        Ok(())
    }

    pub(crate) fn held(&self, is_held: bool) -> Result<(), ProjectionError> {
        if is_held {
            Ok(())
        } else {
            Err(ProjectionError::LeaseLost(self.projection.name()))
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

fn a_little_before(since: Timestamp) -> Timestamp {
    changed_minute(since).checked_sub(OVERLAP).unwrap_or(since)
}

/// Something that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    /// The minute it stands under.
    minute: Timestamp,
    class: ChangedClass,
    number: u64,
}

fn chunks(changes: &[Change], at_once: usize) -> impl Iterator<Item = &[Change]> {
    changes.chunks(at_once.max(1))
}
