//! S3: buckets of objects with user metadata, listing, copying; one version of each, no uploads in parts, and of ranges only those from a byte to a
//! byte.

mod answers;
mod body;
mod operations;
mod route;
mod store;

use std::collections::BTreeMap;
use std::sync::Mutex;

use bytes::Bytes;
use jiff::Timestamp;

use crate::journal::Journal;
use crate::lock;
use crate::wire::{WireRequest, WireResponse};
use store::{Buckets, StoredObject};

pub(crate) use answers::error;
pub(crate) use route::Route;

/// Records of buckets in the journal.
const BUCKET_SPACE: &str = "s3.bucket";
/// Records of objects in the journal, with their bytes.
const OBJECT_SPACE: &str = "s3.object";

/// An object as a listing tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectStatus {
    /// The bucket it stands in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Its length.
    pub size_bytes: u64,
    /// When it was last written.
    pub last_modified: Timestamp,
    /// Its user metadata.
    pub metadata: BTreeMap<String, String>,
}

pub(crate) struct S3 {
    buckets: Mutex<Buckets>,
}

impl S3 {
    pub(crate) fn load(journal: &Journal) -> rusqlite::Result<Self> {
        let mut buckets = Buckets::default();
        for (name, ()) in journal.load::<()>(BUCKET_SPACE)? {
            buckets.create(&name);
        }
        for (path, object) in journal.load::<StoredObject>(OBJECT_SPACE)? {
            if let Some((bucket, key)) = path.split_once('/') {
                buckets.put(bucket, key, object, None);
            }
        }
        Ok(Self {
            buckets: Mutex::new(buckets),
        })
    }

    pub(crate) fn call(
        &self,
        route: &Route,
        request: &WireRequest,
        journal: &Journal,
        now: Timestamp,
    ) -> WireResponse {
        let mut buckets = lock(&self.buckets);
        let mut changes = Vec::new();
        let answer = operations::act(&mut buckets, route, request, journal, now, &mut changes);
        if let Err(cause) = journal.commit(&changes) {
            return answers::error(500, "InternalError", &cause.to_string());
        }
        answer
    }

    /// Puts an object which an AWS service writes; whether the bucket is there.
    pub(crate) fn deliver(
        &self,
        bucket: &str,
        key: &str,
        bytes: Bytes,
        journal: &Journal,
        now: Timestamp,
    ) -> rusqlite::Result<bool> {
        let mut buckets = lock(&self.buckets);
        if !buckets.has(bucket) {
            return Ok(false);
        }
        let object = StoredObject::new(&bytes, now);
        let change = operations::put(&mut buckets, bucket, key, object, bytes, journal);
        journal.commit(&[change])?;
        Ok(true)
    }

    pub(crate) fn objects(&self, prefix: &str) -> Vec<ObjectStatus> {
        lock(&self.buckets).objects(prefix)
    }

    pub(crate) fn bytes(&self, bucket: &str, key: &str, journal: &Journal) -> Option<Bytes> {
        operations::bytes(&lock(&self.buckets), bucket, key, journal)
    }
}
