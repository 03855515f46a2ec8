//! A policy as it is sent, and the policy that comes of it.

use super::{
    settings,
    targets::{StepFields, TargetFields, promises, put_steps},
};
use crate::{
    filters::{Filter, Names, Use, condition_of, filter_of},
    kit::{
        error::ApiError,
        input::{removable_id, text},
    },
};
use docket_domain::{
    CalendarId,
    sla::{Action, Book, Hours, Policy, PolicyDraft, PolicyError, Recipient},
    ticket::Status,
};
use docket_rules::read_condition;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A policy as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PolicyFields {
    #[serde(deserialize_with = "text")]
    pub title: Option<String>,
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
    pub position: Option<u32>,
    pub filter: Option<Filter>,
    pub policy_metrics: Option<Vec<TargetFields>>,
    pub metric_settings: Option<Value>,
    pub docket: Extras,
}

/// What the shape has no place for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extras {
    #[serde(deserialize_with = "text")]
    pub condition: Option<String>,
    #[serde(deserialize_with = "removable_id")]
    pub calendar_id: Option<Option<u64>>,
    pub pausing: Option<Vec<Status>>,
    pub promises: BTreeMap<String, StepFields>,
}

impl PolicyFields {
    /// The policy after this was put into a draft of it.
    pub fn put_into(&self, mut draft: PolicyDraft, book: &Book, names: &Names) -> Result<Policy, ApiError> {
        if let Some(title) = &self.title {
            title.trim().clone_into(&mut draft.title);
        }
        if let Some(description) = &self.description {
            draft.description.clone_from(description);
        }
        if let Some(position) = self.position {
            draft.position = position;
        }
        if let Some(condition) = self.condition(&draft.condition, names)? {
            draft.condition = condition;
        }
        if let Some(settings) = &self.metric_settings {
            settings::check(settings)?;
        }
        if let Some(targets) = &self.policy_metrics {
            draft.promises = promises(targets, &draft.promises)?;
        }
        put_steps(&self.docket.promises, &mut draft.promises)?;
        if draft.promises.is_empty() {
            return Err(ApiError::blank("policy_metrics"));
        }
        if let Some(pausing) = &self.docket.pausing {
            draft.pausing.clone_from(pausing);
            draft.pausing.sort();
            draft.pausing.dedup();
        }
        draft.hours = self.hours(draft.hours, book)?;
        Policy::new(draft).map_err(|error| refused(&error))
    }

    /// The condition that was sent; nothing where it stays. A policy that is sent back as it was shown stays as it is, also
    /// where its condition is none that a filter can say, and its filter therefore empty.
    fn condition(&self, before: &str, names: &Names) -> Result<Option<String>, ApiError> {
        let check = |field: &str, condition: String| {
            let read = read_condition(&condition, &names.vocabulary());
            read.map_err(|error| ApiError::invalid(field, error.to_string()))?;
            Ok(Some(condition))
        };
        let written = self.docket.condition.as_deref().map(str::trim);
        if let Some(condition) = written.filter(|condition| *condition != before) {
            return check("docket.condition", condition.to_owned());
        }
        let Some(filter) = &self.filter else {
            return Ok(None);
        };
        if filter.is_empty() && filter_of(before, names).is_none() {
            return Ok(None);
        }
        check("filter", condition_of(filter, names, Use::Policy)?)
    }

    /// The hours of all clocks of a policy are the same. A schedule that is sent back as it was shown says nothing new.
    fn hours(&self, before: Hours, book: &Book) -> Result<Hours, ApiError> {
        const FIELD: &str = "policy_metrics.business_hours";
        let told = |wanted: bool| {
            let mut targets = self.policy_metrics.iter().flatten();
            targets.any(|target| target.business_hours == Some(wanted))
        };
        let (inside, always) = (told(true), told(false));
        if inside && always {
            let words = "has to be the same for all targets of a policy: make a policy for each";
            return Err(ApiError::invalid(FIELD, words));
        }
        let shown = match before {
            Hours::RoundTheClock => None,
            Hours::Calendar(id) => Some(id),
        };
        let calendar = self.docket.calendar_id.map(|id| id.map(CalendarId));
        match calendar.filter(|id| *id != shown) {
            Some(Some(id)) if book.calendar(id).is_none() => {
                Err(ApiError::invalid("docket.calendar_id", "is no schedule's id"))
            }
            Some(Some(_)) if always => Err(ApiError::invalid(
                "docket.calendar_id",
                "needs business_hours true",
            )),
            Some(Some(id)) => Ok(Hours::Calendar(id)),
            Some(None) if inside => Err(ApiError::invalid(
                "docket.calendar_id",
                "needs business_hours false",
            )),
            Some(None) => Ok(Hours::RoundTheClock),
            None if always => Ok(Hours::RoundTheClock),
            None if inside && before == Hours::RoundTheClock => {
                let first = book.calendars.iter().map(|calendar| calendar.id()).min();
                let first = first.ok_or_else(|| {
                    ApiError::invalid(FIELD, "needs a schedule: make one at business_hours/schedules")
                })?;
                Ok(Hours::Calendar(first))
            }
            None => Ok(before),
        }
    }
}

/// The groups and people whom escalations name that were sent, each with its place.
pub(super) fn named(fields: &PolicyFields) -> Vec<(String, GroupOrAgent)> {
    let mut named = Vec::new();
    for (metric, steps) in &fields.docket.promises {
        let place = || format!("docket.promises.{metric}.escalations");
        let escalations = steps.escalations.iter().flatten();
        for action in escalations.flat_map(|escalation| &escalation.actions) {
            match action {
                Action::Notify(Recipient::Group(group)) | Action::MoveToGroup(group) => {
                    named.push((place(), GroupOrAgent::Group(*group)));
                }
                Action::Notify(Recipient::Agent(agent)) => named.push((place(), GroupOrAgent::Agent(*agent))),
                _ => {}
            }
        }
    }
    named
}

/// Somebody whom an escalation names.
pub(super) enum GroupOrAgent {
    Group(docket_domain::GroupId),
    Agent(docket_domain::PersonId),
}

/// Why a policy makes no sense, at the field that it is about.
fn refused(error: &PolicyError) -> ApiError {
    let field = match error {
        PolicyError::Title(title) if title.is_empty() => return ApiError::blank("title"),
        PolicyError::Title(_) => "title",
        PolicyError::Description(_) => "description",
        PolicyError::Condition(_) => "docket.condition",
        PolicyError::Pausing(_) => "docket.pausing",
        PolicyError::Percent { .. }
        | PolicyError::SecondsBefore { .. }
        | PolicyError::Escalation { .. }
        | PolicyError::Tag { .. }
        | PolicyError::Webhook(_)
        | PolicyError::SameStep(_)
        | PolicyError::TooMany { .. } => "docket.promises",
        _ => "policy_metrics",
    };
    ApiError::invalid(field, error.to_string())
}
