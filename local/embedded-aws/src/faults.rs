//! What a test may make of a call.

use std::fmt;
use std::time::Duration;

/// The service that a call is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Amazon DynamoDB.
    DynamoDb,
    /// Amazon SQS.
    Sqs,
    /// Amazon S3.
    S3,
    /// Amazon SES, the first API.
    Ses,
    /// AWS Systems Manager parameters.
    Ssm,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DynamoDb => "dynamodb",
            Self::Sqs => "sqs",
            Self::S3 => "s3",
            Self::Ses => "ses",
            Self::Ssm => "ssm",
        })
    }
}

/// One call, as the plan sees it before anything happens.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls: the label given to [`EmbeddedAws::config`](crate::EmbeddedAws::config).
    pub actor: String,
    /// The service called.
    pub service: Service,
    /// The operation by its name in the API, such as `PutItem`.
    pub operation: String,
    /// The table, queue, bucket with key, or parameter that the request names first; empty if none.
    pub resource: String,
    /// Whether it is a `Query` or `Scan` on an index.
    pub on_index: bool,
    /// How many calls were made before this one, to any service, by anyone.
    pub index: u64,
}

/// What happens to one call.
///
/// Where a fault has no meaning for an operation (an unprocessed entry of a call that is no batch), the call
/// is done as if there was none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// It is done and answered.
    #[default]
    None,
    /// It is not done; the answer is this status (500 to 599).
    FailBefore(u16),
    /// It is done, but the answer is this status (500 to 599).
    FailAfter(u16),
    /// The connection could not be made: the caller can know that nothing was done.
    ConnectionRefused,
    /// It is not done; the service asks to slow down, each in its own words.
    Throttle,
    /// It is not done; the service says that the caller's credentials have expired, each in its own words.
    Expired,
    /// It is not done; another transaction was at the same item. Means something to writes of DynamoDB only.
    TransactionConflict,
    /// It is done, then the connection breaks before the answer.
    LoseReply,
    /// The client's time runs out; whether it was done is what `done` says.
    Timeout {
        /// Whether the service did it all the same.
        done: bool,
    },
    /// It is done after this time of the tokio clock.
    Delay(Duration),
    /// It is done at once and answered after this time of the tokio clock.
    DelayReply(Duration),
    /// It is done twice, as when a client repeats after a lost answer.
    Duplicate {
        /// Whether the caller gets the second answer, not the first.
        answer_second: bool,
    },
    /// A `Query` or `Scan` on an index, or on a table without a strong read, answers as of before the table's last writes,
    /// in memory only.
    StaleIndex {
        /// How many writes the index lags behind (a transaction counts as one), at most 16.
        writes: usize,
    },
    /// Entry i of a batch fails or stays unprocessed when bit i (modulo 64) is set.
    PartialBatch {
        /// One bit for each entry.
        fails: u64,
    },
    /// The caller is killed and the call was not done: it is never answered.
    KillBefore,
    /// The caller is killed and the call was done: it is never answered.
    KillAfter,
}

/// What happens to one message that AWS itself sends to a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It comes once.
    #[default]
    Once,
    /// It never comes.
    Lost,
    /// It comes twice.
    Twice,
    /// It comes this many seconds of the clock later, at most 900.
    Late(u16),
}

/// Decides each call's fate.
pub trait FaultPlan: Send + Sync {
    /// Asked once for every call, before it is done, in the order of the calls.
    fn plan(&self, call: &Call) -> Fault;

    /// Whether there is anything to ask for: where not, calls pass as if there was no plan.
    fn is_armed(&self) -> bool {
        true
    }

    /// Asked for every event that SES publishes about the mail `ses_id`: `Send`, `Delivery`, `Bounce` or
    /// `Complaint`.
    fn plan_event(&self, event_type: &str, ses_id: &str) -> Fate {
        let _ = (event_type, ses_id);
        Fate::Once
    }
}

impl<F: Fn(&Call) -> Fault + Send + Sync> FaultPlan for F {
    fn plan(&self, call: &Call) -> Fault {
        self(call)
    }
}
