//! How many tickets the views at the left have: by the counters that are kept beside tickets, a moment old at most. What the clock alone
//! changes, and what saved views have, is counted when it is asked for, and kept for half a minute.

use super::{
    View,
    address::ListAddress,
    asked::{Question, ask},
    keyed::{Looking, Urgent, number_in_words},
};
use crate::{failure::Failure, kept::Kept, session::SignedIn};
use docket_desk::{COUNTERS, Desk};
use docket_domain::{
    GroupId, PersonId,
    ticket::counted::{Count, CountedOf, Counts},
    view::View as SavedView,
};
use futures_util::{StreamExt as _, stream};

/// Most saved views that are counted beside a page.
pub const MOST_COUNTED_VIEWS: usize = 20;
/// How many of them are counted at once.
const AT_ONCE: usize = 4;
/// The greatest number that is told of what is kept, or counted, up to an end.
const MOST_TOLD: usize = 99;

/// Numbers of tickets by view.
pub struct ViewCounts {
    /// Nothing before the first were counted.
    counts: Option<Counts>,
    urgent: Option<Urgent>,
    mentions: Option<usize>,
    held: Option<usize>,
    me: PersonId,
}

impl ViewCounts {
    /// Reads what is kept of an agent and these groups: one read for a hundred of them.
    pub async fn read(desk: &Desk, kept: &Kept, looking: Looking<'_>) -> Result<Self, Failure> {
        let concerned = looking.concerned();
        let counters = async {
            let generation = desk.projection(COUNTERS).await?.generation;
            if generation == 0 {
                return Ok(None);
            }
            let groups = looking.groups.iter().copied().map(Some);
            let of = std::iter::once(None).chain(groups).map(CountedOf::Group);
            let of: Vec<CountedOf> = of.chain([CountedOf::Agent(looking.me)]).collect();
            Ok::<_, Failure>(Some(desk.counts(generation, &of).await?))
        };
        let (counts, urgent, mentions, held) = tokio::join!(
            counters,
            kept.urgent(desk, &concerned),
            kept.mentions(desk, looking.me),
            kept.held(desk)
        );
        Ok(Self {
            counts: counts?,
            urgent,
            mentions,
            held,
            me: looking.me,
        })
    }

    /// How many tickets a view has; nothing where that is not kept.
    pub fn number(&self, view: View) -> Option<usize> {
        const ALL: &[Count] = &[Count::New, Count::Open, Count::Pending, Count::Hold];
        let wanted = match view {
            View::Mine | View::Open | View::Group(_) => ALL,
            View::Unassigned => &[Count::Unassigned],
            View::Paused => &[Count::Pending, Count::Hold],
            View::Snoozed => &[Count::Snoozed],
            View::Overdue => return self.urgent.map(|urgent| urgent.overdue),
            View::DueSoon => return self.urgent.map(|urgent| urgent.soon),
            View::Mentions => return self.mentions,
            View::Solved | View::Saved(_) => return None,
        };
        // What sleeps has a view of its own.
        let asleep = matches!(view, View::Mine | View::Open | View::Group(_));
        let is_of_view = |of: CountedOf| match (of, view) {
            (CountedOf::Agent(agent), view) => view == View::Mine && agent == self.me,
            (CountedOf::Group(of), View::Group(group)) => of == Some(group),
            (CountedOf::Group(_), view) => view != View::Mine,
        };
        let counts = self.counts.as_ref()?;
        let counted = counts.iter().filter(|((of, _), _)| is_of_view(*of));
        let shown = counted.map(|((_, count), number)| match count {
            count if wanted.contains(count) => *number,
            Count::Snoozed if asleep => -number,
            _ => 0,
        });
        Some(usize::try_from(shown.sum::<i64>()).unwrap_or(0))
    }

    /// The same in words; empty where it is not known.
    pub fn words(&self, view: View) -> String {
        match (view, self.number(view)) {
            (_, None) => String::new(),
            (View::Mentions, Some(number)) => at_most(number),
            (_, Some(number)) => number_in_words(number),
        }
    }

    /// How much mail is held, in words; empty where it is not known.
    pub fn held(&self) -> String {
        self.held.map_or_else(String::new, at_most)
    }
}

/// A number of what is kept, or counted, up to an end.
fn at_most(number: usize) -> String {
    match number {
        0..=MOST_TOLD => number.to_string(),
        _ => format!("{MOST_TOLD}+"),
    }
}

/// Counts the first of these views anew, as far as they were not counted a moment ago. One that can't be counted keeps none of the others.
pub async fn count_saved(desk: &Desk, signed_in: &SignedIn, views: &[SavedView]) {
    let mut counting = Vec::new();
    for view in views.iter().take(MOST_COUNTED_VIEWS) {
        counting.push(count_one(desk, signed_in, view));
    }
    stream::iter(counting)
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<()>>()
        .await;
}

async fn count_one(desk: &Desk, signed_in: &SignedIn, view: &SavedView) {
    let me = signed_in.person.id;
    if signed_in.kept.is_young(desk, view, me) {
        return;
    }
    let question = Question::of(&ListAddress::of(View::Saved(view.id)), Some(view));
    match ask(desk, signed_in, &question, (0, 0), None).await {
        Ok(answer) => {
            let count = usize::try_from(answer.count).unwrap_or(usize::MAX);
            signed_in.kept.count(desk, view, me, count);
        }
        Err(error) => {
            tracing::warn!(view = %view.id, %error, "the tickets of view {} could not be counted", view.id);
        }
    }
}

/// The ids of groups.
pub fn ids(groups: &[docket_domain::configuration::Group]) -> Vec<GroupId> {
    groups.iter().map(|group| group.id).collect()
}
