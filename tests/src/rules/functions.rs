//! Functions have their own role, a timeout, memory and a log group with a retention.

use std::collections::BTreeMap;

use super::Finding;
use crate::template::{Template, target};

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut roles: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, function) in template.of_type("AWS::Serverless::Function") {
        let properties = &function["Properties"];
        for needed in ["Timeout", "MemorySize", "CodeUri"] {
            if properties[needed].is_null() {
                findings.push(Finding::new(name, format!("{needed} is not set")));
            }
        }
        match target(&properties["Role"]).filter(|role| template.resource(role)["Type"] == "AWS::IAM::Role") {
            None => findings.push(Finding::new(
                name,
                "no role of its own; a generated one allows wildcards",
            )),
            Some(role) => {
                if let Some(other) = roles.insert(role, name) {
                    findings.push(Finding::new(name, format!("shares the role {role} with {other}")));
                }
            }
        }
        let logs = target(&properties["LoggingConfig"]["LogGroup"]).unwrap_or_default();
        if template.property(logs, "RetentionInDays").is_null() {
            findings.push(Finding::new(name, "no log group with a retention"));
        }
    }
    if template.root()["Globals"]["Function"]["Runtime"] != "provided.al2023" {
        findings.push(Finding::new(
            "Globals",
            "the runtime of functions is not provided.al2023",
        ));
    }
    findings
}
