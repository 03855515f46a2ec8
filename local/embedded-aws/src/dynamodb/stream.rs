//! Stream records, as a Lambda function receives them.

use dynoxide::{AttributeValue, Item};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::image::Image;

/// What a write did to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamEventName {
    /// The item was not there before.
    Insert,
    /// The item was there before and is other now.
    Modify,
    /// The item is there no more.
    Remove,
}

impl StreamEventName {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Modify => "MODIFY",
            Self::Remove => "REMOVE",
        }
    }
}

/// Which changes of a table come to its stream.
pub type StreamFilter = fn(&StreamChange<'_>) -> bool;

/// One change of one item, as a filter sees it.
#[derive(Clone, Copy, Debug)]
pub struct StreamChange<'a> {
    event_name: StreamEventName,
    keys: &'a Item,
    new_image: Option<&'a Item>,
}

impl<'a> StreamChange<'a> {
    pub(super) fn of(image: &'a Image) -> Option<Self> {
        Some(Self {
            event_name: event_name(image)?,
            keys: &image.key,
            new_image: image.after.as_deref(),
        })
    }

    /// What happened.
    pub fn event_name(&self) -> StreamEventName {
        self.event_name
    }

    /// A key attribute that is a text; empty where there is none.
    pub fn key(&self, name: &str) -> &'a str {
        match self.keys.get(name) {
            Some(AttributeValue::S(text)) => text,
            _ => "",
        }
    }

    /// Whether the item has this attribute after the change.
    pub fn has(&self, name: &str) -> bool {
        self.new_image.is_some_and(|image| image.contains_key(name))
    }
}

/// What happened; nothing where an item was not there before and is not there after.
fn event_name(image: &Image) -> Option<StreamEventName> {
    match (&image.before, &image.after) {
        (None, Some(_)) => Some(StreamEventName::Insert),
        (Some(_), Some(_)) => Some(StreamEventName::Modify),
        (Some(_), None) => Some(StreamEventName::Remove),
        (None, None) => None,
    }
}

/// One change of one item, with both images in DynamoDB's JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamRecord {
    /// The table changed.
    pub table: String,
    /// What happened.
    pub event_name: StreamEventName,
    /// The item's key attributes.
    pub keys: Value,
    /// The item after, unless removed.
    pub new_image: Option<Value>,
    /// The item before, unless inserted.
    pub old_image: Option<Value>,
    /// Grows with every record of this emulation.
    pub sequence_number: String,
    /// When it was written.
    pub at: Timestamp,
}

impl StreamRecord {
    pub(super) fn of(image: &Image, sequence: u64, now: Timestamp) -> Option<Self> {
        Some(Self {
            table: image.table.clone(),
            event_name: event_name(image)?,
            keys: serde_json::to_value(&image.key).unwrap_or_default(),
            new_image: image
                .after
                .as_deref()
                .and_then(|item| serde_json::to_value(item).ok()),
            old_image: image
                .before
                .as_deref()
                .and_then(|item| serde_json::to_value(item).ok()),
            sequence_number: format!("{sequence:021}"),
            at: now,
        })
    }

    /// The record in the form of a Lambda event's `Records` entry (view NEW_AND_OLD_IMAGES).
    pub fn to_event_json(&self) -> Value {
        let mut change = Map::new();
        change.insert(
            "ApproximateCreationDateTime".to_owned(),
            json!(self.at.as_second()),
        );
        change.insert("Keys".to_owned(), self.keys.clone());
        if let Some(image) = &self.new_image {
            change.insert("NewImage".to_owned(), image.clone());
        }
        if let Some(image) = &self.old_image {
            change.insert("OldImage".to_owned(), image.clone());
        }
        change.insert("SequenceNumber".to_owned(), json!(self.sequence_number));
        change.insert("SizeBytes".to_owned(), json!(self.keys.to_string().len()));
        change.insert("StreamViewType".to_owned(), json!("NEW_AND_OLD_IMAGES"));
        json!({
            "eventID": format!("{:x}", md5::compute(&self.sequence_number)),
            "eventName": self.event_name.as_str(),
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": crate::REGION,
            "dynamodb": change,
            "eventSourceARN": format!(
                "arn:aws:dynamodb:{}:{}:table/{}/stream/2026-01-01T00:00:00.000",
                crate::REGION, crate::ACCOUNT, self.table
            ),
        })
    }
}
