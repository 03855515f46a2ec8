//! The spool: mail as SES stored it, under `raw/` until every mailbox it was for has taken it in. What is there for
//! more than ten minutes nobody has taken in.

use crate::{
    Store, StoreError,
    blob::BlobError,
    error::{NameOperation, NamedPart},
    parts::Spool,
};
use aws_sdk_s3::{
    error::SdkError,
    operation::get_object::GetObjectError,
    types::{Delete, ObjectIdentifier},
};
use docket_domain::Timestamp;
use std::collections::HashSet;

/// Where SES puts mail.
pub const SPOOL_PREFIX: &str = "raw/";
/// The object by which SES tries out that it may write.
const SET_UP_NOTE: &str = "AMAZON_SES_SETUP_NOTIFICATION";
/// How old a mail in the spool must be for the sweep to look after it, in seconds.
pub const OVERDUE_SECONDS: i64 = 600;
/// A day, in seconds.
const DAY_SECONDS: i64 = 24 * 3600;
/// How long a mail may have been in the spool when it is taken in, in seconds, for it to be found by the day of its folder.
const LONGEST_IN_SPOOL_SECONDS: i64 = 31 * DAY_SECONDS;
/// Most objects of the spool that one sweep looks at.
const MOST_LISTED: usize = 1_000;

/// A mail in the spool.
#[derive(Clone, Debug)]
pub struct SpooledMail {
    /// The id that the receiving service gave it.
    pub ses_id: String,
    /// The mail.
    pub raw: Vec<u8>,
    /// When it was stored.
    pub stored_at: Timestamp,
}

impl SpooledMail {
    /// Where it lies for good once it was taken in.
    pub fn kept_key(&self, store: &Store) -> String {
        format!(
            "mail/{}/{}/{}",
            store.settings.tenant,
            self.stored_at.strftime("%Y/%m/%d"),
            self.ses_id
        )
    }
}

/// Object of a mail in the spool.
pub fn spool_key(ses_id: &str) -> String {
    format!("{SPOOL_PREFIX}{ses_id}")
}

impl Spool<'_> {
    /// A mail in the spool; nothing when it is not there.
    pub async fn get(self, ses_id: &str) -> Result<Option<SpooledMail>, StoreError> {
        let output = self
            .0
            .clients
            .s3
            .get_object()
            .bucket(&self.0.settings.bucket)
            .key(spool_key(ses_id))
            .send()
            .await;
        let output = match output {
            Err(SdkError::ServiceError(answer)) if matches!(answer.err(), GetObjectError::NoSuchKey(_)) => {
                return Ok(None);
            }
            output => output.named("GetObject")?,
        };
        let stored_at = output
            .last_modified
            .and_then(|at| Timestamp::from_second(at.secs()).ok());
        let stored_at = stored_at.unwrap_or_else(|| self.0.now());
        let raw = output.body.collect().await.named_part("GetObject")?.to_vec();
        Ok(Some(SpooledMail {
            ses_id: ses_id.to_owned(),
            raw,
            stored_at,
        }))
    }

    /// Copies a mail to where it lies for good. Doing so again changes nothing.
    pub async fn keep(self, mail: &SpooledMail) -> Result<String, StoreError> {
        let key = mail.kept_key(self.0);
        self.0
            .clients
            .s3
            .copy_object()
            .bucket(&self.0.settings.bucket)
            .copy_source(format!("{}/{}", self.0.settings.bucket, spool_key(&mail.ses_id)))
            .key(&key)
            .send()
            .await
            .named("CopyObject")?;
        Ok(key)
    }

    /// Takes mails out of the spool, at most 1,000. Only when every mailbox has committed them. The answer names those that stayed.
    pub async fn leave(self, ses_ids: &[&str]) -> Result<Vec<String>, StoreError> {
        let (s3, bucket) = (&self.0.clients.s3, &self.0.settings.bucket);
        match ses_ids {
            [] => Ok(vec![]),
            [ses_id] => {
                let delete = s3.delete_object().bucket(bucket).key(spool_key(ses_id));
                delete.send().await.named("DeleteObject")?;
                Ok(vec![])
            }
            many => {
                let object = |ses_id: &&str| ObjectIdentifier::builder().key(spool_key(ses_id)).build();
                let objects: Result<Vec<_>, _> = many.iter().map(object).collect();
                let objects = objects.named_part("DeleteObjects")?;
                let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
                let delete = delete.named_part("DeleteObjects")?;
                let request = s3.delete_objects().bucket(bucket).delete(delete);
                let output = request.send().await.named("DeleteObjects")?;
                let stayed = output.errors().iter().filter_map(|error| {
                    let ses_id = error.key()?.strip_prefix(SPOOL_PREFIX)?;
                    let why = error.message().unwrap_or_default();
                    tracing::warn!(%ses_id, why, "mail {ses_id} could not leave the spool");
                    Some(ses_id.to_owned())
                });
                Ok(stayed.collect())
            }
        }
    }

    /// The mails that have been in the spool for too long: their ids, and for how many seconds.
    pub async fn overdue(self) -> Result<Vec<(String, i64)>, StoreError> {
        let now = self.0.now().as_second();
        let mut overdue = Vec::new();
        let mut listed = 0;
        let mut next = None;
        loop {
            let output = self
                .0
                .clients
                .s3
                .list_objects_v2()
                .bucket(&self.0.settings.bucket)
                .prefix(SPOOL_PREFIX)
                .set_continuation_token(next.take())
                .send()
                .await
                .named("ListObjectsV2")?;
            for object in output.contents() {
                listed += 1;
                let Some(id) = object.key().and_then(|key| key.strip_prefix(SPOOL_PREFIX)) else {
                    continue;
                };
                let age_seconds = object.last_modified().map_or(0, |at| now - at.secs());
                if age_seconds >= OVERDUE_SECONDS && !id.is_empty() && id != SET_UP_NOTE {
                    overdue.push((id.to_owned(), age_seconds));
                }
            }
            next = output.next_continuation_token;
            if next.is_none() || listed >= MOST_LISTED {
                return Ok(overdue);
            }
        }
    }

    /// The originals that were kept from `from` up to, not with, `to`, each once: their keys, and when each was copied to its place.
    pub async fn kept(self, from: Timestamp, to: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let mut kept = Vec::new();
        // The folder is the day the spool got it, which may be one of the days before it was copied.
        let mut day = from.as_second() - LONGEST_IN_SPOOL_SECONDS;
        while day < to.as_second() + DAY_SECONDS {
            let folder = Timestamp::from_second(day)
                .unwrap_or(from)
                .strftime("%Y/%m/%d")
                .to_string();
            let prefix = format!("mail/{}/{folder}/", self.0.settings.tenant);
            for (key, at) in self.objects_under(&prefix).await? {
                if (from..to).contains(&at) {
                    kept.push((key, at));
                }
            }
            day += DAY_SECONDS;
        }
        kept.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
        // What was put back and taken in on another day lies in both days' folders.
        let mut seen = HashSet::new();
        kept.retain(|(key, _)| seen.insert(key.rsplit('/').next().unwrap_or_default().to_owned()));
        Ok(kept)
    }

    /// The objects under a prefix, with the time each was written.
    pub(crate) async fn objects_under(self, prefix: &str) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let mut objects = Vec::new();
        let mut next = None;
        loop {
            let request = self
                .0
                .clients
                .s3
                .list_objects_v2()
                .bucket(&self.0.settings.bucket)
                .prefix(prefix);
            let output = request
                .set_continuation_token(next.take())
                .send()
                .await
                .named("ListObjectsV2")?;
            for object in output.contents() {
                let at = object
                    .last_modified()
                    .and_then(|at| Timestamp::from_second(at.secs()).ok());
                if let (Some(key), Some(at)) = (object.key(), at) {
                    objects.push((key.to_owned(), at));
                }
            }
            next = output.next_continuation_token;
            if next.is_none() {
                return Ok(objects);
            }
        }
    }

    /// Puts an original back into the spool, where the next sweep finds it. Doing so again changes nothing.
    pub async fn take_back(self, key: &str) -> Result<(), StoreError> {
        let id = key.rsplit('/').next().unwrap_or_default();
        self.0
            .clients
            .s3
            .copy_object()
            .bucket(&self.0.settings.bucket)
            .copy_source(format!("{}/{key}", self.0.settings.bucket))
            .key(spool_key(id))
            .send()
            .await
            .named("CopyObject")?;
        Ok(())
    }

    /// Whether a mail is in the spool. The list is asked: whoever may list only some of the bucket is refused an object that is not
    /// there.
    pub async fn has(self, ses_id: &str) -> Result<bool, StoreError> {
        let key = spool_key(ses_id);
        let objects = self.objects_under(&key).await?;
        Ok(objects.iter().any(|(found, _)| *found == key))
    }

    /// The original of a mail that was taken in.
    pub async fn original(self, key: &str) -> Result<Vec<u8>, BlobError> {
        self.0.blobs().object(key).await
    }
}
