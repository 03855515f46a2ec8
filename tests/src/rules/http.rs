//! The HTTP API is throttled, logs each call, and opens itself to no foreign page by default.

use super::Finding;
use crate::template::{Template, target};

pub(super) fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, api) in template.of_type("AWS::ApiGatewayV2::Api") {
        let cors = &api["Properties"]["CorsConfiguration"];
        if !cors.is_null() && cors["Fn::If"].is_null() {
            findings.push(Finding::new(name, "CORS stands there unconditionally"));
        }
        let staged = template
            .of_type("AWS::ApiGatewayV2::Stage")
            .any(|(_, stage)| target(&stage["Properties"]["ApiId"]) == Some(name));
        if !staged {
            findings.push(Finding::new(name, "no stage"));
        }
    }
    for (name, stage) in template.of_type("AWS::ApiGatewayV2::Stage") {
        let properties = &stage["Properties"];
        let limits = &properties["DefaultRouteSettings"];
        if ["ThrottlingBurstLimit", "ThrottlingRateLimit"]
            .iter()
            .any(|limit| limits[*limit].as_u64().is_none())
        {
            findings.push(Finding::new(name, "not throttled"));
        }
        let logs = target(&properties["AccessLogSettings"]["DestinationArn"]).unwrap_or_default();
        if template.property(logs, "RetentionInDays").is_null() {
            findings.push(Finding::new(name, "no access log with a retention"));
        }
    }
    findings
}
