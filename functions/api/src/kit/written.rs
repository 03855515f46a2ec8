//! What people write in a ticket or a request alike: the text of a comment, the address by which they are recognised.

use super::{error::ApiError, input::is_email};
use docket_domain::{
    contact::comment::{CommentBody, LONGEST_TEXT_BYTES},
    people::person::Identity,
};
use docket_mail::html_to_text;

/// The text of a comment as it is sent: HTML where there is some, with its text beside it.
///
/// # Errors
/// When there are no words, or too many.
pub(crate) fn comment_body(body: Option<&str>, html: Option<&str>) -> Result<CommentBody, ApiError> {
    let html = html.filter(|html| !html.trim().is_empty());
    let text = match html {
        Some(html) => html_to_text(html),
        None => body.unwrap_or_default().to_owned(),
    };
    if text.trim().is_empty() && html.is_none() {
        return Err(ApiError::blank("comment.body"));
    }
    let longest = text.len().max(html.map_or(0, str::len));
    if longest > LONGEST_TEXT_BYTES {
        let words = format!("has {longest} bytes, at most {LONGEST_TEXT_BYTES} are allowed");
        return Err(ApiError::invalid("comment.body", words));
    }
    Ok(CommentBody {
        text,
        parts: vec![],
        html: html.map(str::to_owned),
        ..CommentBody::default()
    })
}

/// The first comment, which whoever asks for something has to write: as it is sent, or as a `description`, of which `short` makes one.
///
/// # Errors
/// When there is neither.
pub(crate) fn first_comment<C: Clone>(
    comment: Option<&C>,
    description: Option<&String>,
    short: impl FnOnce(String) -> C,
) -> Result<C, ApiError> {
    comment
        .cloned()
        .or_else(|| description.cloned().map(short))
        .ok_or_else(|| ApiError::blank("comment"))
}

/// By what a requester is recognised.
///
/// # Errors
/// When it is no mail address.
pub(crate) fn requester_identity(email: Option<&str>) -> Result<Identity, ApiError> {
    match email.unwrap_or_default().trim() {
        "" => Err(ApiError::blank("requester.email")),
        email if is_email(email) => Ok(Identity::email(email)),
        _ => Err(ApiError::invalid("requester.email", "is not a mail address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_has_its_text_beside_it() {
        let body = comment_body(Some("ignored"), Some("<p>Dear <b>Ann</b></p><p>Bye</p>")).unwrap();
        assert_eq!(body.text, "Dear Ann\n\nBye");
        assert_eq!(body.html.as_deref(), Some("<p>Dear <b>Ann</b></p><p>Bye</p>"));
    }

    #[test]
    fn a_comment_without_words_is_refused() {
        assert!(comment_body(None, None).is_err());
        assert!(comment_body(Some(" \n"), Some(" ")).is_err());
    }

    #[test]
    fn a_comment_at_the_limit_is_taken_and_one_beyond_refused() {
        assert!(comment_body(Some(&"x".repeat(LONGEST_TEXT_BYTES)), None).is_ok());
        assert!(comment_body(Some(&"x".repeat(LONGEST_TEXT_BYTES + 1)), None).is_err());
    }
}
