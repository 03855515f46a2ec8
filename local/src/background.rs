//! The threads of what nobody waits for: the event sources, and the functions that they wake.
//!
//! They are not those on which the server answers, and the system gives them a processor after those: a ticket that somebody looks
//! at does not stand behind fifty thousand that wait for an agent.

use std::{future::Future, io, sync::Arc};
use tokio::runtime::{Builder, Runtime};

/// Threads: one waits for the tables while the other works.
const THREADS: usize = 2;
/// By how much they are nicer than others: the system then gives those about three times as much where both want a processor.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// The threads; they end with the last handle.
#[derive(Clone, Debug)]
pub struct Background(Arc<Owned>);

#[derive(Debug)]
struct Owned(Option<Runtime>);

impl Background {
    /// Starts them.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("background")
            .on_thread_start(|| {
                be_nice();
                embedded_aws::stand_behind();
            })
            .enable_all()
            .build()?;
        Ok(Self(Arc::new(Owned(Some(runtime)))))
    }

    /// Has work done on them.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.0.0 {
            runtime.spawn(work);
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // Waiting for it is not possible where the handle is dropped.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// On Linux niceness is a thread's own.
#[cfg(target_os = "linux")]
fn be_nice() {
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::warn!(%error, "work in the background could not be put behind the rest");
    }
}

#[cfg(not(target_os = "linux"))]
fn be_nice() {}
