//! How much those write who show no credentials.

use crate::{
    Store, StoreError,
    error::NameOperation,
    keys::GuardKey,
    table::item::{n, number_in},
};

/// The window in which they are counted, in seconds.
const WINDOW_SECONDS: i64 = 3_600;

impl Store {
    /// Counts a request of somebody without credentials; how many there were within this hour. A number, not a promise: an attempt
    /// that is repeated counts twice.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn count_stranger(&self) -> Result<u64, StoreError> {
        let now = self.now().as_second();
        let key = GuardKey::Strangers(now / WINDOW_SECONDS);
        let output = self
            .update_guard(&key)
            .update_expression("ADD requests :one SET expires_at = :end")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":end", n(now + 2 * WINDOW_SECONDS))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedNew)
            .send()
            .await
            .named("UpdateItem")?;
        let counted = output
            .attributes
            .as_ref()
            .and_then(|item| number_in(item, "requests"));
        Ok(counted.unwrap_or(1))
    }
}
