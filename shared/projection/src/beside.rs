//! What is kept of each ticket beside it, and what follows where that becomes another: numbers that add up.

use crate::{Followed, Follower, ProjectionError};
use docket_domain::{
    TicketNumber,
    ticket::{MOST_PARTS, Ticket},
};
use docket_store::{
    Store,
    keys::ChangedClass,
    projections::Kept,
    table::{Lease, Write},
};
use serde::{Serialize, de::DeserializeOwned};

/// Tickets that are read at once.
const AT_ONCE: usize = 50;

/// A projection whose sums stand in the tables, and change in one transaction with what is kept of each ticket.
pub trait Projection: Send + Sync {
    /// What it keeps of each ticket.
    type Of: Serialize + DeserializeOwned + Clone + Default + PartialEq + Send + Sync;

    /// Its name, under which it is kept: never another.
    fn name(&self) -> &'static str;

    /// The number of what it makes of a ticket: another one has everything built anew.
    fn scheme(&self) -> u64;

    /// What a ticket comes to.
    fn of(&self, ticket: &Ticket) -> Self::Of;

    /// Most parts that one ticket's change is, besides what is kept of it.
    fn most_parts(&self) -> usize;

    /// The parts of a transaction that follow from these changes.
    fn writes(&self, store: &Store, generation: u64, changes: &[Difference<Self::Of>]) -> Vec<Write>;
}

/// What a ticket came to, and comes to now.
#[derive(Clone, Debug)]
pub struct Difference<O> {
    /// The ticket.
    pub number: TicketNumber,
    /// What it came to; nothing taken in yet is the default.
    pub before: O,
    /// What it comes to.
    pub after: Kept<O>,
}

impl<P: Projection> Followed for P {
    fn name(&self) -> &'static str {
        Projection::name(self)
    }

    fn scheme(&self) -> u64 {
        Projection::scheme(self)
    }

    fn follows(&self) -> &'static [ChangedClass] {
        &[ChangedClass::Tickets]
    }
}

impl<P: Projection> Follower for P {
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    async fn take(
        &self,
        store: &Store,
        lease: &Lease,
        generation: u64,
        (_, numbers): (ChangedClass, &[u64]),
    ) -> Result<(), ProjectionError> {
        let name = Projection::name(self);
        let numbers: Vec<TicketNumber> = numbers.iter().copied().map(TicketNumber).collect();
        let heads = store.heads_now(&numbers).await?;
        let kept = store.projected::<P::Of>(name, generation, &numbers).await?;
        let mut changes: Vec<Difference<P::Of>> = Vec::new();
        for head in heads {
            let known = match kept.get(&head.number) {
                // What can't be read can't be taken away again.
                Some(None) => continue,
                Some(Some(known)) => Some(known),
                None => None,
            };
            let before = known.map(|known| known.value.clone()).unwrap_or_default();
            let value = self.of(&head);
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
        let at_once = (MOST_PARTS - 1) / (1 + self.most_parts());
        for changes in changes.chunks(at_once.max(1)) {
            let mut writes = Vec::new();
            for change in changes {
                let kept = (change.number, &change.after);
                writes.push(store.kept_write(name, generation, kept)?);
            }
            writes.extend(self.writes(store, generation, changes));
            if !store.commit_projected(lease, writes).await? {
                return Err(ProjectionError::LeaseLost(name));
            }
        }
        Ok(())
    }
}
