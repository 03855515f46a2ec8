//! `docket bench requests`: what people and programs wait for on a desk with many tickets.
//!
//! The requests go through the routers that a server has, in this process, and lead to the real functions. Each answer is looked
//! at: figures of requests that fail are none.

mod alone;
mod api_reads;
mod bench_desk;
mod caller;
mod clients;
mod figures;
mod waiting;

use self::{
    alone::Alone,
    bench_desk::{BenchDesk, Running},
    clients::Burst,
    figures::Figures,
    waiting::WhileWaiting,
};
use super::machine::peak_memory_mb;
use anyhow::ensure;
use serde::Serialize;
use std::path::PathBuf;

/// What is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct RequestsArguments {
    /// Whole tickets that the desk has.
    #[arg(long, default_value_t = 10_000)]
    stored: u64,
    /// Folder to keep the desk in; one that was filled with so many is used again. In memory without it.
    #[arg(long)]
    data: Option<PathBuf>,
    /// How often each kind of request is made.
    #[arg(long, default_value_t = 100)]
    times: usize,
    /// Clients that read and make tickets through the API at once; several numbers, with commas between, are measured one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8])]
    clients: Vec<usize>,
    /// Tickets that wait to be assigned while eight clients read and write.
    #[arg(long, default_value_t = 0)]
    waiting: u64,
    /// As JSON, for other programs.
    #[arg(long)]
    json: bool,
}

/// What was measured.
#[derive(Debug, Serialize)]
struct Report {
    stored: u64,
    /// Nothing where the folder held them.
    filled_seconds: Option<f64>,
    requests: Vec<Figures>,
    clients: Vec<Burst>,
    waiting: Option<WhileWaiting>,
    peak_memory_mb: f64,
}

/// Measures, and prints one line a kind of request.
pub async fn run(arguments: RequestsArguments) -> anyhow::Result<()> {
    let report = measure(&arguments).await?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

async fn measure(arguments: &RequestsArguments) -> anyhow::Result<Report> {
    let RequestsArguments { stored, times, .. } = *arguments;
    ensure!(times > 0, "each request is made once at least");
    ensure!(
        arguments.clients.iter().all(|clients| *clients > 0),
        "a number of clients counts from 1"
    );
    let (desk, filled_seconds) = BenchDesk::open(stored, arguments.data.clone()).await?;
    let requests = Alone::new(&desk).measure(times).await?;
    let running = Running::start(&desk)?;
    let mut bursts = Vec::new();
    for &clients in &arguments.clients {
        bursts.extend(clients::measure(&desk, &running, clients, times).await?);
    }
    let waiting = match arguments.waiting {
        0 => None,
        waiting => Some(waiting::measure(&desk, &running, waiting, times).await?),
    };
    Ok(Report {
        stored,
        filled_seconds,
        requests,
        clients: bursts,
        waiting,
        peak_memory_mb: peak_memory_mb()?,
    })
}

fn print(report: &Report) {
    match report.filled_seconds {
        Some(seconds) => println!("{} tickets, filled in {seconds:.1} s", report.stored),
        None => println!("{} tickets, as the folder held them", report.stored),
    }
    println!(
        "\n{:<32} {:>6} {:>9} {:>9} {:>8} {:>7} {:>7} {:>9}",
        "one after the other", "times", "p50, ms", "p99, ms", "CPU ms", "calls", "units", "bytes"
    );
    for line in &report.requests {
        println!(
            "{:<32} {:>6} {:>9.2} {:>9.2} {:>8.2} {:>7.1} {:>7} {:>9.0}",
            line.kind,
            line.times,
            line.p50_ms,
            line.p99_ms,
            line.cpu_ms,
            line.calls,
            line.units.map_or_else(String::new, |units| format!("{units:.1}")),
            line.answer_bytes
        );
    }
    println!(
        "\n{:<32} {:>6} {:>9} {:>9} {:>10}",
        "clients at once", "times", "p50, ms", "p99, ms", "a second"
    );
    for line in &report.clients {
        println!(
            "{:<32} {:>6} {:>9.2} {:>9.2} {:>10.1}",
            format!("{}: {}", line.clients, line.times.kind),
            line.times.times,
            line.times.p50_ms,
            line.times.p99_ms,
            line.per_second
        );
    }
    if let Some(waiting) = &report.waiting {
        println!(
            "\n{:<32} {:>6} {:>9} {:>9}",
            format!("while {} wait", waiting.waiting),
            "times",
            "p50, ms",
            "p99, ms"
        );
        for line in &waiting.requests {
            println!(
                "{:<32} {:>6} {:>9.2} {:>9.2}",
                line.kind, line.times, line.p50_ms, line.p99_ms
            );
        }
        if !waiting.waited_throughout {
            println!("all of them had an agent before the last request");
        }
    }
    println!("\npeak memory, MB {:.0}", report.peak_memory_mb);
}

#[cfg(test)]
mod tests {
    use super::{api_reads::ApiRead, *};
    use docket_domain::Timestamp;
    use std::collections::BTreeSet;

    /// What the thread of a command has: more than that of a test, and without optimisation it is needed.
    const STACK: usize = 8 << 20;

    #[test]
    fn every_kind_of_request_is_measured_on_a_filled_desk_and_again_on_its_folder() {
        let as_a_command = std::thread::Builder::new().stack_size(STACK).spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(measured_and_measured_again());
        });
        as_a_command.unwrap().join().unwrap();
    }

    async fn measured_and_measured_again() {
        let folder = std::env::temp_dir().join(format!("docket-bench-{}", std::process::id()));
        let mut arguments = RequestsArguments {
            stored: 50,
            data: Some(folder.clone()),
            times: 2,
            clients: vec![2],
            waiting: 10,
            json: true,
        };
        let report = measure(&arguments).await.unwrap();
        let kinds: BTreeSet<&str> = report.requests.iter().map(|figures| figures.kind).collect();
        assert_eq!(kinds, BTreeSet::from(alone::KINDS));
        for figures in &report.requests {
            assert!(
                figures.times == 2 && figures.calls > 0.0 && figures.p50_ms > 0.0,
                "{figures:?}"
            );
        }
        let kinds: Vec<&str> = report.clients.iter().map(|burst| burst.times.kind).collect();
        let reads = ApiRead::all(Timestamp::UNIX_EPOCH);
        let asked = reads.iter().map(|read| read.kind).chain([alone::CREATE]);
        assert_eq!(kinds, asked.collect::<Vec<_>>());
        assert!(report.clients.iter().all(|burst| burst.times.times == 2));
        let waiting = report.waiting.unwrap();
        assert_eq!(waiting.requests.len(), waiting::KINDS.len());
        assert!(report.filled_seconds.is_some());
        arguments.waiting = 0;
        let again = measure(&arguments).await.unwrap();
        assert!(again.filled_seconds.is_none(), "it was filled twice");
        arguments.stored = 51;
        assert!(
            measure(&arguments).await.is_err(),
            "another desk was taken for this one"
        );
        std::fs::write(folder.join("filled-tickets"), "unfinished").unwrap();
        assert!(
            measure(&arguments).await.is_err(),
            "half a desk was taken for a whole one"
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
