//! SQS as the desk uses it.

use anyhow::{Context, ensure};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName,
    SendMessageBatchRequestEntry,
};
use aws_types::SdkConfig;

use crate::clients::{Check, code, fresh, queue, receive, sqs};

async fn send(client: &Client, url: &str, body: &str) -> Result<String, anyhow::Error> {
    let sent = client
        .send_message()
        .queue_url(url)
        .message_body(body)
        .send()
        .await?;
    sent.message_id.context("an id")
}

async fn attribute(client: &Client, url: &str, name: QueueAttributeName) -> Result<String, anyhow::Error> {
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

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder()
        .id(id)
        .message_body(body)
        .build()
        .expect("a whole entry")
}

pub async fn a_message_sent_is_received_as_it_was(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let body = "{\"v\":1,\"text\":\"<gr\u{fc}\u{df}e> & \u{1f4e8}\"}\r\n\t";
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body(body)
        .send()
        .await?;
    let message = receive(&client, &url).await?.context("a message")?;
    ensure!(message.body() == Some(body));
    ensure!(message.message_id() == sent.message_id());
    ensure!(message.md5_of_body() == sent.md5_of_message_body());
    let digest = format!("{:x}", md5::compute(body));
    ensure!(message.md5_of_body() == Some(digest.as_str()));
    Ok(())
}

pub async fn a_received_message_is_hidden_and_counted(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    send(&client, &url, "one").await?;
    let message = receive(&client, &url).await?.context("a message")?;
    let attributes = message.attributes().context("attributes")?;
    ensure!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount] == "1");
    ensure!(attributes[&MessageSystemAttributeName::SentTimestamp].parse::<i64>()? > 1_600_000_000_000);
    ensure!(receive(&client, &url).await?.is_none());
    ensure!(
        attribute(
            &client,
            &url,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible
        )
        .await?
            == "1"
    );
    Ok(())
}

async fn delete(client: &Client, url: &str, receipt: &str) -> Check {
    client
        .delete_message()
        .queue_url(url)
        .receipt_handle(receipt)
        .send()
        .await?;
    Ok(())
}

pub async fn a_deleted_message_is_gone(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    send(&client, &url, "one").await?;
    let message = receive(&client, &url).await?.context("a message")?;
    delete(&client, &url, message.receipt_handle().context("a receipt")?).await?;
    for name in [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ] {
        ensure!(attribute(&client, &url, name).await? == "0");
    }
    Ok(())
}

pub async fn deleting_again_succeeds(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    send(&client, &url, "one").await?;
    let message = receive(&client, &url).await?.context("a message")?;
    let receipt = message.receipt_handle().context("a receipt")?;
    delete(&client, &url, receipt).await?;
    delete(&client, &url, receipt).await
}

pub async fn a_receipt_that_is_none_is_refused(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let deleted = client
        .delete_message()
        .queue_url(&url)
        .receipt_handle("nonsense")
        .send()
        .await;
    let code = code(deleted);
    ensure!(code.contains("ReceiptHandleIsInvalid"), "{code}");
    Ok(())
}

async fn show_again(client: &Client, url: &str, receipt: &str) -> Check {
    client
        .change_message_visibility()
        .queue_url(url)
        .receipt_handle(receipt)
        .visibility_timeout(0)
        .send()
        .await?;
    Ok(())
}

pub async fn visibility_set_to_zero_shows_the_message_at_once(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    send(&client, &url, "one").await?;
    let first = receive(&client, &url).await?.context("a message")?;
    show_again(&client, &url, first.receipt_handle().context("a receipt")?).await?;
    let second = receive(&client, &url).await?.context("it again")?;
    ensure!(second.message_id() == first.message_id());
    let attributes = second.attributes().context("attributes")?;
    ensure!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount] == "2");
    Ok(())
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

pub async fn a_message_received_too_often_goes_to_the_dead_letter_queue(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let (url, dead) = queue_with_dead_letters(&client).await?;
    let id = send(&client, &url, "one").await?;
    for _ in 0..2 {
        let message = receive(&client, &url).await?.context("a message")?;
        show_again(&client, &url, message.receipt_handle().context("a receipt")?).await?;
    }
    ensure!(receive(&client, &url).await?.is_none());
    let message = receive(&client, &dead).await?.context("the dead letter")?;
    ensure!(message.message_id() == Some(id.as_str()));
    ensure!(message.body() == Some("one"));
    Ok(())
}

pub async fn a_delayed_message_is_counted_as_delayed(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    client
        .send_message()
        .queue_url(&url)
        .message_body("late")
        .delay_seconds(600)
        .send()
        .await?;
    ensure!(receive(&client, &url).await?.is_none());
    ensure!(
        attribute(
            &client,
            &url,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed
        )
        .await?
            == "1"
    );
    Ok(())
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

pub async fn message_attributes_come_back(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let value = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("mail")
        .build()?;
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("one")
        .message_attributes("kind", value.clone())
        .send()
        .await?;
    let message = receive(&client, &url).await?.context("a message")?;
    let attributes = message.message_attributes().context("attributes")?;
    ensure!(attributes["kind"].string_value() == Some("mail"));
    ensure!(message.md5_of_message_attributes() == sent.md5_of_message_attributes());
    ensure!(sent.md5_of_message_attributes().is_some());
    Ok(())
}

pub async fn a_message_beyond_a_megabyte_is_refused(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("x".repeat(1_048_577))
        .send()
        .await;
    ensure!(code(sent) == "InvalidParameterValue");
    client
        .send_message()
        .queue_url(&url)
        .message_body("x".repeat(1_048_576))
        .send()
        .await?;
    Ok(())
}

pub async fn characters_that_are_no_text_are_refused(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("a\u{0}b")
        .send()
        .await;
    ensure!(code(sent) == "InvalidMessageContents");
    Ok(())
}

pub async fn a_queue_that_is_not_there_is_refused(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let error = client
        .get_queue_url()
        .queue_name(fresh("none"))
        .send()
        .await
        .err()
        .context("refused")?;
    ensure!(error.into_service_error().is_queue_does_not_exist());
    Ok(())
}

pub async fn creating_a_queue_again_gives_the_same_address(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let name = fresh("queue");
    let first = client.create_queue().queue_name(&name).send().await?;
    let second = client.create_queue().queue_name(&name).send().await?;
    ensure!(first.queue_url() == second.queue_url());
    ensure!(client.get_queue_url().queue_name(&name).send().await?.queue_url() == first.queue_url());
    Ok(())
}

pub async fn creating_a_queue_again_with_other_attributes_is_refused(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let name = fresh("queue");
    let create = |seconds: &str| {
        client
            .create_queue()
            .queue_name(&name)
            .attributes(QueueAttributeName::VisibilityTimeout, seconds)
            .send()
    };
    create("60").await?;
    let error = create("61").await.err().context("refused")?;
    ensure!(error.into_service_error().is_queue_name_exists());
    Ok(())
}

pub async fn a_queue_tells_its_attributes(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    client
        .set_queue_attributes()
        .queue_url(&url)
        .attributes(QueueAttributeName::VisibilityTimeout, "90")
        .send()
        .await?;
    ensure!(attribute(&client, &url, QueueAttributeName::VisibilityTimeout).await? == "90");
    ensure!(attribute(&client, &url, QueueAttributeName::MessageRetentionPeriod).await? == "345600");
    ensure!(
        attribute(&client, &url, QueueAttributeName::QueueArn)
            .await?
            .starts_with("arn:aws:sqs:us-east-1:")
    );
    Ok(())
}

pub async fn a_purged_queue_is_empty(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    send(&client, &url, "one").await?;
    client.purge_queue().queue_url(&url).send().await?;
    ensure!(receive(&client, &url).await?.is_none());
    Ok(())
}

pub async fn at_most_ten_messages_are_received_at_once(config: &SdkConfig) -> Check {
    let client = sqs(config);
    let url = queue(&client).await?;
    let code = code(
        client
            .receive_message()
            .queue_url(&url)
            .max_number_of_messages(11)
            .send()
            .await,
    );
    ensure!(code == "InvalidParameterValue", "{code}");
    Ok(())
}
