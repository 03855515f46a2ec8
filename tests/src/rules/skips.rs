//! A lint that is skipped carries its reason.

use serde_json::Value;

use super::Finding;
use crate::template::{Template, items};

/// Shorter is no reason.
const SHORTEST_REASON: usize = 30;

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = unexplained("Metadata", &template.root()["Metadata"]);
    for (name, resource) in template.resources() {
        findings.extend(unexplained(name, &resource["Metadata"]));
    }
    findings
}

fn unexplained(name: &str, metadata: &Value) -> Vec<Finding> {
    let lints = &metadata["cfn-lint"];
    let ignored = items(&lints["config"]["ignore_checks"])
        .iter()
        .map(|id| (id, &lints["reasons"][id.as_str().unwrap_or_default()]));
    let skipped = items(&metadata["checkov"]["skip"])
        .iter()
        .map(|skip| (&skip["id"], &skip["comment"]));
    ignored
        .chain(skipped)
        .filter(|(_, reason)| reason.as_str().is_none_or(|text| text.len() < SHORTEST_REASON))
        .map(|(id, _)| Finding::new(name, format!("skips {id} without a reason")))
        .collect()
}
