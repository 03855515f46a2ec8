//! Agents' loads: one item for each agent, whose load only commits of tickets change, and whose settings are changed one
//! by one.

use crate::{
    StoreError,
    audit::{chain_beside, unreadable_fields},
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk},
    parts::Agents,
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, s, text_in},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    CalendarId, GroupId, PersonId, SkillId, TicketNumber, Timestamp,
    assignment::{AgentLoad, Availability, Choice, DEFAULT_CAPACITY, LoadChange},
    audit::{Audit as _, ChangedBy},
    ticket::FAST_PATH,
};
use std::collections::{BTreeMap, HashMap};

/// What is still to be done about an agent whose load was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentWork {
    /// Its place in the index `due`, as read.
    pub due_sk: String,
    /// Whether their open tickets go back to their groups.
    pub hands_back: bool,
}

impl Agents<'_> {
    /// The loads of a group's members. Read as a batch; the commit checks what was read.
    pub async fn roster(self, group: GroupId) -> Result<Vec<AgentLoad>, StoreError> {
        self.loads(&self.0.groups().members(group).await?).await
    }

    /// The loads of these agents, by agent, without those who have none yet.
    pub async fn loads(self, agents: &[PersonId]) -> Result<Vec<AgentLoad>, StoreError> {
        let keys: Vec<_> = agents.iter().copied().map(ItemKey::AgentLoad).collect();
        let items = self.0.get_items(&keys).await?;
        let mut loads: Vec<_> = items.iter().filter_map(load_in).collect();
        loads.sort_by_key(|load| load.agent);
        Ok(loads)
    }

    /// An agent's load.
    pub async fn load(self, agent: PersonId) -> Result<Option<AgentLoad>, StoreError> {
        Ok(self
            .0
            .get_item(&ItemKey::AgentLoad(agent))
            .await?
            .as_ref()
            .and_then(load_in))
    }

    /// What is still to be done about an agent.
    pub async fn work(self, agent: PersonId) -> Result<Option<AgentWork>, StoreError> {
        let item = self
            .0
            .get_item(&ItemKey::AgentLoad(agent))
            .await?
            .unwrap_or_default();
        Ok(text_in(&item, "due_sk").map(|due_sk| AgentWork {
            due_sk: due_sk.to_owned(),
            hands_back: item.contains_key("hand_back"),
        }))
    }

    /// The parts that change an agent's settings from what was read, with the event that says what changed; nothing is read of
    /// who never had a load. Each means a new version for whoever chose the agent, and that work follows. The load itself stays.
    pub fn settings_writes(
        self,
        read: Option<&AgentLoad>,
        after: &AgentLoad,
        follows: Follows,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let read = read.filter(|read| read.v > 0);
        let fields = |load: &AgentLoad| load.fields().map_err(unreadable_fields);
        let key = key_of(tenant, &ItemKey::AgentLoad(after.agent));
        let mut set = SETTINGS_CHANGE.to_owned();
        let (mut remove, mut values) = (Vec::new(), Vec::new());
        if follows != Follows::Nothing {
            set += ", due_pk = :due_pk, due_sk = :due_sk";
            let (due_pk, due_sk) = self.due_place(after.agent);
            values.extend([(":due_pk", s(due_pk)), (":due_sk", s(due_sk))]);
        }
        match follows {
            Follows::Nothing | Follows::Look => {}
            Follows::HandBack => set += ", hand_back = :one",
            Follows::Keep => remove.push("hand_back"),
        }
        let (mut notes, mut event) = (Vec::new(), None);
        if let Some(read) = read
            && fields(read)? == fields(after)?
        {
            // Nothing to tell. What follows was decided on what was read, all the same.
        } else {
            let appended = self.0.append(read, after, by)?;
            set += ", capacity_units = :capacity, availability = :availability, skills = :skills, v = :v";
            values.extend([
                (":capacity", n(after.capacity)),
                (":availability", s(after.availability.as_str())),
                (":skills", skills_attribute(&after.skills)),
                (":v", n(read.map_or(1, |read| read.v + 1))),
            ]);
            match after.calendar {
                Some(calendar) => {
                    set += ", calendar_id = :calendar";
                    values.push((":calendar", n(calendar)));
                }
                None => remove.push("calendar_id"),
            }
            for (name, value) in appended.notes(self.0) {
                set += &format!(", {name} = :{name}");
                notes.push((format!(":{name}"), s(value)));
            }
            event = Some(appended.write());
        }
        if !remove.is_empty() {
            set += &format!(" REMOVE {}", remove.join(", "));
        }
        let mut write = Write::update(table, Role::State, key, &set);
        let always = [(":one", n(1)), (":zero", n(0)), (":id", n(after.agent))];
        for (name, value) in always.into_iter().chain(values) {
            write = write.with(name, value);
        }
        for (name, value) in notes {
            write = write.with(&name, value);
        }
        write = match read {
            None => write.when("attribute_not_exists(v)"),
            Some(read) => write.when("v = :read").with(":read", n(read.v)),
        };
        Ok([write].into_iter().chain(event).collect())
    }

    /// The parts that change an agent's memberships, as far as their load knows: whoever decided before decides again. An agent
    /// who has no settings yet begins online and with none of them.
    pub fn membership_writes(
        self,
        agent: PersonId,
        read: Option<&AgentLoad>,
        follows: Follows,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let read = read.filter(|read| read.v > 0);
        let after = read.cloned().unwrap_or_else(|| AgentLoad::new(agent));
        self.settings_writes(read, &after, follows, by)
    }

    /// The parts by which an agent who leaves takes no new tickets, and hands back those they have.
    pub(crate) async fn leaving_writes(
        self,
        agent: PersonId,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let read = self.load(agent).await?.filter(|load| load.v > 0);
        let mut after = read.clone().unwrap_or_else(|| AgentLoad::new(agent));
        after.availability = Availability::Away;
        self.settings_writes(read.as_ref(), &after, Follows::HandBack, by)
    }

    /// Where an agent stands in `due` whose work the fast path has a minute for.
    fn due_place(self, agent: PersonId) -> (String, String) {
        let at = self.0.now().checked_add(FAST_PATH).unwrap_or(Timestamp::MAX);
        // Shards are of numbers, whatever is numbered.
        let (tenant, number) = (&self.0.settings.tenant, TicketNumber(agent.0));
        (
            due_pk(due_shard(tenant, number)),
            due_sk(at, DueKind::Agent, tenant, number),
        )
    }

    /// Notes that the work of an agent is done, or is to be looked at again in a minute. Nothing if they changed since.
    pub async fn work_done(self, agent: PersonId, work: &AgentWork, again: bool) -> Result<bool, StoreError> {
        let (due_pk, due_sk) = self.due_place(agent);
        let mut request = self
            .0
            .clients
            .dynamo
            .update_item()
            .table_name(&self.0.settings.tickets_table)
            .set_key(Some(key_of(&self.0.settings.tenant, &ItemKey::AgentLoad(agent))))
            .condition_expression("due_sk = :was")
            .expression_attribute_values(":was", s(&work.due_sk));
        request = if again {
            request
                .update_expression("SET due_pk = :due_pk, due_sk = :due_sk")
                .expression_attribute_values(":due_pk", s(due_pk))
                .expression_attribute_values(":due_sk", s(due_sk))
        } else {
            request.update_expression("REMOVE due_pk, due_sk, hand_back")
        };
        crate::tickets::due::done_unless_condition_failed(request.send().await)
    }

    /// The part of a transaction that changes an agent's load. Where the desk itself chose the agent, there must still be
    /// room, and the agent as it saw them; what people do by hand, and tickets that come back, ask for no room, and the load
    /// says how much of it came so.
    pub(crate) fn load_write(self, change: LoadChange, expected: Option<&Choice>, now: Timestamp) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::AgentLoad(change.agent));
        let table = &self.0.settings.tickets_table;
        let mut expression = "ADD load_units :units".to_owned();
        if change.override_units != 0 {
            expression += ", override_units :override";
        }
        expression += " SET agent_id = :id, capacity_units = if_not_exists(capacity_units, :default)";
        let chosen = expected.filter(|choice| choice.agent == change.agent);
        if chosen.is_some() {
            expression += ", last_assigned_at = :now";
        }
        let mut write = Write::update(table, Role::Load, key, &expression)
            .with(":units", n(change.units))
            .with(":id", n(change.agent))
            .with(":default", n(DEFAULT_CAPACITY));
        if change.override_units != 0 {
            write = write.with(":override", n(change.override_units));
        }
        let Some(choice) = chosen else {
            return write;
        };
        let mut condition =
            "load_units <= :room AND capacity_units = :capacity AND availability = :online AND ".to_owned();
        if choice.settings_v == 0 {
            condition += "attribute_not_exists(settings_v)";
        } else {
            condition += "settings_v = :settings_v";
            write = write.with(":settings_v", n(choice.settings_v));
        }
        write
            .when(&condition)
            .with(":now", s(now.to_string()))
            .with(":room", n(choice.room_units))
            .with(":capacity", n(choice.capacity))
            .with(":online", s(Availability::Online.as_str()))
    }
}

/// What follows from a change of an agent's settings or memberships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Nothing: the desk begins.
    Nothing,
    /// What waits in their groups is looked at. Whether their tickets go back is as it was said last.
    Look,
    /// The same, and their open tickets go back to their groups.
    HandBack,
    /// The same, and their tickets stay with them.
    Keep,
}

/// What every change of settings does.
const SETTINGS_CHANGE: &str = "ADD settings_v :one SET agent_id = :id, \
    load_units = if_not_exists(load_units, :zero)";

fn load_in(item: &Item) -> Option<AgentLoad> {
    Some(AgentLoad {
        agent: PersonId(number_in(item, "agent_id")?),
        load_units: number_in(item, "load_units").unwrap_or(0),
        override_units: number_in(item, "override_units").unwrap_or(0),
        capacity: number_in(item, "capacity_units").unwrap_or(DEFAULT_CAPACITY),
        availability: match text_in(item, "availability") {
            Some("online") => Availability::Online,
            _ => Availability::Away,
        },
        skills: skills_in(item),
        calendar: number_in(item, "calendar_id").map(CalendarId),
        last_assigned_at: text_in(item, "last_assigned_at").and_then(|text| text.parse().ok()),
        settings_v: number_in(item, "settings_v").unwrap_or(0),
        v: number_in(item, "v").unwrap_or(0),
        // One that can't be read is no end that a chain goes on from.
        chain: chain_beside(item).ok()?,
    })
}

/// Skills as a map from number to level.
fn skills_attribute(skills: &BTreeMap<SkillId, u8>) -> AttributeValue {
    let levels: HashMap<String, AttributeValue> = skills
        .iter()
        .map(|(skill, level)| (skill.to_string(), n(level)))
        .collect();
    AttributeValue::M(levels)
}

fn skills_in(item: &Item) -> BTreeMap<SkillId, u8> {
    let map = item.get("skills").and_then(|value| value.as_m().ok());
    let level = |value: &AttributeValue| value.as_n().ok()?.parse().ok();
    map.into_iter()
        .flatten()
        .filter_map(|(skill, value)| Some((skill.parse().ok()?, level(value)?)))
        .collect()
}
