//! A macro on many tickets: what it left undone on one is no success of it.

use crate::support::{ADMIN, World};
use api::{TakenUp, take_up};
use docket_desk::{Attempt, Changed, JobRows, jobs::Begun};
use docket_domain::{
    PersonId, TicketNumber,
    job::{JobKind, RowError},
    ticket::{Actor, Command, ReplyVia, Update},
};
use serde_json::json;

#[tokio::test]
async fn a_ticket_on_which_not_all_was_done_is_told_with_what_was_left() {
    let world = World::new().await;
    let record = json!({
        "title": "Restart",
        "actions": [
            { "field": "comment_value", "value": "Please restart it." },
            { "field": "priority", "value": "high" },
        ],
    });
    let made = world.as_admin("POST", "macros", json!({ "macro": record })).await;
    let rule = made["macro"]["id"].as_u64().unwrap();
    let (whole, unreachable) = (world.ticket("Printer").await, world.ticket("Lamp").await);
    let me = world.call_as(ADMIN, "GET", "users/me", &[], None).await;
    let admin = PersonId(me.body["user"]["id"].as_u64().unwrap());
    let nowhere = Update {
        reply_via: Some(ReplyVia::Nowhere),
        ..Update::default()
    };
    let changed = world.desk.change_by(
        TicketNumber(unreachable),
        Attempt::by(Actor::Agent(admin), "a test"),
        Command::Update(Box::new(nowhere)),
    );
    assert!(matches!(changed.await.unwrap(), Changed::Done(_)));
    let rows = JobRows {
        rows: vec![whole.into(), unreachable.into()],
        common: json!({ "macro_id": rule }),
    };
    let jobs = world.desk.jobs();
    let begun = jobs.begin(JobKind::RunMacro, admin, &rows, vec![]).await.unwrap();
    let Begun::New(job) = begun else {
        panic!("it is new")
    };
    while take_up(&world.desk, &job.id).await.unwrap() == TakenUp::GoesOn {}
    let over = jobs.get(&job.id).await.unwrap().unwrap();
    assert_eq!((over.done, over.failed), (2, 1));
    let of = |ticket: u64| {
        let mut rows = over.results.iter();
        rows.find(|row| row.id == Some(ticket)).unwrap()
    };
    assert_eq!(of(whole).error, None);
    let left = of(unreachable).error.as_ref().unwrap();
    assert_eq!(left.error, RowError::PARTLY);
    assert!(left.details.contains("reply"), "{left:?}");
    let shown = world.get(&format!("tickets/{unreachable}")).await;
    assert_eq!(shown.body["ticket"]["priority"], "high", "the rest is done");
}
