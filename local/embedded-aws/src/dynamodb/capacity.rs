//! Consumed capacity, summed over calls.

use std::collections::BTreeMap;

use serde_json::Value;

/// The units that one operation has taken from one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacityUse {
    /// The table.
    pub table: String,
    /// The operation, such as `TransactWriteItems`.
    pub operation: String,
    /// Calls that took from the table.
    pub calls: u64,
    /// Units of the table and its indexes together; write units for writes, read units for reads.
    pub units: f64,
    /// Units of the table alone.
    pub table_units: f64,
    /// Units of each index touched.
    pub index_units: BTreeMap<String, f64>,
}

#[derive(Default)]
pub(super) struct Tally {
    uses: BTreeMap<(String, String), CapacityUse>,
}

/// The body with the wish to be told the units by index, for operations that can be asked so.
pub(super) fn ask(operation: &str, body: &str) -> String {
    let on_items = [
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "Scan",
        "BatchGetItem",
        "BatchWriteItem",
        "TransactGetItems",
        "TransactWriteItems",
    ];
    match serde_json::from_str::<Value>(body) {
        Ok(Value::Object(mut request)) if on_items.contains(&operation) => {
            request.insert("ReturnConsumedCapacity".to_owned(), Value::from("INDEXES"));
            Value::Object(request).to_string()
        }
        _ => body.to_owned(),
    }
}

impl Tally {
    pub(super) fn add(&mut self, operation: &str, answer: &str) {
        let Ok(answer) = serde_json::from_str::<Value>(answer) else {
            return;
        };
        let consumed = &answer["ConsumedCapacity"];
        let single = std::slice::from_ref(consumed);
        for part in consumed.as_array().map_or(single, Vec::as_slice) {
            let Some(table) = part["TableName"].as_str() else {
                continue;
            };
            let sum = self
                .uses
                .entry((table.to_owned(), operation.to_owned()))
                .or_default();
            sum.table = table.to_owned();
            sum.operation = operation.to_owned();
            sum.calls += 1;
            sum.units += part["CapacityUnits"].as_f64().unwrap_or_default();
            sum.table_units += part["Table"]["CapacityUnits"].as_f64().unwrap_or_default();
            for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
                for (index, units) in part[kind].as_object().into_iter().flatten() {
                    *sum.index_units.entry(index.clone()).or_default() +=
                        units["CapacityUnits"].as_f64().unwrap_or_default();
                }
            }
        }
    }

    pub(super) fn uses(&self) -> Vec<CapacityUse> {
        self.uses.values().cloned().collect()
    }
}
