//! Batches of up to ten entries, each with its own outcome.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operations::{MAX_BYTES, size_of};
use super::protocol::SqsError;

/// SQS's limit of entries in one batch.
const MAX_ENTRIES: usize = 10;

/// The entries of a batch, their ids checked.
pub(super) fn entries(request: &Value) -> Result<&[Value], SqsError> {
    let entries = request["Entries"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if entries.is_empty() {
        return Err(SqsError::empty_batch());
    }
    if entries.len() > MAX_ENTRIES {
        return Err(SqsError::too_many_entries(entries.len()));
    }
    let mut ids = BTreeSet::new();
    for entry in entries {
        let id = entry["Id"].as_str().unwrap_or_default();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.is_empty() || id.len() > 80 || !id.bytes().all(allowed) {
            return Err(SqsError::invalid_entry_id());
        }
        if !ids.insert(id) {
            return Err(SqsError::ids_not_distinct(id));
        }
    }
    Ok(entries)
}

/// Refuses messages that are too long together.
pub(super) fn check_total(entries: &[Value]) -> Result<(), SqsError> {
    let total: usize = entries.iter().map(size_of).sum();
    if total > MAX_BYTES {
        Err(SqsError::batch_too_long(total))
    } else {
        Ok(())
    }
}

/// Runs each entry and gathers the outcomes; entry i fails by order when bit i of `fails` is set.
pub(super) fn each(
    entries: &[Value],
    fails: u64,
    mut run: impl FnMut(&Value) -> Result<Value, SqsError>,
) -> Value {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        let id = &entry["Id"];
        if fails >> (index % 64) & 1 == 1 {
            failed.push(json!({
                "Id": id, "SenderFault": false, "Code": "InternalError",
                "Message": "We encountered an internal error. Please try again.",
            }));
            continue;
        }
        match run(entry) {
            Ok(mut outcome) => {
                outcome["Id"] = id.clone();
                successful.push(outcome);
            }
            Err(error) => failed.push(json!({
                "Id": id, "SenderFault": error.status < 500, "Code": error.query_name,
                "Message": error.message,
            })),
        }
    }
    json!({ "Successful": successful, "Failed": failed })
}
