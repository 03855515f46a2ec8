//! A set of a split's documents.

use tantivy::{
    BitSet,
    directory::OwnedBytes,
    fastfield::{AliveBitSet, write_alive_bitset},
};

/// Documents by their places in a split.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Documents {
    words: Vec<u64>,
}

impl Documents {
    pub(crate) fn none_of(documents: u32) -> Self {
        Self {
            words: vec![0; (documents as usize).div_ceil(64)],
        }
    }

    pub(crate) fn has(&self, document: u32) -> bool {
        let word = self
            .words
            .get(document as usize / 64)
            .copied()
            .unwrap_or_default();
        word >> (document % 64) & 1 == 1
    }

    pub(crate) fn add(&mut self, document: u32) {
        if let Some(word) = self.words.get_mut(document as usize / 64) {
            *word |= 1 << (document % 64);
        }
    }

    pub(crate) fn remove(&mut self, document: u32) {
        if let Some(word) = self.words.get_mut(document as usize / 64) {
            *word &= !(1 << (document % 64));
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0_u32..).zip(&self.words).flat_map(|(at, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at * 64 + bit)
        })
    }

    /// As the index takes it.
    pub(crate) fn alive_set(&self, documents: u32) -> std::io::Result<AliveBitSet> {
        let mut set = BitSet::with_max_value(documents);
        for document in self.iter() {
            set.insert(document);
        }
        let mut bytes = Vec::new();
        write_alive_bitset(&set, &mut bytes)?;
        Ok(AliveBitSet::open(OwnedBytes::new(bytes)))
    }
}
