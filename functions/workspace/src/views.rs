//! The views at the left: which tickets are in them, and how many.

use crate::failure::Failure;
use docket_desk::{Desk, TicketList};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    ticket::{Status, Ticket},
};
use jiff::SignedDuration;
use std::collections::HashSet;
use tokio::task::JoinSet;

/// Up to this many tickets of one list are counted; more read "200+".
const MOST_COUNTED: usize = 200;
/// Most tickets shown at once.
pub const MOST_SHOWN: usize = 100;
/// Statuses in which an agent is to act.
const ACTIVE: [Status; 2] = [Status::New, Status::Open];
/// Statuses in which somebody else is to act.
const PAUSED: [Status; 2] = [Status::Pending, Status::Hold];

/// A view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What the agent has.
    Mine,
    /// What nobody has.
    Unassigned,
    /// Everything unsolved.
    Open,
    /// What waits for somebody outside.
    Paused,
    /// What was solved or closed today or yesterday.
    Solved,
}

impl View {
    /// All of them, in the order they stand in.
    pub const ALL: [Self; 5] = [
        Self::Mine,
        Self::Unassigned,
        Self::Open,
        Self::Paused,
        Self::Solved,
    ];

    /// The word in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Open => "open",
            Self::Paused => "waiting",
            Self::Solved => "solved",
        }
    }

    /// The view of this word; all open tickets for any other.
    pub fn of(slug: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|view| view.slug() == slug)
            .unwrap_or(Self::Open)
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Mine => "My tickets",
            Self::Unassigned => "Unassigned",
            Self::Open => "All open",
            Self::Paused => "Pending and on hold",
            Self::Solved => "Recently solved",
        }
    }

    /// What an empty one says: that it is, and what to do next.
    pub fn empty(self) -> (&'static str, &'static str) {
        match self {
            Self::Mine => (
                "You have no open tickets",
                "New ones are given to you by themselves. To take one now, look into Unassigned or All open.",
            ),
            Self::Unassigned => (
                "Every open ticket has an agent",
                "Nothing to do here. Your own are in My tickets.",
            ),
            Self::Open => (
                "There are no open tickets",
                "When somebody writes to the desk, the ticket appears here.",
            ),
            Self::Paused => (
                "No ticket waits for somebody outside",
                "Set a ticket to Pending when the requester has to answer, and to On hold when a third party has.",
            ),
            Self::Solved => (
                "Nothing was solved today or yesterday",
                "Answer a ticket and set its status to Solved, and it is kept here for two days.",
            ),
        }
    }

    fn takes(self, shelf: Shelf) -> bool {
        use Shelf::{Active, Mine, Paused, Ungrouped, Waiting};
        match self {
            Self::Mine => shelf == Mine,
            Self::Unassigned => matches!(shelf, Waiting | Ungrouped),
            Self::Open => matches!(shelf, Ungrouped | Active | Paused),
            Self::Paused => shelf == Paused,
            Self::Solved => false,
        }
    }

    /// Whether the ticket itself belongs here: an index may be a moment old.
    fn holds(self, ticket: &Ticket, me: PersonId) -> bool {
        match self {
            Self::Mine => ticket.burdens() == Some(me),
            Self::Unassigned => ticket.status.is_unsolved() && ticket.assignee.is_none(),
            Self::Open => ticket.status.is_unsolved(),
            Self::Paused => PAUSED.contains(&ticket.status),
            Self::Solved => !ticket.status.is_unsolved(),
        }
    }
}

/// A run of lists that views are put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shelf {
    Mine,
    Waiting,
    Ungrouped,
    Active,
    Paused,
}

/// The numbers of all tickets that a view may show.
pub struct Shelves(Vec<(Shelf, Vec<TicketNumber>)>);

impl Shelves {
    /// Reads the lists of an agent and these groups, all at once.
    pub async fn read(desk: &Desk, me: PersonId, groups: &[GroupId]) -> Result<Self, Failure> {
        let mut lists = vec![
            (Shelf::Mine, TicketList::Agent(me)),
            (Shelf::Ungrouped, TicketList::Group(None, ACTIVE.to_vec())),
            (Shelf::Paused, TicketList::Group(None, PAUSED.to_vec())),
        ];
        for group in groups {
            lists.push((Shelf::Waiting, TicketList::Waiting(*group)));
            lists.push((Shelf::Active, TicketList::Group(Some(*group), ACTIVE.to_vec())));
            lists.push((Shelf::Paused, TicketList::Group(Some(*group), PAUSED.to_vec())));
        }
        let mut reads = JoinSet::new();
        for (shelf, list) in lists {
            let desk = desk.clone();
            reads.spawn(async move {
                let numbers = desk.tickets().numbers(&list, MOST_COUNTED).await;
                numbers.map(|numbers| (shelf, numbers))
            });
        }
        let mut shelves = Vec::new();
        while let Some(read) = reads.join_next().await {
            shelves.push(read??);
        }
        Ok(Self(shelves))
    }

    /// How many tickets a view has, in words; nothing for a view that is not counted.
    pub fn count(&self, view: View) -> String {
        if view == View::Solved {
            return String::new();
        }
        let lists = || self.0.iter().filter(|(shelf, _)| view.takes(*shelf));
        let distinct: HashSet<_> = lists().flat_map(|(_, numbers)| numbers).collect();
        let more = lists().any(|(_, numbers)| numbers.len() >= MOST_COUNTED);
        format!("{}{}", distinct.len(), if more { "+" } else { "" })
    }

    /// The tickets of a view: what is due first stands first, then what changed last.
    pub async fn tickets(&self, desk: &Desk, view: View, me: PersonId) -> Result<Vec<Ticket>, Failure> {
        let mut tickets = if view == View::Solved {
            recently_changed(desk).await?
        } else {
            let mut numbers: Vec<_> = self
                .0
                .iter()
                .filter(|(shelf, _)| view.takes(*shelf))
                .flat_map(|(_, numbers)| numbers.iter().take(MOST_SHOWN).copied())
                .collect();
            numbers.sort();
            numbers.dedup();
            desk.tickets().get_many(&numbers).await?
        };
        tickets.retain(|ticket| view.holds(ticket, me));
        tickets.sort_by_key(|ticket| {
            let due = ticket.next_due_at().unwrap_or(Timestamp::MAX);
            (due, std::cmp::Reverse(ticket.updated_at), ticket.number)
        });
        tickets.truncate(MOST_SHOWN);
        Ok(tickets)
    }
}

async fn recently_changed(desk: &Desk) -> Result<Vec<Ticket>, Failure> {
    let today = desk.now();
    let yesterday = today.checked_sub(SignedDuration::from_hours(24)).unwrap_or(today);
    let mut tickets = desk
        .tickets()
        .list(&TicketList::ChangedOn(today), MOST_COUNTED)
        .await?;
    tickets.extend(
        desk.tickets()
            .list(&TicketList::ChangedOn(yesterday), MOST_COUNTED)
            .await?,
    );
    let mut seen = HashSet::new();
    tickets.retain(|ticket| seen.insert(ticket.number));
    Ok(tickets)
}
