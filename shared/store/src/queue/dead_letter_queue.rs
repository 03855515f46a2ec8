//! Dead-letter queues. SQS has no way to look without taking, so whoever looks holds what is there for a while and then
//! lets go.

use crate::{Queue, StoreError, error::NameOperation, parts::DeadLetters};
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use docket_domain::Timestamp;
use serde_json::Value;

/// Most messages of one receive call, by the service's own limit.
pub const MOST_RECEIVED: usize = 10;

/// How long what is looked at stays out of others' sight, in seconds: long enough for one run over
/// `MOST_PER_RUN` messages, short enough that a killed run blocks nobody for long.
const HOLD_SECONDS: i32 = 300;

/// A dead letter in hand.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// The id SQS gave it.
    pub id: String,
    /// The queue it was for.
    pub queue: Queue,
    /// What it says.
    pub body: String,
    /// When it was first sent.
    pub sent_at: Option<Timestamp>,
    /// How often it was received so far.
    pub receive_count: u32,
    dead_queue_url: String,
    receipt: String,
}

/// Messages of a queue by its own count, which may lag behind by a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// To be received now.
    pub visible: usize,
    /// In somebody's hand.
    pub in_flight: usize,
}

impl DeadLetters<'_> {
    /// Address of the dead-letter queue of a queue, by what the queue says itself; nothing where it has none.
    pub async fn queue_of(self, queue: Queue) -> Result<Option<String>, StoreError> {
        let output = self
            .0
            .clients
            .sqs
            .get_queue_attributes()
            .queue_url(self.0.queue_url(queue))
            .attribute_names(QueueAttributeName::RedrivePolicy)
            .send()
            .await
            .named("GetQueueAttributes")?;
        let policy = output
            .attributes
            .and_then(|mut all| all.remove(&QueueAttributeName::RedrivePolicy));
        let policy: Value = policy
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        let arn = policy["deadLetterTargetArn"].as_str().unwrap_or_default();
        // arn:aws:sqs:region:account:name
        let Some(name) = arn.split(':').nth(5) else {
            return Ok(None);
        };
        let found = self.0.clients.sqs.get_queue_url().queue_name(name).send().await;
        Ok(found.named("GetQueueUrl")?.queue_url)
    }

    /// How many messages a queue holds.
    pub async fn counted(self, queue_url: &str) -> Result<Counted, StoreError> {
        let output = self
            .0
            .clients
            .sqs
            .get_queue_attributes()
            .queue_url(queue_url)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            .send()
            .await
            .named("GetQueueAttributes")?;
        let all = output.attributes.unwrap_or_default();
        let number = |name| all.get(&name).and_then(|count| count.parse().ok()).unwrap_or(0);
        Ok(Counted {
            visible: number(QueueAttributeName::ApproximateNumberOfMessages),
            in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        })
    }

    /// Takes at most `most` dead letters of a queue in hand; none where the call found none.
    pub async fn receive(self, queue: Queue, url: &str, most: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let output = self
            .0
            .clients
            .sqs
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(i32::try_from(most).unwrap_or(1))
            .visibility_timeout(HOLD_SECONDS)
            // A call that does not wait asks only some of the service's hosts.
            .wait_time_seconds(1)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .named("ReceiveMessage")?;
        let letters = output.messages.unwrap_or_default().into_iter().map(|message| {
            let attribute = |name| message.attributes.as_ref().and_then(|all| all.get(&name));
            let sent_ms = attribute(MessageSystemAttributeName::SentTimestamp);
            let count = attribute(MessageSystemAttributeName::ApproximateReceiveCount);
            DeadLetter {
                queue,
                sent_at: sent_ms
                    .and_then(|ms| ms.parse().ok())
                    .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
                receive_count: count.and_then(|count| count.parse().ok()).unwrap_or(0),
                dead_queue_url: url.to_owned(),
                id: message.message_id.unwrap_or_default(),
                body: message.body.unwrap_or_default(),
                receipt: message.receipt_handle.unwrap_or_default(),
            }
        });
        Ok(letters.collect())
    }

    /// Lets a dead letter go: it stands in its queue as before.
    pub async fn let_go(self, letter: &DeadLetter) -> Result<(), StoreError> {
        let back = self
            .0
            .clients
            .sqs
            .change_message_visibility()
            .queue_url(&letter.dead_queue_url)
            .receipt_handle(&letter.receipt)
            .visibility_timeout(0);
        back.send().await.named("ChangeMessageVisibility")?;
        Ok(())
    }

    /// Deletes a dead letter in hand.
    pub async fn delete(self, letter: &DeadLetter) -> Result<(), StoreError> {
        let delete = self
            .0
            .clients
            .sqs
            .delete_message()
            .queue_url(&letter.dead_queue_url)
            .receipt_handle(&letter.receipt);
        delete.send().await.named("DeleteMessage")?;
        Ok(())
    }
}
