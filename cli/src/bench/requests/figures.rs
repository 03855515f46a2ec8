//! What requests of a kind took.

use crate::bench::{machine::cpu_seconds, percentile};
use docket_local::LocalDesk;
use serde::Serialize;
use std::{
    ops::Add,
    time::{Duration, Instant},
};

/// The caller that stands for the event sources: what it asks of the queues no function asks.
const EVENT_SOURCE: &str = "event-source";

/// What one request took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    time: Duration,
    cpu_seconds: f64,
    calls: u64,
    bytes: usize,
}

/// What requests of a kind took, each.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figures {
    pub kind: &'static str,
    pub times: usize,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub cpu_ms: f64,
    pub calls: f64,
    /// Read and write units of the tables that one request takes; nothing where that is not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<f64>,
    pub answer_bytes: f64,
}

/// How long requests of a kind took that were made beside others.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Times {
    pub kind: &'static str,
    pub times: usize,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

impl Taken {
    /// What this work takes; it says how many bytes were answered.
    pub async fn by(
        local: &LocalDesk,
        work: impl Future<Output = anyhow::Result<usize>>,
    ) -> anyhow::Result<Self> {
        let (before, cpu, begun) = (calls(local), cpu_seconds()?, Instant::now());
        let bytes = work.await?;
        Ok(Self {
            time: begun.elapsed(),
            cpu_seconds: cpu_seconds()? - cpu,
            calls: calls(local) - before,
            bytes,
        })
    }
}

impl Add for Taken {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            time: self.time + other.time,
            cpu_seconds: self.cpu_seconds + other.cpu_seconds,
            calls: self.calls + other.calls,
            bytes: self.bytes + other.bytes,
        }
    }
}

impl Figures {
    /// The figures of a kind.
    pub fn of(kind: &'static str, taken: &[Taken]) -> Self {
        let count = taken.len().max(1) as f64;
        let Times {
            times,
            p50_ms,
            p99_ms,
            ..
        } = Times::of(kind, taken.iter().map(|taken| taken.time).collect());
        Self {
            kind,
            times,
            p50_ms,
            p99_ms,
            cpu_ms: taken.iter().map(|taken| taken.cpu_seconds).sum::<f64>() * 1000.0 / count,
            calls: taken.iter().map(|taken| taken.calls as f64).sum::<f64>() / count,
            units: None,
            answer_bytes: taken.iter().map(|taken| taken.bytes as f64).sum::<f64>() / count,
        }
    }
}

impl Figures {
    /// The same, with the units that one request takes.
    pub fn taking(self, units: f64) -> Self {
        Self {
            units: Some(units),
            ..self
        }
    }
}

/// Units of the tables that this work takes. Being told them costs time: it is none of the times.
pub(super) async fn units(
    local: &LocalDesk,
    work: impl Future<Output = anyhow::Result<usize>>,
) -> anyhow::Result<f64> {
    local.aws.tally_capacity(true);
    let done = work.await;
    let taken = local.aws.capacity().into_iter().map(|used| used.units).sum();
    local.aws.tally_capacity(false);
    done?;
    Ok(taken)
}

impl Times {
    /// The times of a kind.
    pub fn of(kind: &'static str, mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        Self {
            kind,
            times: took.len(),
            p50_ms: percentile(&took, 50),
            p99_ms: percentile(&took, 99),
        }
    }
}

/// Calls of functions so far.
fn calls(local: &LocalDesk) -> u64 {
    let all = local.aws.calls_by_actor().into_iter();
    let functions = all.filter(|(actor, _)| actor != EVENT_SOURCE);
    functions.flat_map(|(_, calls)| calls.into_values()).sum()
}
