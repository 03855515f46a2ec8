//! Bulk calls: a job goes on whatever ends its worker, does each row once, and tells the truth about how far it is.

use crate::{file, in_world};
use docket_desk::{JobRows, jobs::Begun};
use docket_domain::{
    PersonId, TicketNumber,
    job::{Job, JobId, JobKind, JobStatus},
    ticket::Fact,
};
use docket_local::{
    fill::Shares,
    sources::{Polled, QueuePoller},
    wiring::{Function, source_of},
    world::{World, WorldOptions},
};
use embedded_aws::{Call, Fault};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Rows of the largest job that there can be; `DOCKET_JOB_ROWS=10000` runs it.
const WHOLE: u32 = 10_000;
/// Rows of the normal run, which does the same in seconds.
const ROWS: u32 = 500;
/// How often the worker is killed.
const KILLS: usize = 5;
/// Rows that may be done and not recorded: those of one message.
const AT_ONCE: u32 = 25;
/// Calls that a row makes at least: kills fall among as many.
const CALLS_OF_A_ROW: u32 = 4;
/// Rounds until a job must be over.
const MOST_ROUNDS: u32 = 2 * WHOLE / AT_ONCE;
/// Seeds of the journey under faults.
const SEEDS: u64 = 6;

fn rows() -> u32 {
    let set = std::env::var("DOCKET_JOB_ROWS").ok();
    set.and_then(|rows| rows.parse().ok()).unwrap_or(ROWS).min(WHOLE)
}

/// A job that tags these tickets.
async fn begin(world: &World, tickets: impl Iterator<Item = u64>) -> JobId {
    let rows = JobRows {
        rows: tickets.map(|number| json!(number)).collect(),
        common: json!({ "additional_tags": ["seen"] }),
    };
    let jobs = world.local.desk.jobs();
    let begun = jobs
        .begin(JobKind::UpdateTickets, PersonId(1), &rows, vec![])
        .await;
    match begun.unwrap() {
        Begun::New(job) => job.id,
        other => panic!("{other:?}"),
    }
}

async fn job(world: &World, id: &JobId) -> Job {
    world.local.desk.jobs().get(id).await.unwrap().unwrap()
}

/// How many of the first tickets have the tag.
async fn tagged(world: &World, rows: u32) -> u32 {
    let numbers: Vec<TicketNumber> = (1..=u64::from(rows)).map(TicketNumber).collect();
    let tickets = world.local.desk.tickets().get_many(&numbers).await.unwrap();
    let is_seen = tickets
        .iter()
        .filter(|ticket| ticket.tags.contains(&"seen".to_owned()));
    u32::try_from(is_seen.count()).unwrap()
}

/// One message of queue `jobs`, or the death of whoever has it.
pub(crate) async fn take_one(world: &World, poller: &QueuePoller) -> Option<Polled> {
    let killed = world.local.aws.killed(Function::Jobs.name());
    tokio::select! {
        biased;
        () = killed => None,
        polled = poller.poll(&world.functions, 0) => Some(polled),
    }
}

/// Kills the worker at these of its calls, before or after each is done.
pub(crate) fn kill_at(world: &World, calls: BTreeSet<u64>) {
    let made = AtomicU64::new(0);
    let plan = move |call: &Call| {
        if call.actor != Function::Jobs.name() {
            return Fault::None;
        }
        let nth = made.fetch_add(1, Ordering::Relaxed);
        match calls.contains(&nth) {
            false => Fault::None,
            true if nth.is_multiple_of(2) => Fault::KillBefore,
            true => Fault::KillAfter,
        }
    };
    world.local.aws.set_fault_plan(Some(Arc::new(plan)));
}

#[test]
fn a_job_killed_five_times_does_each_row_once_and_tells_the_truth() {
    in_world(async {
        let rows = rows();
        let mut world = World::new(WorldOptions {
            seed: 17,
            ..WorldOptions::default()
        })
        .await
        .unwrap();
        let shares = Shares {
            waiting: 0,
            open: 50,
            pending: 50,
            solved: 0,
        };
        world.local.fill_whole(u64::from(rows), shares).await.unwrap();
        let id = begin(&world, 1..=u64::from(rows)).await;
        let mut kills = BTreeSet::new();
        while kills.len() < KILLS {
            kills.insert(u64::from(world.choose(rows * CALLS_OF_A_ROW)));
        }
        kill_at(&world, kills);
        let poller = QueuePoller::new(&world.local, source_of(docket_desk::Queue::Jobs));
        let (mut deaths, mut seen) = (0, 0);
        for _ in 0..MOST_ROUNDS {
            let polled = take_one(&world, &poller).await;
            let now = job(&world, &id).await;
            assert!(now.done >= seen, "it went back from {seen} to {}", now.done);
            seen = now.done;
            if polled.is_none() {
                deaths += 1;
                let done = tagged(&world, rows).await;
                let of_a_message = now.done..=now.done + AT_ONCE;
                assert!(
                    of_a_message.contains(&done),
                    "{done} are done, it says {}",
                    now.done
                );
            }
            if !now.is_open() {
                break;
            }
            if !matches!(polled, Some(Polled::Batch)) {
                // Nobody has the message any more: the sweep finds the job standing still.
                world.local.aws.clock().advance(SignedDuration::from_mins(3));
                world.sweep().await;
            }
        }
        assert_eq!(deaths, KILLS);
        let over = job(&world, &id).await;
        assert_eq!(
            (over.status, over.done, over.failed),
            (JobStatus::Completed, rows, 0)
        );
        for number in 1..=u64::from(rows) {
            let file = file(&world, number).await;
            let cause = format!("job {id}, row {}", number - 1);
            let by_jobs = file.events.iter().filter(|event| event.cause.starts_with("job "));
            let changes: Vec<_> = by_jobs.collect();
            assert!(
                changes.iter().all(|event| event.cause == cause),
                "ticket {number}"
            );
            let is_tag = changes
                .iter()
                .filter(|event| matches!(event.fact, Fact::TagsChanged { .. }));
            assert_eq!(is_tag.count(), 1, "ticket {number}");
        }
        assert!(
            world.local.aws.objects("upload/").is_empty(),
            "its rows are thrown away"
        );
    });
}

#[test]
fn a_job_that_is_over_is_forgotten_after_a_week() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let id = begin(&world, 1..=1).await;
        world.settle().await;
        assert_eq!(job(&world, &id).await.status, JobStatus::Completed);
        world.leap(SignedDuration::from_hours(7 * 24 - 1)).await;
        assert!(world.local.desk.jobs().get(&id).await.unwrap().is_some());
        world.leap(SignedDuration::from_hours(2)).await;
        assert_eq!(world.local.desk.jobs().get(&id).await.unwrap(), None);
    });
}

/// A call that its client sends until it is answered.
async fn insist(world: &World, method: &str, path: &str, key: &str, body: &Value) -> Value {
    for _ in 0..crate::MOST_TRIES {
        match world.api(method, path, Some(key), body).await {
            Some(answer) if answer.is_success() => return answer.body["job_status"].clone(),
            Some(answer) => assert!(answer.status >= 500 || answer.status == 409, "{answer:?}"),
            None => {}
        }
    }
    panic!("{path} is not answered");
}

fn id_of(status: &Value) -> JobId {
    JobId::parse(status["id"].as_str().unwrap()).unwrap()
}

/// Bulk calls while calls go wrong, messages are lost and come twice.
async fn troubled(seed: u64) {
    let faults = WorldOptions {
        seed,
        faults: true,
        ..WorldOptions::default()
    };
    let mut world = World::new(faults).await.unwrap();
    let mut records: Vec<Value> = (0..30)
        .map(|nth| {
            json!({
                "subject": format!("Parcel {nth}"),
                "requester": { "email": format!("kim{nth}@example.com"), "name": "Kim" },
                "comment": { "body": format!("Where is parcel {nth}?") },
            })
        })
        .collect();
    records[7] = json!({ "subject": "without a comment" });
    let body = json!({ "tickets": records });
    let made = insist(&world, "POST", "tickets/create_many.json", "make", &body).await;
    let made = id_of(&made);
    let again = insist(&world, "POST", "tickets/create_many.json", "make", &body).await;
    assert_eq!(id_of(&again), made, "seed {seed}");
    let mut seen = 0;
    for _ in 0..4 {
        // A message twice, and sometimes none.
        let _ = world.local.desk.jobs().nudge(&made).await;
        world.pass(SignedDuration::from_mins(2)).await;
        world.lose_something();
        let now = job(&world, &made).await;
        assert!(now.done >= seen, "seed {seed}");
        seen = now.done;
    }
    world.calm();
    for minutes in [2, 4, 8, 16, 32, 60, 60, 60, 60] {
        world.leap(SignedDuration::from_mins(minutes)).await;
    }
    let over = job(&world, &made).await;
    assert_eq!(
        (over.status, over.done, over.failed),
        (JobStatus::Completed, 30, 1),
        "seed {seed}: {over:?}"
    );
    let failed: Vec<u32> = over
        .results
        .iter()
        .filter(|row| row.error.is_some())
        .map(|row| row.index)
        .collect();
    assert_eq!(failed, [7], "seed {seed}");
    let ids: BTreeSet<u64> = over.results.iter().filter_map(|row| row.id).collect();
    assert_eq!(ids.len(), 29, "seed {seed}: each made one of its own");
    let listed = world
        .api("GET", "tickets.json?per_page=1", None, &Value::Null)
        .await
        .unwrap();
    assert_eq!(listed.body["count"], 29, "seed {seed}");
    for row in over.results.iter().filter(|row| row.error.is_none()) {
        let ticket = file(&world, row.id.unwrap()).await.ticket;
        assert_eq!(ticket.subject, format!("Parcel {}", row.index), "seed {seed}");
    }
    assert_eq!(
        world.broken_invariants().await,
        Vec::<String>::new(),
        "seed {seed}"
    );
}

#[test]
fn what_is_lost_or_comes_twice_makes_no_ticket_too_few_or_too_many() {
    for seed in 0..SEEDS {
        in_world(troubled(seed));
    }
}

#[test]
fn a_row_that_ends_every_worker_keeps_no_other_waiting_for_ever() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let shares = Shares {
            waiting: 0,
            open: 100,
            pending: 0,
            solved: 0,
        };
        world.local.fill_whole(3, shares).await.unwrap();
        let long = "It does not end. ".repeat(300);
        let body = json!({ "tickets": [
            { "id": 1, "additional_tags": ["seen"] },
            { "id": 2, "additional_tags": ["seen"], "comment": { "body": long } },
            { "id": 3, "additional_tags": ["seen"] },
        ] });
        let begun = world
            .api("PUT", "tickets/update_many.json", None, &body)
            .await
            .unwrap();
        let id = id_of(&begun.body["job_status"]);
        // A long text is stored before its comment: that is where the worker dies.
        let plan = |call: &Call| match call.actor == "jobs" && call.operation == "PutObject" {
            true => Fault::KillBefore,
            false => Fault::None,
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        // Three looks until its rows are done one by one, eight until one is given up; they wait an hour at most.
        for _ in 0..3 + 8 {
            world.leap(SignedDuration::from_mins(61)).await;
        }
        let over = job(&world, &id).await;
        assert_eq!(
            (over.status, over.done, over.failed),
            (JobStatus::Completed, 3, 1),
            "{over:?}"
        );
        let error = over.results[1].error.as_ref().unwrap();
        assert_eq!(error.error, "InternalError");
        assert_eq!(tagged(&world, 3).await, 2);
    });
}
