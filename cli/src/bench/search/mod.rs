//! `docket bench search`: what the index of the search costs, written as the function `index` writes it and asked as `search` asks it.
//!
//! The tickets are documents of the index alone: no table has them, and what it takes to hold hits against heads is left out.

mod corpus;
mod questions;
mod reads;
#[cfg(test)]
mod record;
mod report;

use self::{
    corpus::Dice,
    questions::{Shape, question},
    reads::{Lying, first_reads},
    report::{Opening, Report, ShapeFigures, Writing},
};
use super::machine::{cpu_seconds, peak_memory_mb, thread_cpu_seconds};
use anyhow::{Context as _, ensure};
use docket_local::{LocalDesk, Options};
use docket_search::Document;
use docket_search_index::{KeptIndex, Opened, SplitsAtHand};
use docket_splits::BLOCK_BYTES;
use embedded_aws::{Clock, Storage};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// The generation that is written.
const GENERATION: u64 = 1;
/// Of so many queries of a kind their reads of splits in the bucket are counted, each with nothing at hand.
const COUNTED: usize = 5;
/// Where the texts begin.
const SEED: u64 = 7;

/// What is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct SearchArguments {
    /// Tickets; several numbers, with commas between, are measured one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000])]
    tickets: Vec<u64>,
    /// Tickets that become one split, before it is merged with others.
    #[arg(long, default_value_t = 250, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    at_once: u64,
    /// Queries of each kind that are timed.
    #[arg(long, default_value_t = 100)]
    times: usize,
    /// As JSON, for other programs.
    #[arg(long)]
    json: bool,
}

/// Measures, and prints what each number of tickets costs.
pub async fn run(arguments: SearchArguments) -> anyhow::Result<()> {
    ensure!(arguments.times > 0, "each kind of query is asked once at least");
    let mut reports = Vec::new();
    for &tickets in &arguments.tickets {
        let report = measure(tickets, &arguments).await?;
        if !arguments.json {
            report::print(&report);
        }
        reports.push(report);
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&reports)?);
    }
    Ok(())
}

async fn measure(tickets: u64, arguments: &SearchArguments) -> anyhow::Result<Report> {
    ensure!(tickets > 0, "an index has one ticket at least");
    let name = format!("docket-bench-search-{}-{tickets}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let report = measure_in(&folder, tickets, arguments).await;
    std::fs::remove_dir_all(&folder)?;
    report
}

async fn measure_in(folder: &Path, tickets: u64, arguments: &SearchArguments) -> anyhow::Result<Report> {
    let storage = Storage::Dir(folder.join("desk"));
    let local = LocalDesk::open(Options::new(storage, Clock::wall())).await?;
    let copies = folder.join("copies");
    let writing = write(&local, &copies, tickets, arguments.at_once).await?;
    // What was at hand while it was written is let go: the next one opens everything anew.
    let at_hand = Arc::new(SplitsAtHand::in_folder(copies.clone()));
    let (opening, opened) = open(&local, &at_hand, tickets).await?;
    let lying = copied(&local, &opened, folder).await?;
    let mut shapes = Vec::new();
    for shape in Shape::ALL {
        shapes.push(ask(shape, &opened, &lying, (tickets, arguments.times))?);
    }
    Ok(Report {
        tickets,
        at_once: arguments.at_once,
        writing,
        opening,
        shapes,
        peak_memory_mb: peak_memory_mb()?,
    })
}

/// Writes the index as it grows on a desk: so many tickets, a split of them, and what is to be merged then.
async fn write(local: &LocalDesk, copies: &Path, tickets: u64, at_once: u64) -> anyhow::Result<Writing> {
    let at_hand = Arc::new(SplitsAtHand::in_folder(copies.to_path_buf()));
    let index = KeptIndex::new(&local.desk, &at_hand, GENERATION);
    let mut dice = Dice::new(SEED);
    let mut writing = Writing::default();
    let mut text_bytes = 0;
    for first in (1..=tickets).step_by(usize::try_from(at_once)?) {
        let last = (first + at_once - 1).min(tickets);
        let begun = Used::now(local)?;
        let mut documents: Vec<Document> = Vec::new();
        for number in first..=last {
            let (document, bytes) = corpus::document(number, &mut dice)?;
            text_bytes += bytes;
            documents.push(document);
        }
        let made = Used::now(local)?;
        // Whoever takes tickets in looks first what the index has of them.
        index.open().await?;
        let opened = Used::now(local)?;
        index.add(documents, &[]).await?;
        let added = Used::now(local)?;
        index.merge(|| false).await?;
        let merged = Used::now(local)?;
        writing.document_cpu_ms += made.since(&begun);
        writing.open_cpu_ms += opened.since(&made);
        writing.split_cpu_ms += added.since(&opened);
        writing.merge_cpu_ms += merged.since(&added);
    }
    let manifest = index.manifest().await?;
    let each = |total: f64| total / tickets as f64;
    for figure in [
        &mut writing.document_cpu_ms,
        &mut writing.open_cpu_ms,
        &mut writing.split_cpu_ms,
        &mut writing.merge_cpu_ms,
    ] {
        *figure = each(*figure);
    }
    writing.text_bytes = each(text_bytes as f64);
    writing.bucket_bytes = each(manifest.splits.iter().map(|split| split.bytes as f64).sum());
    writing.splits = manifest.splits.len();
    writing.largest_split_bytes = manifest.splits.iter().map(|split| split.bytes).max().unwrap_or(0);
    Ok(writing)
}

/// CPU of this process without that of the embedded services, in milliseconds.
struct Used(f64);

impl Used {
    fn now(local: &LocalDesk) -> anyhow::Result<Self> {
        let services = local.aws.emulation_time().as_secs_f64();
        Ok(Self((cpu_seconds()? - services) * 1000.0))
    }

    fn since(&self, begun: &Self) -> f64 {
        (self.0 - begun.0).max(0.0)
    }
}

/// The first query of a function that has nothing at hand: the whole index is opened, then it is asked.
async fn open(
    local: &LocalDesk,
    at_hand: &Arc<SplitsAtHand>,
    tickets: u64,
) -> anyhow::Result<(Opening, Opened)> {
    let index = KeptIndex::new(&local.desk, at_hand, GENERATION);
    let first = question(&Shape::OneWord.query(tickets, &mut Dice::new(SEED)))?;
    let (begun, used) = (Instant::now(), Used::now(local)?);
    let opened = index.open().await?;
    let (opened_after, opened_used) = (begun.elapsed(), Used::now(local)?);
    opened.splits.ask(&first)?;
    let (answered_after, answered_used) = (begun.elapsed(), Used::now(local)?);
    let used_again = Used::now(local)?;
    index.open().await?;
    let again = Used::now(local)?;
    let opening = Opening {
        open_ms: opened_after.as_secs_f64() * 1000.0,
        open_cpu_ms: opened_used.since(&used),
        answered_ms: answered_after.as_secs_f64() * 1000.0,
        answered_cpu_ms: answered_used.since(&used),
        open_again_cpu_ms: again.since(&used_again),
        whole_bytes: opened.manifest.splits.iter().map(|split| split.bytes).sum(),
    };
    Ok((opening, opened))
}

/// Copies of the index's splits, from which is read as from the bucket.
async fn copied(local: &LocalDesk, opened: &Opened, folder: &Path) -> anyhow::Result<Vec<Lying>> {
    let mut lying = Vec::new();
    for entry in &opened.manifest.splits {
        let bytes = local
            .desk
            .search_index()
            .get(GENERATION, entry.id.as_str())
            .await?;
        let path: PathBuf = folder.join(format!("{}.copy", entry.id));
        std::fs::write(&path, bytes)?;
        lying.push(Lying::File(path));
    }
    Ok(lying)
}

/// Queries of a kind: what they take once the index is open, and what they read of the bucket where nothing is at hand.
fn ask(
    shape: Shape,
    opened: &Opened,
    lying: &[Lying],
    (tickets, times): (u64, usize),
) -> anyhow::Result<ShapeFigures> {
    let mut dice = Dice::new(SEED);
    let mut figures = ShapeFigures::of(shape.name());
    for at in 0..=times {
        let question = question(&shape.query(tickets, &mut dice))?;
        let (begun, cpu) = (Instant::now(), thread_cpu_seconds()?);
        let answer = opened.splits.ask(&question)?;
        let (time, cpu) = (begun.elapsed(), thread_cpu_seconds()? - cpu);
        // The first one reads columns that stay in memory.
        if at > 0 {
            figures.add(time, cpu, answer.count);
        }
    }
    for _ in 0..COUNTED {
        let first = question(&shape.query(tickets, &mut dice))?;
        let other = question(&shape.query(tickets, &mut dice))?;
        figures.add_reads(first_reads(lying, &first, &other, BLOCK_BYTES)?);
    }
    figures.settle().context("no query was timed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_index_is_written_merged_and_asked_in_every_way() {
        let arguments = SearchArguments {
            tickets: vec![1_500],
            at_once: 250,
            times: 5,
            json: true,
        };
        let report = measure(1_500, &arguments).await.unwrap();
        assert_eq!(report.writing.splits, 3, "of six one is of four");
        assert!(report.writing.bucket_bytes > 100.0 && report.writing.split_cpu_ms > 0.0);
        assert_eq!(report.shapes.len(), Shape::ALL.len());
        for shape in &report.shapes {
            assert!(shape.found > 0.0, "{} finds nothing", shape.kind);
            assert!(shape.first.reads > 0.0 && shape.again.reads == 0.0, "{shape:?}");
        }
    }
}
