//! `docket routing backtest`.

use super::{Window, group_names, progress::progress, table::table};
use crate::{
    config::{ConfigFile, desk_names},
    past_tickets::{instant, not_known, tickets},
};
use docket_desk::Desk;
use docket_desk_file::Duration;
use docket_domain::{GroupId, Timestamp};
use docket_rules::{
    CheckedBook,
    past_tickets::{self, BackTest, Change, FirstGroup, Property},
};
use futures_util::StreamExt as _;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::Arc,
};

/// What a draft would have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Tickets triaged since then.
    pub since: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// What was counted.
    #[serde(flatten)]
    pub counted: BackTest,
    /// The names of the groups.
    pub groups: BTreeMap<GroupId, String>,
    /// What could not be known, in words.
    pub not_known: Vec<String>,
}

/// Triages each ticket twice: by the rules in force, and by those of the file.
pub async fn run(desk: &Desk, file: &ConfigFile, since: Duration, most: usize) -> anyhow::Result<Report> {
    let written = file.parse()?;
    let book = desk.rules().book().await?;
    let names = desk_names(desk, &written.addresses(), &[&book]).await?;
    let outcome = file.book(&written, &book, Some(&names))?;
    let today = Arc::new(CheckedBook::new(book));
    let draft = Arc::new(CheckedBook::new(Arc::new(outcome.book)));
    let window = Window::of(desk, since, most).await?;
    let mut unknown = past_tickets::not_known(&[&today, &draft]);
    unknown.extend(window.cut);
    let mut counted = BackTest::new(&draft);
    let books = [today, draft];
    let setup = desk.setup().await?;
    let bar = progress(window.numbers.len());
    let mut seen = std::pin::pin!(
        desk.rules()
            .past_tickets(&window.numbers, window.from, &books, &setup)
    );
    while let Some(seen) = seen.next().await {
        seen?.back_test(&mut counted);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Report {
        since: window.from,
        until: window.until,
        counted,
        groups: group_names(desk).await?,
        not_known: unknown,
    })
}

impl Report {
    /// Writes it for people.
    pub fn table(&self, file: &str, out: &mut impl Write) -> io::Result<()> {
        let counted = &self.counted;
        writeln!(
            out,
            "{} looked at, triaged since {}; {} would be otherwise with {file}",
            tickets(counted.tickets),
            instant(self.since),
            counted.otherwise
        )?;
        self.first_group(file, out)?;
        self.otherwise(out)?;
        self.rules(out)?;
        self.examples(out)?;
        for (why, skipped) in &counted.not_judged {
            let first: Vec<String> = skipped
                .examples
                .iter()
                .map(|number| format!("#{number}"))
                .collect();
            let (count, why) = (tickets(skipped.tickets), why.in_words());
            writeln!(out, "\n{count} not judged, which {why}: {}", first.join(" "))?;
        }
        not_known(&self.not_known, out)
    }

    fn first_group(&self, file: &str, out: &mut impl Write) -> io::Result<()> {
        let FirstGroup {
            solved,
            draft,
            today,
            happened,
        } = self.counted.first_group;
        writeln!(
            out,
            "\nthe first group is the one that solved it, of {}:",
            tickets(solved)
        )?;
        let row = |name: &str, count: u64| [name.to_owned(), count.to_string(), share(count, solved)];
        let rows = [
            row("today's rules", today),
            row(file, draft),
            row("what happened", happened),
        ];
        table(["", "tickets", "share"], 2, &rows, out)
    }

    fn otherwise(&self, out: &mut impl Write) -> io::Result<()> {
        let counted = &self.counted;
        if counted.otherwise == 0 {
            return writeln!(out, "\nno ticket would be otherwise");
        }
        writeln!(out)?;
        let changed = |property: &Property| {
            let count = counted.changes.get(property)?;
            Some([property.as_str().to_owned(), count.to_string()])
        };
        let rows: Vec<_> = Property::ALL.iter().filter_map(changed).collect();
        table(["otherwise", "tickets"], 1, &rows, out)?;
        if counted.moves.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let moved = counted.moves.iter().map(|moved| {
            [
                self.group(moved.from),
                self.group(moved.to),
                moved.tickets.to_string(),
            ]
        });
        table(
            ["from group", "to group", "tickets"],
            1,
            &moved.collect::<Vec<_>>(),
            out,
        )
    }

    fn rules(&self, out: &mut impl Write) -> io::Result<()> {
        let counts = &self.counted.rules;
        if counts.is_empty() {
            return writeln!(out, "\nthe file leaves no routing rule active");
        }
        writeln!(out)?;
        let rows = counts.iter().map(|rule| {
            [
                rule.name.clone(),
                rule.matched.to_string(),
                rule.unanswered.to_string(),
            ]
        });
        table(
            ["rule", "matched", "no answer"],
            2,
            &rows.collect::<Vec<_>>(),
            out,
        )?;
        for rule in counts {
            if let Some(why) = &rule.why {
                writeln!(out, "{} has no answer, for instance: {why}", rule.name)?;
            }
        }
        Ok(())
    }

    fn examples(&self, out: &mut impl Write) -> io::Result<()> {
        let examples = &self.counted.examples;
        if examples.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nthe first {} that would be otherwise:", examples.len())?;
        for example in examples {
            let changes: Vec<String> = example.changes.iter().map(|change| self.change(change)).collect();
            writeln!(out, "#{:<8}{}", example.ticket.0, changes.join("; "))?;
        }
        Ok(())
    }

    fn change(&self, change: &Change) -> String {
        let shown = |value: &str| match (change.property, value) {
            (_, "") => "none".to_owned(),
            (Property::Group, id) => id.parse().map_or_else(|_| id.to_owned(), |id| self.group(id)),
            (_, value) => value.to_owned(),
        };
        let (today, draft) = (shown(&change.today), shown(&change.draft));
        format!("{} {today} → {draft}", change.property.as_str())
    }

    fn group(&self, id: GroupId) -> String {
        let name = self.groups.get(&id).cloned();
        name.unwrap_or_else(|| format!("group {id}"))
    }
}

/// A share in tenths of a percent; nothing of nothing.
fn share(of: u64, all: u64) -> String {
    match (of * 1_000).checked_div(all) {
        Some(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
        None => "-".to_owned(),
    }
}
