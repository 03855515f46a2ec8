//! What was said on a request, as far as it is public.

use super::{public_comments, seen};
use crate::{
    kit::{call::Ids, customer::Customer, error::ApiError, paging::Paging},
    shapes::{
        child_id,
        request::{author, request_comment},
    },
};
use axum::Json;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// `GET requests/{id}/comments`: public ones, the oldest first, with those who wrote them.
pub(super) async fn list(customer: Customer, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (ticket, _) = seen(&customer, id).await?;
    let comments = public_comments(&customer.desk, &ticket).await?;
    let paging = Paging::of(&customer.address);
    let window = paging.window(comments.len() as u64);
    let page = window.of(&comments);
    let authors: BTreeSet<_> = page.iter().map(|full| full.comment.author).collect();
    let authors: Vec<_> = authors.into_iter().collect();
    let mut people = customer.desk.people().get_many(&authors).await?;
    people.sort_by_key(|person| person.id);
    let rows = page
        .iter()
        .map(|full| request_comment(&customer.address, &ticket, full))
        .collect();
    let mut envelope = paging.envelope(&customer.address, "comments", rows, &window);
    envelope.insert("users".to_owned(), people.iter().map(author).collect());
    Ok(Json(Value::Object(envelope)))
}

/// `GET requests/{id}/comments/{comment}`.
pub(super) async fn show(
    customer: Customer,
    Ids((id, comment)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    let (ticket, _) = seen(&customer, id).await?;
    let comments = public_comments(&customer.desk, &ticket).await?;
    let mut found = comments.iter();
    let found = found.find(|full| child_id(ticket.number, full.comment.v) == comment);
    let found = found.ok_or(ApiError::Missing)?;
    Ok(Json(
        json!({ "comment": request_comment(&customer.address, &ticket, found) }),
    ))
}
