//! How functions take work from queues and streams.

use serde_json::Value;

use super::Finding;
use crate::template::{Template, items, target};

/// Lambda retries a batch within the visibility: AWS asks for six times the timeout at least.
const VISIBILITY_TIMES_TIMEOUT: u64 = 6;
/// A stream keeps 24 h; what is given up two hours earlier still reaches the on-failure queue.
const OLDEST_RECORD_SECONDS: u64 = 22 * 3600;

/// Visibility is six times the consumer's timeout or more, concurrency is bounded, and each queue has one consumer.
pub(super) fn check_consumers(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut consumed = Vec::new();
    for (function, name, event) in events(template).filter(|(_, _, event)| event["Type"] == "SQS") {
        let properties = &event["Properties"];
        let queue = target(&properties["Queue"]).unwrap_or("?");
        consumed.push(queue);
        let timeout = template
            .property(function, "Timeout")
            .as_u64()
            .unwrap_or_default();
        let visibility = template
            .property(queue, "VisibilityTimeout")
            .as_u64()
            .unwrap_or(30);
        if visibility < VISIBILITY_TIMES_TIMEOUT * timeout {
            let problem =
                format!("visibility of {visibility} s is below six times the {timeout} s of {function}");
            findings.push(Finding::new(queue, problem));
        }
        if properties["ScalingConfig"]["MaximumConcurrency"]
            .as_u64()
            .is_none()
        {
            findings.push(Finding::new(
                function,
                format!("the source {name} has no MaximumConcurrency"),
            ));
        }
    }
    let dead = super::queues::dead_letter_queues(template);
    for (queue, _) in template
        .of_type("AWS::SQS::Queue")
        .filter(|(queue, _)| !dead.contains(queue))
    {
        let consumers = consumed.iter().filter(|name| **name == queue).count();
        if consumers != 1 {
            findings.push(Finding::new(
                queue,
                format!("has {consumers} consumers instead of one"),
            ));
        }
    }
    findings
}

/// Sources report single failures; streams bisect, give up in time and keep what they gave up.
pub(super) fn check_failures(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (function, name, event) in events(template) {
        let mut say =
            |problem: &str| findings.push(Finding::new(function, format!("the source {name} {problem}")));
        let properties = &event["Properties"];
        if !items(&properties["FunctionResponseTypes"])
            .iter()
            .any(|kind| kind == "ReportBatchItemFailures")
        {
            say("does not report batch item failures");
        }
        if event["Type"] != "DynamoDB" {
            continue;
        }
        if properties["BisectBatchOnFunctionError"] != true {
            say("does not bisect a batch that fails");
        }
        let oldest = properties["MaximumRecordAgeInSeconds"].as_u64();
        if oldest.is_none_or(|seconds| seconds >= OLDEST_RECORD_SECONDS) {
            say("has no maximum record age under 22 h");
        }
        let letters = target(&properties["DestinationConfig"]["OnFailure"]["Destination"]).unwrap_or("?");
        if template.resource(letters)["Type"] != "AWS::SQS::Queue" {
            say("has no on-failure queue");
        }
    }
    findings
}

/// Function, name of the event, event.
fn events(template: &Template) -> impl Iterator<Item = (&str, &str, &Value)> {
    template
        .of_type("AWS::Serverless::Function")
        .flat_map(|(function, resource)| {
            let events = resource["Properties"]["Events"].as_object().into_iter().flatten();
            events.map(move |(name, event)| (function, name.as_str(), event))
        })
}
