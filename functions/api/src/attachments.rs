//! `attachments/{id}`: a file of a comment, its record and its content.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
    },
    shapes::attachment::{attachment, place_of},
};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use docket_desk::files::{can_hand_out, disposition, safe_type};
use docket_domain::{TicketNumber, contact::comment::AttachmentRef};
use serde_json::{Value, json};

/// The record.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (number, v, place) = place_of(id);
    let file = find(&call, id).await?;
    Ok(Json(
        json!({ "attachment": attachment(&call.address, number, v, place, &file) }),
    ))
}

/// `GET attachments/{id}/content`: the bytes.
pub(crate) async fn content(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let (number, ..) = place_of(id);
    let file = find(&call, id).await?;
    let bytes = call.desk.blobs().attachment(number, &file).await?;
    handed_out(&call, bytes, &file.name)
}

async fn find(call: &Call, id: u64) -> Result<AttachmentRef, ApiError> {
    let (number, v, place): (TicketNumber, _, _) = place_of(id);
    let comment = call
        .desk
        .tickets()
        .comment(number, v)
        .await?
        .ok_or(ApiError::Missing)?;
    let files = comment.attachments.into_iter();
    let mut files = files.skip(usize::try_from(place).unwrap_or(usize::MAX));
    files.next().ok_or(ApiError::Missing)
}

/// A file to be saved and never to be run: its type is told from its content alone.
pub(crate) fn handed_out(call: &Call, bytes: Vec<u8>, name: &str) -> Result<Response, ApiError> {
    if !can_hand_out(bytes.len(), call.desk.settings.is_local) {
        return Err(ApiError::TooLargeToHandOut(bytes.len()));
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(safe_type(&bytes)));
    let disposition = HeaderValue::from_str(&disposition(name));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    Ok((headers, bytes).into_response())
}
