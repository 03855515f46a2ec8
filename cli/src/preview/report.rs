//! What was found, as a table and as JSON.

use super::{
    judge::Judged,
    look::{Looked, Verdict},
};
use crate::past_tickets::{instant, not_known};
use docket_domain::{
    TicketNumber, Timestamp,
    sla::{Book, Metric},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Most tickets that the table lists; JSON has them all.
const MOST_LISTED: usize = 40;

/// How many tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Whose clock ran.
    pub tickets: u64,
    /// That were warned of.
    pub warned: u64,
    /// Whose promise was broken.
    pub breached: u64,
}

/// What became of one promise to one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromiseOutcome {
    /// Title of the policy; nothing where none holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// When the clock first warned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warned_at: Option<Timestamp>,
    /// When the promise was first broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<Timestamp>,
}

/// A promise to a ticket that would be judged otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The promise.
    pub metric: Metric,
    /// By what is in force.
    pub today: PromiseOutcome,
    /// By the file.
    pub preview: PromiseOutcome,
}

/// Everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Tickets created or open since then.
    pub since: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// How many tickets.
    pub tickets: usize,
    /// By what is in force.
    pub today: BTreeMap<&'static str, Counts>,
    /// By the file.
    pub preview: BTreeMap<&'static str, Counts>,
    /// Tickets by the policy that would hold for them, where it is another: from, to, how many.
    pub moves: Vec<Move>,
    /// What would be judged otherwise.
    pub differences: Vec<Difference>,
    /// What could not be known, in words.
    pub not_known: Vec<String>,
}

/// Tickets that would come under another policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The policy that holds; nothing for none.
    pub from: Option<String>,
    /// The policy that would hold; nothing for none.
    pub to: Option<String>,
    /// How many.
    pub tickets: u64,
}

impl Report {
    /// One without a ticket.
    pub fn new(since: Timestamp, until: Timestamp, looked: &Looked, books: &[&Book]) -> Self {
        let mut not_known = vec![
            "group, tags, subject and type of each ticket are taken as they are now, not as they were"
                .to_owned(),
            "both columns are computed as if the policies had always held; what was recorded may differ"
                .to_owned(),
        ];
        let asks = |name: &str| {
            let mut policies = books.iter().flat_map(|book| &book.policies);
            policies.any(|policy| policy.condition.contains(name))
        };
        if asks("requester") || asks("organization") {
            not_known.push(
                "name, tier, tags and organization of each requester are taken as they are now".to_owned(),
            );
        }
        if let Some(most) = looked.cut_at {
            not_known.push(format!(
                "there are more tickets than {most}: those that changed longest ago are left out"
            ));
        }
        Self {
            since,
            until,
            tickets: looked.tickets.len(),
            today: BTreeMap::new(),
            preview: BTreeMap::new(),
            moves: Vec::new(),
            differences: Vec::new(),
            not_known,
        }
    }

    /// Adds what a ticket comes to, by what is in force and by the file.
    pub fn add(&mut self, ticket: TicketNumber, today: &Verdict, preview: &Verdict) {
        count(&mut self.today, today);
        count(&mut self.preview, preview);
        if today.policy != preview.policy {
            let is_it = |known: &&mut Move| known.from == today.policy && known.to == preview.policy;
            match self.moves.iter_mut().find(is_it) {
                Some(known) => known.tickets += 1,
                None => self.moves.push(Move {
                    from: today.policy.clone(),
                    to: preview.policy.clone(),
                    tickets: 1,
                }),
            }
        }
        for metric in Metric::ALL {
            let (before, after) = (today.clocks.get(&metric), preview.clocks.get(&metric));
            if severity(before) != severity(after) {
                self.differences.push(Difference {
                    ticket,
                    metric,
                    today: outcome(today, before),
                    preview: outcome(preview, after),
                });
            }
        }
    }

    /// Writes it for people.
    pub fn table(&self, file: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "{} tickets looked at: created or open since {}",
            self.tickets,
            instant(self.since)
        )?;
        writeln!(out)?;
        writeln!(out, "{:<17}{:^27}  {:^27}", "", "today", format!("with {file}"))?;
        write!(out, "{:<17}", "promise")?;
        writeln!(
            out,
            "{0:>9}{1:>9}{2:>9}  {0:>9}{1:>9}{2:>9}",
            "tickets", "warned", "breached"
        )?;
        for metric in Metric::ALL {
            let of = |counts: &BTreeMap<_, Counts>| counts.get(metric.as_str()).copied().unwrap_or_default();
            let (before, after) = (of(&self.today), of(&self.preview));
            write!(
                out,
                "{:<17}{:>9}{:>9}{:>9}",
                metric.as_str(),
                before.tickets,
                before.warned,
                before.breached
            )?;
            writeln!(
                out,
                "  {:>9}{:>9}{:>9}",
                after.tickets, after.warned, after.breached
            )?;
        }
        for moved in &self.moves {
            writeln!(out)?;
            let (from, to) = (title(moved.from.as_deref()), title(moved.to.as_deref()));
            write!(
                out,
                "{} tickets would come under {to} instead of {from}",
                moved.tickets
            )?;
        }
        if !self.moves.is_empty() {
            writeln!(out)?;
        }
        self.list(out)?;
        not_known(&self.not_known, out)
    }

    fn list(&self, out: &mut impl Write) -> io::Result<()> {
        if self.differences.is_empty() {
            return writeln!(out, "\nno ticket would be warned of or breached otherwise");
        }
        writeln!(out, "\n{} would be otherwise:", self.differences.len())?;
        for difference in self.differences.iter().take(MOST_LISTED) {
            writeln!(
                out,
                "#{:<8}{:<17}{:<28}→ {}",
                difference.ticket.0,
                difference.metric.as_str(),
                words(&difference.today),
                words(&difference.preview)
            )?;
        }
        match self.differences.len().checked_sub(MOST_LISTED) {
            None | Some(0) => Ok(()),
            Some(more) => writeln!(out, "and {more} more; --json has them all"),
        }
    }
}

fn count(counts: &mut BTreeMap<&'static str, Counts>, verdict: &Verdict) {
    for (metric, judged) in &verdict.clocks {
        let counts = counts.entry(metric.as_str()).or_default();
        counts.tickets += 1;
        counts.warned += u64::from(judged.warned_at.is_some());
        counts.breached += u64::from(judged.breached_at.is_some());
    }
}

/// 0 for a promise that was kept, or not given; 1 where the clock warned; 2 where it was broken.
fn severity(judged: Option<&Judged>) -> u8 {
    match judged {
        Some(Judged {
            breached_at: Some(_), ..
        }) => 2,
        Some(Judged {
            warned_at: Some(_), ..
        }) => 1,
        _ => 0,
    }
}

fn outcome(verdict: &Verdict, judged: Option<&Judged>) -> PromiseOutcome {
    PromiseOutcome {
        policy: verdict.policy.clone(),
        warned_at: judged.and_then(|judged| judged.warned_at),
        breached_at: judged.and_then(|judged| judged.breached_at),
    }
}

fn title(policy: Option<&str>) -> &str {
    policy.unwrap_or("no policy")
}

fn words(outcome: &PromiseOutcome) -> String {
    match (outcome.warned_at, outcome.breached_at) {
        (_, Some(at)) => format!("breached {}", instant(at)),
        (Some(at), None) => format!("warned {}", instant(at)),
        (None, None) => "neither".to_owned(),
    }
}
