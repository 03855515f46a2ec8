//! Comments with their texts, which lie in blobs.

use crate::kit::error::ApiError;
use docket_desk::{BlobError, Desk};
use docket_domain::{
    TicketNumber,
    contact::comment::{Comment, CommentBody},
    ticket::Ticket,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

/// How many texts are fetched at once: a page of a hundred in a few round trips, without holding a hundred connections.
const AT_ONCE: usize = 25;

/// A comment with its text.
#[derive(Clone, Debug)]
pub(crate) struct FullComment {
    pub comment: Comment,
    pub body: CommentBody,
}

/// The comments with their texts, in their order.
pub(crate) async fn with_texts(
    desk: &Desk,
    number: TicketNumber,
    comments: Vec<Comment>,
) -> Result<Vec<FullComment>, ApiError> {
    stream::iter(comments)
        .map(|comment| with_text(desk, number, comment))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// The first comments of these tickets, in their order.
pub(crate) async fn first_comments(
    desk: &Desk,
    tickets: &[Ticket],
) -> Result<Vec<Option<FullComment>>, ApiError> {
    let numbers: Vec<_> = tickets.iter().map(|ticket| ticket.number).collect();
    let mut comments = desk.tickets().first_comments(&numbers).await?;
    let first = numbers
        .into_iter()
        .map(|number| (number, comments.remove(&number)));
    stream::iter(first)
        .map(|(number, comment)| async move {
            match comment {
                Some(comment) => with_text(desk, number, comment).await.map(Some),
                None => Ok(None),
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// A comment with its first words in place of its text.
pub(crate) fn by_first_words(comment: Comment) -> FullComment {
    let body = CommentBody {
        text: comment.snippet.clone(),
        ..CommentBody::default()
    };
    FullComment { comment, body }
}

async fn with_text(desk: &Desk, number: TicketNumber, comment: Comment) -> Result<FullComment, ApiError> {
    if let Some(body) = whole_in_snippet(&comment) {
        return Ok(FullComment { comment, body });
    }
    let body = match desk.blobs().body_of(number, &comment).await {
        Ok(body) => body,
        // Better the first words than no ticket.
        Err(error @ BlobError::Missing(_)) => {
            tracing::error!(ticket = number.0, %error, "the text of a comment on ticket {number} is lost");
            return Ok(by_first_words(comment));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(FullComment { comment, body })
}

/// The body of a comment so short that its snippet is all of it: then nothing needs to be fetched. A snippet differs
/// from the text only by being shorter or by its white space, and every white space but the single blank is longer in
/// the stored form, so equal sizes are equal texts.
fn whole_in_snippet(comment: &Comment) -> Option<CommentBody> {
    let body = CommentBody {
        text: comment.snippet.clone(),
        ..CommentBody::default()
    };
    let stored_bytes = serde_json::to_vec(&body).ok()?.len() as u64;
    (stored_bytes == comment.body.bytes).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        Digest, PersonId, Timestamp,
        contact::comment::{AuthorRole, BodyRef, snippet},
        ticket::Channel,
    };

    fn check(text: &str, html: Option<&str>, is_whole: bool) {
        let body = CommentBody {
            parts: vec![],
            text: text.to_owned(),
            html: html.map(str::to_owned),
            ..CommentBody::default()
        };
        let json = serde_json::to_vec(&body).unwrap();
        let comment = Comment {
            v: 2,
            at: Timestamp::UNIX_EPOCH,
            author: PersonId(1),
            role: AuthorRole::Requester,
            public: true,
            channel: Channel::Api,
            body: BodyRef {
                digest: Digest::of(&json),
                bytes: json.len() as u64,
            },
            body_json: None,
            snippet: snippet(text),
            mail: None,
            attachments: vec![],
            attachments_at: None,
            automatic: None,
            has_gaps: false,
            redacted_at: None,
            tells: None,
        };
        let found = whole_in_snippet(&comment);
        assert_eq!(found.is_some(), is_whole, "{text:?}");
        assert!(found.is_none_or(|found| found == body));
    }

    #[test]
    fn a_text_of_one_short_line_is_its_snippet() {
        check("Where is my parcel?", None, true);
        check("", None, true);
        check("Größe \"XL\"", None, true);
    }

    #[test]
    fn a_text_that_its_snippet_changes_or_cuts_is_fetched() {
        check("two\nlines", None, false);
        check("two  blanks", None, false);
        check("a\u{a0}b", None, false);
        check(" edges ", None, false);
        check(&"x".repeat(200), None, false);
        check("with HTML", Some("<b>with HTML</b>"), false);
    }
}
