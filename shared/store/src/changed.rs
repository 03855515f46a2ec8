//! What changed since a time.

use crate::{
    Store, StoreError,
    keys::{CHANGED_SHARDS, ChangedClass, changed_pk, changed_sk, sortable_time},
    parts::Tickets,
    table::{
        item::{Item, text_in},
        page::Query,
    },
};
use docket_domain::{TicketNumber, Timestamp};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::SignedDuration;

/// Longest time looked back, in days: ten years. A partition of the index is a day.
const MOST_DAYS: i32 = 3_653;
/// What a partition of the index holds.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// How far clocks of functions may be apart, and a minute that keys are rounded up by.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(3);
/// Partitions that are asked at once: a year in 60 round trips, without a connection for each.
const AT_ONCE: usize = 25;
/// Keys asked for at once, of which each has a hundred bytes: fewer calls than by pages of whole items.
const KEYS_OF_A_PAGE: i32 = 1_000;
/// Most tickets of one day and shard: a hundred a second, all day.
const MOST_OF_A_PARTITION: usize = 10_000_000;
/// Most days that are asked at once for a page, once those before them had nothing.
const MOST_DAYS_AT_ONCE: i32 = 8;

/// What changed behind a place of the index, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedPage {
    /// The minute each stands under, of a save the second, and its number.
    pub places: Vec<(Timestamp, u64)>,
    /// Whether there are more behind the last.
    pub has_more: bool,
}

impl Store {
    /// The numbers of what changed last at `from` or later, at most ten years ago, and perhaps of some that did within the
    /// minute before, each with the minute it stands under, in that order. What the index says may be a moment old.
    pub async fn changed_in_order(
        &self,
        class: ChangedClass,
        from: Timestamp,
    ) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        self.changed_until(class, from, A_DAY, MOST_OF_A_PARTITION).await
    }

    /// Whether anything did.
    pub async fn has_changed(&self, class: ChangedClass, from: Timestamp) -> Result<bool, StoreError> {
        let any = self.changed_until(class, from, A_DAY, 1).await?;
        Ok(!any.is_empty())
    }

    /// The same of a moment ago, by clocks that go together: fewer partitions are asked.
    pub async fn changed_lately(
        &self,
        class: ChangedClass,
        from: Timestamp,
    ) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        self.changed_until(class, from, CLOCKS_APART, MOST_OF_A_PARTITION)
            .await
    }

    /// What changed behind a place, up to and with the minute `until`, in the order of the index: at most `limit`, however
    /// much changed. What the index says may be a moment old.
    pub async fn changed_page(
        &self,
        class: ChangedClass,
        after: (Timestamp, u64),
        until: Timestamp,
        limit: usize,
    ) -> Result<ChangedPage, StoreError> {
        let now = self.now();
        let earliest = now.checked_sub(A_DAY * MOST_DAYS).unwrap_or(after.0);
        let after = if after.0 < earliest { (earliest, 0) } else { after };
        let until = until.min(now.saturating_add(A_DAY).unwrap_or(now));
        let range = (
            changed_sk(class, after.0, after.1.saturating_add(1)),
            format!("{}#~", sortable_time(until)),
        );
        let mut places: Vec<(Timestamp, u64)> = Vec::new();
        let (mut of_day, mut days_at_once) = (after.0, 1);
        while day_of(of_day) <= day_of(until) && after.0 <= until && places.len() <= limit {
            let mut partitions = Vec::new();
            for _ in 0..days_at_once {
                if day_of(of_day) <= day_of(until) {
                    let of_shard = |shard| changed_pk(&self.settings.tenant, class, of_day, shard);
                    partitions.extend((0..CHANGED_SHARDS).map(of_shard));
                    of_day = of_day.checked_add(A_DAY).unwrap_or(Timestamp::MAX);
                }
            }
            days_at_once = (days_at_once * 2).min(MOST_DAYS_AT_ONCE);
            places.extend(self.places_in(partitions, &range, limit, false).await?);
        }
        places.sort_unstable();
        let has_more = places.len() > limit;
        places.truncate(limit);
        Ok(ChangedPage { places, has_more })
    }

    /// What changed before a place, down to and with the minute `from`, what changed last first: at most `limit`. What the index says
    /// may be a moment old.
    pub async fn changed_before(
        &self,
        class: ChangedClass,
        before: (Timestamp, u64),
        from: Timestamp,
        limit: usize,
    ) -> Result<ChangedPage, StoreError> {
        let now = self.now();
        let from = from.max(now.checked_sub(A_DAY * MOST_DAYS).unwrap_or(from));
        let latest = now.saturating_add(CLOCKS_APART).unwrap_or(now);
        let before = if before.0 > latest { (latest, 0) } else { before };
        let range = (sortable_time(from), changed_sk(class, before.0, before.1));
        let mut places: Vec<(Timestamp, u64)> = Vec::new();
        let (mut of_day, mut days_at_once) = (before.0, 1);
        while day_of(of_day) >= day_of(from) && before.0 >= from && places.len() <= limit {
            let mut partitions = Vec::new();
            for _ in 0..days_at_once {
                if day_of(of_day) >= day_of(from) {
                    let of_shard = |shard| changed_pk(&self.settings.tenant, class, of_day, shard);
                    partitions.extend((0..CHANGED_SHARDS).map(of_shard));
                    of_day = of_day.checked_sub(A_DAY).unwrap_or(Timestamp::MIN);
                }
            }
            days_at_once = (days_at_once * 2).min(MOST_DAYS_AT_ONCE);
            places.extend(self.places_in(partitions, &range, limit, true).await?);
        }
        places.retain(|place| *place < before);
        places.sort_unstable_by_key(|place| std::cmp::Reverse(*place));
        let has_more = places.len() > limit;
        places.truncate(limit);
        Ok(ChangedPage { places, has_more })
    }

    /// Places of these partitions within a range of sort keys: of each one more than the limit at most.
    async fn places_in(
        &self,
        partitions: Vec<String>,
        range: &(String, String),
        limit: usize,
        newest_first: bool,
    ) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        let asked = partitions.into_iter().map(|pk| {
            let from_to = vec![(":from", range.0.clone()), (":to", range.1.clone())];
            // One of them may be the place itself, from which on others are looked for.
            let mut query = Query::index("changed", pk, limit.saturating_add(2));
            query.newest_first = newest_first;
            self.query(
                query
                    .range("changed_sk BETWEEN :from AND :to", from_to)
                    .at_once(KEYS_OF_A_PAGE),
            )
        });
        let found: Vec<Vec<Item>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        Ok(found.iter().flatten().filter_map(place).collect())
    }

    /// Of each day and shard at most `most`.
    async fn changed_until(
        &self,
        class: ChangedClass,
        from: Timestamp,
        ahead: SignedDuration,
        most: usize,
    ) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        let now = self.now();
        let earliest = now.checked_sub(A_DAY * MOST_DAYS).unwrap_or(from);
        let from = from.max(earliest);
        let tenant = &self.settings.tenant;
        let mut partitions = Vec::new();
        // The index may have a change of a clock that goes a little before ours.
        let end = now.saturating_add(ahead).unwrap_or(now);
        let mut of_day = from;
        while day_of(of_day) <= day_of(end) {
            partitions.extend((0..CHANGED_SHARDS).map(|shard| changed_pk(tenant, class, of_day, shard)));
            of_day = of_day.checked_add(A_DAY).unwrap_or(Timestamp::MAX);
        }
        let asked = partitions.into_iter().map(|pk| async move {
            let values = vec![(":from", sortable_time(from))];
            let query = Query::index("changed", pk, most)
                .range("changed_sk >= :from", values)
                .at_once(KEYS_OF_A_PAGE);
            let items = self.query(query).await?;
            Ok::<_, StoreError>(items.iter().filter_map(place).collect::<Vec<_>>())
        });
        let pages: Vec<Vec<(Timestamp, u64)>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        let mut changed = pages.concat();
        changed.sort_unstable();
        Ok(changed)
    }
}

impl Tickets<'_> {
    /// The same of tickets.
    pub async fn changed_in_order(
        self,
        from: Timestamp,
    ) -> Result<Vec<(Timestamp, TicketNumber)>, StoreError> {
        let changed = self.0.changed_in_order(ChangedClass::Tickets, from).await?;
        let ticket = |(at, number)| (at, TicketNumber(number));
        Ok(changed.into_iter().map(ticket).collect())
    }

    /// The same without the minutes.
    pub async fn changed_since(self, from: Timestamp) -> Result<Vec<TicketNumber>, StoreError> {
        let changed = self.changed_in_order(from).await?;
        Ok(changed.into_iter().map(|(_, number)| number).collect())
    }
}

fn day_of(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn place(item: &Item) -> Option<(Timestamp, u64)> {
    let (minute, number) = text_in(item, "changed_sk")?.split_once('#')?;
    let minute = Timestamp::from_millisecond(minute.parse().ok()?).ok()?;
    Some((minute, number.parse().ok()?))
}
