//! Making, changing and taking away views: one's own, and all of them for an admin.

use super::{
    fields::{ViewChange, ViewFields},
    seen, shape, standing,
};
use crate::kit::{
    call::{API, Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::Sent,
    paging::written_ids,
};
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use docket_desk::{
    Answer,
    views::{MOST_VIEWS_AT_ONCE, ViewMade, ViewsChange},
};
use docket_domain::{
    ViewId,
    people::staff::Role,
    view::{NoRoomForViews, View, ViewFor},
};
use http::StatusCode;
use serde_json::{Value, json};

const NOT_YOURS: &str = "Agents may make, change and delete views of their own alone: restriction has to be {\"type\":\"User\"} with their id.";
const OF_EVERY_DESK: &str = "This view is one that every desk has: it can't be changed or deleted.";

/// `POST views`.
pub(super) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields: ViewFields = sent.read("view")?;
    let once = Once::of(&call, &sent)?;
    if let Some(earlier) = once.earlier(&call).await? {
        return made_before(&call, &once, &earlier).await;
    }
    let change = fields.checked(&call).await?;
    if !change.has_title() {
        return Err(ApiError::blank("title"));
    }
    let known = call.desk.store().views().all().await?;
    let last = known.iter().map(|view| view.position).max().unwrap_or(0);
    let after_standing = u32::try_from(standing::all().len()).unwrap_or_default();
    let now = call.desk.now();
    let mut made = View::new(ViewId(0), "", now);
    made.position = last.max(after_standing).saturating_add(1);
    change.put_into(&mut made)?;
    may_write(&call, &made)?;
    made.has_room_among(&known).map_err(no_room)?;
    let make = |id| View { id, ..made.clone() };
    let by = call.changed_by(once.cause.as_str());
    match call.desk.make_view(&by, once.guards(true), make).await? {
        ViewMade::Done(view) => Ok(created(&call, &once, &view, false)),
        ViewMade::Repeated(earlier) => {
            let earlier = once.same(earlier)?;
            made_before(&call, &once, &earlier).await
        }
    }
}

async fn made_before(call: &Call, once: &Once, earlier: &Answer) -> Result<Response, ApiError> {
    let view = seen(call, earlier.made.ok_or(ApiError::Missing)?).await?;
    Ok(created(call, once, &view, true))
}

fn created(call: &Call, once: &Once, view: &View, repeated: bool) -> Response {
    let shown = json!({ "view": shape::view(&call.address, view) });
    once.mark((StatusCode::CREATED, Json(shown)).into_response(), repeated)
}

/// `PUT views/{id}`.
pub(super) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields: ViewFields = sent.read("view")?;
    let change = fields.checked(&call).await?;
    let changed = changed(&call, &[(ViewId(id), change)]).await?;
    let view = changed.first().ok_or(ApiError::Missing)?;
    Ok(Json(json!({ "view": shape::view(&call.address, view) })))
}

/// `PUT views/update_many`: places and whether they are in use, or more; all of them or none.
pub(super) async fn update_many(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    #[derive(serde::Deserialize)]
    struct Body {
        views: Vec<ViewFields>,
    }
    let body: Body = sent.read_whole()?;
    check_count(body.views.len(), "views")?;
    let mut changes = Vec::new();
    for fields in body.views {
        let id = ViewId(fields.id.ok_or_else(|| ApiError::blank("views.id"))?);
        if changes.iter().any(|(known, _)| *known == id) {
            return Err(ApiError::invalid("views.id", format!("{id} stands there twice")));
        }
        changes.push((id, fields.checked(&call).await?));
    }
    let views = changed(&call, &changes).await?;
    let rows = views.iter().map(|view| shape::view(&call.address, view));
    let rows: Vec<Value> = rows.collect();
    Ok(Json(json!({
        "views": rows,
        "count": rows.len(),
        "next_page": null,
        "previous_page": null,
    })))
}

/// `DELETE views/{id}`.
pub(super) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    removed(&call, &[ViewId(id)]).await
}

/// `DELETE views/destroy_many?ids=1,2`: all of them or none.
pub(super) async fn destroy_many(call: Call) -> Result<StatusCode, ApiError> {
    let ids = written_ids(call.address.parameter("ids").unwrap_or_default())?;
    check_count(ids.len(), "ids")?;
    let ids: Vec<ViewId> = ids.into_iter().map(ViewId).collect();
    removed(&call, &ids).await
}

fn check_count(count: usize, field: &str) -> Result<(), ApiError> {
    match count {
        0 => Err(ApiError::blank(field)),
        count if count > MOST_VIEWS_AT_ONCE => {
            let words = format!("{count} are too many: at most {MOST_VIEWS_AT_ONCE} at once");
            Err(ApiError::invalid(field, words))
        }
        _ => Ok(()),
    }
}

async fn changed(call: &Call, changes: &[(ViewId, ViewChange)]) -> Result<Vec<View>, ApiError> {
    let ids: Vec<ViewId> = changes.iter().map(|(id, _)| *id).collect();
    refuse_standing(&ids)?;
    // Whoever gets one of their own has room for it.
    if changes
        .iter()
        .any(|(_, change)| matches!(change.is_for, Some(ViewFor::Person(_))))
    {
        let known = call.desk.store().views().all().await?;
        for (id, change) in changes {
            if let (Some(is_for), Some(view)) = (&change.is_for, known.iter().find(|view| view.id == *id))
                && view.is_for != *is_for
            {
                let mut view = view.clone();
                view.is_for.clone_from(is_for);
                view.has_room_of_its_person(&known).map_err(no_room)?;
            }
        }
    }
    let by = call.changed_by(API);
    let change = call.desk.change_views(&by, &ids, |view| {
        may_write(call, view)?;
        let change = changes.iter().find(|(id, _)| *id == view.id);
        if let Some((_, change)) = change {
            change.put_into(view)?;
        }
        may_write(call, view)
    });
    done(change.await?)
}

async fn removed(call: &Call, ids: &[ViewId]) -> Result<StatusCode, ApiError> {
    refuse_standing(ids)?;
    let by = call.changed_by(API);
    let change = call.desk.remove_views(&by, ids, |view| may_write(call, view));
    done(change.await?)?;
    Ok(StatusCode::NO_CONTENT)
}

fn done(change: ViewsChange<ApiError>) -> Result<Vec<View>, ApiError> {
    match change {
        ViewsChange::Done(views) => Ok(views),
        ViewsChange::Missing(_) => Err(ApiError::Missing),
        ViewsChange::Refused(error) => Err(error),
    }
}

fn refuse_standing(ids: &[ViewId]) -> Result<(), ApiError> {
    match ids.iter().any(|id| standing::is_standing(*id)) {
        true => Err(ApiError::Forbidden(OF_EVERY_DESK)),
        false => Ok(()),
    }
}

/// What somebody is not even offered is not there for them.
fn may_write(call: &Call, view: &View) -> Result<(), ApiError> {
    if call.caller.role == Role::Admin || view.is_of(call.caller.id) {
        return Ok(());
    }
    match super::is_offered(call, view) {
        true => Err(ApiError::Forbidden(NOT_YOURS)),
        false if view.id == ViewId(0) => Err(ApiError::Forbidden(NOT_YOURS)),
        false => Err(ApiError::Missing),
    }
}

fn no_room(error: NoRoomForViews) -> ApiError {
    ApiError::invalid("base", error.to_string())
}
