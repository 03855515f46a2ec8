//! The page that says why there is no other.

use crate::{
    assets,
    failure::{Failure, WithCauses},
    frame::brand,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::Desk;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    brand: &'a str,
    title: &'a str,
    text: &'a str,
    id: Option<&'a str>,
    style: &'a str,
    icon: &'a str,
    is_for_agents: bool,
}

/// The answer itself, or, where a handler failed, the page that says so. Failures of the world are logged here with
/// an id that the page shows.
pub fn rendered(desk: &Desk, mut response: Response, is_for_agents: bool) -> Response {
    let Some(failure) = response.extensions_mut().remove::<Arc<Failure>>() else {
        return response;
    };
    let (status, title, text) = match &*failure {
        Failure::Missing => (
            StatusCode::NOT_FOUND,
            t!("There is no such page"),
            t!("The address may be mistyped, or what it showed is gone."),
        ),
        Failure::Foreign | Failure::SignedOut { .. } => (
            StatusCode::FORBIDDEN,
            t!("That did not come from a page of this desk"),
            t!("Nothing was changed. Open the page again and repeat what you did."),
        ),
        Failure::NotAllowed(_) => (
            StatusCode::FORBIDDEN,
            t!("You may not do this here"),
            t!("Nothing was changed. An admin of this desk may, or can make you one."),
        ),
        Failure::Garbled => (
            StatusCode::BAD_REQUEST,
            t!("The form could not be read"),
            t!(
                "Nothing was changed. Go back: what you wrote should still be there. Send it again with smaller files or none."
            ),
        ),
        Failure::TooLarge(_) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            t!("The file is too large to be handed out here"),
            t!("Fetch it from the bucket of the desk."),
        ),
        Failure::Store(_) | Failure::Page(_) | Failure::CutOff(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            t!("That did not work"),
            t!("The desk could not read or write what it needed. Try again in a moment."),
        ),
    };
    let id = status.is_server_error().then(|| {
        let id = desk.unguessable()[..10].to_owned();
        tracing::error!(failure_id = %id, error = %WithCauses(&*failure), "A page failed.");
        id
    });
    let message = Message {
        brand: brand(desk),
        title,
        text,
        id: id.as_deref(),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        is_for_agents,
    };
    match message.render() {
        Ok(page) => (status, Html(page)).into_response(),
        Err(_) => (status, title.to_owned()).into_response(),
    }
}
