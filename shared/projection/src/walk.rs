//! The walk of a projection.

use crate::{Difference, Projection, ProjectionError};
use docket_domain::{TicketNumber, Timestamp, ticket::MOST_PARTS};
use docket_store::{
    Store,
    keys::changed_minute,
    projections::{Building, Kept, ProjectionState},
    table::Lease,
};
use jiff::SignedDuration;
use std::time::Instant;

/// How much of what was walked over already is walked over again: two minutes more than the minute that the keys of the index
/// are rounded by. So an index that lags, or a clock that goes behind, hides nothing.
const OVERLAP: SignedDuration = SignedDuration::from_mins(3);
/// A watermark older than this is moved though nothing changed: a walk asks for each day since.
const OLD: SignedDuration = SignedDuration::from_hours(1);
/// Tickets that are read at once.
pub(crate) const AT_ONCE: usize = 50;

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

/// Brings projections up to date on a store.
#[derive(Clone, Copy)]
pub struct Projections<'s, P> {
    pub(crate) store: &'s Store,
    pub(crate) projection: &'s P,
    /// No further tickets are begun from then on.
    until: Option<Instant>,
}

impl<'s, P: Projection> Projections<'s, P> {
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

    /// Takes in what changed since the watermark, and goes on with a generation that is built. The first time it begins one.
    ///
    /// # Errors
    /// When the store failed, or the lease was lost.
    pub async fn catch_up(&self) -> Result<Pass, ProjectionError> {
        if self.is_up_to_date().await? {
            return Ok(Pass::Whole);
        }
        self.walk(false).await
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
        let changed = self.store.tickets().changed_in_order(until).await?;
        let first = changed.into_iter().find(|(minute, _)| *minute > seen);
        let lag = first.map_or(SignedDuration::ZERO, |(minute, _)| {
            self.store.now().duration_since(minute)
        });
        Ok(Some(lag.max(SignedDuration::ZERO)))
    }

    /// Whether nothing changed since a watermark that is not old. Then not even the lease is taken: a desk at rest writes nothing.
    async fn is_up_to_date(&self) -> Result<bool, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let is_settled = state.building.is_none() && !self.is_of_another_scheme(&state);
        let Some(until) = state.until.filter(|_| is_settled) else {
            return Ok(false);
        };
        let is_old = self.store.now().duration_since(until) > OLD;
        Ok(!is_old && self.changed_since(until).await?.is_empty())
    }

    /// Builds the next generation from all tickets, and puts it into force. What is in force goes on meanwhile.
    ///
    /// # Errors
    /// As [`Projections::catch_up`].
    pub async fn rebuild(&self) -> Result<Pass, ProjectionError> {
        self.walk(true).await
    }

    async fn walk(&self, anew: bool) -> Result<Pass, ProjectionError> {
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

    pub(crate) async fn walk_under(&self, lease: &Lease, anew: bool) -> Result<Pass, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let building = match state.building {
            None if anew || self.is_of_another_scheme(&state) => {
                Some(self.begin(lease, state.generation + 1).await?)
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
        let building = Building {
            generation,
            next: 1,
            since: self.store.now(),
        };
        self.held(self.store.note_building(lease, building).await?)?;
        Ok(building)
    }

    /// Takes all tickets into a generation, and puts it into force.
    async fn build(&self, lease: &Lease, mut building: Building) -> Result<Pass, ProjectionError> {
        let last = self.store.tickets().last_number().await?;
        while building.next <= last {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            let end = last.min(building.next + AT_ONCE as u64 - 1);
            let numbers: Vec<TicketNumber> = (building.next..=end).map(TicketNumber).collect();
            self.take(lease, building.generation, &numbers).await?;
            building.next = end + 1;
            self.held(self.store.note_building(lease, building).await?)?;
        }
        // What changed meanwhile, in its order: a pass that is cut goes on where it ended.
        let changed = self.changed_since(building.since).await?;
        for chunk in changed.chunks(AT_ONCE) {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            self.take(lease, building.generation, &numbers_of(chunk)).await?;
            building.since = building.since.max(chunk[0].0);
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

    /// Takes in what changed since the watermark.
    async fn follow(&self, lease: &Lease) -> Result<Pass, ProjectionError> {
        let state = self.store.projection(self.projection.name()).await?;
        let now = self.store.now();
        let since = state.until.unwrap_or(Timestamp::UNIX_EPOCH);
        let changed = self.changed_since(since).await?;
        for chunk in changed.chunks(AT_ONCE) {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            self.take(lease, state.generation, &numbers_of(chunk)).await?;
            // In the order in which they changed: a pass that is cut goes on where it ended.
            let reached = chunk[0].0;
            if reached > since {
                self.held(self.store.note_projected_until(lease, reached).await?)?;
            }
        }
        self.held(self.store.note_projected_until(lease, now).await?)?;
        Ok(Pass::Whole)
    }

    async fn changed_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(Timestamp, TicketNumber)>, ProjectionError> {
        let from = changed_minute(since).checked_sub(OVERLAP).unwrap_or(since);
        Ok(self.store.tickets().changed_in_order(from).await?)
    }

    fn is_of_another_scheme(&self, state: &ProjectionState) -> bool {
        state.generation == 0 || state.scheme != self.projection.scheme()
    }

    /// Takes tickets in as they are now.
    pub(crate) async fn take(
        &self,
        lease: &Lease,
        generation: u64,
        numbers: &[TicketNumber],
    ) -> Result<(), ProjectionError> {
        let name = self.projection.name();
        let heads = self.store.heads_now(numbers).await?;
        let kept = self.store.projected::<P::Of>(name, generation, numbers).await?;
        let mut changes: Vec<Difference<P::Of>> = Vec::new();
        for head in heads {
            let known = match kept.get(&head.number) {
                // What can't be read can't be taken away again.
                Some(None) => continue,
                Some(Some(known)) => Some(known),
                None => None,
            };
            let before = known.map(|known| known.value.clone()).unwrap_or_default();
            let value = self.projection.of(&head);
            // Nobody else takes in while the lease is held: what comes to the same need not be kept anew.
            if known.is_some_and(|known| known.v >= head.v) || value == before {
                continue;
            }
            changes.push(Difference {
                number: head.number,
                before,
                after: Kept { v: head.v, value },
            });
        }
        // The fence is a part, too.
        let at_once = (MOST_PARTS - 1) / (1 + self.projection.most_parts());
        for changes in changes.chunks(at_once.max(1)) {
            let mut writes = Vec::new();
            for change in changes {
                let kept = (change.number, &change.after);
                writes.push(self.store.kept_write(name, generation, kept)?);
            }
            writes.extend(self.projection.writes(self.store, generation, changes));
            self.held(self.store.commit_projected(lease, writes).await?)?;
        }
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

fn numbers_of(chunk: &[(Timestamp, TicketNumber)]) -> Vec<TicketNumber> {
    let mut numbers: Vec<TicketNumber> = chunk.iter().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
