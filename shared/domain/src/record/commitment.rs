//! What an event keeps of words that stand beside it: an HMAC under a key that lies with the words and goes with them. A
//! plain digest of "yes, Tuesday" could be found by guessing for ever; this one only as long as the key is there.

use super::words::canonical;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use sha2::Sha256;
use std::fmt;

/// The key of a save's commitments: 32 random bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CommitmentKey([u8; 32]);

impl CommitmentKey {
    /// A key of these bytes, which nobody can guess.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The commitment to what stands at this place of event `v`, in base64. Each part goes in behind its length.
    pub(crate) fn commit(&self, v: u64, place: &str, word: &Value) -> String {
        // A key of any length is taken, so this can't fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        for part in [&v.to_be_bytes(), place.as_bytes(), canonical(word).as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        STANDARD_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

impl fmt::Debug for CommitmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CommitmentKey(..)")
    }
}

impl Serialize for CommitmentKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for CommitmentKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
        let bytes = bytes.try_into().map_err(|_| D::Error::custom("not 32 bytes"))?;
        Ok(Self(bytes))
    }
}
