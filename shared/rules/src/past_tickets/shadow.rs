//! Whether a rule did anything on a ticket that other rules would not have done without it.
//!
//! A rule whose condition holds is *without effect* on a ticket where
//!
//! - an earlier rule that is the last had ended the list (its condition is then asked of the ticket as the rules leave it), or
//! - the ticket would have come out the same without it, and for each thing that it sets there is a rule to name: the nearest
//!   one before it that set the thing had set the same value, or one behind it sets another value.
//!
//! The second half of the second case keeps what the ticket brought along, and what it gets by default, from being held
//! against a rule: it would do its work as soon as they were other. Of two rules that set the same only the later one is
//! without effect.

use super::{
    Known, PastTicket,
    placed::{Placed, place_without},
    settings::{Target, settings},
};
use crate::DeskRules;
use docket_conditions::Prepared;
use docket_domain::{RuleId, rule::Rule};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How a rule comes to have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// An earlier rule ends the list.
    Ended,
    /// What it sets, earlier rules have set.
    Repeats,
    /// What it sets, later rules set otherwise.
    Overwritten,
}

/// What a rule whose condition holds does on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Something.
    Some,
    /// Nothing: how so, and because of which rules.
    None(BTreeSet<How>, BTreeSet<RuleId>),
}

/// The routing rules whose condition holds for a ticket, with what they do on it. `is_asked` says of which that matters: of
/// others it is taken that they do something.
pub(crate) fn effects(
    rules: &DeskRules,
    past: &PastTicket,
    known: &Known,
    placed: &Placed,
    is_asked: impl Fn(RuleId) -> bool,
) -> Vec<(RuleId, Effect)> {
    let book = &rules.checked().book().rules;
    let ran: Vec<(RuleId, BTreeMap<Target, String>)> = placed
        .matched
        .iter()
        .filter_map(|id| Some((*id, settings(book.rule(*id)?))))
        .collect();
    let mut all = Vec::new();
    for (place, (id, set)) in ran.iter().enumerate() {
        let others = is_asked(*id)
            .then(|| others(set, &ran[..place], &ran[place + 1..]))
            .flatten();
        let effect = match others {
            Some((how, by)) if place_without(rules, past, known, Some(*id)).ticket == placed.ticket => {
                Effect::None(how, by)
            }
            _ => Effect::Some,
        };
        all.push((*id, effect));
    }
    if let Some(ended_by) = placed.ended_by {
        for rule in never_tried(rules, placed, ended_by) {
            let effect = Effect::None(BTreeSet::from([How::Ended]), BTreeSet::from([ended_by]));
            all.push((rule.id, effect));
        }
    }
    all
}

/// For each thing that is set, the rule that makes it of no effect; nothing where one of them has none.
fn others(
    set: &BTreeMap<Target, String>,
    before: &[(RuleId, BTreeMap<Target, String>)],
    behind: &[(RuleId, BTreeMap<Target, String>)],
) -> Option<(BTreeSet<How>, BTreeSet<RuleId>)> {
    let (mut how, mut by) = (BTreeSet::new(), BTreeSet::new());
    for (target, value) in set {
        let nearest = before
            .iter()
            .rev()
            .find_map(|(id, set)| Some((id, set.get(target)?)));
        let other = behind
            .iter()
            .find(|(_, set)| set.get(target).is_some_and(|other| other != value));
        match (nearest, other) {
            (Some((id, same)), _) if same == value => {
                how.insert(How::Repeats);
                by.insert(*id);
            }
            (_, Some((id, _))) => {
                how.insert(How::Overwritten);
                by.insert(*id);
            }
            _ => return None,
        }
    }
    (!by.is_empty()).then_some((how, by))
}

/// The rules behind the one that ended the list whose condition holds.
fn never_tried<'r>(rules: &'r DeskRules, placed: &Placed, ended_by: RuleId) -> Vec<&'r Rule> {
    let checked = rules.checked();
    let facts = rules.facts(&placed.ticket);
    let prepared = Prepared::new(&facts);
    let definition = |place: usize| &checked.book().rules.rules[place];
    let routing = checked.rules.routing.iter();
    routing
        .skip_while(|rule| definition(rule.place).id != ended_by)
        .skip(1)
        .filter(|rule| {
            let evaluated = rule.condition.evaluate_prepared(&prepared);
            evaluated.is_ok_and(|evaluation| evaluation.result)
        })
        .map(|rule| definition(rule.place))
        .collect()
}
