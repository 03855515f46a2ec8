//! What leads to a ticket, a person or an organization by a lookup: `zen:user/{id}/relationship_fields/{field}/zen:ticket`.

use super::{
    find::told,
    paged::{Order, Paged},
    rows::{rows, without_type},
};
use crate::{
    fields::lookups::of_word,
    kit::{
        call::{Call, Ids},
        error::ApiError,
    },
};
use axum::{Json, Router, routing::get};
use docket_domain::field::FieldsOf;
use docket_search::{Kind, Wanted};
use http::HeaderMap;
use serde_json::Value;

type Answer = Result<(HeaderMap, Json<Value>), ApiError>;
/// What a path names: the number of what is led to, the field, and of what the field is.
type Path = Ids<(u64, u64, String)>;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route(
            "/zen:organization/{id}/relationship_fields/{field}/{source}",
            get(to_organization),
        )
        .route(
            "/zen:ticket/{id}/relationship_fields/{field}/{source}",
            get(to_ticket),
        )
        .route(
            "/zen:user/{id}/relationship_fields/{field}/{source}",
            get(to_person),
        )
}

async fn to_organization(call: Call, path: Path) -> Answer {
    sources(call, FieldsOf::Organizations, path).await
}

async fn to_ticket(call: Call, path: Path) -> Answer {
    sources(call, FieldsOf::Tickets, path).await
}

async fn to_person(call: Call, path: Path) -> Answer {
    sources(call, FieldsOf::People, path).await
}

async fn sources(call: Call, target: FieldsOf, Ids((id, field, source)): Path) -> Answer {
    let of = of_word(&source).ok_or(ApiError::Missing)?;
    let book = call.desk.rules().book().await?;
    let field = book.rules.fields.field(of, field);
    let field = field.filter(|field| field.target == Some(target) && field.is_active);
    let field = field.ok_or(ApiError::Missing)?;
    if !call.desk.has(target, id).await? {
        return Err(ApiError::Missing);
    }
    let (kind, list) = match of {
        FieldsOf::Tickets => (Kind::Ticket, "tickets"),
        FieldsOf::People => (Kind::Person, "users"),
        FieldsOf::Organizations => (Kind::Organization, "organizations"),
    };
    let name = field.key.clone().unwrap_or_else(|| field.name());
    let wanted = Wanted::OwnField(kind, name, id.to_string());
    let paged = Paged::find(&call, wanted, Order::or_by_creation(&call)).await?;
    let (rows, beside) = rows(&call, &paged.answer.found).await?;
    let mut envelope = paged.envelope(&call, list, rows.into_iter().map(without_type).collect());
    beside.add_to(&mut envelope, &call).await?;
    Ok((told(&paged.answer), Json(Value::Object(envelope))))
}
