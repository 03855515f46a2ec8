//! What is defined of fields, for whoever shows tickets, people and organizations.

use docket_desk::Desk;
use docket_domain::sla::Book;
use std::{fmt, sync::Arc};

/// What was read last of what the operator defined; nothing where nobody could read it.
#[derive(Clone, Default)]
pub(crate) struct FieldsAtHand(Option<Desk>);

impl FieldsAtHand {
    /// That of a desk, read anew where it is old. What can't be read now shows no values, and holds nobody up.
    pub async fn of(desk: &Desk) -> Self {
        if let Err(error) = desk.rules().book().await {
            tracing::warn!(%error, "fields can't be read: what is shown has no values of them, or those of before");
        }
        Self(Some(desk.clone()))
    }

    /// The book that they stand in.
    pub fn book(&self) -> Arc<Book> {
        let at_hand = self.0.as_ref().and_then(|desk| desk.rules().book_at_hand());
        at_hand.unwrap_or_default()
    }
}

impl fmt::Debug for FieldsAtHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldsAtHand")
    }
}
