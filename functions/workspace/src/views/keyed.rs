//! Standing views in their usual order, read by keys: what is due or overdue first, then what nobody promised anything of. A page is a
//! query for each list that the view is put together from, and one read of heads.

use super::{
    ROWS, View,
    address::{ListAddress, Page},
};
use crate::{failure::Failure, language};
use docket_desk::{Desk, DueCounts, MOST_COUNTED, Stretch, TicketList};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    ticket::{StatusClass, Ticket},
};
use futures_util::future::try_join_all;
use jiff::SignedDuration;

/// What is due within this time is due soon.
pub const SOON: SignedDuration = SignedDuration::from_hours(1);
/// The place in a list behind which what sleeps begins.
const BEFORE_SNOOZED: &str = "2";
/// A place before all of those in a line of tickets that wait for an agent.
const BEFORE_LINE: &str = "0";

/// Who looks at a list.
#[derive(Clone, Copy)]
pub struct Looking<'a> {
    /// Who.
    pub me: PersonId,
    /// The groups they belong to.
    pub mine: &'a [GroupId],
    /// All groups.
    pub groups: &'a [GroupId],
}

impl Looking<'_> {
    /// The groups whose overdue tickets concern them: their own, and all of them for somebody who belongs to none.
    pub fn concerned(&self) -> Vec<GroupId> {
        let own = self.groups.iter().filter(|group| self.mine.contains(group));
        let own: Vec<GroupId> = own.copied().collect();
        match own.is_empty() {
            true => self.groups.to_vec(),
            false => own,
        }
    }
}

/// What of a view time alone makes urgent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Urgent {
    /// How many tickets are overdue.
    pub overdue: usize,
    /// How many are due within the hour.
    pub soon: usize,
}

impl Urgent {
    fn sum(counts: &[DueCounts]) -> Self {
        Self {
            overdue: counts.iter().map(|count| count.overdue).sum(),
            soon: counts.iter().map(|count| count.soon).sum(),
        }
    }

    /// Counts what of these groups' tickets is overdue or due soon, by ranges of the index.
    pub async fn of_groups(desk: &Desk, groups: &[GroupId]) -> Result<Self, Failure> {
        let span = span(desk.now());
        let counts = groups.iter().map(|group| async move {
            let list = TicketList::Group(Some(*group), StatusClass::ALL.to_vec());
            desk.tickets().due_counts(&list, span).await
        });
        Ok(Self::sum(&try_join_all(counts).await?))
    }

    /// Counts what of these lists is overdue or due soon. What was read of a list to be shown tells it in most cases, since the most
    /// urgent stand first; the rest is counted by ranges of the index. Where that fails nothing is said: the list is shown.
    async fn of_lists(desk: &Desk, lists: &[(&TicketList, &[(String, TicketNumber)])]) -> Option<Self> {
        let span = span(desk.now());
        let counts = lists.iter().map(|(list, places)| async move {
            let is_whole = places.len() <= ROWS;
            let read = DueCounts::of_places(places.iter().map(|(place, _)| place.as_str()), span);
            if is_whole || read.overdue + read.soon < places.len() {
                return Ok(read);
            }
            desk.tickets().due_counts(list, span).await
        });
        match try_join_all(counts).await {
            Ok(counts) => Some(Self::sum(&counts)),
            Err(error) => {
                tracing::warn!(%error, "what is overdue could not be counted");
                None
            }
        }
    }
}

fn span(now: Timestamp) -> (Timestamp, Timestamp) {
    (now, now.checked_add(SOON).unwrap_or(now))
}

/// A number of tickets in words: beyond so many it tells nobody more.
pub fn number_in_words(number: usize) -> String {
    match number {
        few if few <= MOST_COUNTED => language::number(language::count(few)),
        _ => format!("{}+", language::number(language::count(MOST_COUNTED))),
    }
}

/// A page of a list.
#[derive(Default)]
pub struct Listed {
    /// Its tickets, in order.
    pub tickets: Vec<Ticket>,
    /// The page before it.
    pub previous: Option<ListAddress>,
    /// The page behind it.
    pub next: Option<ListAddress>,
    /// The number of its first row, from 1.
    pub first_row: usize,
    /// What of the view is urgent; told on its first page, of views that stand by due times.
    pub urgent: Option<Urgent>,
    /// How many there are in all, where whoever was asked told it.
    pub count: Option<usize>,
    /// What of the answer may be missing, in words; nothing where it is whole.
    pub lacking: Option<String>,
}

/// Reads a page of a standing view.
pub async fn list(desk: &Desk, address: &ListAddress, looking: Looking<'_>) -> Result<Listed, Failure> {
    let view = address.view();
    let lists = lists_of(view, looking);
    let mut page = address.page();
    loop {
        let stretch = stretch_of(view, desk.now(), &page);
        let asked = lists
            .iter()
            .map(|list| desk.tickets().stretch(list, &stretch, ROWS + 1));
        let read = try_join_all(asked).await?;
        let mut places: Vec<(String, TicketNumber)> = read.concat();
        places.sort();
        let mut numbers: Vec<TicketNumber> = match (view, &page) {
            (View::Unassigned, Page::First) => ungrouped(desk, ROWS).await?,
            _ => vec![],
        };
        let room = ROWS.saturating_sub(numbers.len());
        let is_more = places.len() > room;
        if let Page::Before(_) = page {
            if !is_more {
                // That is where the list begins: its first page is shown whole.
                page = Page::First;
                continue;
            }
            places.drain(..places.len() - ROWS);
        }
        places.truncate(room);
        let urgent = match page {
            Page::First if view.is_by_due() => {
                let of: Vec<_> = lists.iter().zip(read.iter().map(Vec::as_slice)).collect();
                Urgent::of_lists(desk, &of).await
            }
            _ => None,
        };
        let here = match page {
            Page::First => &address.first(),
            Page::After(_) | Page::Before(_) => address,
        };
        let first = places.first().map(|(place, _)| place.as_str());
        // Where what has no group fills the page, the line begins behind it.
        let last = places.last().map(|(place, _)| place.as_str());
        let last = last.or((room == 0).then_some(BEFORE_LINE));
        let (is_before, is_behind) = match page {
            Page::First => (false, is_more),
            Page::After(_) => (true, is_more),
            Page::Before(_) => (true, true),
        };
        numbers.extend(places.iter().map(|(_, number)| *number));
        let mut tickets = desk.tickets().get_many(&numbers).await?;
        tickets.retain(|ticket| view.holds(ticket, looking.me));
        return Ok(Listed {
            tickets,
            previous: match (first, is_before) {
                (Some(first), true) => Some(here.ahead_of(first)),
                // Behind the end there is a way back.
                (None, true) => Some(here.first()),
                _ => None,
            },
            next: last
                .filter(|_| is_behind)
                .map(|last| here.behind(last, numbers.len())),
            first_row: here.first_row(),
            urgent,
            count: None,
            lacking: None,
        });
    }
}

/// The first tickets that have no group yet: they stand in no line, and are about to be triaged.
async fn ungrouped(desk: &Desk, most: usize) -> Result<Vec<TicketNumber>, Failure> {
    let list = TicketList::Group(None, vec![StatusClass::Active]);
    Ok(desk.tickets().numbers(&list, most).await?)
}

/// The stretch of the view's lists that a page begins in.
fn stretch_of(view: View, now: Timestamp, page: &Page<'_>) -> Stretch {
    let (now, soon) = span(now);
    let (after, before) = match view {
        View::Snoozed => (Some(BEFORE_SNOOZED.to_owned()), None),
        View::Overdue => (None, Some(Stretch::end_of_due(now))),
        View::DueSoon => (Some(Stretch::end_of_due(now)), Some(Stretch::end_of_due(soon))),
        View::Mine | View::Open | View::Group(_) => (None, Some(BEFORE_SNOOZED.to_owned())),
        View::Unassigned | View::Mentions | View::Paused | View::Solved | View::Saved(_) => (None, None),
    };
    let backwards = matches!(page, Page::Before(_));
    let whole = Stretch {
        after,
        before,
        backwards,
    };
    match page {
        Page::First => whole,
        Page::After(place) | Page::Before(place) => whole.beyond(place),
    }
}

/// The lists that a view is put together from.
fn lists_of(view: View, looking: Looking<'_>) -> Vec<TicketList> {
    let of = |groups: &[GroupId], classes: &[StatusClass]| -> Vec<TicketList> {
        let list = |group: &GroupId| TicketList::Group(Some(*group), classes.to_vec());
        groups.iter().map(list).collect()
    };
    let of_all = |classes: &[StatusClass]| {
        let mut lists = of(looking.groups, classes);
        lists.push(TicketList::Group(None, classes.to_vec()));
        lists
    };
    match view {
        View::Mine => vec![TicketList::Agent(looking.me)],
        View::Unassigned => looking.groups.iter().copied().map(TicketList::Waiting).collect(),
        View::Overdue | View::DueSoon => of(&looking.concerned(), &StatusClass::ALL),
        View::Open | View::Snoozed => of_all(&StatusClass::ALL),
        View::Paused => of_all(&[StatusClass::Paused]),
        View::Group(group) => of(&[group], &StatusClass::ALL),
        View::Mentions | View::Solved | View::Saved(_) => vec![],
    }
}

/// The numbers of a standing view's first tickets.
pub async fn numbers(
    desk: &Desk,
    view: View,
    looking: Looking<'_>,
    most: usize,
) -> Result<Vec<TicketNumber>, Failure> {
    let stretch = stretch_of(view, desk.now(), &Page::First);
    let lists = lists_of(view, looking);
    let asked = lists
        .iter()
        .map(|list| desk.tickets().stretch(list, &stretch, most));
    let mut places: Vec<(String, TicketNumber)> = try_join_all(asked).await?.concat();
    places.sort();
    let mut numbers: Vec<TicketNumber> = match view {
        View::Unassigned => {
            // Some of them may be somebody's all the same.
            let ungrouped = ungrouped(desk, most).await?;
            let mut tickets = desk.tickets().get_many(&ungrouped).await?;
            tickets.retain(|ticket| view.holds(ticket, looking.me));
            tickets.into_iter().map(|ticket| ticket.number).collect()
        }
        _ => vec![],
    };
    numbers.extend(places.into_iter().map(|(_, number)| number));
    numbers.truncate(most);
    Ok(numbers)
}

/// What was solved or closed today or yesterday, by its changes: where the index of the search can't be asked.
pub async fn solved_lately(desk: &Desk, me: PersonId) -> Result<Vec<Ticket>, Failure> {
    let today = desk.now();
    let yesterday = today.checked_sub(SignedDuration::from_hours(24)).unwrap_or(today);
    let days = [today, yesterday].map(TicketList::ChangedOn);
    let read = days.iter().map(|day| desk.tickets().list(day, MOST_OF_A_DAY));
    let mut tickets: Vec<Ticket> = try_join_all(read).await?.concat();
    tickets.retain(|ticket| View::Solved.holds(ticket, me));
    tickets.sort_by_key(|ticket| (std::cmp::Reverse(ticket.updated_at), ticket.number));
    tickets.dedup_by_key(|ticket| ticket.number);
    tickets.truncate(ROWS);
    Ok(tickets)
}

/// Most tickets of a day that are looked at for what was solved on it.
const MOST_OF_A_DAY: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_to_two_thousand() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_042, "1,042"),
            (2_000, "2,000"),
            (2_001, "2,000+"),
        ] {
            assert_eq!(number_in_words(number), expected);
        }
    }

    #[test]
    fn a_page_goes_on_within_the_stretch_of_its_view() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let end = Stretch::end_of_due(now);
        let first = stretch_of(View::DueSoon, now, &Page::First);
        assert_eq!(first.after.as_deref(), Some(end.as_str()));
        let place = "0#1772452900000#000000000012";
        let next = stretch_of(View::DueSoon, now, &Page::After(place));
        assert_eq!(
            (next.after.as_deref(), next.before),
            (Some(place), first.before.clone())
        );
        // A place that is overdue by now does not widen it.
        let late = stretch_of(View::DueSoon, now, &Page::After("0#1000000000000#000000000012"));
        assert_eq!(late.after.as_deref(), Some(end.as_str()));
        let back = stretch_of(View::DueSoon, now, &Page::Before(place));
        assert_eq!(
            (back.after.as_deref(), back.before.as_deref()),
            (Some(end.as_str()), Some(place))
        );
    }
}
