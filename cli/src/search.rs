//! `docket search`: how far the index is, built anew on request, and asked.

use crate::target::Target;
use anyhow::bail;
use docket_desk::Desk;
use docket_projection::{Pass, Projections, Search};
use docket_search::{Asker, Basis, Kind, SearchRequest, Wanted};
use docket_search_index::{FindError, Finder, KeptIndex, SearchFollower, SplitsAtHand};
use docket_store::projections::SEARCH;
use std::{io::Write, process::ExitCode, sync::Arc, time::Duration};

/// How often a rebuild waits for whoever else brings the index up to date.
const MOST_WAITS: u32 = 120;
/// How long each time.
const WAIT: Duration = Duration::from_secs(1);

/// What to do.
#[derive(Debug, clap::Args)]
pub struct SearchArguments {
    #[command(subcommand)]
    command: SearchCommand,
}

#[derive(Debug, clap::Subcommand)]
enum SearchCommand {
    /// How far the index is, and what it is made of.
    Status {
        #[command(flatten)]
        target: Target,
    },
    /// Build the index anew from all tickets, people and organizations, and put it into force.
    Rebuild {
        #[command(flatten)]
        target: Target,
    },
    /// Ask it, in the language of the search: `docket search query "status<solved priority:urgent" --local`.
    Query {
        /// The query.
        query: String,
        /// How many to show at most.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
        limit: u16,
        #[command(flatten)]
        target: Target,
    },
}

/// Does it. Exit code 1: somebody else was at it all the time, or the query is refused.
pub async fn run(arguments: SearchArguments) -> anyhow::Result<ExitCode> {
    let out = &mut crate::terminal::stdout();
    match arguments.command {
        SearchCommand::Status { target } => status(&target.open().await?.desk, out).await,
        SearchCommand::Rebuild { target } => rebuild(&target.open().await?.desk, out).await,
        SearchCommand::Query { query, limit, target } => {
            ask(&target.open().await?.desk, (query, limit), out).await
        }
    }
}

async fn status(desk: &Desk, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let state = desk.projection(SEARCH).await?;
    if let Some(building) = state.building {
        let (generation, next) = (building.generation, building.next);
        writeln!(
            out,
            "generation {generation} is built: {:?} {next} is next",
            building.class
        )?;
    }
    if state.generation == 0 {
        writeln!(
            out,
            "there is no index yet: the newest tickets are looked at instead"
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let at_hand = Arc::new(SplitsAtHand::in_memory());
    let opened = KeptIndex::new(desk, &at_hand, state.generation).open().await?;
    let bytes: u64 = opened.manifest.splits.iter().map(|split| split.bytes).sum();
    let lag = Projections::new(desk, &Search).lag().await?;
    writeln!(
        out,
        "generation {}: {} tickets, people and organizations in {} splits of {bytes} bytes, {} seconds behind",
        state.generation,
        opened.splits.alive(),
        opened.manifest.splits.len(),
        lag.map_or(0, |lag| lag.as_secs()),
    )?;
    Ok(ExitCode::SUCCESS)
}

async fn rebuild(desk: &Desk, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let follower = SearchFollower {
        at_hand: Arc::new(SplitsAtHand::in_memory()),
    };
    let projections = Projections::new(desk, &follower);
    let mut waits = 0;
    while projections.rebuild().await? != Pass::Whole {
        waits += 1;
        if waits > MOST_WAITS {
            writeln!(out, "somebody else brings the index up to date all the time")?;
            return Ok(ExitCode::FAILURE);
        }
        tokio::time::sleep(WAIT).await;
    }
    status(desk, out).await
}

async fn ask(desk: &Desk, (query, limit): (String, u16), out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let finder = Finder::new(desk.store().clone(), Arc::new(SplitsAtHand::in_memory()));
    let request = SearchRequest {
        by: Asker::Staff(None),
        wanted: Wanted::Query(query),
        sort_by: None,
        sort_order: None,
        skip: 0,
        take: usize::from(limit),
        after: None,
        time_zone: None,
        with_snippets: true,
        with_facets: false,
    };
    let answer = match finder.find(&request).await {
        Ok(answer) => answer,
        Err(FindError::Refused(refused)) => {
            writeln!(out, "{refused}")?;
            return Ok(ExitCode::FAILURE);
        }
        Err(FindError::Index(error)) => bail!(error),
    };
    for found in &answer.found {
        let kind = match found.kind {
            Kind::Ticket => "ticket",
            Kind::Person => "person",
            Kind::Organization => "organization",
        };
        let place = found.place.as_ref().map_or("", |place| place.text.as_str());
        writeln!(out, "{kind} {} {place}", found.number)?;
    }
    match answer.basis {
        Basis::Whole => {}
        Basis::Until(until) => writeln!(out, "what changed since {until} may be missing")?,
        Basis::Heads => writeln!(out, "there is no index yet: the newest tickets were looked at")?,
    }
    writeln!(out, "{} found", answer.count)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_local::{
        fill::written_ticket,
        world::{World, WorldOptions},
    };

    #[tokio::test]
    async fn an_index_is_built_asked_and_told_of() {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = &world.local.desk;
        let text = |out: Vec<u8>| String::from_utf8(out).unwrap();
        let mut out = Vec::new();
        status(desk, &mut out).await.unwrap();
        assert!(text(out).starts_with("there is no index yet"));
        let number = desk.tickets().next_number().await.unwrap();
        let written = written_ticket(number, desk.now()).unwrap();
        world.local.fill_written([written]).unwrap();
        let mut out = Vec::new();
        assert_eq!(rebuild(desk, &mut out).await.unwrap(), ExitCode::SUCCESS);
        let said = text(out);
        assert!(
            said.starts_with("generation 1: ") && said.contains(" splits of "),
            "{said}"
        );
        let mut out = Vec::new();
        let asked = ask(desk, ("type:ticket".to_owned(), 20), &mut out).await.unwrap();
        assert_eq!(
            (asked, text(out).ends_with("1 found\n")),
            (ExitCode::SUCCESS, true)
        );
        let mut out = Vec::new();
        let refused = ask(desk, ("status:".to_owned(), 20), &mut out).await.unwrap();
        assert_eq!(refused, ExitCode::FAILURE);
        assert!(text(out).starts_with("character "));
    }
}
