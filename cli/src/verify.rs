//! `docket verify`: whether the histories of tickets are what was stored. Each event's hash covers its bytes and the hash
//! before it, so that nothing can be changed, left out or put in without being found.

use crate::target::Target;
use anyhow::Context as _;
use docket_desk::{Desk, Verified};
use docket_domain::TicketNumber;
use futures_util::{StreamExt as _, stream};
use std::{io::Write, process::ExitCode};

/// Histories that are read at once.
const AT_ONCE: usize = 8;

/// Which tickets.
#[derive(Debug, clap::Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    target: Target,
    /// This ticket alone.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    ticket: Option<u64>,
    /// From this number on.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Up to this number; the last there is unless told otherwise.
    #[arg(long)]
    to: Option<u64>,
}

/// Verifies them. Exit code 1: something is not what was stored.
pub async fn run(arguments: VerifyArguments) -> anyhow::Result<ExitCode> {
    let desk = arguments.target.open().await?.desk;
    let (from, to) = match arguments.ticket {
        Some(number) => (number, number),
        None => {
            let last = desk.tickets().last_number().await?;
            (arguments.from.max(1), arguments.to.unwrap_or(last).min(last))
        }
    };
    verify(&desk, (from, to), &mut std::io::stdout()).await
}

async fn verify(desk: &Desk, (from, to): (u64, u64), out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let read = |number| async move { (number, desk.tickets().verify(TicketNumber(number)).await) };
    let mut reads = stream::iter((from..=to).map(read)).buffered(AT_ONCE);
    let (mut tickets, mut events, mut flaws, mut erased, mut missing) = (0_u64, 0_u64, 0_u64, 0, 0_u64);
    while let Some((number, verified)) = reads.next().await {
        let verified = match verified {
            Ok(verified) => verified,
            // What can't be read is no history either; what follows may be sound.
            Err(error) if error.is_final() => {
                flaws += 1;
                writeln!(out, "ticket {number}: {error}")?;
                continue;
            }
            Err(error) => return Err(error).with_context(|| format!("ticket {number} can't be had")),
        };
        let Some(Verified {
            events: its_events,
            flaws: its_flaws,
            erased_saves,
        }) = verified
        else {
            missing += 1;
            continue;
        };
        tickets += 1;
        events += its_events;
        erased += erased_saves;
        flaws += its_flaws.len() as u64;
        for flaw in its_flaws {
            writeln!(out, "ticket {number}: {flaw}")?;
        }
    }
    writeln!(
        out,
        "{tickets} tickets with {events} events; {erased} saves whose words were erased; {missing} numbers without a ticket"
    )?;
    if flaws == 0 {
        writeln!(out, "all of them are what was stored")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{flaws} flaws")?;
    Ok(ExitCode::FAILURE)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
