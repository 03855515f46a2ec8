//! The views at the left: which tickets are in them, and how many.

use crate::failure::Failure;
use docket_desk::{COUNTERS, Desk, DueCounts, MOST_COUNTED, TicketList};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    ticket::{
        StatusClass, Ticket,
        counted::{Count, CountedOf, Counts},
    },
};
use futures_util::future::try_join_all;
use jiff::SignedDuration;
use std::collections::HashSet;

/// Most tickets of a day that are looked at for what was solved on it.
const MOST_OF_A_DAY: usize = 200;
/// Longest place of a view, in characters: a figure, two numbers of 13 and 12 figures, and what is between them.
const LONGEST_PLACE: usize = 32;
/// Most tickets shown at once.
pub const MOST_SHOWN: usize = 100;
/// What is due within this time is due soon.
const SOON: SignedDuration = SignedDuration::from_hours(1);
/// The place in a list behind which what sleeps begins.
const BEFORE_SNOOZED: &str = "2";

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
    /// What sleeps.
    Snoozed,
    /// What was solved or closed today or yesterday.
    Solved,
}

impl View {
    /// All of them, in the order they stand in.
    pub const ALL: [Self; 6] = [
        Self::Mine,
        Self::Unassigned,
        Self::Open,
        Self::Paused,
        Self::Snoozed,
        Self::Solved,
    ];

    /// The word in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Open => "open",
            Self::Paused => "waiting",
            Self::Snoozed => "snoozed",
            Self::Solved => "solved",
        }
    }

    /// The view of this word.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.slug() == slug)
    }

    /// The same; the agent's own tickets for any other word.
    pub fn of(slug: &str) -> Self {
        Self::named(slug).unwrap_or(Self::Mine)
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Mine => "Mine",
            Self::Unassigned => "Unassigned",
            Self::Open => "All open",
            Self::Paused => "Waiting",
            Self::Snoozed => "Snoozed",
            Self::Solved => "Solved lately",
        }
    }

    /// Its drawing, of those in `templates/icons.html`.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Mine => "me",
            Self::Unassigned => "none",
            Self::Open => "all",
            Self::Paused => "wait",
            Self::Snoozed => "moon",
            Self::Solved => "ok",
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
                "Nothing to do here. Your own are in Mine.",
            ),
            Self::Open => (
                "There are no open tickets",
                "When somebody writes to the desk, the ticket appears here.",
            ),
            Self::Paused => (
                "No ticket waits for somebody outside",
                "Set a ticket to Pending when the requester has to answer, and to On hold when a third party has.",
            ),
            Self::Snoozed => (
                "No ticket is snoozed",
                "Snooze a ticket that can wait, and it comes back by itself, or when its requester writes.",
            ),
            Self::Solved => (
                "Nothing was solved today or yesterday",
                "Answer a ticket and set its status to Solved, and it is kept here for two days.",
            ),
        }
    }

    /// Whether the ticket itself belongs here: an index may be a moment old.
    fn holds(self, ticket: &Ticket, me: PersonId) -> bool {
        match self {
            Self::Mine => ticket.burdens() == Some(me) && ticket.snoozed_until.is_none(),
            Self::Unassigned => ticket.status.is_unsolved() && ticket.assignee.is_none(),
            Self::Open => ticket.status.is_unsolved() && ticket.snoozed_until.is_none(),
            Self::Snoozed => ticket.snoozed_until.is_some(),
            Self::Paused => ticket.status.class() == Some(StatusClass::Paused),
            Self::Solved => !ticket.status.is_unsolved(),
        }
    }
}

/// How many tickets the views have, as they are kept: a moment old at most.
pub struct ViewCounts {
    /// Nothing before the first were counted.
    counts: Option<Counts>,
    me: PersonId,
}

impl ViewCounts {
    /// Reads what is kept of an agent and these groups: one read, however many groups there are.
    pub async fn read(desk: &Desk, me: PersonId, groups: &[GroupId]) -> Result<Self, Failure> {
        let generation = desk.projection(COUNTERS).await?.generation;
        if generation == 0 {
            return Ok(Self { counts: None, me });
        }
        let groups = groups.iter().copied().map(Some);
        let of: Vec<CountedOf> = std::iter::once(None)
            .chain(groups)
            .map(CountedOf::Group)
            .collect();
        let mine = [CountedOf::Agent(me)];
        let (mut counts, mine) =
            tokio::try_join!(desk.counts(generation, &of), desk.counts(generation, &mine))?;
        counts.extend(mine);
        Ok(Self {
            counts: Some(counts),
            me,
        })
    }

    /// How many tickets a view has, in words; nothing for a view that is not counted.
    pub fn count(&self, view: View) -> String {
        let wanted: &[Count] = match view {
            View::Mine | View::Open => &[Count::New, Count::Open, Count::Pending, Count::Hold],
            View::Unassigned => &[Count::Unassigned],
            View::Paused => &[Count::Pending, Count::Hold],
            View::Snoozed => &[Count::Snoozed],
            View::Solved => return String::new(),
        };
        // What sleeps has a view of its own.
        let asleep = matches!(view, View::Mine | View::Open);
        let is_of_view = |of: CountedOf| match of {
            CountedOf::Agent(agent) => view == View::Mine && agent == self.me,
            CountedOf::Group(_) => view != View::Mine,
        };
        let Some(counts) = &self.counts else {
            return String::new();
        };
        let counted = counts.iter().filter(|((of, _), _)| is_of_view(*of));
        let shown = counted.map(|((_, count), number)| match count {
            count if wanted.contains(count) => *number,
            Count::Snoozed if asleep => -number,
            _ => 0,
        });
        shown.sum::<i64>().max(0).to_string()
    }
}

/// Whether a text can be a place in a view: figures with `#` between them.
pub fn is_place(text: &str) -> bool {
    (1..=LONGEST_PLACE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'#')
}

/// What of a view time alone makes urgent.
#[derive(Default)]
pub struct Urgent {
    /// How many tickets are overdue, in words; empty where none is.
    pub overdue: String,
    /// How many are due within the hour.
    pub soon: String,
}

impl Urgent {
    /// Counts what of these lists is overdue or due soon. What was read of a list to be shown tells it in most cases, since the most
    /// urgent stand first; the rest is counted by ranges of the index. Where that fails nothing is said: the list is shown.
    async fn count(desk: &Desk, lists: &[(&TicketList, &[(String, TicketNumber)])]) -> Self {
        let now = desk.now();
        let until = now.checked_add(SOON).unwrap_or(now);
        let counts = lists.iter().map(|(list, places)| async move {
            let is_whole = places.len() <= MOST_SHOWN;
            let read = DueCounts::of_places(places.iter().map(|(place, _)| place.as_str()), (now, until));
            if is_whole || read.overdue + read.soon < places.len() {
                return Ok(read);
            }
            desk.tickets().due_counts(list, (now, until)).await
        });
        let counts = match try_join_all(counts).await {
            Ok(counts) => counts,
            Err(error) => {
                tracing::warn!(%error, "what is overdue could not be counted");
                return Self::default();
            }
        };
        let words = |number: usize| match number {
            0 => String::new(),
            few if few <= MOST_COUNTED => few.to_string(),
            _ => format!("{MOST_COUNTED}+"),
        };
        Self {
            overdue: words(counts.iter().map(|count| count.overdue).sum()),
            soon: words(counts.iter().map(|count| count.soon).sum()),
        }
    }
}

/// A page of a view.
pub struct Listed {
    /// Its tickets, in the view's order.
    pub tickets: Vec<Ticket>,
    /// Behind which place the next page begins; nothing: this is the last.
    pub next: Option<String>,
    /// What of the view is urgent; said on its first page.
    pub urgent: Urgent,
}

/// The tickets of a view behind a place, from its beginning without one: what is due or overdue first, what sleeps last. Those that
/// nobody has stand as they are given out: the most urgent first.
pub async fn list(
    desk: &Desk,
    (view, after): (View, Option<&str>),
    me: PersonId,
    groups: &[GroupId],
) -> Result<Listed, Failure> {
    if view == View::Solved {
        let mut tickets = recently_changed(desk).await?;
        tickets.retain(|ticket| view.holds(ticket, me));
        tickets.sort_by_key(|ticket| (std::cmp::Reverse(ticket.updated_at), ticket.number));
        tickets.truncate(MOST_SHOWN);
        return Ok(Listed {
            tickets,
            next: None,
            urgent: Urgent::default(),
        });
    }
    let lists = lists_of(view, me, groups);
    let begin = if view == View::Snoozed {
        Some(BEFORE_SNOOZED)
    } else {
        None
    };
    let from = after.max(begin);
    let asked = lists
        .iter()
        .map(|list| desk.tickets().places(list, from, MOST_SHOWN + 1));
    let read = try_join_all(asked).await?;
    // Nobody's tickets stand as they are given out; of what waits for others no clock runs for us.
    let urgent = if is_by_time_of(view) && after.is_none() {
        let of: Vec<_> = lists.iter().zip(read.iter().map(Vec::as_slice)).collect();
        Urgent::count(desk, &of).await
    } else {
        Urgent::default()
    };
    let mut places: Vec<(String, TicketNumber)> = read.concat();
    if is_by_time_of(view) {
        places.retain(|(place, _)| place.as_str() < BEFORE_SNOOZED);
    }
    places.sort();
    let is_more = places.len() > MOST_SHOWN;
    places.truncate(MOST_SHOWN);
    let next = places.last().filter(|_| is_more).map(|(place, _)| place.clone());
    let mut numbers: Vec<TicketNumber> = Vec::new();
    if view == View::Unassigned && after.is_none() {
        // What has no group yet stands in no line: it is about to be triaged.
        let ungrouped = TicketList::Group(None, vec![StatusClass::Active]);
        numbers.extend(desk.tickets().numbers(&ungrouped, MOST_SHOWN).await?);
    }
    numbers.extend(places.into_iter().map(|(_, number)| number));
    let mut tickets = desk.tickets().get_many(&numbers).await?;
    tickets.retain(|ticket| view.holds(ticket, me));
    Ok(Listed {
        tickets,
        next,
        urgent,
    })
}

/// The numbers of a page of a view, in its order, without a look at the tickets themselves: what an index says may be a moment old.
pub async fn numbers(
    desk: &Desk,
    (view, after): (View, Option<&str>),
    me: PersonId,
    groups: &[GroupId],
) -> Result<Vec<TicketNumber>, Failure> {
    if view == View::Solved {
        let listed = list(desk, (view, after), me, groups).await?;
        return Ok(listed.tickets.iter().map(|ticket| ticket.number).collect());
    }
    let begin = (view == View::Snoozed).then_some(BEFORE_SNOOZED);
    let lists = lists_of(view, me, groups);
    let asked = lists
        .iter()
        .map(|list| desk.tickets().places(list, after.max(begin), MOST_SHOWN));
    let mut places = try_join_all(asked).await?.concat();
    if is_by_time_of(view) {
        places.retain(|(place, _)| place.as_str() < BEFORE_SNOOZED);
    }
    places.sort();
    places.truncate(MOST_SHOWN);
    Ok(places.into_iter().map(|(_, number)| number).collect())
}

/// Whether a view has what is to be done, by when: without what sleeps, which stands last in its lists.
fn is_by_time_of(view: View) -> bool {
    matches!(view, View::Mine | View::Open)
}

/// The lists that a view is put together from.
fn lists_of(view: View, me: PersonId, groups: &[GroupId]) -> Vec<TicketList> {
    let of_groups = |classes: &[StatusClass]| {
        let all = std::iter::once(None).chain(groups.iter().copied().map(Some));
        all.map(|group| TicketList::Group(group, classes.to_vec()))
            .collect()
    };
    match view {
        View::Mine => vec![TicketList::Agent(me)],
        View::Unassigned => groups.iter().copied().map(TicketList::Waiting).collect(),
        View::Open | View::Snoozed => of_groups(&StatusClass::ALL),
        View::Paused => of_groups(&[StatusClass::Paused]),
        View::Solved => vec![],
    }
}

async fn recently_changed(desk: &Desk) -> Result<Vec<Ticket>, Failure> {
    let today = desk.now();
    let yesterday = today.checked_sub(SignedDuration::from_hours(24)).unwrap_or(today);
    let mut tickets = desk
        .tickets()
        .list(&TicketList::ChangedOn(today), MOST_OF_A_DAY)
        .await?;
    tickets.extend(
        desk.tickets()
            .list(&TicketList::ChangedOn(yesterday), MOST_OF_A_DAY)
            .await?,
    );
    let mut seen = HashSet::new();
    tickets.retain(|ticket| seen.insert(ticket.number));
    Ok(tickets)
}
