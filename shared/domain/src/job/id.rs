//! Ids of jobs.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A job's id: 32 hexadecimal digits, of which the first twelve are when it was made, so that ids sort by age.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(String);

impl JobId {
    /// Digits of an id.
    const DIGITS: usize = 32;
    /// Digits of its time, in milliseconds.
    const DIGITS_OF_TIME: usize = 12;

    /// The id of a job that is made now, with ten random bytes.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        let mut id = format!("{:012x}", now.as_millisecond().max(0));
        for byte in random {
            id += &format!("{byte:02x}");
        }
        Self(id)
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == Self::DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that follows from its random part, to spread jobs by.
    pub fn spread(&self) -> u64 {
        let random = self.0.get(Self::DIGITS_OF_TIME + 4..).unwrap_or_default();
        u64::from_str_radix(random, 16).unwrap_or(0)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_438_400 + seconds).unwrap()
    }

    #[test]
    fn ids_sort_by_age_and_are_read_back() {
        let (early, late) = (JobId::new(at(0), [255; 10]), JobId::new(at(1), [0; 10]));
        assert!(early < late);
        assert_eq!(JobId::parse(early.as_str()), Some(early));
        for text in ["", "permanent-deletion-1", &"A".repeat(32), &"a".repeat(33)] {
            assert_eq!(JobId::parse(text), None, "{text}");
        }
    }
}
