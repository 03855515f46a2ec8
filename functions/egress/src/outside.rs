//! A signed call, and the port through which it leaves.

use docket_domain::Timestamp;
use docket_store::secrets::Secret;
use standardwebhooks::{Webhook, WebhookError};
use std::{future::Future, pin::Pin};

/// The result of a call: the status answered, or why there was none.
pub type CallFuture<'a> = Pin<Box<dyn Future<Output = Result<u16, String>> + Send + 'a>>;

/// Where calls go.
pub trait Outside: Send + Sync {
    /// Posts a call.
    fn post<'a>(&'a self, call: &'a SignedCall) -> CallFuture<'a>;
}

/// A call, signed as Standard Webhooks has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCall {
    /// The address.
    pub url: String,
    /// The same for every try of one call.
    pub webhook_id: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// One signature for each secret in force, with spaces between.
    pub signature: String,
    /// JSON.
    pub body: String,
}

/// A call that can't be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The channel has no secret.
    #[error("the channel has no secret to sign with")]
    NoSecret,
    /// A secret is not in the form of Standard Webhooks.
    #[error("a secret of the channel can't be used")]
    Secret(#[source] WebhookError),
}

impl SignedCall {
    /// Signs with every secret in force, so that the receiver may be in the middle of changing its own.
    pub fn new(
        url: &str,
        webhook_id: &str,
        now: Timestamp,
        body: String,
        secrets: &[Secret],
    ) -> Result<Self, SignError> {
        let timestamp = now.as_second();
        let mut signatures = Vec::with_capacity(secrets.len());
        for secret in secrets {
            let key = Webhook::new(secret.expose()).map_err(SignError::Secret)?;
            signatures.push(
                key.sign(webhook_id, timestamp, body.as_bytes())
                    .map_err(SignError::Secret)?,
            );
        }
        if signatures.is_empty() {
            return Err(SignError::NoSecret);
        }
        let signature = signatures.join(" ");
        Ok(Self {
            url: url.to_owned(),
            webhook_id: webhook_id.to_owned(),
            timestamp,
            signature,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_signs_as_published() {
        // https://github.com/standard-webhooks/standard-webhooks, the libraries' common test vector.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let now = Timestamp::from_second(1_614_265_330).unwrap();
        let body = r#"{"test": 2432232314}"#.to_owned();
        let call = SignedCall::new(
            "https://x.example",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            now,
            body,
            &[secret],
        )
        .unwrap();
        assert_eq!(call.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// What stands behind a word in the documentation, until the line or a mark ends.
    fn documented<'d>(document: &'d str, word: &str) -> &'d str {
        let (_, rest) = document.split_once(word).unwrap_or_else(|| panic!("{word}"));
        rest.split(['\n', '`']).next().unwrap_or_default()
    }

    #[test]
    fn the_documented_call_is_signed_as_documented() {
        let document = include_str!("../../../docs/integrators/bots.md");
        let (_, answers) = document.split_once("## Answers\n").unwrap();
        let secret = Secret::new(documented(answers, "with a secret `"));
        let at: i64 = documented(answers, "webhook-timestamp: ").parse().unwrap();
        let body = documented(answers, "\n\n{");
        let call = SignedCall::new(
            "https://x.example",
            documented(answers, "webhook-id: "),
            Timestamp::from_second(at).unwrap(),
            format!("{{{body}"),
            &[secret],
        )
        .unwrap();
        assert_eq!(call.signature, documented(answers, "webhook-signature: "));
    }

    #[test]
    fn a_channel_without_a_secret_calls_nobody() {
        let now = Timestamp::UNIX_EPOCH;
        assert!(matches!(
            SignedCall::new("https://x.example", "m", now, String::new(), &[]),
            Err(SignError::NoSecret)
        ));
    }
}
