//! Blobs: bodies of comments, attachments, decisions. Named by ticket and digest, written before the commit that
//! names them, so a blob may be there without its comment but never the other way round.

use crate::{
    Never, Store, StoreError,
    error::{NameOperation, NamedPart},
    parts::Blobs,
};
use aws_sdk_s3::{
    error::SdkError, operation::get_object::GetObjectError, presigning::PresigningConfig,
    primitives::ByteStream,
};
use bytes::Bytes;
use docket_domain::{
    Digest, TicketNumber,
    contact::comment::{AttachmentRef, BodyRef, Comment, CommentBody, MOST_BYTES_HERE},
};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// Level of compression: the text of a comment is small, so speed counts.
const ZSTD_LEVEL: i32 = 3;
/// Most bytes of a list of files that stands in its comment's item, of whose 400 KB the rest is for everything else.
const MOST_LIST_BYTES: usize = 100_000;
/// What the list says of each file besides its names, in bytes: digest, size, and how they are called.
const REF_BYTES: usize = 150;
/// What it says besides of a file that was stored together with others.
const PACKED_BYTES: usize = 120;
/// Most bytes a stored text may unpack to.
const MOST_UNPACKED_BYTES: usize = 64 * 1024 * 1024;

/// How long the bucket hands an object out by a link: whoever is led there goes at once.
const OBJECT_LINK_FOR: Duration = Duration::from_secs(60);

/// As what the bucket hands an object out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLink {
    /// Its media type.
    pub content_type: &'static str,
    /// Under which name it is saved, as the header says it.
    pub disposition: String,
}

/// A blob that can't be had.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It is not there.
    #[error("object {0} is not there")]
    Missing(String),
    /// It can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Stores a list of files that is too long for its comment's item; where it lies.
    pub async fn put_long_list(
        &self,
        ticket: TicketNumber,
        files: &[AttachmentRef],
    ) -> Result<Option<Digest>, StoreError> {
        let bytes = |file: &AttachmentRef| {
            let id = file.content_id.as_ref().map_or(0, String::len);
            let packed = if file.packed.is_some() { PACKED_BYTES } else { 0 };
            REF_BYTES + packed + file.name.len() + file.content_type.len() + id
        };
        if files.iter().map(bytes).sum::<usize>() <= MOST_LIST_BYTES {
            return Ok(None);
        }
        let (digest, _) = self.blobs().put_json(ticket, &files).await?;
        Ok(Some(digest))
    }

    /// Puts the files of a comment back whose list lies apart.
    pub(crate) async fn with_long_list(
        &self,
        ticket: TicketNumber,
        mut comment: Comment,
    ) -> Result<Comment, StoreError> {
        if let Some(digest) = &comment.attachments_at {
            comment.attachments = match self.blobs().json(ticket, digest).await {
                Ok(files) => files,
                // The original has them; the words are of use without.
                Err(BlobError::Missing(key)) => {
                    tracing::error!(number = %ticket, key, "the list of files of a comment of ticket {ticket} is lost");
                    vec![]
                }
                Err(BlobError::Store(error)) => return Err(error),
            };
        }
        Ok(comment)
    }
}

impl Blobs<'_> {
    /// Stores the body of a comment.
    pub async fn put_body(self, ticket: TicketNumber, body: &CommentBody) -> Result<BodyRef, StoreError> {
        let (digest, bytes) = self.put_json(ticket, body).await?;
        Ok(BodyRef { digest, bytes })
    }

    /// Stores the body of a comment unless it is small enough to stand in the comment; then its JSON comes back, too.
    pub async fn put_body_unless_small(
        self,
        ticket: TicketNumber,
        body: &CommentBody,
    ) -> Result<(BodyRef, Option<String>), StoreError> {
        let json = serde_json::to_string(body).map_err(|error| unreadable(&error.to_string()))?;
        if json.len() > MOST_BYTES_HERE {
            return Ok((self.put_body(ticket, body).await?, None));
        }
        let body = BodyRef {
            digest: Digest::of(json.as_bytes()),
            bytes: json.len() as u64,
        };
        Ok((body, Some(json)))
    }

    /// The body of a comment, wherever it lies.
    pub async fn body_of(self, ticket: TicketNumber, comment: &Comment) -> Result<CommentBody, BlobError> {
        match &comment.body_json {
            Some(json) => Ok(serde_json::from_str(json).map_err(|error| unreadable(&error.to_string()))?),
            None => self.body(ticket, &comment.body.digest).await,
        }
    }

    /// A body that lies by itself.
    pub async fn body(self, ticket: TicketNumber, digest: &Digest) -> Result<CommentBody, BlobError> {
        self.json(ticket, digest).await
    }

    /// Stores a decision, or anything else that is JSON, compressed.
    pub async fn put_json<T: Serialize>(
        self,
        ticket: TicketNumber,
        value: &T,
    ) -> Result<(Digest, u64), StoreError> {
        let json = serde_json::to_vec(value).map_err(|error| unreadable(&error.to_string()))?;
        let packed = pack(&json)?;
        let digest = Digest::of(&json);
        self.put_packed(ticket, &digest, packed).await?;
        Ok((digest, json.len() as u64))
    }

    pub(crate) async fn put_packed(
        self,
        ticket: TicketNumber,
        digest: &Digest,
        packed: Vec<u8>,
    ) -> Result<(), StoreError> {
        let key = self.key(ticket, digest);
        self.put_object(&key, packed, "application/zstd").await
    }

    /// Reads what `store.blobs().put_json` stored.
    pub async fn json<T: DeserializeOwned>(
        self,
        ticket: TicketNumber,
        digest: &Digest,
    ) -> Result<T, BlobError> {
        let packed = self.object(&self.key(ticket, digest)).await?;
        Ok(unpacked(&packed)?)
    }

    /// Where the bucket itself hands an attachment out that lies by itself, for a minute.
    pub async fn attachment_link(
        self,
        ticket: TicketNumber,
        digest: &Digest,
        shown: &ObjectLink,
    ) -> Result<String, StoreError> {
        self.object_link(&self.key(ticket, digest), shown).await
    }

    pub(crate) fn key(self, ticket: TicketNumber, digest: &Digest) -> String {
        format!("{}{digest}", self.prefix(ticket))
    }

    /// What the keys of a ticket's objects begin with.
    pub(crate) fn prefix(self, ticket: TicketNumber) -> String {
        format!("blob/{}/{ticket}/", self.0.settings.tenant)
    }

    /// Puts an object into the bucket, in place of what it held.
    pub async fn put_object(
        self,
        key: &str,
        bytes: impl Into<Bytes>,
        content_type: &str,
    ) -> Result<(), StoreError> {
        self.0
            .clients
            .s3
            .put_object()
            .bucket(&self.0.settings.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(bytes.into()))
            .send()
            .await
            .named("PutObject")?;
        Ok(())
    }

    /// Where the bucket itself hands an object out, for a minute. Nothing is asked of it.
    pub async fn object_link(self, key: &str, shown: &ObjectLink) -> Result<String, StoreError> {
        let times = PresigningConfig::builder()
            .start_time(self.0.now().into())
            .expires_in(OBJECT_LINK_FOR)
            .build();
        let times = times.map_err(|error| Never::unreadable("object", error.to_string()))?;
        let get = self.0.clients.s3.get_object();
        let get = get.bucket(&self.0.settings.bucket).key(key);
        let get = get
            .response_content_type(shown.content_type)
            .response_content_disposition(&shown.disposition);
        let signed = get.presigned(times).await.named("GetObject")?;
        Ok(signed.uri().to_owned())
    }

    /// The content of an object.
    pub async fn object(self, key: &str) -> Result<Vec<u8>, BlobError> {
        self.read(key, None).await
    }

    /// The content of an object, or so much of it as `range` says, as HTTP has it.
    pub(crate) async fn read(self, key: &str, range: Option<String>) -> Result<Vec<u8>, BlobError> {
        let output = self
            .0
            .clients
            .s3
            .get_object()
            .bucket(&self.0.settings.bucket)
            .key(key)
            .set_range(range)
            .send()
            .await;
        let output = match output {
            Err(SdkError::ServiceError(error)) if matches!(error.err(), GetObjectError::NoSuchKey(_)) => {
                return Err(BlobError::Missing(key.to_owned()));
            }
            output => output.named("GetObject")?,
        };
        let bytes = output.body.collect().await.named_part("GetObject")?;
        Ok(bytes.to_vec())
    }
}

/// Compresses JSON.
pub(crate) fn pack(json: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(json, ZSTD_LEVEL).map_err(|error| unreadable(&error.to_string()))
}

/// Reads what was compressed.
pub(crate) fn unpacked<T: DeserializeOwned>(packed: &[u8]) -> Result<T, StoreError> {
    let json = zstd::bulk::decompress(packed, MOST_UNPACKED_BYTES);
    let json = json.map_err(|error| unreadable(&error.to_string()))?;
    serde_json::from_slice(&json).map_err(|error| unreadable(&error.to_string()))
}

pub(super) fn unreadable(detail: &str) -> StoreError {
    Never::unreadable("blob", detail).into()
}
