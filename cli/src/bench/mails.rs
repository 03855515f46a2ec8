//! `docket bench`, without more: what a mail costs until its ticket is triaged, assigned and acknowledged, and whether that grows
//! with what came before.

use super::machine::{cpu_seconds, peak_memory_mb};
use anyhow::{Context as _, ensure};
use docket_desk::Desk;
use docket_domain::{
    TicketNumber,
    assignment::{LoadSettings, MOST_CAPACITY},
    audit::ChangedBy,
    ticket::{Actor, Status},
};
use docket_local::{
    Functions, LocalDesk, Options,
    mail_in::Envelope,
    sources::{Polled, QueuePoller, StreamReader},
    stack::LOCAL_MAILBOX,
    wiring::QUEUE_SOURCES,
};
use embedded_aws::{Clock, Storage, Verdicts};
use serde::Serialize;
use std::{path::PathBuf, sync::Arc, time::Instant};

/// Mails of a batch: as they come in practice, some, then everything they lead to.
const BATCH: usize = 10;

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct MailsArguments {
    /// Mails after which a figure is taken, with commas between: each says what those since the one before cost.
    #[arg(long, value_delimiter = ',', default_values_t = [250, 1000, 4000])]
    series: Vec<usize>,
    /// Size of a file that each mail carries, in bytes; none without it.
    #[arg(long, default_value_t = 0)]
    attachment_bytes: usize,
    /// Folder to keep the desk in while it is measured; in memory without it.
    #[arg(long)]
    data: Option<PathBuf>,
    /// As JSON, for other programs.
    #[arg(long)]
    json: bool,
}

/// What the mails between two points cost, each.
#[derive(Debug, Serialize)]
struct Figures {
    first: usize,
    last: usize,
    cpu_ms: f64,
    embedded_cpu_ms: f64,
    calls: f64,
    mails_per_second: f64,
    peak_memory_mb: f64,
}

/// What has been used up at a point.
struct Point {
    cpu_seconds: f64,
    embedded_seconds: f64,
    calls: u64,
    at: Instant,
}

impl Point {
    fn now(local: &LocalDesk) -> anyhow::Result<Self> {
        Ok(Self {
            cpu_seconds: cpu_seconds()?,
            embedded_seconds: local.aws.emulation_time().as_secs_f64(),
            calls: local.aws.calls().values().sum(),
            at: Instant::now(),
        })
    }

    fn figures(&self, since: &Self, (first, last): (usize, usize)) -> anyhow::Result<Figures> {
        let mails = (last + 1 - first) as f64;
        let seconds = self.at.duration_since(since.at).as_secs_f64();
        Ok(Figures {
            first,
            last,
            cpu_ms: (self.cpu_seconds - since.cpu_seconds) * 1000.0 / mails,
            embedded_cpu_ms: (self.embedded_seconds - since.embedded_seconds) * 1000.0 / mails,
            calls: (self.calls - since.calls) as f64 / mails,
            mails_per_second: mails / seconds,
            peak_memory_mb: peak_memory_mb()?,
        })
    }
}

/// Measures, and prints one line a point of the series.
pub async fn run(arguments: MailsArguments) -> anyhow::Result<()> {
    let mut series = arguments.series.clone();
    series.sort_unstable();
    series.dedup();
    ensure!(
        series.first().is_some_and(|first| *first > 0),
        "a series counts from 1"
    );
    let storage = arguments.data.clone().map_or(Storage::Memory, Storage::Dir);
    let local = LocalDesk::open(Options::new(storage, Clock::wall())).await?;
    make_room(&local.desk).await?;
    let functions = Functions::new(&local, Arc::new(egress::Internet::new(true)));
    let pollers: Vec<_> = QUEUE_SOURCES
        .iter()
        .map(|source| QueuePoller::new(&local, source))
        .collect();
    let mut stream = StreamReader::default();
    let table = local.desk.settings.tickets_table.clone();
    let mut figures = Vec::new();
    let mut done = 0;
    let mut since = Point::now(&local)?;
    for end in series {
        for number in done..end {
            receive(&local, number, arguments.attachment_bytes)?;
            if number % BATCH != BATCH - 1 && number + 1 != end {
                continue;
            }
            loop {
                let mut busy = stream.poll(&local.aws, &table, &functions).await == Polled::Batch;
                for poller in &pollers {
                    busy |= poller.poll(&functions, 0).await == Polled::Batch;
                }
                if !busy {
                    break;
                }
            }
        }
        let now = Point::now(&local)?;
        figures.push(now.figures(&since, (done + 1, end))?);
        all_done(&local, end).await?;
        (done, since) = (end, Point::now(&local)?);
    }
    print(&figures, arguments.json)
}

/// Lets every agent take whatever comes: a ticket that waits for room costs less than one that is given to somebody.
async fn make_room(desk: &Desk) -> anyhow::Result<()> {
    let room = LoadSettings {
        capacity: Some(MOST_CAPACITY),
        ..LoadSettings::default()
    };
    let group = desk.setup().await?.default_group;
    for agent in desk.groups().members(group).await? {
        let by = ChangedBy::new(Actor::System, "bench", desk.now());
        desk.agents().change_load_settings(agent, &room, by).await?;
    }
    Ok(())
}

/// Each mail has its ticket, each ticket its agent, each sender an answer: else what was measured is something else.
async fn all_done(local: &LocalDesk, mails: usize) -> anyhow::Result<()> {
    let last = local.desk.tickets().last_number().await?;
    ensure!(last as usize == mails, "{last} tickets came of {mails} mails");
    let sent = local.aws.sent_count();
    ensure!(
        sent == mails,
        "{sent} acknowledgements went out for {mails} mails"
    );
    for number in [1, last / 2 + 1, last] {
        let ticket = local.desk.tickets().get(TicketNumber(number)).await?;
        let ticket = ticket.with_context(|| format!("ticket {number} is not there"))?;
        let is_given = ticket.assignee.is_some() && ticket.status == Status::Open;
        ensure!(is_given, "ticket {number} was not given to an agent");
    }
    Ok(())
}

fn print(figures: &[Figures], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(figures)?);
        return Ok(());
    }
    println!(
        "{:>15} {:>10} {:>12} {:>7} {:>9} {:>10}",
        "mails", "CPU ms", "of it in the", "calls", "mails a", "peak"
    );
    println!(
        "{:>15} {:>10} {:>12} {:>7} {:>9} {:>10}",
        "", "each", "services", "each", "second", "memory, MB"
    );
    for line in figures {
        println!(
            "{:>15} {:>10.2} {:>12.2} {:>7.1} {:>9.0} {:>10.0}",
            format!("{}-{}", line.first, line.last),
            line.cpu_ms,
            line.embedded_cpu_ms,
            line.calls,
            line.mails_per_second,
            line.peak_memory_mb
        );
    }
    Ok(())
}

/// Domains that senders are of: what a domain gets of automatic mail within an hour is bounded.
const DOMAINS: usize = 1_000;

fn receive(local: &LocalDesk, number: usize, attachment_bytes: usize) -> anyhow::Result<()> {
    let shop = number % DOMAINS;
    let raw = format!(
        "From: Customer {number} <customer{number}@shop{shop}.example>\r\nTo: {LOCAL_MAILBOX}\r\nSubject: Order {number} has not \
         arrived\r\nMessage-ID: <bench-{number}@shop{shop}.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMIME-Version: \
         1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Hello,\r\n\r\nI ordered two weeks ago and nothing has come. Where is it?\r\n\r\nKind regards\r\nCustomer \
         {number}\r\n{}--b--\r\n",
        attachment(number, attachment_bytes)
    );
    let envelope = Envelope {
        mail_from: format!("customer{number}@shop{shop}.example"),
        recipients: vec![LOCAL_MAILBOX.to_owned()],
    };
    local.receive_mail(envelope, raw.into_bytes().into(), Verdicts::PASS)?;
    Ok(())
}

/// A part with a file that no two mails share.
fn attachment(number: usize, bytes: usize) -> String {
    if bytes == 0 {
        return String::new();
    }
    let head = "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
                Content-Disposition: attachment; filename=order.pdf\r\n\r\n";
    // Four letters of base64 are three bytes; each line has 57.
    let lines = (0..bytes.div_ceil(57)).map(|line| format!("{:0>76}\r\n", number * 1_000_000 + line));
    head.to_owned() + &lines.collect::<String>()
}
