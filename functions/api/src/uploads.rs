//! `uploads`: files that wait for the comment they belong to; and how a comment takes them.

use crate::{
    attachments::{elsewhere, handed_out, is_fetched_elsewhere, shown_as},
    kit::{
        address::Address,
        call::Reader,
        customer::{Calling, Customer},
        error::ApiError,
    },
    shapes::{
        attachment::{is_waiting_url, waiting},
        time,
    },
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, multipart::MultipartError},
    response::Response,
};
use docket_desk::{
    Upload, UploadedFile,
    files::{FilesRefused, MOST_BYTES_TOGETHER, MOST_FILES, check_files, clean_media_type, most_file_bytes},
    tickets::NewAttachment,
};
use docket_domain::Digest;
use docket_mail::{clean_file_name, place_images};
use http::{StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The field of a comment that names tokens.
const FIELD: &str = "comment.uploads";
/// Most tokens of one comment: each is looked up by itself.
const MOST_TOKENS: usize = MOST_FILES;
/// Most bytes of a form beside its file.
const MOST_BESIDE_A_FILE: usize = 64 * 1024;

/// `POST uploads?filename=NAME[&token=TOKEN]`: keeps the body under a new token, or beside the files of an earlier one.
pub(crate) async fn create(call: Customer, request: Request) -> Result<(StatusCode, Json<Value>), ApiError> {
    let most = most_file_bytes(call.desk.settings.is_local);
    let handed_in = HandedIn::read(request, most).await?;
    let said = |name: &str, in_form: Option<String>| {
        let in_address = call.address.parameter(name).map(str::to_owned);
        in_address.filter(|said| says_something(said)).or(in_form)
    };
    let name = said("filename", handed_in.name).unwrap_or_default();
    let name = clean_file_name(&name).ok_or_else(|| ApiError::blank("filename"))?;
    let (content_type, bytes) = (handed_in.content_type, handed_in.bytes);
    let (token, earlier) = match said("token", handed_in.token) {
        None => (call.desk.unguessable(), vec![]),
        Some(token) => {
            let earlier = call.desk.uploads().get(&token).await?;
            let earlier = earlier.ok_or_else(|| ApiError::invalid("token", "is unknown or has expired"))?;
            (earlier.token, earlier.files)
        }
    };
    let file = UploadedFile {
        name,
        content_type,
        bytes: bytes.len() as u64,
        digest: Digest::of(&bytes),
        at: call.desk.now(),
    };
    // A client that got no answer sends the same file again.
    if !earlier.iter().any(|earlier| earlier.id() == file.id()) {
        let all = earlier.iter().chain([&file]);
        check(all, most).map_err(|why| ApiError::invalid("filename", why.to_string()))?;
        call.desk.uploads().put(&token, &file, bytes).await?;
    }
    let upload = call.desk.uploads().get(&token).await?.ok_or(ApiError::Missing)?;
    Ok((StatusCode::CREATED, Json(shown(&call.address, &upload, &file))))
}

/// `DELETE uploads/{token}`: throws its files away.
pub(crate) async fn destroy(call: Customer, Path(token): Path<String>) -> Result<StatusCode, ApiError> {
    if call.desk.uploads().forget(&token).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::Missing)
    }
}

/// `GET uploads/{token}/files/{id}`: the content of a file that waits.
pub(crate) async fn content(
    reader: Reader,
    Path((token, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let uploads = reader.desk.uploads();
    let upload = uploads.get(&token).await?.ok_or(ApiError::Missing)?;
    let file = upload.files.iter().find(|file| file.id() == id);
    let file = file.ok_or(ApiError::Missing)?;
    if is_fetched_elsewhere(&reader, file.bytes) {
        let shown = shown_as(&file.name, &file.content_type);
        return Ok(elsewhere(&uploads.content_link(&token, file, &shown).await?));
    }
    handed_out(uploads.content(&token, file).await?, &file.name)
}

/// A file as it comes: the body by itself, or the file of a form (`multipart/form-data`), as some clients send it.
#[derive(Debug, Default)]
struct HandedIn {
    /// What the form calls it.
    name: Option<String>,
    /// The token that the form names.
    token: Option<String>,
    content_type: String,
    bytes: Vec<u8>,
}

impl HandedIn {
    async fn read(request: Request, most: u64) -> Result<Self, ApiError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let declared = request.headers().get(header::CONTENT_TYPE);
        let declared = declared.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if declared.to_ascii_lowercase().starts_with("multipart/form-data") {
            return Self::of_form(request, most).await;
        }
        let content_type = clean_media_type(declared);
        let bytes = axum::body::to_bytes(request.into_body(), most).await;
        let bytes = bytes.map_err(|_| ApiError::TooLarge(most))?.to_vec();
        Ok(Self {
            content_type,
            bytes,
            ..Self::default()
        })
    }

    async fn of_form(mut request: Request, most: usize) -> Result<Self, ApiError> {
        DefaultBodyLimit::max(most.saturating_add(MOST_BESIDE_A_FILE)).apply(&mut request);
        let garbled = || ApiError::BadRequest("The form can't be read.".to_owned());
        let refused = |error: &MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(most),
            _ => garbled(),
        };
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| garbled())?;
        let mut found = None;
        let (mut name, mut token) = (None, None);
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            let field = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let content_type = clean_media_type(part.content_type().unwrap_or_default());
            let bytes = part.bytes().await.map_err(|error| refused(&error))?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match (field.as_str(), file_name) {
                (_, Some(_)) if found.is_some() => {
                    return Err(ApiError::invalid(
                        &field,
                        "is a second file: hand in one at a time",
                    ));
                }
                (_, Some(file_name)) => found = Some((file_name, content_type, bytes)),
                ("filename", None) => name = Some(text()).filter(|said| says_something(said)),
                ("token", None) => token = Some(text()).filter(|said| says_something(said)),
                _ => {}
            }
        }
        let (file_name, content_type, bytes) = found.ok_or_else(|| ApiError::blank("uploaded_data"))?;
        if bytes.len() > most {
            return Err(ApiError::TooLarge(most));
        }
        Ok(Self {
            name: name.or(Some(file_name)),
            token,
            content_type,
            bytes: bytes.to_vec(),
        })
    }
}

/// What is empty says nothing, and what is said elsewhere counts.
fn says_something(said: &str) -> bool {
    !said.trim().is_empty()
}

fn check<'f>(files: impl Iterator<Item = &'f UploadedFile>, most: u64) -> Result<(), FilesRefused> {
    check_files(
        files.map(|file| (file.name.as_str(), file.bytes)),
        most,
        MOST_BYTES_TOGETHER,
    )
}

fn shown(address: &Address, upload: &Upload, file: &UploadedFile) -> Value {
    let all = upload.files.iter();
    let all: Vec<Value> = all.map(|file| waiting(address, &upload.token, file)).collect();
    json!({ "upload": {
        "token": upload.token,
        "expires_at": time(upload.expires_at),
        "attachment": waiting(address, &upload.token, file),
        "attachments": all,
    } })
}

/// The files of these tokens, ready for a comment. Those that its HTML shows, by `cid:` and their name or by where they
/// are fetched, become inline images, and the HTML comes back with the ids by which it refers to them in a mail.
pub(crate) async fn take(
    call: &impl Calling,
    tokens: &[String],
    html: Option<&str>,
) -> Result<(Vec<NewAttachment>, Option<String>), ApiError> {
    if tokens.len() > MOST_TOKENS {
        let words = format!("names {} tokens, at most {MOST_TOKENS} are allowed", tokens.len());
        return Err(ApiError::invalid(FIELD, words));
    }
    let mut files: Vec<(&str, UploadedFile)> = Vec::new();
    for token in tokens {
        let upload = call.desk().uploads().get(token).await?;
        let upload = upload.ok_or_else(|| ApiError::invalid(FIELD, "is unknown or has expired"))?;
        for file in upload.files {
            if !files.iter().any(|(_, taken)| taken.id() == file.id()) {
                files.push((token, file));
            }
        }
    }
    let most = most_file_bytes(call.desk().settings.is_local);
    let sizes = files.iter().map(|(_, file)| file);
    check(sizes, most).map_err(|why| ApiError::invalid(FIELD, why.to_string()))?;
    let (ids, html) = match html {
        Some(html) => inline(call, &files, html),
        None => (vec![None; files.len()], None),
    };
    let mut taken = Vec::with_capacity(files.len());
    for ((token, file), content_id) in files.iter().zip(ids) {
        taken.push(NewAttachment {
            bytes: call.desk().uploads().content(token, file).await?.into(),
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            inline: content_id.is_some(),
            content_id,
        });
    }
    Ok((taken, html))
}

/// The ids of the files that the HTML shows, and the HTML with them.
fn inline(
    call: &impl Calling,
    files: &[(&str, UploadedFile)],
    html: &str,
) -> (Vec<Option<String>>, Option<String>) {
    let domain = match call.desk().settings.mail_domain.as_str() {
        "" => "docket",
        domain => domain,
    };
    let shown_by = |source: &str| {
        let named = source
            .get(..4)
            .filter(|scheme| scheme.eq_ignore_ascii_case("cid:"));
        let named = named.map(|_| percent_decode_str(&source[4..]).decode_utf8_lossy());
        files.iter().position(|(token, file)| match &named {
            Some(name) => *name == file.name || source[4..] == file.name,
            None => is_waiting_url(source, call.address(), token, file),
        })
    };
    let used = std::cell::RefCell::new(vec![None; files.len()]);
    let html = place_images(html, |source| {
        let at = shown_by(source)?;
        let id = format!("{}@{domain}", files[at].1.id());
        used.borrow_mut()[at] = Some(id.clone());
        Some(format!("cid:{id}"))
    });
    (used.into_inner(), Some(html))
}
