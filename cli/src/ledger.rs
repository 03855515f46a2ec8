//! `docket ledger`: what was accepted and what became of it, by hour; counted anew from facts on request.

use crate::target::Target;
use anyhow::Context as _;
use docket_desk::{Desk, Ledger};
use docket_domain::ledger::{LedgerChannel, LedgerCounts, LedgerEntry};
use docket_intake::{Recount, put_recount, recount, recountable};
use std::{io::Write, process::ExitCode};

/// What to show.
#[derive(Debug, clap::Args)]
pub struct LedgerArguments {
    #[command(flatten)]
    target: Target,
    /// How far back: hours or days, such as 12h or 7d; at most 31d.
    #[arg(long, default_value = "24h", value_parser = seconds_of)]
    since: i64,
    /// Count anew from tickets, held mail and originals, all but the running hour, and keep that. Reads the whole table.
    #[arg(long)]
    recount: bool,
    /// Put originals that nobody took in back into the spool; needs --recount.
    #[arg(long, requires = "recount")]
    redrive: bool,
}

/// Hours or days as seconds.
pub(crate) fn seconds_of(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is not a number of hours or days, such as 12h or 7d");
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or_else(wrong)?;
    let number: i64 = number.parse().map_err(|_| wrong())?;
    match unit {
        "h" => Ok(number * 3600),
        "d" => Ok(number * 24 * 3600),
        _ => Err(wrong()),
    }
}

/// Shows it. Exit code 1: an original was found that nobody took in.
pub async fn run(arguments: LedgerArguments) -> anyhow::Result<ExitCode> {
    let desk = arguments.target.open().await?.desk;
    show(&desk, &arguments, &mut crate::terminal::stdout()).await
}

async fn show(desk: &Desk, arguments: &LedgerArguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let (from, over) = recountable(desk.now(), arguments.since);
    let mut found = Recount::default();
    if arguments.recount {
        found = recount(desk, from, over)
            .await
            .context("the ledger can't be counted anew")?;
        put_recount(desk, &found, from, over).await?;
    }
    let ledger = desk.ledger().hours(from, desk.now()).await?;
    table(&ledger, out)?;
    for key in &found.missing {
        writeln!(out, "nobody took in: {key}")?;
        if arguments.redrive {
            desk.spool().take_back(key).await?;
            writeln!(
                out,
                "  put back into the spool; the sweep takes it in within ten minutes"
            )?;
        }
    }
    let is_lost = !found.missing.is_empty() && !arguments.redrive;
    Ok(if is_lost {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn table(ledger: &Ledger, out: &mut impl Write) -> std::io::Result<()> {
    write!(out, "{:<22}{:<6}", "hour (UTC)", "")?;
    for entry in LedgerEntry::ALL {
        write!(out, "{:>12}", entry.as_str())?;
    }
    writeln!(out, "{:>9}", "in hand")?;
    let mut total = LedgerCounts::default();
    for (hour, counts) in ledger {
        total.add_all(counts);
        rows(&hour.strftime("%Y-%m-%d %H:00").to_string(), counts, out)?;
        if let Some(at) = counts.recounted_at {
            writeln!(out, "{:<28}recounted {}", "", at.strftime("%Y-%m-%d %H:%M"))?;
        }
    }
    rows("total", &total, out)
}

fn rows(name: &str, counts: &LedgerCounts, out: &mut impl Write) -> std::io::Result<()> {
    for channel in LedgerChannel::ALL {
        if LedgerEntry::ALL
            .into_iter()
            .all(|entry| counts.of(channel, entry) == 0)
            && name != "total"
        {
            continue;
        }
        write!(out, "{name:<22}{:<6}", channel.as_str())?;
        for entry in LedgerEntry::ALL {
            write!(out, "{:>12}", counts.of(channel, entry))?;
        }
        writeln!(out, "{:>9}", counts.in_hand(channel))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_hours_or_days() {
        assert_eq!(seconds_of("12h"), Ok(43_200));
        assert_eq!(seconds_of("7d"), Ok(604_800));
        for wrong in ["", "7", "d", "7w", "x7d", "ü"] {
            assert!(seconds_of(wrong).is_err(), "{wrong}");
        }
    }
}
