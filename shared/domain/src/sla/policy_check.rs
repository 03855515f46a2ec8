//! Whether a policy makes sense.

use super::{Action, Escalation, Metric, PolicyDraft, Promise, Warning};
use crate::ticket::{Priority, Status, Ticket, tag_is_well_formed};

/// Longest target and longest wait for an escalation in seconds: a year. Beyond ten years no hours are looked for.
pub const LONGEST_TARGET_SECONDS: i64 = 366 * 24 * 3600;
/// Most warnings of one metric: each fired one is kept in the ticket's head, which has 2 KB.
pub const MOST_WARNINGS: usize = 4;
/// Most escalations of one metric, for the same reason.
pub const MOST_ESCALATIONS: usize = 8;
/// Most actions of one escalation: they are carried out in one commit.
pub const MOST_ACTIONS: usize = 8;
/// Longest condition in bytes: it is evaluated for each ticket.
pub const LONGEST_CONDITION_BYTES: usize = 4 * 1024;
/// Longest title in characters.
pub const LONGEST_TITLE: usize = 100;
/// Longest address of a webhook in bytes.
pub const LONGEST_WEBHOOK: usize = 500;
/// Longest description in characters.
pub const LONGEST_DESCRIPTION: usize = 1_000;

/// Why a policy is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The title is empty or too long.
    #[error("the title {0:?} is empty or longer than {LONGEST_TITLE} characters")]
    Title(String),
    /// The description is too long.
    #[error("the description has {0} characters, at most {LONGEST_DESCRIPTION} are allowed")]
    Description(usize),
    /// The condition is empty or too long.
    #[error("the condition has {0} bytes, 1 to {LONGEST_CONDITION_BYTES} are allowed")]
    Condition(usize),
    /// A status pauses in which no clock runs anyway.
    #[error("status {0} can't pause: no clock runs in it")]
    Pausing(Status),
    /// A metric has two promises.
    #[error("two promises of {}", .0.as_str())]
    Twice(Metric),
    /// A metric has a promise without a target.
    #[error("the promise of {} has no target", .0.as_str())]
    NoTarget(Metric),
    /// A target is not positive, or too long.
    #[error("{}, {priority}: {seconds} s, 1 to {LONGEST_TARGET_SECONDS} are allowed", metric.as_str())]
    Target {
        /// The metric.
        metric: Metric,
        /// The priority.
        priority: Priority,
        /// The target in seconds.
        seconds: i64,
    },
    /// A warning would come before the clock starts, or not before it is due.
    #[error("{}: a warning after {percent} percent, 1 to 99 are allowed", metric.as_str())]
    Percent {
        /// The metric.
        metric: Metric,
        /// The share in percent.
        percent: u8,
    },
    /// A warning would come before the clock starts, or not before it is due.
    #[error("{}: a warning {seconds} s before a target of {target_seconds} s", metric.as_str())]
    SecondsBefore {
        /// The metric.
        metric: Metric,
        /// Seconds before the target.
        seconds: i64,
        /// The shortest target in seconds.
        target_seconds: i64,
    },
    /// An escalation comes before the breach, or too long after it.
    #[error("{}: an escalation after {seconds} s, 0 to {LONGEST_TARGET_SECONDS} are allowed", metric.as_str())]
    Escalation {
        /// The metric.
        metric: Metric,
        /// Seconds after the breach.
        seconds: i64,
    },
    /// A tag that no ticket can have.
    #[error("{}: {tag:?} is no tag: 1 to {} characters without white space", metric.as_str(), Ticket::LONGEST_TAG)]
    Tag {
        /// The metric.
        metric: Metric,
        /// The text.
        tag: String,
    },
    /// An address that can't be called.
    #[error(
        "{}: the address of a webhook begins with https:// and has at most {LONGEST_WEBHOOK} bytes, none of them a space",
        .0.as_str()
    )]
    Webhook(Metric),
    /// Two steps at the same moment.
    #[error("{}: two warnings or escalations are the same", .0.as_str())]
    SameStep(Metric),
    /// Too many of something.
    #[error("{}: {count} {what}, at most {most} are allowed", metric.as_str())]
    TooMany {
        /// The metric.
        metric: Metric,
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
}

pub(super) fn check(draft: &PolicyDraft) -> Result<(), PolicyError> {
    if draft.title.trim().is_empty() || draft.title.chars().count() > LONGEST_TITLE {
        return Err(PolicyError::Title(draft.title.clone()));
    }
    let description = draft.description.chars().count();
    if description > LONGEST_DESCRIPTION {
        return Err(PolicyError::Description(description));
    }
    if !(1..=LONGEST_CONDITION_BYTES).contains(&draft.condition.len()) {
        return Err(PolicyError::Condition(draft.condition.len()));
    }
    if let Some(status) = draft.pausing.iter().find(|status| !status.is_unsolved()) {
        return Err(PolicyError::Pausing(*status));
    }
    for (index, promise) in draft.promises.iter().enumerate() {
        let earlier = &draft.promises[..index];
        if earlier.iter().any(|other| other.metric == promise.metric) {
            return Err(PolicyError::Twice(promise.metric));
        }
        check_promise(promise)?;
    }
    Ok(())
}

fn check_promise(promise: &Promise) -> Result<(), PolicyError> {
    let metric = promise.metric;
    for (priority, seconds) in &promise.target_seconds {
        if !(1..=LONGEST_TARGET_SECONDS).contains(seconds) {
            return Err(PolicyError::Target {
                metric,
                priority: *priority,
                seconds: *seconds,
            });
        }
    }
    let shortest = promise.target_seconds.values().min();
    let shortest = *shortest.ok_or(PolicyError::NoTarget(metric))?;
    at_most(metric, "warnings", promise.warnings.len(), MOST_WARNINGS)?;
    at_most(metric, "escalations", promise.escalations.len(), MOST_ESCALATIONS)?;
    for warning in &promise.warnings {
        check_warning(metric, *warning, shortest)?;
    }
    for Escalation {
        after_seconds: seconds,
        actions,
    } in &promise.escalations
    {
        if !(0..=LONGEST_TARGET_SECONDS).contains(seconds) {
            let seconds = *seconds;
            return Err(PolicyError::Escalation { metric, seconds });
        }
        at_most(metric, "actions of an escalation", actions.len(), MOST_ACTIONS)?;
        actions
            .iter()
            .try_for_each(|action| check_action(metric, action))?;
    }
    let mut steps: Vec<_> = promise.steps().collect();
    steps.sort();
    if steps.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(PolicyError::SameStep(metric));
    }
    Ok(())
}

/// What can't be carried out would stop a ticket's timers.
fn check_action(metric: Metric, action: &Action) -> Result<(), PolicyError> {
    match action {
        Action::AddTag(tag) if !tag_is_well_formed(tag) => {
            let tag = tag.clone();
            Err(PolicyError::Tag { metric, tag })
        }
        Action::CallWebhook(url) if !is_webhook(url) => Err(PolicyError::Webhook(metric)),
        _ => Ok(()),
    }
}

/// Whether an address may be called. Plain HTTP only leads to this machine, for trying things out; where calls may go at
/// all is decided when they are made.
fn is_webhook(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://").filter(|rest| is_this_machine(rest)));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    url.len() <= LONGEST_WEBHOOK
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
        && host.is_some_and(|host| !host.is_empty() && !host.contains('@'))
}

fn is_this_machine(rest: &str) -> bool {
    let host = rest.split(['/', ':']).next();
    matches!(host, Some("localhost" | "127.0.0.1"))
}

fn check_warning(metric: Metric, warning: Warning, target_seconds: i64) -> Result<(), PolicyError> {
    match warning {
        Warning::Percent(percent) if !(1..=99).contains(&percent) => {
            Err(PolicyError::Percent { metric, percent })
        }
        Warning::SecondsBefore(seconds) if !(1..target_seconds).contains(&seconds) => {
            Err(PolicyError::SecondsBefore {
                metric,
                seconds,
                target_seconds,
            })
        }
        Warning::Percent(_) | Warning::SecondsBefore(_) => Ok(()),
    }
}

fn at_most(metric: Metric, what: &'static str, count: usize, most: usize) -> Result<(), PolicyError> {
    if count > most {
        return Err(PolicyError::TooMany {
            metric,
            what,
            count,
            most,
        });
    }
    Ok(())
}
