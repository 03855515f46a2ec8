//! There are the alarms that tell of lost or late work, a budget, and a dashboard of them all.

use serde_json::Value;

use super::Finding;
use super::queues::dead_letter_queues;
use crate::template::{Template, items, target};

/// An alarm that must be there: metric, what it is about, and the highest threshold that still warns in time.
struct Needed<'a> {
    metric: &'static str,
    about: Option<&'a str>,
    threshold: f64,
}

const fn needed(metric: &'static str, about: Option<&'static str>, threshold: f64) -> Needed<'static> {
    Needed {
        metric,
        about,
        threshold,
    }
}

const DEAD_LETTERS: &str = "ApproximateNumberOfMessagesVisible";

const NEEDED: [Needed<'static>; 21] = [
    needed("PublishFailure", Some("ReceiptRule"), 0.0),
    needed("PublishExpired", Some("ReceiptRule"), 0.0),
    needed("SpoolOldest", None, 900.0),
    needed("ApproximateAgeOfOldestMessage", Some("InboundQueue"), 300.0),
    needed("ApproximateAgeOfOldestMessage", Some("InboundSingleQueue"), 300.0),
    needed("ApproximateAgeOfOldestMessage", Some("DeliveryQueue"), 900.0),
    needed("ApproximateAgeOfOldestMessage", Some("IndexQueue"), 600.0),
    needed("IteratorAge", Some("RelayFunction"), 600_000.0),
    needed("SweepLag", None, 120.0),
    needed("ProjectionsLag", None, 600.0),
    needed("InDoubtOldest", None, 1800.0),
    needed("Reputation.BounceRate", None, 0.04),
    needed("Reputation.ComplaintRate", None, 0.0008),
    needed("Throttles", None, 0.0),
    needed("ReadThrottleEvents", Some("TicketsTable"), 0.0),
    needed("WriteThrottleEvents", Some("TicketsTable"), 0.0),
    needed("ReadThrottleEvents", Some("GuardTable"), 0.0),
    needed("WriteThrottleEvents", Some("GuardTable"), 0.0),
    needed("5xx", Some("HttpApi"), 5.0),
    needed(DEAD_LETTERS, Some("RelayDeadQueue"), 0.0),
    needed(DEAD_LETTERS, Some("AlarmDeadQueue"), 0.0),
];

/// Three minutes without a sweep.
const SWEEPS_MISSED: u64 = 3;

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let dead = dead_letter_queues(template);
    let letters = dead.into_iter().map(|queue| Needed {
        metric: DEAD_LETTERS,
        about: Some(queue),
        threshold: 0.0,
    });
    for alarm in NEEDED.into_iter().chain(letters) {
        if !alarms(template).any(|(_, properties)| is_met(&alarm, properties)) {
            let about = alarm.about.unwrap_or(alarm.metric);
            let problem = format!("no alarm when {} is above {}", alarm.metric, alarm.threshold);
            findings.push(Finding::new(about, problem));
        }
    }
    if !alarms(template).any(|(_, properties)| tells_of_missing_sweeps(properties)) {
        findings.push(Finding::new(
            "SpoolOldest",
            "no alarm when there is no sweep for 3 minutes",
        ));
    }
    for (name, properties) in alarms(template) {
        let heard = items(&properties["AlarmActions"]).iter().any(|action| {
            target(action).is_some_and(|topic| template.resource(topic)["Type"] == "AWS::SNS::Topic")
        });
        if !heard {
            findings.push(Finding::new(name, "nobody hears the alarm"));
        }
        if properties["AlarmDescription"]
            .as_str()
            .is_none_or(|text| text.len() < 20)
        {
            findings.push(Finding::new(name, "does not say what to do"));
        }
    }
    for kind in ["AWS::Budgets::Budget", "AWS::CloudWatch::Dashboard"] {
        if template.of_type(kind).count() != 1 {
            findings.push(Finding::new(kind, "not there exactly once"));
        }
    }
    let shown: String = template
        .of_type("AWS::CloudWatch::Dashboard")
        .map(|(_, dashboard)| dashboard.to_string())
        .collect();
    for (name, _) in alarms(template).filter(|(name, _)| !shown.contains(&format!("${{{name}.Arn}}"))) {
        findings.push(Finding::new(name, "not on the dashboard"));
    }
    findings
}

fn alarms(template: &Template) -> impl Iterator<Item = (&str, &Value)> {
    template
        .of_type("AWS::CloudWatch::Alarm")
        .map(|(name, alarm)| (name, &alarm["Properties"]))
}

fn is_met(needed: &Needed<'_>, properties: &Value) -> bool {
    let dimensions = items(&properties["Dimensions"]);
    properties["MetricName"] == needed.metric
        && dimensions
            .first()
            .and_then(|dimension| target(&dimension["Value"]))
            == needed.about
        && properties["ComparisonOperator"]
            .as_str()
            .is_some_and(|operator| operator.starts_with("GreaterThan"))
        && properties["Threshold"]
            .as_f64()
            .is_some_and(|threshold| threshold <= needed.threshold)
}

fn tells_of_missing_sweeps(properties: &Value) -> bool {
    // The lag is said by queue timers, too.
    properties["MetricName"] == "SpoolOldest"
        && properties["Statistic"] == "SampleCount"
        && properties["ComparisonOperator"] == "LessThanThreshold"
        && properties["TreatMissingData"] == "breaching"
        && properties["Period"] == 60
        && properties["EvaluationPeriods"]
            .as_u64()
            .is_some_and(|periods| periods <= SWEEPS_MISSED)
}
