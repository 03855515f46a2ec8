//! Queues and their attributes.

use anyhow::{Context, ensure};
use aws_sdk_sqs::types::QueueAttributeName;
use aws_types::SdkConfig;

use super::{attribute, send};
use crate::clients::{Check, fresh, queue, receive, sqs};

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
