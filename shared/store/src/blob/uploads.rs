//! Files that wait for the comment they belong to. Each lies as two objects under `upload/<tenant>/<token>/`: its content
//! by digest, and a record beside it, so that two files handed in at once do not replace each other. The content is
//! written first. The bucket's lifecycle clears `upload/` after three days.

use crate::{
    Never, StoreError,
    blob::{BlobError, ObjectLink},
    error::NameOperation,
    parts::Uploads,
};
use docket_domain::{Digest, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Where files wait.
pub const UPLOAD_PREFIX: &str = "upload/";
/// For how many days a token holds, from its first file on. S3 takes an object away no earlier than the days of its rule, and
/// the files that were added later live longer.
pub const UPLOAD_DAYS: i64 = 3;
/// Letters of a token: what [`Store::unguessable`] makes.
const TOKEN_LETTERS: usize = 52;
/// Letters of a file's id: enough that no two files of a token meet.
const ID_LETTERS: usize = 20;
/// How the name of a record ends.
const RECORD: &str = ".json";

/// A file that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedFile {
    /// Its name, cleaned.
    pub name: String,
    /// The media type declared with it.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Digest of the content.
    pub digest: Digest,
    /// When it came.
    pub at: Timestamp,
}

impl UploadedFile {
    /// Its name among the files of a token: the same for the same content under the same name, so that a file that is
    /// handed in twice stays one.
    pub fn id(&self) -> String {
        let digest = Digest::of_parts([self.name.as_bytes(), self.digest.as_str().as_bytes()]);
        digest.as_str()[..ID_LETTERS].to_owned()
    }
}

/// The files of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The token, which nobody can guess.
    pub token: String,
    /// Until when a comment can take the files.
    pub expires_at: Timestamp,
    /// The files, in the order in which they came.
    pub files: Vec<UploadedFile>,
}

impl Uploads<'_> {
    /// Keeps a file under a token for the comment that will take it.
    pub async fn put(self, token: &str, file: &UploadedFile, bytes: Vec<u8>) -> Result<(), StoreError> {
        let content = self.key(token, file.digest.as_str());
        self.0
            .blobs()
            .put_object(&content, bytes, &file.content_type)
            .await?;
        let record = serde_json::to_vec(file).map_err(|error| {
            StoreError::from(Never::Unreadable {
                what: "upload",
                detail: error.to_string(),
            })
        })?;
        let key = self.key(token, &format!("{}{RECORD}", file.id()));
        self.0.blobs().put_object(&key, record, "application/json").await
    }

    /// The files of a token; nothing where there is no such token, or it has expired.
    pub async fn get(self, token: &str) -> Result<Option<Upload>, StoreError> {
        let mut files: Vec<UploadedFile> = Vec::new();
        for key in self.keys(token).await? {
            if !key.ends_with(RECORD) {
                continue;
            }
            let record = match self.0.blobs().object(&key).await {
                Ok(record) => record,
                Err(BlobError::Missing(_)) => continue,
                Err(BlobError::Store(error)) => return Err(error),
            };
            let file = serde_json::from_slice(&record).map_err(|error| {
                StoreError::from(Never::Unreadable {
                    what: "upload",
                    detail: error.to_string(),
                })
            })?;
            files.push(file);
        }
        files.sort_by(|one, other| (one.at, &one.name).cmp(&(other.at, &other.name)));
        let Some(first) = files.first() else {
            return Ok(None);
        };
        let expires_at = first
            .at
            .checked_add(SignedDuration::from_hours(24 * UPLOAD_DAYS))
            .unwrap_or(first.at);
        Ok((self.0.now() < expires_at).then(|| Upload {
            token: token.to_owned(),
            expires_at,
            files,
        }))
    }

    /// The content of a file that waits.
    pub async fn content(self, token: &str, file: &UploadedFile) -> Result<Vec<u8>, BlobError> {
        self.0
            .blobs()
            .object(&self.key(token, file.digest.as_str()))
            .await
    }

    /// Where the bucket itself hands out a file that waits, for a minute.
    pub async fn content_link(
        self,
        token: &str,
        file: &UploadedFile,
        shown: &ObjectLink,
    ) -> Result<String, StoreError> {
        let key = self.key(token, file.digest.as_str());
        self.0.blobs().object_link(&key, shown).await
    }

    /// Throws the files of a token away; whether there were any.
    pub async fn forget(self, token: &str) -> Result<bool, StoreError> {
        let keys = self.keys(token).await?;
        for key in &keys {
            let delete = self.0.clients.s3.delete_object();
            let delete = delete.bucket(&self.0.settings.bucket).key(key);
            delete.send().await.named("DeleteObject")?;
        }
        Ok(!keys.is_empty())
    }

    fn key(self, token: &str, name: &str) -> String {
        format!("{UPLOAD_PREFIX}{}/{token}/{name}", self.0.settings.tenant)
    }

    /// The objects of a token: one page of a listing has a thousand, and a token's few files have two each.
    async fn keys(self, token: &str) -> Result<Vec<String>, StoreError> {
        if !is_token(token) {
            return Ok(vec![]);
        }
        let listed = self
            .0
            .clients
            .s3
            .list_objects_v2()
            .bucket(&self.0.settings.bucket)
            .prefix(self.key(token, ""))
            .send()
            .await
            .named("ListObjectsV2")?;
        let keys = listed.contents().iter().filter_map(|object| object.key());
        Ok(keys.map(str::to_owned).collect())
    }
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LETTERS && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_desk_could_have_made_is_a_token() {
        assert!(is_token(&"a7".repeat(26)));
        for text in ["", "a", &"a".repeat(51), &"A".repeat(52), &"../".repeat(18)[..52]] {
            assert!(!is_token(text), "{text}");
        }
    }

    #[test]
    fn the_same_content_under_the_same_name_is_one_file() {
        let file = |name: &str, content: &[u8], at: i64| UploadedFile {
            name: name.to_owned(),
            content_type: "text/plain".to_owned(),
            bytes: content.len() as u64,
            digest: Digest::of(content),
            at: Timestamp::from_second(at).unwrap(),
        };
        assert_eq!(file("a", b"x", 1).id(), file("a", b"x", 2).id());
        assert_ne!(file("a", b"x", 1).id(), file("b", b"x", 1).id());
        assert_ne!(file("a", b"x", 1).id(), file("a", b"y", 1).id());
    }
}
