//! `docket sla preview`: what policies of a file would have done to the tickets of the last days.

mod judge;
mod look;
mod report;

use crate::{
    config::{ConfigFile, desk_names},
    past_tickets::{MOST_TICKETS, since},
    target::Target,
};
use anyhow::Context as _;
use docket_desk::Desk;
use docket_desk_file::Duration;
use docket_rules::CheckedBook;
use futures_util::{StreamExt as _, stream};
use report::Report;
use std::{io::Write, path::PathBuf, sync::Arc};

/// What of the promises.
#[derive(Debug, clap::Args)]
pub struct SlaArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Say which tickets policies of a file would have warned of and breached, beside those in force. Changes nothing.
    Preview(PreviewArguments),
}

#[derive(Debug, clap::Args)]
struct PreviewArguments {
    /// The file, as for `docket config apply`.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// Tickets created or open since then: hours or days, such as 12h or 30d; at most 366d.
    #[arg(long, default_value = "30d", value_parser = since)]
    since: Duration,
    /// As JSON, with every ticket that would be judged otherwise.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

/// Does it.
pub async fn run(arguments: SlaArguments) -> anyhow::Result<()> {
    let Action::Preview(arguments) = arguments.action;
    let file = ConfigFile::read(&arguments.policy)?;
    let desk = arguments.target.open().await?.desk;
    let report = preview(&desk, &file, arguments.since, MOST_TICKETS).await?;
    let out = &mut crate::terminal::stdout();
    if arguments.json {
        writeln!(out, "{:#}", serde_json::to_value(&report)?)?;
    } else {
        report.table(&file.shown(), out)?;
    }
    Ok(())
}

/// Judges each ticket twice: by the policies in force, and by those of the file.
async fn preview(
    desk: &Desk,
    file: &ConfigFile,
    since: Duration,
    most_tickets: usize,
) -> anyhow::Result<Report> {
    let written = file.parse()?;
    let book = desk.rules().book().await?;
    let names = desk_names(desk, &written.addresses(), &[&book]).await?;
    let outcome = file.book(&written, &book, Some(&names))?;
    let now = desk.now();
    let from = now - jiff::SignedDuration::from_secs(since.seconds);
    let looked = look::tickets(desk, from, now, most_tickets).await?;
    let draft = Arc::new(outcome.book);
    let mut report = Report::new(from, now, &looked, &[&book, &draft]);
    let mut today = look::Eye::new(desk, CheckedBook::new(book));
    let mut then = look::Eye::new(desk, CheckedBook::new(draft));
    let histories = looked.tickets.iter().map(|ticket| look::happenings(desk, ticket));
    let mut histories = stream::iter(histories).buffered(look::READ_AT_ONCE);
    for ticket in &looked.tickets {
        let happenings = histories.next().await.context("a ticket without its history")??;
        let before = today.judge(ticket, &happenings, now).await?;
        let after = then.judge(ticket, &happenings, now).await?;
        report.add(ticket.number, &before, &after);
    }
    Ok(report)
}

#[cfg(test)]
#[path = "../preview_tests.rs"]
mod tests;
