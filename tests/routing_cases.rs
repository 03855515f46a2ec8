//! Documented outcomes of other products' routing against our own functions: a representative few in the project, all of
//! them in the case collection. Each says where it comes from.
//!
//! What they call by another name is told apart: a worker that has waited longest is round robin here, a weight is a
//! capacity, skills that are dropped are waived. What we do otherwise, or leave to rules, is an exception with its reason.

use crate::collection;
use docket_domain::{
    GroupId, PersonId, SkillId, Tenant, TicketNumber, Timestamp,
    assignment::{
        AgentLoad, Availability, Candidates, GroupAssignment, RequiredSkill, SkillNames, Strategy, choose,
    },
    ticket::{Priority, Ticket, Waiting},
};
use docket_local::fill::written_ticket;
use docket_store::keys::head_index_attributes;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FIXTURE: &str = include_str!("fixtures/routing_scenarios.jsonl");
/// More than any case gives out.
const AMPLE: u32 = 100_000;

/// Cases that say nothing about assignment here, or that we decide otherwise, and why.
const EXCEPTIONS: [(&str, &str); 6] = [
    (
        "connect-prio-",
        "groups of an agent have no order among them; a ticket's own priority has",
    ),
    ("connect-delay-", "groups of an agent have no delays"),
    (
        "connect-tier-",
        "groups of an agent have no order among them; tiers are escalated to",
    ),
    ("twilio-wf-", "which group a ticket goes to is for routing rules"),
    (
        "twilio-skip-if",
        "which group a ticket goes to is for routing rules",
    ),
    (
        "zendesk-queue-standard",
        "which group a ticket goes to is for routing rules",
    ),
];
/// Cases whose documented outcome is another than ours, with ours.
const DIFFERENCES: [(&str, &str, &str); 1] = [(
    "zendesk-spare-number",
    "A",
    "spare capacity is compared as a share here, not as a number",
)];
/// Cases in which channels have limits of their own.
const BY_CHANNEL: [(&str, &str); 2] = [
    (
        "connect-concurrency-4",
        "an agent has one capacity in units, not one for each channel",
    ),
    (
        "connect-concurrency-6",
        "an agent has one capacity in units, not one for each channel",
    ),
];

fn exception(id: &str) -> Option<&'static str> {
    let by_name = EXCEPTIONS.iter().chain(&BY_CHANNEL);
    by_name
        .into_iter()
        .find(|(name, _)| id.starts_with(name))
        .map(|(_, why)| *why)
}

fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn ago(seconds: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

/// Agents by the names of a case, in its order.
struct Team {
    names: Vec<String>,
    loads: Vec<AgentLoad>,
    assignment: GroupAssignment,
}

impl Team {
    fn new(strategy: Strategy) -> Self {
        Self {
            names: vec![],
            loads: vec![],
            assignment: GroupAssignment {
                strategy,
                ..GroupAssignment::default()
            },
        }
    }

    fn join(&mut self, name: &str) -> &mut AgentLoad {
        self.names.push(name.to_owned());
        self.loads.push(AgentLoad::new(PersonId(self.names.len() as u64)));
        self.loads.last_mut().unwrap()
    }

    fn give(&self, ticket: &Ticket, at: Timestamp) -> Option<usize> {
        let candidates = Candidates {
            group: GroupId(1),
            assignment: &self.assignment,
            roster: &self.loads,
            calendars: &[],
            previous: None,
            skill_names: &SkillNames::new(),
            now: at,
        };
        let choice = choose(ticket, &candidates).0?;
        self.loads.iter().position(|load| load.agent == choice.agent)
    }

    fn name(&self, ticket: &Ticket, at: Timestamp) -> Value {
        self.give(ticket, at)
            .map_or(Value::Null, |at| json!(self.names[at]))
    }

    /// How many tickets each gets of so many, none of which is ever solved.
    fn shares(&mut self, picks: u64) -> BTreeMap<String, u64> {
        let mut counts: BTreeMap<String, u64> = self.names.iter().map(|name| (name.clone(), 0)).collect();
        for pick in 1..=picks {
            let at = now() + SignedDuration::from_secs(i64::try_from(pick).unwrap());
            let ticket = Ticket {
                number: TicketNumber(pick),
                ..waiting(&[])
            };
            let Some(winner) = self.give(&ticket, at) else {
                break;
            };
            *counts.get_mut(&self.names[winner]).unwrap() += 1;
            self.loads[winner].load_units += 1;
            self.loads[winner].last_assigned_at = Some(at);
        }
        counts
    }
}

/// A ticket that has waited since now and requires these skills.
fn waiting(skills: &[SkillId]) -> Ticket {
    Ticket {
        skills: skills
            .iter()
            .map(|skill| RequiredSkill {
                skill: *skill,
                level: 1,
            })
            .collect(),
        group: Some(GroupId(1)),
        waiting: Some(Waiting {
            since: now(),
            overdue_at: now(),
            reason: None,
            changes_at: None,
        }),
        ..Ticket::blank(TicketNumber(1))
    }
}

/// What our functions say to a case, in the form of its `expect`.
fn ours(case: &Value) -> Value {
    let id = case["id"].as_str().unwrap();
    let (setup, event) = (&case["setup"], &case["event"]);
    match id {
        "connect-longest-idle" => longest_idle(setup),
        "connect-concurrency-2" | "connect-concurrency-3" => concurrency(setup, event),
        "zendesk-spare-number" | "zendesk-status" => spare_capacity(setup),
        "twilio-precedence" => order_of_waiting(event),
        "salesforce-drop-skills" => dropped_skills(setup, event),
        _ if id.starts_with("wrr-") => shares(Strategy::RoundRobin, setup, event),
        _ if id.starts_with("smooth-wrr-") => shares(Strategy::LeastLoaded, setup, event),
        _ => panic!("case {id} is neither run nor an exception"),
    }
}

fn longest_idle(setup: &Value) -> Value {
    let mut team = Team::new(Strategy::RoundRobin);
    for agent in setup["agents"].as_array().unwrap() {
        let idle = agent["available_s"].as_i64().unwrap();
        team.join(agent["name"].as_str().unwrap()).last_assigned_at = Some(ago(idle));
    }
    json!({ "agent": team.name(&waiting(&[]), now()) })
}

/// One channel alone: its limit is the agent's capacity.
fn concurrency(setup: &Value, event: &Value) -> Value {
    let channel = event["arrives"].as_str().unwrap();
    let most = setup["channels"][channel]["max"].as_u64().unwrap();
    let mut team = Team::new(Strategy::LeastLoaded);
    let load = team.join("A");
    load.capacity = u32::try_from(most).unwrap();
    load.load_units = event["agent_is_handling"][channel].as_i64().unwrap_or(0);
    json!({ "offered": team.give(&waiting(&[]), now()).is_some() })
}

fn spare_capacity(setup: &Value) -> Value {
    let mut team = Team::new(Strategy::LeastLoaded);
    for agent in setup["agents"].as_array().unwrap() {
        let load = team.join(agent["name"].as_str().unwrap());
        load.load_units = agent["assigned"].as_i64().unwrap();
        load.capacity = u32::try_from(agent["max"].as_u64().unwrap()).unwrap();
        if agent["status"] == "away" {
            load.availability = Availability::Away;
        }
    }
    json!({ "agent": team.name(&waiting(&[]), now()) })
}

/// The order of the index that the desk goes through.
fn order_of_waiting(event: &Value) -> Value {
    let place = |task: &Value| {
        let priority = match task["priority"].as_u64().unwrap() {
            0 => Priority::Low,
            _ => Priority::High,
        };
        let ticket = Ticket {
            number: TicketNumber(task["id"].as_u64().unwrap()),
            priority: Some(priority),
            created_at: ago(task["age_s"].as_i64().unwrap()),
            ..waiting(&[])
        };
        let attributes = head_index_attributes(&Tenant::main(), &ticket);
        let place = attributes.into_iter().find(|(name, _)| *name == "waiting_sk");
        (place.unwrap().1, ticket.number.0)
    };
    let mut places: Vec<_> = event["tasks"].as_array().unwrap().iter().map(place).collect();
    places.sort();
    json!({ "order": places.into_iter().map(|(_, id)| id).collect::<Vec<_>>() })
}

/// What is dropped there is waived here, and with it whatever else is required.
fn dropped_skills(setup: &Value, event: &Value) -> Value {
    let skill = |name: &Value| SkillId(u64::from(name.as_str().unwrap().as_bytes()[0]));
    let all = |name: &str| setup[name].as_array().into_iter().flatten().map(skill);
    let required: Vec<SkillId> = all("required_skills").chain(all("additional_skills")).collect();
    let mut team = Team::new(Strategy::LeastLoaded);
    let after = setup["drop_additional_after_s"].as_u64().unwrap();
    team.assignment.relax_skills_after_seconds = Some(u32::try_from(after).unwrap());
    for agent in setup["agents"].as_array().unwrap() {
        let load = team.join(agent["name"].as_str().unwrap());
        load.skills = agent["skills"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| (skill(name), 1))
            .collect();
    }
    let agents = event["t_s"].as_array().unwrap().iter().map(|seconds| {
        let at = now() + SignedDuration::from_secs(seconds.as_i64().unwrap());
        team.name(&waiting(&required), at)
    });
    json!({ "agent": agents.collect::<Vec<_>>() })
}

/// Weights: who has none takes nothing; otherwise they are shares of an ample capacity.
fn shares(strategy: Strategy, setup: &Value, event: &Value) -> Value {
    let mut team = Team::new(strategy);
    for (name, weight) in setup["weights"].as_object().unwrap() {
        let weight = u32::try_from(weight.as_u64().unwrap()).unwrap();
        team.join(name).capacity = weight * AMPLE;
    }
    json!({ "counts": team.shares(event["picks"].as_u64().unwrap()) })
}

/// Where a ticket stands in the line of its group.
fn place_in_line(number: u64, priority: Priority, due_in_minutes: i64) -> String {
    let (mut ticket, _) = written_ticket(TicketNumber(number), now()).unwrap();
    for state in &mut ticket.clocks.as_mut().unwrap().states {
        state.due_at = now().checked_add(SignedDuration::from_mins(due_in_minutes)).ok();
    }
    let ticket = Ticket {
        priority: Some(priority),
        group: Some(GroupId(1)),
        waiting: waiting(&[]).waiting,
        ..ticket
    };
    let attributes = head_index_attributes(&Tenant::main(), &ticket);
    let place = attributes.into_iter().find(|(name, _)| *name == "waiting_sk");
    place.unwrap().1
}

#[test]
fn tickets_wait_by_priority_then_by_time_left_then_by_age() {
    let line = [
        place_in_line(9, Priority::Urgent, 90),
        place_in_line(8, Priority::Normal, 10),
        place_in_line(3, Priority::Normal, 20),
        place_in_line(4, Priority::Normal, 20),
        place_in_line(1, Priority::Low, 5),
    ];
    assert!(line.is_sorted(), "{line:?}");
}

/// Runs cases; how many agree, how many are exceptions.
fn run(cases: &str) -> (usize, usize) {
    let (mut agree, mut exceptions) = (0, 0);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        if let Some(why) = exception(id) {
            println!("{id}: left out, since {why}");
            exceptions += 1;
            continue;
        }
        let mut expected = case["expect"].clone();
        // In words, and no outcome.
        expected.as_object_mut().unwrap().remove("why");
        if let Some((_, agent, why)) = DIFFERENCES.iter().find(|(name, ..)| *name == id) {
            println!("{id}: {agent} instead of {}, since {why}", expected["agent"]);
            assert_ne!(expected["agent"], *agent);
            expected["agent"] = json!(agent);
        }
        assert_eq!(ours(&case), expected, "{id} of {}", case["source"]);
        agree += 1;
    }
    (agree, exceptions)
}

#[test]
fn a_few_documented_outcomes_are_ours() {
    assert_eq!(run(FIXTURE), (7, 0));
}

#[test]
fn all_documented_outcomes_are_ours_or_named_exceptions() {
    let Some(folder) = collection::cases() else {
        return;
    };
    let cases = std::fs::read_to_string(folder.join("routing/routing_scenarios.jsonl")).unwrap();
    let (agree, exceptions) = run(&cases);
    println!("{agree} agree, {exceptions} exceptions");
    assert_eq!((agree, exceptions), (11, 12));
}
