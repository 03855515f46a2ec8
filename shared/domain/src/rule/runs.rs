//! What a ticket remembers of rules: how often they ran lately, and which automations are to run.

use super::{Anchor, Rule};
use crate::{RuleId, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Most rules that run on one ticket within an hour: the head remembers each.
pub const MOST_RULES_AN_HOUR: usize = 12;

/// The time over which runs are counted.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// How often a rule ran on a ticket since the first run of the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRuns {
    /// The rule.
    pub rule: RuleId,
    /// Its first run of the hour, in seconds since 1970.
    pub since: i64,
    /// How often it ran.
    pub count: u32,
    /// Whether the ticket says already that it does not run any more, or that it fails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_told: bool,
}

/// Why a rule does not run now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It ran as often as it may.
    Rule,
    /// So many other rules ran that the ticket remembers no more.
    Ticket,
}

/// The rules that ran within the hour before `now`.
fn lately(runs: &[RuleRuns], now: Timestamp) -> impl Iterator<Item = &RuleRuns> {
    let from = now.as_second() - WINDOW.as_secs();
    runs.iter().filter(move |runs| runs.since > from)
}

impl RuleRuns {
    /// Whether a rule may run now, and if not, why not and whether that was told.
    pub fn allow(runs: &[Self], rule: &Rule, now: Timestamp) -> Result<(), (Spent, bool)> {
        match lately(runs, now).find(|runs| runs.rule == rule.id) {
            Some(runs) if runs.count >= rule.budget => Err((Spent::Rule, runs.is_told)),
            Some(_) => Ok(()),
            None if lately(runs, now).count() >= MOST_RULES_AN_HOUR => {
                let is_told = lately(runs, now).all(|runs| runs.is_told);
                Err((Spent::Ticket, is_told))
            }
            None => Ok(()),
        }
    }

    /// Whether the ticket was told of a rule's failure within the hour.
    pub fn is_told(runs: &[Self], rule: RuleId, now: Timestamp) -> bool {
        lately(runs, now).any(|runs| runs.rule == rule && runs.is_told)
    }

    /// Counts a run, or that something was told about a rule. What is older than an hour is forgotten.
    pub fn count(all: &mut Vec<Self>, rule: RuleId, at: Timestamp, ran: u32, is_told: bool) {
        let kept: Vec<Self> = lately(all, at).copied().collect();
        *all = kept;
        match all.iter().position(|runs| runs.rule == rule) {
            Some(at) => {
                all[at].count += ran;
                all[at].is_told |= is_told;
            }
            None if all.len() < MOST_RULES_AN_HOUR => all.push(Self {
                rule,
                since: at.as_second(),
                count: ran,
                is_told,
            }),
            // The rule has no place of its own: that no more rules run is said of all.
            None => all.iter_mut().for_each(|runs| runs.is_told |= is_told),
        }
    }
}

/// An automation whose condition holds for a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The automation.
    pub rule: RuleId,
    /// The moment it counts from.
    pub anchor: Anchor,
    /// When that was.
    pub since: Timestamp,
    /// When it runs; nothing once it ran for this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

impl Planned {
    /// Most automations that one ticket remembers; those behind them in order wait until one of them is over.
    pub const MOST: usize = 12;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleKind;

    fn rule(id: u64, budget: u32) -> Rule {
        Rule {
            id: RuleId(id),
            kind: RuleKind::Trigger,
            name: String::new(),
            description: String::new(),
            position: 0,
            condition: "true".to_owned(),
            actions: vec![],
            is_last: false,
            budget,
            is_active: true,
            timing: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_rule_runs_as_often_as_its_budget_within_an_hour() {
        let (rule, mut runs) = (rule(1, 2), vec![]);
        RuleRuns::count(&mut runs, rule.id, at(10_000), 1, false);
        assert_eq!(RuleRuns::allow(&runs, &rule, at(10_001)), Ok(()));
        RuleRuns::count(&mut runs, rule.id, at(10_001), 1, false);
        assert_eq!(
            RuleRuns::allow(&runs, &rule, at(13_599)),
            Err((Spent::Rule, false))
        );
        RuleRuns::count(&mut runs, rule.id, at(13_599), 0, true);
        assert_eq!(
            RuleRuns::allow(&runs, &rule, at(13_599)),
            Err((Spent::Rule, true))
        );
        assert_eq!(RuleRuns::allow(&runs, &rule, at(13_600)), Ok(()));
        RuleRuns::count(&mut runs, rule.id, at(13_600), 1, false);
        assert_eq!((runs.len(), runs[0].count), (1, 1));
    }

    #[test]
    fn a_ticket_remembers_so_many_rules_and_no_more() {
        let mut runs = vec![];
        for id in 1..=MOST_RULES_AN_HOUR as u64 {
            assert_eq!(RuleRuns::allow(&runs, &rule(id, 5), at(9_000)), Ok(()));
            RuleRuns::count(&mut runs, RuleId(id), at(9_000), 1, false);
        }
        let one_more = rule(99, 5);
        assert_eq!(
            RuleRuns::allow(&runs, &one_more, at(9_001)),
            Err((Spent::Ticket, false))
        );
        RuleRuns::count(&mut runs, one_more.id, at(9_001), 0, true);
        assert_eq!(
            RuleRuns::allow(&runs, &one_more, at(9_002)),
            Err((Spent::Ticket, true))
        );
        assert_eq!(runs.len(), MOST_RULES_AN_HOUR);
        assert_eq!(RuleRuns::allow(&runs, &one_more, at(12_601)), Ok(()));
    }
}
