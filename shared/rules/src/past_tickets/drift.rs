//! Drift: what became of the rules in force.
//!
//! A rule is **overruled by hand** on a ticket in a thing that it sets (group, priority, type, assignee) where its value stood
//! once the rules had had their say, and the last value that a person gave the thing since is another. A ticket that is not
//! solved and not overruled says nothing yet: somebody may still do it. Where two rules set the same value it is the first one's.

use super::{
    Known, NotJudged, PastTicket,
    backtest::Skipped,
    drift_report::{DriftReport, RuleDrift},
    placed::place,
    settings::{Target, settings, text},
    shadow::{Effect, effects},
};
use crate::{CheckedBook, DeskRules};
use docket_domain::{
    RuleId, TicketNumber, Timestamp,
    rule::{Rule, RuleBook, RuleKind},
    ticket::{Fact, TicketEvent, fact},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Looks at past tickets with the rules in force.
#[derive(Clone, Debug)]
pub struct Drift {
    book: Arc<docket_domain::sla::Book>,
    from: Timestamp,
    looked: u64,
    judged: u64,
    rules: BTreeMap<RuleId, RuleDrift>,
    not_judged: BTreeMap<NotJudged, Skipped>,
}

impl Drift {
    /// One without a ticket.
    pub fn new(today: &CheckedBook, from: Timestamp) -> Self {
        let watched = today.book().rules.rules.iter().filter(|rule| {
            // A macro runs when an agent says so.
            rule.is_active && rule.kind != RuleKind::Macro
        });
        Self {
            book: today.book().clone(),
            from,
            looked: 0,
            judged: 0,
            rules: watched.map(|rule| (rule.id, RuleDrift::new(rule))).collect(),
            not_judged: BTreeMap::new(),
        }
    }

    /// Adds what rules did on a ticket whose events may begin before the time that is looked at.
    pub fn look(&mut self, events: &[TicketEvent]) {
        self.looked += 1;
        for event in events.iter().filter(|event| event.at >= self.from) {
            if let Fact::RuleRan(fact::RuleRan { rule, .. }) = &event.fact
                && let Some(seen) = self.rules.get_mut(rule)
            {
                seen.fired += 1;
            }
        }
    }

    /// Adds a ticket that was triaged in that time, with the rules in force as of that moment.
    pub fn add(&mut self, past: &PastTicket, known: &Known, today: &DeskRules) {
        self.judged += 1;
        let placed = place(today, past, known);
        for (id, _) in &placed.unanswered {
            if let Some(seen) = self.rules.get_mut(id) {
                seen.unanswered += 1;
            }
        }
        for id in &past.matched {
            if let Some(seen) = self.rules.get_mut(id) {
                seen.fired += 1;
            }
        }
        let rules = &self.rules;
        let is_asked = |id| rules.get(&id).is_some_and(RuleDrift::may_be_shadowed);
        for (id, effect) in effects(today, past, known, &placed, is_asked) {
            let Some(seen) = self.rules.get_mut(&id) else {
                continue;
            };
            seen.held += 1;
            if let Effect::None(how, by) = effect {
                seen.without_effect(how, by);
            }
        }
        self.hands(past);
    }

    /// Adds a ticket that can't be judged.
    pub fn skip(&mut self, ticket: TicketNumber, why: NotJudged) {
        Skipped::count(&mut self.not_judged, ticket, why);
    }

    /// What was found.
    pub fn report(self) -> DriftReport {
        let RuleBook { rules, .. } = &self.book.rules;
        let place = |rule: &Rule| (rule.kind as u8, rule.position, rule.id);
        let mut order: Vec<&Rule> = rules.iter().collect();
        order.sort_by_key(|rule| place(rule));
        let mut seen = self.rules;
        let rules = order
            .into_iter()
            .filter_map(|rule| seen.remove(&rule.id))
            .collect();
        DriftReport::new(self.looked, self.judged, rules, self.not_judged)
    }

    /// What people did to that which rules had set.
    fn hands(&mut self, past: &PastTicket) {
        for (target, (id, value)) in stood(&self.book.rules, past) {
            let is_overruled = by_hand(&target, &past.after).is_some_and(|last| last != value);
            if !is_overruled && !past.is_done {
                continue;
            }
            if let Some(seen) = self.rules.get_mut(&id) {
                let counts = seen.hands.entry(target).or_default();
                counts.tickets += 1;
                counts.overruled += u64::from(is_overruled);
            }
        }
    }
}

/// What stood once the rules had had their say, and which rule had set it: group, priority, type and assignee. A rule that
/// says otherwise today than then has set nothing of it.
fn stood(book: &RuleBook, past: &PastTicket) -> BTreeMap<Target, (RuleId, String)> {
    let mut set: BTreeMap<Target, (RuleId, String)> = BTreeMap::new();
    let matched: BTreeSet<RuleId> = past.matched.iter().copied().collect();
    for rule in book.of_kind(RuleKind::Routing) {
        if !matched.contains(&rule.id) {
            continue;
        }
        for (target, value) in settings(rule) {
            if set.get(&target).is_none_or(|(_, known)| *known != value) {
                set.insert(target, (rule.id, value));
            }
        }
    }
    let Some(TicketEvent {
        at,
        actor,
        fact:
            Fact::Triaged(fact::Triaged {
                group,
                priority,
                ticket_type,
                ..
            }),
        ..
    }) = past.after.first()
    else {
        return BTreeMap::new();
    };
    let mut was = BTreeMap::from([
        (Target::Group, group.to_string()),
        (Target::Priority, priority.to_string()),
        (Target::Type, text(ticket_type.as_ref())),
    ]);
    // What else the rules did stands behind it in the same save.
    let same_save = past.after.iter().skip(1);
    for event in same_save.take_while(|event| event.at == *at && event.actor == *actor) {
        if let Some((target, value)) = changed(event) {
            was.insert(target, value);
        }
    }
    set.retain(|target, (_, value)| was.get(target) == Some(value));
    set
}

/// The last value that a person gave it; nothing where nobody did.
fn by_hand(target: &Target, events: &[TicketEvent]) -> Option<String> {
    let by_people = events.iter().rev().filter(|event| event.actor.person().is_some());
    let mut changes = by_people.filter_map(changed);
    changes.find_map(|(other, value)| (other == *target).then_some(value))
}

fn changed(event: &TicketEvent) -> Option<(Target, String)> {
    match &event.fact {
        Fact::GroupChanged { to, .. } => Some((Target::Group, to.to_string())),
        Fact::PriorityChanged { to, .. } => Some((Target::Priority, to.to_string())),
        Fact::TypeChanged { to, .. } => Some((Target::Type, text(to.as_ref()))),
        Fact::AssigneeChanged { to, .. } => Some((Target::Assignee, text(to.as_ref()))),
        _ => None,
    }
}
