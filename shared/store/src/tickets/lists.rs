//! Lists of tickets. An index gives the keys, the table the heads.

use crate::{
    StoreError,
    keys::{
        CHANGED_SHARDS, ChangedClass, agent_pk, changed_minute, changed_pk, deleted_of_person_pk, deleted_pk,
        due_until, number_at_end, person_pk, person_sk, view_pk, waiting_pk,
    },
    parts::Tickets,
    table::{ViewPage, item::text_in, page::Query},
};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    ticket::{StatusClass, Ticket},
};
use futures_util::future::{try_join, try_join_all};

/// How many of a requester's newest tickets are looked at for the agent they had.
const PREVIOUS_TICKETS: usize = 10;

/// What comes before every place of a list.
const FIRST_PLACE: &str = "0";
/// What comes behind every place of a list.
const LAST_PLACE: &str = "~";

/// Where counting what is due ends: beyond it a number tells nobody more.
pub const MOST_COUNTED: usize = 2_000;

/// How many tickets of a list are overdue, and how many are due within a time; each at most one more than [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueCounts {
    /// Due now or before.
    pub overdue: usize,
    /// Due after that.
    pub soon: usize,
}

impl DueCounts {
    /// How many of these places in a list are overdue at a time, and how many are due from then until another.
    pub fn of_places<'p>(
        places: impl Iterator<Item = &'p str>,
        (now, until): (Timestamp, Timestamp),
    ) -> Self {
        let (now, until) = (due_until(now), due_until(until));
        let mut counts = Self::default();
        for place in places.filter(|place| place.starts_with("0#")) {
            counts.overdue += usize::from(*place <= *now);
            counts.soon += usize::from(*place > *now && *place <= *until);
        }
        counts
    }
}

/// A stretch of a list: between two places, read from one of its ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Only what comes behind this place.
    pub after: Option<String>,
    /// Only what comes before this place.
    pub before: Option<String>,
    /// Whether it is read from its end.
    pub backwards: bool,
}

impl Stretch {
    /// The place behind which nothing is due by a time, and before which everything is.
    pub fn end_of_due(at: Timestamp) -> String {
        due_until(at)
    }

    /// What of it comes behind a place, or before it where it is read backwards.
    #[must_use]
    pub fn beyond(mut self, place: &str) -> Self {
        let end = if self.backwards {
            &mut self.before
        } else {
            &mut self.after
        };
        let is_closer = end.as_deref().is_none_or(|end| match self.backwards {
            true => place < end,
            false => place > end,
        });
        if is_closer {
            *end = Some(place.to_owned());
        }
        self
    }

    fn holds(&self, place: &str) -> bool {
        self.after.as_deref().is_none_or(|after| place > after)
            && self.before.as_deref().is_none_or(|before| place < before)
    }
}

/// A page of tickets that were deleted.
#[derive(Clone, Debug, Default)]
pub struct DeletedRows {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// The place of the first, in the order in which they were looked for.
    pub first: Option<String>,
    /// The place of the last.
    pub last: Option<String>,
    /// Whether there are more behind it.
    pub has_more: bool,
}

/// Which tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketList {
    /// Unsolved tickets of a group (none: those that have no group yet), with statuses of these classes.
    Group(Option<GroupId>, Vec<StatusClass>),
    /// Unsolved tickets of an agent.
    Agent(PersonId),
    /// Tickets of a group that wait for an agent, the first to be given first.
    Waiting(GroupId),
    /// Tickets of a requester, newest first.
    Person(PersonId),
    /// Deleted tickets of a requester, newest first.
    DeletedOf(PersonId),
    /// Tickets last changed on this day (UTC), newest change first.
    ChangedOn(Timestamp),
}

impl Tickets<'_> {
    /// The numbers of a list's tickets, in its order, at most `limit`. What an index says may be a moment old.
    pub async fn numbers(self, list: &TicketList, limit: usize) -> Result<Vec<TicketNumber>, StoreError> {
        let places = self.places(list, None, limit).await?;
        Ok(places.into_iter().map(|(_, number)| number).collect())
    }

    /// The same with each one's place in the list, behind `after` if a place is given. A list that is put together from several
    /// partitions has one order: places of all of them compare.
    pub async fn places(
        self,
        list: &TicketList,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, TicketNumber)>, StoreError> {
        let tenant = &self.0.settings.tenant;
        let (index, partitions, newest_first) = match (self.partitions(list), list) {
            (Some((index, partitions)), _) => (index, partitions, false),
            (None, TicketList::DeletedOf(person)) => {
                ("person", vec![deleted_of_person_pk(tenant, *person)], true)
            }
            (None, TicketList::ChangedOn(day)) => {
                let minute = changed_minute(*day);
                let pk = |shard| changed_pk(tenant, ChangedClass::Tickets, minute, shard);
                ("changed", (0..CHANGED_SHARDS).map(pk).collect(), true)
            }
            (None, TicketList::Person(person)) => ("person", vec![person_pk(tenant, *person)], true),
            (None, _) => return Ok(vec![]),
        };
        let sk_name = format!("{index}_sk");
        let asked = partitions.into_iter().map(|pk| {
            let mut query = Query::index(index, pk, limit);
            query.newest_first = newest_first;
            if let Some(after) = after {
                let than = if newest_first { '<' } else { '>' };
                query = query.range(
                    &format!("{sk_name} {than} :after"),
                    vec![(":after", after.to_owned())],
                );
            }
            self.0.query(query)
        });
        let pages = try_join_all(asked).await?;
        let mut places: Vec<(String, TicketNumber)> = pages
            .iter()
            .flatten()
            .filter_map(|item| {
                let sk = text_in(item, &sk_name)?;
                Some((sk.to_owned(), number_at_end(sk)?))
            })
            .collect();
        places.sort();
        if newest_first {
            places.reverse();
        }
        places.truncate(limit);
        Ok(places)
    }

    /// The first places of a stretch of a list, in the list's order also where it is read from its end: at most `limit`. What an index
    /// says may be a moment old. Lists that stand by time, the newest first, have none.
    pub async fn stretch(
        self,
        list: &TicketList,
        stretch: &Stretch,
        limit: usize,
    ) -> Result<Vec<(String, TicketNumber)>, StoreError> {
        let Some((index, partitions)) = self.partitions(list) else {
            return Ok(vec![]);
        };
        let sk_name = format!("{index}_sk");
        // A range has its ends in it: one row more is read for each, and left out.
        let from = stretch.after.clone().unwrap_or_else(|| FIRST_PLACE.to_owned());
        let to = stretch.before.clone().unwrap_or_else(|| LAST_PLACE.to_owned());
        // A place may lie outside of what it is a place in by now; the service takes no empty range.
        if from > to {
            return Ok(vec![]);
        }
        let asked = partitions.into_iter().map(|pk| {
            let from_to = vec![(":from", from.clone()), (":to", to.clone())];
            let range = format!("{sk_name} BETWEEN :from AND :to");
            let mut query = Query::index(index, pk, limit + 2).range(&range, from_to);
            query.newest_first = stretch.backwards;
            self.0.query(query)
        });
        let pages = try_join_all(asked).await?;
        let found = pages.iter().flatten().filter_map(|item| {
            let sk = text_in(item, &sk_name).filter(|sk| stretch.holds(sk))?;
            Some((sk.to_owned(), number_at_end(sk)?))
        });
        let mut places: Vec<(String, TicketNumber)> = found.collect();
        places.sort();
        if stretch.backwards {
            let first = places.len().saturating_sub(limit);
            places.drain(..first);
        }
        places.truncate(limit);
        Ok(places)
    }

    /// Where a list lies that stands in the order of its places, least first.
    fn partitions(self, list: &TicketList) -> Option<(&'static str, Vec<String>)> {
        let tenant = &self.0.settings.tenant;
        match list {
            TicketList::Group(group, classes) => {
                let pk = |class: &StatusClass| view_pk(tenant, *group, class.as_str());
                Some(("view", classes.iter().map(pk).collect()))
            }
            TicketList::Agent(agent) => Some(("agent", vec![agent_pk(tenant, *agent)])),
            TicketList::Waiting(group) => Some(("waiting", vec![waiting_pk(tenant, *group)])),
            TicketList::Person(_) | TicketList::DeletedOf(_) | TicketList::ChangedOn(_) => None,
        }
    }

    /// How many tickets of a list are overdue at a time, and how many are due from then until another; those that sleep count for
    /// neither. Two ranges of the index, however many tickets there are. Lists that stand in another order than that of what is due
    /// have none.
    pub async fn due_counts(
        self,
        list: &TicketList,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<DueCounts, StoreError> {
        let (index, partitions) = match list {
            TicketList::Waiting(_) => return Ok(DueCounts::default()),
            list => self.partitions(list).unwrap_or(("view", vec![])),
        };
        let (nothing, now, until) = ("0#".to_owned(), due_until(now), due_until(until));
        let between = |pk: &String, from: &String, to: &String| {
            let from_to = vec![(":from", from.clone()), (":to", to.clone())];
            let range = format!("{index}_sk BETWEEN :from AND :to");
            self.0
                .count(Query::index(index, pk.clone(), MOST_COUNTED + 1).range(&range, from_to))
        };
        let counted = partitions
            .iter()
            .map(|pk| try_join(between(pk, &nothing, &now), between(pk, &now, &until)));
        let mut counts = DueCounts::default();
        for (overdue, soon) in try_join_all(counted).await? {
            counts.overdue += overdue;
            counts.soon += soon;
        }
        counts.overdue = counts.overdue.min(MOST_COUNTED + 1);
        counts.soon = counts.soon.min(MOST_COUNTED + 1);
        Ok(counts)
    }

    /// Tickets that wait in a group, in their order, with their places in it: at most `limit`, behind `after` if a place is
    /// given. What the index says may be a moment old.
    pub async fn waiting_page(
        self,
        group: GroupId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, TicketNumber)>, StoreError> {
        self.places(&TicketList::Waiting(group), after, limit).await
    }

    /// The agent who had the requester's newest ticket before this one that had any.
    pub async fn previous_agent(self, ticket: &Ticket) -> Result<Option<PersonId>, StoreError> {
        let list = TicketList::Person(ticket.requester);
        let mut numbers = self.numbers(&list, PREVIOUS_TICKETS).await?;
        numbers.retain(|number| *number < ticket.number);
        if numbers.is_empty() {
            return Ok(None);
        }
        let tickets = self.get_many(&numbers).await?;
        Ok(tickets.iter().find_map(|ticket| ticket.assignee))
    }

    /// The heads of a list's tickets, in its order, at most `limit`.
    pub async fn list(self, list: &TicketList, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        let numbers = self.numbers(list, limit).await?;
        self.get_many(&numbers).await
    }

    /// Tickets that were deleted and can be restored, by their numbers: no more is read than is shown.
    pub async fn deleted(self, asked: &ViewPage) -> Result<DeletedRows, StoreError> {
        let partition = deleted_pk(&self.0.settings.tenant);
        let (places, has_more) = self.0.places_in_view(&[partition], asked).await?;
        let numbers: Vec<TicketNumber> = places.iter().filter_map(|place| number_at_end(place)).collect();
        let mut tickets = self.get_many_deleted_too(&numbers).await?;
        // The index lags behind.
        tickets.retain(|ticket| matches!(&ticket.deletion, Some(deletion) if !deletion.is_for_good()));
        Ok(DeletedRows {
            tickets,
            first: places.first().cloned(),
            last: places.last().cloned(),
            has_more,
        })
    }

    /// How many of them there are, at most so many.
    pub async fn count_of_deleted(self, most: usize) -> Result<usize, StoreError> {
        let partition = deleted_pk(&self.0.settings.tenant);
        self.0.count(Query::index("view", partition, most)).await
    }

    /// The numbers of the tickets that the requester of a ticket had before it, newest first, at most `most`. What the index
    /// says may be a moment old.
    pub async fn earlier_numbers(
        self,
        ticket: &Ticket,
        most: usize,
    ) -> Result<Vec<TicketNumber>, StoreError> {
        let before = person_sk(ticket.created_at, ticket.number);
        let pk = person_pk(&self.0.settings.tenant, ticket.requester);
        let mut query =
            Query::index("person", pk, most).range("person_sk < :before", vec![(":before", before)]);
        query.newest_first = true;
        Ok(self
            .0
            .query(query)
            .await?
            .iter()
            .filter_map(|item| number_at_end(text_in(item, "person_sk")?))
            .collect())
    }
}
