//! The SDK's clients, made once and shared.

use crate::unread_headers::WithoutUnreadHeaders;
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::SdkConfig;
use std::time::Duration;

/// Longest an attempt at any call may take. Functions have at least 20 seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// One client for each service.
#[derive(Clone, Debug)]
pub struct Clients {
    pub(crate) dynamo: aws_sdk_dynamodb::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) ses: aws_sdk_ses::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) ssm: aws_sdk_ssm::Client,
}

impl Clients {
    /// Clients over the given configuration. Sending mail is never retried by the SDK: a repeat whose first
    /// reply was lost would go out twice.
    pub fn new(config: &SdkConfig) -> Self {
        Self::with_mail_retries(config, RetryConfig::disabled())
    }

    /// The same for services that look at no signature, such as those of a desk of one's own: nothing is signed but what S3 hands
    /// out, since its links are made of that, and headers that nobody reads are not made.
    pub fn unsigned(config: &SdkConfig) -> Self {
        let mut plain = config.clone().into_builder();
        plain.set_credentials_provider(None);
        let plain = plain.build();
        let dynamo = aws_sdk_dynamodb::config::Builder::from(&plain)
            .allow_no_auth()
            .interceptor(WithoutUnreadHeaders);
        let ses = aws_sdk_ses::config::Builder::from(&plain)
            .retry_config(RetryConfig::disabled())
            .allow_no_auth()
            .interceptor(WithoutUnreadHeaders);
        let sqs = aws_sdk_sqs::config::Builder::from(&plain)
            .allow_no_auth()
            .interceptor(WithoutUnreadHeaders);
        let ssm = aws_sdk_ssm::config::Builder::from(&plain).allow_no_auth();
        Self {
            dynamo: aws_sdk_dynamodb::Client::from_conf(dynamo.build()),
            ses: aws_sdk_ses::Client::from_conf(ses.build()),
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            ssm: aws_sdk_ssm::Client::from_conf(ssm.build()),
            ..Self::new(config)
        }
    }

    /// Clients whose mailer retries as told. Only for showing in a test world what that would do.
    pub fn with_mail_retries(config: &SdkConfig, mail_retries: RetryConfig) -> Self {
        let ses = aws_sdk_ses::config::Builder::from(config)
            .retry_config(mail_retries)
            .build();
        let s3 = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(true)
            .build();
        Self {
            dynamo: aws_sdk_dynamodb::Client::new(config),
            s3: aws_sdk_s3::Client::from_conf(s3),
            ses: aws_sdk_ses::Client::from_conf(ses),
            sqs: aws_sdk_sqs::Client::new(config),
            ssm: aws_sdk_ssm::Client::new(config),
        }
    }
}

/// The configuration of a function in the cloud, or of a program with an operator's own credentials
/// (environment, profile, instance role).
pub async fn cloud_config() -> SdkConfig {
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .load()
        .await
}
