//! Which rules run on a ticket now.

use crate::{
    checked_rules::CheckedRule,
    desk_rules::DeskRules,
    texts::{self, Shown},
};
use docket_conditions::{Attribute, Evaluation, EvaluationError, EventFacts, Facts, Prepared};
use docket_domain::{
    Digest, GroupId, PersonId, RuleId,
    contact::comment::{BodyRef, CommentBody, snippet},
    rule::{RuleKind, TemplateText, Text},
    ticket::{
        Actor, Command, Fact, Found, LinkCommand, Needs, Status, TakeIn, Ticket, TicketEvent, Triage,
        Written, fact,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Most values that an event keeps of what a condition read: it has half a kilobyte.
const MOST_KEPT: usize = 6;

/// What rules need beside the facts while they run, as far as it was fetched.
#[derive(Clone, Debug, Default)]
pub struct RunInput {
    /// Whether these people work here.
    pub staff: BTreeMap<PersonId, bool>,
    /// The agents of groups that a rule or an escalation may tell.
    pub members: BTreeMap<GroupId, Vec<PersonId>>,
    /// The agent whose name is in `shown`.
    pub agent: Option<PersonId>,
    /// The texts of comments that the save adds, by the digest of their bodies; nothing for one that can't be had.
    pub comment_texts: BTreeMap<Digest, Option<String>>,
    /// What texts show besides the facts.
    pub shown: Shown,
}

impl DeskRules {
    /// See [`docket_domain::ticket::Rules::lacks`].
    pub(crate) fn find_lacks(&self, ticket: &Ticket, command: &Command, actor: &Actor) -> Needs {
        let (checked, running) = (self.checked(), self.running());
        let mut needs = Needs::default();
        // Only a ticket that comes back may come back to somebody who is gone.
        let comes_back = ticket.status == Status::Solved || is_back(command);
        let back_to = ticket.assignee.filter(|_| comes_back);
        needs
            .staff
            .extend(back_to.filter(|agent| !running.staff.contains_key(agent)));
        // Only an escalation or a rule tells a group.
        if matches!(command, Command::FireTimers) || checked.may_write() {
            let unknown = |group: &GroupId| !running.members.contains_key(group);
            needs
                .members
                .extend(self.told_groups().into_iter().filter(unknown));
        }
        if checked.reads_comments() {
            let unknown = |(body, _): &(Digest, Option<u64>)| !running.comment_texts.contains_key(body);
            needs
                .texts
                .extend(comments_of(command).into_iter().filter(unknown));
        }
        if let (Command::RunMacro { .. }, Actor::Agent(agent)) = (command, actor) {
            needs.agent = Some(*agent).filter(|agent| running.agent != Some(*agent));
        }
        needs
    }

    /// See [`docket_domain::ticket::Rules::triggered`].
    pub(crate) fn find_triggered(
        &self,
        from: usize,
        ticket: &Ticket,
        happened: &[TicketEvent],
        ran: &BTreeSet<RuleId>,
    ) -> Option<Found<'_>> {
        let checked = self.checked();
        let changed: BTreeSet<&str> = happened
            .iter()
            .flat_map(|event| Attribute::changed_by(&event.fact))
            .map(Attribute::as_str)
            .collect();
        let is_triage = happened
            .iter()
            .any(|event| matches!(event.fact, Fact::Triaged(_)));
        let mut facts = self.facts(ticket);
        for (place, rule) in checked.rules.triggered.iter().enumerate().skip(from) {
            let definition = &checked.book.rules.rules[rule.place];
            // New tickets are routed by the stage that is there for it.
            let is_for_later =
                definition.kind == RuleKind::Routing && (is_triage || ticket.triage != Triage::Done);
            let is_touched = rule
                .reads
                .iter()
                .any(|attribute| changed.contains(attribute.as_str()));
            if is_for_later || ran.contains(&definition.id) || !(is_touched || rule.reads_event) {
                continue;
            }
            if let Some((read, outcome)) = self.try_on(rule, &mut facts, happened) {
                return Some(Found {
                    place,
                    rule: definition,
                    read,
                    outcome,
                });
            }
        }
        None
    }

    /// What a rule's condition reads and why it holds, or why it has no answer; nothing where it does not hold.
    fn try_on(&self, rule: &CheckedRule, facts: &mut Facts, happened: &[TicketEvent]) -> Option<Told> {
        if !rule.reads_event {
            facts.event = None;
            let evaluated = rule.condition.evaluate_prepared(&Prepared::new(facts));
            return told(evaluated, || "what its condition reads has changed".to_owned());
        }
        happened.iter().find_map(|event| {
            let text = match &event.fact {
                Fact::CommentAdded(fact::CommentAdded { body, .. }) => {
                    self.running().comment_texts.get(&body.digest)
                }
                _ => None,
            };
            // A text that can't be had says nothing.
            let text = text.and_then(Option::as_deref);
            let seen = EventFacts::of(event, text.unwrap_or_default())?;
            let reason = format!(
                "{} by {}",
                in_words(seen.kind.as_str()),
                in_words(seen.actor.as_str())
            );
            facts.event = Some(seen);
            told(rule.condition.evaluate_prepared(&Prepared::new(facts)), || reason)
        })
    }

    /// See [`docket_domain::ticket::Rules::automations`].
    pub(crate) fn find_automations(&self, ticket: &Ticket) -> Vec<Found<'_>> {
        let checked = self.checked();
        let facts = self.facts(ticket);
        let prepared = Prepared::new(&facts);
        let rules = checked.rules.automations.iter().enumerate();
        rules
            .filter_map(|(place, rule)| {
                let definition = &checked.book.rules.rules[rule.place];
                let timing = definition.timing?;
                let evaluated = rule.condition.evaluate_prepared(&prepared);
                let (read, outcome) = told(evaluated, || {
                    format!(
                        "{} after it was {}",
                        span(timing.after_seconds),
                        in_words(timing.since.as_str())
                    )
                })?;
                Some(Found {
                    place,
                    rule: definition,
                    read,
                    outcome,
                })
            })
            .collect()
    }

    /// See [`docket_domain::ticket::Rules::write`].
    pub(crate) fn fill_in(
        &self,
        text: &Text,
        ticket: &Ticket,
        to_requester: bool,
    ) -> Result<Written, String> {
        let facts = self.facts(ticket);
        let (language, text): (Option<&str>, &TemplateText) = match text {
            Text::Own(text) => (None, text),
            Text::Template(name) => {
                let template = self.checked().book.rules.template(name);
                let template = template.ok_or_else(|| format!("there is no template {name:?}"))?;
                let own = [
                    facts.requester.locale.as_deref(),
                    facts.ticket.language.as_deref(),
                ];
                let wanted = own.into_iter().flatten().filter(|_| to_requester);
                let (language, text) = template
                    .text(wanted)
                    .ok_or_else(|| format!("template {name:?} has no text"))?;
                (Some(language), text)
            }
        };
        let (subject, text) =
            texts::fill(text, &facts, &self.running().shown).map_err(|error| error.to_string())?;
        let body = CommentBody {
            text,
            ..CommentBody::default()
        };
        let json = serde_json::to_vec(&body).map_err(|error| error.to_string())?;
        Ok(Written {
            subject,
            body: BodyRef {
                digest: Digest::of(&json),
                bytes: json.len() as u64,
            },
            snippet: snippet(&body.text),
            language: language.map(str::to_owned),
            text: body,
        })
    }
}

/// Whether a command brings a ticket back as it was.
fn is_back(command: &Command) -> bool {
    match command {
        Command::Restore => true,
        Command::Link(link) => matches!(**link, LinkCommand::UndoMerge),
        _ => false,
    }
}

/// The bodies of the comments that a command adds, or makes triggers hear of, with the version of those that are stored.
fn comments_of(command: &Command) -> Vec<(Digest, Option<u64>)> {
    match command {
        Command::Update(update) => update
            .comment
            .iter()
            .map(|comment| (comment.body.digest.clone(), None))
            .collect(),
        Command::Triage { began, .. } => began
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::CommentAdded(fact::CommentAdded { body, .. }) => {
                    Some((body.digest.clone(), Some(event.v)))
                }
                _ => None,
            })
            .collect(),
        Command::Link(link) => match &**link {
            LinkCommand::TakeIn(TakeIn { comment, .. }) => comment
                .iter()
                .map(|comment| (comment.body.digest.clone(), None))
                .collect(),
            _ => vec![],
        },
        _ => vec![],
    }
}

/// What a condition read with the values it found, and in words why its rule runs or why it has no answer.
type Told = (Vec<(String, String)>, Result<String, String>);

/// What an evaluation says, if it says that a rule is to run or can't.
fn told(evaluated: Result<Evaluation, EvaluationError>, why: impl FnOnce() -> String) -> Option<Told> {
    let (mut read, outcome) = match evaluated {
        Ok(evaluation) if evaluation.result => (evaluation.read, Ok(why())),
        Ok(_) => return None,
        Err(error) => {
            let said = error.to_string();
            (error.read, Err(said))
        }
    };
    read.truncate(MOST_KEPT);
    Some((read, outcome))
}

fn in_words(word: &str) -> String {
    word.replace('_', " ")
}

/// A span in its largest whole unit.
fn span(seconds: i64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (count, unit) = units
        .iter()
        .find(|(length, _)| seconds % length == 0)
        .map_or((seconds, "second"), |(length, unit)| (seconds / length, *unit));
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
