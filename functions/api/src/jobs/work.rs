//! Going on with a job: some rows, then what became of them is recorded.

use super::row::run;
use crate::kit::{
    address::Address,
    auth::who_works_here,
    call::{Call, RowOfJob},
    error::ApiError,
};
use docket_desk::{BlobError, Desk, GuardKey, JobRows, StoreError};
use docket_domain::job::{Job, JobId, JobStatus, RowError, RowResult};
use docket_lambda::batch::catch;
use http::{HeaderMap, Uri};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// How long a message begins further rows: half of the function's timeout, the other half is for the one under way and for recording.
const WORKING_TIME: Duration = Duration::from_secs(30);

/// Said of a job whose rows are lost.
const NO_ROWS: &str = "What was to be done is not stored any more.";
/// Said of a job that nobody may go on with.
const NO_AUTHORITY: &str = "Whoever asked for it may not use this API any more.";

/// How far a job came by a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenUp {
    /// There are rows left, for another message.
    GoesOn,
    /// It is over.
    Over,
    /// Somebody else goes on with it.
    ByAnother,
}

/// Why a row was not even tried.
enum Stopped {
    /// Whoever asked may not use the API any more.
    NoAuthority,
    /// The world failed.
    World(StoreError),
}

/// Does the next rows of a job, and records what became of them. Each row is done once, whatever ends this and however often it is
/// called; what can't be done keeps no other row waiting.
///
/// # Errors
/// When the world failed. What was done before stands, and is recorded if that could be done.
pub async fn take_up(desk: &Desk, id: &JobId) -> Result<TakenUp, StoreError> {
    let Some(job) = desk.jobs().get(id).await?.filter(Job::is_open) else {
        return Ok(TakenUp::Over);
    };
    let rows = match desk.jobs().rows(&job).await {
        Ok(rows) => rows,
        Err(BlobError::Store(error)) if !error.is_final() => return Err(error),
        Err(error) => {
            tracing::error!(job = %id, %error, "the rows of job {id} can't be had: it ends");
            return end(desk, &job, JobStatus::Failed, NO_ROWS).await;
        }
    };
    let (results, stopped) = next_rows(desk, &job, &rows).await;
    let mut job = job;
    if !results.is_empty() {
        match desk.jobs().record(&job, results).await? {
            Some(next) => job = next,
            None => return Ok(TakenUp::ByAnother),
        }
    }
    match stopped {
        Some(Stopped::World(error)) => Err(error),
        Some(Stopped::NoAuthority) => end(desk, &job, JobStatus::Killed, NO_AUTHORITY).await,
        None if job.is_open() => Ok(TakenUp::GoesOn),
        None => Ok(TakenUp::Over),
    }
}

async fn end(desk: &Desk, job: &Job, status: JobStatus, why: &str) -> Result<TakenUp, StoreError> {
    Ok(match desk.jobs().end(job, status, why).await? {
        Some(_) => TakenUp::Over,
        None => TakenUp::ByAnother,
    })
}

async fn next_rows(desk: &Desk, job: &Job, rows: &JobRows) -> (Vec<RowResult>, Option<Stopped>) {
    let until = Instant::now() + WORKING_TIME;
    let mut results = Vec::new();
    for index in job.next_rows() {
        if Instant::now() >= until && !results.is_empty() {
            break;
        }
        match one(desk, job, rows, index).await {
            Ok(result) => results.push(result),
            Err(stopped) => return (results, Some(stopped)),
        }
    }
    (results, None)
}

async fn one(desk: &Desk, job: &Job, rows: &JobRows, index: u32) -> Result<RowResult, Stopped> {
    if job.gives_up_next() {
        return given_up(desk, job, index).await.map_err(Stopped::World);
    }
    // What they may do is asked anew for each row: it may be taken from them meanwhile.
    let caller = match who_works_here(desk, job.by).await {
        Ok(caller) => caller,
        Err(ApiError::Store(error) | ApiError::Contended(error)) => return Err(Stopped::World(error)),
        Err(_) => return Err(Stopped::NoAuthority),
    };
    let call = Call {
        desk: desk.clone(),
        caller: Arc::new(caller),
        address: Arc::new(Address::of(
            &desk.settings,
            &HeaderMap::new(),
            &Uri::from_static("/job_statuses"),
        )),
        row: Some(RowOfJob {
            job: job.id.clone(),
            index,
        }),
    };
    match catch(Box::pin(run(call, job.kind, rows, index))).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(ApiError::Store(error) | ApiError::Contended(error))) => Err(Stopped::World(error)),
        Ok(Err(error)) => Ok(failed(index, super::row::told(&error))),
        Err(_) => {
            let job = &job.id;
            tracing::error!(%job, index, "row {index} of job {job} met a mistake of ours");
            Ok(failed(index, never()))
        }
    }
}

/// A row before which the job stood still too often: it may be what ends its worker. It may have been done all the same.
async fn given_up(desk: &Desk, job: &Job, index: u32) -> Result<RowResult, StoreError> {
    let key = GuardKey::JobRow(job.id.clone(), index);
    if let Some(entry) = desk.guard(&key).await? {
        return Ok(RowResult {
            index,
            id: entry.answer.ticket.map(|number| number.0),
            created: entry.answer.created,
            error: None,
        });
    }
    let job = &job.id;
    tracing::error!(%job, index, "row {index} of job {job} is given up: the job stood still before it again and again");
    Ok(failed(index, never()))
}

fn never() -> RowError {
    RowError::new(
        "InternalError",
        "The desk could not do this. Tell whoever runs the desk.",
    )
}

fn failed(index: u32, error: RowError) -> RowResult {
    RowResult {
        index,
        id: None,
        created: false,
        error: Some(error),
    }
}
