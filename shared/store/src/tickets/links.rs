//! Tickets that have to do with others: where one that was merged goes on, and the lists of incidents, follow-ups and problems.
//!
//! Lists have items of their own, which the commit of the ticket that comes or goes writes. A mark beside a list says that it is worth
//! reading: so a page of a hundred tickets asks for the marks in one read.

use crate::{
    StoreError,
    keys::{ItemKey, link_letter, link_pk, number_at_end},
    parts::Tickets,
    table::{
        Role, Write,
        item::{key_of, n, number_in, text_in},
        page::Query,
    },
};
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{LinkChange, LinkList, Status, Ticket, TicketType},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::{BTreeMap, BTreeSet};

/// Most tickets of a list that are told, the newest: whoever has more of one problem asks the search.
pub const MOST_LINKED: usize = 1_000;
/// Most follow-ups that are shown with their ticket, the newest.
pub const MOST_SHOWN_FOLLOW_UPS: usize = 100;
/// How many lists are read at once.
const AT_ONCE: usize = 25;
/// The attribute that says since when a ticket is on a list, in milliseconds.
const SINCE: &str = "since";

/// What a ticket is shown with of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketLinks {
    /// Whether it is a problem that has incidents.
    pub has_incidents: bool,
    /// The tickets that follow it, oldest first.
    pub follow_ups: Vec<TicketNumber>,
}

impl Tickets<'_> {
    /// The ticket where one goes on that may have been merged: it, or the last that it and those after it went into.
    pub async fn where_it_goes_on(self, ticket: Ticket) -> Result<Ticket, StoreError> {
        let mut last = ticket;
        for _ in 0..Ticket::MOST_MERGED {
            let Some(merged) = last.merged_into else { break };
            match self.get(merged.ticket).await? {
                Some(next) => last = next,
                None => break,
            }
        }
        Ok(last)
    }

    /// The tickets that went into one, and those that had gone into them, each with the one that it went into.
    pub async fn merged_into(self, ticket: &Ticket) -> Result<Vec<Ticket>, StoreError> {
        let mut found: Vec<Ticket> = Vec::new();
        let mut asked: BTreeSet<TicketNumber> = BTreeSet::from([ticket.number]);
        let mut next: Vec<TicketNumber> = ticket.merged.clone();
        while !next.is_empty() && found.len() < Ticket::MOST_MERGED {
            next.retain(|number| asked.insert(*number));
            next.truncate(Ticket::MOST_MERGED - found.len());
            let level = self.get_many(&next).await?;
            next = level
                .iter()
                .flat_map(|ticket| ticket.merged.iter().copied())
                .collect();
            found.extend(level);
        }
        Ok(found)
    }

    /// The parts by which a ticket comes onto a list now, or leaves it.
    pub(crate) fn link_writes(self, change: LinkChange, number: TicketNumber, now: Timestamp) -> Vec<Write> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let key = key_of(tenant, &ItemKey::Link(change.list, number));
        if !change.comes {
            return vec![Write::delete(table, Role::State, key)];
        }
        let mut item = key;
        item.insert(SINCE.to_owned(), n(now.as_millisecond()));
        let mark = key_of(tenant, &ItemKey::Linked(change.list));
        let marked = change.list.is_marked();
        let mark = marked.then(|| Write::put(table, Role::State, mark));
        std::iter::once(Write::put(table, Role::State, item))
            .chain(mark)
            .collect()
    }

    /// The tickets of a list, newest first, at most so many.
    pub async fn linked(self, list: LinkList, most: usize) -> Result<Vec<TicketNumber>, StoreError> {
        let begins = vec![(":of", format!("{}#", link_letter(list)))];
        let mut query = Query::partition(link_pk(&self.0.settings.tenant, list), most)
            .range("begins_with(SK, :of)", begins);
        query.newest_first = true;
        let items = self.0.query(query).await?;
        Ok(items
            .iter()
            .filter_map(|item| number_at_end(text_in(item, "SK")?))
            .collect())
    }

    /// The tickets of a list that follow one of them by number, oldest first, at most so many; each with since when it is on the list,
    /// where that was noted.
    pub async fn linked_after(
        self,
        list: LinkList,
        after: Option<TicketNumber>,
        most: usize,
    ) -> Result<Vec<(TicketNumber, Option<Timestamp>)>, StoreError> {
        let tenant = &self.0.settings.tenant;
        let begins = vec![(":of", format!("{}#", link_letter(list)))];
        let after = after.map(|number| key_of(tenant, &ItemKey::Link(list, number)));
        let query = Query::partition(link_pk(tenant, list), most)
            .range("begins_with(SK, :of)", begins)
            .after(after);
        let items = self.0.query(query).await?;
        let since = |item| Timestamp::from_millisecond(number_in(item, SINCE)?).ok();
        Ok(items
            .iter()
            .filter_map(|item| Some((number_at_end(text_in(item, "SK")?)?, since(item))))
            .collect())
    }

    /// How many tickets a list has, at most so many.
    pub async fn count_linked(self, list: LinkList, most: usize) -> Result<usize, StoreError> {
        let begins = vec![(":of", format!("{}#", link_letter(list)))];
        let query = Query::partition(link_pk(&self.0.settings.tenant, list), most)
            .range("begins_with(SK, :of)", begins);
        self.0.count(query).await
    }

    /// What these tickets are shown with of others. Only what can have something is asked for, all of it at once.
    pub async fn links_of(self, page: &[Ticket]) -> Result<BTreeMap<TicketNumber, TicketLinks>, StoreError> {
        let can_have = page.iter().flat_map(|ticket| {
            let is_problem = ticket.ticket_type == Some(TicketType::Problem);
            let is_closed = ticket.status == Status::Closed;
            let incidents = is_problem.then_some(LinkList::Incidents(ticket.number));
            let follow_ups = is_closed.then_some(LinkList::FollowUps(ticket.number));
            incidents.into_iter().chain(follow_ups)
        });
        let lists: Vec<LinkList> = can_have.collect();
        if lists.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<ItemKey> = lists.iter().map(|list| ItemKey::Linked(*list)).collect();
        let marks = self.0.get_items(&keys).await?;
        let place = |item| Some((text_in(item, "PK")?.to_owned(), text_in(item, "SK")?.to_owned()));
        let marks: BTreeSet<(String, String)> = marks.iter().filter_map(place).collect();
        let tenant = &self.0.settings.tenant;
        let is_marked = |list: &LinkList| {
            let key = ItemKey::Linked(*list);
            marks.contains(&(key.pk(tenant), key.sk()))
        };
        let read = stream::iter(lists.into_iter().filter(is_marked))
            .map(|list| async move {
                let most = match list {
                    LinkList::FollowUps(_) => MOST_SHOWN_FOLLOW_UPS,
                    LinkList::Incidents(_) | LinkList::Problems => 1,
                };
                Ok::<_, StoreError>((list, self.linked(list, most).await?))
            })
            .buffered(AT_ONCE);
        let read: Vec<(LinkList, Vec<TicketNumber>)> = read.try_collect().await?;
        let mut links: BTreeMap<TicketNumber, TicketLinks> = BTreeMap::new();
        for (list, mut numbers) in read {
            match list {
                LinkList::Incidents(of) => {
                    links.entry(of).or_default().has_incidents = !numbers.is_empty();
                }
                LinkList::FollowUps(of) => {
                    numbers.reverse();
                    links.entry(of).or_default().follow_ups = numbers;
                }
                LinkList::Problems => {}
            }
        }
        Ok(links)
    }
}
