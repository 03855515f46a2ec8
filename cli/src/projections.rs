//! `docket projections`: how far what is kept beside tickets is, and built anew on request.

use crate::target::Target;
use docket_desk::Desk;
use docket_projection::{Counters, Pass, Projection as _, Projections};
use std::{io::Write, process::ExitCode, time::Duration};

/// How often a rebuild waits for whoever else brings the projection up to date.
const MOST_WAITS: u32 = 120;
/// How long each time.
const WAIT: Duration = Duration::from_secs(1);

/// What to do.
#[derive(Debug, clap::Args)]
pub struct ProjectionsArguments {
    #[command(flatten)]
    target: Target,
    /// Build the counts of views anew from all tickets, and put them into force.
    #[arg(long)]
    rebuild: bool,
}

/// Shows them. Exit code 1: somebody else was at it all the time.
pub async fn run(arguments: ProjectionsArguments) -> anyhow::Result<ExitCode> {
    let desk = arguments.target.open().await?.desk;
    show(&desk, arguments.rebuild, &mut crate::terminal::stdout()).await
}

async fn show(desk: &Desk, rebuild: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let projections = Projections::new(desk, &Counters);
    if rebuild {
        let mut waits = 0;
        while projections.rebuild().await? != Pass::Whole {
            waits += 1;
            if waits > MOST_WAITS {
                writeln!(
                    out,
                    "somebody else brings {} up to date all the time",
                    Counters.name()
                )?;
                return Ok(ExitCode::FAILURE);
            }
            tokio::time::sleep(WAIT).await;
        }
    }
    let state = desk.projection(Counters.name()).await?;
    let until = state
        .until
        .map_or_else(|| "never".to_owned(), |until| until.to_string());
    writeln!(
        out,
        "{}: generation {}, up to date with {until}",
        Counters.name(),
        state.generation
    )?;
    if let Some(building) = state.building {
        writeln!(
            out,
            "  generation {} is built: ticket {} is next",
            building.generation, building.next
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_local::{
        fill::written_ticket,
        world::{World, WorldOptions},
    };

    async fn said(desk: &Desk, rebuild: bool) -> String {
        let mut out = Vec::new();
        assert_eq!(show(desk, rebuild, &mut out).await.unwrap(), ExitCode::SUCCESS);
        String::from_utf8(out).unwrap()
    }

    #[tokio::test]
    async fn counts_are_built_anew_on_request() {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = &world.local.desk;
        assert_eq!(
            said(desk, false).await,
            "counters: generation 0, up to date with never\n"
        );
        let number = desk.tickets().next_number().await.unwrap();
        let written = written_ticket(number, desk.now()).unwrap();
        world.local.fill_written([written]).unwrap();
        assert!(said(desk, true).await.starts_with("counters: generation 1, "));
        assert!(said(desk, true).await.starts_with("counters: generation 2, "));
    }
}
