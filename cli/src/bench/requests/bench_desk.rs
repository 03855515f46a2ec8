//! The desk on which is measured: filled, or found filled in its folder.

use super::caller::Caller;
use anyhow::{Context as _, bail, ensure};
use docket_domain::{
    PersonId, TicketNumber,
    ticket::{ReplyVia, Status, Ticket},
};
use docket_local::{
    Functions, LocalDesk, Options,
    background::Background,
    fill::Shares,
    runner::{self, Activity},
};
use embedded_aws::{Clock, Storage};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// The file of a folder that says how many tickets it was filled with.
const FILLED: &str = "filled-tickets";
/// What it says while that goes on.
const UNFINISHED: &str = "unfinished";
/// Tickets that are looked at at once for those that can be answered.
const LOOKED_AT: u64 = 100;
/// How often one looks whether a desk is at rest.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long that may take.
const REST_WITHIN: Duration = Duration::from_secs(1800);

/// A desk with many tickets, and somebody who calls it.
pub(super) struct BenchDesk {
    pub local: LocalDesk,
    pub functions: Functions,
    pub caller: Caller,
}

/// The event sources at work, on threads of their own, as a server has them. They end with it.
pub(super) struct Running {
    activity: Activity,
    _background: Background,
}

impl BenchDesk {
    /// Opens it and fills it, unless it was; how many seconds that took.
    pub async fn open(stored: u64, data: Option<PathBuf>) -> anyhow::Result<(Self, Option<f64>)> {
        let storage = data.clone().map_or(Storage::Memory, Storage::Dir);
        let local = LocalDesk::open(Options::new(storage, Clock::wall())).await?;
        let marker = data.map(|folder| folder.join(FILLED));
        let found = marker
            .as_ref()
            .and_then(|path| std::fs::read_to_string(path).ok());
        let filled_seconds = match found {
            Some(text) if text.trim() == stored.to_string() => None,
            Some(text) if text == UNFINISHED => bail!("the folder was filled in part only: take another one"),
            Some(text) => bail!("the folder was filled with {} tickets, not {stored}", text.trim()),
            None => Some(fill(&local, stored, marker.as_deref()).await?),
        };
        let group = local.desk.setup().await?.default_group;
        let agents = local.desk.groups().members(group).await?;
        let agent = *agents.first().context("the desk has no agents")?;
        // The admin is the first person there is.
        let caller = Caller::new(&local, PersonId(1), agent).await?;
        let functions = Functions::new(&local, Arc::new(egress::Internet::new(true)));
        let desk = Self {
            local,
            functions,
            caller,
        };
        Ok((desk, filled_seconds))
    }

    /// The newest tickets that an agent has and whose requesters are answered by mail; at most so many, and at least one.
    pub async fn answerable(&self, most: usize) -> anyhow::Result<Vec<Ticket>> {
        let tickets = self.local.desk.tickets();
        let mut found = Vec::new();
        let mut last = tickets.last_number().await?;
        while last > 0 && found.len() < most {
            let first = last.saturating_sub(LOOKED_AT) + 1;
            let numbers: Vec<TicketNumber> = (first..=last).map(TicketNumber).collect();
            let heads = tickets.get_many(&numbers).await?;
            found.extend(heads.into_iter().filter(|ticket| {
                let is_unsolved = matches!(ticket.status, Status::Open | Status::Pending);
                let by_mail = matches!(ticket.reply_via, ReplyVia::Mail { .. });
                is_unsolved && by_mail && ticket.assignee.is_some()
            }));
            last = first - 1;
        }
        found.truncate(most);
        ensure!(!found.is_empty(), "no ticket can be answered: store more of them");
        Ok(found)
    }

    /// Nothing stands in a queue but what waits on purpose, and nothing was given up.
    pub fn is_at_rest(&self) -> bool {
        let mut queues = self.local.aws.queues().into_iter();
        queues.all(|queue| queue.visible + queue.in_flight == 0)
            && self
                .local
                .aws
                .stream_length(&self.local.desk.settings.tickets_table)
                == 0
    }
}

impl Running {
    /// Starts them.
    pub fn start(desk: &BenchDesk) -> anyhow::Result<Self> {
        let background = Background::start()?;
        let activity = runner::start(&desk.local, &desk.functions, &background);
        Ok(Self {
            activity,
            _background: background,
        })
    }

    /// Waits until nothing is to be done any more.
    pub async fn rest(&self, desk: &BenchDesk) -> anyhow::Result<()> {
        let begun = Instant::now();
        while !(self.activity.is_idle() && desk.is_at_rest()) {
            ensure!(begun.elapsed() < REST_WITHIN, "the desk does not come to rest");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

/// Fills a new desk; how many seconds that took. The numbers of its tickets are drawn at the end: until then a file says that they are
/// there.
async fn fill(local: &LocalDesk, stored: u64, marker: Option<&Path>) -> anyhow::Result<f64> {
    let there = local.desk.tickets().last_number().await?;
    ensure!(there == 0, "the folder holds another desk, of {there} tickets");
    let mark = |text: &str| marker.map_or(Ok(()), |path| std::fs::write(path, text));
    mark(UNFINISHED)?;
    let begun = Instant::now();
    local.fill_whole(stored, Shares::default()).await?;
    let seconds = begun.elapsed().as_secs_f64();
    local.aws.synced().await?;
    mark(&stored.to_string())?;
    Ok(seconds)
}
