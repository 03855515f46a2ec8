//! `docket routing drift`.

use super::{Window, progress::progress, table::table};
use crate::past_tickets::{instant, not_known, tickets};
use docket_desk::Desk;
use docket_desk_file::Duration;
use docket_domain::Timestamp;
use docket_rules::{
    CheckedBook,
    past_tickets::{self, Drift, DriftReport, How, Shadow},
};
use futures_util::StreamExt as _;
use serde::Serialize;
use std::{
    io::{self, Write},
    sync::Arc,
};

/// What became of the rules in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Tickets on which something happened since then.
    pub since: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// What was found.
    #[serde(flatten)]
    pub found: DriftReport,
    /// What could not be known, in words.
    pub not_known: Vec<String>,
}

/// Looks at what the rules in force did, and triages each ticket again by them.
pub async fn run(desk: &Desk, since: Duration, most: usize) -> anyhow::Result<Report> {
    let books = [Arc::new(CheckedBook::new(desk.rules().book().await?))];
    let window = Window::of(desk, since, most).await?;
    let mut unknown = past_tickets::not_known(&[&books[0]]);
    unknown.push(past_tickets::NOT_KNOWN_OF_TRIGGERS.to_owned());
    unknown.extend(window.cut);
    let mut drift = Drift::new(&books[0], window.from);
    let setup = desk.setup().await?;
    let bar = progress(window.numbers.len());
    let mut seen = std::pin::pin!(
        desk.rules()
            .past_tickets(&window.numbers, window.from, &books, &setup)
    );
    while let Some(seen) = seen.next().await {
        seen?.drift(&mut drift);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Report {
        since: window.from,
        until: window.until,
        found: drift.report(),
        not_known: unknown,
    })
}

impl Report {
    /// Writes it for people.
    pub fn table(&self, out: &mut impl Write) -> io::Result<()> {
        let found = &self.found;
        writeln!(
            out,
            "{} looked at on which something happened since {}; {} of them triaged since then",
            tickets(found.looked),
            instant(self.since),
            found.tickets
        )?;
        let nothing = found.never_fired.is_empty() && found.overruled.is_empty() && found.shadowed.is_empty();
        if nothing {
            writeln!(out, "\nevery rule does something, and none is always overruled")?;
        }
        if !found.never_fired.is_empty() {
            writeln!(out)?;
            let rows = found.never_fired.iter().map(|rule| {
                [
                    rule.kind.to_string(),
                    rule.name.clone(),
                    rule.tickets.to_string(),
                    rule.unanswered.to_string(),
                ]
            });
            let heads = ["never fired", "", "tickets", "no answer"];
            table(heads, 2, &rows.collect::<Vec<_>>(), out)?;
        }
        if !found.overruled.is_empty() {
            writeln!(out)?;
            let rows = found.overruled.iter().map(|rule| {
                [
                    rule.name.clone(),
                    rule.target.to_string(),
                    rule.tickets.to_string(),
                ]
            });
            let heads = ["always overruled by hand", "in", "tickets"];
            table(heads, 1, &rows.collect::<Vec<_>>(), out)?;
        }
        if !found.shadowed.is_empty() {
            writeln!(out)?;
            let rows = found
                .shadowed
                .iter()
                .map(|rule| [rule.name.clone(), because(rule), rule.tickets.to_string()]);
            let heads = ["without effect", "because", "tickets"];
            table(heads, 1, &rows.collect::<Vec<_>>(), out)?;
        }
        not_known(&self.not_known, out)
    }
}

fn because(rule: &Shadow) -> String {
    let how = rule.how.iter().map(|how| match how {
        How::Ended => "the list ends before it",
        How::Repeats => "it sets what was set",
        How::Overwritten => "what it sets is set otherwise behind it",
    });
    let by: Vec<String> = rule.by.iter().map(|by| format!("{:?}", by.name)).collect();
    format!("{}: {}", how.collect::<Vec<_>>().join(", "), by.join(", "))
}
