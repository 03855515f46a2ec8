//! Calls to the desk over HTTP, as clients make them.

use super::{API_TOKEN, HOOK_SECRET, World};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use docket_desk::Secret;
use egress::SignedCall;
use serde_json::Value;
use std::future::Future;
use tower::ServiceExt as _;

/// Longest answer that is read, in bytes.
const LONGEST_ANSWER_BYTES: usize = 10_000_000;

/// What a client was answered.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// JSON, or null.
    pub body: Value,
}

impl HttpAnswer {
    /// Whether the desk took what was sent.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What a browser was answered.
#[derive(Clone, Debug)]
pub struct PageAnswer {
    /// The status.
    pub status: u16,
    /// Where it is sent on to; empty where it is not.
    pub location: String,
    /// The page.
    pub text: String,
}

impl World {
    /// A browser asks for a page, or sends its form, url-encoded; nothing if the function was killed in it.
    pub async fn page(&self, method: &str, path: &str, form: &str) -> Option<PageAnswer> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .ok()?;
        let answered = async {
            let response = self.pages.clone().oneshot(request).await.ok()?;
            let status = response.status().as_u16();
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|value| value.to_str().ok()).unwrap_or_default();
            let location = location.to_owned();
            let body = to_bytes(response.into_body(), LONGEST_ANSWER_BYTES).await.ok()?;
            let text = String::from_utf8_lossy(&body).into_owned();
            Some(PageAnswer {
                status,
                location,
                text,
            })
        };
        self.call("workspace", answered).await.flatten()
    }

    /// A call of the API by its client; nothing if the function was killed in it. `key`: the call's idempotency key.
    pub async fn api(&self, method: &str, path: &str, key: Option<&str>, body: &Value) -> Option<HttpAnswer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v2/{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {API_TOKEN}"))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.serve("api", &self.api, request.body(Body::from(body)).ok()?)
            .await
    }

    /// Hands a file to the API, to be taken by a comment; nothing if the function was killed in it.
    pub async fn upload(&self, query: &str, content_type: &str, bytes: &[u8]) -> Option<HttpAnswer> {
        let request = Request::post(format!("/api/v2/uploads.json?{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {API_TOKEN}"))
            .header(header::CONTENT_TYPE, content_type);
        let request = request.body(Body::from(bytes.to_vec())).ok()?;
        self.serve("api", &self.api, request).await
    }

    /// Somebody without credentials fetches a file by a link: the status and the content; nothing if the function was killed in it.
    pub async fn fetch(&self, link: &str) -> Option<(u16, Vec<u8>)> {
        let (_, path) = link.split_once("/api/v2/")?;
        let request = Request::get(format!("/api/v2/{path}")).body(Body::empty()).ok()?;
        let answered = async {
            let response = self.api.clone().oneshot(request).await.ok()?;
            let status = response.status().as_u16();
            let bytes = to_bytes(response.into_body(), LONGEST_ANSWER_BYTES).await.ok()?;
            Some((status, bytes.to_vec()))
        };
        self.call("api", answered).await.flatten()
    }

    /// A contact of channel `bot`, signed now; nothing if the function was killed in it.
    pub async fn hook(&self, webhook_id: &str, payload: &Value) -> Option<HttpAnswer> {
        let secret = [Secret::new(HOOK_SECRET)];
        let now = self.local.aws.clock().now();
        let signed = SignedCall::new("/hooks/bot", webhook_id, now, payload.to_string(), &secret).ok()?;
        let request = Request::post(&signed.url)
            .header("webhook-id", &signed.webhook_id)
            .header("webhook-timestamp", signed.timestamp)
            .header("webhook-signature", &signed.signature)
            .body(Body::from(signed.body))
            .ok()?;
        self.serve("webhook-intake", &self.hooks, request).await
    }

    async fn serve(&self, actor: &str, app: &Router, request: Request<Body>) -> Option<HttpAnswer> {
        let answered = async {
            let response = app.clone().oneshot(request).await.ok()?;
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), LONGEST_ANSWER_BYTES).await.ok()?;
            let body = serde_json::from_slice(&body).unwrap_or_default();
            Some(HttpAnswer { status, body })
        };
        self.call(actor, answered).await.flatten()
    }

    /// Runs a call of somebody outside against a function's own handle; nothing if the function was killed in it.
    pub async fn call<T>(&self, actor: &str, work: impl Future<Output = T>) -> Option<T> {
        let killed = self.local.aws.killed(actor);
        tokio::select! {
            biased;
            () = killed => None,
            done = work => Some(done),
        }
    }
}
