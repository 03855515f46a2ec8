//! Rights that one at a time has: to assign in a group, to bring a projection up to date. Whoever comes while somebody has one
//! leaves word of what for, and the holder looks again.

use crate::{
    Store, StoreError,
    keys::ItemKey,
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, s, text_in},
    },
    tickets::due::done_unless_condition_failed,
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue},
};
use docket_domain::{GroupId, TicketNumber};
use std::collections::BTreeSet;

/// How long one run may hold a right, in seconds: longer than the timeout of any function that takes one.
const LEASE_SECONDS: i64 = 60;

/// How often an update that met a transaction is sent again.
const MOST_COLLISIONS: u32 = 6;

/// A right that nobody else has.
#[derive(Clone, Debug)]
pub struct Lease {
    key: ItemKey,
    holder: String,
    /// How often it had been asked for when the lease was last looked at.
    wanted: u64,
    /// Tickets whose nudges asked since the last release, as of that look: if they wait on, they are owed a reason.
    pub asked: Vec<TicketNumber>,
}

impl Store {
    /// Asks, for tickets if there are any, for the right to assign in a group.
    pub async fn lease_assignment(
        &self,
        group: GroupId,
        tickets: &[TicketNumber],
    ) -> Result<Option<Lease>, StoreError> {
        self.lease(ItemKey::AssignmentLease(group), tickets).await
    }

    /// Asks, for tickets if there are any, for a right. Nothing: somebody has it, and will look again because it was asked for.
    pub async fn lease(&self, key: ItemKey, tickets: &[TicketNumber]) -> Result<Option<Lease>, StoreError> {
        let key = &key;
        let (now, holder) = (self.now().as_second(), self.unguessable());
        let take = |ask: &str, mut asks: Vec<(&'static str, AttributeValue)>| {
            asks.extend([
                (":me", s(&holder)),
                (":to", n(now + LEASE_SECONDS)),
                (":now", n(now)),
            ]);
            // One's own, where the answer to taking it was lost.
            let free = "attribute_not_exists(held_to) OR held_to < :now OR holder = :me";
            let expression = format!("{ask} SET holder = :me, held_to = :to");
            async move { self.update_lease(key, expression.trim(), Some(free), asks).await }
        };
        // A set holds each once, and is never empty.
        let numbers: BTreeSet<String> = tickets.iter().map(ToString::to_string).collect();
        let (mut ask, mut asks) = ("ADD wanted :one", vec![(":one", n(1))]);
        if !numbers.is_empty() {
            ask = "ADD wanted :one, asked :tickets";
            asks.push((":tickets", AttributeValue::Ns(numbers.into_iter().collect())));
        }
        let mut taken = take(ask, asks.clone()).await?;
        if taken.is_none() {
            // The holder is asked; one that let go just before that has not heard it.
            self.update_lease(key, ask, None, asks).await?;
            taken = take("", vec![]).await?;
        }
        Ok(taken.map(|item| Lease {
            wanted: number_in(&item, "wanted").unwrap_or(0),
            asked: asked_in(&item),
            key: key.clone(),
            holder,
        }))
    }

    /// Gives the right back, unless it was asked for again in the meantime: then the holder is to look
    /// again, and true is returned.
    pub async fn release_lease(&self, lease: &mut Lease) -> Result<bool, StoreError> {
        let released = self
            .update_lease(
                &lease.key,
                "REMOVE held_to, asked",
                Some("holder = :me AND wanted = :seen"),
                vec![(":me", s(&lease.holder)), (":seen", n(lease.wanted))],
            )
            .await?;
        if released.is_some() {
            return Ok(false);
        }
        let item = self.get_item(&lease.key).await?.unwrap_or_default();
        let still_mine = text_in(&item, "holder") == Some(&lease.holder) && item.contains_key("held_to");
        lease.wanted = number_in(&item, "wanted").unwrap_or(0);
        lease.asked = asked_in(&item);
        Ok(still_mine)
    }

    /// Gives the right back without having done all that was asked for: whoever comes next finds it.
    pub async fn abandon_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let mine = vec![(":me", s(&lease.holder))];
        self.update_lease(&lease.key, "REMOVE held_to", Some("holder = :me"), mine)
            .await
            .map(drop)
    }

    /// The part of a transaction that lets it stand only while the right is held.
    pub(crate) fn fence(&self, lease: &Lease) -> Write {
        let key = key_of(&self.settings.tenant, &lease.key);
        Write::update(&self.settings.tickets_table, Role::Load, key, "SET fenced = :me")
            .when("holder = :me")
            .with(":me", s(&lease.holder))
    }

    /// Until when whoever goes on with what a right is for has it: attribute `held_to`.
    pub(crate) fn held_longer(&self) -> (&'static str, AttributeValue) {
        (":to", n(self.now().as_second() + LEASE_SECONDS))
    }

    /// Notes something beside a right, as long as it is held; whether it is.
    pub(crate) async fn note_beside(
        &self,
        lease: &Lease,
        expression: &str,
        mut values: Vec<(&str, AttributeValue)>,
    ) -> Result<bool, StoreError> {
        values.push((":me", s(&lease.holder)));
        let noted = self.update_lease(&lease.key, expression, Some("holder = :me"), values);
        Ok(noted.await?.is_some())
    }

    async fn update_lease(
        &self,
        key: &ItemKey,
        expression: &str,
        condition: Option<&str>,
        values: Vec<(&str, AttributeValue)>,
    ) -> Result<Option<Item>, StoreError> {
        let mut collisions = 0;
        loop {
            let mut request = self
                .clients
                .dynamo
                .update_item()
                .table_name(&self.settings.tickets_table)
                .set_key(Some(key_of(&self.settings.tenant, key)))
                .update_expression(expression)
                .set_condition_expression(condition.map(str::to_owned))
                .return_values(ReturnValue::AllNew);
            for (name, value) in &values {
                request = request.expression_attribute_values(*name, value.clone());
            }
            let output = request.send().await;
            // The fence of a transaction is on the same item. The client does not repeat that by itself.
            let collided = output.as_ref().err().is_some_and(|error| {
                let error = error.as_service_error();
                error.is_some_and(UpdateItemError::is_transaction_conflict_exception)
            });
            if collided && collisions < MOST_COLLISIONS {
                collisions += 1;
                self.wait_a_little(collisions).await;
                continue;
            }
            let mut seen = Item::new();
            let output = output.inspect(|output| {
                seen = output.attributes.clone().unwrap_or_default();
            });
            return Ok(done_unless_condition_failed(output)?.then_some(seen));
        }
    }
}

fn asked_in(item: &Item) -> Vec<TicketNumber> {
    let numbers = item.get("asked").and_then(|value| value.as_ns().ok());
    numbers
        .into_iter()
        .flatten()
        .filter_map(|number| number.parse().ok().map(TicketNumber))
        .collect()
}
