//! Queues carry nudges: "look at this". Losing one costs time, never a contact; only `inbound`, `egress` and
//! `feedback` carry what AWS or the outside says.

use crate::{
    Never, Store, StoreError,
    error::{NameOperation, NamedPart},
    parts::Queues,
    tickets::DuePlace,
};
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use docket_domain::{
    GroupId, OutboxId, PersonId, Tenant, TicketNumber,
    outbox::{OutboxItem, RecallableId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most messages of one batch call, by the service's own limit.
const BATCH_MESSAGES: usize = 10;

/// Longest time that a message can wait before anybody gets it, by the service's own limit.
pub const MOST_DELAY_SECONDS: i32 = 900;

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Mail that came.
    Inbound,
    /// Mail that is taken in alone.
    InboundSingle,
    /// Tickets to triage.
    Triage,
    /// Groups with waiting tickets.
    Assignment,
    /// Mail to send.
    Delivery,
    /// Calls to make.
    Egress,
    /// What became of mail and calls.
    Feedback,
    /// Timers of a busy minute.
    Timers,
    /// Tickets that changed, for what is kept beside them.
    Projections,
    /// The same for the index of the search; without any: look what changed.
    Index,
    /// Jobs of bulk calls, and what is done with all incidents of a problem.
    Jobs,
}

impl Queue {
    /// All queues.
    pub const ALL: [Self; 11] = [
        Self::Inbound,
        Self::InboundSingle,
        Self::Triage,
        Self::Assignment,
        Self::Delivery,
        Self::Egress,
        Self::Feedback,
        Self::Timers,
        Self::Projections,
        Self::Index,
        Self::Jobs,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::InboundSingle => "inbound-single",
            Self::Triage => "triage",
            Self::Assignment => "assignment",
            Self::Delivery => "delivery",
            Self::Egress => "egress",
            Self::Feedback => "feedback",
            Self::Timers => "timers",
            Self::Projections => "projections",
            Self::Index => "index",
            Self::Jobs => "jobs",
        }
    }
}

/// "Look at this."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nudge {
    /// The tenant.
    pub tenant: Tenant,
    /// The ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// Its version, where a certain one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<u64>,
    /// Which work of that version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// The group, for assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// An agent who has room again, for assignment: their other groups are looked at, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed: Option<PersonId>,
    /// Behind which place in the line of waiting tickets to begin, for assignment; at its head where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Where it comes from.
    pub cause: String,
}

impl Nudge {
    /// To triage a ticket.
    pub fn triage(tenant: &Tenant, ticket: TicketNumber, cause: &str) -> Self {
        Self {
            ticket: Some(ticket),
            ..Self::blank(tenant, cause)
        }
    }

    /// To assign what waits in a group.
    pub fn assignment(tenant: &Tenant, group: GroupId, cause: &str) -> Self {
        Self {
            group: Some(group),
            ..Self::blank(tenant, cause)
        }
    }

    /// To do a piece of outgoing work.
    pub fn outbox(tenant: &Tenant, id: OutboxId, cause: &str) -> Self {
        Self {
            ticket: Some(id.ticket),
            v: Some(id.v),
            n: Some(id.n),
            ..Self::blank(tenant, cause)
        }
    }

    /// The piece of outgoing work it names.
    pub fn outbox_id(&self) -> Option<OutboxId> {
        Some(OutboxId {
            ticket: self.ticket?,
            v: self.v?,
            n: self.n?,
        })
    }

    fn blank(tenant: &Tenant, cause: &str) -> Self {
        Self {
            tenant: tenant.clone(),
            ticket: None,
            v: None,
            n: None,
            group: None,
            freed: None,
            after: None,
            cause: cause.to_owned(),
        }
    }
}

/// A call for egress to make. It says everything, since egress reads no table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOrder {
    /// The tenant.
    pub tenant: Tenant,
    /// The work.
    pub item: OutboxItem,
}

/// What became of a call, from egress to delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallResult {
    /// The tenant.
    pub tenant: Tenant,
    /// The work.
    pub call: OutboxId,
    /// Status of the answer; nothing without one.
    pub status: Option<u16>,
    /// In words.
    pub detail: String,
}

/// "Save this answer": it could be recalled until now. For queue `delivery`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerNudge {
    /// The tenant.
    pub tenant: Tenant,
    /// The answer.
    pub answer: RecallableId,
}

/// "Fire what is due in this shard", for queue `timers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardNudge {
    /// The shard of the index `due`.
    pub shard: u8,
    /// The entry after which to begin; from the oldest on without one. So entries that fail and stay due keep none behind
    /// them waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<DuePlace>,
}

/// "These tickets changed", for queues `projections` and `index`: each with the version that it has at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedNudge {
    /// The tenant.
    pub tenant: Tenant,
    /// The tickets.
    pub changed: Vec<(TicketNumber, u64)>,
    /// Whether a part of what is kept is to be compared with the tickets themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub audit: bool,
}

/// Why a nudge that tickets changed is none of ours.
#[derive(Debug, thiserror::Error)]
pub enum BadNudge {
    /// It is none.
    #[error("the nudge can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// It is of another tenant.
    #[error("the nudge is of tenant {0}, which this function does not serve")]
    OtherTenant(Tenant),
}

impl ChangedNudge {
    /// The nudge that a message has, if it is one of this tenant.
    ///
    /// # Errors
    /// When it is none, or of another.
    pub fn read(tenant: &Tenant, body: Option<&str>) -> Result<Self, BadNudge> {
        let nudge: Self = serde_json::from_str(body.unwrap_or_default())?;
        match nudge.tenant == *tenant {
            true => Ok(nudge),
            false => Err(BadNudge::OtherTenant(nudge.tenant)),
        }
    }

    /// The tickets that several name, each once, in order.
    pub fn numbers(changed: &[Vec<(TicketNumber, u64)>]) -> Vec<TicketNumber> {
        let numbers: BTreeSet<TicketNumber> = changed.iter().flatten().map(|(number, _)| *number).collect();
        numbers.into_iter().collect()
    }
}

/// "Solve the incidents of this problem", for queue `jobs`: some with each message, which sends the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentsNudge {
    /// The tenant.
    pub tenant: Tenant,
    /// The problem, which was solved.
    pub problem: TicketNumber,
    /// Version of the event that asked for it: what is asked for by none any more is left.
    pub v: u64,
    /// The incident after which to begin; with the first without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<TicketNumber>,
    /// How many of those before can't be changed.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub left: u64,
    /// Whether the world failed for some of those before: the sweep has all looked at once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

fn is_none_of_them(count: &u64) -> bool {
    *count == 0
}

impl IncidentsNudge {
    /// To begin with the first.
    pub fn new(tenant: &Tenant, problem: TicketNumber, v: u64) -> Self {
        Self {
            tenant: tenant.clone(),
            problem,
            v,
            after: None,
            left: 0,
            again: false,
        }
    }
}

/// A mail that the sweep found in the spool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoolNudge {
    /// Its object.
    pub spool_key: String,
}

impl Store {
    /// Address of a queue.
    pub fn queue_url(&self, queue: Queue) -> &str {
        let queues = &self.settings.queues;
        match queue {
            Queue::Inbound => &queues.inbound,
            Queue::InboundSingle => &queues.inbound_single,
            Queue::Triage => &queues.triage,
            Queue::Assignment => &queues.assignment,
            Queue::Delivery => &queues.delivery,
            Queue::Egress => &queues.egress,
            Queue::Feedback => &queues.feedback,
            Queue::Timers => &queues.timers,
            Queue::Projections => &queues.projections,
            Queue::Index => &queues.index,
            Queue::Jobs => &queues.jobs,
        }
    }
}

impl Queues<'_> {
    /// Sends one message.
    pub async fn send<T: Serialize>(self, queue: Queue, message: &T) -> Result<(), StoreError> {
        let body = to_json(message)?;
        self.send_text(queue, body).await
    }

    /// Sends one message as it is.
    pub async fn send_text(self, queue: Queue, body: String) -> Result<(), StoreError> {
        let request = self
            .0
            .clients
            .sqs
            .send_message()
            .queue_url(self.0.queue_url(queue))
            .message_body(body);
        request.send().await.named("SendMessage")?;
        Ok(())
    }

    /// Sends many messages. The positions of those that were not taken come back.
    pub async fn send_all<T: Serialize>(
        self,
        queue: Queue,
        messages: &[T],
    ) -> Result<Vec<usize>, StoreError> {
        self.send_all_later(queue, None, messages).await
    }

    /// The same, which nobody gets before so many seconds are over, at most [`MOST_DELAY_SECONDS`]; without any the queue's own delay
    /// holds.
    pub async fn send_all_later<T: Serialize>(
        self,
        queue: Queue,
        delay_seconds: Option<i32>,
        messages: &[T],
    ) -> Result<Vec<usize>, StoreError> {
        let delay_seconds = delay_seconds.map(|seconds| seconds.clamp(0, MOST_DELAY_SECONDS));
        let mut failed = Vec::new();
        for (chunk_at, chunk) in messages.chunks(BATCH_MESSAGES).enumerate() {
            let mut entries = Vec::with_capacity(chunk.len());
            for (at, message) in chunk.iter().enumerate() {
                let entry = SendMessageBatchRequestEntry::builder()
                    .id(at.to_string())
                    .message_body(to_json(message)?)
                    .set_delay_seconds(delay_seconds);
                entries.push(entry.build().named_part("SendMessageBatch")?);
            }
            let request = self
                .0
                .clients
                .sqs
                .send_message_batch()
                .queue_url(self.0.queue_url(queue));
            let output = request
                .set_entries(Some(entries))
                .send()
                .await
                .named("SendMessageBatch")?;
            let taken: Vec<&str> = output.successful().iter().map(|entry| entry.id()).collect();
            let lost = (0..chunk.len()).filter(|at| !taken.contains(&at.to_string().as_str()));
            failed.extend(lost.map(|at| chunk_at * BATCH_MESSAGES + at));
        }
        Ok(failed)
    }

    /// Whether nothing is in a queue, waiting or in hand, as far as the service knows.
    pub async fn is_drained(self, queue: Queue) -> Result<bool, StoreError> {
        let output = self
            .0
            .clients
            .sqs
            .get_queue_attributes()
            .queue_url(self.0.queue_url(queue))
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesDelayed)
            .send()
            .await
            .named("GetQueueAttributes")?;
        Ok(output
            .attributes
            .unwrap_or_default()
            .values()
            .all(|count| count == "0"))
    }
}

fn to_json<T: Serialize>(message: &T) -> Result<String, StoreError> {
    serde_json::to_string(message).map_err(|error| Never::unreadable("message", error.to_string()).into())
}
