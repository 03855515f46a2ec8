//! The attributes of a queue.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::Queue;
use super::protocol::{SqsError, arn_of, name_of};

/// Attributes that may be set, with their limits and what holds when they are not.
const NUMBERS: [(&str, i64, i64, i64); 5] = [
    ("DelaySeconds", 0, 900, 0),
    ("MaximumMessageSize", 1024, 1_048_576, 1_048_576),
    ("MessageRetentionPeriod", 60, 1_209_600, 345_600),
    ("ReceiveMessageWaitTimeSeconds", 0, 20, 0),
    ("VisibilityTimeout", 0, 43_200, 30),
];

/// Attributes kept as they are given.
const TEXTS: [&str; 6] = [
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "Policy",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
];

/// Where messages go that were received too often.
pub(super) struct Redrive {
    pub(super) dead_letter_queue: String,
    pub(super) max_receive_count: u32,
}

impl Queue {
    /// A number among the attributes, by default as AWS has it.
    pub(super) fn seconds(&self, name: &str) -> i64 {
        let default = NUMBERS
            .iter()
            .find(|(known, ..)| *known == name)
            .map_or(0, |(.., default)| *default);
        self.stored
            .attributes
            .get(name)
            .and_then(|value| value.parse().ok())
            .unwrap_or(default)
    }

    pub(super) fn redrive(&self) -> Option<Redrive> {
        let policy: Value = serde_json::from_str(self.stored.attributes.get("RedrivePolicy")?).ok()?;
        let most = &policy["maxReceiveCount"];
        let most = most.as_u64().or_else(|| most.as_str()?.parse().ok())?;
        Some(Redrive {
            dead_letter_queue: name_of(policy["deadLetterTargetArn"].as_str()?).to_owned(),
            max_receive_count: u32::try_from(most).ok()?,
        })
    }

    /// All attributes as `GetQueueAttributes` tells them.
    pub(super) fn describe(&self, now_ms: i64) -> BTreeMap<String, String> {
        let status = self.status(now_ms);
        let mut all = self.stored.attributes.clone();
        for (name, _, _, default) in NUMBERS {
            all.entry(name.to_owned()).or_insert_with(|| default.to_string());
        }
        all.entry("SqsManagedSseEnabled".to_owned())
            .or_insert_with(|| "true".to_owned());
        all.insert("QueueArn".to_owned(), arn_of(&self.stored.name));
        all.insert(
            "CreatedTimestamp".to_owned(),
            (self.stored.created_ms / 1000).to_string(),
        );
        all.insert(
            "LastModifiedTimestamp".to_owned(),
            (self.stored.modified_ms / 1000).to_string(),
        );
        all.insert(
            "ApproximateNumberOfMessages".to_owned(),
            status.visible.to_string(),
        );
        all.insert(
            "ApproximateNumberOfMessagesNotVisible".to_owned(),
            status.in_flight.to_string(),
        );
        all.insert(
            "ApproximateNumberOfMessagesDelayed".to_owned(),
            status.delayed.to_string(),
        );
        all
    }
}

/// The attributes of a request, checked.
pub(super) fn read(request: &Value) -> Result<BTreeMap<String, String>, SqsError> {
    let mut attributes = BTreeMap::new();
    for (name, value) in request["Attributes"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        if let Some((_, least, most, _)) = NUMBERS.iter().find(|(known, ..)| known == name) {
            let fits = value
                .parse::<i64>()
                .is_ok_and(|number| (*least..=*most).contains(&number));
            if !fits {
                return Err(SqsError::invalid_parameter(format!(
                    "Invalid value for the parameter {name}."
                )));
            }
        } else if !TEXTS.contains(&name.as_str()) {
            return Err(SqsError::invalid_attribute(name));
        }
        if name == "RedrivePolicy" && !value.is_empty() {
            check_redrive(value)?;
        }
        attributes.insert(name.clone(), value.to_owned());
    }
    Ok(attributes)
}

fn check_redrive(policy: &str) -> Result<(), SqsError> {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let most = &policy["maxReceiveCount"];
    let most = most.as_u64().or_else(|| most.as_str()?.parse().ok());
    let target = policy["deadLetterTargetArn"].as_str();
    if target.is_none() || !most.is_some_and(|most| (1..=1000).contains(&most)) {
        return Err(SqsError::invalid_parameter(
            "Invalid value for the parameter RedrivePolicy.",
        ));
    }
    Ok(())
}
