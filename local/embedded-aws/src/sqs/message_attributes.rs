//! Attributes of a message: their digest and their selection.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::model::MessageAttributes;

/// The digest as clients compute it: names in order; each name, type and value with its length in front.
pub(super) fn md5_of(attributes: &MessageAttributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut digested = Vec::new();
    for (name, value) in attributes {
        put(&mut digested, name.as_bytes());
        put(
            &mut digested,
            value["DataType"].as_str().unwrap_or_default().as_bytes(),
        );
        match value["BinaryValue"].as_str() {
            Some(binary) => {
                digested.push(2);
                put(&mut digested, &STANDARD.decode(binary).unwrap_or_default());
            }
            None => {
                digested.push(1);
                put(
                    &mut digested,
                    value["StringValue"].as_str().unwrap_or_default().as_bytes(),
                );
            }
        }
    }
    Some(format!("{:x}", md5::compute(digested)))
}

fn put(digested: &mut Vec<u8>, bytes: &[u8]) {
    digested.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    digested.extend(bytes);
}

/// Those that a receiver asked for: by name, by `prefix.*`, or `All`.
pub(super) fn select(attributes: &MessageAttributes, asked: &[&str]) -> Map<String, Value> {
    let wanted = |name: &str| {
        asked.iter().any(|pattern| match pattern.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => *pattern == "All" || *pattern == name,
        })
    };
    attributes
        .iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
