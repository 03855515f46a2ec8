//! What this process has taken of the machine.

use anyhow::Context as _;

/// CPU time of this process so far, user and system, in seconds: of all its threads.
pub fn cpu_seconds() -> anyhow::Result<f64> {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        let used = clock_gettime(ClockId::ProcessCPUTime);
        Ok(used.tv_sec as f64 + used.tv_nsec as f64 / 1e9)
    }
    #[cfg(not(unix))]
    anyhow::bail!("this needs a Unix")
}

/// CPU time of the thread that asks, user and system, in seconds.
pub fn thread_cpu_seconds() -> anyhow::Result<f64> {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        let used = clock_gettime(ClockId::ThreadCPUTime);
        Ok(used.tv_sec as f64 + used.tv_nsec as f64 / 1e9)
    }
    #[cfg(not(unix))]
    anyhow::bail!("this needs a Unix")
}

/// The most memory that this process had so far, in MB.
pub fn peak_memory_mb() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("this needs /proc")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("no VmHWM")?;
    Ok(peak.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1024.0)
}
