//! `docket bench`: what the desk costs, measured on the embedded AWS.

mod automations;
mod machine;
mod mails;
mod requests;
mod rules;
mod search;
mod sweep;

use clap::{Args, Subcommand};
use std::time::Duration;

/// What is measured.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BenchArguments {
    #[command(subcommand)]
    measure: Option<Measure>,
    #[command(flatten)]
    mails: mails::MailsArguments,
}

#[derive(Debug, Subcommand)]
enum Measure {
    /// One sweep over so many open tickets: read units, what fired, time. It fails if any of it grows with them.
    Sweep(sweep::SweepArguments),
    /// One sweep in which an automation runs on some of so many open tickets: read units, runs. It fails if any of it grows
    /// with those that the automation does not concern.
    Automations(automations::AutomationsArguments),
    /// Requests of people and programs on a desk with whole tickets: time, CPU, calls and bytes of each kind, alone, from several
    /// clients at once, and while tickets wait to be assigned.
    Requests(requests::RequestsArguments),
    /// So many routing rules on one ticket: milliseconds of CPU.
    Rules(rules::RulesArguments),
    /// The index of the search over so many tickets: CPU and bytes a ticket, splits, and of each kind of query time, CPU and what it
    /// reads of the bucket.
    Search(search::SearchArguments),
}

/// Measures, and prints one line a figure.
pub async fn run(arguments: BenchArguments) -> anyhow::Result<()> {
    match arguments.measure {
        None => mails::run(arguments.mails).await,
        Some(Measure::Sweep(arguments)) => sweep::run(arguments).await,
        Some(Measure::Automations(arguments)) => automations::run(arguments).await,
        Some(Measure::Requests(arguments)) => requests::run(arguments).await,
        Some(Measure::Rules(arguments)) => rules::run(arguments),
        Some(Measure::Search(arguments)) => search::run(arguments).await,
    }
}

/// In milliseconds, the least that so many percent of them did not go beyond.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100);
    let took = sorted.get(place.saturating_sub(1));
    took.map_or(0.0, |took| took.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_taken() {
        let of = |count: u64, percent| {
            let took: Vec<Duration> = (1..=count).map(Duration::from_millis).collect();
            percentile(&took, percent)
        };
        assert_eq!(
            [of(0, 50), of(1, 99), of(2, 50), of(100, 50), of(100, 99)],
            [0.0, 1.0, 1.0, 50.0, 99.0]
        );
    }
}
