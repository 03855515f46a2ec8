//! Mail that is not taken in: kept, with its reason, for a person to decide.

use crate::{Delivery, IntakeError};
use docket_aws::store::{Answer, Committed, Guard, HeldContact, MOST_TRIES};
use docket_domain::{Digest, intake::HoldReason};

/// Holds a mail. Doing so again changes nothing.
pub(crate) async fn hold(
    delivery: &Delivery<'_>,
    reason: HoldReason,
    detail: &str,
) -> Result<(), IntakeError> {
    let desk = delivery.desk;
    let id = Digest::of_parts(["mail", delivery.ses_id, &delivery.mailbox]);
    let held = HeldContact {
        id: id.clone(),
        at: desk.now(),
        reason,
        detail: detail.chars().take(300).collect(),
        mailbox: delivery.mailbox.clone(),
        ses_id: delivery.ses_id.to_owned(),
        stored_at: delivery.stored_at.to_owned(),
    };
    let guard = Guard {
        answer: Answer {
            held: Some(id),
            ..Answer::default()
        },
        ..delivery.transport_guard()
    };
    for _ in 0..MOST_TRIES {
        match desk
            .commit_writes(vec![guard.clone()], vec![desk.held_write(&held)?])
            .await?
        {
            Committed::Lost => {}
            Committed::Done(_) | Committed::Duplicate(_) => {
                let ses_id = delivery.ses_id;
                tracing::warn!(%ses_id, ?reason, "mail {ses_id} is held: {}", reason.words());
                return Ok(());
            }
        }
    }
    Err(IntakeError::Contended(delivery.ses_id.to_owned()))
}
