//! What was measured, and how it is printed.

use super::reads::{FirstReads, Reads};
use crate::bench::percentile;
use serde::Serialize;
use std::time::Duration;

/// What an index of so many tickets costs.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub tickets: u64,
    pub at_once: u64,
    pub writing: Writing,
    pub opening: Opening,
    pub shapes: Vec<ShapeFigures>,
    pub peak_memory_mb: f64,
}

/// What each ticket takes until it stands in the index, without the embedded services.
#[derive(Debug, Default, Serialize)]
pub(super) struct Writing {
    /// Its text.
    pub text_bytes: f64,
    /// Making its document, the text with it.
    pub document_cpu_ms: f64,
    /// Opening the index to see what it has.
    pub open_cpu_ms: f64,
    /// Making a split of it and others.
    pub split_cpu_ms: f64,
    /// Merging splits, as often as it comes to that.
    pub merge_cpu_ms: f64,
    /// In the end.
    pub bucket_bytes: f64,
    pub splits: usize,
    pub largest_split_bytes: u64,
}

/// A first query where nothing is at hand.
#[derive(Debug, Serialize)]
pub(super) struct Opening {
    pub open_ms: f64,
    pub open_cpu_ms: f64,
    /// From the beginning until it is answered.
    pub answered_ms: f64,
    pub answered_cpu_ms: f64,
    /// Opening the same index again, as every query does.
    pub open_again_cpu_ms: f64,
    /// All splits.
    pub whole_bytes: u64,
}

/// Reads in the mean.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct MeanReads {
    pub reads: f64,
    pub bytes: f64,
}

/// What queries of a kind took.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct ShapeFigures {
    pub kind: &'static str,
    pub times: usize,
    /// Hits in the mean.
    pub found: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Of the thread that asks, in the mean and at most.
    pub cpu_ms: f64,
    pub most_cpu_ms: f64,
    /// By blocks: opening and the first query together, in the mean and at most.
    pub first: MeanReads,
    pub most_first: Reads,
    /// The same query once more.
    pub again: MeanReads,
    /// Another one of the kind.
    pub other: MeanReads,
    #[serde(skip)]
    took: Vec<Duration>,
    #[serde(skip)]
    cpu: Vec<f64>,
    #[serde(skip)]
    counted: Vec<FirstReads>,
}

impl ShapeFigures {
    pub fn of(kind: &'static str) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    pub fn add(&mut self, time: Duration, cpu_seconds: f64, found: u64) {
        self.took.push(time);
        self.cpu.push(cpu_seconds * 1000.0);
        self.found += found as f64;
    }

    pub fn add_reads(&mut self, reads: FirstReads) {
        self.counted.push(reads);
    }

    /// Means and percentiles of what was added; nothing where nothing was.
    pub fn settle(mut self) -> Option<Self> {
        self.times = self.took.len();
        if self.times == 0 {
            return None;
        }
        self.took.sort_unstable();
        self.p50_ms = percentile(&self.took, 50);
        self.p99_ms = percentile(&self.took, 99);
        let times = self.times as f64;
        self.found /= times;
        self.cpu_ms = self.cpu.iter().sum::<f64>() / times;
        self.most_cpu_ms = self.cpu.iter().copied().fold(0.0, f64::max);
        self.first = mean(self.counted.iter().map(FirstReads::until_answered));
        self.again = mean(self.counted.iter().map(|counted| counted.again));
        self.other = mean(self.counted.iter().map(|counted| counted.other));
        let most = self.counted.iter().map(FirstReads::until_answered);
        self.most_first = most.fold(Reads::default(), Reads::greater);
        Some(self)
    }
}

fn mean(all: impl ExactSizeIterator<Item = Reads>) -> MeanReads {
    let count = all.len().max(1) as f64;
    let sum = all.fold(Reads::default(), Reads::plus);
    MeanReads {
        reads: sum.reads as f64 / count,
        bytes: sum.bytes as f64 / count,
    }
}

pub(super) fn print(report: &Report) {
    let Report { writing, opening, .. } = report;
    let kilobytes = |bytes: f64| bytes / 1024.0;
    println!(
        "{} tickets of {:.0} bytes of text, {} at once",
        report.tickets, writing.text_bytes, report.at_once
    );
    println!(
        "  CPU ms a ticket: {:.3} for its document, {:.3} for its split, {:.3} for merges, {:.3} for looking what is there",
        writing.document_cpu_ms, writing.split_cpu_ms, writing.merge_cpu_ms, writing.open_cpu_ms
    );
    println!(
        "  in the bucket: {:.0} bytes a ticket, {} splits, the largest {:.1} MB",
        writing.bucket_bytes,
        writing.splits,
        kilobytes(writing.largest_split_bytes as f64) / 1024.0
    );
    println!(
        "  first query, nothing at hand: {:.1} ms, {:.1} ms CPU, {:.1} MB copied; opened again {:.2} ms CPU",
        opening.answered_ms,
        opening.answered_cpu_ms,
        kilobytes(opening.whole_bytes as f64) / 1024.0,
        opening.open_again_cpu_ms
    );
    println!(
        "\n{:<28} {:>9} {:>8} {:>8} {:>8} {:>8} | {:>6} {:>7} {:>6} {:>7} | {:>6} {:>7}",
        "warm; by blocks of the bucket",
        "found",
        "p50, ms",
        "p99, ms",
        "CPU ms",
        "most",
        "first",
        "KB",
        "most",
        "KB",
        "other",
        "KB"
    );
    for line in &report.shapes {
        println!(
            "{:<28} {:>9.0} {:>8.2} {:>8.2} {:>8.2} {:>8.2} | {:>6.1} {:>7.0} {:>6} {:>7.0} | {:>6.1} {:>7.0}",
            line.kind,
            line.found,
            line.p50_ms,
            line.p99_ms,
            line.cpu_ms,
            line.most_cpu_ms,
            line.first.reads,
            kilobytes(line.first.bytes),
            line.most_first.reads,
            kilobytes(line.most_first.bytes as f64),
            line.other.reads,
            kilobytes(line.other.bytes)
        );
    }
    println!("\npeak memory, MB {:.0}\n", report.peak_memory_mb);
}
