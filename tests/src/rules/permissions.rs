//! No role or policy allows a wildcard.
//!
//! A trailing `/*` under a resource of the stack (the objects of a prefix, the indexes of a table, the secrets of
//! the stack) is a folder and no wildcard. A statement that denies may name everything.

use super::Finding;
use crate::permissions::{resource_name, statements};
use crate::template::{Template, items};

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, resource) in template.resources() {
        if !items(&resource["Properties"]["ManagedPolicyArns"]).is_empty() {
            findings.push(Finding::new(
                name,
                "a managed policy allows more than is seen here",
            ));
        }
        if resource["Type"] == "AWS::Serverless::Function" && !resource["Properties"]["Policies"].is_null() {
            findings.push(Finding::new(name, "policies beside its role"));
        }
        for statement in statements(resource)
            .into_iter()
            .filter(|statement| statement["Effect"] == "Allow")
        {
            if !statement["NotAction"].is_null() || !statement["NotResource"].is_null() {
                findings.push(Finding::new(name, "allows all but a list"));
            }
            for action in items(&statement["Action"]) {
                if action.as_str().is_none_or(|action| action.contains('*')) {
                    findings.push(Finding::new(name, format!("allows the action {action}")));
                }
            }
            for allowed in items(&statement["Resource"])
                .iter()
                .map(resource_name)
                .filter(|name| is_wildcard(name))
            {
                findings.push(Finding::new(name, format!("allows on the resource {allowed}")));
            }
        }
    }
    findings
}

/// Whether a resource is wider than a folder of this stack.
fn is_wildcard(resource: &str) -> bool {
    match resource.strip_suffix("/*") {
        Some(folder) => folder.contains('*') || !folder.contains("${"),
        None => resource.contains('*'),
    }
}
