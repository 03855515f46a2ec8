//! The event sources of a running desk, each a task of its own, in the background.

use crate::{
    background::Background,
    functions::Functions,
    sources::{Polled, QueuePoller, StreamReader, scheduled_event},
    stack::LocalDesk,
    wiring::{Function, QUEUE_SOURCES, SWEEP_SECONDS},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

/// How long a poll waits for a message: the longest the service allows.
const LONG_POLL_SECONDS: i32 = 20;
/// Pollers of one queue: one works while the other waits.
const POLLERS: usize = 2;
/// Most records of the stream that may wait when a batch of a queue is taken: they are in memory, and whoever handles the batch adds to
/// them. In the cloud their service keeps them; here relay comes first.
const MOST_STREAM_WAITS: usize = 500;
/// How long the stream rests after a failure.
const STREAM_REST: Duration = Duration::from_millis(500);

/// What the sources are doing just now.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    stream_held: Arc<AtomicUsize>,
    sweeping: Arc<AtomicUsize>,
    /// When the next sweep is due, in seconds since 1970; that of now is not over yet while this is past.
    next_sweep: Arc<AtomicI64>,
}

impl Activity {
    /// Whether nothing is under way besides what the queues show.
    pub fn is_idle(&self) -> bool {
        self.stream_held.load(Ordering::SeqCst) == 0 && self.sweeping.load(Ordering::SeqCst) == 0
    }

    /// Whether the sweep of a time is over.
    pub fn is_swept(&self, at: jiff::Timestamp) -> bool {
        self.next_sweep.load(Ordering::SeqCst) > at.as_second()
    }

    /// Records of the stream that were taken and not yet handed on.
    pub fn stream_held(&self) -> usize {
        self.stream_held.load(Ordering::SeqCst)
    }
}

/// Starts all sources, in the background. They end with it.
pub fn start(local: &LocalDesk, functions: &Functions, background: &Background) -> Activity {
    let activity = Activity::default();
    for source in &QUEUE_SOURCES {
        for _ in 0..POLLERS {
            let (poller, functions) = (QueuePoller::new(local, source), functions.clone());
            let (aws, table) = (local.aws.clone(), local.desk.settings.tickets_table.clone());
            background.spawn(async move {
                loop {
                    aws.stream_at_most(&table, MOST_STREAM_WAITS).await;
                    poller.poll(&functions, LONG_POLL_SECONDS).await;
                }
            });
        }
    }
    background.spawn(follow_stream(local.clone(), functions.clone(), activity.clone()));
    background.spawn(sweep_every_minute(
        local.clone(),
        functions.clone(),
        activity.clone(),
    ));
    activity
}

async fn follow_stream(local: LocalDesk, functions: Functions, activity: Activity) {
    let table = local.desk.settings.tickets_table.clone();
    let mut reader = StreamReader::default();
    loop {
        if reader.held() == 0 {
            local.aws.stream_ready(&table).await;
        }
        activity.stream_held.store(1, Ordering::SeqCst);
        let polled = reader.poll(&local.aws, &table, &functions).await;
        activity.stream_held.store(reader.held(), Ordering::SeqCst);
        if polled == Polled::Batch && reader.held() > 0 {
            tokio::time::sleep(STREAM_REST).await;
        }
    }
}

async fn sweep_every_minute(local: LocalDesk, functions: Functions, activity: Activity) {
    let clock = local.aws.clock().clone();
    loop {
        activity.sweeping.fetch_add(1, Ordering::SeqCst);
        let now = clock.now();
        if let Err(error) = functions.invoke(Function::SlaCheck, scheduled_event(now)).await {
            tracing::error!(%error, "a sweep failed; the next one finds what it left");
        }
        let minute = now.as_second() - now.as_second() % SWEEP_SECONDS + SWEEP_SECONDS;
        activity.next_sweep.store(minute, Ordering::SeqCst);
        activity.sweeping.fetch_sub(1, Ordering::SeqCst);
        let Ok(next) = jiff::Timestamp::from_second(minute) else {
            return;
        };
        clock.until(next).await;
    }
}
