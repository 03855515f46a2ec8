//! What a request is for, read from its headers and address.

use serde_json::Value;

use crate::faults::Service;
use crate::s3::Route;
use crate::wire::WireRequest;

/// The service and operation that a request means.
pub(crate) struct Target {
    pub(crate) service: Service,
    pub(crate) operation: String,
    /// The place in S3, if it is for S3.
    pub(crate) route: Option<Route>,
}

impl Target {
    pub(crate) fn of(request: &WireRequest) -> Option<Self> {
        if let Some(target) = request.header("x-amz-target") {
            let (api, operation) = target.split_once('.')?;
            let service = match api {
                "DynamoDB_20120810" => Service::DynamoDb,
                "AmazonSQS" => Service::Sqs,
                "AmazonSSM" => Service::Ssm,
                _ => return None,
            };
            return Some(Self {
                service,
                operation: operation.to_owned(),
                route: None,
            });
        }
        if request.host.starts_with("email.") {
            let action = form_urlencoded::parse(&request.body).find(|(name, _)| name == "Action")?;
            return Some(Self {
                service: Service::Ses,
                operation: action.1.into_owned(),
                route: None,
            });
        }
        let at_s3 = request.host.starts_with("s3.") || request.host.contains(".s3.");
        at_s3.then(|| {
            let route = Route::of(request);
            Self {
                service: Service::S3,
                operation: route.operation.to_owned(),
                route: Some(route),
            }
        })
    }

    /// The resource named first, and whether an index is read.
    pub(crate) fn describe(&self, request: &WireRequest) -> (String, bool) {
        if let Some(route) = &self.route {
            return (format!("{}/{}", route.bucket, route.key), false);
        }
        let body: Value = match self.service {
            Service::Ses => return (String::new(), false),
            _ => serde_json::from_slice(&request.body).unwrap_or_default(),
        };
        let on_index = body.get("IndexName").is_some();
        let resource = ["TableName", "QueueUrl", "QueueName", "Name", "Path"]
            .iter()
            .find_map(|member| body[*member].as_str().map(str::to_owned))
            .or_else(|| body["RequestItems"].as_object()?.keys().next().cloned())
            .or_else(|| first_table(body["TransactItems"].as_array()?));
        (resource.unwrap_or_default(), on_index)
    }
}

fn first_table(actions: &[Value]) -> Option<String> {
    let action = actions.first()?.as_object()?.values().next()?;
    action["TableName"].as_str().map(str::to_owned)
}
