//! Signing in and out. A desk on one's own machine lists its people; one in the cloud lets nobody in until a
//! sign-in is configured.

use crate::{
    assets,
    failure::Failure,
    frame::brand,
    session::{SignedIn, comes_from_own_page, safe_return, set_cookie},
};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::Desk;
use docket_domain::{
    PersonId,
    people::{person::Person, staff::Role},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    brand: &'a str,
    style: &'a str,
    icon: &'a str,
    is_open: bool,
    people: Vec<Person>,
    next: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    person: String,
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Leaving {
    csrf: String,
}

/// The page.
pub async fn show(State(desk): State<Desk>, Query(wish): Query<Wish>) -> Result<Response, Failure> {
    let is_open = desk.settings.is_local;
    let people = if is_open { staff(&desk).await? } else { vec![] };
    let page = SignInPage {
        brand: brand(&desk),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        is_open,
        people,
        next: safe_return(&wish.next),
    };
    let status = if is_open {
        StatusCode::OK
    } else {
        StatusCode::FORBIDDEN
    };
    // The form's own check looks at the origin, which a browser hides where no referrer is allowed at all.
    let policy = [(header::REFERRER_POLICY, "same-origin")];
    Ok((status, policy, Html(page.render()?)).into_response())
}

/// Signs the chosen person in.
pub async fn submit(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    if !desk.settings.is_local || !comes_from_own_page(&desk, &headers) {
        return Err(Failure::Foreign);
    }
    let id = chosen.person.parse().map_err(|_| Failure::Missing)?;
    let person = desk.people().get(PersonId(id)).await?.ok_or(Failure::Missing)?;
    if !person.role.is_staff() {
        return Err(Failure::Missing);
    }
    let token = desk.sessions().open(person.id).await?;
    tracing::info!(person = %person.id, "A member of the staff signed in on their own machine.");
    let cookie = [(header::SET_COOKIE, set_cookie(&desk, Some(&token)))];
    Ok((cookie, Redirect::to(safe_return(&chosen.next))).into_response())
}

/// Signs out, and lets the browser forget the drafts.
pub async fn sign_out(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Form(leaving): Form<Leaving>,
) -> Result<Response, Failure> {
    signed_in.check(&leaving.csrf)?;
    desk.sessions().close(&signed_in.token).await?;
    let headers = [
        (header::SET_COOKIE, set_cookie(&desk, None)),
        (
            header::HeaderName::from_static("clear-site-data"),
            header::HeaderValue::from_static("\"storage\""),
        ),
    ];
    Ok((headers, Redirect::to("/agent/sign-in")).into_response())
}

async fn staff(desk: &Desk) -> Result<Vec<Person>, Failure> {
    let mut people = desk.agents().all().await?;
    people.sort_by_key(|person| (person.role == Role::Admin, person.id));
    Ok(people)
}
