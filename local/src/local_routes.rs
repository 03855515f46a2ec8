//! `/_local`: what only a desk of one's own has. Mail in, mail out, the clock, the queues, faults.

use crate::{
    faults::{ArmedFault, ArmedFaults},
    mail_in::Envelope,
    own_machine,
    runner::Activity,
    stack::{LOCAL_MAILBOX, LocalDesk},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, State, rejection::BytesRejection},
    http::StatusCode,
    middleware::from_fn,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use base64::Engine as _;
use docket_mail::MAX_MAIL_BYTES;
use docket_store::blob::SPOOL_PREFIX;
use embedded_aws::{SentMail, Verdict, Verdicts};
use jiff::{SignedDuration, Span, Timestamp, Zoned, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// How long a move of the clock waits for what is due to have happened.
const SETTLE_STEPS: u32 = 200;

/// What the routes need.
#[derive(Clone)]
pub struct LocalState {
    /// The desk.
    pub local: LocalDesk,
    /// What its sources are doing.
    pub activity: Activity,
    /// Faults armed by hand.
    pub armed: Arc<ArmedFaults>,
}

/// The routes.
pub fn routes(state: LocalState) -> Router {
    Router::new()
        .route("/_local/", get(page))
        .route("/_local/mail", post(take_mail))
        .route("/_local/outbox", get(outbox))
        .route("/_local/clock", post(move_clock))
        .route("/_local/status", get(status))
        .route("/_local/fault", post(arm))
        .layer(DefaultBodyLimit::max(MAX_MAIL_BYTES))
        .layer(from_fn(own_machine::only))
        .with_state(state)
}

#[derive(Debug, Deserialize)]
struct Given {
    to: Option<String>,
    from: Option<String>,
    spf: Option<String>,
    dkim: Option<String>,
    dmarc: Option<String>,
    spam: Option<String>,
    virus: Option<String>,
}

fn verdict(word: Option<&String>) -> Result<Verdict, String> {
    match word.map(|word| word.to_ascii_uppercase()).as_deref() {
        None | Some("PASS") => Ok(Verdict::Pass),
        Some("FAIL") => Ok(Verdict::Fail),
        Some("GRAY") => Ok(Verdict::Gray),
        Some("PROCESSING_FAILED") => Ok(Verdict::ProcessingFailed),
        Some(other) => Err(format!(
            "{other:?} is none of PASS, FAIL, GRAY, PROCESSING_FAILED"
        )),
    }
}

fn bad_request(description: String) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Json(json!({ "error": "BadRequest", "description": description })),
    )
        .into_response()
}

/// A mail as SES would take it in.
async fn take_mail(
    State(state): State<LocalState>,
    Query(given): Query<Given>,
    raw: Result<Bytes, BytesRejection>,
) -> Response {
    let raw = match raw {
        Ok(raw) => raw,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let words = format!("a mail has at most {MAX_MAIL_BYTES} bytes, as SES takes it");
            let refused = json!({ "error": "PayloadTooLarge", "description": words });
            return (StatusCode::PAYLOAD_TOO_LARGE, Json(refused)).into_response();
        }
        Err(rejection) => return bad_request(rejection.body_text()),
    };
    let verdicts = || {
        Ok::<_, String>(Verdicts {
            spf: verdict(given.spf.as_ref())?,
            dkim: verdict(given.dkim.as_ref())?,
            dmarc: verdict(given.dmarc.as_ref())?,
            spam: verdict(given.spam.as_ref())?,
            virus: verdict(given.virus.as_ref())?,
        })
    };
    let verdicts = match verdicts() {
        Ok(verdicts) => verdicts,
        Err(problem) => return bad_request(problem),
    };
    let read = docket_mail::read(&raw, None).ok();
    let recipients: Vec<String> = match &given.to {
        Some(to) => to
            .split(',')
            .map(|address| address.trim().to_owned())
            .filter(|a| !a.is_empty())
            .collect(),
        None => read
            .iter()
            .flat_map(|mail| &mail.to)
            .map(|mailbox| mailbox.address.clone())
            .collect(),
    };
    let recipients = if recipients.is_empty() {
        vec![LOCAL_MAILBOX.to_owned()]
    } else {
        recipients
    };
    let from = read
        .as_ref()
        .and_then(|mail| mail.from.as_ref())
        .map(|mailbox| mailbox.address.clone());
    let envelope = Envelope {
        mail_from: given.from.or(from).unwrap_or_default(),
        recipients,
    };
    let local = state.local.clone();
    let received = tokio::task::spawn_blocking(move || local.receive_mail(envelope, raw, verdicts)).await;
    let failed = |error: &dyn std::fmt::Display| {
        let words = Json(json!({ "error": error.to_string() }));
        (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
    };
    match received {
        Ok(Ok(ses_id)) => (StatusCode::ACCEPTED, Json(json!({ "ses_message_id": ses_id }))).into_response(),
        Ok(Err(error)) => failed(&error),
        Err(error) => failed(&error),
    }
}

async fn outbox(State(state): State<LocalState>) -> Json<Value> {
    Json(state.local.aws.sent_mails().iter().map(sent_json).collect())
}

/// A mail that was sent, as its recipient sees it.
pub fn sent_json(sent: &SentMail) -> Value {
    let mail = docket_mail::read(&sent.as_received, None).unwrap_or_default();
    json!({
        "id": sent.ses_id,
        "at": sent.at,
        "message_id": mail.message_id,
        "from": mail.from.map(|mailbox| mailbox.address),
        "to": sent.destinations,
        "reply_to": mail.reply_to.map(|mailbox| mailbox.address),
        "subject": mail.subject,
        "in_reply_to": mail.in_reply_to.first(),
        "references": mail.references,
        "text": mail.text,
        "raw": base64::engine::general_purpose::STANDARD.encode(&sent.as_received),
    })
}

#[derive(Debug, Deserialize)]
struct Move {
    advance: Option<Span>,
    now: Option<Timestamp>,
}

/// Moves the clock forward and waits until what is due has happened.
async fn move_clock(State(state): State<LocalState>, Json(to): Json<Move>) -> Response {
    let clock = state.local.aws.clock().clone();
    let now = clock.now();
    let target = match (to.advance, to.now) {
        (Some(span), None) => Zoned::new(now, TimeZone::UTC)
            .checked_add(span)
            .map(|at| at.timestamp())
            .map_err(|error| error.to_string()),
        (None, Some(at)) => Ok(at),
        _ => Err(r#"give either "advance", such as "PT4H", or "now""#.to_owned()),
    };
    let target = match target {
        Ok(target) if target >= now => target,
        Ok(_) => return bad_request("the clock only moves forward".to_owned()),
        Err(problem) => return bad_request(problem),
    };
    clock.set_forward(target);
    if let Err(error) = state.local.keep_clock() {
        tracing::error!(%error, "the moved clock could not be kept; a restart sends the desk back in time");
    }
    // A sweep begins at once; what it finds goes through queues and functions.
    for _ in 0..SETTLE_STEPS {
        tokio::time::sleep(Duration::from_millis(25)).await;
        if state.activity.is_swept(target) && is_idle(&state) {
            break;
        }
    }
    status(State(state)).await.into_response()
}

async fn arm(State(state): State<LocalState>, Json(fault): Json<ArmedFault>) -> StatusCode {
    state.armed.arm(fault);
    StatusCode::NO_CONTENT
}

fn is_idle(state: &LocalState) -> bool {
    let desk = &state.local.desk;
    let busy = |queue: &embedded_aws::QueueStatus| {
        !queue.name.ends_with(crate::wiring::DEAD_LETTER_SUFFIX)
            && queue.visible + queue.in_flight + queue.delayed > 0
    };
    let stream = state.local.aws.stream_length(&desk.settings.tickets_table);
    stream == 0 && state.activity.is_idle() && !state.local.aws.queues().iter().any(busy)
}

async fn status(State(state): State<LocalState>) -> Json<Value> {
    let aws = &state.local.aws;
    let queues: Vec<Value> = aws
        .queues()
        .iter()
        .map(|queue| {
            json!({
                "name": queue.name,
                "visible": queue.visible,
                "in_flight": queue.in_flight,
                "delayed": queue.delayed,
                "oldest_age_seconds": queue.oldest_age.map(|age: SignedDuration| age.as_secs()),
            })
        })
        .collect();
    let table = &state.local.desk.settings.tickets_table;
    Json(json!({
        "now": aws.clock().now(),
        "idle": is_idle(&state),
        "queues": queues,
        "stream_waiting": aws.stream_length(table) + state.activity.stream_held(),
        "spool": aws.objects(SPOOL_PREFIX).len(),
        "mails_sent": aws.sent_count(),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

/// A page for people: outgoing mail, queues, clock.
async fn page(State(state): State<LocalState>) -> Html<String> {
    let aws = &state.local.aws;
    let mut rows = String::new();
    for queue in aws.queues() {
        let (name, visible, in_flight) = (escape(&queue.name), queue.visible, queue.in_flight);
        rows.push_str(&format!("<tr><td>{name}<td>{visible}<td>{in_flight}"));
    }
    let mut mails = String::new();
    for sent in aws.sent_mails().iter().rev().take(50) {
        let mail = docket_mail::read(&sent.as_received, None).unwrap_or_default();
        mails.push_str(&format!(
            "<article><h3>{}</h3><p>to {} at {}</p><pre>{}</pre></article>",
            escape(&mail.subject),
            escape(&sent.destinations.join(", ")),
            sent.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            escape(&mail.text),
        ));
    }
    if mails.is_empty() {
        mails.push_str("<p>Nothing yet. Post a mail to <code>/_local/mail</code>.</p>");
    }
    let now = aws.clock().now().strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Docket, this machine</title><style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui;\
         max-width:60rem;margin:2rem auto;padding:0 1rem}}td,th{{padding:.2rem 1rem .2rem 0;text-align:left}}\
         pre{{white-space:pre-wrap;overflow-wrap:anywhere}}article{{border-top:1px solid #8886;padding:.5rem 0}}</style>\
         <main><h1>This desk</h1><p>Its clock shows <strong>{now}</strong>. <a href=\"/agent\">To the tickets</a></p>\
         <h2>Outgoing mail</h2>{mails}<h2>Queues</h2><table><tr><th>Queue<th>Waiting<th>In hand{rows}</table></main></html>"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
