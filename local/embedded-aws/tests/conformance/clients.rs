//! SDK clients and small helpers for the checks.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_types::SdkConfig;
use embedded_aws::{Clock, EmbeddedAws, Storage};
use jiff::Timestamp;

pub type Check = Result<(), anyhow::Error>;

/// An emulation in memory that stands at noon.
pub fn embedded() -> EmbeddedAws {
    EmbeddedAws::open(Storage::Memory, Clock::manual(noon())).expect("memory opens")
}

pub fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().expect("a literal")
}

/// A name nobody has used, for the foreign emulator keeps what earlier checks made.
pub fn fresh(name: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{name}-{}-{next}", std::process::id())
}

pub fn dynamodb(config: &SdkConfig) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(config)
}

pub fn sqs(config: &SdkConfig) -> aws_sdk_sqs::Client {
    aws_sdk_sqs::Client::new(config)
}

/// Bucket names in the path: a host for each bucket is not to be had on a loopback address.
pub fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(config)
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

pub fn ses(config: &SdkConfig) -> aws_sdk_ses::Client {
    aws_sdk_ses::Client::new(config)
}

pub fn ssm(config: &SdkConfig) -> aws_sdk_ssm::Client {
    aws_sdk_ssm::Client::new(config)
}

/// The code of the error that a call ended in.
pub fn code<T, E, R>(result: Result<T, aws_smithy_runtime_api::client::result::SdkError<E, R>>) -> String
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata,
{
    match result {
        Ok(_) => "no error".to_owned(),
        Err(error) => match error.as_service_error() {
            Some(error) => error.code().unwrap_or("no code").to_owned(),
            None => "no answer".to_owned(),
        },
    }
}

pub async fn queue(sqs: &aws_sdk_sqs::Client) -> Result<String, anyhow::Error> {
    let made = sqs.create_queue().queue_name(fresh("queue")).send().await?;
    Ok(made.queue_url.unwrap_or_default())
}

pub async fn receive(
    sqs: &aws_sdk_sqs::Client,
    url: &str,
) -> Result<Option<aws_sdk_sqs::types::Message>, anyhow::Error> {
    let received = sqs
        .receive_message()
        .queue_url(url)
        .message_system_attribute_names(aws_sdk_sqs::types::MessageSystemAttributeName::All)
        .message_attribute_names("All")
        .send()
        .await?;
    Ok(received.messages.unwrap_or_default().into_iter().next())
}

pub async fn bucket(s3: &aws_sdk_s3::Client) -> Result<String, anyhow::Error> {
    let name = fresh("bucket");
    s3.create_bucket().bucket(&name).send().await?;
    Ok(name)
}
