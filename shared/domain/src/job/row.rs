//! What became of a row.

use serde::{Deserialize, Serialize};

/// Longest word or text of an error, in characters.
const LONGEST_ERROR: usize = 300;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowResult {
    /// Its place in the call, from 0.
    pub index: u32,
    /// What it was about, or made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Whether it made something that was not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub created: bool,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RowError>,
}

/// Why a row was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Its kind, as a single call is answered.
    pub error: String,
    /// In words.
    pub details: String,
}

impl RowError {
    /// The kind of a row that was done, but not all of it.
    pub const PARTLY: &'static str = "Partly";

    /// An error, cut to what is kept.
    pub fn new(error: &str, details: &str) -> Self {
        let cut = |text: &str| text.chars().take(LONGEST_ERROR).collect();
        Self {
            error: cut(error),
            details: cut(details),
        }
    }
}
