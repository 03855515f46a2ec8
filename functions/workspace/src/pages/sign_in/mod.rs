//! Signing in and out: at the provider of the desk, or, on a desk on one's own machine without one, as one of its people. A desk in
//! the cloud without a provider lets nobody in.

mod problem;
mod provider;

use crate::{
    assets, browser, cookies,
    failure::Failure,
    frame::brand,
    session::{Pressed, SignedIn, comes_from_own_page, own_address, safe_return},
    sign_in_at::SignInAt,
};
use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use docket_desk::{Desk, StoreError};
use docket_domain::{
    PersonId,
    people::{person::Person, staff::Role},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use problem::Words;
use serde::Deserialize;

/// The page, to which the provider sends the browser back once it has forgotten it, too.
pub const PAGE: &str = "/agent/sign-in";

/// The routes.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/agent/sign-in", get(show).post(submit))
        .route("/agent/sign-in/provider", get(provider::leave))
        .route("/agent/sign-in/callback", get(provider::come_back))
        .route("/agent/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    brand: &'a str,
    style: &'a str,
    icon: &'a str,
    way: Way,
    words: Option<Words>,
    next: &'a str,
    /// The same within an address.
    encoded_next: String,
    /// Where the provider forgets the browser, too.
    forget: Option<String>,
}

/// How one signs in.
enum Way {
    /// As one of these people.
    List(Vec<Person>),
    /// At the provider.
    Provider,
    /// Not at all.
    Nowhere,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wish {
    next: String,
    /// That one has just signed out.
    out: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Chosen {
    person: String,
    next: String,
}

async fn show(
    State(desk): State<Desk>,
    Extension(at): Extension<SignInAt>,
    headers: HeaderMap,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    if wish.out.is_none() {
        return page(&desk, &at, &wish.next, None, None).await;
    }
    let forget = match (at.provider(), own_address(&desk, &headers)) {
        (Some(provider), Some(home)) => {
            let back_to = format!("{home}{PAGE}");
            provider
                .sign_out_address(&back_to, desk.now())
                .await
                .map(String::from)
        }
        _ => None,
    };
    page(&desk, &at, "", Some(Words::signed_out()), forget).await
}

/// The page, with what there is to say.
async fn page(
    desk: &Desk,
    at: &SignInAt,
    next: &str,
    words: Option<Words>,
    forget: Option<String>,
) -> Result<Response, Failure> {
    let way = match (at.provider(), offers_list(desk)) {
        (Some(_), _) => Way::Provider,
        (None, true) => Way::List(staff(desk).await?),
        (None, false) => Way::Nowhere,
    };
    let status = match (&words, &way) {
        (Some(words), _) => words.status,
        (None, Way::Nowhere) => StatusCode::FORBIDDEN,
        (None, _) => StatusCode::OK,
    };
    let next = safe_return(next);
    let page = SignInPage {
        brand: brand(desk),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        way,
        words,
        next,
        encoded_next: utf8_percent_encode(next, NON_ALPHANUMERIC).to_string(),
        forget,
    };
    // The form's own check looks at the origin, which a browser hides where no referrer is allowed at all.
    let policy = [(header::REFERRER_POLICY, "same-origin")];
    Ok((status, policy, Html(page.render()?)).into_response())
}

/// Signs the chosen person in.
async fn submit(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    if !offers_list(&desk) || !comes_from_own_page(&desk, &headers) {
        return Err(Failure::Foreign);
    }
    let id = chosen.person.parse().map_err(|_| Failure::Missing)?;
    let person = desk.people().get(PersonId(id)).await?;
    let person = person.filter(Person::may_work).ok_or(Failure::Missing)?;
    tracing::info!(person = %person.id, "A member of the staff signs in on their own machine.");
    let token = open_session(&desk, &headers, &person).await?;
    Ok(give_session(&desk, &token, &chosen.next))
}

/// Whether whoever comes is believed to be whom they pick.
fn offers_list(desk: &Desk) -> bool {
    desk.settings.is_local && desk.settings.sign_in.is_none()
}

/// Signs somebody in under a token that was nobody's before, which is given back. A session that the browser brought along ends.
async fn open_session(desk: &Desk, headers: &HeaderMap, person: &Person) -> Result<String, StoreError> {
    if let Some(token) = cookies::SESSION.read(desk, headers)
        && let Some(session) = desk.sessions().get(token).await?
    {
        desk.sessions().close(&session).await?;
    }
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let browser = browser::in_words(agent.unwrap_or_default());
    desk.sessions().open(person.id, &browser).await
}

/// Gives a browser the token of its session, and leads it to the page that was wanted.
fn give_session(desk: &Desk, token: &str, next: &str) -> Response {
    let mut response = Redirect::to(safe_return(next)).into_response();
    response
        .headers_mut()
        .append(header::SET_COOKIE, cookies::SESSION.set(desk, token));
    response
}

async fn sign_out(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Form(leaving): Form<Pressed>,
) -> Result<Response, Failure> {
    signed_in.check(&leaving.csrf)?;
    desk.sessions().close(&signed_in.session).await?;
    Ok((forgotten(&desk), Redirect::to("/agent/sign-in?out=1")).into_response())
}

/// Lets the browser forget who was signed in, and the drafts.
pub fn forgotten(desk: &Desk) -> [(HeaderName, HeaderValue); 2] {
    [
        (header::SET_COOKIE, cookies::SESSION.clear(desk)),
        (
            HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"storage\""),
        ),
    ]
}

async fn staff(desk: &Desk) -> Result<Vec<Person>, Failure> {
    let mut people = desk.agents().all().await?;
    people.sort_by_key(|person| (person.role == Role::Admin, person.id));
    Ok(people)
}
