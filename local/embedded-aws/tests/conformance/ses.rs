//! SES's first API as the desk uses it.

use anyhow::ensure;
use aws_sdk_ses::Client;
use aws_sdk_ses::operation::send_raw_email::builders::SendRawEmailFluentBuilder;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::RawMessage;
use aws_types::SdkConfig;

use crate::clients::{Check, code, ses};

pub const MAIL: &str = "From: Desk <desk@example.com>\r\nTo: jane@example.com\r\nSubject: Your ticket\r\n\
    Message-ID: <made-by-us@desk.example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello.\r\n";

/// The identity must be known before mail goes out from it.
async fn verified(client: &Client) -> Check {
    let verified = client
        .verify_email_identity()
        .email_address("desk@example.com")
        .send()
        .await;
    // The embedded SES verifies nobody and knows no such operation.
    drop(verified);
    Ok(())
}

pub fn raw(client: &Client, mail: &str) -> Result<SendRawEmailFluentBuilder, anyhow::Error> {
    let message = RawMessage::builder().data(Blob::new(mail.as_bytes())).build()?;
    Ok(client
        .send_raw_email()
        .source("desk@example.com")
        .raw_message(message))
}

pub async fn a_raw_mail_is_accepted_with_an_id(config: &SdkConfig) -> Check {
    let client = ses(config);
    verified(&client).await?;
    let sent = raw(&client, MAIL)?
        .destinations("jane@example.com")
        .send()
        .await?;
    ensure!(sent.message_id().len() > 20, "{}", sent.message_id());
    Ok(())
}

pub async fn a_mail_without_from_is_refused(config: &SdkConfig) -> Check {
    let client = ses(config);
    verified(&client).await?;
    let mail = MAIL.replacen("From: Desk <desk@example.com>\r\n", "", 1);
    let sent = raw(&client, &mail)?.destinations("jane@example.com").send().await;
    ensure!(code(sent) == "InvalidParameterValue");
    Ok(())
}

pub async fn fifty_one_recipients_are_refused(config: &SdkConfig) -> Check {
    let client = ses(config);
    verified(&client).await?;
    let many = |count| {
        Some(
            (0..count)
                .map(|number| format!("a{number}@example.com"))
                .collect(),
        )
    };
    let sent = raw(&client, MAIL)?.set_destinations(many(51)).send().await;
    ensure!(code(sent) == "InvalidParameterValue");
    raw(&client, MAIL)?.set_destinations(many(50)).send().await?;
    Ok(())
}

pub async fn the_quota_is_told(config: &SdkConfig) -> Check {
    let client = ses(config);
    let quota = client.get_send_quota().send().await?;
    ensure!(quota.max24_hour_send() > 0.0 && quota.max_send_rate() > 0.0);
    Ok(())
}
