//! The AWS services which a serverless application stands on, in one process, behind the real SDK clients.
//!
//! [`EmbeddedAws::config`] gives an `SdkConfig` whose HTTP client answers here instead of on the network:
//! DynamoDB (by dynoxide), SQS, S3, SES's first API and SSM parameters, as far as such an application uses
//! them. Everything lives by one [`Clock`] that can be moved. In a folder everything survives a kill at any
//! moment, and what [`EmbeddedAws::sync`] has seen survives a power cut; in memory it is quick to make and to drop.
//!
//! Every call passes one place, so a [`FaultPlan`] can make any call fail, come twice, come late, lose its
//! answer or kill its caller. With a seed ([`EmbeddedAws::seed`]), a manual clock, a current-thread runtime
//! and paused tokio time, two runs do exactly the same.
//!
//! # What differs from AWS
//!
//! - DynamoDB reads are always consistent (but for [`Fault::StaleIndex`]), nothing is throttled or conflicts
//!   unless a plan says so, and items are not expired by time to live. Streams are taken with
//!   [`EmbeddedAws::take_stream`]; changes made with PartiQL are not in them. Transaction tokens are
//!   forgotten on restart.
//! - SQS has standard queues only, and gives messages in the order they were sent. A message that is moved to
//!   a dead-letter queue keeps its receive count.
//! - S3 keeps one version of an object, has no uploads in parts, and answers ranges from a byte to a byte.
//! - SES verifies no identities and delivers nowhere; its events come at once.

mod clock;
mod connector;
mod core;
mod disk;
mod dynamodb;
mod fault_answers;
mod faults;
mod folder;
mod ids;
mod journal;
mod s3;
mod seam;
mod ses;
mod sqs;
mod ssm;
mod target;
mod turns;
mod wire;

mod aws;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use aws::{EmbeddedAws, OpenError, Storage, StorageError};
pub use clock::Clock;
pub use dynamodb::{CapacityUse, FillError, StreamChange, StreamEventName, StreamFilter, StreamRecord};
pub use faults::{Call, Fate, Fault, FaultPlan, Service};
pub use s3::ObjectStatus;
pub use ses::{BounceKind, Inbound, InboundError, SentMail, Verdict, Verdicts};
pub use sqs::{QueueStatus, QueuedMessage};
pub use turns::stand_behind;

/// The region everything stands in.
pub const REGION: &str = "us-east-1";

/// The account everything belongs to.
pub const ACCOUNT: &str = "000000000000";

/// A panic elsewhere while a lock was held leaves whole values behind: every change is made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
