//! Targets of policies: the names and units of the shape, and the promises that they make.

use crate::kit::{
    error::ApiError,
    input::{flag, word},
};
use docket_domain::{
    sla::{Escalation, Metric, Promise, Warning},
    ticket::Priority,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SECONDS_OF_A_MINUTE: i64 = 60;
/// When a metric warns of which nothing else was said, in percent of its target; as the standard policy does.
const WARNING_PERCENT: u8 = 80;

/// The name of a metric in the shape.
pub(crate) fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstReply => "first_reply_time",
        Metric::NextReply => "next_reply_time",
        Metric::PeriodicUpdate => "periodic_update_time",
        Metric::Resolution => "total_resolution_time",
    }
}

/// The metric of a name, in the shape or as events have it.
pub(crate) fn metric(text: &str) -> Option<Metric> {
    let mut all = Metric::ALL.into_iter();
    all.find(|metric| name(*metric) == text || metric.as_str() == text)
}

/// Why a name that clients know is no metric here.
pub(crate) fn unknown(text: &str) -> String {
    let known: Vec<&str> = Metric::ALL.into_iter().map(name).collect();
    let known = known.join(", ");
    match text {
        "agent_work_time" => format!(
            "agent_work_time can't be promised: total_resolution_time with docket.pausing [\"pending\", \"hold\"] counts the same (known are {known})"
        ),
        "requester_wait_time" => format!(
            "requester_wait_time can't be promised: total_resolution_time with docket.pausing [\"pending\"] counts the same (known are {known})"
        ),
        "pausable_update_time" => format!(
            "pausable_update_time can't be promised: periodic_update_time with docket.pausing [\"pending\"] counts the same (known are {known})"
        ),
        _ => format!("{text:?} is none of {known}"),
    }
}

/// A target as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TargetFields {
    #[serde(deserialize_with = "word")]
    priority: Option<Option<Priority>>,
    metric: Option<String>,
    target: Option<i64>,
    target_in_seconds: Option<i64>,
    #[serde(deserialize_with = "flag")]
    pub business_hours: Option<bool>,
}

/// What is done beyond the target of a metric, as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StepFields {
    warnings: Option<Vec<Warning>>,
    pub escalations: Option<Vec<Escalation>>,
}

/// The promises that these targets make. What a metric's promise did beyond its target it goes on to do.
pub(super) fn promises(targets: &[TargetFields], before: &[Promise]) -> Result<Vec<Promise>, ApiError> {
    let mut by_metric: BTreeMap<Metric, BTreeMap<Priority, i64>> = BTreeMap::new();
    for (place, target) in targets.iter().enumerate() {
        let field = |name: &str| format!("policy_metrics[{place}].{name}");
        let text = target
            .metric
            .as_deref()
            .ok_or_else(|| ApiError::blank(&field("metric")))?;
        let metric = metric(text).ok_or_else(|| ApiError::invalid(&field("metric"), unknown(text)))?;
        let priority = target
            .priority
            .flatten()
            .ok_or_else(|| ApiError::blank(&field("priority")))?;
        let minutes = target
            .target
            .map(|minutes| minutes.saturating_mul(SECONDS_OF_A_MINUTE));
        let seconds = target
            .target_in_seconds
            .or(minutes)
            .ok_or_else(|| ApiError::blank(&field("target")))?;
        if by_metric
            .entry(metric)
            .or_default()
            .insert(priority, seconds)
            .is_some()
        {
            let words = format!("{text} has two targets for priority {priority}");
            return Err(ApiError::invalid(&field("priority"), words));
        }
    }
    let promise = |(metric, target_seconds)| {
        let known = before.iter().find(|promise| promise.metric == metric);
        Promise {
            metric,
            target_seconds,
            warnings: known.map_or_else(
                || vec![Warning::Percent(WARNING_PERCENT)],
                |known| known.warnings.clone(),
            ),
            escalations: known.map_or_else(Vec::new, |known| known.escalations.clone()),
        }
    };
    Ok(by_metric.into_iter().map(promise).collect())
}

/// Puts what is done beyond the targets into the promises it is about.
pub(super) fn put_steps(
    steps: &BTreeMap<String, StepFields>,
    promises: &mut [Promise],
) -> Result<(), ApiError> {
    for (text, sent) in steps {
        let field = format!("docket.promises.{text}");
        let metric = metric(text).ok_or_else(|| ApiError::invalid(&field, unknown(text)))?;
        let promise = promises.iter_mut().find(|promise| promise.metric == metric);
        let promise = promise.ok_or_else(|| ApiError::invalid(&field, "has no target in policy_metrics"))?;
        if let Some(warnings) = &sent.warnings {
            promise.warnings.clone_from(warnings);
        }
        if let Some(escalations) = &sent.escalations {
            promise.escalations.clone_from(escalations);
        }
    }
    Ok(())
}

/// The targets in the shape, one for each metric and priority, the most urgent first.
pub(crate) fn shown(promises: &[Promise], business_hours: bool) -> Vec<Value> {
    let target = |promise: &Promise, priority: &Priority, seconds: &i64| {
        json!({
            "priority": priority,
            "metric": name(promise.metric),
            "target": minutes(*seconds),
            "target_in_seconds": seconds,
            "business_hours": business_hours,
        })
    };
    promises
        .iter()
        .flat_map(|promise| {
            let targets = promise.target_seconds.iter().rev();
            targets.map(move |(priority, seconds)| target(promise, priority, seconds))
        })
        .collect()
}

/// Whole minutes; what is begun counts.
pub(crate) fn minutes(seconds: i64) -> i64 {
    seconds.div_euclid(SECONDS_OF_A_MINUTE) + i64::from(seconds.rem_euclid(SECONDS_OF_A_MINUTE) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(targets: Value, before: &[Promise]) -> Result<Vec<Promise>, ApiError> {
        promises(
            &serde_json::from_value::<Vec<TargetFields>>(targets).unwrap(),
            before,
        )
    }

    fn wrong(targets: Value) -> (String, String) {
        match read(targets, &[]) {
            Err(ApiError::Invalid(mut problems)) => {
                let problem = problems.remove(0);
                (problem.field, problem.words)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn targets_are_minutes_or_seconds_and_come_back_as_both() {
        let targets = json!([
            { "priority": "low", "metric": "first_reply_time", "target": 480 },
            { "priority": "urgent", "metric": "first_reply_time", "target_in_seconds": 90 },
            { "priority": "normal", "metric": "total_resolution_time", "target": 60, "business_hours": false },
        ]);
        let promises = read(targets, &[]).unwrap();
        let told: Vec<_> = shown(&promises, true)
            .iter()
            .map(|target| {
                let word = |name: &str| target[name].as_str().unwrap().to_owned();
                (
                    word("metric"),
                    word("priority"),
                    target["target"].clone(),
                    target["target_in_seconds"].clone(),
                )
            })
            .collect();
        let target = |metric: &str, priority: &str, minutes: i64, seconds: i64| {
            (
                metric.to_owned(),
                priority.to_owned(),
                json!(minutes),
                json!(seconds),
            )
        };
        assert_eq!(
            told,
            [
                target("first_reply_time", "urgent", 2, 90),
                target("first_reply_time", "low", 480, 28_800),
                target("total_resolution_time", "normal", 60, 3_600),
            ]
        );
    }

    #[test]
    fn what_is_done_beyond_a_target_stays_when_the_target_moves() {
        let one =
            |minutes: i64| json!([{ "priority": "low", "metric": "next_reply_time", "target": minutes }]);
        let mut before = read(one(60), &[]).unwrap();
        assert_eq!(before[0].warnings, [Warning::Percent(80)]);
        before[0].warnings = vec![Warning::SecondsBefore(600)];
        let after = read(one(90), &before).unwrap();
        assert_eq!(after[0].warnings, [Warning::SecondsBefore(600)]);
        assert_eq!(after[0].target_seconds[&Priority::Low], 5_400);
    }

    #[test]
    fn a_target_that_can_not_be_is_named() {
        let (field, words) = wrong(json!([{ "priority": "low", "metric": "agent_work_time", "target": 1 }]));
        assert_eq!(field, "policy_metrics[0].metric");
        assert!(
            words.contains("total_resolution_time with docket.pausing"),
            "{words}"
        );
        let (field, _) = wrong(json!([{ "metric": "first_reply_time", "target": 1 }]));
        assert_eq!(field, "policy_metrics[0].priority");
        let (field, _) = wrong(json!([{ "priority": "low", "metric": "first_reply_time" }]));
        assert_eq!(field, "policy_metrics[0].target");
        let twice = json!({ "priority": "low", "metric": "first_reply_time", "target": 1 });
        let (field, words) = wrong(json!([twice, twice]));
        assert_eq!(field, "policy_metrics[1].priority");
        assert!(words.contains("two targets"), "{words}");
    }
}
