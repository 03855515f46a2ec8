//! `docket bench`: what the desk costs, measured on the embedded AWS.

mod machine;
mod mails;
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
}

/// Measures, and prints one line a figure.
pub async fn run(arguments: BenchArguments) -> anyhow::Result<()> {
    match arguments.measure {
        None => mails::run(arguments.mails).await,
        Some(Measure::Sweep(arguments)) => sweep::run(arguments).await,
    }
}
