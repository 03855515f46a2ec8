//! Queues redrive after five receives or more, keep four days, their dead letters fourteen, encrypted.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::template::{Template, target};

/// Receives that a message gets at least: fewer would take one bad deployment for a bad message.
const FEWEST_RECEIVES: u64 = 5;
/// Days are enough to mend what fails; the sweep rebuilds what is older from the tables.
const QUEUE_SECONDS: u64 = 4 * 24 * 3600;
/// The longest that SQS keeps a message; one keeps its first timestamp when it is moved.
const DEAD_QUEUE_SECONDS: u64 = 14 * 24 * 3600;

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let dead = dead_letter_queues(template);
    let mut findings = Vec::new();
    let mut shared: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, queue) in template.of_type("AWS::SQS::Queue") {
        let properties = &queue["Properties"];
        if properties["SqsManagedSseEnabled"] != true && properties["KmsMasterKeyId"].is_null() {
            findings.push(Finding::new(name, "not encrypted"));
        }
        let kept = properties["MessageRetentionPeriod"].as_u64();
        if dead.contains(name) {
            if kept != Some(DEAD_QUEUE_SECONDS) {
                findings.push(Finding::new(
                    name,
                    "a dead-letter queue that does not keep 14 days",
                ));
            }
            continue;
        }
        if kept != Some(QUEUE_SECONDS) {
            findings.push(Finding::new(name, "does not keep 4 days"));
        }
        let redrive = &properties["RedrivePolicy"];
        if redrive["maxReceiveCount"]
            .as_u64()
            .is_none_or(|count| count < FEWEST_RECEIVES)
        {
            findings.push(Finding::new(
                name,
                format!("maxReceiveCount is below {FEWEST_RECEIVES}"),
            ));
        }
        match target(&redrive["deadLetterTargetArn"]) {
            None => findings.push(Finding::new(name, "no dead-letter queue")),
            Some(letters) => {
                if template.resource(letters)["Type"] != "AWS::SQS::Queue" {
                    findings.push(Finding::new(
                        name,
                        format!("its dead-letter queue {letters} is no queue"),
                    ));
                }
                if let Some(other) = shared.insert(letters, name) {
                    findings.push(Finding::new(
                        name,
                        format!("shares the dead-letter queue {letters} with {other}"),
                    ));
                }
            }
        }
    }
    findings
}

/// Queues that others put their failures into: queues, topics' subscriptions, streams.
pub(super) fn dead_letter_queues(template: &Template) -> BTreeSet<&str> {
    let redrives = template
        .resources()
        .filter_map(|(_, resource)| target(&resource["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]));
    let failures = template
        .of_type("AWS::Serverless::Function")
        .flat_map(|(_, function)| function["Properties"]["Events"].as_object().into_iter().flatten())
        .filter_map(|(_, event)| {
            target(&event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"])
        });
    redrives.chain(failures).collect()
}
