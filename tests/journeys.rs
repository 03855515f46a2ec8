//! Journeys across the functions, on the embedded desk: the core loop, calm and under seeded faults. Beside them, in the
//! same binary because linking costs most: what the repository, its template and its records keep to.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod architecture;
mod assignment;
mod capacity;
#[path = "support/collection.rs"]
mod collection;
mod infrastructure;
mod routing_cases;
mod search_relevance;

#[path = "journeys/attacks.rs"]
mod attacks;
#[path = "journeys/audit.rs"]
mod audit;
#[path = "journeys/backtest.rs"]
mod backtest;
#[path = "journeys/bad_neighbours.rs"]
mod bad_neighbours;
#[path = "journeys/bombs.rs"]
mod bombs;
#[path = "journeys/bots.rs"]
mod bots;
#[path = "journeys/burst.rs"]
mod burst;
#[path = "journeys/burst_audit.rs"]
mod burst_audit;
#[path = "journeys/burst_desk.rs"]
mod burst_desk;
#[path = "journeys/calm.rs"]
mod calm;
#[path = "journeys/cheap_mail.rs"]
mod cheap_mail;
#[path = "journeys/escalation.rs"]
mod escalation;
#[path = "journeys/failing_world.rs"]
mod failing_world;
#[path = "journeys/fan_out.rs"]
mod fan_out;
#[path = "journeys/faults.rs"]
mod faults;
#[path = "journeys/fields.rs"]
mod fields;
#[path = "journeys/files.rs"]
mod files;
#[path = "journeys/filled.rs"]
mod filled;
#[path = "journeys/forgotten.rs"]
mod forgotten;
#[path = "journeys/forwarding.rs"]
mod forwarding;
#[path = "journeys/groups.rs"]
mod groups;
#[path = "journeys/guards.rs"]
mod guards;
#[path = "journeys/held.rs"]
mod held;
#[path = "journeys/incidents.rs"]
mod incidents;
#[path = "journeys/jobs.rs"]
mod jobs;
#[path = "journeys/ledger.rs"]
mod ledger;
#[path = "journeys/lists.rs"]
mod lists;
#[path = "journeys/long_line.rs"]
mod long_line;
#[path = "journeys/lookups.rs"]
mod lookups;
#[path = "journeys/loops.rs"]
mod loops;
#[path = "journeys/lost_answers.rs"]
mod lost_answers;
#[path = "journeys/made_up_year.rs"]
mod made_up_year;
#[path = "journeys/mailboxes.rs"]
mod mailboxes;
#[path = "journeys/merged_organizations.rs"]
mod merged_organizations;
#[path = "journeys/merging.rs"]
mod merging;
#[path = "journeys/monitors.rs"]
mod monitors;
#[path = "journeys/notifications.rs"]
mod notifications;
#[path = "journeys/one_change.rs"]
mod one_change;
#[path = "journeys/people.rs"]
mod people;
#[path = "journeys/power_cut.rs"]
mod power_cut;
#[path = "journeys/projections.rs"]
mod projections;
#[path = "journeys/promises.rs"]
mod promises;
#[path = "journeys/reactions.rs"]
mod reactions;
#[path = "journeys/read_once.rs"]
mod read_once;
#[path = "journeys/recalling.rs"]
mod recalling;
#[path = "journeys/record.rs"]
mod record;
#[path = "journeys/redacted.rs"]
mod redacted;
#[path = "journeys/removal.rs"]
mod removal;
#[path = "journeys/returned.rs"]
mod returned;
#[path = "journeys/rules.rs"]
mod rules;
#[path = "journeys/same_person.rs"]
mod same_person;
#[path = "journeys/search.rs"]
mod search;
#[path = "journeys/search_blocks.rs"]
mod search_blocks;
#[path = "journeys/search_kept.rs"]
mod search_kept;
#[path = "journeys/solution.rs"]
mod solution;
#[path = "journeys/staff.rs"]
mod staff;
#[path = "journeys/tags_and_lists.rs"]
mod tags_and_lists;
#[path = "journeys/timers.rs"]
mod timers;
#[path = "journeys/unsent_answers.rs"]
mod unsent_answers;

use docket_desk::TicketFile;
use docket_domain::{TicketNumber, ticket::Status};
use docket_local::world::{World, WorldOptions};
use serde_json::json;

/// How often a client sends a call that is not answered.
const MOST_TRIES: usize = 20;

/// Runs a future as every world must be run: one thread, paused time.
fn in_world<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn mail(from: &str, id: &str, more: &str, text: &str) -> String {
    format!("From: {from}\r\nSubject: The printer burns\r\nMessage-ID: <{id}>\r\n{more}\r\n{text}\r\n")
}

/// Mails of as many writers, each worked on before the next comes.
async fn mails_of_writers(world: &mut World, ids: std::ops::RangeInclusive<u64>) {
    for id in ids {
        let from = format!("writer{id}@example.com");
        world.receive(
            &mail(&from, &format!("w{id}@example.com"), "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
    }
}

/// An agent's answer through the API, with an idempotency key; whether it was accepted. A client sends again what was
/// not answered.
async fn answer(world: &World, number: u64, words: &str, solve: bool) -> bool {
    let mut ticket = json!({ "comment": { "body": words, "public": true } });
    if solve {
        ticket["status"] = json!("solved");
    }
    let (path, body) = (format!("tickets/{number}.json"), json!({ "ticket": ticket }));
    for _ in 0..MOST_TRIES {
        match world.api("PUT", &path, Some(words), &body).await {
            Some(answer) if answer.is_success() => return true,
            Some(answer) if answer.status < 500 => return false,
            _ => {}
        }
    }
    false
}

/// A bot hands a customer over, and sends again what was not answered; whether it was accepted.
async fn hand_over(world: &World, webhook_id: &str, words: &str) -> bool {
    let payload = json!({
        "type": "handoff.requested",
        "data": {
            "external_id": "chat-7",
            "customer": { "id": "u-1", "name": "Kim" },
            "text": words,
            "transcript": [{ "who": "user", "text": "Are you a robot?" }],
            "reply_via": { "url": "https://bot.example/answers" },
        },
    });
    for _ in 0..MOST_TRIES {
        match world.hook(webhook_id, &payload).await {
            Some(answer) if answer.is_success() => return true,
            Some(answer) => assert!(answer.status >= 500, "{answer:?}"),
            None => {}
        }
    }
    false
}

/// A world in which Eve's mail is ticket 1.
async fn eves_ticket() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    world.receive(
        &mail("Eve <eve@example.com>", "m1@example.com", "", "Help!"),
        &[],
        false,
    );
    world.settle().await;
    world
}

/// A ticket with everything on it.
async fn file(world: &World, number: u64) -> TicketFile {
    let found = world.local.desk.tickets().file(TicketNumber(number)).await;
    found.unwrap().unwrap()
}

async fn status(world: &World, number: u64) -> Status {
    world
        .local
        .desk
        .tickets()
        .get(TicketNumber(number))
        .await
        .unwrap()
        .unwrap()
        .status
}
