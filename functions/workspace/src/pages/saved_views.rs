//! Saving a list as a view, or over one, deleting one, and the numbers of tickets that views have. They are the same views as those of the API.

use super::{
    list_reading::saved_view,
    tickets::{Said, page},
    view_change::{by, save_over, title},
};
use crate::{
    access::may_change_view,
    failure::Failure,
    frame::{Frame, offered},
    refusals::no_room,
    session::{Pressed, SignedIn},
    views::{View, address::ListAddress, asked::to_keep, counts::count_saved},
};
use axum::{
    Form, Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{
    Desk, Guard, GuardKey,
    views::{ViewMade, ViewsChange},
};
use docket_domain::{
    ViewId,
    people::staff::Role,
    view::{MOST_CONDITIONS, View as SavedView, ViewFor},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How long a form that is sent again is known, in seconds: longer than a session.
const ONCE_SECONDS: i64 = 24 * 3600;

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    csrf: String,
    once: String,
    /// The address of the list.
    list: String,
    title: String,
    /// `me`, or `everyone`.
    is_for: String,
    /// The view that it takes the place of, with the version that was shown: `saved-1001.3`; empty for a new one.
    over: String,
}

/// Saves the list that is shown, and shows it as the view it is from now on.
pub async fn save(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let address = ListAddress::read(&asked.list);
    if let Some(problem) = not_asked(&address) {
        return refused(&desk, &signed_in, &address, wrong(problem)).await;
    }
    if !asked.over.is_empty() {
        let shown = saved_view(&desk, &signed_in, address.view()).await?;
        let over = (asked.over.as_str(), asked.title.as_str());
        return match save_over(&desk, &signed_in, over, &address, shown.as_ref()).await? {
            Ok(id) => Ok(to_view(id)),
            Err(problem) => refused(&desk, &signed_in, &address, problem).await,
        };
    }
    let view = match to_save(&desk, &signed_in, &asked, &address).await? {
        Ok(view) => view,
        Err(problem) => return refused(&desk, &signed_in, &address, wrong(problem)).await,
    };
    let me = signed_in.person.id;
    let guards = match asked.once.is_empty() {
        true => vec![],
        false => vec![Guard {
            seconds: ONCE_SECONDS,
            ..Guard::new(GuardKey::Idempotency(
                format!("workspace {me} views"),
                asked.once.clone(),
            ))
        }],
    };
    let make = |id| SavedView { id, ..view.clone() };
    let made = desk.make_view(&by(&desk, &signed_in), guards, make).await?;
    let id = match made {
        ViewMade::Done(view) => view.id,
        ViewMade::Repeated(earlier) => ViewId(earlier.made.ok_or(Failure::Missing)?),
    };
    Ok(to_view(id))
}

/// The list again, with why it was not saved.
async fn refused(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
    (status, problem): (StatusCode, String),
) -> Result<Response, Failure> {
    let said = Said {
        problem: Some(problem),
        status,
        ..Said::default()
    };
    page(desk, signed_in, (address, ""), said).await
}

fn wrong(problem: String) -> (StatusCode, String) {
    (StatusCode::UNPROCESSABLE_ENTITY, problem)
}

fn to_view(id: ViewId) -> Response {
    let href = ListAddress::of(View::Saved(id)).href();
    Redirect::to(&href).into_response()
}

/// In words for the person, why a list is nothing that a view can ask for.
fn not_asked(address: &ListAddress) -> Option<String> {
    let reason = match address.view() {
        View::Snoozed => t!("what is snoozed can't be asked for by a view"),
        View::Mentions => t!("who was named can't be asked for by a view"),
        _ => return None,
    };
    Some(t!("The view was not saved: {reason}.", reason))
}

/// The view that is saved.
async fn to_save(
    desk: &Desk,
    signed_in: &SignedIn,
    asked: &Asked,
    address: &ListAddress,
) -> Result<Result<SavedView, String>, Failure> {
    let problem = |reason: &str| Ok(Err(t!("The view was not saved: {reason}.", reason)));
    let title = match title(&asked.title) {
        Ok(title) => title,
        Err(reason) => return problem(&reason),
    };
    let base = saved_view(desk, signed_in, address.view()).await?;
    let (all, any, output) = to_keep(signed_in, address, base.as_ref());
    if all.len() + any.len() > MOST_CONDITIONS {
        return problem(&t!(
            "it would have more than {most} conditions",
            most = MOST_CONDITIONS
        ));
    }
    let known = desk.store().views().all().await?;
    let is_shared = asked.is_for == "everyone" && signed_in.person.role == Role::Admin;
    let mut view = SavedView::new(ViewId(0), &title, desk.now());
    view.is_for = match is_shared {
        true => ViewFor::Everyone,
        false => ViewFor::Person(signed_in.person.id),
    };
    (view.all, view.any, view.output) = (all, any, output);
    let last = known.iter().map(|view| view.position).max().unwrap_or(0);
    view.position = last.max(FIRST_POSITION).saturating_add(1);
    match view.has_room_among(&known) {
        Ok(()) => Ok(Ok(view)),
        Err(full) => problem(&no_room(full)),
    }
}

/// The last place of the views that every desk has: saved ones come behind them over the API, too.
const FIRST_POSITION: u32 = 8;

/// Deletes a view.
pub async fn delete(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(id): Path<u64>,
    Form(asked): Form<Pressed>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let may = |view: &SavedView| match may_change_view(&signed_in.person, view) {
        true => Ok(()),
        false => Err(Failure::Missing),
    };
    match desk
        .remove_views(&by(&desk, &signed_in), &[ViewId(id)], may)
        .await?
    {
        ViewsChange::Done(_) => Ok(Redirect::to("/agent/tickets").into_response()),
        ViewsChange::Missing(_) => Err(Failure::Missing),
        ViewsChange::Refused(failure) => Err(failure),
    }
}

/// The numbers beside the views, in words, by the word of each: saved ones are counted anew where they were not a moment ago.
pub async fn counts(State(desk): State<Desk>, signed_in: SignedIn) -> Result<Response, Failure> {
    let views = offered(&desk, &signed_in).await?;
    count_saved(&desk, &signed_in, &views).await;
    let groups = desk.groups().all().await?;
    let frame = Frame::of_place(&desk, &signed_in, &groups).await?;
    let links = frame
        .views
        .iter()
        .chain(frame.lists.iter().flat_map(|list| &list.views));
    let counts: BTreeMap<&str, &str> = links
        .map(|link| (link.slug.as_str(), link.count.as_str()))
        .collect();
    Ok(Json(counts).into_response())
}
