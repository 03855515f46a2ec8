//! What an agent has begun to write is kept at the desk, so that it is there on any machine, until it is sent.

use super::ticket_number;
use crate::{failure::Failure, session::SignedIn};
use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use docket_desk::{Desk, DraftKept, GuardKey};
use docket_domain::{
    PersonId, TicketNumber,
    draft::{Draft, DraftFields, draft_fits},
};
use serde::Serialize;

/// Largest form in bytes: what a draft may have, each byte written as three.
const MOST_FORM_BYTES: usize = 256 * 1024;
/// Longest name of a field.
const LONGEST_NAME: usize = 40;
/// Fields that belong to the page and not to what is written.
const OF_THE_PAGE: [&str; 11] = [
    "csrf", "once", "seen", "saw", "known", "act", "then", "next", "insert", "preview", "macro_id",
];

/// The form: pairs of names and values.
pub struct Pairs(Vec<(String, String)>);

impl FromRequest<Desk> for Pairs {
    type Rejection = Response;

    async fn from_request(mut request: Request, desk: &Desk) -> Result<Self, Response> {
        DefaultBodyLimit::max(MOST_FORM_BYTES).apply(&mut request);
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, desk).await;
        form.map(|axum::Form(pairs)| Self(pairs))
            .map_err(IntoResponse::into_response)
    }
}

/// What became of it.
#[derive(Serialize)]
struct Kept {
    /// The version that is kept; 0 where nothing is.
    v: u64,
    /// What another page of the same agent kept meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<DraftFields>,
}

/// Keeps it; forgets it where no words are left. Another page's draft is not written over: it is handed back.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: Result<SignedIn, Failure>,
    Pairs(pairs): Pairs,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Failure::SignedOut { .. }) => return Ok(StatusCode::UNAUTHORIZED.into_response()),
        Err(failure) => return Err(failure),
    };
    let value = |wanted: &str| {
        let found = pairs.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    signed_in.check(value("csrf"))?;
    let me = signed_in.person.id;
    // Any other word: whatever is kept is written over.
    let known = value("known").parse::<u64>().ok();
    if was_sent(&desk, me, number, value("once")).await? {
        // It came after the form itself was sent.
        return Ok(Json(Kept {
            v: 0,
            elsewhere: None,
        })
        .into_response());
    }
    let fields = fields_of(&pairs);
    if !draft_fits(&fields) {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    }
    if desk.tickets().standing(number).await?.is_none() {
        return Err(Failure::Missing);
    }
    if fields.get("text").is_none_or(|text| text.trim().is_empty()) {
        return forget(&desk, me, number, known).await;
    }
    Ok(match desk.drafts().keep(me, number, &fields, known).await? {
        DraftKept::Done(draft) => kept(&draft),
        DraftKept::Elsewhere(draft) => elsewhere(draft),
    })
}

async fn forget(
    desk: &Desk,
    me: PersonId,
    number: TicketNumber,
    known: Option<u64>,
) -> Result<Response, Failure> {
    match desk.drafts().get(me, number).await? {
        Some(draft) if known.is_some_and(|known| known != draft.v) => return Ok(elsewhere(draft)),
        Some(_) => desk.drafts().forget(me, number).await?,
        None => {}
    }
    Ok(Json(Kept {
        v: 0,
        elsewhere: None,
    })
    .into_response())
}

/// Whether the form that a draft stands in was sent.
async fn was_sent(desk: &Desk, me: PersonId, number: TicketNumber, once: &str) -> Result<bool, Failure> {
    if once.is_empty() {
        return Ok(false);
    }
    let key = GuardKey::Idempotency(format!("workspace {me} {number}"), once.to_owned());
    Ok(desk.guard(&key).await?.is_some())
}

fn fields_of(pairs: &[(String, String)]) -> DraftFields {
    let is_name = |name: &str| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            && !OF_THE_PAGE.contains(&name)
    };
    let fields = pairs.iter().filter(|(name, _)| is_name(name));
    fields.cloned().collect()
}

fn kept(draft: &Draft) -> Response {
    let kept = Kept {
        v: draft.v,
        elsewhere: None,
    };
    Json(kept).into_response()
}

fn elsewhere(draft: Draft) -> Response {
    let kept = Kept {
        v: draft.v,
        elsewhere: Some(draft.fields),
    };
    (StatusCode::CONFLICT, Json(kept)).into_response()
}
