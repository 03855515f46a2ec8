//! Sending mail through SES, and what an answer proves.

use crate::parts::Mail;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ses::{
    error::SdkError,
    operation::send_raw_email::SendRawEmailError,
    primitives::Blob,
    types::{MessageTag, RawMessage},
};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use docket_domain::{OutboxId, outbox::MailResult};
use std::error::Error;

/// Name of the tag by which SES's events are matched to our mail.
pub const OUTBOX_TAG: &str = "docket-outbox";

impl Mail<'_> {
    /// Sends one mail, once: the client does not retry. What the answer proves decides what happens next.
    pub async fn send(self, id: OutboxId, source: &str, recipients: &[String], raw: Vec<u8>) -> MailResult {
        let tag = MessageTag::builder()
            .name(OUTBOX_TAG)
            .value(id.tag(&self.0.settings.tenant))
            .build();
        match tag {
            Ok(tag) => self.hand_over(source, recipients, raw, Some(tag)).await,
            Err(_) => MailResult::Refused("the mail lacks a part".to_owned()),
        }
    }

    /// Sends one mail that belongs to no ticket: nobody waits for what becomes of it.
    pub async fn send_untracked(self, source: &str, recipients: &[String], raw: Vec<u8>) -> MailResult {
        self.hand_over(source, recipients, raw, None).await
    }

    async fn hand_over(
        self,
        source: &str,
        recipients: &[String],
        raw: Vec<u8>,
        tag: Option<MessageTag>,
    ) -> MailResult {
        let configuration_set = &self.0.settings.configuration_set;
        let is_tracked = tag.is_some();
        let Ok(message) = RawMessage::builder().data(Blob::new(raw)).build() else {
            return MailResult::Refused("the mail lacks a part".to_owned());
        };
        let mut request = self
            .0
            .clients
            .ses
            .send_raw_email()
            .source(source)
            .set_destinations(Some(recipients.to_vec()))
            .raw_message(message)
            .set_tags(tag.map(|tag| vec![tag]));
        // What becomes of it is reported of mail that somebody waits for.
        if is_tracked && !configuration_set.is_empty() {
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
        // Nothing of it left: without credentials, without a name or a connection to send it to.
        SdkError::ConstructionFailure(_) => MailResult::NotAccepted(words),
        SdkError::DispatchFailure(_) if never_left(error) => MailResult::NotAccepted(words),
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or_default();
            match code {
                "Throttling"
                | "ThrottlingException"
                | "TooManyRequestsException"
                | "RequestLimitExceeded"
                | "AccountSendingPausedException"
                | "ConfigurationSetSendingPausedException" => MailResult::NotAccepted(words),
                // Who asks, not what is asked: mended by an operator or by the next credentials.
                code if ABOUT_WHO_ASKS.contains(&code) => MailResult::NotAccepted(words),
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

/// Answers about permissions and credentials (IAM and SES, common errors, looked up 2026-11).
const ABOUT_WHO_ASKS: [&str; 12] = [
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Whether not a byte of the mail can have arrived: there were no credentials, the name was not found, or no connection was
/// made.
fn never_left(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let is_refused = error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused);
        // hyper's word for everything before the connection stood, names that are not found included.
        let is_before = error.to_string() == "client error (Connect)";
        if is_refused || is_before || error.is::<CredentialsError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
