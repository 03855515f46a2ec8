//! Subscriptions have a redrive policy.

use super::Finding;
use crate::template::{Template, target};

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, subscription) in template.of_type("AWS::SNS::Subscription") {
        let properties = &subscription["Properties"];
        let letters = target(&properties["RedrivePolicy"]["deadLetterTargetArn"]).unwrap_or("?");
        if template.resource(letters)["Type"] != "AWS::SQS::Queue" {
            findings.push(Finding::new(name, "no redrive policy to a queue"));
        }
        if properties["Protocol"] == "sqs" && properties["RawMessageDelivery"] != true {
            findings.push(Finding::new(name, "wraps messages; the consumers read raw ones"));
        }
    }
    findings
}
