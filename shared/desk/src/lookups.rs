//! What values of lookups lead to.

use crate::desk::Desk;
use docket_domain::{
    OrganizationId, PersonId, TicketNumber,
    field::{FieldBook, FieldsOf},
    people::person::Person,
};
use docket_store::StoreError;
use std::collections::BTreeMap;

impl Desk {
    /// Whether there is what a lookup names: a ticket, a person, an organization that stands.
    pub async fn has(&self, of: FieldsOf, number: u64) -> Result<bool, StoreError> {
        Ok(match of {
            FieldsOf::Tickets => self.tickets().standing(TicketNumber(number)).await?.is_some(),
            FieldsOf::People => {
                let person = self.people().get(PersonId(number)).await?;
                person.as_ref().is_some_and(Person::is_standing)
            }
            FieldsOf::Organizations => self.organizations().get(OrganizationId(number)).await?.is_some(),
        })
    }

    /// The title of a field of tickets that would lead to nothing with one of these values, by the names under which they stand.
    pub async fn leads_to_nothing(
        &self,
        book: &FieldBook,
        values: &BTreeMap<String, Option<String>>,
    ) -> Result<Option<String>, StoreError> {
        for (name, value) in values {
            let field = book.named(name);
            let target = field.and_then(|field| field.target_of(value.as_deref()?));
            if let (Some(field), Some((of, number))) = (field, target)
                && !self.has(of, number).await?
            {
                return Ok(Some(field.title.clone()));
            }
        }
        Ok(None)
    }
}
