//! Tables and buckets can be restored and outlive the stack.

use serde_json::Value;

use super::Finding;
use crate::permissions::statements;
use crate::template::{Template, items, target};

/// The one part of a bucket whose objects are only ever copies of what somebody still has.
const UPLOADS: &str = "upload/";

pub(super) fn check_tables(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, table) in template.of_type("AWS::DynamoDB::Table") {
        let properties = &table["Properties"];
        if properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] != true {
            findings.push(Finding::new(name, "no point-in-time recovery"));
        }
        if properties["DeletionProtectionEnabled"] != true {
            findings.push(Finding::new(name, "no deletion protection"));
        }
        findings.extend(outlives_the_stack(name, table));
    }
    findings
}

pub(super) fn check_buckets(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, bucket) in template.of_type("AWS::S3::Bucket") {
        let properties = &bucket["Properties"];
        let access = &properties["PublicAccessBlockConfiguration"];
        for block in [
            "BlockPublicAcls",
            "BlockPublicPolicy",
            "IgnorePublicAcls",
            "RestrictPublicBuckets",
        ] {
            if access[block] != true {
                findings.push(Finding::new(name, format!("public access: {block} is not on")));
            }
        }
        if properties["VersioningConfiguration"]["Status"] != "Enabled" {
            findings.push(Finding::new(name, "no versioning"));
        }
        if !template
            .of_type("AWS::S3::BucketPolicy")
            .any(|(_, policy)| demands_tls(policy, name))
        {
            findings.push(Finding::new(name, "reached without TLS"));
        }
        for rule in items(&properties["LifecycleConfiguration"]["Rules"]) {
            let expires = !rule["ExpirationInDays"].is_null() || !rule["ExpirationDate"].is_null();
            if expires && rule["Prefix"] != UPLOADS {
                findings.push(Finding::new(
                    name,
                    "a rule expires mail that nobody may have taken in yet",
                ));
            }
        }
        findings.extend(outlives_the_stack(name, bucket));
    }
    for (name, rule) in template.of_type("AWS::SES::ReceiptRule") {
        let actions = items(&rule["Properties"]["Rule"]["Actions"]);
        if actions
            .iter()
            .any(|action| !action["S3Action"]["KmsKeyArn"].is_null())
        {
            findings.push(Finding::new(
                name,
                "a KMS key makes SES encrypt in a form that no client here reads",
            ));
        }
    }
    findings
}

fn outlives_the_stack(name: &str, resource: &Value) -> Vec<Finding> {
    ["DeletionPolicy", "UpdateReplacePolicy"]
        .into_iter()
        .filter(|policy| resource[*policy] != "Retain")
        .map(|policy| Finding::new(name, format!("{policy} is not Retain")))
        .collect()
}

fn demands_tls(policy: &Value, bucket: &str) -> bool {
    target(&policy["Properties"]["Bucket"]) == Some(bucket)
        && statements(policy).iter().any(|statement| {
            statement["Effect"] == "Deny"
                && statement["Action"] == "s3:*"
                && statement["Principal"] == "*"
                && items(&statement["Resource"]).len() == 2
                && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
        })
}
