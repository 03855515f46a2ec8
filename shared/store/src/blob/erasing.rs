//! Objects that have to go: they go in every version that the bucket keeps of them, since somebody's words may stand in them.

use crate::{
    StoreError,
    error::{NameOperation, NamedPart},
    parts::Blobs,
};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use docket_domain::Timestamp;

/// Most objects that one call deletes.
const MOST_AT_ONCE: usize = 1_000;

/// A version of an object.
struct Version {
    object: ObjectIdentifier,
    /// When it was written, in seconds since 1970.
    at: i64,
    is_newest: bool,
}

impl Blobs<'_> {
    /// Deletes these objects in every version, or in those that were written until a time; how many versions there were. One that is not
    /// there is gone already.
    ///
    /// # Errors
    /// When the bucket cannot be read or written: some of them may be gone.
    pub async fn erase(self, keys: &[String], until: Option<Timestamp>) -> Result<u64, StoreError> {
        let mut count = 0;
        for key in keys {
            let mut versions = self.versions(key).await?;
            // What only begins with the same letters is another object. The service tells times to the second.
            let is_old = |version: &Version| until.is_none_or(|until| version.at <= until.as_second());
            versions.retain(|version| version.object.key() == key && is_old(version));
            count += versions.len() as u64;
            self.delete_versions(versions).await?;
        }
        Ok(count)
    }

    /// Deletes an object in every version but the newest.
    ///
    /// # Errors
    /// As [`Self::erase`].
    pub(crate) async fn erase_all_but_newest(self, key: &str) -> Result<(), StoreError> {
        let mut versions = self.versions(key).await?;
        versions.retain(|version| version.object.key() == key && !version.is_newest);
        self.delete_versions(versions).await
    }

    /// Deletes all that stands under a prefix, in every version; how many versions there were.
    ///
    /// # Errors
    /// As [`Self::erase`].
    pub async fn erase_under(self, prefix: &str) -> Result<u64, StoreError> {
        let versions = self.versions(prefix).await?;
        let count = versions.len() as u64;
        self.delete_versions(versions).await?;
        Ok(count)
    }

    /// All versions of what stands under a prefix, marks of deletion, too.
    async fn versions(self, prefix: &str) -> Result<Vec<Version>, StoreError> {
        let mut versions = Vec::new();
        let (mut next_key, mut next_version) = (None, None);
        loop {
            let request = self.0.clients.s3.list_object_versions();
            let output = request
                .bucket(&self.0.settings.bucket)
                .prefix(prefix)
                .set_key_marker(next_key.take())
                .set_version_id_marker(next_version.take())
                .send()
                .await
                .named("ListObjectVersions")?;
            let stored = output.versions().iter().map(|version| {
                let at = version.last_modified().map_or(0, |at| at.secs());
                (version.key(), version.version_id(), at, version.is_latest())
            });
            let marks = output.delete_markers().iter().map(|mark| {
                let at = mark.last_modified().map_or(0, |at| at.secs());
                (mark.key(), mark.version_id(), at, mark.is_latest())
            });
            for (key, version, at, is_latest) in stored.chain(marks) {
                let object = ObjectIdentifier::builder()
                    .set_key(key.map(str::to_owned))
                    .set_version_id(version.map(str::to_owned));
                versions.push(Version {
                    object: object.build().named_part("DeleteObjects")?,
                    at,
                    is_newest: is_latest == Some(true),
                });
            }
            next_key = output.next_key_marker;
            next_version = output.next_version_id_marker;
            if output.is_truncated != Some(true) || next_key.is_none() {
                return Ok(versions);
            }
        }
    }

    async fn delete_versions(self, versions: Vec<Version>) -> Result<(), StoreError> {
        let objects: Vec<ObjectIdentifier> = versions.into_iter().map(|version| version.object).collect();
        for versions in objects.chunks(MOST_AT_ONCE) {
            let delete = Delete::builder()
                .set_objects(Some(versions.to_vec()))
                .quiet(true)
                .build();
            let request = self.0.clients.s3.delete_objects();
            let output = request
                .bucket(&self.0.settings.bucket)
                .delete(delete.named_part("DeleteObjects")?)
                .send()
                .await
                .named("DeleteObjects")?;
            if let Some(error) = output.errors().first() {
                let (key, why) = (
                    error.key().unwrap_or_default(),
                    error.message().unwrap_or_default(),
                );
                tracing::error!(key, why, "an object that has to go could not be deleted");
                return Err(StoreError::Stayed(key.to_owned()));
            }
        }
        Ok(())
    }
}
