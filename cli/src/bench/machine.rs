//! What this process has taken of the machine.

use anyhow::Context as _;

/// CPU time of this process so far, user and system, in seconds.
pub fn cpu_seconds() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("this needs /proc")?;
    // The name in brackets may hold spaces; fields are counted after it (proc(5): utime 14, stime 15).
    let fields: Vec<&str> = stat
        .rsplit_once(") ")
        .map_or("", |(_, rest)| rest)
        .split(' ')
        .collect();
    let ticks: f64 = fields.get(11).context("no utime")?.parse::<f64>()?
        + fields.get(12).context("no stime")?.parse::<f64>()?;
    // USER_HZ is 100 on every Linux that Rust runs on.
    Ok(ticks / 100.0)
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
