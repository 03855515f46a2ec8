//! Nothing on the way of a contact invokes a function asynchronously: such an invocation is lost after two retries
//! and six hours, without a trace in a table or a queue.
//!
//! The one exception is the clock, which carries nothing: the next minute finds the same work and more.

use super::Finding;
use crate::template::{Template, items, target};

/// The one function that a clock may wake.
const CLOCKED: &str = "SlaCheckFunction";

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, resource) in template.resources() {
        let properties = &resource["Properties"];
        match resource["Type"].as_str().unwrap_or_default() {
            "AWS::Serverless::Function" => {
                for (event, source) in properties["Events"].as_object().into_iter().flatten() {
                    if source["Type"] != "SQS" && source["Type"] != "DynamoDB" {
                        findings.push(Finding::new(
                            name,
                            format!("the event {event} invokes it asynchronously"),
                        ));
                    }
                }
            }
            "AWS::SNS::Subscription" if properties["Protocol"] == "lambda" => {
                findings.push(Finding::new(name, "a topic invokes a function asynchronously"));
            }
            "AWS::S3::Bucket"
                if !properties["NotificationConfiguration"]["LambdaConfigurations"].is_null() =>
            {
                findings.push(Finding::new(name, "the bucket invokes a function asynchronously"));
            }
            "AWS::SES::ReceiptRule"
                if items(&properties["Rule"]["Actions"])
                    .iter()
                    .any(|action| !action["LambdaAction"].is_null()) =>
            {
                findings.push(Finding::new(name, "SES invokes a function asynchronously"));
            }
            "AWS::Events::Rule" => {
                findings.push(Finding::new(
                    name,
                    "a rule of an event bus invokes its targets asynchronously",
                ));
            }
            "AWS::Scheduler::Schedule" => {
                let clock = &properties["Target"];
                if target(&clock["Arn"]) != Some(CLOCKED) || !clock["Input"].is_null() {
                    findings.push(Finding::new(
                        name,
                        format!("a schedule may wake {CLOCKED} only, with no input"),
                    ));
                }
            }
            "AWS::Lambda::Permission" if properties["Principal"] != "apigateway.amazonaws.com" => {
                findings.push(Finding::new(
                    name,
                    "lets a service invoke a function that waits for no answer",
                ));
            }
            "AWS::ApiGatewayV2::Integration" if properties["IntegrationType"] != "AWS_PROXY" => {
                findings.push(Finding::new(
                    name,
                    "an integration that does not wait for the function's answer",
                ));
            }
            _ => {}
        }
    }
    findings
}
