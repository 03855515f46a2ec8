//! Blobs: bodies of comments, attachments, decisions. Named by ticket and digest, written before the commit that
//! names them, so a blob may be there without its comment but never the other way round.

use crate::{Desk, StoreError, error::Named};
use aws_sdk_s3::{error::SdkError, operation::get_object::GetObjectError, primitives::ByteStream};
use docket_domain::{
    Digest, TicketNumber,
    comment::{BodyRef, CommentBody},
};
use serde::{Serialize, de::DeserializeOwned};

/// Level of compression: the text of a comment is small, so speed counts.
const ZSTD_LEVEL: i32 = 3;
/// Most bytes a stored text may unpack to.
const MOST_UNPACKED_BYTES: usize = 64 * 1024 * 1024;

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

impl Desk {
    /// Stores the body of a comment.
    pub async fn put_body(&self, ticket: TicketNumber, body: &CommentBody) -> Result<BodyRef, StoreError> {
        let (digest, bytes) = self.put_json(ticket, body).await?;
        Ok(BodyRef { digest, bytes })
    }

    /// The body of a comment.
    pub async fn body(&self, ticket: TicketNumber, digest: &Digest) -> Result<CommentBody, BlobError> {
        self.json_blob(ticket, digest).await
    }

    /// Stores a decision, or anything else that is JSON, compressed.
    pub async fn put_json<T: Serialize>(
        &self,
        ticket: TicketNumber,
        value: &T,
    ) -> Result<(Digest, u64), StoreError> {
        let unreadable = |detail: String| StoreError::Unreadable { what: "blob", detail };
        let json = serde_json::to_vec(value).map_err(|error| unreadable(error.to_string()))?;
        let packed =
            zstd::bulk::compress(&json, ZSTD_LEVEL).map_err(|error| unreadable(error.to_string()))?;
        let digest = Digest::of(&json);
        self.put_object(&self.blob_key(ticket, &digest), packed, "application/zstd")
            .await?;
        Ok((digest, json.len() as u64))
    }

    /// Reads what [`Desk::put_json`] stored.
    pub async fn json_blob<T: DeserializeOwned>(
        &self,
        ticket: TicketNumber,
        digest: &Digest,
    ) -> Result<T, BlobError> {
        let packed = self.object(&self.blob_key(ticket, digest)).await?;
        let unreadable = |detail: String| StoreError::Unreadable { what: "blob", detail };
        let json = zstd::bulk::decompress(&packed, MOST_UNPACKED_BYTES)
            .map_err(|error| unreadable(error.to_string()))?;
        Ok(serde_json::from_slice(&json).map_err(|error| unreadable(error.to_string()))?)
    }

    /// Stores an attachment as it is.
    pub async fn put_attachment(
        &self,
        ticket: TicketNumber,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<Digest, StoreError> {
        let digest = Digest::of(&bytes);
        self.put_object(&self.blob_key(ticket, &digest), bytes, content_type)
            .await?;
        Ok(digest)
    }

    /// The content of an attachment.
    pub async fn attachment(&self, ticket: TicketNumber, digest: &Digest) -> Result<Vec<u8>, BlobError> {
        self.object(&self.blob_key(ticket, digest)).await
    }

    fn blob_key(&self, ticket: TicketNumber, digest: &Digest) -> String {
        format!("blob/{}/{ticket}/{digest}", self.settings.tenant)
    }

    pub(crate) async fn put_object(
        &self,
        key: &str,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<(), StoreError> {
        self.clients
            .s3
            .put_object()
            .bucket(&self.settings.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .named("PutObject")?;
        Ok(())
    }

    /// The content of an object.
    pub async fn object(&self, key: &str) -> Result<Vec<u8>, BlobError> {
        let output = self
            .clients
            .s3
            .get_object()
            .bucket(&self.settings.bucket)
            .key(key)
            .send()
            .await;
        let output = match output {
            Err(SdkError::ServiceError(error)) if matches!(error.err(), GetObjectError::NoSuchKey(_)) => {
                return Err(BlobError::Missing(key.to_owned()));
            }
            output => output.named("GetObject")?,
        };
        let bytes = output.body.collect().await.named("GetObject")?;
        Ok(bytes.to_vec())
    }
}
