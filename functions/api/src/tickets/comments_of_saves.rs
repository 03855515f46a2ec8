//! The comments that saves of a ticket added.

use crate::{
    comment_texts::{FullComment, with_texts},
    kit::error::ApiError,
    shapes::audit::Save,
};
use docket_desk::{Desk, TicketFile};

/// The comments, with their texts, that these saves added.
pub(crate) async fn comments_of(
    desk: &Desk,
    file: &TicketFile,
    saves: &[&Save<'_>],
) -> Result<Vec<FullComment>, ApiError> {
    let added = file
        .comments
        .iter()
        .filter(|comment| saves.iter().any(|save| save.has(comment.v)));
    with_texts(desk, file.ticket.number, added.cloned().collect()).await
}
