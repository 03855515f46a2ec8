//! Filling a desk with whole tickets: with all that saves, mails and people leave behind.
//!
//! Each was made by the domain's own decisions and the store's own plan of a commit, so a desk goes on with it as with any other. What
//! is left out: the originals of mails, attempts at them, and budgets of automatic mail. Guards whose time is over are left out, too,
//! as the service takes them away.

use super::{
    FillError, json,
    story::{Shares, stories},
    teller::{Places, Teller},
};
use crate::stack::LocalDesk;
use docket_desk::{COUNTERS, Ledger};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    assignment::{GroupAssignment, LoadSettings, MOST_CAPACITY, Strategy},
    configuration::Group,
    ledger::{LedgerEntry, LedgerLine, hour_of},
    ticket::{StandardRules, counted::CountedOf},
};
use docket_projection::{Counters, Projections};
use docket_store::{
    keys::{Counter, ItemKey},
    table::{FilledItems, Filling},
};

/// Tickets whose items are put into the tables at once: a bound of memory.
const AT_ONCE: u64 = 250;
/// Tickets a requester has written.
const TICKETS_EACH: u64 = 4;
/// What the group is called whose agents take tickets themselves.
const BY_HAND: &str = "Second line";
/// As whom the filling changes what it needs changed.
const CAUSE: &str = "filled";

/// What was filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The number of the first ticket.
    pub first: TicketNumber,
    /// The number of the last one.
    pub last: TicketNumber,
}

impl LocalDesk {
    /// Adds so many whole tickets, as old as a year. Agents of the default group can take as much as anybody can from then on.
    ///
    /// # Errors
    /// When the desk can't be read or written, or the agents have no room for those that are open.
    pub async fn fill_whole(&self, count: u64, shares: Shares) -> Result<Filled, FillError> {
        let desk = &self.desk;
        let mut teller = self.teller(count).await?;
        let first = desk.tickets().last_number().await? + 1;
        let mut ledger = Ledger::new();
        let accepted = LedgerLine::mail(LedgerEntry::Accepted);
        for (nth, story) in (0..).zip(stories(count, shares, desk.now())) {
            ledger
                .entry(hour_of(story.created_at))
                .or_default()
                .add(accepted, 1);
            teller.tell(TicketNumber(first + nth), nth, story).await?;
            if nth % AT_ONCE == AT_ONCE - 1 {
                self.put(teller.filling.take())?;
            }
        }
        let last = first + count - count.min(1);
        teller.filling.drawn(Counter::Tickets, last.max(first - 1));
        let people = teller.first_person - 1 + teller.requesters.min(count);
        teller.filling.drawn(Counter::People, people);
        let (items, counted) = teller.filling.finish();
        self.put(items)?;
        for (hour, counts) in &counted {
            ledger.entry(*hour).or_default().add_all(counts);
        }
        desk.ledger().add(&ledger).await?;
        Ok(Filled {
            first: TicketNumber(first),
            last: TicketNumber(last),
        })
    }

    /// Makes room and whatever else the tickets need, and begins.
    async fn teller(&self, count: u64) -> Result<Teller<'_>, FillError> {
        let desk = &self.desk;
        let setup = desk.setup().await?;
        let group = setup.default_group;
        let mailbox = setup.mailboxes.first().map(|mailbox| mailbox.address.clone());
        let mailbox = mailbox.ok_or(FillError::NoMailbox)?;
        let agents = desk.groups().members(group).await?;
        self.make_room(&agents).await?;
        // Counts of views are added to the generation in force.
        Projections::new(desk.store(), &Counters).catch_up().await?;
        let places = Places {
            mailbox,
            group,
            by_hand: self.group_by_hand().await?,
            generation: desk.projection(COUNTERS).await?.generation,
        };
        let counted = [None, Some(group), Some(places.by_hand)].map(CountedOf::Group);
        let counted = counted
            .into_iter()
            .chain(agents.iter().copied().map(CountedOf::Agent));
        let mut keys: Vec<ItemKey> = counted
            .map(|of| ItemKey::ViewCounts(of, places.generation))
            .collect();
        keys.extend(agents.iter().copied().map(ItemKey::AgentLoad));
        keys.push(ItemKey::Counters);
        keys.extend([Counter::Tickets, Counter::People].map(ItemKey::Absent));
        let mut filling = Filling::of(desk.store());
        filling.go_on_from(&keys).await?;
        let people = desk.people().last_number().await?;
        Ok(Teller {
            desk,
            filling,
            places,
            roster: desk.agents().loads(&agents).await?,
            first_person: people + 1,
            requesters: count.div_ceil(TICKETS_EACH).max(1),
            filled_before: people,
            rules: StandardRules::default(),
        })
    }

    async fn make_room(&self, agents: &[PersonId]) -> Result<(), FillError> {
        let room = LoadSettings {
            capacity: Some(MOST_CAPACITY),
            ..LoadSettings::default()
        };
        for agent in agents {
            let by = self.desk.by_system(CAUSE);
            self.desk.agents().change_load_settings(*agent, &room, by).await?;
        }
        Ok(())
    }

    /// The group whose agents take tickets themselves; made where there is none yet.
    async fn group_by_hand(&self) -> Result<GroupId, FillError> {
        let groups = self.desk.groups().all().await?;
        if let Some(known) = groups.iter().find(|group| group.name == BY_HAND) {
            return Ok(known.id);
        }
        let now = self.desk.now();
        let made = self.desk.groups().create(self.desk.by_system(CAUSE), |id| Group {
            assignment: GroupAssignment {
                strategy: Strategy::Manual,
                ..GroupAssignment::default()
            },
            ..Group::new(id, BY_HAND, now)
        });
        Ok(made.await?.ok_or(FillError::NoGroup)?.id)
    }

    fn put(&self, items: FilledItems) -> Result<(), FillError> {
        for (table, items) in items {
            let items = items.into_iter().map(json).collect::<Result<Vec<_>, _>>()?;
            self.aws.fill_table(&table, items)?;
        }
        Ok(())
    }
}
