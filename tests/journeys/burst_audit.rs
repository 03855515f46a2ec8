//! What the tables say of a burst: each change in the order in which it was made, so that every assignment is judged by the
//! agent as they were in that moment, and by nothing that the desk says of its own decisions.

use docket_domain::{
    GroupId, PersonId, SkillId, TicketNumber, Timestamp,
    assignment::{AgentLoad, Availability, Strategy},
    calendar::Calendar,
    configuration::Group,
    record::Record,
    ticket::{Fact, Ticket, TicketEvent},
};
use docket_local::world::World;
use embedded_aws::StreamRecord;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The agents and groups as the changes so far made them.
#[derive(Default)]
pub struct Audit {
    pub agents: BTreeMap<PersonId, AgentLoad>,
    pub groups: BTreeMap<GroupId, Group>,
    pub members: BTreeSet<(GroupId, PersonId)>,
    pub calendars: Vec<Calendar>,
    /// Heads as they were before their last change.
    before: BTreeMap<u64, Ticket>,
    /// What was assigned to whom that should not have been, in words.
    pub wrong: Vec<String>,
    /// How often each kind of event happened.
    pub counts: BTreeMap<String, usize>,
    /// Assignments whose skills were waived.
    pub waived: usize,
    /// Changes that took an agent's load above their capacity.
    pub overrides: usize,
}

impl Audit {
    /// Goes through what was written since the last time.
    pub fn go_on(&mut self, world: &World) {
        let table = &world.local.desk.settings.tickets_table;
        for record in world.local.aws.take_history(table) {
            self.take(&record);
        }
    }

    fn take(&mut self, record: &StreamRecord) {
        let keys = plain(&record.keys);
        let (pk, sk) = (text(&keys["PK"]), text(&keys["SK"]));
        let id = pk.rsplit('#').next().and_then(|id| id.parse().ok()).unwrap_or(0);
        let new = record.new_image.as_ref().map(item);
        match (pk.split('#').next().unwrap_or_default(), sk.as_str()) {
            ("AG", "AG") => self.agent(id, new.unwrap_or_default()),
            ("G", "G") => {
                let group = new.unwrap_or_default();
                let group: Group = serde_json::from_value(group["group"].clone()).unwrap();
                self.groups.insert(group.id, group);
            }
            ("G", sk) if sk.starts_with("M#") => {
                let member = (GroupId(id), PersonId(sk[2..].parse().unwrap()));
                if new.is_some() {
                    self.members.insert(member);
                } else {
                    self.members.remove(&member);
                }
            }
            ("T", "HEAD") => {
                if let Some(old) = record.old_image.as_ref().map(item) {
                    let head = serde_json::from_value(old["head"].clone()).unwrap();
                    self.before.insert(id, head);
                }
            }
            ("T", sk) if sk.starts_with("E#") => {
                let save = new.unwrap_or_default();
                let record = Record {
                    first_v: sk[2..].parse().unwrap(),
                    events: serde_json::from_value(save["events"].clone()).unwrap(),
                    end: serde_json::from_value(save["h"].clone()).unwrap(),
                    words: None,
                };
                for event in record.read::<TicketEvent>().unwrap() {
                    *self.counts.entry(event.fact.name().to_owned()).or_default() += 1;
                    if let Fact::Assigned { assignee, .. } = event.fact {
                        self.judge(TicketNumber(id), assignee, event.at);
                    }
                }
            }
            _ => {}
        }
    }

    fn agent(&mut self, id: u64, item: Map<String, Value>) {
        let agent = PersonId(id);
        let number = |name: &str| item.get(name).and_then(Value::as_i64);
        let skills = item.get("skills").and_then(Value::as_object);
        let skills = skills.into_iter().flatten().map(|(skill, level)| {
            let level = level.as_u64().and_then(|level| u8::try_from(level).ok());
            (SkillId(skill.parse().unwrap()), level.unwrap())
        });
        let load = AgentLoad {
            load_units: number("load_units").unwrap_or(0),
            override_units: number("override_units").unwrap_or(0),
            capacity: u32::try_from(number("capacity_units").unwrap_or(20)).unwrap(),
            availability: match item.get("availability").and_then(Value::as_str) {
                Some("online") => Availability::Online,
                _ => Availability::Away,
            },
            skills: skills.collect(),
            calendar: number("calendar_id").map(|id| docket_domain::CalendarId(id.unsigned_abs())),
            ..AgentLoad::new(agent)
        };
        let was = self.agents.insert(agent, load.clone());
        let rose = was.is_none_or(|was| was.load_units < load.load_units);
        if rose && load.load_units > i64::from(load.capacity) {
            self.overrides += 1;
        }
    }

    /// Whether the agent could have the ticket in the moment before it was theirs.
    fn judge(&mut self, number: TicketNumber, agent: PersonId, at: Timestamp) {
        let ticket = self.before.get(&number.0).cloned();
        let ticket = ticket.unwrap_or_else(|| Ticket::blank(number));
        let group = ticket.group.unwrap_or(GroupId(0));
        let why = match self.agents.get(&agent) {
            None => Some("is nobody known".to_owned()),
            Some(load) => self.why_not(load, &ticket, at),
        };
        if !self.members.contains(&(group, agent)) {
            self.wrong.push(format!(
                "ticket {number} went to {agent}, who is not in group {group}"
            ));
        }
        if let Some(why) = why {
            self.wrong
                .push(format!("ticket {number} went at {at} to {agent}, who {why}"));
        }
        if self.is_waived(&ticket, at) && !ticket.skills.is_empty() {
            self.waived += 1;
        }
    }

    /// Why an agent, as they are now, can't have a ticket from the desk.
    pub fn why_not(&self, load: &AgentLoad, ticket: &Ticket, at: Timestamp) -> Option<String> {
        let group = ticket.group.and_then(|group| self.groups.get(&group));
        if group.is_some_and(|group| group.assignment.strategy == Strategy::Manual) {
            return Some("takes the tickets of the group by hand".to_owned());
        }
        if load.availability == Availability::Away {
            return Some("is away".to_owned());
        }
        let calendar = load.calendar.and_then(|id| {
            let mut calendars = self.calendars.iter();
            calendars.find(|calendar| calendar.id() == id)
        });
        if calendar.is_some_and(|calendar| !calendar.is_open_at(at)) {
            return Some("is outside working hours".to_owned());
        }
        let units = load.load_units + i64::from(ticket.weight.max(1));
        if units > i64::from(load.capacity) {
            return Some(format!("is full with {} of {}", load.load_units, load.capacity));
        }
        let lacking = ticket
            .skills
            .iter()
            .find(|need| load.skills.get(&need.skill).copied().unwrap_or(0) < need.level);
        let lacking = lacking.filter(|_| !self.is_waived(ticket, at))?;
        Some(format!("lacks skill {} at {}", lacking.skill, lacking.level))
    }

    fn is_waived(&self, ticket: &Ticket, at: Timestamp) -> bool {
        let group = ticket.group.and_then(|group| self.groups.get(&group));
        let after = group.and_then(|group| group.assignment.relax_skills_after_seconds);
        match (&ticket.waiting, after) {
            (Some(waiting), Some(after)) => at.duration_since(waiting.since).as_secs() >= i64::from(after),
            _ => false,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// An item without the types that DynamoDB writes beside its values.
fn item(image: &Value) -> Map<String, Value> {
    match plain(image) {
        Value::Object(item) => item,
        other => panic!("no item: {other}"),
    }
}

fn plain(image: &Value) -> Value {
    let attributes = image.as_object().into_iter().flatten();
    attributes
        .map(|(name, value)| (name.clone(), untyped(value)))
        .collect()
}

fn untyped(value: &Value) -> Value {
    let Some((kind, value)) = value.as_object().and_then(|typed| typed.iter().next()) else {
        return Value::Null;
    };
    match kind.as_str() {
        "N" => serde_json::from_str(value.as_str().unwrap_or_default()).unwrap_or_default(),
        "M" => plain(value),
        "L" => value.as_array().into_iter().flatten().map(untyped).collect(),
        "NULL" => Value::Null,
        _ => value.clone(),
    }
}
