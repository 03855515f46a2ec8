//! A problem with sixty incidents is solved: each is solved and told once, whatever breaks on the way.

use crate::{
    file, in_world,
    jobs::{kill_at, take_one},
    removal::{ask, pass_minutes},
};
use docket_desk::{IncidentsNudge, Queue};
use docket_domain::{
    TicketNumber,
    outbox::{MailPurpose, Work},
    ticket::{Actor, Fact, Status, Ticket},
};
use docket_local::{
    sources::{Polled, QueuePoller},
    wiring::source_of,
    world::{World, WorldOptions},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Incidents of the problem, which is ticket 1: three messages' worth.
const INCIDENTS: u64 = 60;
/// Seeds of the journey under faults.
const SEEDS: u64 = 6;
/// Rounds until all must be solved.
const MOST_ROUNDS: usize = 40;
const SAID: &str = "The server runs again.";

fn incidents() -> impl Iterator<Item = u64> {
    2..2 + INCIDENTS
}

/// A world in which ticket 1 is a problem, and those after it are its incidents.
async fn world_with_incidents(options: WorldOptions) -> World {
    let mut world = World::new(WorldOptions {
        faults: false,
        ..options
    })
    .await
    .unwrap();
    let problem = json!({ "ticket": {
        "subject": "The server is down", "type": "problem", "comment": { "body": "All of it." },
    } });
    let made = ask(&world, "POST", "tickets.json", problem).await;
    assert_eq!(made.body["ticket"]["id"], 1, "{made:?}");
    let rows: Vec<Value> = incidents().map(new_incident).collect();
    let made = ask(
        &world,
        "POST",
        "tickets/create_many.json",
        json!({ "tickets": rows }),
    )
    .await;
    assert!(made.is_success(), "{made:?}");
    world.settle().await;
    pass_minutes(&mut world, 1).await;
    for number in incidents() {
        assert_eq!(head(&world, number).await.problem, Some(TicketNumber(1)));
    }
    world
}

fn new_incident(nth: u64) -> Value {
    json!({
        "subject": format!("Nothing works, says {nth}"),
        "type": "incident",
        "problem_id": 1,
        "requester": { "email": format!("kim{nth}@example.com"), "name": "Kim" },
        "comment": { "body": "It is down." },
    })
}

async fn head(world: &World, number: u64) -> Ticket {
    let found = world.local.desk.tickets().get(TicketNumber(number)).await;
    found.unwrap().unwrap()
}

/// Changes a ticket; a client sends again what was not answered.
async fn change(world: &World, number: u64, ticket: Value) {
    let key = format!("{number} {ticket}");
    let (path, body) = (format!("tickets/{number}.json"), json!({ "ticket": ticket }));
    for _ in 0..crate::MOST_TRIES {
        match world.api("PUT", &path, Some(&key), &body).await {
            Some(answer) if answer.is_success() => return,
            Some(answer) => assert!(answer.status >= 500 || answer.status == 409, "{answer:?}"),
            None => {}
        }
    }
    panic!("{path} is not answered");
}

async fn solve_problem(world: &World) {
    let ticket = json!({ "status": "solved", "comment": { "body": SAID, "public": true } });
    change(world, 1, ticket).await;
}

async fn unsolved(world: &World) -> usize {
    let mut count = 0;
    for number in incidents() {
        count += usize::from(head(world, number).await.status.is_unsolved());
    }
    count
}

/// An incident was solved by the desk and told so, once each.
async fn is_solved_and_told_once(world: &World, number: u64) {
    let file = file(world, number).await;
    assert_eq!(file.ticket.status, Status::Solved, "ticket {number}");
    let solvings = file.events.iter().filter(|event| {
        let is_solving = matches!(
            &event.fact,
            Fact::StatusChanged {
                to: Status::Solved,
                ..
            }
        );
        is_solving && event.cause == "its problem #1 was solved" && event.actor == Actor::System
    });
    assert_eq!(solvings.count(), 1, "ticket {number}");
    let author = head(world, 1).await.requester;
    let said = file
        .comments
        .iter()
        .filter(|comment| comment.snippet == SAID)
        .collect::<Vec<_>>();
    assert_eq!(said.len(), 1, "ticket {number}");
    assert_eq!(
        (said[0].author, said[0].public),
        (author, true),
        "ticket {number}"
    );
    let replies = file.outbox.iter().filter(|item| match &item.work {
        Work::Mail { purpose, .. } => {
            matches!(purpose, MailPurpose::Reply { comment_v, .. } if *comment_v == said[0].v)
        }
        _ => false,
    });
    assert_eq!(replies.count(), 1, "ticket {number} is mailed");
}

#[test]
fn sixty_incidents_are_solved_and_told_once_whoever_is_killed() {
    in_world(async {
        let mut world = world_with_incidents(WorldOptions {
            seed: 5,
            ..WorldOptions::default()
        })
        .await;
        // Four calls an incident at least: these fall into the first, the second and the third message.
        kill_at(&world, BTreeSet::from([30, 85, 140, 200]));
        solve_problem(&world).await;
        let poller = QueuePoller::new(&world.local, source_of(Queue::Jobs));
        let mut deaths = 0;
        let mut left = unsolved(&world).await;
        for _ in 0..MOST_ROUNDS {
            if head(&world, 1).await.incidents_due.is_none() {
                break;
            }
            let polled = take_one(&world, &poller).await;
            deaths += usize::from(polled.is_none());
            let now = unsolved(&world).await;
            assert!(now <= left, "it went back from {left} to {now}");
            left = now;
            if !matches!(polled, Some(Polled::Batch)) {
                // Nobody has the message any more: the sweep finds the problem.
                world.local.aws.clock().advance(SignedDuration::from_mins(5));
                world.sweep().await;
            }
        }
        assert_eq!((deaths, left), (4, 0));
        assert_eq!(head(&world, 1).await.incidents_due, None);
        pass_minutes(&mut world, 10).await;
        for number in incidents() {
            is_solved_and_told_once(&world, number).await;
        }
        let recorded = file(&world, 1).await.events;
        let recorded = recorded.iter().filter(|event| match &event.fact {
            Fact::IncidentsSolved(solved) => solved.left == 0,
            _ => false,
        });
        assert_eq!(recorded.count(), 1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// The same while calls go wrong, and messages are lost and come twice.
async fn troubled(seed: u64) {
    let mut world = world_with_incidents(WorldOptions {
        seed,
        ..WorldOptions::default()
    })
    .await;
    world.trouble();
    solve_problem(&world).await;
    let due = head(&world, 1).await.incidents_due;
    for _ in 0..4 {
        if let Some(due) = due {
            let nudge = IncidentsNudge::new(&world.local.desk.settings.tenant, TicketNumber(1), due.v);
            let _ = world.local.desk.queues().send(Queue::Jobs, &nudge).await;
        }
        world.pass(SignedDuration::from_mins(2)).await;
        world.lose_something();
    }
    world.calm();
    for minutes in [2, 4, 8, 16, 32, 60, 60, 60, 60] {
        world.leap(SignedDuration::from_mins(minutes)).await;
    }
    assert_eq!(head(&world, 1).await.incidents_due, None, "seed {seed}");
    for number in incidents() {
        is_solved_and_told_once(&world, number).await;
    }
    assert_eq!(
        world.broken_invariants().await,
        Vec::<String>::new(),
        "seed {seed}"
    );
}

#[test]
fn no_fault_leaves_an_incident_open_or_tells_it_twice() {
    for seed in 0..SEEDS {
        in_world(troubled(seed));
    }
}

#[test]
fn what_is_reopened_or_linked_afterwards_stays_open() {
    in_world(async {
        let mut world = world_with_incidents(WorldOptions::default()).await;
        change(&world, 4, json!({ "status": "solved" })).await;
        solve_problem(&world).await;
        // Before anything is done about it: one is reopened, one comes along.
        world.local.aws.clock().advance(SignedDuration::from_secs(1));
        change(&world, 4, json!({ "status": "open" })).await;
        let made = ask(
            &world,
            "POST",
            "tickets.json",
            json!({ "ticket": new_incident(99) }),
        )
        .await;
        let late = made.body["ticket"]["id"].as_u64().unwrap();
        pass_minutes(&mut world, 2).await;
        assert_eq!(unsolved(&world).await, 1);
        assert!(head(&world, 4).await.status.is_unsolved());
        assert!(head(&world, late).await.status.is_unsolved());
        assert_eq!(head(&world, 1).await.incidents_due, None);
        // And after: whatever message comes once more.
        change(&world, 5, json!({ "status": "open" })).await;
        let solved_by = file(&world, 1).await.events;
        let queued = solved_by
            .iter()
            .find(|event| matches!(event.fact, Fact::IncidentsQueued(_)))
            .unwrap();
        let nudge = IncidentsNudge::new(&world.local.desk.settings.tenant, TicketNumber(1), queued.v);
        world.local.desk.queues().send(Queue::Jobs, &nudge).await.unwrap();
        pass_minutes(&mut world, 5).await;
        assert!(head(&world, 5).await.status.is_unsolved());
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_problem_that_is_reopened_at_once_leaves_its_incidents() {
    in_world(async {
        let mut world = world_with_incidents(WorldOptions::default()).await;
        solve_problem(&world).await;
        change(&world, 1, json!({ "status": "open" })).await;
        pass_minutes(&mut world, 2).await;
        assert_eq!(unsolved(&world).await, usize::try_from(INCIDENTS).unwrap());
    });
}

#[test]
fn an_incident_that_can_not_be_read_keeps_none_of_the_others() {
    in_world(async {
        let mut world = world_with_incidents(WorldOptions::default()).await;
        crate::bad_neighbours::spoil_head(&world, 7);
        solve_problem(&world).await;
        world.settle().await;
        for number in incidents().filter(|number| *number != 7) {
            assert_eq!(
                head(&world, number).await.status,
                Status::Solved,
                "ticket {number}"
            );
        }
        let events = file(&world, 1).await.events;
        let left = events.iter().find_map(|event| match &event.fact {
            Fact::IncidentsSolved(solved) => Some(solved.left),
            _ => None,
        });
        assert_eq!(left, Some(1));
    });
}
