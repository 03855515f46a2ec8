//! Batches of messages.

use anyhow::{Context, ensure};
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, QueueAttributeName, SendMessageBatchRequestEntry};
use aws_types::SdkConfig;

use super::{attribute, send};
use crate::clients::{Check, code, queue, receive, sqs};

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder()
        .id(id)
        .message_body(body)
        .build()
        .expect("a whole entry")
}

pub async fn a_batch_sends_each_entry(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let sent = client
        .send_message_batch()
        .queue_url(&url)
        .entries(entry("a", "one"))
        .entries(entry("b", "two"))
        .send()
        .await?;
    ensure!(sent.failed().is_empty());
    let ids: Vec<&str> = sent.successful().iter().map(|entry| entry.id()).collect();
    ensure!(ids == ["a", "b"]);
    ensure!(attribute(&client, &url, QueueAttributeName::ApproximateNumberOfMessages).await? == "2");
    Ok(())
}

pub async fn a_batch_tells_which_entry_failed(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let sent = client
        .send_message_batch()
        .queue_url(&url)
        .entries(entry("good", "one"))
        .entries(entry("bad", "\u{1}"))
        .send()
        .await?;
    let failed: Vec<&str> = sent.failed().iter().map(|entry| entry.id()).collect();
    ensure!(failed == ["bad"], "{failed:?}");
    ensure!(sent.failed()[0].sender_fault());
    ensure!(sent.successful().len() == 1);
    Ok(())
}

pub async fn eleven_entries_are_too_many(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let entries = (0..11).map(|number| entry(&number.to_string(), "x")).collect();
    let code = code(
        client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries))
            .send()
            .await,
    );
    ensure!(code.ends_with("TooManyEntriesInBatchRequest"), "{code}");
    Ok(())
}

pub async fn an_empty_batch_is_refused(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let code = code(
        client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(Vec::new()))
            .send()
            .await,
    );
    ensure!(code.ends_with("EmptyBatchRequest"), "{code}");
    Ok(())
}

pub async fn entries_need_distinct_ids(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let entries = vec![entry("a", "x"), entry("a", "y")];
    let code = code(
        client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries))
            .send()
            .await,
    );
    ensure!(code.ends_with("BatchEntryIdsNotDistinct"), "{code}");
    Ok(())
}

pub async fn a_batch_deletes_each_entry(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    send(&client, &url, "one").await?;
    let message = receive(&client, &url).await?.context("a message")?;
    let entry = |id: &str, receipt: &str| {
        DeleteMessageBatchRequestEntry::builder()
            .id(id)
            .receipt_handle(receipt)
            .build()
    };
    let deleted = client
        .delete_message_batch()
        .queue_url(&url)
        .entries(entry("good", message.receipt_handle().context("a receipt")?)?)
        .entries(entry("bad", "nonsense")?)
        .send()
        .await?;
    ensure!(deleted.successful().len() == 1 && deleted.successful()[0].id() == "good");
    ensure!(deleted.failed().len() == 1 && deleted.failed()[0].id() == "bad");
    Ok(())
}
