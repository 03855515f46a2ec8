//! Every identifier that the emulation makes up, from one generator that can be seeded.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

use crate::lock;

/// Equal seeds and equal calls give equal identifiers.
pub(crate) struct Ids {
    random: Mutex<StdRng>,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Self {
            random: Mutex::new(StdRng::from_os_rng()),
        }
    }

    pub(crate) fn seed(&self, seed: u64) {
        *lock(&self.random) = StdRng::seed_from_u64(seed);
    }

    /// In the form of a random UUID.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes = [0_u8; 16];
        lock(&self.random).fill_bytes(&mut bytes);
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    pub(crate) fn hex64(&self) -> String {
        format!("{:016x}", lock(&self.random).next_u64())
    }

    /// `length` characters of `0-9a-v`, as in the ids of mail which SES receives.
    pub(crate) fn base32(&self, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
        let mut random = lock(&self.random);
        (0..length)
            .map(|_| char::from(ALPHABET[random.random_range(0..32)]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_ids() {
        let (one, other) = (Ids::new(), Ids::new());
        one.seed(7);
        other.seed(7);
        assert_eq!(one.uuid(), other.uuid());
        assert_eq!(one.base32(40), other.base32(40));
    }

    #[test]
    fn a_uuid_says_that_it_is_random() {
        let id = Ids::new().uuid();
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
    }
}
