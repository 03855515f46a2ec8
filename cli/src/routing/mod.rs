//! `docket routing`: what rules would have done to past tickets, and which rules do nothing of use.

mod backtest;
mod drift;
mod progress;
mod table;

use crate::{
    config::ConfigFile,
    past_tickets::{MOST_TICKETS, since},
    target::Target,
};
use docket_desk::Desk;
use docket_desk_file::Duration;
use docket_domain::{GroupId, TicketNumber, Timestamp};
use std::{collections::BTreeMap, io::Write, path::PathBuf};

/// What of routing.
#[derive(Debug, clap::Args)]
pub struct RoutingArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Say where past tickets would have gone with the rules of a file, beside those in force. Changes nothing.
    Backtest {
        /// The file, as for `docket config apply`.
        #[arg(long, value_name = "FILE")]
        rules: PathBuf,
        #[command(flatten)]
        looked: Looked,
    },
    /// Name the rules that never fire, are always overruled by hand, or have no effect because of others.
    Drift {
        #[command(flatten)]
        looked: Looked,
    },
}

/// Which tickets, and how they are told.
#[derive(Debug, clap::Args)]
struct Looked {
    /// Tickets triaged since then: hours or days, such as 12h or 90d; at most 366d.
    #[arg(long, default_value = "90d", value_parser = since)]
    since: Duration,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

/// Does it.
pub async fn run(arguments: RoutingArguments) -> anyhow::Result<()> {
    let out = &mut crate::terminal::stdout();
    match arguments.action {
        Action::Backtest { rules, looked } => {
            let file = ConfigFile::read(&rules)?;
            let desk = looked.target.open().await?.desk;
            let report = backtest::run(&desk, &file, looked.since, MOST_TICKETS).await?;
            match looked.json {
                true => writeln!(out, "{:#}", serde_json::to_value(&report)?)?,
                false => report.table(&file.shown(), out)?,
            }
        }
        Action::Drift { looked } => {
            let desk = looked.target.open().await?.desk;
            let report = drift::run(&desk, looked.since, MOST_TICKETS).await?;
            match looked.json {
                true => writeln!(out, "{:#}", serde_json::to_value(&report)?)?,
                false => report.table(out)?,
            }
        }
    }
    Ok(())
}

/// The tickets that are looked at.
struct Window {
    from: Timestamp,
    until: Timestamp,
    numbers: Vec<TicketNumber>,
    /// That the oldest are left out, where they are.
    cut: Option<String>,
}

impl Window {
    async fn of(desk: &Desk, since: Duration, most: usize) -> anyhow::Result<Self> {
        let until = desk.now();
        let from = until - jiff::SignedDuration::from_secs(since.seconds);
        let mut numbers = desk.rules().past_numbers(from, None, usize::MAX).await?.numbers;
        let over = numbers.len().saturating_sub(most);
        numbers.drain(..over);
        let cut = (over > 0).then(|| format!("there are more tickets than {most}: the oldest are left out"));
        Ok(Self {
            from,
            until,
            numbers,
            cut,
        })
    }
}

/// The names of the desk's groups.
async fn group_names(desk: &Desk) -> anyhow::Result<BTreeMap<GroupId, String>> {
    let groups = desk.groups().all().await?.into_iter();
    Ok(groups.map(|group| (group.id, group.name)).collect())
}

#[cfg(test)]
#[path = "../routing_tests.rs"]
mod tests;
