//! `docket bench sweep`: that a sweep costs what is due, however many tickets are open.

use super::machine::{cpu_seconds, peak_memory_mb};
use anyhow::ensure;
use docket_desk::Queue;
use docket_domain::{TicketNumber, Timestamp, ticket::Status};
use docket_local::{
    Functions, LocalDesk, Options,
    fill::{open_ticket, solved_ticket},
    sources::{Polled, QueuePoller, scheduled_event},
    wiring::{Function, source_of},
};
use embedded_aws::{Clock, Storage};
use jiff::SignedDuration;
use std::{path::PathBuf, sync::Arc, time::Instant};

/// Half a read unit for each of the 64 shards.
pub(super) const UNITS_OF_EMPTY_SWEEP: f64 = 32.0;
/// Units of what a sweep asks once, if anything is due: which policies are in force.
pub(super) const UNITS_OF_POLICIES: f64 = 1.0;
/// Units of what is due: one for its head, and its share of a page of the index.
pub(super) const UNITS_OF_DUE: f64 = 1.05;
/// What is due lies this far apart, so that each entry has a time of its own.
const BETWEEN_DUE: SignedDuration = SignedDuration::from_millis(7);
/// Sweeps that find nothing, whose mean is told: one alone is too short to measure.
const EMPTY_SWEEPS: u32 = 50;

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct SweepArguments {
    /// Open tickets; several numbers, separated by commas, are measured one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    open: Vec<u64>,
    /// How many of them are due.
    #[arg(long, default_value_t = 100)]
    due: u64,
    /// Folder to keep the desks in, each in a folder of its own; in memory without it.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Open tickets of a desk that is swept before any is measured, so that the first number does not pay for what a process
/// does once.
const WARM_UP: u64 = 200;

/// What a sweep took, in the mean of some.
pub(super) struct Cost {
    pub(super) read_units: f64,
    pub(super) write_units: f64,
    pub(super) seconds: f64,
    pub(super) cpu_seconds: f64,
}

/// What one desk took: a sweep that fires what is due, and the mean of sweeps that find nothing.
struct Measured {
    filled_seconds: f64,
    fired: u64,
    full: Cost,
    empty: Cost,
}

/// Measures, and prints a line a number of open tickets.
pub async fn run(arguments: SweepArguments) -> anyhow::Result<()> {
    measure(&Storage::Memory, WARM_UP, arguments.due.min(WARM_UP)).await?;
    println!(
        "      open   filled in |    due  fired  read units  write units  seconds   CPU s | none due: read units  seconds   CPU s"
    );
    let mut first: Option<(f64, f64)> = None;
    for &open in &arguments.open {
        ensure!(
            arguments.due <= open,
            "of {open} tickets {} can't be due",
            arguments.due
        );
        let folder = arguments.data.as_ref();
        let folder = folder.map(|folder| folder.join(format!("open-{open}")));
        let storage = folder.map_or(Storage::Memory, Storage::Dir);
        let measured = measure(&storage, open, arguments.due).await?;
        let Measured { full, empty, .. } = &measured;
        println!(
            "{open:>10} {:>9.1} s | {:>6} {:>6} {:>11.1} {:>12.1} {:>8.4} {:>7.3} | {:>20.1} {:>8.4} {:>7.4}",
            measured.filled_seconds,
            arguments.due,
            measured.fired,
            full.read_units,
            full.write_units,
            full.seconds,
            full.cpu_seconds,
            empty.read_units,
            empty.seconds,
            empty.cpu_seconds,
        );
        check(&measured, arguments.due)?;
        let (full_before, empty_before) = *first.get_or_insert((full.cpu_seconds, empty.cpu_seconds));
        println!(
            "           CPU against the first number: {:.2} with what is due, {:.2} with nothing due",
            full.cpu_seconds / full_before,
            empty.cpu_seconds / empty_before
        );
    }
    println!("peak memory, MB {:.0}", peak_memory_mb()?);
    Ok(())
}

/// That all fired, and that nothing was read but what was due.
fn check(measured: &Measured, due: u64) -> anyhow::Result<()> {
    let Measured {
        fired, full, empty, ..
    } = measured;
    ensure!(*fired == due, "{fired} of {due} fired");
    let bound = UNITS_OF_EMPTY_SWEEP + UNITS_OF_POLICIES + UNITS_OF_DUE * due as f64;
    ensure!(
        full.read_units <= bound,
        "a sweep read {} units, not {bound}",
        full.read_units
    );
    ensure!(
        empty.read_units <= UNITS_OF_EMPTY_SWEEP && empty.write_units == 0.0,
        "a second sweep found something"
    );
    Ok(())
}

async fn measure(storage: &Storage, open: u64, due: u64) -> anyhow::Result<Measured> {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse()?;
    let local = LocalDesk::open(Options::new(storage.clone(), Clock::manual(start))).await?;
    let functions = Functions::new(&local, Arc::new(egress::Internet::new(true)));
    let begun = Instant::now();
    fill(&local, open, due)?;
    let filled_seconds = begun.elapsed().as_secs_f64();
    let full = sweeps(&local, &functions, 1).await?;
    let fired = closed(&local, due).await?;
    let empty = sweeps(&local, &functions, EMPTY_SWEEPS).await?;
    Ok(Measured {
        filled_seconds,
        fired,
        full,
        empty,
    })
}

/// Tickets 1 to `due` are solved and close now, the others are open and have time.
fn fill(local: &LocalDesk, open: u64, due: u64) -> anyhow::Result<()> {
    let now = local.desk.now();
    let ago = now.checked_sub(SignedDuration::from_hours(96))?;
    let later = now.checked_add(SignedDuration::from_hours(96))?;
    let tickets = (1..=open).map(|number| {
        let apart = BETWEEN_DUE * i32::try_from(number).unwrap_or(i32::MAX);
        let number = TicketNumber(number);
        if number.0 <= due {
            solved_ticket(number, ago, now.checked_sub(apart).unwrap_or(now))
        } else {
            open_ticket(number, ago, later.checked_add(apart).unwrap_or(later))
        }
    });
    local.fill(tickets)?;
    Ok(())
}

/// Sweeps through the real handler, each with what it hands on through queue `timers`.
pub(super) async fn sweeps(local: &LocalDesk, functions: &Functions, times: u32) -> anyhow::Result<Cost> {
    let timers = QueuePoller::new(local, source_of(Queue::Timers));
    local.aws.tally_capacity(true);
    let (cpu_before, begun) = (cpu_seconds()?, Instant::now());
    for _ in 0..times {
        let event = scheduled_event(local.aws.clock().now());
        functions.invoke(Function::SlaCheck, event).await?;
        while timers.poll(functions, 0).await == Polled::Batch {}
    }
    let each = |total: f64| total / f64::from(times);
    let mut cost = Cost {
        read_units: 0.0,
        write_units: 0.0,
        seconds: each(begun.elapsed().as_secs_f64()),
        cpu_seconds: each(cpu_seconds()? - cpu_before),
    };
    for used in local.aws.capacity() {
        match used.operation.as_str() {
            "GetItem" | "BatchGetItem" | "Query" => cost.read_units += each(used.units),
            _ => cost.write_units += each(used.units),
        }
    }
    Ok(cost)
}

/// How many of the tickets that were due are closed by one event each.
async fn closed(local: &LocalDesk, due: u64) -> anyhow::Result<u64> {
    let mut closed = 0;
    for number in 1..=due {
        let file = local.desk.tickets().file(TicketNumber(number)).await?;
        closed += u64::from(
            file.is_some_and(|file| file.ticket.status == Status::Closed && file.events.len() == 1),
        );
    }
    Ok(closed)
}
