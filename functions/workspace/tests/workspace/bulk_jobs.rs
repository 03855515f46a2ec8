//! What becomes of a whole list that is changed by a job: how far it is, and which tickets refused.

use crate::{
    bulk::{act, done},
    listing::href,
    world::{ADMIN, BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_desk::{JobRows, jobs::Begun};
use docket_domain::job::{JobKind, RowError, RowResult};

#[tokio::test]
async fn whoever_began_it_sees_how_far_a_job_is_and_which_tickets_refused_and_why() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(52).await;
    let browser = world.browser(BEN).await;
    let answer = act(&browser, &numbers[..1], "priority:high", &[("all", "1")]).await;
    let page = done(&browser, &answer).await;
    let path = href(&page, "how-it-stands").unwrap();
    browser
        .get(&path)
        .await
        .shows("0 of 52 tickets were tried so far.</b> None of them refused.");
    let jobs = world.desk.jobs();
    let job = jobs.newest(1).await.unwrap().remove(0);
    let row = |index: u32| RowResult {
        index,
        id: Some(u64::from(index) + 1),
        created: false,
        error: (index == 3).then(|| RowError::new("RecordInvalid", "the ticket is <closed>")),
    };
    jobs.record(&job, (0..52).map(row).collect())
        .await
        .unwrap()
        .unwrap();
    let over = browser.get(&path).await;
    over.shows("All 52 tickets were tried.</b> 1 could not be changed, or not in full.");
    over.shows("<a href=\"/agent/tickets/4\">Ticket 4</a> <span class=\"q small\">the ticket is &#60;closed&#62;</span>");
    assert_eq!(world.browser(ADMIN).await.get(&path).await.status, StatusCode::OK);
    assert_eq!(
        world.browser(CLEO).await.get(&path).await.status,
        StatusCode::NOT_FOUND
    );
    for path in [
        "/agent/tickets/bulk/x",
        "/agent/tickets/bulk/019cadf7300007070707070707070707",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_job_that_changes_no_list_is_shown_to_nobody_here() {
    let world = World::new().await.unwrap();
    let rows = JobRows {
        rows: vec![1.into()],
        common: serde_json::Value::Null,
    };
    let begun = world
        .desk
        .jobs()
        .begin(JobKind::DeleteTickets, BEN, &rows, vec![])
        .await
        .unwrap();
    let Begun::New(job) = begun else {
        panic!("it is new")
    };
    let path = format!("/agent/tickets/bulk/{}", job.id);
    let page = world.browser(BEN).await.get(&path).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}
