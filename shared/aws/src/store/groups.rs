//! Groups, their members, and the members' loads.

use super::{
    due::done_unless_condition_failed,
    item::{Item, item_with, key_of, n, number_in, s, text_in, value_in},
    page::Query,
    write::{Role, Write},
};
use crate::{
    Desk, StoreError,
    error::Named,
    keys::{ItemKey, group_pk},
};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    assignment::{AgentLoad, Availability, Choice, DEFAULT_CAPACITY},
    configuration::Group,
};
use std::collections::BTreeSet;

/// Most members of a group.
const MOST_MEMBERS: usize = 1_000;
/// Most groups of a desk.
const MOST_GROUPS: u64 = 100;
/// How long one run of assignment may hold a group, in seconds: longer than its function's timeout.
const LEASE_SECONDS: i64 = 60;

/// The right to assign in a group.
#[derive(Clone, Debug)]
pub struct Lease {
    group: GroupId,
    holder: String,
    /// How often the group had been asked for when the lease was last looked at.
    wanted: u64,
    /// Tickets whose nudges asked since the last release, as of that look: if they wait on, they are owed a reason.
    pub asked: Vec<TicketNumber>,
}

impl Desk {
    /// Groups, by id.
    pub async fn groups(&self) -> Result<Vec<Group>, StoreError> {
        let keys: Vec<_> = (1..=MOST_GROUPS).map(|id| ItemKey::Group(GroupId(id))).collect();
        let mut groups = Vec::new();
        for mut item in self.get_items(&keys).await? {
            groups.push(value_in::<Group>(&mut item, "group")?);
        }
        groups.sort_by_key(|group| group.id);
        Ok(groups)
    }

    /// A group.
    pub async fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        match self.get_item(&ItemKey::Group(id)).await? {
            Some(mut item) => value_in(&mut item, "group").map(Some),
            None => Ok(None),
        }
    }

    /// The ids of a group's members.
    pub async fn members(&self, group: GroupId) -> Result<Vec<PersonId>, StoreError> {
        let query = Query::partition(group_pk(&self.settings.tenant, group), MOST_MEMBERS)
            .range("begins_with(SK, :member)", vec![(":member", "M#".to_owned())]);
        let items = self.query(query).await?;
        Ok(items
            .iter()
            .filter_map(|item| text_in(item, "SK")?.strip_prefix("M#")?.parse().ok())
            .collect())
    }

    /// The loads of a group's members. Read as a batch; the commit checks what was read.
    pub async fn roster(&self, group: GroupId) -> Result<Vec<AgentLoad>, StoreError> {
        let keys: Vec<_> = self
            .members(group)
            .await?
            .into_iter()
            .map(ItemKey::AgentLoad)
            .collect();
        let items = self.get_items(&keys).await?;
        let mut roster: Vec<_> = items.iter().filter_map(load_in).collect();
        roster.sort_by_key(|load| load.agent);
        Ok(roster)
    }

    /// An agent's load.
    pub async fn agent_load(&self, agent: PersonId) -> Result<Option<AgentLoad>, StoreError> {
        Ok(self
            .get_item(&ItemKey::AgentLoad(agent))
            .await?
            .as_ref()
            .and_then(load_in))
    }

    /// Sets whether an agent takes new tickets.
    pub async fn set_availability(
        &self,
        agent: PersonId,
        availability: Availability,
    ) -> Result<(), StoreError> {
        self.clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(&self.settings.tenant, &ItemKey::AgentLoad(agent))))
            .update_expression("SET availability = :to, agent_id = :id")
            .expression_attribute_values(":to", s(availability_word(availability)))
            .expression_attribute_values(":id", n(agent))
            .send()
            .await
            .named("UpdateItem")?;
        Ok(())
    }

    /// The part of a transaction that changes an agent's load. Where the desk itself chose the agent, their load
    /// and capacity must still be what it saw; what people do by hand, and tickets that come back, ask for no room.
    pub(crate) fn load_write(
        &self,
        agent: PersonId,
        units: i64,
        expected: Option<&Choice>,
        now: Timestamp,
    ) -> Write {
        let key = key_of(&self.settings.tenant, &ItemKey::AgentLoad(agent));
        let table = &self.settings.tickets_table;
        let expression = "ADD load_units :units SET agent_id = :id, capacity_units = if_not_exists(capacity_units, :default)";
        match expected.filter(|choice| choice.agent == agent) {
            None => Write::update(table, Role::State, key, expression)
                .with(":units", n(units))
                .with(":id", n(agent))
                .with(":default", n(DEFAULT_CAPACITY)),
            Some(choice) => {
                let expression = format!("{expression}, last_assigned_at = :now");
                Write::update(table, Role::State, key, &expression)
                    .when("load_units <= :room AND capacity_units = :capacity AND availability = :online")
                    .with(":units", n(units))
                    .with(":id", n(agent))
                    .with(":default", n(DEFAULT_CAPACITY))
                    .with(":now", s(now.to_string()))
                    .with(":room", n(i64::from(choice.capacity) - units))
                    .with(":capacity", n(choice.capacity))
                    .with(":online", s(availability_word(Availability::Online)))
            }
        }
    }

    /// Asks, for tickets if there are any, for the right to assign in a group. Nothing: somebody has it, and will look
    /// again because it was asked for.
    pub async fn lease_assignment(
        &self,
        group: GroupId,
        tickets: &[TicketNumber],
    ) -> Result<Option<Lease>, StoreError> {
        let (now, holder) = (self.now().as_second(), self.unguessable());
        let take = |ask: &str, mut asks: Vec<(&'static str, AttributeValue)>| {
            asks.extend([
                (":me", s(&holder)),
                (":to", n(now + LEASE_SECONDS)),
                (":now", n(now)),
            ]);
            let free = "attribute_not_exists(held_to) OR held_to < :now";
            let expression = format!("{ask} SET holder = :me, held_to = :to");
            async move {
                self.update_lease(group, expression.trim(), Some(free), asks)
                    .await
            }
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
            self.update_lease(group, ask, None, asks).await?;
            taken = take("", vec![]).await?;
        }
        Ok(taken.map(|item| Lease {
            wanted: number_in(&item, "wanted").unwrap_or(0),
            asked: asked_in(&item),
            group,
            holder,
        }))
    }

    /// Gives the right back, unless the group was asked for again in the meantime: then the holder is to look
    /// again, and true is returned.
    pub async fn release_assignment(&self, lease: &mut Lease) -> Result<bool, StoreError> {
        let released = self
            .update_lease(
                lease.group,
                "REMOVE held_to, asked",
                Some("holder = :me AND wanted = :seen"),
                vec![(":me", s(&lease.holder)), (":seen", n(lease.wanted))],
            )
            .await?;
        if released.is_some() {
            return Ok(false);
        }
        let item = self
            .get_item(&ItemKey::AssignmentLease(lease.group))
            .await?
            .unwrap_or_default();
        let still_mine = text_in(&item, "holder") == Some(&lease.holder) && item.contains_key("held_to");
        lease.wanted = number_in(&item, "wanted").unwrap_or(0);
        lease.asked = asked_in(&item);
        Ok(still_mine)
    }

    async fn update_lease(
        &self,
        group: GroupId,
        expression: &str,
        condition: Option<&str>,
        values: Vec<(&str, AttributeValue)>,
    ) -> Result<Option<Item>, StoreError> {
        let mut request = self
            .clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(
                &self.settings.tenant,
                &ItemKey::AssignmentLease(group),
            )))
            .update_expression(expression)
            .set_condition_expression(condition.map(str::to_owned))
            .return_values(ReturnValue::AllNew);
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        let mut seen = Item::new();
        let output = request.send().await.inspect(|output| {
            seen = output.attributes.clone().unwrap_or_default();
        });
        Ok(done_unless_condition_failed(output)
            .named("UpdateItem")?
            .then_some(seen))
    }

    /// The parts that store a group and its members.
    pub(crate) fn group_writes(&self, group: &Group, members: &[PersonId]) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
        let item = item_with(tenant, &ItemKey::Group(group.id), "group", group)?;
        let mut writes = vec![Write::put(table, Role::Guard, item).when_new()];
        for member in members {
            let item = key_of(tenant, &ItemKey::Member(group.id, *member));
            writes.push(Write::put(table, Role::State, item));
            let mut item = key_of(tenant, &ItemKey::AgentLoad(*member));
            item.insert("agent_id".to_owned(), n(member));
            item.insert("load_units".to_owned(), n(0));
            item.insert("capacity_units".to_owned(), n(DEFAULT_CAPACITY));
            item.insert(
                "availability".to_owned(),
                s(availability_word(Availability::Online)),
            );
            writes.push(Write::put(table, Role::State, item));
        }
        Ok(writes)
    }
}

fn load_in(item: &Item) -> Option<AgentLoad> {
    Some(AgentLoad {
        agent: PersonId(number_in(item, "agent_id")?),
        load_units: number_in(item, "load_units").unwrap_or(0),
        capacity: number_in(item, "capacity_units").unwrap_or(DEFAULT_CAPACITY),
        availability: match text_in(item, "availability") {
            Some("online") => Availability::Online,
            _ => Availability::Away,
        },
        last_assigned_at: text_in(item, "last_assigned_at").and_then(|text| text.parse().ok()),
    })
}

fn asked_in(item: &Item) -> Vec<TicketNumber> {
    let numbers = item.get("asked").and_then(|value| value.as_ns().ok());
    numbers
        .into_iter()
        .flatten()
        .filter_map(|number| number.parse().ok().map(TicketNumber))
        .collect()
}

fn availability_word(availability: Availability) -> &'static str {
    match availability {
        Availability::Online => "online",
        Availability::Away => "away",
    }
}
