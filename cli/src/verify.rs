//! `docket verify`: whether the histories of tickets, people, agents, groups, organizations and settings are what was stored. Each event's hash covers its bytes and the hash
//! before it, so that nothing can be changed, left out or put in without being found.

use crate::target::Target;
use anyhow::Context as _;
use docket_desk::{Desk, MOST_GROUPS, StoreError, Verified};
use docket_domain::{GroupId, OrganizationId, PersonId, TicketNumber, audit::Subject};
use futures_util::{StreamExt as _, stream};
use std::{io::Write, process::ExitCode};

/// Histories that are read at once.
const AT_ONCE: usize = 8;
/// People whose loads are looked for in one call.
const PEOPLE_AT_ONCE: usize = 100;

/// Which tickets; all of the desk, and what else has a history, unless told otherwise.
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
    let last = desk.tickets().last_number().await?;
    let names_tickets = arguments.ticket.is_some() || arguments.from > 1 || arguments.to.is_some();
    let (from, to) = match arguments.ticket {
        Some(number) => (number, number),
        None => (arguments.from.max(1), arguments.to.unwrap_or(last).min(last)),
    };
    let out = &mut crate::terminal::stdout();
    let tickets = verify_tickets(&desk, (from, to), out).await?;
    let others = match names_tickets {
        true => Tally::default(),
        false => verify_others(&desk, out).await?,
    };
    conclude(tickets.flaws + others.flaws, out)
}

/// What was found in histories of a kind.
#[derive(Debug, Default)]
struct Tally {
    histories: u64,
    events: u64,
    flaws: u64,
    erased_saves: usize,
    /// Numbers that lead nowhere.
    missing: u64,
}

impl Tally {
    fn add(
        &mut self,
        what: &dyn std::fmt::Display,
        verified: Result<Option<Verified>, StoreError>,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let verified = match verified {
            Ok(Some(verified)) => verified,
            Ok(None) => {
                self.missing += 1;
                return Ok(());
            }
            // What can't be read is no history either; what follows may be sound.
            Err(error) if error.is_final() => {
                self.flaws += 1;
                writeln!(out, "{what}: {error}")?;
                return Ok(());
            }
            Err(error) => return Err(error).with_context(|| format!("{what} can't be had")),
        };
        self.histories += 1;
        self.events += verified.events;
        self.erased_saves += verified.erased_saves;
        self.flaws += verified.flaws.len() as u64;
        for flaw in verified.flaws {
            writeln!(out, "{what}: {flaw}")?;
        }
        Ok(())
    }
}

async fn verify_tickets(desk: &Desk, (from, to): (u64, u64), out: &mut impl Write) -> anyhow::Result<Tally> {
    let read = |number| async move { (number, desk.tickets().verify(TicketNumber(number)).await) };
    let mut reads = stream::iter((from..=to).map(read)).buffered(AT_ONCE);
    let mut tally = Tally::default();
    while let Some((number, verified)) = reads.next().await {
        tally.add(&format!("ticket {number}"), verified, out)?;
    }
    writeln!(
        out,
        "{} tickets with {} events; {} saves whose words were erased; {} numbers without a ticket",
        tally.histories, tally.events, tally.erased_saves, tally.missing
    )?;
    Ok(tally)
}

/// Settings, groups, organizations, people, and how they work where they do.
async fn verify_others(desk: &Desk, out: &mut impl Write) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let groups = (1..=MOST_GROUPS).map(|id| Subject::Group(GroupId(id)));
    let organizations = desk.organizations().last_number().await?;
    let organizations = (1..=organizations).map(|id| Subject::Organization(OrganizationId(id)));
    let settings = [Subject::Setup, Subject::Rules];
    let views = desk.store().views().ids().await?.map(Subject::View);
    let few = settings
        .into_iter()
        .chain(groups)
        .chain(organizations)
        .chain(views);
    verify_each(desk, few, &mut tally, out).await?;
    let staff: Vec<PersonId> = desk.agents().all().await?.iter().map(|agent| agent.id).collect();
    let people: Vec<PersonId> = (1..=desk.people().last_number().await?).map(PersonId).collect();
    for people in people.chunks(PEOPLE_AT_ONCE) {
        verify_each(desk, people.iter().copied().map(Subject::Person), &mut tally, out).await?;
        let loads = desk.agents().loads(people).await?;
        let works = |person: &&PersonId| {
            staff.contains(person) || loads.iter().any(|load| load.agent == **person && load.v > 0)
        };
        let agents = people.iter().filter(works).copied().map(Subject::Agent);
        verify_each(desk, agents, &mut tally, out).await?;
    }
    writeln!(
        out,
        "{} people, agents, groups, organizations and settings with {} events; {} whose words were erased",
        tally.histories, tally.events, tally.erased_saves
    )?;
    Ok(tally)
}

async fn verify_each(
    desk: &Desk,
    subjects: impl Iterator<Item = Subject>,
    tally: &mut Tally,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let read = |subject| async move { (subject, desk.audits().verify(subject).await) };
    let mut reads = stream::iter(subjects.map(read)).buffered(AT_ONCE);
    while let Some((subject, verified)) = reads.next().await {
        tally.add(&subject, verified, out)?;
    }
    Ok(())
}

fn conclude(flaws: u64, out: &mut impl Write) -> anyhow::Result<ExitCode> {
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
