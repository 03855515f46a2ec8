//! Sending mail through SES, and what an answer proves.

use crate::{Desk, settings::Settings};
use aws_sdk_ses::{
    error::SdkError,
    operation::send_raw_email::SendRawEmailError,
    primitives::Blob,
    types::{MessageTag, RawMessage},
};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use docket_domain::{OutboxId, delivery::MailResult};
use std::error::Error;

/// Name of the tag by which SES's events are matched to our mail.
pub const OUTBOX_TAG: &str = "docket-outbox";

impl Desk {
    /// Sends one mail, once: the client does not retry. What the answer proves decides what happens next.
    pub async fn send_mail(
        &self,
        id: OutboxId,
        source: &str,
        recipients: &[String],
        raw: Vec<u8>,
    ) -> MailResult {
        let Settings {
            tenant,
            configuration_set,
            ..
        } = &self.settings;
        let tag = MessageTag::builder()
            .name(OUTBOX_TAG)
            .value(id.tag(tenant))
            .build();
        let message = RawMessage::builder().data(Blob::new(raw)).build();
        let (Ok(tag), Ok(message)) = (tag, message) else {
            return MailResult::Refused("the mail lacks a part".to_owned());
        };
        let mut request = self
            .clients
            .ses
            .send_raw_email()
            .source(source)
            .set_destinations(Some(recipients.to_vec()))
            .raw_message(message)
            .tags(tag);
        if !configuration_set.is_empty() {
            request = request.configuration_set_name(configuration_set);
        }
        match request.send().await {
            Ok(output) => MailResult::Accepted(output.message_id),
            Err(error) => judge(&error),
        }
    }
}

fn judge<R: std::fmt::Debug + 'static>(error: &SdkError<SendRawEmailError, R>) -> MailResult {
    let words = DisplayErrorContext(error).to_string();
    match error {
        SdkError::ConstructionFailure(_) => MailResult::Refused(words),
        SdkError::DispatchFailure(_) if never_connected(error) => MailResult::NotAccepted(words),
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or_default();
            match code {
                "Throttling"
                | "ThrottlingException"
                | "TooManyRequestsException"
                | "RequestLimitExceeded"
                | "AccountSendingPausedException"
                | "ConfigurationSetSendingPausedException" => MailResult::NotAccepted(words),
                // The service failed while it had the mail in hand: nobody knows.
                "InternalFailure" | "ServiceUnavailable" | "InternalServerError" | "" => {
                    MailResult::Unknown(words)
                }
                _ => MailResult::Refused(words),
            }
        }
        _ => MailResult::Unknown(words),
    }
}

/// Whether the connection was never made, so that not a byte of the mail can have arrived.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return true;
        }
        cause = error.source();
    }
    false
}
