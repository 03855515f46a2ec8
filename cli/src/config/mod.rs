//! `docket config`: the configuration of a desk as a file, `docket.yaml`.

mod agents;
mod file;
mod groups;
mod names;
mod plan;
mod show;
mod versions;

pub use file::ConfigFile;
pub use names::desk_names;
pub use show::Paint;

use crate::target::{OptionalTarget, Target};
use anyhow::{Context as _, anyhow};
use docket_desk::{Desk, setup::SetupChange};
use docket_desk_file::{
    Change, DeskAgents, DeskGroups, DeskNames, Note, Problems, Written, changes, text_of,
};
use docket_domain::{GroupId, Timestamp, configuration::Setup, sla::Book};
use plan::{Plan, Standing, plan};
use std::{io::Write, path::PathBuf, process::ExitCode};

/// Exit code of `docket config diff` where something would change. 2 is that of a command that is not understood.
pub const DIFFERS: u8 = 3;

/// Because of what a file's changes are made, as it stands in audit events.
pub(crate) const APPLY: &str = "docket config apply";

/// What to do with the configuration.
#[derive(Debug, clap::Args)]
pub struct ConfigArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check a file; with a desk, also that the groups, agents and mailboxes it names are there.
    Validate {
        #[command(flatten)]
        file: FileArgument,
        #[command(flatten)]
        target: OptionalTarget,
    },
    /// Say what applying a file would change. Exit code 0: nothing; 3: something; 1: it can't be applied.
    Diff {
        #[command(flatten)]
        file: FileArgument,
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Put a file in force as a new version; one with a mistake changes nothing.
    Apply {
        #[command(flatten)]
        file: FileArgument,
        #[command(flatten)]
        target: Target,
    },
    /// Write what is in force as a file.
    Export {
        #[command(flatten)]
        target: Target,
    },
    /// List the versions, newest first.
    History {
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
        #[command(flatten)]
        target: Target,
    },
    /// Put an earlier version in force again, as a new version.
    Rollback {
        /// The version, as `docket config history` lists it.
        version: u64,
        #[command(flatten)]
        target: Target,
    },
}

#[derive(Debug, clap::Args)]
struct FileArgument {
    /// The file.
    #[arg(value_name = "FILE", default_value = "docket.yaml")]
    path: PathBuf,
}

/// Does it, and says what was done.
pub async fn run(arguments: ConfigArguments) -> anyhow::Result<ExitCode> {
    let out = &mut std::io::stdout();
    match arguments.action {
        Action::Validate { file, target } => {
            let file = ConfigFile::read(&file.path)?;
            let desk = match target.given() {
                Some(target) => Some(target.open().await?.desk),
                None => None,
            };
            validate(desk.as_ref(), &file, out).await?;
        }
        Action::Diff { file, json, target } => {
            let file = ConfigFile::read(&file.path)?;
            if diff(&target.open().await?.desk, &file, json, Paint::of_terminal(), out).await? {
                return Ok(ExitCode::from(DIFFERS));
            }
        }
        Action::Apply { file, target } => {
            let file = ConfigFile::read(&file.path)?;
            apply(&target.open().await?.desk, &file, Paint::of_terminal(), out).await?;
        }
        Action::Export { target } => export(&target.open().await?.desk, out).await?,
        Action::History { limit, target } => {
            versions::history(&target.open().await?.desk, usize::from(limit), out).await?;
        }
        Action::Rollback { version, target } => {
            let desk = target.open().await?.desk;
            versions::rollback(&desk, version, Paint::of_terminal(), out).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn validate(desk: Option<&Desk>, file: &ConfigFile, out: &mut impl Write) -> anyhow::Result<()> {
    let written = file.parse()?;
    let notes = match desk {
        Some(desk) => plan(desk, file, &written).await?.notes,
        None => alone(file, &written)?,
    };
    show::notes(&notes, out)?;
    match desk {
        Some(_) => writeln!(out, "{} is valid", file.shown())?,
        None => writeln!(
            out,
            "{} is valid; name a desk with --stack or --local to check its groups and agents, too",
            file.shown()
        )?,
    }
    Ok(())
}

/// Checks a file without a desk.
fn alone(file: &ConfigFile, written: &Written) -> anyhow::Result<Vec<Note>> {
    let nothing = Setup::new(GroupId(0));
    let setup = written.setup(&nothing, None, "");
    let groups = written.groups(&DeskGroups::default(), None, Timestamp::UNIX_EPOCH);
    let book = file.written_book(written, &Book::default(), None);
    // Skills and calendars may be the desk's.
    let agents = written.agents(&DeskAgents::default(), None, None);
    match (book, setup, groups, agents) {
        (Ok(outcome), Ok(_), Ok(_), Ok(_)) => Ok(outcome.notes),
        (book, setup, groups, agents) => {
            let looks = [book.err(), setup.err(), groups.err(), agents.err()];
            Err(file.refused(&Problems::all(looks.into_iter().flatten())))
        }
    }
}

/// Whether something would change.
async fn diff(
    desk: &Desk,
    file: &ConfigFile,
    json: bool,
    paint: Paint,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let Plan {
        before,
        changes,
        notes,
        ..
    } = plan(desk, file, &file.parse()?).await?;
    let v = before.book.v;
    if json {
        let all = serde_json::json!({ "version": v, "changes": changes, "notes": notes });
        writeln!(out, "{all:#}")?;
    } else {
        show::notes(&notes, out)?;
        if changes.is_empty() {
            writeln!(out, "nothing would change: version {v} says the same")?;
        }
        show::changes(&changes, paint, out)?;
    }
    Ok(!changes.is_empty())
}

async fn apply(desk: &Desk, file: &ConfigFile, paint: Paint, out: &mut impl Write) -> anyhow::Result<()> {
    let written = file.parse()?;
    // All of it is checked before any of it is put in force.
    let mut plan = self::plan(desk, file, &written).await?;
    let planned = std::mem::take(&mut plan.changes);
    // Groups and rules name people, rules and mailboxes name groups.
    plan.take_on(desk).await?;
    if plan.has_new_people() {
        plan = self::plan(desk, file, &written).await?;
    }
    plan.put_groups(desk).await?;
    plan.set_up(desk, &written, out).await?;
    let (book, (_, notes)) = change(desk, &plan.all_names, |book| {
        let outcome = file.book(&written, book, Some(&plan.names))?;
        Ok((outcome.book, outcome.notes))
    })
    .await?;
    plan.set_agents(desk, &written, &book).await?;
    show::notes(&notes, out)?;
    said(&book, &planned, paint, out)
}

/// Puts another book in force, unless it says the same; the changes, and what else there is to tell.
async fn change(
    desk: &Desk,
    names: &DeskNames,
    next: impl Fn(&Book) -> anyhow::Result<(Book, Vec<Note>)>,
) -> anyhow::Result<(Book, (Vec<Change>, Vec<Note>))> {
    let changed = desk
        .rules()
        .change_book(desk.by_system(APPLY), vec![], |book| {
            let (after, notes) = next(book)?;
            let changes = changes(book, &after, names)?;
            if !changes.is_empty() {
                *book = after;
            }
            anyhow::Ok((changes, notes))
        })
        .await
        .context("the configuration can't be changed")?;
    match changed {
        SetupChange::Done(book, told) => Ok(((*book).clone(), told)),
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(_) => Err(anyhow!("a change without a guard can't have been done before")),
    }
}

fn said(book: &Book, changes: &[Change], paint: Paint, out: &mut impl Write) -> anyhow::Result<()> {
    show::changes(changes, paint, out)?;
    if changes.is_empty() {
        writeln!(out, "nothing was changed: version {} says the same", book.v)?;
    } else {
        writeln!(out, "version {} is in force", book.v)?;
    }
    Ok(())
}

async fn export(desk: &Desk, out: &mut impl Write) -> anyhow::Result<()> {
    let standing = Standing::of(desk).await?;
    let names = standing.names(desk, &std::collections::BTreeSet::new()).await?;
    let file = standing.file(&names)?;
    let text = text_of(&file).map_err(|error| anyhow!("the file can't be written: {error}"))?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

#[cfg(test)]
#[path = "../config_tests.rs"]
mod tests;
