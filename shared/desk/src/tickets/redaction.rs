//! What is made unreadable in comments, or kept from customers.

use super::copies::CommentCopy;
use crate::{Attempt, Changed, Desk, Try, Wish, parts::Tickets};
use bytes::Bytes;
use docket_domain::{
    Digest, TicketNumber, Timestamp,
    contact::{
        comment::{AttachmentRef, Comment, CommentBody, LONGEST_TEXT_BYTES, Packed, snippet},
        redaction::{RedactedBody, redacted_text, says},
    },
    ticket::{Command, Redaction, Refusal, Ticket},
};
use docket_store::{
    Never, StoreError,
    blob::{BlobError, FileContent},
    table::Write,
    tickets::{ErasureOrder, Original, objects_of},
};
use std::{collections::BTreeMap, ops::Range};

/// Most bytes of the passages of one redaction: as many as a comment's text has.
pub const MOST_PASSAGE_BYTES: usize = LONGEST_TEXT_BYTES;

/// What is to be made unreadable in a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redact {
    /// Passages, wherever they stand in it.
    pub passages: Vec<String>,
    /// Files, by their place among its files.
    pub files: Vec<u64>,
    /// All of it.
    pub whole: bool,
}

/// Why nothing was made unreadable.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// There is no such comment.
    #[error("there is no such comment")]
    NoComment,
    /// It has no such file.
    #[error("the comment has no such file")]
    NoFile,
    /// A passage does not stand in it.
    #[error("the comment does not say {0:?}")]
    NotThere(String),
    /// There are too many.
    #[error("the passages have more than {MOST_PASSAGE_BYTES} bytes together")]
    TooMuch,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A comment with something of it made unreadable.
struct Redacted {
    comment: Comment,
    redaction: Redaction,
    order: ErasureOrder,
}

impl Tickets<'_> {
    /// Keeps a public comment to agents from now on. Nothing happens where it is theirs already.
    ///
    /// # Errors
    /// As [`Desk::change`]; and where there is no such comment.
    pub async fn make_private(
        self,
        number: TicketNumber,
        comment_v: u64,
        attempt: Attempt,
    ) -> Result<Changed, RedactError> {
        let desk = self.desk;
        let mut want = |on: Try| async move {
            let comments = desk.tickets().comments_of(on.ticket.number).await?;
            let comment = comments.iter().find(|comment| comment.v == comment_v);
            let Some(comment) = comment.filter(|comment| comment.public) else {
                return match comment {
                    Some(_) => Ok(None),
                    None => Err(RedactError::NoComment),
                };
            };
            let others = comments
                .iter()
                .filter(|other| other.public && other.v != comment_v);
            let last_public_v = others.map(|other| other.v).max().unwrap_or(0);
            let private = Comment {
                public: false,
                ..comment.clone()
            };
            let command = Command::MakePrivate {
                comment: comment_v,
                last_public_v,
            };
            Ok(Some(Wish {
                writes: vec![desk.tickets().replaced_comment(number, &private).await?],
                ..Wish::from(command)
            }))
        };
        desk.change(number, attempt, &mut want).await
    }

    /// Makes something in a comment unreadable for good, and in its copies on tickets that a split made: those go first, each in a save
    /// of its own, so that the same call goes on where one was cut off. It is gone from the comment at once; from the history, from outgoing work and
    /// from the bucket, the mail's original included, a little later, by the sweep.
    ///
    /// # Errors
    /// As [`Desk::change`]; and where it is not there.
    pub async fn redact(
        self,
        number: TicketNumber,
        comment_v: u64,
        what: &Redact,
        attempt: Attempt,
    ) -> Result<Changed, RedactError> {
        let desk = self.desk;
        let copies = self.copies_of_comment(number, comment_v).await?;
        if !copies.is_empty() {
            // What can't be done here is not done there.
            let comment = self.comment(number, comment_v).await?;
            let comment = comment.ok_or(RedactError::NoComment)?;
            redacted(desk, number, comment, what, desk.now()).await?;
        }
        for copy in copies {
            let by = Attempt::by(attempt.actor.clone(), attempt.cause.clone());
            match self.redact_copy(copy, what, by).await? {
                // Of that one everything goes anyway.
                Changed::Refused(Refusal::DeletedForGood) => {}
                Changed::Refused(refusal) => return Ok(Changed::Refused(refusal)),
                Changed::Done(_) | Changed::Duplicate(_) | Changed::NotThere => {}
            }
        }
        let mut want = |on: Try| async move {
            let comment = desk.tickets().comment(number, comment_v).await?;
            let comment = comment.ok_or(RedactError::NoComment)?;
            let redacted = redacted(desk, number, comment, what, on.now).await?;
            Ok(Some(redacted.wish(desk, &on.ticket).await?))
        };
        desk.change(number, attempt, &mut want).await
    }

    /// Makes the same unreadable in a copy of a comment, as far as it still stands there.
    async fn redact_copy(
        self,
        copy: CommentCopy,
        what: &Redact,
        attempt: Attempt,
    ) -> Result<Changed, RedactError> {
        let desk = self.desk;
        let mut want = |on: Try| async move {
            let Some(comment) = desk.tickets().comment(copy.ticket, copy.comment).await? else {
                return Ok(None);
            };
            let left = match copy.is_copy {
                true => still_said(desk, copy.ticket, &comment, what).await?,
                false => Redact::default(),
            };
            let is_in_comment = left != Redact::default();
            if !is_in_comment && !says(&on.ticket.subject, &what.passages) {
                return Ok(None);
            }
            let mut redacted = redacted(desk, copy.ticket, comment.clone(), &left, on.now).await?;
            redacted.redaction.passages.clone_from(&what.passages);
            redacted.order.passages.clone_from(&what.passages);
            if !is_in_comment {
                redacted.comment = comment;
                redacted.order.objects.clear();
                redacted.order.original = None;
            }
            Ok(Some(redacted.wish(desk, &on.ticket).await?))
        };
        desk.change(copy.ticket, attempt, &mut want).await
    }
}

/// What of a redaction a comment still says.
async fn still_said(
    desk: &Desk,
    number: TicketNumber,
    comment: &Comment,
    what: &Redact,
) -> Result<Redact, StoreError> {
    let body = match desk.blobs().body_of(number, comment).await {
        Ok(body) => body,
        Err(BlobError::Missing(_)) => CommentBody::default(),
        Err(BlobError::Store(error)) => return Err(error),
    };
    let missing = body.redacted(&what.passages).missing;
    let in_names = |passage: &String| {
        let mut files = comment.attachments.iter();
        files.any(|file| says(&file.name, std::slice::from_ref(passage)))
    };
    let stands = |place: &u64| {
        let file = usize::try_from(*place)
            .ok()
            .and_then(|place| comment.attachments.get(place));
        file.is_some_and(|file| !file.is_redacted())
    };
    let is_gone = |at| *comment == comment.without_words(at);
    let passages = what.passages.iter();
    Ok(Redact {
        passages: passages
            .filter(|passage| !missing.contains(passage) || in_names(passage))
            .cloned()
            .collect(),
        files: what.files.iter().filter(|place| stands(place)).copied().collect(),
        whole: what.whole && !comment.redacted_at.is_some_and(is_gone),
    })
}

impl Redacted {
    async fn wish(self, desk: &Desk, ticket: &Ticket) -> Result<Wish, StoreError> {
        let tickets = desk.tickets();
        let writes: Vec<Write> = vec![
            tickets.replaced_comment(ticket.number, &self.comment).await?,
            tickets.erasure_write(ticket.number, ticket.v + 1, &self.order)?,
        ];
        Ok(Wish {
            writes,
            ..Wish::from(Command::Redact(self.redaction))
        })
    }
}

async fn redacted(
    desk: &Desk,
    number: TicketNumber,
    before: Comment,
    what: &Redact,
    now: Timestamp,
) -> Result<Redacted, RedactError> {
    let order = ErasureOrder {
        comment: before.v,
        at: now,
        passages: what.passages.clone(),
        objects: objects_of(&before),
        original: before.mail.as_ref().map(|mail| Original::of(mail, before.at)),
    };
    let mut redaction = Redaction {
        comment: before.v,
        places: 0,
        files: what.files.clone(),
        whole: what.whole,
        passages: what.passages.clone(),
    };
    if what.passages.iter().map(String::len).sum::<usize>() > MOST_PASSAGE_BYTES {
        return Err(RedactError::TooMuch);
    }
    if what.whole {
        let comment = before.without_words(now);
        return Ok(Redacted {
            comment,
            redaction,
            order,
        });
    }
    let mut comment = Comment {
        redacted_at: Some(now),
        ..before
    };
    if !what.passages.is_empty() {
        redaction.places = redact_texts(desk, number, &mut comment, &what.passages).await?;
    }
    if !what.files.is_empty() {
        redact_files(desk, number, &mut comment.attachments, &what.files).await?;
    }
    comment.attachments_at = desk.put_long_list(number, &comment.attachments).await?;
    Ok(Redacted {
        comment,
        redaction,
        order,
    })
}

/// Makes passages unreadable in the text of a comment and in the names of its files; in how many places. Each has to stand somewhere.
async fn redact_texts(
    desk: &Desk,
    number: TicketNumber,
    comment: &mut Comment,
    passages: &[String],
) -> Result<u64, RedactError> {
    let body = match desk.blobs().body_of(number, comment).await {
        Ok(body) => body,
        // It is lost: what it said can't be read anyway.
        Err(BlobError::Missing(_)) => CommentBody::default(),
        Err(BlobError::Store(error)) => return Err(error.into()),
    };
    let RedactedBody {
        body,
        mut places,
        missing,
    } = body.redacted(passages);
    let in_names = |passage: &String| {
        let mut files = comment.attachments.iter();
        files.any(|file| says(&file.name, std::slice::from_ref(passage)))
    };
    if let Some(passage) = missing.into_iter().find(|passage| !in_names(passage)) {
        return Err(RedactError::NotThere(passage));
    }
    if places > 0 {
        comment.snippet = snippet(&body.shown_text());
        (comment.body, comment.body_json) = desk.blobs().put_body_unless_small(number, &body).await?;
    }
    for file in &mut comment.attachments {
        let (name, found) = redacted_text(&file.name, passages);
        (file.name, places) = (name, places + found);
    }
    Ok(places)
}

/// Puts an empty file in the place of each of these. What other files of the comment have in common with them stays theirs.
async fn redact_files(
    desk: &Desk,
    number: TicketNumber,
    files: &mut [AttachmentRef],
    places: &[u64],
) -> Result<(), RedactError> {
    let mut gone = Vec::new();
    for place in places {
        let file = usize::try_from(*place)
            .ok()
            .and_then(|place| files.get_mut(place));
        let file = file.ok_or(RedactError::NoFile)?;
        gone.push(std::mem::replace(file, AttachmentRef::redacted()));
    }
    let nothing = FileContent {
        bytes: Bytes::new(),
        content_type: "text/plain".to_owned(),
    };
    desk.blobs().put_files(number, &[nothing]).await?;
    let mut packs: BTreeMap<Digest, Vec<Range<u64>>> = BTreeMap::new();
    for file in gone {
        let Some(Packed { pack, start_bytes }) = &file.packed else {
            continue;
        };
        if !files.iter().any(|other| other.packed == file.packed) {
            let place = *start_bytes..*start_bytes + file.bytes;
            packs.entry(pack.clone()).or_default().push(place);
        }
    }
    for (old, places) in packs {
        let new = desk.blobs().put_pack_without(number, &old, &places).await;
        let new = new.map_err(|error| match error {
            BlobError::Missing(key) => StoreError::from(Never::unreadable("object", key)),
            BlobError::Store(error) => error,
        })?;
        let others = files.iter_mut().filter_map(|file| file.packed.as_mut());
        for packed in others.filter(|packed| packed.pack == old) {
            packed.pack = new.clone();
        }
    }
    Ok(())
}
