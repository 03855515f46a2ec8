//! A desk in memory with the API before it.

use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_desk::{Attempt, Changed, Desk, Secret, Settings, seed::Start};
use docket_domain::{
    Tenant, TicketNumber, Timestamp,
    configuration::Mailbox,
    people::person::Identity,
    ticket::{Actor, Command},
};
use docket_store::{
    Clients,
    ports::SystemEntropy,
    schema::{create_bucket, create_tables},
};
use embedded_aws::{Clock, EmbeddedAws, Storage};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt as _;

/// The admin, and first of all people.
pub const ADMIN: &str = "admin@desk.example.com";
/// The first agent, second of all people.
pub const BO: &str = "bo@desk.example.com";

struct DeskClock(Clock);

impl docket_store::Clock for DeskClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// An answer.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

/// A desk with one admin and two agents, at noon.
pub struct World {
    pub aws: EmbeddedAws,
    pub desk: Desk,
    pub token: String,
    app: Router,
}

impl World {
    pub async fn new() -> Self {
        Self::with(settings()).await
    }

    /// A desk on one's own machine.
    pub async fn on_one_machine() -> Self {
        Self::with(Settings {
            is_local: true,
            ..settings()
        })
        .await
    }

    async fn with(settings: Settings) -> Self {
        let noon = "2026-03-02T12:00:00Z".parse().unwrap();
        let aws = EmbeddedAws::open(Storage::Memory, Clock::manual(noon)).unwrap();
        let clients = Clients::new(&aws.config("api"));
        create_tables(&clients, &settings).await.unwrap();
        create_bucket(&clients, &settings).await.unwrap();
        let clock = Arc::new(DeskClock(aws.clock().clone()));
        let desk = Desk::new(settings, clients, clock, Arc::new(SystemEntropy));
        let person = |address: &str, name: &str| (address.to_owned(), name.to_owned());
        let start = Start {
            admin: person(ADMIN, "Ada Admin"),
            agents: vec![person(BO, "Bo Agent"), person("cy@desk.example.com", "Cy Agent")],
            mailbox: Mailbox {
                address: "support@in.example.com".to_owned(),
                name: "Support".to_owned(),
                ..Mailbox::default()
            },
        };
        let shown = desk.set_up(&start).await.unwrap().unwrap();
        Self {
            token: shown.api_token.expose().to_owned(),
            app: api::app(desk.clone()),
            aws,
            desk,
        }
    }

    /// The same desk as another function sees it, which remembers for itself what it read.
    pub fn elsewhere(&self) -> Self {
        let clients = Clients::new(&self.aws.config("api"));
        let clock = Arc::new(DeskClock(self.aws.clock().clone()));
        let desk = Desk::new(settings(), clients, clock, Arc::new(SystemEntropy));
        Self {
            aws: self.aws.clone(),
            app: api::app(desk.clone()),
            desk,
            token: self.token.clone(),
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// An admin's call, which is done.
    pub async fn as_admin(&self, method: &str, path: &str, body: Value) -> Value {
        let reply = self.call_as(ADMIN, method, path, &[], Some(body)).await;
        assert!(reply.status.is_success(), "{}", reply.body);
        reply.body
    }

    /// One policy, which holds for urgent tickets: a first reply in ten minutes.
    pub async fn promise_urgent_tickets_only(&self) {
        let policy = json!({ "sla_policy": {
            "title": "Urgent only",
            "filter": { "all": [{ "field": "priority", "operator": "is", "value": "urgent" }] },
            "policy_metrics": [{ "priority": "urgent", "metric": "first_reply_time", "target": 10 }],
        } });
        self.as_admin("POST", "slas/policies", policy).await;
    }

    /// A call as `email` with a body and further headers.
    pub async fn call_as(
        &self,
        email: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let token = self.token_of(email).await;
        let credentials = STANDARD.encode(format!("{email}/token:{token}"));
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v2/{path}"))
            .header("host", "desk.example.com")
            .header("authorization", format!("Basic {credentials}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// A token of whoever has the address; the admin's where nobody has.
    async fn token_of(&self, email: &str) -> String {
        let person = self.desk.people().find(&Identity::email(email)).await.unwrap();
        let Some(person) = person.filter(|_| email != ADMIN) else {
            return self.token.clone();
        };
        let token = format!("token-of-{}", person.id);
        if self.desk.api_token(&token).await.unwrap().is_none() {
            let secret = Secret::new(token.clone());
            self.desk
                .put_api_token(person.id, &secret, "a test")
                .await
                .unwrap();
        }
        token
    }

    /// Hands in a file.
    pub async fn upload(&self, query: &str, content_type: &str, bytes: &[u8]) -> Reply {
        let request = Request::post(format!("/api/v2/uploads.json?{query}"))
            .header("host", "desk.example.com")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", content_type);
        self.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }

    /// Fetches a file by its address with an admin's credentials; status, headers, content.
    pub async fn fetch(&self, url: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let (bare, _) = url.split_once('?').unwrap_or((url, ""));
        self.fetch_with(bare, Some(&self.token)).await
    }

    /// The same with another token, or without one.
    pub async fn fetch_with(&self, url: &str, token: Option<&str>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let (_, path) = url.split_once("://desk.example.com").unwrap();
        let mut request = Request::get(path).header("host", "desk.example.com");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, bytes.to_vec())
    }

    /// Asks for a file by a link alone, without fetching it.
    pub async fn ask_for(&self, link: &str) -> StatusCode {
        let (_, path) = link.split_once("://desk.example.com").unwrap();
        let request = Request::head(path).header("host", "desk.example.com");
        let request = request.body(Body::empty()).unwrap();
        self.app.clone().oneshot(request).await.unwrap().status()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call_as(BO, "GET", path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call_as(BO, "POST", path, &[], Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call_as(BO, "PUT", path, &[], Some(body)).await
    }

    /// A ticket of Ann's; its id.
    pub async fn ticket(&self, subject: &str) -> u64 {
        let reply = self.post("tickets.json", anns_ticket(subject)).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.body["ticket"]["id"].as_u64().unwrap()
    }

    /// A ticket that Ann wrote herself; its id.
    pub async fn letter(&self, priority: &str) -> u64 {
        let ann = serde_json::json!({ "user": { "name": "Ann", "email": "ann@example.com" } });
        let ann = self.post("users/create_or_update", ann).await.body["user"]["id"].clone();
        let body = serde_json::json!({ "ticket": {
            "subject": "Help",
            "requester_id": ann,
            "priority": priority,
            "comment": { "body": "It does not work.", "author_id": ann },
        } });
        let reply = self.post("tickets.json", body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.body["ticket"]["id"].as_u64().unwrap()
    }

    /// Changes a ticket.
    pub async fn change(&self, id: u64, fields: Value) -> Value {
        let path = format!("tickets/{id}");
        let reply = self.put(&path, serde_json::json!({ "ticket": fields })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body["ticket"].clone()
    }

    /// Lets happen on a ticket what is due.
    pub async fn sweep(&self, id: u64) {
        let attempt = Attempt::by(Actor::System, "sweep");
        let changed = self
            .desk
            .change_by(TicketNumber(id), attempt, Command::FireTimers)
            .await
            .unwrap();
        assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
    }

    pub fn advance(&self, seconds: i64) {
        self.aws.clock().advance(jiff::SignedDuration::from_secs(seconds));
    }
}

/// A ticket that Bo makes for Ann.
pub fn anns_ticket(subject: &str) -> Value {
    serde_json::json!({ "ticket": {
        "subject": subject,
        "submitter_id": 2,
        "comment": { "body": "We are looking into it." },
        "requester": { "name": "Ann", "email": "ann@example.com" },
    } })
}

fn settings() -> Settings {
    Settings {
        tenant: Tenant::main(),
        tickets_table: "tickets".to_owned(),
        guard_table: "guard".to_owned(),
        bucket: "bucket".to_owned(),
        queues: docket_store::settings::QueueUrls::default(),
        mail_domain: "in.example.com".to_owned(),
        brand_name: "Example".to_owned(),
        public_url: String::new(),
        configuration_set: String::new(),
        region: "us-east-1".to_owned(),
        secrets_prefix: "/docket".to_owned(),
        is_local: false,
        sign_in: None,
    }
}
