//! How a job stands that changes a whole list, in words.

use crate::refusals::{said, told};
use docket_domain::job::{Job, JobStatus, RowError};

/// The job.
pub struct JobShown {
    /// How far it is.
    pub words: String,
    /// Why it ended before its end; empty where it did not.
    pub why: String,
    /// What could not be changed, in words.
    pub failed: String,
    /// These tickets, with why.
    pub refused: Vec<(u64, String)>,
    /// How many more there are of them.
    pub more: usize,
}

impl JobShown {
    /// A job as it stands.
    pub fn of(job: &Job) -> Self {
        let refused: Vec<(u64, String)> = job
            .results
            .iter()
            .filter_map(|row| Some((row.id?, why(row.error.as_ref()?))))
            .collect();
        let failed = usize::try_from(job.failed).unwrap_or(usize::MAX);
        Self {
            words: match job.status {
                JobStatus::Queued | JobStatus::Working => {
                    t!(
                        "{done} of {total} tickets were tried so far",
                        done = job.done,
                        total = job.total
                    )
                }
                JobStatus::Completed => tn!(
                    "The ticket was tried",
                    "All {count} tickets were tried",
                    job.total
                ),
                JobStatus::Failed | JobStatus::Killed => {
                    t!(
                        "It ended after {done} of {total} tickets",
                        done = job.done,
                        total = job.total
                    )
                }
            },
            why: match &job.why {
                Some(why) => said(why, t!("It could not go on.")),
                None => String::new(),
            },
            failed: match job.failed {
                0 => t!("None of them refused.").to_owned(),
                failed => tn!(
                    "{count} could not be changed, or not in full.",
                    "{count} could not be changed, or not in full.",
                    failed
                ),
            },
            more: failed.saturating_sub(refused.len()),
            refused,
        }
    }
}

/// Why a ticket was not changed, or not in full.
fn why(error: &RowError) -> String {
    let why = match error.error.as_str() {
        "RecordNotFound" => t!("the ticket or the macro is not there any more").to_owned(),
        _ => told(&error.details),
    };
    match error.error == RowError::PARTLY {
        true => t!("not in full: {why}", why),
        false => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        PersonId, Timestamp,
        job::{JobId, JobKind, RowResult},
    };

    fn row(index: u32, why: Option<&str>) -> RowResult {
        RowResult {
            index,
            id: Some(u64::from(index) + 1),
            created: false,
            error: why.map(|why| RowError::new("RecordInvalid", why)),
        }
    }

    #[test]
    fn a_job_tells_how_far_it_is_and_which_tickets_refused_and_why() {
        let now = Timestamp::UNIX_EPOCH;
        let new = Job::new(JobId::new(now, [7; 10]), JobKind::RunMacro, PersonId(2), 200, now);
        let shown = JobShown::of(&new);
        assert_eq!(shown.words, "0 of 200 tickets were tried so far");
        assert_eq!((shown.failed.as_str(), shown.more), ("None of them refused.", 0));
        let closed = "the ticket is closed";
        let rows = (0..200).map(|index| row(index, (index < 150).then_some(closed)));
        let over = JobShown::of(&new.recorded(rows.collect(), now));
        assert_eq!(over.words, "All 200 tickets were tried");
        assert_eq!(over.failed, "150 could not be changed, or not in full.");
        assert_eq!((over.refused.len(), over.more), (100, 50));
        assert_eq!(over.refused[1], (2, closed.to_owned()));
        let partly = RowResult {
            error: Some(RowError::new(RowError::PARTLY, "reply: nobody to write to")),
            ..row(0, None)
        };
        let rows = std::iter::once(partly).chain((1..200).map(|index| row(index, None)));
        let over = JobShown::of(&new.recorded(rows.collect(), now));
        assert_eq!(
            over.refused,
            [(1, "not in full: reply: nobody to write to".to_owned())]
        );
        let ended = JobShown::of(&new.ended(JobStatus::Killed, "Nobody may.", now));
        assert_eq!(
            (ended.words.as_str(), ended.why.as_str()),
            ("It ended after 0 of 200 tickets", "Nobody may.")
        );
    }
}
