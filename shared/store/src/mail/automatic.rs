//! How much automatic mail went out lately.

use crate::{
    StoreError,
    error::NameOperation,
    keys::GuardKey,
    parts::Mail,
    table::{
        Role, Write,
        item::{Item, n, number_in, s, to_attribute, value_in},
    },
};
use docket_domain::contact::automatic::{AutomaticHistory, WINDOW, counted_address};
use std::collections::HashMap;

/// How long a history is kept after its last mail, in seconds: a day, for whoever was told on it, is longer than its window.
const KEPT_SECONDS: i64 = 24 * 3600;

impl Mail<'_> {
    /// The automatic mails that went to an address lately.
    pub async fn automatic_history(self, address: &str) -> Result<AutomaticHistory, StoreError> {
        let item = self.0.guard_item(&history_key(address)).await?;
        item.map_or_else(|| Ok(AutomaticHistory::default()), history_in)
    }

    /// The part of a transaction that stores the history as it is with one mail more. Of two at once one loses.
    pub fn automatic_history_write(
        self,
        address: &str,
        history: &AutomaticHistory,
    ) -> Result<Write, StoreError> {
        let key = history_key(address);
        let now = self.0.now().as_second();
        let item = HashMap::from([
            ("PK".to_owned(), s(key.pk(&self.0.settings.tenant))),
            ("expires_at".to_owned(), n(now + KEPT_SECONDS)),
            ("v".to_owned(), n(history.v)),
            ("history".to_owned(), to_attribute("history", history)?),
        ]);
        let write = Write::put(&self.0.settings.guard_table, Role::State, item);
        let read = history.v.saturating_sub(1);
        Ok(write
            .when("attribute_not_exists(PK) OR expires_at <= :now OR v = :read")
            .with(":now", n(now))
            .with(":read", n(read)))
    }

    /// Counts an automatic mail to a domain; how many went there in this window of time. A number, not a promise: an
    /// attempt that is repeated counts twice.
    pub async fn count_automatic_to_domain(self, domain: &str) -> Result<u64, StoreError> {
        let now = self.0.now().as_second();
        let key = GuardKey::AutomaticToDomain(domain.to_lowercase(), now / WINDOW.as_secs());
        let output = self
            .0
            .update_guard(&key)
            .update_expression("ADD mails :one SET expires_at = :end")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":end", n(now + 2 * WINDOW.as_secs()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedNew)
            .send()
            .await
            .named("UpdateItem")?;
        let counted = output
            .attributes
            .as_ref()
            .and_then(|item| number_in(item, "mails"));
        Ok(counted.unwrap_or(1))
    }
}

/// The key of the history of an address.
pub(super) fn history_key(address: &str) -> GuardKey {
    GuardKey::AutomaticTo(counted_address(address))
}

/// The history in an item that has not reached its end.
pub(super) fn history_in(mut item: Item) -> Result<AutomaticHistory, StoreError> {
    value_in(&mut item, "history")
}
