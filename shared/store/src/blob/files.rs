//! Files of comments. Each is an object named by its digest; of a comment with very many files the small ones lie together in a
//! few objects, so that a mail of a thousand files costs a few calls and not a thousand.

use super::{BlobError, blobs::unreadable};
use crate::{StoreError, parts::Blobs};
use bytes::Bytes;
use docket_domain::{
    Digest, TicketNumber,
    contact::comment::{AttachmentRef, Packed},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// Most files of a comment that are stored each by itself. What people attach by hand is at most as many.
const MOST_SINGLE: usize = 20;
/// Largest file that is stored together with others, in bytes.
const MOST_SMALL_BYTES: usize = 256 * 1024;
/// Most bytes of an object that holds several: it is made in memory, beside the mail itself.
const MOST_PACK_BYTES: usize = 8 * 1024 * 1024;
/// Objects put at once. Each is a connection of the function's own.
const PUTS_AT_ONCE: usize = 8;
/// The media type of an object that holds several files.
const PACK_TYPE: &str = "application/octet-stream";

/// A file to be stored: its content and the media type its sender declared.
#[derive(Clone, Debug)]
pub struct FileContent {
    /// The content.
    pub bytes: Bytes,
    /// The media type.
    pub content_type: String,
}

/// Where a file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Digest of its content.
    pub digest: Digest,
    /// Its place, if it lies together with others.
    pub packed: Option<Packed>,
}

/// Objects to be put, and where each file lies in them.
struct Plan {
    objects: BTreeMap<Digest, (Bytes, String)>,
    files: Vec<StoredFile>,
}

impl Blobs<'_> {
    /// Stores files of a comment, a few at once; where each lies, in their order.
    pub async fn put_files(
        self,
        ticket: TicketNumber,
        files: &[FileContent],
    ) -> Result<Vec<StoredFile>, StoreError> {
        let Plan { objects, files } = plan(files);
        let puts = objects
            .into_iter()
            .map(|(digest, (bytes, content_type))| async move {
                self.put_object(&self.key(ticket, &digest), bytes, &content_type)
                    .await
            });
        stream::iter(puts)
            .buffer_unordered(PUTS_AT_ONCE)
            .try_collect::<()>()
            .await?;
        Ok(files)
    }

    /// Stores an object of several files again without what stands at these places of it; its digest.
    ///
    /// # Errors
    /// When it is not there, or the bucket fails.
    pub async fn put_pack_without(
        self,
        ticket: TicketNumber,
        pack: &Digest,
        places: &[Range<u64>],
    ) -> Result<Digest, BlobError> {
        let mut bytes = self.object(&self.key(ticket, pack)).await?;
        for place in places {
            let (start, end) = (usize::try_from(place.start), usize::try_from(place.end));
            let place = start
                .ok()
                .zip(end.ok())
                .and_then(|(start, end)| bytes.get_mut(start..end));
            place
                .ok_or_else(|| unreadable("a file is beyond its object"))?
                .fill(0);
        }
        let digest = Digest::of(&bytes);
        self.put_object(&self.key(ticket, &digest), bytes, PACK_TYPE)
            .await?;
        Ok(digest)
    }

    /// The content of a file.
    pub async fn attachment(self, ticket: TicketNumber, file: &AttachmentRef) -> Result<Vec<u8>, BlobError> {
        let Some(packed) = &file.packed else {
            return self.object(&self.key(ticket, &file.digest)).await;
        };
        // HTTP has no range of nothing.
        if file.bytes == 0 {
            return Ok(vec![]);
        }
        let last = packed.start_bytes + file.bytes - 1;
        let range = format!("bytes={}-{last}", packed.start_bytes);
        let bytes = self.read(&self.key(ticket, &packed.pack), Some(range)).await?;
        if Digest::of(&bytes) != file.digest {
            let what = format!("file {} is not where its comment says", file.digest);
            return Err(unreadable(&what).into());
        }
        Ok(bytes)
    }
}

/// Says what is put and where each file then lies. One content is stored once.
fn plan(files: &[FileContent]) -> Plan {
    let digests: Vec<Digest> = files.iter().map(|file| Digest::of(&file.bytes)).collect();
    let is_small = |file: &FileContent| files.len() > MOST_SINGLE && file.bytes.len() <= MOST_SMALL_BYTES;
    let mut objects = BTreeMap::new();
    let mut places: BTreeMap<Digest, Packed> = BTreeMap::new();
    let mut pack = Pack::default();
    for (file, digest) in files.iter().zip(&digests) {
        if !is_small(file) {
            let object = (file.bytes.clone(), file.content_type.clone());
            objects.entry(digest.clone()).or_insert(object);
            continue;
        }
        if pack.has(digest) || places.contains_key(digest) {
            continue;
        }
        if pack.bytes.len() + file.bytes.len() > MOST_PACK_BYTES {
            std::mem::take(&mut pack).end(&mut objects, &mut places);
        }
        pack.add(digest, &file.bytes);
    }
    pack.end(&mut objects, &mut places);
    let files = digests.into_iter().map(|digest| StoredFile {
        packed: places.get(&digest).cloned(),
        digest,
    });
    Plan {
        files: files.collect(),
        objects,
    }
}

/// Files one behind the other.
#[derive(Default)]
struct Pack {
    bytes: Vec<u8>,
    starts: Vec<(Digest, u64)>,
    has: BTreeSet<Digest>,
}

impl Pack {
    fn has(&self, digest: &Digest) -> bool {
        self.has.contains(digest)
    }

    fn add(&mut self, digest: &Digest, bytes: &[u8]) {
        self.starts.push((digest.clone(), self.bytes.len() as u64));
        self.has.insert(digest.clone());
        self.bytes.extend_from_slice(bytes);
    }

    fn end(self, objects: &mut BTreeMap<Digest, (Bytes, String)>, places: &mut BTreeMap<Digest, Packed>) {
        if self.starts.is_empty() {
            return;
        }
        let pack = Digest::of(&self.bytes);
        for (digest, start_bytes) in self.starts {
            let pack = pack.clone();
            places.insert(digest, Packed { pack, start_bytes });
        }
        objects.insert(pack, (Bytes::from(self.bytes), PACK_TYPE.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: impl Into<Vec<u8>>) -> FileContent {
        FileContent {
            bytes: Bytes::from(bytes.into()),
            content_type: "text/plain".to_owned(),
        }
    }

    fn small(count: usize) -> Vec<FileContent> {
        (0..count).map(|n| file(format!("file {n}"))).collect()
    }

    /// Every file is found where the plan says that it lies.
    fn check(files: &[FileContent]) -> Plan {
        let plan = plan(files);
        assert_eq!(plan.files.len(), files.len());
        for (file, stored) in files.iter().zip(&plan.files) {
            let found = match &stored.packed {
                Some(Packed { pack, start_bytes }) => {
                    let start = usize::try_from(*start_bytes).unwrap();
                    plan.objects[pack].0.slice(start..start + file.bytes.len())
                }
                None => plan.objects[&stored.digest].0.clone(),
            };
            assert_eq!(found, file.bytes);
            assert_eq!(stored.digest, Digest::of(&file.bytes));
        }
        plan
    }

    #[test]
    fn few_files_are_objects_of_their_own() {
        assert_eq!(check(&small(MOST_SINGLE)).objects.len(), MOST_SINGLE);
        assert_eq!(check(&[]).objects.len(), 0);
    }

    #[test]
    fn very_many_small_files_are_one_object() {
        assert_eq!(check(&small(MOST_SINGLE + 1)).objects.len(), 1);
        assert_eq!(check(&small(990)).objects.len(), 1);
    }

    #[test]
    fn a_large_file_among_many_stays_by_itself() {
        let mut files = small(100);
        files.push(file(vec![7; MOST_SMALL_BYTES]));
        assert_eq!(check(&files).objects.len(), 1);
        files.push(file(vec![8; MOST_SMALL_BYTES + 1]));
        let plan = check(&files);
        assert_eq!(plan.objects.len(), 2);
        assert_eq!(plan.files.last().unwrap().packed, None);
    }

    #[test]
    fn an_object_of_many_files_has_a_bound() {
        let files: Vec<FileContent> = (0..100_u8).map(|n| file(vec![n; MOST_SMALL_BYTES])).collect();
        let plan = check(&files);
        let together = MOST_PACK_BYTES / MOST_SMALL_BYTES;
        assert_eq!(plan.objects.len(), 100_usize.div_ceil(together));
        assert!(
            plan.objects
                .values()
                .all(|(bytes, _)| bytes.len() <= MOST_PACK_BYTES)
        );
    }

    #[test]
    fn one_content_is_stored_once_and_nothing_has_a_place_too() {
        let mut files = small(30);
        files.extend(small(30));
        files.push(file(""));
        let plan = check(&files);
        assert_eq!(plan.objects.len(), 1);
        let expected: usize = small(30).iter().map(|file| file.bytes.len()).sum();
        assert_eq!(plan.objects.values().next().unwrap().0.len(), expected);
    }
}
