//! The emulation from outside.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use bytes::Bytes;
use serde_json::Value;

use crate::REGION;
use crate::clock::Clock;
use crate::connector::Connector;
use crate::core::Core;
use crate::dynamodb::{CapacityUse, FillError, StreamFilter, StreamRecord};
use crate::faults::{FaultPlan, Service};
use crate::s3::ObjectStatus;
use crate::ses::{self, BounceKind, Inbound, InboundError, SentMail};
use crate::sqs::{self, QueueStatus, QueuedMessage};

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere: gone with the last handle.
    Memory,
    /// In this folder, made if it is not there. One process at a time: a file `lock` in it is held while it is open.
    Dir(PathBuf),
}

/// Why the emulation could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder could not be made.
    #[error("folder {folder} cannot be made")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the file system says.
        source: std::io::Error,
    },
    /// Somebody else has it open.
    #[error("folder {folder} is in use by another process")]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The file with the tables could not be opened.
    #[error("the tables cannot be opened")]
    Tables(#[source] dynoxide::DynoxideError),
    /// The file with queues, objects, mail and parameters could not be opened or read.
    #[error("the file of queues and objects cannot be read")]
    Services(#[source] rusqlite::Error),
}

/// The emulation's own file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the file of queues and objects cannot be written")]
pub struct StorageError(#[source] pub(crate) rusqlite::Error);

/// A handle on the emulated services; clones share them.
#[derive(Clone)]
pub struct EmbeddedAws {
    core: Arc<Core>,
}

impl fmt::Debug for EmbeddedAws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedAws")
            .field("clock", &self.core.clock)
            .finish_non_exhaustive()
    }
}

impl EmbeddedAws {
    /// Opens what the storage holds, or begins with nothing.
    ///
    /// # Errors
    ///
    /// When the folder or a file in it cannot be made, opened or read.
    pub fn open(storage: Storage, clock: Clock) -> Result<Self, OpenError> {
        Ok(Self {
            core: Arc::new(Core::open(storage, clock)?),
        })
    }

    /// The configuration for any SDK client. `actor` names the caller to the fault plan.
    ///
    /// Retries are the SDK's standard ones without jitter; the clock is ours.
    pub fn config(&self, actor: &str) -> SdkConfig {
        let credentials = Credentials::new("AKIAEMBEDDED", "embedded", None, None, "embedded");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(Connector {
                core: self.core.clone(),
                actor: Arc::from(actor),
            })
            .sleep_impl(TokioSleep::new())
            .time_source(self.core.clock.clone())
            .retry_config(RetryConfig::standard().with_use_static_exponential_base(true))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .disable_clock_skew_correction(true)
            .build()
    }

    /// Has all that was written until now survive a power cut; whether there was anything to do. Whoever answers the outside waits for
    /// it first. It waits for the disk: not for the threads of a runtime, which have [`EmbeddedAws::synced`].
    ///
    /// # Errors
    ///
    /// When the disk does not take it: then nobody knows what would survive.
    pub fn sync(&self) -> std::io::Result<bool> {
        self.core.disk().map_or(Ok(false), |disk| disk.sync())
    }

    /// The same as [`EmbeddedAws::sync`], without keeping the thread of the runtime.
    ///
    /// # Errors
    ///
    /// As [`EmbeddedAws::sync`].
    pub async fn synced(&self) -> std::io::Result<bool> {
        let Some(disk) = self.core.disk().cloned() else {
            return Ok(false);
        };
        let done = tokio::task::spawn_blocking(move || disk.sync()).await;
        done.unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
    }

    /// The clock everything lives by.
    pub fn clock(&self) -> &Clock {
        &self.core.clock
    }

    /// Makes all identifiers from here on follow from `seed`.
    pub fn seed(&self, seed: u64) {
        self.core.ids.seed(seed);
    }

    /// Lets `plan` decide about every call from here on; none: every call is done and answered.
    pub fn set_fault_plan(&self, plan: Option<Arc<dyn FaultPlan>>) {
        self.core.dynamodb.remember_writes(plan.is_some());
        self.core.seam.set_plan(plan);
    }

    /// Ends when a call of this actor is killed after this moment, even if it is awaited only later.
    pub fn killed(&self, actor: &str) -> impl Future<Output = ()> + Send + use<> {
        let mut kills = self.core.seam.kills_of(actor);
        async move {
            if kills.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// How many calls came in, by service and operation, repeats by the SDK included.
    pub fn calls(&self) -> BTreeMap<(Service, String), u64> {
        self.core.seam.counts()
    }

    /// The same by actor: who made them.
    pub fn calls_by_actor(&self) -> BTreeMap<String, BTreeMap<(Service, String), u64>> {
        self.core.seam.counts_by_actor()
    }

    /// Forgets the counted calls and starts their numbers anew.
    pub fn reset_calls(&self) {
        self.core.seam.reset();
    }

    /// Begins anew to sum consumed capacity, or stops. It slows DynamoDB down.
    pub fn tally_capacity(&self, on: bool) {
        self.core.dynamodb.tally_capacity(on);
    }

    /// The capacity consumed since [`EmbeddedAws::tally_capacity`], by table and operation.
    pub fn capacity(&self) -> Vec<CapacityUse> {
        self.core.dynamodb.capacity()
    }

    /// The time spent inside the emulated services so far, without the SDK and without waiting.
    pub fn emulation_time(&self) -> Duration {
        self.core.seam.emulation_time()
    }

    /// Puts items, in DynamoDB's JSON form, straight into a table, all or none. It is no call: nothing is counted, meets a
    /// fault, takes capacity or comes to a stream. For tables of a size that calls would take hours to fill.
    ///
    /// # Errors
    ///
    /// When there is no such table, or one of them is no item of it.
    pub fn fill_table(&self, table: &str, items: Vec<Value>) -> Result<(), FillError> {
        self.core.dynamodb.fill(table, items)
    }

    /// Keeps stream records of a table's changes from here on, in memory only.
    pub fn enable_stream(&self, table: &str) {
        self.core.dynamodb.enable_stream(table, |_| true);
    }

    /// The same of those changes only that a filter lets through, as the filter of an event source does: others are never held.
    pub fn enable_filtered_stream(&self, table: &str, filter: StreamFilter) {
        self.core.dynamodb.enable_stream(table, filter);
    }

    /// Keeps every change of a table from here on, in memory only and beside its stream: for tests that ask in which order
    /// things were written.
    pub fn keep_history(&self, table: &str) {
        self.core.dynamodb.keep_history(table);
    }

    /// Takes the changes of a table that were kept since the last time, in the order in which they were made.
    pub fn take_history(&self, table: &str) -> Vec<StreamRecord> {
        self.core.dynamodb.take_history(table)
    }

    /// Takes up to `max` records of a table's stream, oldest first.
    pub fn take_stream(&self, table: &str, max: usize) -> Vec<StreamRecord> {
        self.core.dynamodb.take_stream(table, max)
    }

    /// Loses all records of a table's stream; gives their number.
    pub fn drop_stream(&self, table: &str) -> usize {
        self.core.dynamodb.take_stream(table, usize::MAX).len()
    }

    /// The number of records waiting in a table's stream.
    pub fn stream_length(&self, table: &str) -> usize {
        self.core.dynamodb.stream_length(table)
    }

    /// Ends when a table's stream has a record to take; never for a table without a stream.
    pub async fn stream_ready(&self, table: &str) {
        self.stream_has(table, |waiting| waiting > 0).await;
    }

    /// Ends when no more than so many records wait in a table's stream; never for a table without a stream.
    pub async fn stream_at_most(&self, table: &str, most: usize) {
        self.stream_has(table, |waiting| waiting <= most).await;
    }

    async fn stream_has(&self, table: &str, is_so: impl Fn(usize) -> bool) {
        let Some(mut moves) = self.core.dynamodb.stream_moves(table) else {
            return std::future::pending().await;
        };
        while !is_so(self.stream_length(table)) {
            if moves.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    /// What stands in each queue, by name.
    pub fn queues(&self) -> Vec<QueueStatus> {
        self.core.sqs.statuses(self.core.clock.now_ms())
    }

    /// The messages of a queue (by URL or name) in the order they were sent, without receiving them.
    pub fn queue_messages(&self, queue_url: &str) -> Vec<QueuedMessage> {
        self.core.sqs.messages(queue_url)
    }

    /// Loses every message of every queue; gives their number.
    ///
    /// # Errors
    ///
    /// When the storage cannot be written.
    pub fn empty_queues(&self) -> Result<usize, StorageError> {
        self.core.sqs.empty_all(&self.core.journal).map_err(StorageError)
    }

    /// The address of a queue by its name, whether it is there or not.
    pub fn queue_url(&self, name: &str) -> String {
        sqs::url_of(name)
    }

    /// The objects of all buckets whose keys begin with `prefix`.
    pub fn objects(&self, prefix: &str) -> Vec<ObjectStatus> {
        self.core.s3.objects(prefix)
    }

    /// The bytes of one object.
    pub fn object(&self, bucket: &str, key: &str) -> Option<Bytes> {
        self.core.s3.bytes(bucket, key, &self.core.journal)
    }

    /// Publishes Send, Delivery, Bounce and Complaint events to this queue from here on, or nowhere.
    ///
    /// As on AWS, only for mail that names a configuration set.
    pub fn set_ses_event_queue(&self, queue_url: Option<String>) {
        self.core.ses.set_event_queue(queue_url);
    }

    /// Mail to this address comes back. `bounce@simulator.amazonses.com` does so from the start.
    pub fn bounce_mail_to(&self, address: &str, kind: BounceKind) {
        self.core.ses.bounce(address, kind);
    }

    /// Recipients at this address complain. `complaint@simulator.amazonses.com` does so from the start.
    pub fn complain_about_mail_to(&self, address: &str) {
        self.core.ses.complain(address);
    }

    /// Mail from or to this address is refused with `MessageRejected`.
    pub fn reject_mail_with(&self, address: &str) {
        self.core.ses.reject(address);
    }

    /// Every mail that SES accepted, oldest first.
    pub fn sent_mails(&self) -> Vec<SentMail> {
        self.core.ses.sent(&self.core.journal)
    }

    /// The number of mails that SES accepted.
    pub fn sent_count(&self) -> usize {
        self.core.ses.sent_count()
    }

    /// Takes in one mail as SES does: the object first, then the receipt; gives SES's id for it.
    ///
    /// # Errors
    ///
    /// When the bucket or the queue is not there, or the storage cannot be written.
    pub fn receive_mail(&self, mail: &Inbound) -> Result<String, InboundError> {
        ses::receive(mail, &self.core.s3, &self.core.surroundings())
    }
}
