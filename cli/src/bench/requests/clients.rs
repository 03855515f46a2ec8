//! Several clients that make tickets through the API at once, while the event sources take care of what they made.

use super::{
    bench_desk::{BenchDesk, Running},
    figures::Times,
};
use anyhow::ensure;
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// What so many clients at once waited for.
#[derive(Debug, Serialize)]
pub(super) struct Burst {
    pub clients: usize,
    #[serde(flatten)]
    pub times: Times,
    /// Tickets that were made a second, by all of them.
    pub per_second: f64,
}

/// Has so many clients make tickets, `times` of them in all or one each.
pub(super) async fn measure(
    desk: &BenchDesk,
    running: &Running,
    clients: usize,
    times: usize,
) -> anyhow::Result<Burst> {
    running.rest(desk).await?;
    let each = times.div_ceil(clients);
    let before = desk.local.desk.tickets().last_number().await?;
    let begun = Instant::now();
    let mut at_work = JoinSet::new();
    for client in 0..clients {
        let caller = desk.caller.clone();
        let first = before + (client * each) as u64;
        at_work.spawn(async move {
            let mut took: Vec<Duration> = Vec::with_capacity(each);
            for nth in 0..each as u64 {
                let begun = Instant::now();
                caller.api_create(first + nth).await?;
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
    let made = desk.local.desk.tickets().last_number().await? - before;
    ensure!(
        made == took.len() as u64,
        "{} calls made {made} tickets",
        took.len()
    );
    running.rest(desk).await?;
    Ok(Burst {
        clients,
        per_second: took.len() as f64 / seconds,
        times: Times::of("API create, answer", took),
    })
}
