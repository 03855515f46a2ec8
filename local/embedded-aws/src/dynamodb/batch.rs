//! Batches of which DynamoDB leaves some entries unprocessed.

use serde_json::{Map, Value, json};

/// The body without the failing entries (none if all fail), and those entries as `UnprocessedKeys` or
/// `UnprocessedItems` gives them. Entries count through the tables in the order of their names.
pub(super) fn split(operation: &str, body: &str, fails: u64) -> (Option<String>, Value) {
    let Ok(mut request) = serde_json::from_str::<Value>(body) else {
        return (Some(body.to_owned()), json!({}));
    };
    let (mut kept, mut left) = (Map::new(), Map::new());
    let tables: std::collections::BTreeMap<String, Value> = request
        .get("RequestItems")
        .and_then(|items| serde_json::from_value(items.clone()).ok())
        .unwrap_or_default();
    let mut index = 0_u32;
    for (table, asked) in tables {
        let entries = if operation == "BatchGetItem" {
            &asked["Keys"]
        } else {
            &asked
        };
        let (mut stay, mut fail) = (Vec::new(), Vec::new());
        for entry in entries.as_array().cloned().unwrap_or_default() {
            let chosen = fails >> (index % 64) & 1 == 1;
            if chosen { &mut fail } else { &mut stay }.push(entry);
            index += 1;
        }
        for (entries, target) in [(stay, &mut kept), (fail, &mut left)] {
            if !entries.is_empty() {
                target.insert(table.clone(), with_entries(operation, &asked, entries));
            }
        }
    }
    let kept = (!kept.is_empty()).then(|| {
        request["RequestItems"] = Value::Object(kept);
        request.to_string()
    });
    (kept, Value::Object(left))
}

fn with_entries(operation: &str, asked: &Value, entries: Vec<Value>) -> Value {
    if operation == "BatchGetItem" {
        let mut asked = asked.clone();
        asked["Keys"] = Value::Array(entries);
        asked
    } else {
        Value::Array(entries)
    }
}

/// The answer to a batch of which nothing was done.
pub(super) fn nothing_done(operation: &str) -> String {
    if operation == "BatchGetItem" {
        r#"{"Responses":{}}"#
    } else {
        "{}"
    }
    .to_owned()
}

pub(super) fn with_unprocessed(operation: &str, answer: &str, unprocessed: Value) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap_or_else(|_| json!({}));
    let member = if operation == "BatchGetItem" {
        "UnprocessedKeys"
    } else {
        "UnprocessedItems"
    };
    answer[member] = unprocessed;
    answer.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_entries_of_a_batch_stay_unprocessed() {
        let body = json!({"RequestItems": {"t": {"Keys": [{"k": 0}, {"k": 1}, {"k": 2}]}}}).to_string();
        let (kept, left) = split("BatchGetItem", &body, 0b101);
        let kept: Value = serde_json::from_str(&kept.expect("one is kept")).expect("JSON");
        assert_eq!(kept["RequestItems"]["t"]["Keys"], json!([{"k": 1}]));
        assert_eq!(left["t"]["Keys"], json!([{"k": 0}, {"k": 2}]));
    }

    #[test]
    fn a_batch_may_stay_wholly_unprocessed() {
        let body = json!({"RequestItems": {"t": [{"DeleteRequest": {}}]}}).to_string();
        let (kept, left) = split("BatchWriteItem", &body, u64::MAX);
        assert!(kept.is_none());
        assert_eq!(left, json!({"t": [{"DeleteRequest": {}}]}));
    }
}
