//! Single messages.

use anyhow::{Context, ensure};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName};
use aws_types::SdkConfig;

use super::{attribute, queue_with_dead_letters, send};
use crate::clients::{Check, code, queue, receive, sqs};

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
