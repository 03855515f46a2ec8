//! Policies: what is promised to whom.

use super::{Metric, PolicyError, Step, Warning, policy_check};
use crate::{
    CalendarId, GroupId, PersonId, PolicyId,
    ticket::{Priority, Rules, Status, Ticket},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Deref};

/// When clocks warned before a warning said which of them it is: the standard policy's share, in percent.
pub(super) const STANDARD_WARNING_PERCENT: u8 = 80;

/// In which hours clocks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Hours {
    /// Always.
    RoundTheClock,
    /// In the opening hours of a calendar.
    Calendar(CalendarId),
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Recipient {
    /// Whoever has the ticket.
    Assignee,
    /// A group's agents.
    Group(GroupId),
    /// An agent.
    Agent(PersonId),
}

impl Recipient {
    /// Who is meant.
    pub fn people(self, ticket: &Ticket, rules: &dyn Rules) -> Vec<PersonId> {
        match self {
            Self::Assignee => ticket.assignee.into_iter().collect(),
            Self::Group(group) => rules.members(group),
            Self::Agent(agent) => vec![agent],
        }
    }
}

/// What an escalation does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Action {
    /// Tell somebody.
    Notify(Recipient),
    /// Raise the priority to this, if it is lower.
    RaisePriority(Priority),
    /// Move the ticket to a group.
    MoveToGroup(GroupId),
    /// Add a tag.
    AddTag(String),
    /// Call this address, which begins with `https://`.
    CallWebhook(String),
}

/// What is done when a clock has been due for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Seconds of the clock after it was due; 0 is at the breach.
    pub after_seconds: i64,
    /// What is done, in order.
    pub actions: Vec<Action>,
}

/// What is promised of one metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The metric.
    pub metric: Metric,
    /// Seconds by priority; a priority that is not named has no promise.
    pub target_seconds: BTreeMap<Priority, i64>,
    /// When the clock warns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// What is done after a breach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalations: Vec<Escalation>,
}

impl Promise {
    /// The steps of a clock that it is kept by, in the order of their meaning.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        let warnings = self.warnings.iter().map(|warning| Step::Warning(*warning));
        let escalations = self
            .escalations
            .iter()
            .map(|escalation| Step::Escalation(escalation.after_seconds));
        warnings.chain([Step::Breach]).chain(escalations)
    }

    /// What is done at a step.
    pub fn actions(&self, step: Step) -> &[Action] {
        let Step::Escalation(after_seconds) = step else {
            return &[];
        };
        self.escalations
            .iter()
            .find(|escalation| escalation.after_seconds == after_seconds)
            .map_or(&[], |escalation| &escalation.actions)
    }
}

/// A policy as it is written and stored. [`Policy::new`] checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDraft {
    /// The id.
    pub id: PolicyId,
    /// Version; grows with each edit.
    pub version: u64,
    /// What it is called.
    pub title: String,
    /// What it is for, in the operator's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Place in the order in which policies are tried; the least first.
    pub position: u32,
    /// For which tickets it holds: an expression in CEL, which the caller evaluates.
    pub condition: String,
    /// In which hours its clocks run.
    pub hours: Hours,
    /// Statuses in which its clocks stand still.
    pub pausing: Vec<Status>,
    /// What it promises, one entry a metric.
    pub promises: Vec<Promise>,
}

/// A policy that makes sense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyDraft", into = "PolicyDraft")]
pub struct Policy(PolicyDraft);

impl Policy {
    /// Checks a draft.
    pub fn new(draft: PolicyDraft) -> Result<Self, PolicyError> {
        policy_check::check(&draft)?;
        Ok(Self(draft))
    }

    /// The policy in force while none is configured: first reply in 8 hours, resolution in 3 days, round the clock, a
    /// warning after 80 percent of either, pauses while the ticket waits for somebody else.
    pub fn standard() -> Self {
        let promise = |metric, seconds| Promise {
            metric,
            target_seconds: Priority::ALL
                .iter()
                .map(|priority| (*priority, seconds))
                .collect(),
            warnings: vec![Warning::Percent(STANDARD_WARNING_PERCENT)],
            escalations: Vec::new(),
        };
        Self(PolicyDraft {
            id: PolicyId(0),
            version: 1,
            title: "default".to_owned(),
            description: String::new(),
            position: u32::MAX,
            condition: "true".to_owned(),
            hours: Hours::RoundTheClock,
            pausing: vec![Status::Pending, Status::Hold],
            promises: vec![
                promise(Metric::FirstReply, 8 * 3600),
                promise(Metric::Resolution, 3 * 24 * 3600),
            ],
        })
    }

    /// What is promised of a metric.
    pub fn promise(&self, metric: Metric) -> Option<&Promise> {
        self.promises.iter().find(|promise| promise.metric == metric)
    }

    /// The target of a metric in seconds. A ticket without a priority is a normal one.
    pub fn target_seconds(&self, metric: Metric, priority: Option<Priority>) -> Option<i64> {
        let priority = priority.unwrap_or(Priority::Normal);
        self.promise(metric)?.target_seconds.get(&priority).copied()
    }
}

impl Deref for Policy {
    type Target = PolicyDraft;
    fn deref(&self) -> &PolicyDraft {
        &self.0
    }
}

impl TryFrom<PolicyDraft> for Policy {
    type Error = PolicyError;
    fn try_from(draft: PolicyDraft) -> Result<Self, PolicyError> {
        Self::new(draft)
    }
}

impl From<Policy> for PolicyDraft {
    fn from(policy: Policy) -> Self {
        policy.0
    }
}

/// The first policy, in order of position and then id, whose condition holds.
pub fn choose_policy(policies: &[Policy], mut holds: impl FnMut(&str) -> bool) -> Option<&Policy> {
    let mut ordered: Vec<&Policy> = policies.iter().collect();
    ordered.sort_by_key(|policy| (policy.position, policy.id));
    ordered.into_iter().find(|policy| holds(&policy.condition))
}
