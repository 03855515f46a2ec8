//! The tickets of the last days, and what the policies of a book say of each.

use super::judge::{Judged, judge};
use docket_desk::{Desk, TicketList};
use docket_domain::{
    PersonId, Timestamp,
    sla::{Happening, Metric, happenings as happenings_of},
    ticket::{Rules as _, StatusClass, Ticket},
};
use docket_rules::{CheckedBook, DeskRules, Surroundings};
use jiff::{SignedDuration, tz::TimeZone};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// How many histories are read at once.
pub const READ_AT_ONCE: usize = 16;

/// Tickets that were looked at.
#[derive(Debug)]
pub struct Looked {
    /// The tickets, by number.
    pub tickets: Vec<Ticket>,
    /// At most so many are looked at, and there were more.
    pub cut_at: Option<usize>,
}

/// The tickets created since an instant, or open at some time since then, at most `most`; those that were changed last
/// first.
pub async fn tickets(desk: &Desk, from: Timestamp, now: Timestamp, most: usize) -> anyhow::Result<Looked> {
    let mut lists = Vec::new();
    // What is open and was not touched for longer stands in the list of its group.
    let groups = desk.groups().all().await?.into_iter().map(|group| Some(group.id));
    let mut day = now;
    while day_of(day) >= day_of(from) {
        lists.push(TicketList::ChangedOn(day));
        day -= SignedDuration::from_hours(24);
    }
    lists.extend(
        groups
            .chain([None])
            .map(|group| TicketList::Group(group, StatusClass::ALL.to_vec())),
    );
    let (mut seen, mut numbers) = (BTreeSet::new(), Vec::new());
    for list in lists {
        let found = desk.tickets().numbers(&list, most + 1).await?;
        numbers.extend(found.into_iter().filter(|number| seen.insert(*number)));
    }
    let cut_at = (numbers.len() > most).then_some(most);
    numbers.truncate(most);
    let mut tickets = desk.tickets().get_many(&numbers).await?;
    tickets.retain(|ticket| {
        ticket.created_at >= from
            || ticket.status.is_unsolved()
            || ticket.solved_at.is_some_and(|solved_at| solved_at >= from)
    });
    tickets.sort_by_key(|ticket| ticket.number);
    Ok(Looked { tickets, cut_at })
}

fn day_of(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// What the clocks see of a ticket's events.
pub async fn happenings(desk: &Desk, ticket: &Ticket) -> anyhow::Result<Vec<Happening>> {
    Ok(happenings_of(
        &desk.tickets().events(ticket.number, ticket.v).await?,
    ))
}

/// What one ticket comes to under a book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Title of the policy that holds; nothing where none does.
    pub policy: Option<String>,
    /// What became of each promise.
    pub clocks: BTreeMap<Metric, Judged>,
}

/// Judges tickets by a book.
pub struct Eye<'d> {
    desk: &'d Desk,
    checked: Arc<CheckedBook>,
    known: HashMap<PersonId, Surroundings>,
}

impl<'d> Eye<'d> {
    /// One that judges by this book.
    pub fn new(desk: &'d Desk, checked: CheckedBook) -> Self {
        Self {
            desk,
            checked: Arc::new(checked),
            known: HashMap::new(),
        }
    }

    /// Chooses the policy as the desk does, from the ticket and its requester as they are, and judges by it.
    pub async fn judge(
        &mut self,
        ticket: &Ticket,
        happenings: &[Happening],
        now: Timestamp,
    ) -> anyhow::Result<Verdict> {
        let around = match self.known.get(&ticket.requester) {
            Some(around) => around.clone(),
            None => {
                let needs = self.checked.reads();
                let around = self
                    .desk
                    .rules()
                    .surroundings_of_requester(needs, ticket.requester)
                    .await?;
                self.known.insert(ticket.requester, around.clone());
                around
            }
        };
        let rules = DeskRules::new(self.checked.clone(), around, now);
        Ok(match rules.choose(ticket) {
            None => Verdict::default(),
            Some(chosen) => Verdict {
                policy: Some(chosen.terms.policy().title.clone()),
                clocks: judge(happenings, &chosen.terms, now),
            },
        })
    }
}
