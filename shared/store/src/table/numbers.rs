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
        self.next_numbers([counter]).await.map(|[number]| number)
    }

    /// A number of each of these counters that nobody has, drawn at once.
    pub async fn next_numbers<const N: usize>(&self, counters: [Counter; N]) -> Result<[u64; N], StoreError> {
        let each: Vec<String> = (0..N).map(|at| format!("#n{at} :one")).collect();
        let mut request = self
            .clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(&self.settings.tenant, &ItemKey::Counters)))
            .update_expression(format!("ADD {}", each.join(", ")))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::UpdatedNew);
        for (at, counter) in counters.iter().enumerate() {
            request = request.expression_attribute_names(format!("#n{at}"), counter.as_str());
        }
        let output = request.send().await.named("UpdateItem")?;
        let drawn = output.attributes.unwrap_or_default();
        let mut numbers = [0; N];
        for (number, counter) in numbers.iter_mut().zip(counters) {
            *number = number_in(&drawn, counter.as_str()).ok_or_else(|| {
                StoreError::from(Never::Unreadable {
                    what: "counter",
                    detail: format!("there is no number for the next {}", counter.as_str()),
                })
            })?;
        }
        Ok(numbers)
    }

    pub(crate) async fn last_number(&self, counter: Counter) -> Result<u64, StoreError> {
        let item = self.get_item(&ItemKey::Counters).await?;
        Ok(item
            .as_ref()
            .and_then(|item| number_in(item, counter.as_str()))
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
