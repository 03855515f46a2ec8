//! Changing a view that was saved: its name, for whom it is, and what it asks for. Where somebody changed it since it was shown, it stays as
//! it is, and whoever wanted something else of it is told.

use super::tickets::{Said, page};
use crate::{
    access::may_change_view,
    failure::Failure,
    refusals::no_room,
    session::SignedIn,
    views::{View, address::ListAddress, asked::to_keep},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{Desk, views::ViewsChange};
use docket_domain::{
    GroupId, ViewId,
    audit::ChangedBy,
    configuration::Group,
    ticket::Actor,
    view::{LONGEST_TITLE, MOST_CONDITIONS, View as SavedView, ViewFor},
};
use serde::Deserialize;

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    csrf: String,
    /// The version that was shown.
    v: String,
    /// The address of the list.
    list: String,
    title: String,
    /// `stay`, `me`, `everyone`, or `group-3`.
    is_for: String,
}

/// Gives a view another name, and to others.
pub async fn submit(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(id): Path<u64>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let address = ListAddress::read(&asked.list);
    let groups = desk.groups().all().await?;
    let known = desk.store().views().all().await?;
    let seen = asked.v.parse().unwrap_or(0);
    let put = |view: &mut SavedView| {
        view.title = title(&asked.title)?;
        let is_for = is_for(&asked.is_for, view, &signed_in, &groups)?;
        if is_for != view.is_for {
            view.is_for = is_for;
            // Whoever gets one of their own has room for it.
            view.has_room_of_its_person(&known).map_err(no_room)?;
        }
        Ok::<_, String>(())
    };
    match change(&desk, &signed_in, (ViewId(id), seen), put).await? {
        Ok(()) => Ok(Redirect::to(&address.href()).into_response()),
        Err((status, problem)) => {
            let said = Said {
                problem: Some(problem),
                status,
                typed_title: Some(asked.title),
            };
            page(&desk, &signed_in, (&address, ""), said).await
        }
    }
}

/// Has a view ask for what a list shows, in its order; under another name where one is given. Nothing: it does.
pub async fn save_over(
    desk: &Desk,
    signed_in: &SignedIn,
    (over, name): (&str, &str),
    address: &ListAddress,
    shown: Option<&SavedView>,
) -> Result<Result<ViewId, (StatusCode, String)>, Failure> {
    let none = || Failure::Missing;
    let (slug, v) = over.split_once('.').ok_or_else(none)?;
    let Some(View::Saved(id)) = View::named(slug) else {
        return Err(Failure::Missing);
    };
    let seen = v.parse().map_err(|_| Failure::Missing)?;
    let (all, any, output) = to_keep(signed_in, address, shown);
    let put = |view: &mut SavedView| {
        if !name.trim().is_empty() {
            view.title = title(name)?;
        }
        if all.len() + any.len() > MOST_CONDITIONS {
            return Err(t!(
                "it would have more than {most} conditions",
                most = MOST_CONDITIONS
            ));
        }
        (view.all, view.any) = (all.clone(), any.clone());
        // The columns that a client shows are its own matter.
        (view.output.sort, view.output.group) = (output.sort.clone(), output.group.clone());
        Ok::<_, String>(())
    };
    let changed = change(desk, signed_in, (id, seen), put).await?;
    Ok(changed.map(|()| id))
}

/// Why a view stays as it is.
enum Stays {
    /// It is not theirs to change.
    NotTheirs,
    /// It is so already.
    AlreadySo,
    /// Somebody was first.
    Changed,
    /// What is wrong, in words.
    Problem(String),
}

/// Changes a view that was shown at a version.
async fn change(
    desk: &Desk,
    signed_in: &SignedIn,
    (id, seen): (ViewId, u64),
    put: impl Fn(&mut SavedView) -> Result<(), String>,
) -> Result<Result<(), (StatusCode, String)>, Failure> {
    let person = &signed_in.person;
    let decide = |view: &mut SavedView| {
        if !may_change_view(person, view) {
            return Err(Stays::NotTheirs);
        }
        let before = view.clone();
        put(view).map_err(Stays::Problem)?;
        if *view == before {
            // Sent again, it is as it was to be.
            Err(Stays::AlreadySo)
        } else if before.v != seen {
            Err(Stays::Changed)
        } else if !may_change_view(person, view) {
            Err(Stays::NotTheirs)
        } else {
            Ok(())
        }
    };
    let changed = desk.change_views(&by(desk, signed_in), &[id], decide).await?;
    match changed {
        ViewsChange::Done(_) | ViewsChange::Refused(Stays::AlreadySo) => Ok(Ok(())),
        ViewsChange::Missing(_) | ViewsChange::Refused(Stays::NotTheirs) => Err(Failure::Missing),
        ViewsChange::Refused(Stays::Changed) => {
            let problem = t!(
                "The view was not changed: somebody changed it meanwhile. It is shown as it is now; look at it, and save again."
            );
            Ok(Err((StatusCode::CONFLICT, problem.to_owned())))
        }
        ViewsChange::Refused(Stays::Problem(reason)) => {
            let problem = t!("The view was not changed: {reason}.", reason);
            Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, problem)))
        }
    }
}

/// A title as it is kept; in words, what is wrong with it.
pub fn title(typed: &str) -> Result<String, String> {
    let title = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => Err(t!("give it a name first").to_owned()),
        1..=LONGEST_TITLE => Ok(title),
        _ => Err(t!("its name can have {most} characters", most = LONGEST_TITLE)),
    }
}

/// For whom a view is from now on.
fn is_for(word: &str, view: &SavedView, signed_in: &SignedIn, groups: &[Group]) -> Result<ViewFor, String> {
    let group = |id: &str| {
        let id = GroupId(id.parse().ok()?);
        groups.iter().any(|group| group.id == id).then_some(id)
    };
    match word {
        "" | "stay" => Ok(view.is_for.clone()),
        "me" => Ok(ViewFor::Person(signed_in.person.id)),
        "everyone" => Ok(ViewFor::Everyone),
        word => word
            .strip_prefix("group-")
            .and_then(group)
            .map(|id| ViewFor::Groups(vec![id]))
            .ok_or_else(|| t!("there is no such group").to_owned()),
    }
}

/// Who changes views on their pages.
pub fn by(desk: &Desk, signed_in: &SignedIn) -> ChangedBy {
    ChangedBy::new(Actor::Agent(signed_in.person.id), "workspace", desk.now())
}
