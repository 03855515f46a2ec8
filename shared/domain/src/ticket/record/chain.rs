//! The chain of a ticket's events: each hash covers the event's bytes and the hash before it, so that none can be changed,
//! left out or put in without changing all that follow.

use crate::{Tenant, TicketNumber};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// What a hash begins with, so that it is none of something else.
const DOMAIN: &[u8] = b"docket-event-1";

/// The end of a ticket's chain: the hash of its last event, all zero before the first. As text it is 64 hexadecimal digits.
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

/// The end of the chain with one more event. Each part goes in behind its length.
pub fn link(tenant: &Tenant, number: TicketNumber, v: u64, before: &ChainEnd, bytes: &[u8]) -> ChainEnd {
    let mut hash = Sha256::new();
    let (number, v) = (number.0.to_be_bytes(), v.to_be_bytes());
    for part in [DOMAIN, tenant.as_str().as_bytes(), &number, &v, &before.0, bytes] {
        // An event is far below the 400 KB of an item.
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part);
    }
    ChainEnd(hash.finalize().into())
}
