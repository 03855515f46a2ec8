//! Jobs of bulk calls. A call stores what it asks for and is answered; function `jobs` does the rows, some with each message, and
//! records how far it is. A message is only a nudge: the sweep finds what stands still.

use crate::parts::Jobs;
use docket_domain::{
    PersonId,
    job::{Job, JobId, JobKind, JobStatus, MOST_OPEN_JOBS, MOST_ROWS, RowResult},
};
use docket_store::{
    Never, Queue, StoreError,
    jobs::{JobNudge, JobRows},
    table::{Answer, Committed, Guard, MOST_TRIES},
};

/// Said of a job that took too long.
const TOO_OLD: &str = "It was not done within two days.";

/// What became of a call that begins a job.
#[derive(Clone, Debug)]
pub enum Begun {
    /// It began.
    New(Box<Job>),
    /// It began before; the guard's answer.
    Before(Answer),
    /// As many are open as there may be.
    TooMany,
}

impl Jobs<'_> {
    /// Begins a job in somebody's name. Its guards go into its transaction, and name it to a repeat.
    ///
    /// # Errors
    /// When the world failed; and for more rows than a job may have.
    pub async fn begin(
        self,
        kind: JobKind,
        by: PersonId,
        rows: &JobRows,
        guards: Vec<Guard>,
    ) -> Result<Begun, StoreError> {
        let total = u32::try_from(rows.rows.len()).unwrap_or(u32::MAX);
        if rows.rows.len() > MOST_ROWS {
            return Err(Never::unreadable("job", format!("{total} rows, {MOST_ROWS} are possible")).into());
        }
        let now = self.desk.now();
        let mut random = [0; 10];
        random.copy_from_slice(&self.desk.random_bytes()[..10]);
        let mut job = Job::new(JobId::new(now, random), kind, by, total, now);
        self.put_rows(&mut job, rows).await?;
        let named = |mut guard: Guard| {
            guard.answer.job = Some(job.id.clone());
            guard
        };
        let guards: Vec<Guard> = guards.into_iter().map(named).collect();
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let writes = self.new_writes(&job)?;
            match self.desk.commit_writes(guards.clone(), writes).await? {
                Committed::Done(_) => {
                    self.nudge_softly(&job.id).await;
                    return Ok(Begun::New(Box::new(job)));
                }
                Committed::Duplicate(answer) => return Ok(Begun::Before(answer)),
                Committed::Lost if self.count_of_open().await? >= MOST_OPEN_JOBS => {
                    return Ok(Begun::TooMany);
                }
                Committed::Lost => {}
            }
        }
        Err(StoreError::contended("the list of open jobs"))
    }

    /// Records what became of the rows that follow those that are done. Nothing: somebody else recorded something first.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn record(self, read: &Job, results: Vec<RowResult>) -> Result<Option<Job>, StoreError> {
        self.step(read, read.recorded(results, self.desk.now())).await
    }

    /// Ends a job before its end.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn end(self, read: &Job, status: JobStatus, why: &str) -> Result<Option<Job>, StoreError> {
        self.step(read, read.ended(status, why, self.desk.now())).await
    }

    async fn step(self, read: &Job, to: Job) -> Result<Option<Job>, StoreError> {
        let writes = self.change_writes(read, &to)?;
        match self.desk.commit_writes(vec![], writes).await? {
            Committed::Done(_) => {}
            Committed::Lost | Committed::Duplicate(_) => return Ok(None),
        }
        if !to.is_open() {
            self.forget_rows_softly(&to.id).await;
        }
        Ok(Some(to))
    }

    /// Has a job gone on with.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub async fn nudge(self, id: &JobId) -> Result<(), StoreError> {
        let nudge = JobNudge {
            tenant: self.desk.settings.tenant.clone(),
            job: id.clone(),
        };
        self.desk.queues().send(Queue::Jobs, &nudge).await
    }

    /// The same where it stands already: a nudge that is lost costs time only.
    async fn nudge_softly(self, id: &JobId) {
        if let Err(error) = self.nudge(id).await {
            tracing::warn!(job = %id, %error, "job {id} was begun; nobody was nudged, the sweep will");
        }
    }

    /// The bucket clears what this leaves.
    async fn forget_rows_softly(self, id: &JobId) {
        if let Err(error) = self.forget_rows(id).await {
            tracing::warn!(job = %id, %error, "the rows of job {id} could not be thrown away");
        }
    }

    /// What the sweep does with a job that is due: one that stands still is nudged, one that took too long ends, one that
    /// has been over long enough is forgotten.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn look_after(self, id: &JobId) -> Result<(), StoreError> {
        let now = self.desk.now();
        let Some(job) = self.get(id).await?.filter(|job| job.due_at() <= now) else {
            return Ok(());
        };
        if !job.is_open() {
            let forgotten = vec![self.forget_write(&job)];
            self.desk.commit_writes(vec![], forgotten).await?;
            return Ok(());
        }
        if job.is_too_old(now) {
            tracing::error!(job = %id, done = job.done, total = job.total, "job {id} was not done within two days and ends");
            self.end(&job, JobStatus::Failed, TOO_OLD).await?;
            return Ok(());
        }
        if self.step(&job, job.found_standing(now)).await?.is_some() {
            tracing::warn!(job = %id, done = job.done, total = job.total, "job {id} stood still and is gone on with");
            self.nudge(id).await?;
        }
        Ok(())
    }
}
