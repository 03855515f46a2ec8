//! SQS as the desk uses it.

mod batches;
mod messages;
mod queues;

use anyhow::Context;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::clients::{fresh, queue};

pub use batches::*;
pub use messages::*;
pub use queues::*;

pub async fn send(client: &Client, url: &str, body: &str) -> Result<String, anyhow::Error> {
    let sent = client
        .send_message()
        .queue_url(url)
        .message_body(body)
        .send()
        .await?;
    sent.message_id.context("an id")
}

pub async fn attribute(
    client: &Client,
    url: &str,
    name: QueueAttributeName,
) -> Result<String, anyhow::Error> {
    let all = client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(name.clone())
        .send()
        .await?;
    all.attributes()
        .and_then(|all| all.get(&name))
        .cloned()
        .context("the attribute")
}

/// A queue whose messages go to another after two receives; both addresses.
pub async fn queue_with_dead_letters(client: &Client) -> Result<(String, String), anyhow::Error> {
    let dead = queue(client).await?;
    let arn = attribute(client, &dead, QueueAttributeName::QueueArn).await?;
    let policy = format!("{{\"deadLetterTargetArn\":\"{arn}\",\"maxReceiveCount\":\"2\"}}");
    let made = client
        .create_queue()
        .queue_name(fresh("queue"))
        .attributes(QueueAttributeName::RedrivePolicy, policy)
        .send()
        .await?;
    Ok((made.queue_url.context("an address")?, dead))
}
