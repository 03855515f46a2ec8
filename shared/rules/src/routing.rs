//! What the operator's routing rules say of a new ticket.

use crate::DeskRules;
use docket_conditions::Prepared;
use docket_domain::{
    GroupId, RuleId,
    rule::{Rule, RuleAction},
    ticket::{Priority, Ticket},
    triage::{Decision, Facts, Findings, History, TriageOutcome, Tried},
};

/// Beginning of what a decision keeps of a condition that has no answer.
pub(crate) const NO_ANSWER: &str = "no answer: ";

/// What is known before any rule has its say.
#[derive(Clone, Debug)]
pub struct Start<'s> {
    /// The group of the mailbox it came to, if that has one.
    pub mailbox_group: Option<GroupId>,
    /// Where a ticket goes that no rule sends elsewhere.
    pub default_group: GroupId,
    /// The requester's past.
    pub history: &'s History,
    /// The language of its words, where that could be told.
    pub language: Option<&'s str>,
}

/// Lets the routing rules have their say, in their order: each sees what those before it set, and of two that set the same
/// the later one stands. The same facts always give the same decision.
pub fn route(rules: &DeskRules, ticket: &Ticket, start: &Start<'_>) -> (TriageOutcome, Decision) {
    let routed = route_without(rules, ticket, start, None);
    (routed.outcome, routed.decision)
}

/// Triages a new ticket: by the operator's routing rules where there are any, otherwise by the standard ones.
/// `language` is the one that its words are in, where that is known.
pub fn triage(rules: &DeskRules, facts: &Facts<'_>, language: Option<&str>) -> (TriageOutcome, Decision) {
    let routed = triage_without(rules, facts, language, None);
    (routed.outcome, routed.decision)
}

/// The same as if a rule were not there.
pub(crate) fn triage_without(
    rules: &DeskRules,
    facts: &Facts<'_>,
    language: Option<&str>,
    left_out: Option<RuleId>,
) -> Routed {
    if rules.checked().has_routing() {
        let start = Start {
            mailbox_group: facts.mailbox_group,
            default_group: facts.default_group,
            history: facts.history,
            language,
        };
        return route_without(rules, facts.ticket, &start, left_out);
    }
    let (outcome, decision) = docket_domain::triage::decide(facts);
    Routed {
        ticket: outcome.preview(facts.ticket),
        outcome,
        decision,
        ended_by: None,
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Routed {
    /// What the rules say.
    pub outcome: TriageOutcome,
    /// The whole decision.
    pub decision: Decision,
    /// The ticket as the rules leave it.
    pub ticket: Ticket,
    /// The rule behind which no other was tried.
    pub ended_by: Option<RuleId>,
}

/// The same as if a rule were not there.
pub(crate) fn route_without(
    rules: &DeskRules,
    ticket: &Ticket,
    start: &Start<'_>,
    left_out: Option<RuleId>,
) -> Routed {
    let mut marks = Marks::new(ticket, start);
    let mut tried = Vec::new();
    let mut ended_by = None;
    let checked = rules.checked();
    for rule in &checked.rules.routing {
        let definition = &checked.book.rules.rules[rule.place];
        if left_out == Some(definition.id) {
            continue;
        }
        let facts = rules.facts(&marks.ticket);
        let (matched, read, error) = match rule.condition.evaluate_prepared(&Prepared::new(&facts)) {
            Ok(evaluation) => (evaluation.result, evaluation.read, None),
            Err(error) => {
                let said = error.to_string();
                (false, error.read, Some(said))
            }
        };
        let set = if matched { marks.apply(definition) } else { vec![] };
        let values: Vec<String> = read
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        tried.push(Tried {
            rule: definition.name.clone(),
            id: Some(definition.id),
            matched,
            saw: match error {
                Some(error) => format!("{NO_ANSWER}{error}"),
                None => values.join(", "),
            },
            set,
        });
        if matched && definition.is_last {
            ended_by = Some(definition.id);
            break;
        }
    }
    marks.take_tags_away(ticket);
    let reason = marks.reason(rules);
    let decision = Decision {
        rule_set: format!("rules/{}", checked.book.v),
        history: start.history.clone(),
        tried,
        priority: marks.priority(),
        group: marks.group(start),
        found: Findings::default(),
        sla_policy: None,
        reason: reason.clone(),
    };
    let outcome = TriageOutcome {
        priority: marks.priority(),
        group: marks.group(start),
        ticket_type: marks
            .ticket
            .ticket_type
            .filter(|kind| Some(*kind) != ticket.ticket_type),
        tags_added: marks.tags_added,
        found: Findings::default(),
        skills: marks.ticket.skills.clone(),
        rule: marks.last.unwrap_or_else(|| "default".to_owned()),
        reason,
        rules: marks.matched,
        also: marks.also,
    };
    Routed {
        outcome,
        decision,
        ticket: marks.ticket,
        ended_by,
    }
}

/// What was set so far, and by whom.
struct Marks {
    /// The ticket as it will be.
    ticket: Ticket,
    tags_added: Vec<String>,
    also: Vec<RuleAction>,
    matched: Vec<RuleId>,
    priority_by: String,
    group_by: String,
    last: Option<String>,
}

impl Marks {
    fn new(ticket: &Ticket, start: &Start<'_>) -> Self {
        let mut preview = ticket.clone();
        let priority_by = match ticket.priority {
            Some(_) => "as the contact states",
            None => "by default",
        };
        preview.priority = Some(ticket.priority.unwrap_or(Priority::Normal));
        let (group, group_by) = match (ticket.group, start.mailbox_group) {
            (Some(group), _) => (group, "as it was given"),
            (None, Some(group)) => (group, "of its mailbox"),
            (None, None) => (start.default_group, "by default"),
        };
        preview.group = Some(group);
        preview.language = start.language.map(str::to_owned);
        Self {
            ticket: preview,
            tags_added: vec![],
            also: vec![],
            matched: vec![],
            priority_by: priority_by.to_owned(),
            group_by: group_by.to_owned(),
            last: None,
        }
    }

    fn priority(&self) -> Priority {
        self.ticket.priority.unwrap_or(Priority::Normal)
    }

    fn group(&self, start: &Start<'_>) -> GroupId {
        self.ticket.group.unwrap_or(start.default_group)
    }

    /// Does what a rule says; what it set, in words.
    fn apply(&mut self, rule: &Rule) -> Vec<String> {
        self.matched.push(rule.id);
        self.last = Some(rule.name.clone());
        let by = format!("by rule {:?}", rule.name);
        let mut set = Vec::new();
        for action in &rule.actions {
            match action {
                RuleAction::SetPriority(to) => {
                    self.ticket.priority = Some(*to);
                    self.priority_by.clone_from(&by);
                    set.push(format!("priority {to}"));
                }
                RuleAction::SetType(to) => {
                    self.ticket.ticket_type = *to;
                    set.push(to.map_or("no type".to_owned(), |to| format!("type {to}")));
                    if to.is_none() {
                        self.also.push(action.clone());
                    }
                }
                RuleAction::SetGroup(to) => {
                    self.ticket.group = Some(*to);
                    self.group_by.clone_from(&by);
                    set.push(format!("group {to}"));
                }
                RuleAction::AddTags(tags) => set.extend(self.add_tags(tags)),
                RuleAction::RemoveTags(tags) => {
                    self.ticket.tags.retain(|tag| !tags.contains(tag));
                    self.tags_added.retain(|tag| !tags.contains(tag));
                    set.push(format!("no tags {}", tags.join(", ")));
                }
                RuleAction::SetField { name, value } => {
                    match value {
                        Some(value) => self.ticket.fields.insert(name.clone(), value.clone()),
                        None => self.ticket.fields.remove(name),
                    };
                    self.also.push(action.clone());
                    set.push(format!("{name} {}", value.as_deref().unwrap_or("taken away")));
                }
                RuleAction::SetAssignee(agent) => {
                    self.ticket.assignee = *agent;
                    self.also.push(action.clone());
                    set.push(agent.map_or("nobody has it".to_owned(), |agent| format!("agent {agent}")));
                }
                RuleAction::SetSlaPolicy(policy) => {
                    self.ticket.sla_policy = *policy;
                    self.also.push(action.clone());
                    set.push(policy.map_or("SLA policy by condition".to_owned(), |id| {
                        format!("SLA policy {id}")
                    }));
                }
                RuleAction::RequireSkills(skills) => {
                    self.ticket.skills.clone_from(skills);
                    set.push(format!("{} required skills", skills.len()));
                }
                other => {
                    self.also.push(other.clone());
                    set.push(other.name().to_owned());
                }
            }
        }
        set
    }

    /// Of the tags that the ticket came with, those that are not to stay.
    fn take_tags_away(&mut self, ticket: &Ticket) {
        let gone = ticket.tags.iter().filter(|tag| !self.ticket.tags.contains(tag));
        let gone: Vec<String> = gone.cloned().collect();
        if !gone.is_empty() {
            self.also.push(RuleAction::RemoveTags(gone));
        }
        self.tags_added.retain(|tag| !ticket.tags.contains(tag));
    }

    /// Adds tags as far as there is room.
    fn add_tags(&mut self, tags: &[String]) -> Vec<String> {
        let mut set = Vec::new();
        for tag in tags {
            if self.ticket.tags.contains(tag) {
                continue;
            }
            if self.ticket.tags.len() >= Ticket::MOST_TAGS {
                set.push(format!("tag {tag} left out: the ticket is full of tags"));
                continue;
            }
            self.ticket.tags.push(tag.clone());
            self.ticket.tags.sort();
            self.tags_added.push(tag.clone());
            set.push(format!("tag {tag}"));
        }
        set
    }

    fn reason(&self, rules: &DeskRules) -> String {
        let group = match self.ticket.group.and_then(|group| rules.group_name(group)) {
            Some(name) => format!("group {name}"),
            None => "group".to_owned(),
        };
        format!(
            "priority {} {}; {group} {}",
            self.priority(),
            self.priority_by,
            self.group_by
        )
    }
}
