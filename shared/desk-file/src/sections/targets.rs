//! What a policy of section `sla_policies` promises.

use super::EscalationEntry;
use crate::values::{Duration, WarnAt};
use docket_domain::{
    sla::{MOST_ESCALATIONS, MOST_WARNINGS, Metric},
    ticket::Priority,
};
use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{collections::BTreeMap, fmt};

/// What a policy promises, by what the promise is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Created until the first public answer of an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_reply: Option<PromiseEntry>,
    /// After the first reply: the requester's oldest unanswered comment until the next public answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_reply: Option<PromiseEntry>,
    /// From each public answer of an agent until the next one, while the ticket is unsolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periodic_update: Option<PromiseEntry>,
    /// Created until solved; goes on when the ticket is reopened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<PromiseEntry>,
}

impl Targets {
    /// What is promised of a metric.
    pub fn of(&self, metric: Metric) -> Option<&PromiseEntry> {
        match metric {
            Metric::FirstReply => self.first_reply.as_ref(),
            Metric::NextReply => self.next_reply.as_ref(),
            Metric::PeriodicUpdate => self.periodic_update.as_ref(),
            Metric::Resolution => self.resolution.as_ref(),
        }
    }

    pub(crate) fn put(&mut self, metric: Metric, promise: PromiseEntry) {
        let place = match metric {
            Metric::FirstReply => &mut self.first_reply,
            Metric::NextReply => &mut self.next_reply,
            Metric::PeriodicUpdate => &mut self.periodic_update,
            Metric::Resolution => &mut self.resolution,
        };
        *place = Some(promise);
    }
}

/// One promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseEntry {
    /// Within how long: one duration for all priorities, or one a priority; a priority that is not named has no promise.
    pub within: Within,
    /// When its clock warns. At most 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MOST_WARNINGS))]
    pub warn: Vec<WarnAt>,
    /// What is done after a breach. At most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MOST_ESCALATIONS))]
    pub escalations: Vec<EscalationEntry>,
}

/// Within how long: the same for every priority, or by priority.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Within {
    /// The same for every priority.
    Same(Duration),
    /// By priority.
    ByPriority(ByPriority),
}

/// A duration for each priority; without one there is no promise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByPriority {
    /// Of urgent tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Duration>,
    /// Of high ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Duration>,
    /// Of normal ones, and of those without a priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal: Option<Duration>,
    /// Of low ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Duration>,
}

impl Within {
    /// Seconds by priority.
    pub fn seconds(&self) -> BTreeMap<Priority, i64> {
        let of = |priority| match self {
            Self::Same(duration) => Some(*duration),
            Self::ByPriority(by) => match priority {
                Priority::Urgent => by.urgent,
                Priority::High => by.high,
                Priority::Normal => by.normal,
                Priority::Low => by.low,
            },
        };
        let pair = |priority: &Priority| Some((*priority, of(*priority)?.seconds));
        Priority::ALL.iter().filter_map(pair).collect()
    }
}

impl From<&BTreeMap<Priority, i64>> for Within {
    fn from(seconds: &BTreeMap<Priority, i64>) -> Self {
        let of = |priority| {
            seconds
                .get(&priority)
                .map(|seconds| Duration { seconds: *seconds })
        };
        let by = ByPriority {
            urgent: of(Priority::Urgent),
            high: of(Priority::High),
            normal: of(Priority::Normal),
            low: of(Priority::Low),
        };
        match by.urgent {
            Some(same) if [by.high, by.normal, by.low] == [Some(same); 3] => Self::Same(same),
            _ => Self::ByPriority(by),
        }
    }
}

impl Serialize for Within {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Same(duration) => duration.serialize(serializer),
            Self::ByPriority(by) => by.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Within {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;

        impl<'de> Visitor<'de> for Reads {
            type Value = Within;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as 4h, or one a priority such as {urgent: 30m, normal: 4h}")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Within, E> {
                text.parse().map(Within::Same).map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Within, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Within, A::Error> {
                ByPriority::deserialize(MapAccessDeserializer::new(map)).map(Within::ByPriority)
            }
        }

        deserializer.deserialize_any(Reads)
    }
}
