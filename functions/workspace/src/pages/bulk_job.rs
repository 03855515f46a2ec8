//! How a job stands that changes a whole list: how far it is, and which tickets could not be changed, with why. It is shown to whoever began it.

use crate::{failure::Failure, frame::Frame, models::job_shown::JobShown, session::SignedIn};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use docket_desk::Desk;
use docket_domain::{
    job::{Job, JobId, JobKind},
    people::staff::Role,
};

#[derive(Template)]
#[template(path = "bulk_job.html")]
struct JobPage {
    frame: Frame,
    job: JobShown,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = JobId::parse(&id).ok_or(Failure::Missing)?;
    let person = &signed_in.person;
    let is_theirs = |job: &Job| job.by == person.id || person.role == Role::Admin;
    let is_of_a_list = |job: &Job| matches!(job.kind, JobKind::UpdateTickets | JobKind::RunMacro);
    let job = desk.jobs().get(&id).await?;
    let job = job.filter(|job| is_theirs(job) && is_of_a_list(job));
    let job = job.ok_or(Failure::Missing)?;
    let groups = desk.groups().all().await?;
    let page = JobPage {
        frame: Frame::of_place(&desk, &signed_in, &groups).await?,
        job: JobShown::of(&job),
    };
    Ok(Html(page.render()?).into_response())
}
