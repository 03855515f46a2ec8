//! Timers: each fires once, never early, after any outage, and however many there are.
//!
//! `DOCKET_OPEN` and `DOCKET_TIMERS` set other sizes than those of the normal run; `DOCKET_SEEDS` and `DOCKET_SEED` choose
//! seeds as for the core journey.

use crate::{faults::seeds_or, in_world, mail};
use docket_desk::{Queue, TicketFile};
use docket_domain::{
    Tenant, TicketNumber, Timestamp,
    ticket::{Fact, Status, Ticket, TicketEvent},
};
use docket_local::{
    fill::{FILLED_V, open_ticket, solved_ticket},
    world::{World, WorldOptions},
};
use docket_store::{keys::due_shard, queue::ShardNudge};
use embedded_aws::Service;
use jiff::SignedDuration;

/// Open tickets of the normal run, and timers that are due in one minute.
const OPEN: u64 = 20_000;
const TIMERS: u64 = 2_000;
/// Seeds of the normal run.
const SEEDS: u64 = 4;

fn size(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
    set.unwrap_or(otherwise)
}

/// A world without faults.
pub async fn calm_world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

/// So long before now.
pub fn ago(world: &World, time: SignedDuration) -> Timestamp {
    world.local.desk.now().checked_sub(time).unwrap()
}

/// A solved ticket that closes this long after now; before now if it is negative.
pub fn closing(world: &World, number: u64, after: SignedDuration) -> Ticket {
    let close_due_at = world.local.desk.now().checked_add(after).unwrap();
    let solved_at = ago(world, SignedDuration::from_hours(96));
    solved_ticket(TicketNumber(number), solved_at, close_due_at)
}

/// Tickets that close within the minute up to now, a few in each millisecond.
pub fn closing_now(world: &World, numbers: impl IntoIterator<Item = u64>) -> Vec<Ticket> {
    let since = |number: u64| SignedDuration::from_millis(i64::try_from(number * 7 % 60_000).unwrap());
    let numbers = numbers.into_iter();
    numbers
        .map(|number| closing(world, number, -since(number)))
        .collect()
}

/// The first numbers, from 1,000 on, of tickets that stand in these shards of the index `due`.
pub fn numbers_in(shards: std::ops::Range<u8>, count: usize) -> Vec<u64> {
    let is_there = |number: &u64| shards.contains(&due_shard(&Tenant::main(), TicketNumber(*number)));
    (1_000..).filter(is_there).take(count).collect()
}

async fn file_of(world: &World, ticket: &Ticket) -> TicketFile {
    let file = world.local.desk.tickets().file(ticket.number).await;
    file.unwrap().unwrap()
}

/// That each of these is closed by one event, not before it was due, which says when that was; the longest time between.
pub async fn closed_once(world: &World, tickets: &[Ticket]) -> SignedDuration {
    let mut longest = SignedDuration::ZERO;
    for ticket in tickets {
        let file = file_of(world, ticket).await;
        let due_at = ticket.close_due_at.unwrap();
        let [event] = &file.events[..] else {
            panic!("ticket {} has {:?}", ticket.number, file.events);
        };
        assert_eq!((event.v, file.ticket.v), (FILLED_V + 1, FILLED_V + 1));
        assert!(is_closing(event), "{event:?}");
        assert_eq!(event.cause, format!("due {due_at}"));
        assert!(event.at >= due_at, "{event:?} came early");
        longest = longest.max(event.at.duration_since(due_at));
    }
    longest
}

fn is_closing(event: &TicketEvent) -> bool {
    let closed = Status::Closed;
    matches!(event.fact, Fact::StatusChanged { from: Status::Solved, to, .. } if to == closed)
}

/// That nothing has happened to these.
pub async fn untouched(world: &World, tickets: &[Ticket]) {
    for ticket in tickets {
        let file = file_of(world, ticket).await;
        assert_eq!((&file.ticket, file.events.len()), (ticket, 0));
    }
}

/// One sweep with what it hands on; its read units, and the transactions it asked for.
async fn measured_sweep(world: &mut World) -> (f64, u64) {
    world.local.aws.tally_capacity(true);
    world.local.aws.reset_calls();
    world.sweep().await;
    world.settle().await;
    let reads = world.local.aws.capacity().into_iter();
    let reads = reads.filter(|used| matches!(used.operation.as_str(), "GetItem" | "Query"));
    let units = reads.map(|used| used.units).sum();
    world.local.aws.tally_capacity(false);
    let calls = world.local.aws.calls();
    let transactions = calls.get(&(Service::DynamoDb, "TransactWriteItems".to_owned()));
    (units, transactions.copied().unwrap_or(0))
}

/// What waits in queue `timers`.
pub fn handed_on(world: &World) -> Vec<ShardNudge> {
    let messages = world
        .local
        .aws
        .queue_messages(world.local.desk.queue_url(Queue::Timers));
    let nudges = messages.into_iter();
    nudges
        .map(|message| serde_json::from_str(&message.body).unwrap())
        .collect()
}

#[test]
fn a_sweep_reads_what_is_due_and_nothing_of_what_is_open() {
    in_world(async {
        let mut world = calm_world().await;
        // Half a unit for each shard, and what the projections take to see that nothing changed.
        measured_sweep(&mut world).await;
        let (idle, _) = measured_sweep(&mut world).await;
        assert!((32.0..=47.0).contains(&idle), "{idle}");
        let due = closing_now(&world, 1..=100);
        let (created, overdue) = (
            ago(&world, SignedDuration::from_hours(96)),
            ago(&world, SignedDuration::from_mins(-1)),
        );
        let open = (101..=size("DOCKET_OPEN", OPEN)).map(|n| open_ticket(TicketNumber(n), created, overdue));
        world.local.fill(due.iter().cloned().chain(open)).unwrap();

        // One unit more for each head that is due, one for which policies are in force, one for what each save did, of which agents
        // may be told, and the projections' walk.
        let (units, saves) = measured_sweep(&mut world).await;
        let walk = units - (idle + 100.0 + 1.0 + 100.0);
        assert!((0.0..=20.0).contains(&walk), "{units} after {idle}");
        // Two more stamp the lists that changed.
        assert_eq!(saves, 100 + 2);
        closed_once(&world, &due).await;
        assert_eq!(measured_sweep(&mut world).await, (idle + walk, 0));
        closed_once(&world, &due).await;
    });
}

#[test]
fn a_burst_of_timers_goes_through_the_queue_and_each_fires_once() {
    in_world(async {
        let mut world = calm_world().await;
        let due = closing_now(&world, 1..=size("DOCKET_TIMERS", TIMERS));
        world.local.fill(due.iter().cloned()).unwrap();
        let begun = std::time::Instant::now();
        world.sweep().await;
        let shards = handed_on(&world).len();
        assert!((1..=64).contains(&shards), "{shards} shards were handed on");
        world.settle().await;
        let seconds = begun.elapsed().as_secs_f64();
        let lag = closed_once(&world, &due).await;
        println!(
            "{} timers of one minute: {shards} shards through queue timers, all fired in {seconds:.1} s of this machine; the \
             first was due {lag:#} before the sweep",
            due.len()
        );
        world.leap(SignedDuration::from_mins(1)).await;
        closed_once(&world, &due).await;
    });
}

#[test]
fn a_burst_of_timers_under_seeded_faults_fires_each_once() {
    for seed in seeds_or(SEEDS) {
        in_world(async {
            let mut world = World::new(WorldOptions {
                seed,
                faults: true,
                small_pages: seed % 4 == 0,
                ..WorldOptions::default()
            })
            .await
            .unwrap();
            let due = closing_now(&world, numbers_in(0..4, 400));
            world.local.fill(due.iter().cloned()).unwrap();
            for _ in 0..8 {
                world.pass(SignedDuration::from_mins(1)).await;
                world.lose_something();
            }
            world.calm();
            for _ in 0..4 {
                world.leap(SignedDuration::from_mins(6)).await;
            }
            let lag = closed_once(&world, &due).await;
            println!("seed {seed}: the last fired {lag:#} after it was due");
            assert_eq!(
                world.local.desk.due().oldest().await.unwrap(),
                None,
                "seed {seed}"
            );
        });
    }
}

#[test]
fn what_was_due_while_the_desk_was_down_fires_once_on_return() {
    in_world(async {
        let mut world = calm_world().await;
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let away = SignedDuration::from_hours(72);
        let due: Vec<Ticket> = (1..=72)
            .map(|hour| closing(&world, 1_000 + hour, SignedDuration::from_hours(hour as i64)))
            .collect();
        let not_yet = [closing(&world, 2_000, away + SignedDuration::from_millis(1))];
        let mut held_back = closing(&world, 3_000, SignedDuration::from_hours(90));
        held_back.reopen_due_at = Some(ago(&world, SignedDuration::from_hours(-20)));
        let filled = due.iter().chain(&not_yet).chain([&held_back]);
        world.local.fill(filled.cloned()).unwrap();
        world.sweep().await;
        world.settle().await;
        untouched(&world, &due).await;

        world.leap(away).await;
        let returned_at = world.local.desk.now();
        let first = closed_once(&world, &due).await;
        assert_eq!(first, SignedDuration::from_hours(71));
        untouched(&world, &not_yet).await;
        let reopened = file_of(&world, &held_back).await;
        assert_eq!(reopened.ticket.status, Status::Open);
        let promised = world
            .local
            .desk
            .tickets()
            .file(TicketNumber(1))
            .await
            .unwrap()
            .unwrap();
        let timers = |file: &TicketFile| -> Vec<TicketEvent> {
            let events = file.events.iter().filter(|event| event.cause.starts_with("due "));
            events.cloned().collect()
        };
        assert!(timers(&promised).len() >= 2, "{:?}", promised.events);
        assert!(timers(&promised).iter().all(|event| event.at == returned_at));
        assert_eq!(
            timers(&reopened)[0].cause,
            format!("due {}", held_back.reopen_due_at.unwrap())
        );

        // What came of it takes its own time; the timers are done.
        world.sweep().await;
        world.settle().await;
        closed_once(&world, &due).await;
        for before in [reopened, promised] {
            let after = file_of(&world, &before.ticket).await;
            assert_eq!(timers(&after), timers(&before));
        }
    });
}
