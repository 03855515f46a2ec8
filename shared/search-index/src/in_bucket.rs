//! A split's object in the bucket, of which parts are read.

use docket_splits::{Fetch, SplitId};
use docket_store::Store;
use std::{io, ops::Range};
use tokio::runtime::Handle;

/// An object of the index. Whoever reads it waits for the runtime in which it was made, so it is read on threads where waiting is
/// allowed, and never on the one thread that a runtime may have.
pub(crate) struct InBucket {
    store: Store,
    generation: u64,
    id: String,
    runtime: Handle,
}

impl InBucket {
    pub(crate) fn new(store: &Store, generation: u64, id: &SplitId) -> Self {
        Self {
            store: store.clone(),
            generation,
            id: id.as_str().to_owned(),
            runtime: Handle::current(),
        }
    }
}

impl Fetch for InBucket {
    fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let index = self.store.search_index();
        let part = index.get_range(self.generation, &self.id, range);
        self.runtime.block_on(part).map_err(io::Error::other)
    }
}
