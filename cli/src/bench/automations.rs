//! `docket bench automations`: that an automation costs what it concerns, however many tickets are open.

use super::sweep::{UNITS_OF_DUE, UNITS_OF_EMPTY_SWEEP, UNITS_OF_POLICIES, sweeps};
use anyhow::{bail, ensure};
use docket_desk::setup::SetupChange;
use docket_domain::{
    GroupId, RuleId, TicketNumber, Timestamp,
    rule::{Anchor, Planned, Rule, RuleAction, RuleBook, RuleKind, Timing},
    ticket::{Fact, Status, Triage, fact},
};
use docket_local::{
    Functions, LocalDesk, Options,
    fill::{open_ticket, written_ticket},
};
use embedded_aws::{Clock, Storage};
use jiff::SignedDuration;
use std::sync::Arc;

/// The automation.
const RULE: RuleId = RuleId(1);
/// Its rules are read once a sweep, beside the policies.
const UNITS_OF_RULES: f64 = 1.0;

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct AutomationsArguments {
    /// Open tickets; several numbers, separated by commas, are measured one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    open: Vec<u64>,
    /// How many of them the automation concerns.
    #[arg(long, default_value_t = 100)]
    concerned: u64,
}

/// Measures, and prints a line a number of open tickets.
pub async fn run(arguments: AutomationsArguments) -> anyhow::Result<()> {
    println!("      open  concerned    ran  read units  write units  seconds   CPU s");
    for &open in &arguments.open {
        let concerned = arguments.concerned;
        ensure!(
            concerned <= open,
            "of {open} tickets {concerned} can't be concerned"
        );
        measure(open, concerned).await?;
    }
    Ok(())
}

async fn measure(open: u64, concerned: u64) -> anyhow::Result<()> {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse()?;
    let local = LocalDesk::open(Options::new(Storage::Memory, Clock::manual(start))).await?;
    let functions = Functions::new(&local, Arc::new(egress::Internet::new(true)));
    let laid_down = local
        .desk
        .rules()
        .change_book(local.desk.by_system("docket bench"), vec![], |book| {
            book.rules = rules();
            book.check()
        });
    if !matches!(laid_down.await?, SetupChange::Done(..)) {
        bail!("the automation is refused");
    }
    fill(&local, open, concerned)?;
    let cost = sweeps(&local, &functions, 1).await?;
    let ran = ran(&local, concerned).await?;
    println!(
        "{open:>10} {concerned:>10} {ran:>6} {:>11.1} {:>12.1} {:>8.4} {:>7.3}",
        cost.read_units, cost.write_units, cost.seconds, cost.cpu_seconds,
    );
    ensure!(ran == concerned, "it ran on {ran} of {concerned}");
    let bound = UNITS_OF_EMPTY_SWEEP + UNITS_OF_POLICIES + UNITS_OF_RULES + UNITS_OF_DUE * concerned as f64;
    ensure!(
        cost.read_units <= bound,
        "it read {} units, not {bound}",
        cost.read_units
    );
    Ok(())
}

fn rules() -> RuleBook {
    RuleBook {
        rules: vec![Rule {
            id: RULE,
            kind: RuleKind::Automation,
            name: "Silence".to_owned(),
            description: String::new(),
            position: 1,
            condition: r#"ticket.status == "pending""#.to_owned(),
            actions: vec![RuleAction::AddTags(vec!["silent".to_owned()])],
            is_last: false,
            budget: 10,
            is_active: true,
            timing: Some(Timing {
                since: Anchor::StatusChanged,
                after_seconds: 24 * 3600,
            }),
        }],
        templates: vec![],
        last_rule_id: 1,
        ..RuleBook::default()
    }
}

/// Tickets 1 to `concerned` wait for their customer since a day, the others are open. Those that are concerned have clocks, as
/// every ticket has under the standard policy: they were written an hour ago, so that none of them is due.
fn fill(local: &LocalDesk, open: u64, concerned: u64) -> anyhow::Result<()> {
    let now = local.desk.now();
    let ago = now.checked_sub(SignedDuration::from_hours(96))?;
    let later = now.checked_add(SignedDuration::from_hours(96))?;
    let lately = now.checked_sub(SignedDuration::from_hours(1))?;
    let mut tickets = Vec::new();
    for number in (1..=concerned).map(TicketNumber) {
        let (mut ticket, _) = written_ticket(number, lately)?;
        ticket.status = Status::Pending;
        ticket.group = Some(GroupId(1));
        ticket.triage = Triage::Done;
        ticket.automations = vec![Planned {
            rule: RULE,
            anchor: Anchor::StatusChanged,
            since: ago,
            due_at: Some(now),
        }];
        tickets.push(ticket);
    }
    let others = (concerned + 1..=open).map(TicketNumber);
    local.fill(tickets)?;
    local.fill(others.map(|number| open_ticket(number, ago, later)))?;
    Ok(())
}

/// On how many of the tickets it ran once.
async fn ran(local: &LocalDesk, concerned: u64) -> anyhow::Result<u64> {
    let mut ran = 0;
    for number in 1..=concerned {
        let file = local.desk.tickets().file(TicketNumber(number)).await?;
        let runs = file.map_or(0, |file| {
            let is_run =
                |fact: &Fact| matches!(fact, Fact::RuleRan(fact::RuleRan { rule, .. }) if *rule == RULE);
            file.events.iter().filter(|event| is_run(&event.fact)).count()
        });
        ran += u64::from(runs == 1);
    }
    Ok(ran)
}
