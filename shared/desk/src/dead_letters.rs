//! Dead letters: messages that were received five times and not done. Looked at, sent back, or discarded with a reason.
//!
//! SQS has no way to look without taking, so whoever looks holds what is there for a while and then lets go. Nothing is
//! deleted before it stands elsewhere: a redrive sends first, a discard writes first. A kill in between leaves a message
//! twice, which every function bears, and never not at all.

use crate::parts::DeadLetters;
use docket_domain::Timestamp;
use docket_store::{
    Never, Nudge, Queue, StoreError,
    queue::{CallOrder, CallResult, DeadLetter, MOST_RECEIVED, SpoolNudge},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most messages of one queue that one run takes in hand; more wait for the next run.
pub const MOST_PER_RUN: usize = 500;
/// Where discarded messages are kept.
pub const DISCARDED_PREFIX: &str = "discarded/";

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

impl DeadLetters<'_> {
    /// Takes the dead letters of a queue in hand, at most [`MOST_PER_RUN`], each once. Whoever is killed with them in
    /// hand loses none: they come back by themselves.
    pub async fn take(self, queue: Queue) -> Result<Vec<DeadLetter>, StoreError> {
        let Some(url) = self.queue_of(queue).await? else {
            return Ok(Vec::new());
        };
        let expected = self.counted(&url).await?.visible.min(MOST_PER_RUN);
        let mut letters: Vec<DeadLetter> = Vec::new();
        while letters.len() < expected {
            let most = (expected - letters.len()).min(MOST_RECEIVED);
            let taken = self.receive(queue, &url, most).await?;
            if taken.is_empty() {
                break;
            }
            letters.extend(taken);
        }
        Ok(letters)
    }

    /// Sends a dead letter to the queue it was for. It leaves the dead-letter queue only once it stands there.
    pub async fn redrive(self, letter: &DeadLetter) -> Result<(), StoreError> {
        self.desk
            .queues()
            .send_text(letter.queue, letter.body.clone())
            .await?;
        self.delete(letter).await
    }

    /// Discards a dead letter; gives the object that keeps it, which stands before the message goes.
    pub async fn discard(self, letter: &DeadLetter, by: &str, reason: &str) -> Result<String, StoreError> {
        let discarded = Discarded {
            message_id: letter.id.clone(),
            queue: letter.queue.name().to_owned(),
            body: letter.body.clone(),
            sent_at: letter.sent_at,
            receive_count: letter.receive_count,
            discarded_at: self.desk.now(),
            discarded_by: by.to_owned(),
            reason: reason.to_owned(),
        };
        let day = discarded.discarded_at.strftime("%Y-%m-%d");
        let key = format!("{DISCARDED_PREFIX}{day}/{}.json", letter.id);
        let json = serde_json::to_vec_pretty(&discarded).map_err(|error| Never::Unreadable {
            what: "discarded message",
            detail: error.to_string(),
        })?;
        self.desk
            .blobs()
            .put_object(&key, json, "application/json")
            .await?;
        self.delete(letter).await?;
        Ok(key)
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
