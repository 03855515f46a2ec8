//! Numbers. A number that was drawn and not used leaves a gap; none is ever given twice.

use crate::{
    Never, Store, StoreError,
    error::NameOperation,
    keys::{Counter, ItemKey},
    parts::{Held, Organizations, People, Tickets},
    table::item::{key_of, n, number_in},
};
use aws_sdk_dynamodb::types::ReturnValue;
use docket_domain::{OrganizationId, TicketNumber};

impl Store {
    /// A number that nobody has.
    pub async fn next_number(&self, counter: Counter) -> Result<u64, StoreError> {
        let output = self
            .clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(&self.settings.tenant, &ItemKey::Counter(counter))))
            .update_expression("ADD last_number :one")
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .named("UpdateItem")?;
        output
            .attributes
            .as_ref()
            .and_then(|item| number_in(item, "last_number"))
            .ok_or_else(|| {
                StoreError::from(Never::Unreadable {
                    what: "counter",
                    detail: "it has no number".to_owned(),
                })
            })
    }

    pub(super) async fn last_number(&self, counter: Counter) -> Result<u64, StoreError> {
        let item = self.get_item(&ItemKey::Counter(counter)).await?;
        Ok(item
            .as_ref()
            .and_then(|item| number_in(item, "last_number"))
            .unwrap_or(0))
    }
}

impl Tickets<'_> {
    /// A ticket number that nobody has.
    pub async fn next_number(self) -> Result<TicketNumber, StoreError> {
        self.0.next_number(Counter::Tickets).await.map(TicketNumber)
    }

    /// The highest ticket number drawn so far; 0 before the first.
    pub async fn last_number(self) -> Result<u64, StoreError> {
        self.0.last_number(Counter::Tickets).await
    }
}

impl People<'_> {
    /// The highest number drawn for a person so far.
    pub async fn last_number(self) -> Result<u64, StoreError> {
        self.0.last_number(Counter::People).await
    }
}

impl Organizations<'_> {
    /// An organization's id that none has.
    pub async fn next_id(self) -> Result<OrganizationId, StoreError> {
        self.0
            .next_number(Counter::Organizations)
            .await
            .map(OrganizationId)
    }

    /// The highest number drawn for an organization so far.
    pub async fn last_number(self) -> Result<u64, StoreError> {
        self.0.last_number(Counter::Organizations).await
    }
}

impl Held<'_> {
    /// The highest number drawn for a held contact so far.
    pub async fn last_number(self) -> Result<u64, StoreError> {
        self.0.last_number(Counter::Held).await
    }
}
