//! What every call passes: the fault plan, the counts, the kills, the time it took.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use crate::faults::{Call, Fate, Fault, FaultPlan, Service};
use crate::lock;

/// Calls by actor, service and operation.
pub(crate) type CallCounts = BTreeMap<String, BTreeMap<(Service, String), u64>>;

#[derive(Default)]
pub(crate) struct Seam {
    plan: Mutex<Option<Arc<dyn FaultPlan>>>,
    made: AtomicU64,
    counts: Mutex<CallCounts>,
    kills: Mutex<BTreeMap<String, watch::Sender<u64>>>,
    emulation_nanos: AtomicU64,
}

impl Seam {
    pub(crate) fn set_plan(&self, plan: Option<Arc<dyn FaultPlan>>) {
        *lock(&self.plan) = plan;
    }

    /// Counts the call and asks the plan. `describe` is asked only when there is a plan with anything in it.
    pub(crate) fn meet(
        &self,
        actor: &str,
        service: Service,
        operation: &str,
        describe: impl FnOnce() -> (String, bool),
    ) -> Fault {
        let index = self.made.fetch_add(1, Ordering::Relaxed);
        {
            let mut counts = lock(&self.counts);
            count(&mut counts, actor, service, operation);
        }
        let plan = lock(&self.plan).clone();
        let Some(plan) = plan.filter(|plan| plan.is_armed()) else {
            return Fault::None;
        };
        let (resource, on_index) = describe();
        plan.plan(&Call {
            actor: actor.to_owned(),
            service,
            operation: operation.to_owned(),
            resource,
            on_index,
            index,
        })
    }

    /// Asks the plan about an event of SES.
    pub(crate) fn meet_event(&self, event_type: &str, ses_id: &str) -> Fate {
        let plan = lock(&self.plan).clone();
        plan.map_or(Fate::Once, |plan| plan.plan_event(event_type, ses_id))
    }

    pub(crate) fn counts(&self) -> BTreeMap<(Service, String), u64> {
        let mut counts = BTreeMap::new();
        for operations in lock(&self.counts).values() {
            for (operation, calls) in operations {
                *counts.entry(operation.clone()).or_default() += calls;
            }
        }
        counts
    }

    pub(crate) fn counts_by_actor(&self) -> CallCounts {
        lock(&self.counts).clone()
    }

    /// Forgets the counts and starts the calls' numbers anew.
    pub(crate) fn reset(&self) {
        lock(&self.counts).clear();
        self.made.store(0, Ordering::Relaxed);
    }

    pub(crate) fn kill(&self, actor: &str) {
        let mut kills = lock(&self.kills);
        let sender = kills
            .entry(actor.to_owned())
            .or_insert_with(|| watch::Sender::new(0));
        sender.send_modify(|count| *count += 1);
    }

    pub(crate) fn kills_of(&self, actor: &str) -> watch::Receiver<u64> {
        let mut kills = lock(&self.kills);
        kills
            .entry(actor.to_owned())
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe()
    }

    /// Runs a part of the emulation and adds the processor's time that it takes.
    pub(crate) fn timed<T>(&self, part: impl FnOnce() -> T) -> T {
        let before = thread_time();
        let result = part();
        let taken = thread_time().saturating_sub(before);
        let nanos = u64::try_from(taken.as_nanos()).unwrap_or(u64::MAX);
        self.emulation_nanos.fetch_add(nanos, Ordering::Relaxed);
        result
    }

    pub(crate) fn emulation_time(&self) -> Duration {
        Duration::from_nanos(self.emulation_nanos.load(Ordering::Relaxed))
    }
}

fn count(counts: &mut CallCounts, actor: &str, service: Service, operation: &str) {
    if !counts.contains_key(actor) {
        counts.insert(actor.to_owned(), BTreeMap::new());
    }
    if let Some(operations) = counts.get_mut(actor) {
        *operations.entry((service, operation.to_owned())).or_default() += 1;
    }
}

/// The processor's time of this thread: what others take meanwhile is not in it.
#[cfg(unix)]
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Elsewhere the time that passes.
#[cfg(not(unix))]
fn thread_time() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGIN.elapsed()
}
