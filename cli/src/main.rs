//! `docket`: a whole desk on one's own machine, and what an operator of a deployed one needs.

mod audit;
mod bench;
mod config;
mod dead_letters;
mod doctor;
mod forget_sign_in;
mod init;
mod invite;
mod ledger;
mod local;
mod past_tickets;
mod preview;
mod projections;
mod routing;
mod search;
mod target;
mod terminal;
mod verify;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A quarter of the time of a local desk went into the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[derive(Debug, Parser)]
#[command(name = "docket", version, about = "A serverless help desk")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the whole desk in one process, on an embedded AWS.
    Local(local::LocalArguments),
    /// Set up a deployed desk, or one on this machine: people, mailbox, channel, secrets; shown once.
    Init(init::InitArguments),
    /// Tell those who work at a deployed desk where to sign in; with its own user pool, make them an account there.
    Invite(invite::InviteArguments),
    /// Let the next sign-in of somebody count as their first: their account at the provider is another now.
    #[command(name = "forget-sign-in")]
    ForgetSignIn(forget_sign_in::ForgetSignInArguments),
    /// Dead letters: what was received five times and not done.
    #[command(name = "deadletter")]
    DeadLetter(dead_letters::DeadLetterArguments),
    /// Say what keeps a desk from working and what to do about it; exit code 1 if anything does.
    Doctor(doctor::DoctorArguments),
    /// What was accepted and what became of it, by hour; counted anew from facts with --recount.
    Ledger(ledger::LedgerArguments),
    /// How far what is kept beside tickets is, such as the counts of views; built anew with --rebuild.
    Projections(projections::ProjectionsArguments),
    /// The index of the search: how far it is, built anew, asked.
    Search(search::SearchArguments),
    /// What changed about people, agents, groups, organizations and settings, and who did it.
    Audit(audit::AuditArguments),
    /// Whether histories are what was stored; exit code 1 if one is not.
    Verify(verify::VerifyArguments),
    /// The configuration as a file, docket.yaml: check it, compare it, put it in force, go back.
    Config(config::ConfigArguments),
    /// What is promised to customers.
    Sla(preview::SlaArguments),
    /// Where tickets go: try rules on past tickets, find rules that do nothing of use.
    Routing(routing::RoutingArguments),
    /// Measure mail to acknowledged (CPU per ticket, tickets per second, peak memory), requests on a desk of many tickets, or a sweep
    /// over a million of them.
    Bench(bench::BenchArguments),
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Arguments::parse().command {
        Command::Local(arguments) => local::run(arguments).await?,
        Command::Init(arguments) => init::run(arguments).await?,
        Command::Invite(arguments) => invite::run(arguments).await?,
        Command::ForgetSignIn(arguments) => forget_sign_in::run(arguments).await?,
        Command::DeadLetter(arguments) => dead_letters::run(arguments).await?,
        Command::Doctor(arguments) => return doctor::run(arguments).await,
        Command::Ledger(arguments) => return ledger::run(arguments).await,
        Command::Projections(arguments) => return projections::run(arguments).await,
        Command::Search(arguments) => return search::run(arguments).await,
        Command::Audit(arguments) => return audit::run(arguments).await,
        Command::Verify(arguments) => return verify::run(arguments).await,
        Command::Config(arguments) => return config::run(arguments).await,
        Command::Sla(arguments) => preview::run(arguments).await?,
        Command::Routing(arguments) => routing::run(arguments).await?,
        Command::Bench(arguments) => bench::run(arguments).await?,
    }
    Ok(ExitCode::SUCCESS)
}
