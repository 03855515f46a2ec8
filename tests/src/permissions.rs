//! Who may do what, as the template's roles have it.

use serde_json::Value;

use crate::template::{Template, branches, items, target};
use crate::wiring::kebab;

/// One action that one function may do on one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// The function's folder under `functions/`.
    pub function: String,
    /// The action, `s3:GetObject`.
    pub action: String,
    /// The resource as the template names it, `Bucket` or `${Bucket}/blob/*`.
    pub resource: String,
}

impl std::fmt::Display for Permission {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {} {}", self.function, self.action, self.resource)
    }
}

/// All that the roles of functions allow, sorted, each line once.
#[must_use]
pub fn permissions(template: &Template) -> Vec<Permission> {
    let mut found = Vec::new();
    for (name, function) in template.of_type("AWS::Serverless::Function") {
        let role = target(&function["Properties"]["Role"]).unwrap_or_default();
        for statement in statements(template.resource(role))
            .into_iter()
            .filter(|s| s["Effect"] == "Allow")
        {
            for action in items(&statement["Action"]) {
                for resource in items(&statement["Resource"]) {
                    found.push(Permission {
                        function: kebab(name, "Function"),
                        action: action.as_str().unwrap_or("?").to_owned(),
                        resource: resource_name(resource),
                    });
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The statements of the inline policies of a role, or of the one document of a policy resource.
#[must_use]
pub fn statements(resource: &Value) -> Vec<&Value> {
    let properties = &resource["Properties"];
    let documents = items(&properties["Policies"])
        .iter()
        .map(|p| &p["PolicyDocument"])
        .chain([&properties["PolicyDocument"]]);
    documents
        .flat_map(|document| items(&document["Statement"]))
        .flat_map(branches)
        .collect()
}

/// A resource in one line: an attribute by the name of its resource, a text with what it puts in.
#[must_use]
pub fn resource_name(resource: &Value) -> String {
    if let Some(name) = target(resource) {
        return match resource["Fn::GetAtt"][1].as_str() {
            Some("StreamArn") => format!("{name} stream"),
            _ => name.to_owned(),
        };
    }
    let text = resource["Fn::Sub"].as_str().or_else(|| resource.as_str());
    text.map_or_else(|| resource.to_string(), |text| text.replace(".Arn}", "}"))
}
