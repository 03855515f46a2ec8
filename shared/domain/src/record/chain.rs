//! The chain of events: each hash covers the event's bytes and the hash before it, so that none can be changed,
//! left out or put in without changing all that follow.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The end of a chain: the hash of its last event, all zero before the first. As text it is 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ChainEnd([u8; 32]);

impl ChainEnd {
    /// Reads its text; nothing where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for ChainEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ChainEnd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChainEnd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not 64 hexadecimal digits"))
    }
}

/// Whose chain it is: what each of its hashes begins with, so that none is one of something else.
#[derive(Clone, Debug)]
pub struct ChainOf(Vec<u8>);

impl ChainOf {
    /// The chain of what these parts name. Each goes in behind its length.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&length(part));
            bytes.extend_from_slice(part);
        }
        Self(bytes)
    }

    /// The end of the chain with event `v`, whose bytes these are.
    pub fn link(&self, v: u64, before: &ChainEnd, bytes: &[u8]) -> ChainEnd {
        let mut hash = Sha256::new_with_prefix(&self.0);
        for part in [&v.to_be_bytes(), &before.0[..], bytes] {
            hash.update(length(part));
            hash.update(part);
        }
        ChainEnd(hash.finalize().into())
    }
}

/// An event is far below the 400 KB of an item.
fn length(part: &[u8]) -> [u8; 4] {
    u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes()
}
