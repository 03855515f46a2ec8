//! To the provider and back. What a sign-in begins with is kept on this side, for ten minutes and one use; the browser gets a cookie
//! by which it is known again, so that nobody finishes in their own browser what another began, nor in another's what they began.

use super::{
    give_session, open_session, page,
    problem::{Problem, Words},
};
use crate::{
    cookies,
    failure::{Failure, WithCauses},
    session::{own_address, safe_return, signed_in_as},
    sign_in_at::SignInAt,
};
use axum::{
    Extension,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{Desk, PendingSignIn, SignInProof};
use docket_domain::{Digest, people::person::Person};
use docket_oidc::{Asking, Finishing, Provider, Verifier};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// Where the provider sends the browser back to: an address that the provider has to know.
const CALLBACK: &str = "/agent/sign-in/callback";
/// Characters of what nobody can guess.
const UNGUESSABLE: usize = 52;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    next: String,
    /// That the provider is to ask again who it is.
    again: Option<String>,
}

/// What a browser brings back (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Brought {
    state: String,
    code: String,
    iss: Option<String>,
    error: Option<String>,
}

/// Sends the browser to the provider.
pub async fn leave(
    State(desk): State<Desk>,
    Extension(at): Extension<SignInAt>,
    headers: HeaderMap,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let provider = at.provider().ok_or(Failure::Missing)?;
    let home = own_address(&desk, &headers).ok_or(Failure::Foreign)?;
    // Two windows of one browser may sign in at once.
    let known = cookies::SIGN_IN
        .read(&desk, &headers)
        .filter(|value| is_ours(value));
    let browser = known.map_or_else(|| desk.unguessable(), str::to_owned);
    match begin(&desk, provider, &home, &browser, &wish).await {
        Ok(address) => {
            let cookie = [(header::SET_COOKIE, cookies::SIGN_IN.set(&desk, &browser))];
            Ok((cookie, Redirect::to(&address)).into_response())
        }
        Err(problem) => say(&desk, &at, &wish.next, &problem).await,
    }
}

async fn begin(
    desk: &Desk,
    provider: &Provider,
    home: &str,
    browser: &str,
    wish: &Wish,
) -> Result<String, Problem> {
    let (state, nonce) = (desk.unguessable(), desk.unguessable());
    let verifier = Verifier::new(desk.random_bytes());
    let redirect_uri = format!("{home}{CALLBACK}");
    let asking = Asking {
        redirect_uri: &redirect_uri,
        state: &state,
        nonce: &nonce,
        verifier: &verifier,
        asks_again: wish.again.is_some(),
    };
    let address = provider.sign_in_address(asking, desk.now()).await?.to_string();
    let pending = PendingSignIn {
        browser: browser_digest(browser),
        nonce,
        verifier: verifier.expose().to_owned(),
        redirect_uri,
        next: safe_return(&wish.next).to_owned(),
    };
    desk.sessions().begin_sign_in(&state, &pending).await?;
    Ok(address)
}

/// Takes the browser in that comes back.
pub async fn come_back(
    State(desk): State<Desk>,
    Extension(at): Extension<SignInAt>,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Result<Response, Failure> {
    let provider = at.provider().ok_or(Failure::Missing)?;
    // What can't be read, such as one name twice, is no answer of the provider's.
    let brought = brought.map(|Query(brought)| brought).unwrap_or_default();
    let browser = cookies::SIGN_IN.read(&desk, &headers);
    let begun = match begun(&desk, &brought.state, browser).await {
        Ok(begun) => begun,
        Err(problem) => {
            if matches!(problem, Problem::Lost)
                && let Some(onward) = already_in(&desk, &headers, &brought.state).await?
            {
                return Ok(onward);
            }
            return say(&desk, &at, "", &problem).await;
        }
    };
    match finish(&desk, provider, &brought, &begun).await {
        Ok((person, proof)) => {
            let token = open_session(&desk, &headers, &person).await?;
            // Whoever runs the desk may have let the account go meanwhile, and ended the sessions that there were.
            if !desk.leads_to(&proof, person.id).await? {
                if let Some(session) = desk.sessions().get(&token).await? {
                    desk.sessions().close(&session).await?;
                }
                return say(&desk, &at, &begun.next, &Problem::Lost).await;
            }
            tracing::info!(person = %person.id, "Person {} signs in.", person.id);
            let mut response = give_session(&desk, &token, &begun.next);
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookies::SIGN_IN.clear(&desk));
            Ok(response)
        }
        Err(problem) => say(&desk, &at, &begun.next, &problem).await,
    }
}

/// Where a browser goes on that is signed in by now: another window of it came back first, and what it was known by went with that one.
/// The page that this one wanted is kept under its state.
async fn already_in(desk: &Desk, headers: &HeaderMap, state: &str) -> Result<Option<Response>, Failure> {
    if signed_in_as(desk, headers).await?.is_none() {
        return Ok(None);
    }
    let pending = match is_ours(state) {
        true => desk.sessions().take_sign_in(state).await?,
        false => None,
    };
    let next = pending.map(|pending| pending.next).unwrap_or_default();
    Ok(Some(Redirect::to(safe_return(&next)).into_response()))
}

/// What the sign-in began with, if it was in this browser. Whatever comes of it, it is used up.
async fn begun(desk: &Desk, state: &str, browser: Option<&str>) -> Result<PendingSignIn, Problem> {
    let browser = browser.ok_or(Problem::Lost)?;
    if !is_ours(state) {
        return Err(Problem::Lost);
    }
    let pending = desk.sessions().take_sign_in(state).await?.ok_or(Problem::Lost)?;
    let (here, there) = (browser_digest(browser), &pending.browser);
    if bool::from(here.as_str().as_bytes().ct_eq(there.as_str().as_bytes())) {
        Ok(pending)
    } else {
        Err(Problem::Lost)
    }
}

async fn finish(
    desk: &Desk,
    provider: &Provider,
    brought: &Brought,
    begun: &PendingSignIn,
) -> Result<(Person, SignInProof), Problem> {
    if let Some(error) = &brought.error {
        let word = error.chars().filter(char::is_ascii_graphic).take(60).collect();
        return Err(Problem::Denied(word));
    }
    let verifier = Verifier::kept(begun.verifier.as_str());
    let finishing = Finishing {
        code: &brought.code,
        issuer: brought.iss.as_deref(),
        redirect_uri: &begun.redirect_uri,
        nonce: &begun.nonce,
        verifier: &verifier,
    };
    let secret = desk.sign_in_secret(provider.issuer()).await?;
    let secret = secret.as_ref().map(docket_desk::Secret::expose);
    let proven = provider.finish(finishing, secret, desk.now()).await?;
    let trusts_addresses = desk
        .settings
        .sign_in
        .as_ref()
        .is_some_and(|at| at.trusts_addresses);
    let address = proven.email.filter(|_| proven.email_verified || trusts_addresses);
    let proof = SignInProof {
        issuer: proven.issuer,
        subject: proven.subject,
        address,
    };
    match desk.let_in(&proof).await {
        Ok(person) => Ok((person, proof)),
        Err(why) => Err(Problem::NotLetIn {
            why,
            address: proof.address,
        }),
    }
}

/// The page that says why nobody is signed in. The log has the cause, without address or token.
async fn say(desk: &Desk, at: &SignInAt, next: &str, problem: &Problem) -> Result<Response, Failure> {
    let id = desk.unguessable()[..10].to_owned();
    tracing::warn!(sign_in_id = %id, error = %WithCauses(problem), "Nobody was signed in.");
    page(desk, at, next, Some(Words::of(problem, id)), None).await
}

fn is_ours(text: &str) -> bool {
    text.len() == UNGUESSABLE && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn browser_digest(browser: &str) -> Digest {
    Digest::of_parts(["sign-in-browser", browser])
}
