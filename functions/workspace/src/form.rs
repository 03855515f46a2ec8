//! The form of a ticket's page as it comes: its fields, and the files that were chosen. A browser sends files in parts
//! (`multipart/form-data`, RFC 7578); without files the fields may come url-encoded as well.

use crate::{failure::Failure, models::typed::Typed, refusals::files_refused};
use axum::{
    Form,
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::header,
    response::{IntoResponse, Response},
};
use docket_desk::{
    Desk,
    files::{check_files, clean_media_type, most_file_bytes},
    tickets::NewAttachment,
};
use docket_mail::clean_file_name;
use serde::{Deserialize, de::value::MapDeserializer};

/// Largest form in bytes. More than is taken: what is too large is read to its end, and only counted, so that the words
/// beside it can be given back.
const MOST_FORM_BYTES: usize = 64 * 1024 * 1024;
/// Most parts of a form: its own fields and more files than are taken.
const MOST_PARTS: usize = 200;
/// Longest field that is no file, in bytes: thirty times the longest text.
const LONGEST_FIELD_BYTES: usize = 2 * 1024 * 1024;
/// Longest field beside the text, in bytes: as many addresses as may get copies, each as long as it may be, have less.
const LONGEST_BESIDE_BYTES: usize = 16 * 1024;
/// The field with the text.
const TEXT: &str = "text";

/// The form.
pub struct Filled {
    /// What was typed.
    pub typed: Typed,
    /// The files.
    pub files: Chosen,
}

/// The files that were chosen.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Ready for a comment; none where they are not taken.
    pub files: Vec<NewAttachment>,
    /// Their names.
    pub names: Vec<String>,
    /// Why they are not taken.
    pub problem: Option<String>,
}

impl FromRequest<Desk> for Filled {
    type Rejection = Response;

    async fn from_request(mut request: Request, desk: &Desk) -> Result<Self, Response> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !content_type.starts_with("multipart/form-data") {
            let form = Form::<Vec<(String, String)>>::from_request(request, desk).await;
            let Form(fields) = form.map_err(IntoResponse::into_response)?;
            return filled(fields, Chosen::default()).map_err(IntoResponse::into_response);
        }
        DefaultBodyLimit::max(MOST_FORM_BYTES).apply(&mut request);
        let parts = Multipart::from_request(request, desk).await;
        let parts = parts.map_err(IntoResponse::into_response)?;
        // All files come in one call, so what one may have in the cloud is what all may have.
        let most = most_file_bytes(desk.settings.is_local);
        read(parts, most).await.map_err(IntoResponse::into_response)
    }
}

async fn read(mut parts: Multipart, most: u64) -> Result<Filled, Failure> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut chosen = Chosen::default();
    let mut sizes: Vec<u64> = Vec::new();
    let mut count = 0;
    while let Some(part) = parts.next_field().await? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Failure::Garbled);
        }
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let (bytes, size) = bytes_of(part, LONGEST_FIELD_BYTES).await?;
            if size > LONGEST_FIELD_BYTES as u64 {
                return Err(Failure::Garbled);
            }
            fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            continue;
        };
        let content_type = clean_media_type(part.content_type().unwrap_or_default());
        let room = most.saturating_sub(sizes.iter().sum());
        let (bytes, size) = bytes_of(part, usize::try_from(room).unwrap_or(usize::MAX)).await?;
        // A browser sends one empty part where no file was chosen.
        if file_name.is_empty() && size == 0 {
            continue;
        }
        let name = clean_file_name(&file_name).unwrap_or_else(|| "attachment".to_owned());
        chosen.names.push(name.clone());
        sizes.push(size);
        chosen.files.push(NewAttachment {
            name,
            content_type,
            inline: false,
            content_id: None,
            bytes: bytes.into(),
        });
    }
    let all = chosen.names.iter().map(String::as_str).zip(sizes);
    if let Err(why) = check_files(all, most, most) {
        chosen.problem = Some(t!("Not saved: {reason}.", reason = files_refused(&why)));
        chosen.files.clear();
    }
    filled(fields, chosen)
}

/// The form of its fields. One that is longer than any of them is is left out, and nothing is saved; the text is given back.
fn filled(mut fields: Vec<(String, String)>, mut chosen: Chosen) -> Result<Filled, Failure> {
    let beside = fields.iter_mut().filter(|(name, _)| name != TEXT);
    for (_, value) in beside.filter(|(_, value)| value.len() > LONGEST_BESIDE_BYTES) {
        value.clear();
        chosen.problem.get_or_insert_with(|| {
            t!(
                "Not saved: a field beside the text has more than {most} KB, and is left out below.",
                most = LONGEST_BESIDE_BYTES / 1024
            )
        });
    }
    let typed = Typed::deserialize(MapDeserializer::new(fields.into_iter()));
    let typed = typed.map_err(|_: serde::de::value::Error| Failure::Garbled)?;
    Ok(Filled { typed, files: chosen })
}

/// The bytes of a part as far as there is room for them, and how many it has.
async fn bytes_of(mut part: Field<'_>, room: usize) -> Result<(Vec<u8>, u64), MultipartError> {
    let mut bytes = Vec::new();
    let mut size = 0;
    while let Some(chunk) = part.chunk().await? {
        size += chunk.len() as u64;
        if bytes.len() + chunk.len() <= room {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((bytes, size))
}
