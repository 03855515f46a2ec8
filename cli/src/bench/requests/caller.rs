//! The people and programs that call: requests as they send them, and what they look at in an answer.

use anyhow::{Context as _, ensure};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, StatusCode, header, request::Builder},
    response::Response,
};
use docket_desk::{Desk, Secret, seed::BOT_CHANNEL};
use docket_domain::PersonId;
use docket_local::{LocalDesk, server};
use egress::SignedCall;
use serde_json::json;
use tower::ServiceExt as _;

/// Longest answer that is read, in bytes.
const LONGEST_ANSWER_BYTES: usize = 10_000_000;
/// Hidden fields of the form on a ticket's page.
const HIDDEN: [&str; 5] = ["csrf", "once", "seen", "was_assignee", "was_priority"];

/// Somebody who calls the desk: with an API token, signed in as an agent, and with the secret of the bot's channel.
#[derive(Clone)]
pub(super) struct Caller {
    app: Router,
    token: String,
    cookie: String,
    hook_secrets: Vec<Secret>,
}

impl Caller {
    /// Gets whatever is needed to call.
    pub async fn new(local: &LocalDesk, admin: PersonId, agent: PersonId) -> anyhow::Result<Self> {
        let desk = &local.desk;
        let token = Secret::new(desk.unguessable());
        desk.put_api_token(admin, &token, "docket bench").await?;
        let app = server::app_saving_at_once(local);
        let cookie = sign_in(&app, agent).await?;
        Ok(Self {
            app,
            token: token.expose().to_owned(),
            cookie,
            hook_secrets: desk.channel_secrets(BOT_CHANNEL).await?,
        })
    }

    /// Asks the API for something.
    pub async fn api_get(&self, path: &str) -> anyhow::Result<Bytes> {
        let request = self.api(Method::GET, path).body(Body::empty())?;
        self.answered(request, StatusCode::OK).await
    }

    /// Asks the API for something that a body describes.
    pub async fn api_ask(&self, path: &str, body: &serde_json::Value) -> anyhow::Result<Bytes> {
        let request = self
            .api(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_string()))?;
        self.answered(request, StatusCode::OK).await
    }

    /// Makes a ticket through the API.
    pub async fn api_create(&self, nth: u64) -> anyhow::Result<Bytes> {
        let ticket = json!({ "ticket": {
            "subject": format!("Order {nth} has not arrived"),
            "requester": { "name": format!("Caller {nth}"), "email": format!("caller{nth}@example.com") },
            "comment": { "body": "I ordered two weeks ago and nothing has come. Where is it?" },
        } });
        let request = self
            .api(Method::POST, "tickets.json")
            .header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(ticket.to_string()))?;
        self.answered(request, StatusCode::CREATED).await
    }

    /// Hands a conversation of the bot over.
    pub async fn hand_off(&self, desk: &Desk, id: &str) -> anyhow::Result<Bytes> {
        let told = json!({ "type": "contact.created", "data": {
            "external_id": id,
            "customer": { "id": id, "name": "Eve" },
            "text": "I want to talk to somebody about my order.",
            "reply_via": { "email": format!("{id}@example.com") },
        } });
        let path = format!("/hooks/{BOT_CHANNEL}");
        let signed = SignedCall::new(&path, id, desk.now(), told.to_string(), &self.hook_secrets)?;
        let request = Request::post(&signed.url)
            .header("webhook-id", &signed.webhook_id)
            .header("webhook-timestamp", signed.timestamp)
            .header("webhook-signature", &signed.signature)
            .body(Body::from(signed.body))?;
        let response = self.send(request).await?;
        let status = response.status();
        ensure!(status.is_success(), "a hand-off is answered with {status}");
        read(response).await
    }

    /// An agent asks for a page.
    pub async fn page(&self, path: &str) -> anyhow::Result<Bytes> {
        let request = Request::get(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_ENCODING, "gzip");
        self.answered(request.body(Body::empty())?, StatusCode::OK).await
    }

    /// The form of a ticket's page, filled in with an answer to the requester.
    pub async fn filled_form(&self, path: &str, text: &str) -> anyhow::Result<String> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        let page = self
            .answered(request.body(Body::empty())?, StatusCode::OK)
            .await?;
        let page = std::str::from_utf8(&page)?;
        let mut form = form_urlencoded::Serializer::new(String::new());
        for name in HIDDEN {
            let value = hidden(page, name)?;
            form.append_pair(name, value);
            if let Some(shown) = name.strip_prefix("was_") {
                form.append_pair(shown, value);
            }
        }
        form.append_pair("text", text);
        form.append_pair("visibility", "public");
        form.append_pair("status", "");
        Ok(form.finish())
    }

    /// An agent sends a form.
    pub async fn save(&self, path: &str, form: String) -> anyhow::Result<Bytes> {
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.answered(request.body(Body::from(form))?, StatusCode::SEE_OTHER)
            .await
    }

    fn api(&self, method: Method, path: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(format!("/api/v2/{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::ACCEPT_ENCODING, "gzip")
    }

    async fn answered(&self, request: Request<Body>, expected: StatusCode) -> anyhow::Result<Bytes> {
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.send(request).await?;
        let status = response.status();
        let body = read(response).await?;
        ensure!(
            status == expected,
            "{what} is answered with {status}: {}",
            String::from_utf8_lossy(&body)
        );
        Ok(body)
    }

    async fn send(&self, request: Request<Body>) -> anyhow::Result<Response> {
        Ok(self.app.clone().oneshot(request).await?)
    }
}

async fn sign_in(app: &Router, agent: PersonId) -> anyhow::Result<String> {
    let request = Request::post("/agent/sign-in")
        .header(header::HOST, "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("person={agent}")))?;
    let response = app.clone().oneshot(request).await?;
    let status = response.status();
    let cookie = response.headers().get(header::SET_COOKIE);
    let cookie = cookie.and_then(|value| value.to_str().ok()?.split(';').next());
    let cookie = cookie.filter(|_| status == StatusCode::SEE_OTHER);
    Ok(cookie
        .with_context(|| format!("agent {agent} can't sign in: {status}"))?
        .to_owned())
}

async fn read(response: Response) -> anyhow::Result<Bytes> {
    Ok(to_bytes(response.into_body(), LONGEST_ANSWER_BYTES).await?)
}

/// The value of a hidden field.
fn hidden<'p>(page: &'p str, name: &str) -> anyhow::Result<&'p str> {
    let start = format!("name=\"{name}\" value=\"");
    let found = page.rfind(&start).map(|at| &page[at + start.len()..]);
    let value = found.and_then(|rest| rest.split('"').next());
    value.with_context(|| format!("the page has no field {name}"))
}
