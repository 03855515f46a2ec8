//! What is forwarded to somebody outside, as it is typed.

use serde::Deserialize;

/// What is typed of it, beside the agent's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TypedForward {
    /// To whom: addresses.
    pub forward_to: String,
    /// Which comment: its version.
    pub forward_v: String,
    /// Set where what was said in public before it goes with it.
    pub forward_all: String,
    /// Set where the files go with it.
    pub forward_files: String,
}

impl TypedForward {
    /// The comment.
    pub fn comment(&self) -> Option<u64> {
        self.forward_v.parse().ok()
    }

    /// Whether what was said before it goes with it.
    pub fn has_all(&self) -> bool {
        self.forward_all == "1"
    }

    /// Whether the files go with it.
    pub fn has_files(&self) -> bool {
        self.forward_files == "1"
    }

    /// The fields by their names, to be kept.
    pub fn kept(&self) -> [(&'static str, &str); 4] {
        [
            ("forward_to", &self.forward_to),
            ("forward_v", &self.forward_v),
            ("forward_all", &self.forward_all),
            ("forward_files", &self.forward_files),
        ]
    }
}
