//! `docket bench`: what the desk costs, measured on the embedded AWS.

mod automations;
mod machine;
mod mails;
mod requests;
mod rules;
mod sweep;

use clap::{Args, Subcommand};

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
}

/// Measures, and prints one line a figure.
pub async fn run(arguments: BenchArguments) -> anyhow::Result<()> {
    match arguments.measure {
        None => mails::run(arguments.mails).await,
        Some(Measure::Sweep(arguments)) => sweep::run(arguments).await,
        Some(Measure::Automations(arguments)) => automations::run(arguments).await,
        Some(Measure::Requests(arguments)) => requests::run(arguments).await,
        Some(Measure::Rules(arguments)) => rules::run(arguments),
    }
}
