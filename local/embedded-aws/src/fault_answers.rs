//! The words in which each service fails, throttles or finds a conflict.

use serde_json::{Value, json};

use crate::faults::Service;
use crate::target::Target;
use crate::wire::{WireRequest, WireResponse, json_error};
use crate::{s3, ses};

/// A failure of the service itself.
pub(crate) fn failure(service: Service, status: u16) -> WireResponse {
    let status = status.clamp(500, 599);
    let unavailable = status == 503;
    let message = "The request could not be served. Please try again.";
    match service {
        Service::DynamoDb => {
            let name = if unavailable {
                "ServiceUnavailable"
            } else {
                "InternalServerError"
            };
            json_error(
                status,
                &format!("com.amazonaws.dynamodb.v20120810#{name}"),
                message,
            )
        }
        Service::Sqs => {
            let name = if unavailable {
                "ServiceUnavailable"
            } else {
                "InternalFailure"
            };
            json_error(status, &format!("com.amazonaws.sqs#{name}"), message)
                .with("x-amzn-query-error", format!("{name};Receiver"))
        }
        Service::S3 => s3::error(
            status,
            if unavailable {
                "ServiceUnavailable"
            } else {
                "InternalError"
            },
            message,
        ),
        Service::Ses => ses::error(
            status,
            if unavailable {
                "ServiceUnavailable"
            } else {
                "InternalFailure"
            },
            message,
        ),
        Service::Ssm => json_error(status, "InternalServerError", message),
    }
}

/// The wish to slow down.
pub(crate) fn throttled(service: Service) -> WireResponse {
    match service {
        Service::DynamoDb => json_error(
            400,
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded.",
        ),
        Service::Sqs => json_error(400, "com.amazonaws.sqs#RequestThrottled", "Request is throttled.")
            .with("x-amzn-query-error", "RequestThrottled;Sender"),
        Service::S3 => s3::error(503, "SlowDown", "Please reduce your request rate."),
        Service::Ses => ses::error(400, "Throttling", "Maximum sending rate exceeded."),
        Service::Ssm => json_error(400, "ThrottlingException", "Rate exceeded"),
    }
}

/// The credentials of who calls have expired.
pub(crate) fn expired(service: Service) -> WireResponse {
    let words = "The security token included in the request is expired";
    match service {
        Service::DynamoDb => json_error(400, "com.amazon.coral.service#ExpiredTokenException", words),
        Service::Sqs => json_error(403, "com.amazonaws.sqs#ExpiredToken", words)
            .with("x-amzn-query-error", "ExpiredToken;Sender"),
        Service::S3 => s3::error(400, "ExpiredToken", "The provided token has expired."),
        Service::Ses => ses::error(403, "ExpiredToken", words),
        Service::Ssm => json_error(400, "ExpiredTokenException", words),
    }
}

/// Another transaction was at the item; none for calls that cannot conflict.
pub(crate) fn conflict(target: &Target, request: &WireRequest) -> Option<WireResponse> {
    if target.service != Service::DynamoDb {
        return None;
    }
    match target.operation.as_str() {
        "PutItem" | "UpdateItem" | "DeleteItem" => Some(json_error(
            400,
            "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
            "Transaction is ongoing for the item",
        )),
        "TransactWriteItems" | "TransactGetItems" => {
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let count = body["TransactItems"].as_array().map_or(1, Vec::len).max(1);
            let mut reasons = vec![json!({ "Code": "None" }); count];
            reasons[0] =
                json!({ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" });
            let codes: Vec<&str> = reasons
                .iter()
                .filter_map(|reason| reason["Code"].as_str())
                .collect();
            let message = format!(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
                codes.join(", ")
            );
            let error = json!({
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "Message": message,
                "CancellationReasons": reasons,
            });
            Some(WireResponse::json(400, error.to_string()))
        }
        _ => None,
    }
}
