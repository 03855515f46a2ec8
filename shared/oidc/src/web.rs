//! The way to the provider, and its limits: no redirects, a bound on time, a bound on what is read of an answer.

use reqwest::{Client, header, redirect};
use std::{fmt, future::Future, pin::Pin, time::Duration};

/// Longest that a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest that an answer may take: a sign-in asks four times at most (description, code, keys, user info), within the 20 s of its
/// function.
const TIMEOUT: Duration = Duration::from_secs(4);

/// What the provider is asked.
pub struct Question {
    /// The address.
    pub url: String,
    /// The fields of a form that is posted; nothing: the address is read.
    pub form: Option<String>,
    /// What stands in the header `authorization`.
    pub authorization: Option<String>,
    /// Most bytes of an answer.
    pub most_bytes: usize,
}

impl fmt::Debug for Question {
    /// The address alone: form and header hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// What the provider answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer, without the address, which may hold a secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WebError {
    /// Nothing came, or not in time.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// More came than is read.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
}

/// An answer that is waited for.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Answer, WebError>> + Send + 'a>>;

/// Where questions go.
pub trait Web: Send + Sync {
    /// Asks once.
    fn ask<'a>(&'a self, question: &'a Question) -> Answering<'a>;
}

/// The internet.
#[derive(Clone, Debug)]
pub struct Internet(Client);

impl Internet {
    /// The way out.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new() -> Result<Self, WebError> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .no_proxy()
            .user_agent("Docket")
            .build()
            .map_err(|error| no_answer(&error))?;
        Ok(Self(client))
    }

    async fn answer(&self, question: &Question) -> Result<Answer, WebError> {
        let mut request = match &question.form {
            Some(form) => self
                .0
                .post(&question.url)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone()),
            None => self.0.get(&question.url),
        };
        request = request.header(header::ACCEPT, "application/json");
        if let Some(authorization) = &question.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let mut response = request.send().await.map_err(|error| no_answer(&error))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
            if body.len() + chunk.len() > question.most_bytes {
                return Err(WebError::TooLarge(question.most_bytes));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

impl Web for Internet {
    fn ask<'a>(&'a self, question: &'a Question) -> Answering<'a> {
        Box::pin(self.answer(question))
    }
}

fn no_answer(error: &reqwest::Error) -> WebError {
    let mut words = if error.is_timeout() {
        "not in time"
    } else {
        "the call failed"
    }
    .to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    WebError::NoAnswer(words)
}
