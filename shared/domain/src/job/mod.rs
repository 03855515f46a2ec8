//! Jobs: what a bulk call asks for, done row by row after the call was answered.
//!
//! A job knows how far it is (`done`), and nothing of what its rows mean. Each row is done under a guard of its own, so a
//! message that comes twice, or a worker that died, does none twice; what is recorded here may lag behind what is done, and
//! never runs ahead of it.

mod id;
mod row;

pub use id::JobId;
pub use row::{RowError, RowResult};

use crate::{PersonId, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Most rows of a job. An API call may ask for fewer; what agents select in a list may be as many.
pub const MOST_ROWS: usize = 10_000;
/// Most jobs of a desk that are not over.
pub const MOST_OPEN_JOBS: usize = 30;
/// Most results that are kept: those of the largest API call. Of a larger job only what failed is kept.
pub const MOST_RESULTS: usize = 100;
/// Rows that one message does.
pub const ROWS_AT_ONCE: u32 = 25;
/// When a job stands still of which nothing was recorded: longer than a message takes.
const STANDS_STILL_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// Longest wait between two looks at a job that stands still.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// From how many stands on its rows are done one by one: what kills its worker is found so.
const STANDS_UNTIL_SINGLE: u32 = 3;
/// From how many stands on the row that it stands before is given up.
const STANDS_UNTIL_GIVEN_UP: u32 = 8;
/// How long a job may take: its rows wait in a part of the bucket that is cleared after three days.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(48);
/// How long a job that is over can be asked for.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is done with each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Tickets are made.
    CreateTickets,
    /// Tickets are changed.
    UpdateTickets,
    /// Tickets are set aside.
    DeleteTickets,
    /// Tickets are set aside, and their requesters suspended.
    MarkTicketsAsSpam,
    /// Tickets that were set aside are deleted for good.
    DeleteTicketsPermanently,
    /// People are made.
    CreateUsers,
    /// People are changed.
    UpdateUsers,
    /// People are made, or changed where they are known.
    CreateOrUpdateUsers,
    /// Organizations are made.
    CreateOrganizations,
    /// Organizations are changed.
    UpdateOrganizations,
    /// Organizations are taken away.
    DeleteOrganizations,
    /// Agents become members of groups.
    CreateGroupMemberships,
    /// Agents leave groups.
    DeleteGroupMemberships,
    /// People are set aside.
    DeleteUsers,
    /// People come to belong to organizations.
    CreateOrganizationMemberships,
    /// People leave organizations.
    DeleteOrganizationMemberships,
    /// Tickets of another system are taken in.
    ImportTickets,
    /// A macro is run on tickets.
    RunMacro,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Nothing is recorded yet.
    Queued,
    /// Some rows are done.
    Working,
    /// Each row was tried.
    Completed,
    /// It can't go on.
    Failed,
    /// It may not go on.
    Killed,
}

/// A job as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is done with each row.
    pub kind: JobKind,
    /// Who asked for it: its rows are done in their name and with what they may.
    pub by: PersonId,
    /// How it stands.
    pub status: JobStatus,
    /// How many rows it has.
    pub total: u32,
    /// How many of them were tried, from the first on.
    pub done: u32,
    /// How many of these failed.
    #[serde(default)]
    pub failed: u32,
    /// What became of rows, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<RowResult>,
    /// Why it ended before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How often it was found standing still since something was recorded.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub stands: u32,
    /// Its rows as JSON, where they are small; larger ones lie by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// Tells one state of it from the next.
    pub v: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something was recorded last.
    pub updated_at: Timestamp,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Job {
    /// A job that begins.
    pub fn new(id: JobId, kind: JobKind, by: PersonId, total: u32, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            by,
            status: JobStatus::Queued,
            total,
            done: 0,
            failed: 0,
            results: vec![],
            why: None,
            stands: 0,
            rows: None,
            v: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether it is not over.
    pub fn is_open(&self) -> bool {
        matches!(self.status, JobStatus::Queued | JobStatus::Working)
    }

    /// The rows that the next message does.
    pub fn next_rows(&self) -> std::ops::Range<u32> {
        let many = if self.stands >= STANDS_UNTIL_SINGLE {
            1
        } else {
            ROWS_AT_ONCE
        };
        self.done..self.done.saturating_add(many).min(self.total)
    }

    /// Whether the row that it stands before was tried so often that its neighbours wait no longer for it.
    pub fn gives_up_next(&self) -> bool {
        self.stands >= STANDS_UNTIL_GIVEN_UP
    }

    /// With what became of the rows that follow those that are done.
    #[must_use]
    pub fn recorded(&self, results: Vec<RowResult>, now: Timestamp) -> Self {
        let mut next = self.next(now);
        let is_failed = |result: &&RowResult| result.error.is_some();
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        next.done = self.done.saturating_add(count(results.len())).min(self.total);
        next.failed += count(results.iter().filter(is_failed).count());
        let keeps_all = self.total <= count(MOST_RESULTS);
        let kept = results
            .into_iter()
            .filter(|result| keeps_all || is_failed(&result));
        next.results.extend(kept);
        next.results.truncate(MOST_RESULTS);
        next.stands = 0;
        next.status = JobStatus::Working;
        if next.done == next.total {
            next.status = JobStatus::Completed;
            next.rows = None;
        }
        next
    }

    /// Ended before its end.
    #[must_use]
    pub fn ended(&self, status: JobStatus, why: &str, now: Timestamp) -> Self {
        Self {
            status,
            why: Some(why.to_owned()),
            rows: None,
            ..self.next(now)
        }
    }

    /// Found standing still.
    #[must_use]
    pub fn found_standing(&self, now: Timestamp) -> Self {
        Self {
            stands: self.stands + 1,
            ..self.next(now)
        }
    }

    fn next(&self, now: Timestamp) -> Self {
        Self {
            v: self.v + 1,
            updated_at: now,
            ..self.clone()
        }
    }

    /// When somebody has to look at it: an open one stands still from then on, one that is over is forgotten.
    pub fn due_at(&self) -> Timestamp {
        let wait = if self.is_open() {
            let doubled = STANDS_STILL_AFTER.saturating_mul(1 << self.stands.min(10));
            doubled.min(LONGEST_WAIT)
        } else {
            KEPT_FOR
        };
        self.updated_at.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// Whether it has taken longer than a job may.
    pub fn is_too_old(&self, now: Timestamp) -> bool {
        let end = self.created_at.checked_add(LONGEST_LIFE);
        end.is_ok_and(|end| end <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_438_400 + seconds).unwrap()
    }

    fn job(total: u32) -> Job {
        let id = JobId::new(at(0), [7; 10]);
        Job::new(id, JobKind::UpdateTickets, PersonId(1), total, at(0))
    }

    fn good(index: u32) -> RowResult {
        RowResult {
            index,
            id: Some(u64::from(index)),
            created: false,
            error: None,
        }
    }

    fn bad(index: u32) -> RowResult {
        RowResult {
            error: Some(RowError::new("RecordInvalid", "no")),
            ..good(index)
        }
    }

    #[test]
    fn a_job_is_over_with_its_last_row_and_no_earlier() {
        let begun = job(26);
        assert_eq!(begun.next_rows(), 0..25);
        let working = begun.recorded((0..25).map(good).collect(), at(1));
        assert_eq!((working.status, working.done), (JobStatus::Working, 25));
        assert_eq!(working.next_rows(), 25..26);
        let over = working.recorded(vec![bad(25)], at(2));
        assert_eq!(
            (over.status, over.done, over.failed),
            (JobStatus::Completed, 26, 1)
        );
        assert_eq!(over.results.len(), 26);
    }

    #[test]
    fn of_a_large_job_what_failed_is_kept_and_not_more_than_that_of_a_call() {
        let mut large = job(10_000);
        for from in (0..10_000).step_by(25) {
            let rows = from..from + 25;
            let results = rows.map(|index| if index % 50 == 0 { bad(index) } else { good(index) });
            large = large.recorded(results.collect(), at(1));
        }
        assert_eq!((large.status, large.failed), (JobStatus::Completed, 200));
        assert_eq!(large.results.len(), MOST_RESULTS);
        assert!(large.results.iter().all(|result| result.error.is_some()));
    }

    #[test]
    fn what_stands_still_goes_on_row_by_row_and_at_last_gives_one_up() {
        let mut still = job(50);
        let mut waits = Vec::new();
        for nth in 0..STANDS_UNTIL_GIVEN_UP {
            assert!(!still.gives_up_next());
            let rows = if nth < STANDS_UNTIL_SINGLE { 25 } else { 1 };
            assert_eq!(still.next_rows(), 0..rows, "{nth}");
            waits.push(still.due_at().duration_since(still.updated_at).as_mins());
            still = still.found_standing(at(60));
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
        assert!(still.gives_up_next());
        let on = still.recorded(vec![bad(0)], at(120));
        assert_eq!(on.next_rows(), 1..26);
        assert!(!on.gives_up_next());
    }

    #[test]
    fn a_job_that_is_over_is_forgotten_after_a_week() {
        let over = job(1).recorded(vec![good(0)], at(5));
        let kept = over.due_at().duration_since(over.updated_at);
        assert_eq!(kept.as_hours(), 7 * 24);
        assert!(!over.is_open());
        assert!(!job(1).is_too_old(at(48 * 3600 - 1)));
        assert!(job(1).is_too_old(at(48 * 3600)));
    }

    #[test]
    fn a_job_that_was_stored_once_is_read() {
        let stored = r#"{"id":"019cadf7300007070707070707070707","kind":"create_tickets","by":1,"status":"working",
            "total":30,"done":25,"v":2,"created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:01Z"}"#;
        let job: Job = serde_json::from_str(stored).unwrap();
        assert_eq!((job.next_rows(), job.failed), (25..30, 0));
        let again = serde_json::to_string(&job).unwrap();
        assert_eq!(serde_json::from_str::<Job>(&again).unwrap(), job);
        let kind: JobKind = serde_json::from_str("\"run_macro\"").unwrap();
        assert_eq!(kind, JobKind::RunMacro);
    }
}
