//! What is kept of each ticket beside it, and what follows where that becomes another: numbers that add up, and what agents are told.

use crate::{
    Followed, Follower, ProjectionError,
    notifications::{AllNews, News, may_be_news},
};
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{MOST_PARTS, Ticket},
};
use docket_store::{
    Store, StoreError,
    keys::ChangedClass,
    projections::{Kept, Seen},
    table::{Lease, Write},
};
use serde::{Serialize, de::DeserializeOwned};

/// Tickets that are read at once.
const AT_ONCE: usize = 50;
/// Parts of a transaction besides those of its tickets: the fence, and the stamp of lists.
const PARTS_BESIDES: usize = 2;

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

    /// Whether agents are told of what it takes in, and open pages see it, in the same transaction. One projection does that: what several
    /// told would be told several times.
    fn tells(&self) -> bool {
        false
    }
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

/// A ticket that changed since it was taken in.
struct Changed<O> {
    head: Ticket,
    difference: Difference<O>,
    /// After which version what happened may be news; nothing where it is none.
    told_after: Option<u64>,
}

/// A ticket that is taken in.
struct Taking<O> {
    difference: Difference<O>,
    news: Option<News>,
}

impl<O: PartialEq> Taking<O> {
    /// Whether it comes to something else than it did.
    fn is_other(&self) -> bool {
        self.difference.before != self.difference.after.value
    }

    /// How many parts of a transaction it is at most.
    fn parts(&self, most_parts: usize) -> usize {
        let of_sums = if self.is_other() { most_parts } else { 0 };
        1 + of_sums + self.news.as_ref().map_or(0, News::parts)
    }
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
        let seen = store.seen::<P::Of>(name, generation, &numbers).await?;
        let now = store.now();
        let changed: Vec<Changed<P::Of>> = seen
            .into_iter()
            .filter_map(|seen| changed(self, seen, now))
            .collect();
        let mut all_news = {
            let may_be = changed
                .iter()
                .filter_map(|changed| Some((&changed.head, changed.told_after?)));
            let may_be: Vec<(&Ticket, u64)> = may_be.collect();
            AllNews::read(store, &may_be).await?
        };
        let takings: Vec<Taking<P::Of>> = changed
            .into_iter()
            .map(|changed| Taking {
                news: all_news.take(changed.head.number),
                difference: changed.difference,
            })
            .collect();
        for together in packed(takings, self.most_parts()) {
            let writes = writes(self, store, generation, together)?;
            if !store.commit_projected(lease, writes).await? {
                return Err(ProjectionError::LeaseLost(name));
            }
        }
        all_news.clear_up(store).await;
        Ok(())
    }
}

/// How a ticket changed since it was taken in; nothing where it did not, or comes to the same and is no news: that need not be kept anew. Nobody
/// else takes in while the lease is held.
fn changed<P: Projection>(projection: &P, seen: Seen<P::Of>, now: Timestamp) -> Option<Changed<P::Of>> {
    let Seen { head, kept, taken_v } = seen;
    if kept.as_ref().is_some_and(|kept| kept.v >= head.v) {
        return None;
    }
    let before = kept.map(|kept| kept.value).unwrap_or_default();
    let value = projection.of(&head);
    let is_news = projection.tells() && may_be_news(&head, taken_v, now);
    if value == before && !is_news {
        return None;
    }
    let difference = Difference {
        number: head.number,
        before,
        after: Kept { v: head.v, value },
    };
    Some(Changed {
        head,
        difference,
        told_after: is_news.then_some(taken_v),
    })
}

/// These in as few transactions as hold them; all of a ticket is in one.
fn packed<O: PartialEq>(takings: Vec<Taking<O>>, most_parts: usize) -> Vec<Vec<Taking<O>>> {
    let mut packs: Vec<Vec<Taking<O>>> = Vec::new();
    let mut room = 0;
    for taking in takings {
        let parts = taking.parts(most_parts);
        match packs.last_mut() {
            Some(pack) if parts <= room => pack.push(taking),
            _ => {
                packs.push(vec![taking]);
                room = MOST_PARTS - PARTS_BESIDES;
            }
        }
        room = room.saturating_sub(parts);
    }
    packs
}

/// The parts of a transaction that takes these in.
fn writes<P: Projection>(
    projection: &P,
    store: &Store,
    generation: u64,
    takings: Vec<Taking<P::Of>>,
) -> Result<Vec<Write>, StoreError> {
    let name = Projection::name(projection);
    let mut writes = Vec::new();
    let mut others: Vec<Difference<P::Of>> = Vec::new();
    let mut all = News::default();
    for taking in takings {
        let kept = (taking.difference.number, &taking.difference.after);
        writes.push(store.kept_write(name, generation, kept)?);
        if taking.is_other() {
            others.push(taking.difference);
        }
        if let Some(news) = taking.news {
            all.add(news);
        }
    }
    writes.extend(projection.writes(store, generation, &others));
    // Together: of an agent who is told of several tickets there is one item that says how they stand to it.
    writes.extend(store.telling_writes(&all.tellings, &all.mails)?);
    writes.extend(store.stamp_write(&all.lists));
    Ok(writes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        PersonId,
        notification::{Notification, NotificationKind, Ways},
    };
    use docket_store::workspace::Telling;

    fn taking(before: u8, after: u8, news: Option<News>) -> Taking<u8> {
        Taking {
            difference: Difference {
                number: TicketNumber(1),
                before,
                after: Kept { v: 1, value: after },
            },
            news,
        }
    }

    /// How many tickets go into each transaction, where a change of sums is four parts.
    fn sizes(takings: Vec<Taking<u8>>) -> Vec<usize> {
        packed(takings, 4).iter().map(Vec::len).collect()
    }

    #[test]
    fn a_transaction_holds_what_fits_and_not_one_more() {
        let same = |count: usize| (0..count).map(|_| taking(1, 1, Some(News::default()))).collect();
        assert_eq!(sizes(same(98)), [98]);
        assert_eq!(sizes(same(99)), [98, 1]);
        // Five parts each, and a hundred with the fence and the stamp.
        let others = |count: usize| (0..count).map(|_| taking(1, 2, None)).collect();
        assert_eq!(sizes(others(19)), [19]);
        assert_eq!(sizes(others(20)), [19, 1]);
        assert_eq!(sizes(vec![]), Vec::<usize>::new());
    }

    #[test]
    fn what_is_told_takes_its_room() {
        let telling = |agent: u64| Telling {
            agent: PersonId(agent),
            notification: Notification {
                kind: NotificationKind::Mentioned,
                ticket: TicketNumber(1),
                v: 1,
                at: Timestamp::UNIX_EPOCH,
                by: None,
            },
            ways: Ways::USUAL,
        };
        let told = |agents: u64| {
            let news = News {
                tellings: (0..agents).map(telling).collect(),
                ..News::default()
            };
            taking(1, 1, Some(news))
        };
        // One and three each.
        assert_eq!(sizes(vec![told(20), told(12), told(1)]), [2, 1]);
        assert_eq!(sizes(vec![told(20), told(11), told(1)]), [2, 1]);
        assert_eq!(sizes(vec![told(20), told(10), told(1)]), [3]);
    }
}
