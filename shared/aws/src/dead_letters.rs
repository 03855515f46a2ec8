//! Dead letters: messages that were received five times and not done. Looked at, sent back, or discarded with a reason.
//!
//! SQS has no way to look without taking, so whoever looks holds what is there for a while and then lets go. Nothing is
//! deleted before it stands elsewhere: a redrive sends first, a discard writes first. A kill in between leaves a message
//! twice, which every function bears, and never not at all.

use crate::{
    Desk, Never, Nudge, Queue, StoreError,
    error::NameOperation,
    queues::{CallOrder, CallResult, SpoolNudge},
};
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use docket_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most messages of one receive call, by the service's own limit.
const MOST_RECEIVED: usize = 10;
/// How long what is looked at stays out of others' sight, in seconds: long enough for one run over
/// [`MOST_PER_RUN`] messages, short enough that a killed run blocks nobody for long.
const HOLD_SECONDS: i32 = 300;
/// Most messages of one queue that one run takes in hand; more wait for the next run.
pub const MOST_PER_RUN: usize = 500;
/// Where discarded messages are kept.
pub const DISCARDED_PREFIX: &str = "discarded/";

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

/// What is kept of a discarded message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discarded {
    /// The id SQS gave it.
    pub message_id: String,
    /// The queue it was for.
    pub queue: String,
    /// What it said.
    pub body: String,
    /// When it was first sent.
    pub sent_at: Option<Timestamp>,
    /// How often it had been received.
    pub receive_count: u32,
    /// When it was discarded.
    pub discarded_at: Timestamp,
    /// Who did it.
    pub discarded_by: String,
    /// Why.
    pub reason: String,
}

/// Messages of a queue by its own count, which may lag behind by a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// To be received now.
    pub visible: usize,
    /// In somebody's hand.
    pub in_flight: usize,
}

impl Desk {
    /// Address of the dead-letter queue of a queue, by what the queue says itself; nothing where it has none.
    pub async fn dead_letter_queue(&self, queue: Queue) -> Result<Option<String>, StoreError> {
        let output = self
            .clients
            .sqs
            .get_queue_attributes()
            .queue_url(self.queue_url(queue))
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
        let found = self.clients.sqs.get_queue_url().queue_name(name).send().await;
        Ok(found.named("GetQueueUrl")?.queue_url)
    }

    /// How many messages a queue holds.
    pub async fn counted(&self, queue_url: &str) -> Result<Counted, StoreError> {
        let output = self
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

    /// Takes the dead letters of a queue in hand, at most [`MOST_PER_RUN`], each once. Whoever is killed with them in
    /// hand loses none: they come back by themselves.
    pub async fn take_dead_letters(&self, queue: Queue) -> Result<Vec<DeadLetter>, StoreError> {
        let Some(url) = self.dead_letter_queue(queue).await? else {
            return Ok(Vec::new());
        };
        let expected = self.counted(&url).await?.visible.min(MOST_PER_RUN);
        let mut letters: Vec<DeadLetter> = Vec::new();
        while letters.len() < expected {
            let most = (expected - letters.len()).min(MOST_RECEIVED);
            let taken = self.receive_dead(queue, &url, most).await?;
            if taken.is_empty() {
                break;
            }
            letters.extend(taken);
        }
        Ok(letters)
    }

    async fn receive_dead(
        &self,
        queue: Queue,
        url: &str,
        most: usize,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        let output = self
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
    pub async fn let_go(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        let back = self
            .clients
            .sqs
            .change_message_visibility()
            .queue_url(&letter.dead_queue_url)
            .receipt_handle(&letter.receipt)
            .visibility_timeout(0);
        back.send().await.named("ChangeMessageVisibility")?;
        Ok(())
    }

    /// Sends a dead letter to the queue it was for. It leaves the dead-letter queue only once it stands there.
    pub async fn redrive(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        self.send_text(letter.queue, letter.body.clone()).await?;
        self.delete_dead(letter).await
    }

    /// Discards a dead letter; gives the object that keeps it, which stands before the message goes.
    pub async fn discard(&self, letter: &DeadLetter, by: &str, reason: &str) -> Result<String, StoreError> {
        let discarded = Discarded {
            message_id: letter.id.clone(),
            queue: letter.queue.name().to_owned(),
            body: letter.body.clone(),
            sent_at: letter.sent_at,
            receive_count: letter.receive_count,
            discarded_at: self.now(),
            discarded_by: by.to_owned(),
            reason: reason.to_owned(),
        };
        let day = discarded.discarded_at.strftime("%Y-%m-%d");
        let key = format!("{DISCARDED_PREFIX}{day}/{}.json", letter.id);
        let json = serde_json::to_vec_pretty(&discarded).map_err(|error| Never::Unreadable {
            what: "discarded message",
            detail: error.to_string(),
        })?;
        self.put_object(&key, json, "application/json").await?;
        self.delete_dead(letter).await?;
        Ok(key)
    }

    async fn delete_dead(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        let delete = self
            .clients
            .sqs
            .delete_message()
            .queue_url(&letter.dead_queue_url)
            .receipt_handle(&letter.receipt);
        delete.send().await.named("DeleteMessage")?;
        Ok(())
    }
}

/// What a message is about, in words; nothing when it is none of the desk's.
pub fn about(body: &str) -> Option<String> {
    if let Ok(order) = serde_json::from_str::<CallOrder>(body) {
        let id = order.item.id;
        return Some(format!("a call for ticket {}, work {}.{}", id.ticket, id.v, id.n));
    }
    if let Ok(result) = serde_json::from_str::<CallResult>(body) {
        let id = result.call;
        return Some(format!(
            "the result of a call for ticket {}, work {}.{}",
            id.ticket, id.v, id.n
        ));
    }
    if let Ok(spool) = serde_json::from_str::<SpoolNudge>(body) {
        return Some(format!("mail {}", spool.spool_key));
    }
    if let Ok(nudge) = serde_json::from_str::<Nudge>(body) {
        let what = match (nudge.ticket, nudge.outbox_id(), nudge.group) {
            (_, Some(id), _) => format!("ticket {}, work {}.{}", id.ticket, id.v, id.n),
            (Some(ticket), None, _) => format!("ticket {ticket}"),
            (None, None, Some(group)) => format!("group {group}"),
            (None, None, None) => return None,
        };
        return Some(format!("{what} ({})", nudge.cause));
    }
    let event: Value = serde_json::from_str(body).ok()?;
    if let Some(shard) = event["shard"].as_u64() {
        return Some(format!("shard {shard} of what is due"));
    }
    let mail = &event["mail"];
    let id = mail["messageId"].as_str()?;
    if event["notificationType"] == "Received" {
        let from = mail["source"].as_str().unwrap_or_default();
        return Some(format!("mail {id} from <{from}>"));
    }
    let kind = event["eventType"].as_str()?;
    Some(format!("{kind} of mail {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_said_to_be_about_what_it_names() {
        let cases = [
            (
                r#"{"tenant":"main","ticket":7,"cause":"created"}"#,
                Some("ticket 7 (created)"),
            ),
            (
                r#"{"tenant":"main","ticket":7,"v":3,"n":1,"cause":"sweep"}"#,
                Some("ticket 7, work 3.1 (sweep)"),
            ),
            (
                r#"{"tenant":"main","group":2,"cause":"triaged"}"#,
                Some("group 2 (triaged)"),
            ),
            (r#"{"spool_key":"raw/abc"}"#, Some("mail raw/abc")),
            (r#"{"shard":63}"#, Some("shard 63 of what is due")),
            (
                r#"{"notificationType":"Received","mail":{"messageId":"abc","source":"eve@example.com"}}"#,
                Some("mail abc from <eve@example.com>"),
            ),
            (
                r#"{"eventType":"Bounce","mail":{"messageId":"abc"}}"#,
                Some("Bounce of mail abc"),
            ),
            (r#"{"something":"else"}"#, None),
            ("not JSON", None),
            ("", None),
        ];
        for (body, expected) in cases {
            assert_eq!(about(body).as_deref(), expected, "{body}");
        }
    }
}
