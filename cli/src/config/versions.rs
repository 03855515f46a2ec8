//! Earlier versions.

use super::{Paint, change, desk_names, groups::groups_of, said};
use anyhow::Context as _;
use docket_desk::Desk;
use docket_desk_file::{DeskNames, file_of};
use docket_domain::{Digest, rule::RuleBook, sla::Book};
use std::{
    collections::{BTreeSet, HashMap},
    io::Write,
};

/// Lists them, newest first.
pub async fn history(desk: &Desk, limit: usize, out: &mut impl Write) -> anyhow::Result<()> {
    let versions = desk.rules().versions(limit).await?;
    if versions.is_empty() {
        writeln!(out, "nothing was configured yet")?;
    }
    // Versions that differ in other parts have the same rules.
    let mut counts: HashMap<Digest, usize> = HashMap::new();
    for (place, version) in versions.iter().enumerate() {
        let rules = match &version.rules {
            None => 0,
            Some(digest) => match counts.get(digest) {
                Some(count) => *count,
                None => {
                    let book = desk.rules().version(version.v).await?.unwrap_or_default();
                    *counts.entry(digest.clone()).or_insert(book.rules.rules.len())
                }
            },
        };
        writeln!(
            out,
            "version {:<4} {}  {}, {}, {}{}",
            version.v,
            version.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            counted(version.policies.len(), "policy", "policies"),
            counted(version.calendars.len(), "calendar", "calendars"),
            counted(rules, "rule", "rules"),
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
    let earlier =
        match version {
            // What held before anything was configured.
            0 => Book::default(),
            _ => desk.rules().version(version).await?.with_context(|| {
                format!("there is no version {version}; `docket config history` lists them")
            })?,
        };
    let names = desk_names(desk, &BTreeSet::new(), &[&*desk.rules().book().await?, &earlier]).await?;
    // Groups and people have no versions: what it names has to be there.
    let there = DeskNames {
        groups: groups_of(desk).await?.names(),
        ..names.clone()
    };
    file_of(&earlier, &there).with_context(|| format!("version {version} can't come into force again"))?;
    let (book, (changes, _)) = change(desk, &names, |book| {
        let after = Book {
            policies: earlier.policies.clone(),
            calendars: earlier.calendars.clone(),
            timers: earlier.timers,
            rules: RuleBook {
                // A number is never given twice.
                last_rule_id: book.rules.next_rule_id().0 - 1,
                last_skill_id: book.rules.next_skill_id().0 - 1,
                last_attribute_id: book.rules.next_attribute_id() - 1,
                ..earlier.rules.clone()
            },
            ..book.clone()
        };
        Ok((after, Vec::new()))
    })
    .await?;
    said(&book, &changes, paint, out)
}
