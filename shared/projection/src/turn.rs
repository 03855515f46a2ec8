//! One at a time: whoever has the lease takes in what is asked for, and whoever comes meanwhile leaves it with them.

use crate::{Follower, Pass, ProjectionError, Projections, walk::Anew};
use docket_domain::TicketNumber;
use docket_store::{
    keys::{ChangedClass, ItemKey},
    table::Lease,
};

/// Most tickets of a nudge that are left with whoever has the lease: it is one item, which each transaction writes. The walk finds
/// the others.
const MOST_ASKED: usize = 200;

impl<P: Follower> Projections<'_, P> {
    /// Takes in tickets that a nudge names. Where somebody else is at it they are left to them.
    ///
    /// # Errors
    /// When the store failed, or the lease was lost: the nudge comes again, or the walk finds them.
    pub async fn take_named(&self, numbers: &[TicketNumber]) -> Result<Pass, ProjectionError> {
        let (asked, more) = numbers.split_at(numbers.len().min(MOST_ASKED));
        let Some(mut lease) = self.lease(asked).await? else {
            return Ok(Pass::Elsewhere);
        };
        let mut taken = self.take_more(&lease, more).await;
        if matches!(taken, Ok(Pass::Whole)) {
            taken = self.take_asked(&mut lease).await;
        }
        self.let_go_unless_whole(&lease, taken).await
    }

    /// Takes in what was named and not left with the lease.
    async fn take_more(&self, lease: &Lease, numbers: &[TicketNumber]) -> Result<Pass, ProjectionError> {
        if numbers.is_empty() {
            return Ok(Pass::Whole);
        }
        let state = self.store.projection(self.projection.name()).await?;
        // Before its first generation the walk takes all of them in.
        if state.generation == 0 {
            return Ok(Pass::Whole);
        }
        self.take_tickets(lease, state.generation, numbers).await
    }

    /// Takes tickets in, as far as there is time.
    async fn take_tickets(
        &self,
        lease: &Lease,
        generation: u64,
        numbers: &[TicketNumber],
    ) -> Result<Pass, ProjectionError> {
        for numbers in numbers.chunks(self.projection.at_once()) {
            if self.is_over() {
                return Ok(Pass::Cut);
            }
            let numbers: Vec<u64> = numbers.iter().map(|number| number.0).collect();
            self.take(lease, generation, (ChangedClass::Tickets, &numbers))
                .await?;
        }
        Ok(Pass::Whole)
    }

    /// Leaves a lease to whoever comes next, with what was asked for, where not all of it was done.
    pub(crate) async fn let_go_unless_whole(
        &self,
        lease: &Lease,
        pass: Result<Pass, ProjectionError>,
    ) -> Result<Pass, ProjectionError> {
        if !matches!(pass, Ok(Pass::Whole))
            && let Err(error) = self.store.abandon_lease(lease).await
        {
            tracing::warn!(%error, "a lease could not be given back; it ends by itself");
        }
        pass
    }

    /// Takes in whatever was asked for, until nobody asks any more, and gives the lease back.
    pub(crate) async fn take_asked(&self, lease: &mut Lease) -> Result<Pass, ProjectionError> {
        loop {
            let state = self.store.projection(self.projection.name()).await?;
            if state.generation == 0 {
                // Nothing is kept yet: all of it is taken in, as far as there is time.
                if self.walk_under(lease, Anew::No).await? == Pass::Cut {
                    return Ok(Pass::Cut);
                }
            } else {
                let asked = lease.asked.clone();
                if self.take_tickets(lease, state.generation, &asked).await? == Pass::Cut {
                    return Ok(Pass::Cut);
                }
            }
            if !self.store.release_lease(lease).await? {
                return Ok(Pass::Whole);
            }
            if self.is_over() {
                return Ok(Pass::Cut);
            }
        }
    }

    pub(crate) async fn lease(&self, numbers: &[TicketNumber]) -> Result<Option<Lease>, ProjectionError> {
        let key = ItemKey::Projection(self.projection.name());
        Ok(self.store.lease(key, numbers).await?)
    }
}
