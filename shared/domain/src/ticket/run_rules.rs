//! Rules that run within a save: triggers because of what it does, automations because their time has come, a macro because
//! an agent says so. What they do is part of the save, so that it happens once or not at all.

use super::{
    Actor, Fact, Found, Refusal, ReplyVia, Status, Ticket, TicketEvent, WrittenBy, decide::Log, fact,
};
use crate::{
    PersonId, RuleId, Timestamp,
    contact::comment::AuthorRole,
    rule::{MOST_RULES_AN_HOUR, Rule, RuleAction, RuleKind, RuleRuns, Spent, Text},
    sla::Recipient,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of a rule that did not run because the save is full.
const FULL: &str = "one save did as much as fits into it";

impl Log<'_> {
    /// Lets triggers answer to what happened, and to what they do. Each runs at most once in a save.
    pub(super) fn run_triggers(&mut self, happened_before: &[TicketEvent]) -> Result<(), Refusal> {
        if !self.context.rules.has_triggers() || self.events.is_empty() {
            return Ok(());
        }
        let mut ran = BTreeSet::new();
        let mut happened = happened_before.to_vec();
        let mut seen = 0;
        loop {
            let new = self.events[seen..].iter().filter(|event| is_heard(&event.fact));
            happened.extend(new.cloned());
            seen = self.events.len();
            // What is left undone was said of the first rule that did not fit.
            if happened.is_empty() || (self.is_full && !ran.is_empty()) {
                return Ok(());
            }
            self.run_round(&happened, &mut ran);
            self.settle_clocks()?;
            happened.clear();
        }
    }

    fn run_round(&mut self, happened: &[TicketEvent], ran: &mut BTreeSet<RuleId>) {
        let rules = self.context.rules;
        let mut ended = BTreeSet::new();
        let mut from = 0;
        while let Some(found) = rules.triggered(from, &self.ticket, happened, ran) {
            from = found.place + 1;
            if ended.contains(&found.rule.kind) {
                continue;
            }
            ran.insert(found.rule.id);
            let (rule, has_run) = (found.rule, found.outcome.is_ok());
            if self.is_full || self.if_it_fits(|log| log.run(found, None, happened)).is_none() {
                self.is_full = true;
                // A save that just fits is not refused for the note.
                if self.has_room() {
                    self.stop(rule, FULL, None);
                }
                return;
            }
            if has_run && rule.is_last {
                ended.insert(rule.kind);
            }
        }
    }

    /// Runs the automations whose time has come.
    pub(super) fn fire_automations(&mut self) {
        let mut due: Vec<(Timestamp, RuleId)> = self
            .ticket
            .automations
            .iter()
            .filter_map(|planned| Some((planned.due_at.filter(|at| *at <= self.now)?, planned.rule)))
            .collect();
        due.sort();
        let rules = self.context.rules;
        for (due_at, id) in due {
            let holding = rules.automations(&self.ticket);
            if let Some(found) = holding.into_iter().find(|found| found.rule.id == id) {
                let fits = self.if_it_fits(|log| log.run(found, Some(due_at), &[]));
                if fits.is_none() {
                    // What is left is due in the next sweep.
                    self.is_full = true;
                    return;
                }
            }
        }
    }

    /// Runs a macro for the agent who commands.
    pub(super) fn run_macro(&mut self, id: RuleId) -> Result<(), Refusal> {
        if self.ticket.status == Status::Closed {
            return Err(Refusal::Closed);
        }
        let rule = self.context.rules.rule(id);
        let is_macro = |rule: &&Rule| rule.kind == RuleKind::Macro && rule.is_active;
        let rule = rule.filter(is_macro).ok_or(Refusal::NoMacro(id))?;
        let found = Found {
            place: 0,
            rule,
            read: vec![],
            outcome: Ok("an agent ran it".to_owned()),
        };
        self.carry_out(found, None, &[]);
        Ok(())
    }

    /// Runs a rule within its budget.
    fn run(&mut self, found: Found<'_>, due_at: Option<Timestamp>, happened: &[TicketEvent]) {
        let rule = found.rule;
        if let Err(error) = &found.outcome {
            let is_told = RuleRuns::is_told(&self.ticket.rule_runs, rule.id, self.now);
            if !is_told || due_at.is_some() {
                self.stop(rule, &format!("its condition has no answer: {error}"), due_at);
            }
            return;
        }
        match RuleRuns::allow(&self.ticket.rule_runs, rule, self.now) {
            Ok(()) => self.carry_out(found, due_at, happened),
            Err((_, true)) if due_at.is_none() => {}
            Err((Spent::Rule, _)) => {
                let reason = format!("it ran {} times within an hour, as often as it may", rule.budget);
                self.stop(rule, &reason, due_at);
            }
            Err((Spent::Ticket, _)) => {
                let reason = format!("{MOST_RULES_AN_HOUR} other rules ran on the ticket within an hour");
                self.stop(rule, &reason, due_at);
            }
        }
    }

    fn stop(&mut self, rule: &Rule, reason: &str, due_at: Option<Timestamp>) {
        self.acting = Some(Actor::System);
        self.push(Fact::RuleStopped(fact::RuleStopped {
            rule: rule.id,
            kind: rule.kind,
            name: rule.name.clone(),
            reason: reason.to_owned(),
            due_at,
        }));
        self.acting = None;
    }

    fn carry_out(&mut self, found: Found<'_>, due_at: Option<Timestamp>, happened: &[TicketEvent]) {
        let rule = found.rule;
        // A macro is its agent's hand.
        self.acting = (rule.kind != RuleKind::Macro).then(|| Actor::Rule(rule.name.clone()));
        let mut left_undone = Vec::new();
        let mut calls = Vec::new();
        for action in &rule.actions {
            let done = match action {
                RuleAction::CallWebhook(url) => {
                    calls.push(url.clone());
                    Ok(())
                }
                RuleAction::AddNote(text) => self.write(rule, text, false, happened),
                RuleAction::Reply(text) => self.write(rule, text, true, happened),
                RuleAction::Notify { to, text } => self.notify(rule, *to, text, happened),
                action => self.act(action, rule.kind, happened),
            };
            if let Err(why) = done {
                left_undone.push(format!("{}: {why}", action.name()));
            }
        }
        self.push(Fact::RuleRan(fact::RuleRan {
            rule: rule.id,
            kind: rule.kind,
            name: rule.name.clone(),
            reason: found.outcome.unwrap_or_default(),
            read: found.read,
            left_undone,
            calls,
            due_at,
        }));
        self.acting = None;
    }

    /// Does what an action says of the ticket itself. The error says in words why it can't be done.
    pub(super) fn act(
        &mut self,
        action: &RuleAction,
        kind: RuleKind,
        happened: &[TicketEvent],
    ) -> Result<(), String> {
        if self.ticket.status == Status::Closed {
            return Err(Refusal::Closed.to_string());
        }
        // A routing rule does not take back what a person did in the same save.
        let by_hand = |is: fn(&Fact) -> bool| {
            let mut by_people = happened.iter().filter(|event| event.actor.person().is_some());
            kind == RuleKind::Routing && by_people.any(|event| is(&event.fact))
        };
        let set_by_hand = || Err("a person set it in the same save".to_owned());
        let done = match action {
            RuleAction::SetPriority(_) if by_hand(|fact| matches!(fact, Fact::PriorityChanged { .. })) => {
                return set_by_hand();
            }
            RuleAction::SetType(_) if by_hand(|fact| matches!(fact, Fact::TypeChanged { .. })) => {
                return set_by_hand();
            }
            RuleAction::SetGroup(_)
                if by_hand(|fact| {
                    matches!(fact, Fact::GroupChanged { .. } | Fact::AssigneeChanged { .. })
                }) =>
            {
                return set_by_hand();
            }
            RuleAction::SetAssignee(_) if by_hand(|fact| matches!(fact, Fact::AssigneeChanged { .. })) => {
                return set_by_hand();
            }
            RuleAction::SetPriority(to) => self.change_fields(None, Some(*to), None),
            RuleAction::SetType(to) => self.change_fields(None, None, Some(*to)),
            RuleAction::SetStatus(to) => self.set_status(*to, "set by a rule"),
            RuleAction::SetGroup(group) => {
                self.change_hands(Some(*group), None, None);
                Ok(())
            }
            RuleAction::SetAssignee(agent) => {
                self.change_hands(None, Some(*agent), None);
                Ok(())
            }
            RuleAction::AssignToActor => match self.context.actor {
                Actor::Agent(agent) => {
                    self.change_hands(None, Some(Some(*agent)), None);
                    Ok(())
                }
                _ => return Err("nobody ran it".to_owned()),
            },
            RuleAction::AddTags(tags) => self.change_tags(tags.clone(), vec![]),
            RuleAction::RemoveTags(tags) => self.change_tags(vec![], tags.clone()),
            RuleAction::SetField { name, value } => {
                self.set_fields(BTreeMap::from([(name.clone(), value.clone())]))
            }
            RuleAction::SetForm(form) => self.set_form(Some(*form)),
            RuleAction::SetCustomStatus(id) => self.category_of(Some(*id)).and_then(|category| {
                if let Some(category) = category {
                    self.set_status(category, "set by a rule")?;
                }
                self.set_custom_status(*id)
            }),
            RuleAction::SetSlaPolicy(policy) => {
                if self.ticket.sla_policy != *policy {
                    self.push(Fact::SlaPolicySet { policy: *policy });
                }
                Ok(())
            }
            RuleAction::RequireSkills(skills) => self.require_skills(skills.clone()),
            RuleAction::Escalate { to, reason } => self.escalate_to(Some(*to), reason),
            RuleAction::AddCcs(people) => self.change_ccs(people.clone(), vec![]),
            RuleAction::AddNote(_)
            | RuleAction::Reply(_)
            | RuleAction::Notify { .. }
            | RuleAction::CallWebhook(_) => Ok(()),
        };
        done.map_err(|refusal| refusal.to_string())
    }

    /// Adds a note, or an answer to the requester.
    fn write(
        &mut self,
        rule: &Rule,
        text: &Text,
        public: bool,
        happened: &[TicketEvent],
    ) -> Result<(), String> {
        if self.ticket.status == Status::Closed {
            return Err(Refusal::Closed.to_string());
        }
        if public && matches!(self.ticket.reply_via, ReplyVia::Nowhere) {
            return Err("the requester can't be written to".to_owned());
        }
        if public && rule.kind != RuleKind::Macro && happened.iter().any(is_automatic) {
            return Err("automatic mail gets no automatic answer".to_owned());
        }
        let written = self.context.rules.write(text, &self.ticket, public)?;
        self.written.push(written.text);
        let (role, author) = match (self.actor(), rule.kind) {
            (Actor::Agent(agent), RuleKind::Macro) => (AuthorRole::Agent, *agent),
            _ => (AuthorRole::System, PersonId::OF_THE_DESK),
        };
        let cc = match (public, role) {
            (true, AuthorRole::Agent) => self.ticket.ccs.clone(),
            _ => vec![],
        };
        self.push(Fact::CommentAdded(fact::CommentAdded {
            role,
            author,
            public,
            body: written.body,
            automatic: None,
            cc,
            written_by: Some(WrittenBy {
                rule: rule.id,
                name: rule.name.clone(),
                subject: written.subject,
                language: written.language,
                snippet: written.snippet,
            }),
            monitor: None,
            reaches_nobody: false,
            mentions: vec![],
            tells: None,
        }));
        Ok(())
    }

    fn notify(
        &mut self,
        rule: &Rule,
        to: Recipient,
        text: &Text,
        happened: &[TicketEvent],
    ) -> Result<(), String> {
        if happened.iter().any(is_automatic) {
            return Err("automatic mail sets off no mail to agents".to_owned());
        }
        let mut people = to.people(&self.ticket, self.context.rules);
        // Nobody is told what they did themselves: an answer to that would be told again.
        let did = |person: &PersonId| happened.iter().any(|event| event.actor.person() == Some(*person));
        people.retain(|person| !did(person));
        people.truncate(Ticket::MOST_CCS);
        if people.is_empty() {
            return Err("there is nobody to tell".to_owned());
        }
        let written = self.context.rules.write(text, &self.ticket, false)?;
        self.written.push(written.text);
        self.push(Fact::AgentsNotified(fact::AgentsNotified {
            rule: rule.id,
            name: rule.name.clone(),
            to: people,
            subject: written.subject,
            body: written.body,
        }));
        Ok(())
    }
}

/// Whether a trigger can answer to it: what the desk notes of its rules is nothing that happens to a ticket.
fn is_heard(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::RuleRan(_) | Fact::RuleStopped(_) | Fact::AgentsNotified(_) | Fact::AutomationsPlanned { .. }
    )
}

/// Whether a program wrote. Two programs that answer each other never end.
fn is_automatic(event: &TicketEvent) -> bool {
    matches!(
        &event.fact,
        Fact::CommentAdded(fact::CommentAdded {
            automatic: Some(_),
            ..
        })
    )
}
