//! A filter as it is sent, and what it is for.

use crate::kit::error::ApiError;
use serde::Deserialize;
use serde_json::Value;

/// What a filter is for: what a policy may depend on changes neither by itself nor by work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Policy,
    Trigger,
    Automation,
}

/// A filter as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub all: Option<Vec<Clause>>,
    pub any: Option<Vec<Clause>>,
}

impl Filter {
    /// Whether it lets every ticket pass.
    pub fn is_empty(&self) -> bool {
        self.all.iter().chain(&self.any).all(Vec::is_empty)
    }
}

/// One condition of a filter as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Clause {
    pub field: String,
    pub operator: Option<String>,
    pub value: Value,
}

/// Words parted by white space, or a list of them.
pub(super) fn words(value: &Value, place: &str) -> Result<Vec<String>, ApiError> {
    let texts: Vec<&str> = match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let words: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        Err(ApiError::blank(&format!("{place}.value")))
    } else {
        Ok(words)
    }
}
