//! Several clients of the API at once, while the event sources take care of what they made.

use super::{
    alone::{CREATE, spread},
    api_reads::ApiRead,
    bench_desk::{BenchDesk, Running},
    figures::Times,
};
use anyhow::ensure;
use docket_domain::TicketNumber;
use serde::Serialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What so many clients at once waited for.
#[derive(Debug, Serialize)]
pub(super) struct Burst {
    pub clients: usize,
    #[serde(flatten)]
    pub times: Times,
    /// Requests of this kind that were answered a second, of all of them.
    pub per_second: f64,
}

/// Has so many clients ask for one thing after the other: each kind `times` times in all, or once each.
pub(super) async fn measure(
    desk: &BenchDesk,
    running: &Running,
    clients: usize,
    times: usize,
) -> anyhow::Result<Vec<Burst>> {
    running.rest(desk).await?;
    let last = desk.local.desk.tickets().last_number().await?;
    let mut bursts = Vec::new();
    for read in ApiRead::all(desk.local.desk.now()) {
        let caller = desk.caller.clone();
        let kind = read.kind;
        let ask = move |nth: usize| {
            let (caller, read) = (caller.clone(), read.clone());
            let number = TicketNumber(spread(nth, times, last));
            async move { read.ask(&caller, number).await.map(drop) }
        };
        bursts.push(at_once(kind, clients, times, ask).await?);
    }
    let caller = desk.caller.clone();
    let create = move |nth: usize| {
        let caller = caller.clone();
        async move { caller.api_create(last + nth as u64).await.map(drop) }
    };
    let creates = at_once(CREATE, clients, times, create).await?;
    let made = desk.local.desk.tickets().last_number().await? - last;
    let asked = creates.times.times as u64;
    ensure!(made == asked, "{asked} calls made {made} tickets");
    bursts.push(creates);
    running.rest(desk).await?;
    Ok(bursts)
}

async fn at_once<R>(
    kind: &'static str,
    clients: usize,
    times: usize,
    ask: impl Fn(usize) -> R + Send + Sync + 'static,
) -> anyhow::Result<Burst>
where
    R: Future<Output = anyhow::Result<()>> + Send,
{
    let each = times.div_ceil(clients);
    let ask = Arc::new(ask);
    let begun = Instant::now();
    let mut at_work = JoinSet::new();
    for client in 0..clients {
        let ask = ask.clone();
        at_work.spawn(async move {
            let mut took: Vec<Duration> = Vec::with_capacity(each);
            for nth in client * each..(client + 1) * each {
                let begun = Instant::now();
                ask(nth).await?;
                took.push(begun.elapsed());
            }
            Ok::<_, anyhow::Error>(took)
        });
    }
    let mut took = Vec::new();
    while let Some(client) = at_work.join_next().await {
        took.extend(client??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Burst {
        clients,
        per_second: took.len() as f64 / seconds,
        times: Times::of(kind, took),
    })
}
