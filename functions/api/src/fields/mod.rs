//! Fields of tickets, people and organizations, forms and statuses that the operator defines, and the values of them.

mod definitions;
mod form_statuses;
mod forms;
pub(crate) mod lookups;
mod options;
mod sent;
mod shape;
mod statuses;
pub(crate) mod values;

pub(crate) use shape::{form as shown_form, status as shown_status};

use crate::kit::{
    call::{API, Call},
    configuration::done,
    error::ApiError,
    idempotency::Once,
};
use axum::{
    Extension, Json, Router,
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use docket_desk::setup::SetupChange;
use docket_domain::{
    field::{FieldBook, FieldsOf},
    sla::Book,
};
use http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// The fields of one thing, as a path names them.
#[derive(Clone, Copy, Debug)]
struct Of(FieldsOf);

impl Of {
    /// Where they are, and what the list of them is called.
    fn list(self) -> &'static str {
        match self.0 {
            FieldsOf::Tickets => "ticket_fields",
            FieldsOf::People => "user_fields",
            FieldsOf::Organizations => "organization_fields",
        }
    }

    /// What one of them is called.
    fn record(self) -> &'static str {
        match self.0 {
            FieldsOf::Tickets => "ticket_field",
            FieldsOf::People => "user_field",
            FieldsOf::Organizations => "organization_field",
        }
    }
}

/// The paths of all of them.
pub(crate) fn routes() -> Router {
    let of = |of: FieldsOf| {
        let of = Of(of);
        let path = of.list();
        Router::new()
            .route(
                &format!("/{path}"),
                get(definitions::list).post(definitions::create),
            )
            .route(&format!("/{path}/count"), get(definitions::count))
            .route(&format!("/{path}/reorder"), put(definitions::reorder))
            .route(
                &format!("/{path}/{{id}}"),
                get(definitions::show)
                    .put(definitions::update)
                    .delete(definitions::destroy),
            )
            .route(
                &format!("/{path}/{{id}}/options"),
                get(options::list).post(options::create_or_update),
            )
            .route(
                &format!("/{path}/{{id}}/options/{{option}}"),
                get(options::show).delete(options::destroy),
            )
            .layer(Extension(of))
    };
    Router::new()
        .merge(of(FieldsOf::Tickets))
        .merge(of(FieldsOf::People))
        .merge(of(FieldsOf::Organizations))
        .merge(form_routes())
        .route("/custom_statuses", get(statuses::list).post(statuses::create))
        .route("/custom_statuses/{id}", get(statuses::show).put(statuses::update))
        .route("/custom_status/default", put(statuses::set_defaults))
        .route(
            "/custom_statuses/{id}/ticket_form_statuses",
            post(form_statuses::create_of_status),
        )
}

fn form_routes() -> Router {
    Router::new()
        .route("/ticket_forms", get(forms::list).post(forms::create))
        .route("/ticket_forms/show_many", get(forms::show_many))
        .route("/ticket_forms/reorder", put(forms::reorder))
        .route(
            "/ticket_forms/{id}",
            get(forms::show).put(forms::update).delete(forms::destroy),
        )
        .route("/ticket_forms/{id}/clone", post(forms::copy))
        .route("/ticket_form_statuses", get(form_statuses::list))
        .route("/ticket_form_statuses/show_many", get(form_statuses::show_many))
        .route(
            "/ticket_forms/{id}/ticket_form_statuses",
            get(form_statuses::of_form)
                .post(form_statuses::create)
                .put(form_statuses::update_many)
                .delete(form_statuses::destroy_all),
        )
        .route(
            "/ticket_forms/{id}/ticket_form_statuses/{pair}",
            put(form_statuses::update).delete(form_statuses::destroy),
        )
}

/// Everything that is defined, at most 30 seconds old.
async fn book(call: &Call) -> Result<Arc<Book>, ApiError> {
    Ok(call.desk.rules().book().await?)
}

/// Changes what is defined, in one transaction with the audit event; decided again where somebody else was first.
async fn change<T>(
    call: &Call,
    change: impl Fn(&mut FieldBook) -> Result<T, ApiError>,
) -> Result<(Arc<Book>, T), ApiError> {
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            apply(&mut book.rules.fields, &change)
        })
        .await?;
    match changed {
        SetupChange::Done(book, result) => Ok((book, result)),
        other => done(other).and(Err(ApiError::OtherRequest)),
    }
}

fn apply<T>(
    fields: &mut FieldBook,
    change: impl Fn(&mut FieldBook) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let result = change(fields)?;
    fields
        .check()
        .map_err(|error| ApiError::invalid("base", error.to_string()))?;
    Ok(result)
}

/// Makes something, once for a key. A repeat finds what the first call made by what it was sent: it knows no id.
async fn make(
    call: &Call,
    once: &Once,
    change: impl Fn(&mut FieldBook) -> Result<u64, ApiError>,
    find: impl Fn(&FieldBook) -> Option<u64>,
    shown: impl Fn(&FieldBook, u64) -> Option<Value>,
) -> Result<Response, ApiError> {
    let mut earlier = once.earlier(call).await?;
    let mut made = None;
    if earlier.is_none() {
        let changed = call
            .desk
            .rules()
            .change_book(call.changed_by(once.cause.as_str()), once.guards(true), |book| {
                apply(&mut book.rules.fields, &change)
            })
            .await?;
        match changed {
            SetupChange::Done(book, id) => made = Some((book, id)),
            SetupChange::Refused(error) => return Err(error),
            SetupChange::Repeated(answer) => earlier = Some(once.same(answer)?),
        }
    }
    let (book, id) = match made {
        Some(made) => made,
        None => {
            let book = call.desk.rules().newest_book().await?;
            let id = find(&book.rules.fields).ok_or(ApiError::Missing)?;
            (book, id)
        }
    };
    let shown = shown(&book.rules.fields, id).ok_or(ApiError::Missing)?;
    let response = (StatusCode::CREATED, Json(shown)).into_response();
    Ok(once.mark(response, earlier.is_some()))
}

/// Gives those that are named the first places, in this order; the others follow in theirs.
fn reordered(now: Vec<u64>, first: &[u64], field: &str) -> Result<Vec<u64>, ApiError> {
    if first.is_empty() {
        return Err(ApiError::blank(field));
    }
    if let Some(unknown) = first.iter().find(|id| !now.contains(id)) {
        return Err(ApiError::invalid(
            field,
            format!("{unknown} is no id of this list"),
        ));
    }
    let mut order: Vec<u64> = Vec::with_capacity(now.len());
    for id in first.iter().copied().chain(now) {
        if !order.contains(&id) {
            order.push(id);
        }
    }
    Ok(order)
}

/// The places of these, from 1 on.
fn places(order: &[u64]) -> impl Iterator<Item = (u64, u64)> {
    order.iter().copied().zip(1..)
}
