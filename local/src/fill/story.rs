//! What became of the tickets of a filled desk, and when: so that nothing of it is due just now, and no promise was broken.
//!
//! Under the standard policy a first reply is due after eight hours and a solution after three days; what is solved closes after
//! four days.

use docket_domain::Timestamp;
use jiff::SignedDuration;

/// How a filled ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits in a group whose agents take tickets themselves.
    Waiting,
    /// An agent has it and has not answered yet.
    Open,
    /// An agent answered it and the requester has written again.
    WrittenAgain,
    /// An agent answered it, and waits for the requester.
    Pending,
    /// An agent solved it lately.
    Solved,
    /// It was solved, and closed since.
    Closed,
}

/// Shares of how tickets stand, in percent; what they leave is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Waiting.
    pub waiting: u64,
    /// With an agent, half of them written to again.
    pub open: u64,
    /// Waiting for their requesters.
    pub pending: u64,
    /// Solved lately.
    pub solved: u64,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            waiting: 5,
            open: 15,
            pending: 10,
            solved: 10,
        }
    }
}

/// A ticket to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// When its requester wrote.
    pub created_at: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

/// Triage, and what it leads to, follow the first mail after so long.
pub(super) const A_MOMENT: SignedDuration = SignedDuration::from_secs(2);
/// Agents answer after so long.
pub(super) const ANSWERED_AFTER: SignedDuration = SignedDuration::from_mins(50);
/// Requesters write again after so long, from their first mail on.
pub(super) const WRITTEN_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(95);

/// The stories of so many tickets, oldest first.
pub(super) fn stories(count: u64, shares: Shares, now: Timestamp) -> Vec<Story> {
    let of = |percent: u64| count * percent / 100;
    let open = of(shares.open) / 2;
    let unsolved = [
        (Standing::Waiting, of(shares.waiting)),
        (Standing::Open, open),
        (Standing::WrittenAgain, of(shares.open) - open),
        (Standing::Pending, of(shares.pending)),
        (Standing::Solved, of(shares.solved)),
    ];
    let closed = count.saturating_sub(unsolved.iter().map(|(_, count)| count).sum());
    let all = unsolved.into_iter().chain([(Standing::Closed, closed)]);
    let mut stories: Vec<Story> = all
        .flat_map(|(standing, count)| {
            let (youngest, oldest) = ages(standing);
            let between = (oldest - youngest).as_millis() / i128::from(count.max(1));
            (0..count).map(move |nth| {
                let more = i64::try_from(between * i128::from(nth)).unwrap_or(0);
                let age = youngest + SignedDuration::from_millis(more);
                Story {
                    created_at: now.checked_sub(age).unwrap_or(now),
                    standing,
                }
            })
        })
        .collect();
    stories.sort_by_key(|story| story.created_at);
    stories
}

/// The ages of the youngest and of the oldest of those that stand so.
fn ages(standing: Standing) -> (SignedDuration, SignedDuration) {
    let (minutes, hours) = (SignedDuration::from_mins, SignedDuration::from_hours);
    match standing {
        // A day after the first reply was due there would be breaches; an hour before, there are no warnings either.
        Standing::Waiting => (minutes(5), hours(4)),
        Standing::Open => (minutes(5), hours(5)),
        Standing::WrittenAgain => (hours(2), hours(48)),
        Standing::Pending => (hours(2), hours(30 * 24)),
        Standing::Solved => (hours(2), hours(3 * 24)),
        Standing::Closed => (hours(5 * 24), hours(365 * 24)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ticket_has_its_story_and_the_shares_are_kept() {
        let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let stories = stories(100, Shares::default(), now);
        assert_eq!(stories.len(), 100);
        assert!(stories.is_sorted_by_key(|story| story.created_at));
        assert!(stories.iter().all(|story| story.created_at < now));
        let count = |standing| stories.iter().filter(|story| story.standing == standing).count();
        let counts = [
            Standing::Waiting,
            Standing::Open,
            Standing::WrittenAgain,
            Standing::Closed,
        ]
        .map(count);
        assert_eq!(counts, [5, 7, 8, 60]);
        assert_eq!(super::stories(0, Shares::default(), now), []);
    }
}
