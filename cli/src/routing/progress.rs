//! How far a long look at tickets has come.

use indicatif::{ProgressBar, ProgressStyle};

/// From so many tickets on it takes longer than a moment.
const LONG: usize = 200;

/// A bar on the terminal where it takes long; nothing where standard error is none.
pub fn progress(tickets: usize) -> ProgressBar {
    if tickets < LONG {
        return ProgressBar::hidden();
    }
    // It draws on standard error, and only if that is a terminal.
    let bar = ProgressBar::new(tickets as u64);
    match ProgressStyle::with_template("{bar:40} {pos} of {len} tickets, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
