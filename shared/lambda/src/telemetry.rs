//! Logs: JSON lines, one sentence each with ids as fields. The level comes from `RUST_LOG`.

use tracing_subscriber::EnvFilter;

/// Starts logging; once, first thing in `main`.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A second start, in a program that runs several functions, changes nothing.
    let _already_started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .without_time()
        .with_env_filter(filter)
        .try_init();
}
