//! From an operation's name and body to the database and back.

use dynoxide::DynoxideError;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::DynamoDb;
use crate::lock;

impl DynamoDb {
    pub(super) fn dispatch(
        &self,
        operation: &str,
        body: &str,
        now: Timestamp,
    ) -> Result<String, DynoxideError> {
        use dynoxide::actions as a;
        match operation {
            "PutItem" => self.write(read::<a::put_item::PutItemRequest>(operation, body)?, now),
            "UpdateItem" => self.write(read::<a::update_item::UpdateItemRequest>(operation, body)?, now),
            "DeleteItem" => self.write(read::<a::delete_item::DeleteItemRequest>(operation, body)?, now),
            "BatchWriteItem" => self.write(
                read::<a::batch_write_item::BatchWriteItemRequest>(operation, body)?,
                now,
            ),
            "TransactWriteItems" => {
                let mut request: TransactWriteItemsRequest = read(operation, body)?;
                let Some(token) = request.client_request_token.take() else {
                    return self.write(request, now);
                };
                // Held to the end: of two at once under one token the second is answered as the first.
                let mut tokens = lock(&self.tokens);
                let digest = tokens.digest(&request);
                if let Some(answer) = tokens.repeated(&token, digest, now)? {
                    return Ok(answer);
                }
                let answer = self.write(request, now)?;
                tokens.note(token, digest, &answer, now);
                Ok(answer)
            }
            "GetItem" => {
                let request = read(operation, body)?;
                let _gate = self.gate_read();
                self.get(request)
            }
            "BatchGetItem" => {
                let request = read(operation, body)?;
                let _gate = self.gate_read();
                self.get_batch(request)
            }
            "Query" | "Scan" | "TransactGetItems" => {
                let _gate = self.gate_read();
                self.dispatch_ungated(operation, body)
            }
            _ => {
                let _gate = self.gate_write();
                let answer = self.writing(|| self.dispatch_ungated(operation, body));
                lock(&self.recent).forget_all();
                answer
            }
        }
    }

    /// Everything but writes; the caller holds the gate.
    pub(super) fn dispatch_ungated(&self, operation: &str, body: &str) -> Result<String, DynoxideError> {
        let db = &self.db;
        match operation {
            "Query" => answer(db.query(read(operation, body)?)),
            "Scan" => answer(db.scan(read(operation, body)?)),
            "TransactGetItems" => answer(db.transact_get_items(read(operation, body)?)),
            "CreateTable" => answer(db.create_table(read(operation, body)?)),
            "DeleteTable" => answer(db.delete_table(read(operation, body)?)),
            "DescribeTable" => answer(db.describe_table(read(operation, body)?)),
            "UpdateTable" => answer(db.update_table(read(operation, body)?)),
            "ListTables" => answer(db.list_tables(read(operation, body)?)),
            "UpdateTimeToLive" => answer(db.update_time_to_live(read(operation, body)?)),
            "DescribeTimeToLive" => answer(db.describe_time_to_live(read(operation, body)?)),
            "TagResource" => answer(db.tag_resource(read(operation, body)?)),
            "UntagResource" => answer(db.untag_resource(read(operation, body)?)),
            "ListTagsOfResource" => answer(db.list_tags_of_resource(read(operation, body)?)),
            "ExecuteStatement" => answer(db.execute_statement(read(operation, body)?)),
            "ExecuteTransaction" => answer(db.execute_transaction(read(operation, body)?)),
            "BatchExecuteStatement" => answer(db.batch_execute_statement(read(operation, body)?)),
            other => Err(DynoxideError::SerializationException(format!(
                "UnknownOperationException: {other}"
            ))),
        }
    }
}

pub(super) fn answer<T: serde::Serialize>(result: Result<T, DynoxideError>) -> Result<String, DynoxideError> {
    serde_json::to_string(&result?).map_err(|cause| DynoxideError::InternalServerError(cause.to_string()))
}

/// Reads a request. The database's own types put the kind of a refusal in front of serde's message.
fn read<T: DeserializeOwned>(operation: &str, body: &str) -> Result<T, DynoxideError> {
    serde_json::from_str(body).map_err(|cause| refusal(operation, &cause.to_string()))
}

fn refusal(operation: &str, message: &str) -> DynoxideError {
    if let Some(text) = message.strip_prefix("SERIALIZATION_AS_READ:") {
        return DynoxideError::SerializationException(text.to_owned());
    }
    if let Some(text) = message.strip_prefix("VALIDATION_AS_READ:") {
        return DynoxideError::ValidationException(text.to_owned());
    }
    if let Some(text) = message.strip_prefix("SERIALIZATION:") {
        return DynoxideError::SerializationException(without_position(text).to_owned());
    }
    if let Some(text) = message.strip_prefix("VALIDATION_REQUEST:") {
        let text = without_position(text);
        return DynoxideError::ValidationException(match operation {
            "PutItem" | "UpdateItem" | "DeleteItem" => format!("1 validation error detected: {text}"),
            _ => text.to_owned(),
        });
    }
    if let Some(text) = message.strip_prefix("VALIDATION:") {
        return DynoxideError::ValidationException(without_position(text).to_owned());
    }
    let refused = [
        "missing field",
        "unknown variant",
        "invalid type: null",
        "Supplied AttributeValue",
    ];
    if refused.iter().any(|sign| message.contains(sign)) {
        return DynoxideError::ValidationException(without_position(message).to_owned());
    }
    if message.contains("empty AttributeValue") {
        return DynoxideError::ValidationException(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                .to_owned(),
        );
    }
    DynoxideError::SerializationException(without_position(message).to_owned())
}

fn without_position(message: &str) -> &str {
    match message.rfind(" at line ") {
        Some(at) if message[at..].contains("column") => &message[..at],
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_a_refusal_do_not_reach_the_wire() {
        let error = refusal("PutItem", "VALIDATION_REQUEST:no good at line 1 column 2");
        assert_eq!(error.to_string(), "1 validation error detected: no good");
        let error = refusal("Query", "VALIDATION:no good at line 1 column 2");
        assert_eq!(error.to_string(), "no good");
    }
}
