//! What drift found.

use super::{NotJudged, backtest::Skipped, settings::Target, shadow::How};
use docket_domain::{
    RuleId,
    rule::{Rule, RuleKind},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// From so many tickets on, "never" and "always" are said of a rule: of fewer it may be chance.
pub const FEWEST_TICKETS: u64 = 5;

/// How often a thing that a rule had set was set otherwise by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hands {
    /// Tickets that say something of it.
    pub tickets: u64,
    /// Of these, those on which a person set it otherwise.
    pub overruled: u64,
}

/// What was seen of one rule. Counts of several parts of the tickets may be added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleDrift {
    /// The rule.
    pub id: RuleId,
    /// Its kind.
    pub kind: RuleKind,
    /// What it is called.
    pub name: String,
    /// How often it ran.
    pub fired: u64,
    /// Of a routing rule: new tickets for which its condition holds as it stands today.
    pub held: u64,
    /// Of these, those on which it is without effect.
    pub without_effect: u64,
    /// How so.
    pub how: BTreeSet<How>,
    /// Because of which rules, and on how many tickets.
    pub by: BTreeMap<RuleId, u64>,
    /// Of a routing rule: new tickets for which its condition has no answer.
    pub unanswered: u64,
    /// What became by hand of what it set.
    pub hands: BTreeMap<Target, Hands>,
}

impl RuleDrift {
    pub(crate) fn new(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            kind: rule.kind,
            name: rule.name.clone(),
            fired: 0,
            held: 0,
            without_effect: 0,
            how: BTreeSet::new(),
            by: BTreeMap::new(),
            unanswered: 0,
            hands: BTreeMap::new(),
        }
    }

    /// Whether it had no effect so far.
    pub(crate) fn may_be_shadowed(&self) -> bool {
        self.held == self.without_effect
    }

    pub(crate) fn without_effect(&mut self, how: BTreeSet<How>, by: BTreeSet<RuleId>) {
        self.without_effect += 1;
        self.how.extend(how);
        for rule in by {
            *self.by.entry(rule).or_default() += 1;
        }
    }
}

/// A rule that never fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeverFired {
    /// The rule.
    pub id: RuleId,
    /// Its kind.
    pub kind: RuleKind,
    /// What it is called.
    pub name: String,
    /// On how many tickets it could have.
    pub tickets: u64,
    /// Of these, those for which its condition has no answer.
    pub unanswered: u64,
}

/// A rule that is always overruled by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overruled {
    /// The rule.
    pub id: RuleId,
    /// What it is called.
    pub name: String,
    /// In what.
    pub target: Target,
    /// On how many tickets.
    pub tickets: u64,
}

/// A rule because of which another has no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShadowedBy {
    /// The rule.
    pub id: RuleId,
    /// What it is called.
    pub name: String,
    /// On how many tickets.
    pub tickets: u64,
}

/// A rule that has no effect because of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shadow {
    /// The rule.
    pub id: RuleId,
    /// What it is called.
    pub name: String,
    /// On how many tickets its condition holds.
    pub tickets: u64,
    /// How so.
    pub how: BTreeSet<How>,
    /// Because of which.
    pub by: Vec<ShadowedBy>,
}

/// Everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriftReport {
    /// Tickets on which something happened.
    pub looked: u64,
    /// Of these, those that were triaged in the time that is looked at, and triaged again.
    pub tickets: u64,
    /// Rules that never fire.
    pub never_fired: Vec<NeverFired>,
    /// Rules that are always overruled by hand.
    pub overruled: Vec<Overruled>,
    /// Rules that have no effect because of others.
    pub shadowed: Vec<Shadow>,
    /// What was seen of each rule.
    pub rules: Vec<RuleDrift>,
    /// Tickets that could not be triaged again.
    pub not_judged: BTreeMap<NotJudged, Skipped>,
}

impl DriftReport {
    pub(crate) fn new(
        looked: u64,
        tickets: u64,
        rules: Vec<RuleDrift>,
        not_judged: BTreeMap<NotJudged, Skipped>,
    ) -> Self {
        Self {
            looked,
            tickets,
            never_fired: never_fired(&rules, looked, tickets),
            overruled: overruled(&rules),
            shadowed: shadowed(&rules),
            rules,
            not_judged,
        }
    }
}

fn never_fired(rules: &[RuleDrift], looked: u64, judged: u64) -> Vec<NeverFired> {
    let tickets = |rule: &RuleDrift| match rule.kind {
        RuleKind::Routing => judged,
        _ => looked,
    };
    rules
        .iter()
        .filter(|rule| rule.fired == 0 && rule.held == 0 && tickets(rule) >= FEWEST_TICKETS)
        .map(|rule| NeverFired {
            id: rule.id,
            kind: rule.kind,
            name: rule.name.clone(),
            tickets: tickets(rule),
            unanswered: rule.unanswered,
        })
        .collect()
}

fn overruled(rules: &[RuleDrift]) -> Vec<Overruled> {
    let always = |hands: &Hands| hands.tickets >= FEWEST_TICKETS && hands.overruled == hands.tickets;
    let found = rules.iter().flat_map(|rule| {
        let targets = rule.hands.iter().filter(move |(_, hands)| always(hands));
        targets.map(|(target, hands)| Overruled {
            id: rule.id,
            name: rule.name.clone(),
            target: target.clone(),
            tickets: hands.tickets,
        })
    });
    found.collect()
}

fn shadowed(rules: &[RuleDrift]) -> Vec<Shadow> {
    let name = |id: RuleId| {
        let found = rules.iter().find(|rule| rule.id == id);
        found.map_or_else(String::new, |rule| rule.name.clone())
    };
    rules
        .iter()
        .filter(|rule| rule.held >= FEWEST_TICKETS && rule.may_be_shadowed())
        .map(|rule| Shadow {
            id: rule.id,
            name: rule.name.clone(),
            tickets: rule.held,
            how: rule.how.clone(),
            by: rule
                .by
                .iter()
                .map(|(id, tickets)| ShadowedBy {
                    id: *id,
                    name: name(*id),
                    tickets: *tickets,
                })
                .collect(),
        })
        .collect()
}
