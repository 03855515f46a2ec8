//! Buckets and objects as they are held.

use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ObjectStatus;

/// What is known of an object beside its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredObject {
    pub(super) size_bytes: u64,
    /// In quotes, as on the wire.
    pub(super) etag: String,
    pub(super) last_modified: Timestamp,
    /// Headers that are given back: content type and the like, in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) metadata: BTreeMap<String, String>,
}

impl StoredObject {
    pub(super) fn new(bytes: &Bytes, now: Timestamp) -> Self {
        Self {
            size_bytes: bytes.len() as u64,
            etag: format!("\"{:x}\"", md5::compute(bytes)),
            last_modified: now,
            headers: BTreeMap::new(),
            metadata: BTreeMap::new(),
        }
    }
}

pub(super) struct ObjectWithBytes {
    pub(super) object: StoredObject,
    /// The bytes, unless they stand in the journal.
    pub(super) bytes: Option<Bytes>,
}

#[derive(Default)]
pub(super) struct Buckets {
    by_name: BTreeMap<String, BTreeMap<String, ObjectWithBytes>>,
}

impl Buckets {
    pub(super) fn create(&mut self, name: &str) -> bool {
        let fresh = !self.by_name.contains_key(name);
        self.by_name.entry(name.to_owned()).or_default();
        fresh
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.by_name.keys()
    }

    /// Removes a bucket unless it holds something.
    pub(super) fn delete(&mut self, name: &str) -> bool {
        let empty = self.by_name.get(name).is_some_and(BTreeMap::is_empty);
        if empty {
            self.by_name.remove(name);
        }
        empty
    }

    pub(super) fn get(&self, bucket: &str, key: &str) -> Option<&ObjectWithBytes> {
        self.by_name.get(bucket)?.get(key)
    }

    pub(super) fn put(&mut self, bucket: &str, key: &str, object: StoredObject, bytes: Option<Bytes>) {
        self.by_name
            .entry(bucket.to_owned())
            .or_default()
            .insert(key.to_owned(), ObjectWithBytes { object, bytes });
    }

    pub(super) fn remove(&mut self, bucket: &str, key: &str) -> bool {
        self.by_name
            .get_mut(bucket)
            .is_some_and(|objects| objects.remove(key).is_some())
    }

    /// The objects of a bucket whose key begins with `prefix` and comes after `after`, in the order of keys.
    pub(super) fn list<'a>(
        &'a self,
        bucket: &str,
        prefix: &'a str,
        after: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a ObjectWithBytes)> {
        let from = if after >= prefix && !after.is_empty() {
            Bound::Excluded(after.to_owned())
        } else {
            Bound::Included(prefix.to_owned())
        };
        let objects = self.by_name.get(bucket);
        objects
            .into_iter()
            .flat_map(move |objects| objects.range((from.clone(), Bound::Unbounded)))
            .take_while(move |(key, _)| key.starts_with(prefix))
    }

    pub(super) fn objects(&self, prefix: &str) -> Vec<ObjectStatus> {
        self.by_name
            .keys()
            .flat_map(|bucket| self.list(bucket, prefix, "").map(move |found| (bucket, found)))
            .map(|(bucket, (key, held))| ObjectStatus {
                bucket: bucket.clone(),
                key: key.clone(),
                size_bytes: held.object.size_bytes,
                last_modified: held.object.last_modified,
                metadata: held.object.metadata.clone(),
            })
            .collect()
    }
}
