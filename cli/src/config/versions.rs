//! Earlier versions.

use super::{Paint, change, desk_names, said};
use anyhow::Context as _;
use docket_aws::Desk;
use docket_domain::sla::Book;
use std::{collections::BTreeSet, io::Write};

/// Lists them, newest first.
pub async fn history(desk: &Desk, limit: usize, out: &mut impl Write) -> anyhow::Result<()> {
    let versions = desk.book_history(limit).await?;
    if versions.is_empty() {
        writeln!(out, "nothing was configured yet")?;
    }
    for (place, version) in versions.iter().enumerate() {
        writeln!(
            out,
            "version {:<4} {}  {}, {}{}",
            version.v,
            version.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            counted(version.policies.len(), "policy", "policies"),
            counted(version.calendars.len(), "calendar", "calendars"),
            if place == 0 { "  (in force)" } else { "" }
        )?;
    }
    Ok(())
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Puts one in force again. What it has in common with the one in force keeps its version.
pub async fn rollback(desk: &Desk, version: u64, paint: Paint, out: &mut impl Write) -> anyhow::Result<()> {
    let earlier = match version {
        // What held before anything was configured.
        0 => Book::default(),
        _ => desk
            .book_version(version)
            .await?
            .with_context(|| format!("there is no version {version}; `docket config history` lists them"))?,
    };
    let names = desk_names(desk, &BTreeSet::new(), &[&*desk.book().await?, &earlier]).await?;
    let (book, (changes, _)) = change(desk, &names, |book| {
        let after = Book {
            policies: earlier.policies.clone(),
            calendars: earlier.calendars.clone(),
            timers: earlier.timers,
            ..book.clone()
        };
        Ok((after, Vec::new()))
    })
    .await?;
    said(&book, &changes, paint, out)
}
