//! Asking the function that has the index open.

use aws_sdk_lambda::primitives::Blob;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::SdkConfig;
use docket_search::{Answering, Failed, Finding, SearchAnswer, SearchRequest};
use std::time::Duration;

/// How long a question may take: less than the functions that ask have.
const LONGEST_QUESTION: Duration = Duration::from_secs(15);
/// The environment variable that names the function.
const NAME: &str = "SEARCH_FUNCTION";

/// The function `search`, invoked for each question.
#[derive(Clone, Debug)]
pub struct SearchFunction {
    client: aws_sdk_lambda::Client,
    name: String,
}

impl SearchFunction {
    /// The function that the environment names; nothing where it names none: then this function asks nothing.
    pub fn from_environment(config: &SdkConfig) -> Option<Self> {
        let name = std::env::var(NAME).ok().filter(|name| !name.is_empty())?;
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(LONGEST_QUESTION)
            .build();
        // Whoever waits asks again themselves: a question that was slow would be asked twice at the same time.
        let settings = aws_sdk_lambda::config::Builder::from(config)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::disabled());
        Some(Self {
            client: aws_sdk_lambda::Client::from_conf(settings.build()),
            name,
        })
    }

    async fn ask(&self, request: &SearchRequest) -> Result<SearchAnswer, Failed> {
        let failed = |why: &str| {
            tracing::error!(function = self.name, why, "the search did not answer");
            Failed::Unavailable
        };
        let payload = serde_json::to_vec(request).map_err(|error| failed(&error.to_string()))?;
        let output = self
            .client
            .invoke()
            .function_name(&self.name)
            .payload(Blob::new(payload))
            .send()
            .await
            .map_err(|error| {
                failed(&aws_smithy_types::error::display::DisplayErrorContext(&error).to_string())
            })?;
        if let Some(error) = output.function_error() {
            return Err(failed(error));
        }
        let answer = output.payload().map(Blob::as_ref).unwrap_or_default();
        let answer: Result<Result<SearchAnswer, Failed>, _> = serde_json::from_slice(answer);
        answer.unwrap_or_else(|error| Err(failed(&error.to_string())))
    }
}

impl Finding for SearchFunction {
    fn find(&self, request: SearchRequest) -> Answering<'_> {
        Box::pin(async move { self.ask(&request).await })
    }
}
