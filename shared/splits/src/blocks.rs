//! A split that is read over the network in blocks, those read last kept in memory.

use crate::source::{Source, length_within};
use lru::LruCache;
use std::{
    io,
    num::NonZeroUsize,
    ops::Range,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Bytes of a block. A first search of 100,000 documents (40 MB) reads at most 17 of them, 2 MB; twice as long they are 13 and 4 MB.
pub const BLOCK_BYTES: u64 = 128 * 1024;

/// Brings bytes of one object, such as a `GET` with a range does. It blocks; what is asynchronous inside waits for its own runtime
/// (`Handle::block_on`), which is allowed on the threads of `spawn_blocking`.
pub trait Fetch: Send + Sync + 'static {
    /// Brings the bytes of a range, all of them.
    ///
    /// # Errors
    /// When they could not be brought.
    fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>>;
}

/// What was fetched so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Requests.
    pub reads: u64,
    /// Bytes that they brought.
    pub bytes: u64,
}

/// A source of blocks. Neighbours that are missing come by one request.
pub struct Blocks<F> {
    fetch: F,
    length: u64,
    block_bytes: u64,
    kept: Mutex<LruCache<u64, Arc<[u8]>>>,
    reads: AtomicU64,
    bytes: AtomicU64,
}

impl<F: Fetch> Blocks<F> {
    /// An object of so many bytes, of which at most so many blocks of [`BLOCK_BYTES`] are kept.
    pub fn new(fetch: F, length: u64, most_kept: NonZeroUsize) -> Self {
        Self::with_block_bytes(fetch, length, most_kept, BLOCK_BYTES)
    }

    /// As [`Self::new`], with blocks of another size (at least one byte).
    pub fn with_block_bytes(fetch: F, length: u64, most_kept: NonZeroUsize, block_bytes: u64) -> Self {
        Self {
            fetch,
            length,
            block_bytes: block_bytes.max(1),
            kept: Mutex::new(LruCache::new(most_kept)),
            reads: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    /// What was fetched so far.
    pub fn fetched(&self) -> Fetched {
        Fetched {
            reads: self.reads.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }

    fn kept(&self) -> MutexGuard<'_, LruCache<u64, Arc<[u8]>>> {
        // What a thread that panicked left behind are whole blocks.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings blocks from one to before another, and keeps them.
    fn bring(&self, blocks: Range<u64>) -> io::Result<Vec<Arc<[u8]>>> {
        let from = blocks.start * self.block_bytes;
        let to = (blocks.end * self.block_bytes).min(self.length);
        let bytes = self.fetch.fetch(from..to)?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if bytes.len() as u64 != to - from {
            let words = format!("{} bytes came for {from} to {to}", bytes.len());
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, words));
        }
        let size = usize::try_from(self.block_bytes).map_err(io::Error::other)?;
        let brought: Vec<Arc<[u8]>> = bytes.chunks(size).map(Arc::from).collect();
        let mut kept = self.kept();
        for (block, bytes) in blocks.zip(&brought) {
            kept.put(block, Arc::clone(bytes));
        }
        Ok(brought)
    }

    /// The blocks that a range touches, in order: those that are kept, and the others by one request for each gap.
    fn blocks(&self, wanted: Range<u64>) -> io::Result<Vec<Arc<[u8]>>> {
        let mut found: Vec<Option<Arc<[u8]>>> = {
            let mut kept = self.kept();
            wanted.clone().map(|block| kept.get(&block).cloned()).collect()
        };
        let mut at = 0;
        while at < found.len() {
            let gap = found[at..].iter().take_while(|block| block.is_none()).count();
            if gap > 0 {
                let first = wanted.start + at as u64;
                for (slot, block) in found[at..].iter_mut().zip(self.bring(first..first + gap as u64)?) {
                    *slot = Some(block);
                }
            }
            at += gap.max(1);
        }
        Ok(found.into_iter().flatten().collect())
    }
}

impl<F: Fetch> Source for Blocks<F> {
    fn length(&self) -> u64 {
        self.length
    }

    fn waits(&self) -> bool {
        true
    }

    fn read_at(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let length = length_within(&range, self.length)?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let first = range.start / self.block_bytes;
        let blocks = self.blocks(first..range.end.div_ceil(self.block_bytes))?;
        let mut bytes = Vec::with_capacity(length);
        let mut skip = usize::try_from(range.start - first * self.block_bytes).map_err(io::Error::other)?;
        for block in blocks {
            let more = block.len().saturating_sub(skip).min(length - bytes.len());
            bytes.extend_from_slice(&block[skip..skip + more]);
            skip = 0;
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Numbers;

    impl Fetch for Numbers {
        fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
            Ok(range.map(|byte| (byte % 251) as u8).collect())
        }
    }

    fn blocks(most_kept: usize) -> Blocks<Numbers> {
        Blocks::with_block_bytes(Numbers, 1_005, NonZeroUsize::new(most_kept).unwrap(), 100)
    }

    #[test]
    fn every_range_is_read_as_it_stands() {
        let blocks = blocks(3);
        for from in (0..=1_005).step_by(7) {
            for to in (from..=1_005).step_by(13) {
                assert_eq!(
                    blocks.read_at(from..to).unwrap(),
                    Numbers.fetch(from..to).unwrap()
                );
            }
        }
    }

    #[test]
    fn neighbours_come_by_one_request_and_are_kept() {
        let blocks = blocks(20);
        blocks.read_at(450..460).unwrap();
        blocks.read_at(250..750).unwrap();
        assert_eq!(blocks.fetched(), Fetched { reads: 3, bytes: 600 });
        blocks.read_at(200..800).unwrap();
        assert_eq!(blocks.fetched().reads, 3);
    }

    #[test]
    fn beyond_the_end_nothing_is_read() {
        assert!(blocks(1).read_at(1_000..1_006).is_err());
        assert_eq!(blocks(1).read_at(1_005..1_005).unwrap(), Vec::<u8>::new());
    }
}
