//! The JSON protocol of SQS: names, addresses and errors.

use serde_json::Value;

use crate::wire::{WireResponse, json_error};
use crate::{ACCOUNT, REGION};

/// A refusal, with the name it has in the JSON protocol and the one the old query protocol knows.
#[derive(Debug)]
pub(crate) struct SqsError {
    pub(super) type_name: &'static str,
    pub(super) query_name: &'static str,
    pub(super) message: String,
    pub(super) status: u16,
}

impl SqsError {
    fn sender(type_name: &'static str, query_name: &'static str, message: impl Into<String>) -> Self {
        Self {
            type_name,
            query_name,
            message: message.into(),
            status: 400,
        }
    }

    pub(super) fn no_such_queue() -> Self {
        Self::sender(
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
            "The specified queue does not exist.",
        )
    }

    pub(super) fn queue_exists(name: &str) -> Self {
        let message = format!(
            "A queue already exists with the same name and a different value for an attribute: {name}"
        );
        Self::sender("QueueNameExists", "QueueAlreadyExists", message)
    }

    pub(super) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::sender("InvalidParameterValueException", "InvalidParameterValue", message)
    }

    pub(super) fn missing_parameter(name: &str) -> Self {
        let message = format!("The request must contain the parameter {name}.");
        Self::sender("MissingRequiredParameterException", "MissingParameter", message)
    }

    pub(super) fn invalid_contents() -> Self {
        Self::sender(
            "InvalidMessageContents",
            "InvalidMessageContents",
            "Invalid characters were found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | \
             #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )
    }

    pub(super) fn invalid_attribute(name: &str) -> Self {
        let message = format!("Unknown or invalid attribute {name}.");
        Self::sender("InvalidAttributeName", "InvalidAttributeName", message)
    }

    pub(super) fn invalid_receipt(handle: &str) -> Self {
        let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
        Self::sender("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", message)
    }

    pub(super) fn not_in_flight() -> Self {
        Self::sender(
            "MessageNotInflight",
            "AWS.SimpleQueueService.MessageNotInflight",
            "The specified message is not in flight.",
        )
    }

    pub(super) fn empty_batch() -> Self {
        Self::sender(
            "EmptyBatchRequest",
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one entry in the request.",
        )
    }

    pub(super) fn too_many_entries(count: usize) -> Self {
        let message = format!("Maximum number of entries per request are 10. You have sent {count}.");
        Self::sender(
            "TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            message,
        )
    }

    pub(super) fn ids_not_distinct(id: &str) -> Self {
        Self::sender(
            "BatchEntryIdsNotDistinct",
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            format!("Id {id} repeated."),
        )
    }

    pub(super) fn invalid_entry_id() -> Self {
        Self::sender(
            "InvalidBatchEntryId",
            "AWS.SimpleQueueService.InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. \
             It can be at most 80 letters long.",
        )
    }

    pub(super) fn batch_too_long(bytes: usize) -> Self {
        Self::sender(
            "BatchRequestTooLong",
            "AWS.SimpleQueueService.BatchRequestTooLong",
            format!("Batch requests cannot be longer than 1048576 bytes. You have sent {bytes} bytes."),
        )
    }

    pub(super) fn unsupported(operation: &str) -> Self {
        let message = format!("The operation {operation} is not supported.");
        Self::sender(
            "UnsupportedOperation",
            "AWS.SimpleQueueService.UnsupportedOperation",
            message,
        )
    }

    pub(super) fn storage(cause: &rusqlite::Error) -> Self {
        Self {
            type_name: "InternalError",
            query_name: "InternalError",
            message: cause.to_string(),
            status: 500,
        }
    }

    pub(crate) fn answer(&self) -> WireResponse {
        let fault = if self.status < 500 { "Sender" } else { "Receiver" };
        json_error(
            self.status,
            &format!("com.amazonaws.sqs#{}", self.type_name),
            &self.message,
        )
        .with("x-amzn-query-error", format!("{};{fault}", self.query_name))
    }
}

pub(crate) fn url_of(name: &str) -> String {
    format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}")
}

pub(super) fn arn_of(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// The queue's name in its URL (or in its ARN, or alone).
pub(super) fn name_of(address: &str) -> &str {
    address.rsplit(['/', ':']).next().unwrap_or(address)
}

pub(super) fn text<'a>(request: &'a Value, name: &str) -> Result<&'a str, SqsError> {
    request[name]
        .as_str()
        .ok_or_else(|| SqsError::missing_parameter(name))
}

/// A whole number within its limits, if given.
pub(super) fn number(
    request: &Value,
    name: &str,
    range: std::ops::RangeInclusive<i64>,
) -> Result<Option<i64>, SqsError> {
    let Some(value) = request.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    match value.as_i64().filter(|value| range.contains(value)) {
        Some(value) => Ok(Some(value)),
        None => Err(SqsError::invalid_parameter(format!(
            "Value {value} for parameter {name} is invalid. Reason: Must be between {} and {}, if provided.",
            range.start(),
            range.end()
        ))),
    }
}

pub(super) fn texts<'a>(request: &'a Value, name: &str) -> Vec<&'a str> {
    request[name]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
