//! `attachments/{id}`: a file of a comment, its record and its content.

use crate::{
    kit::{
        call::{Call, Ids, Reader},
        error::ApiError,
    },
    shapes::attachment::{attachment, place_of},
};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use docket_desk::{
    Desk, ObjectLink,
    files::{can_hand_out, disposition, safe_declared_type, safe_type},
};
use docket_domain::{TicketNumber, contact::comment::AttachmentRef};
use serde_json::{Value, json};

/// The record.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (number, v, place) = place_of(id);
    let file = find(&call.desk, id).await?;
    Ok(Json(
        json!({ "attachment": attachment(&call.address, number, v, place, &file) }),
    ))
}

/// `GET attachments/{id}/content`: the bytes, or where they are.
pub(crate) async fn content(reader: Reader, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let (number, ..) = place_of(id);
    let file = find(&reader.desk, id).await?;
    let blobs = reader.desk.blobs();
    // What lies together with others is small, and its object is not its own.
    if file.packed.is_none() && is_fetched_elsewhere(&reader, file.bytes) {
        let shown = shown_as(&file.name, &file.content_type);
        return Ok(elsewhere(
            &blobs.attachment_link(number, &file.digest, &shown).await?,
        ));
    }
    handed_out(blobs.attachment(number, &file).await?, &file.name)
}

/// Whether a file is fetched from the bucket itself: in the cloud, where whoever has a link sends no credentials that would be sent
/// on, or the file does not fit into an answer.
pub(crate) fn is_fetched_elsewhere(reader: &Reader, bytes: u64) -> bool {
    let is_local = reader.desk.settings.is_local;
    !is_local && (reader.has_link || !can_hand_out(bytes, is_local))
}

/// As what a file is fetched from the bucket: to be saved, and of a type that no browser runs.
pub(crate) fn shown_as(name: &str, declared_type: &str) -> ObjectLink {
    ObjectLink {
        content_type: safe_declared_type(declared_type),
        disposition: disposition(name),
    }
}

/// Leads to the bucket.
pub(crate) fn elsewhere(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
        Err(_) => ApiError::Missing.into_response(),
    }
}

async fn find(desk: &Desk, id: u64) -> Result<AttachmentRef, ApiError> {
    let (number, v, place): (TicketNumber, _, _) = place_of(id);
    let found = desk.tickets().with_comment(number, v).await?;
    let (_, comment) = found
        .filter(|(ticket, _)| !ticket.is_deleted())
        .ok_or(ApiError::Missing)?;
    let comment = comment.ok_or(ApiError::Missing)?;
    let files = comment.attachments.into_iter();
    let mut files = files.skip(usize::try_from(place).unwrap_or(usize::MAX));
    files.next().ok_or(ApiError::Missing)
}

/// A file to be saved and never to be run: its type is told from its content alone.
pub(crate) fn handed_out(bytes: Vec<u8>, name: &str) -> Result<Response, ApiError> {
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
