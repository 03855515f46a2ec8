//! Mail that is not taken in: kept, with its reason, for a person to decide.

use crate::{Delivery, IntakeError};
use docket_desk::{Answer, Committed, Desk, Guard, HeldContact, MOST_TRIES, Preview};
use docket_domain::contact::{comment::snippet, intake::HoldReason};
use docket_mail::InboundMail;

/// Longest detail, in characters.
const LONGEST_DETAIL: usize = 300;
/// Longest address, name, subject or id in a preview, in characters.
const LONGEST_WORD: usize = 250;

/// Holds a mail. Doing so again changes nothing.
pub(crate) async fn hold(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    reason: HoldReason,
    detail: &str,
) -> Result<(), IntakeError> {
    let desk = delivery.desk;
    if desk.guard(&delivery.transport_guard().key).await?.is_some() {
        return Ok(());
    }
    let id = desk.held().next_number().await?;
    let held = HeldContact {
        id,
        v: 1,
        at: desk.now(),
        accepted_at: delivery.accepted_at,
        reason,
        detail: detail.chars().take(LONGEST_DETAIL).collect(),
        mailbox: delivery.place.mailbox.clone(),
        ses_id: delivery.ses_id.to_owned(),
        stored_at: delivery.stored_at.to_owned(),
        preview: preview(mail),
        resolution: None,
    };
    let guard = Guard {
        answer: Answer {
            held: Some(id),
            ..Answer::default()
        },
        ..delivery.transport_guard()
    };
    for nth in 0..MOST_TRIES {
        desk.wait_before(nth).await;
        match desk
            .commit_writes(vec![guard.clone()], vec![desk.held().write(&held)?])
            .await?
        {
            Committed::Lost => {}
            Committed::Done(_) | Committed::Duplicate(_) => {
                let ses_id = delivery.ses_id;
                tracing::warn!(%ses_id, ?reason, "mail {ses_id} is held: {}", reason.words());
                tell_lists(desk).await;
                return Ok(());
            }
        }
    }
    Err(IntakeError::Contended(delivery.ses_id.to_owned()))
}

/// Has open pages look again at what is held. Where that fails they do so by themselves, later.
pub(crate) async fn tell_lists(desk: &Desk) {
    if let Err(error) = desk.stamp_held().await {
        tracing::warn!(%error, "open lists could not be told that what is held changed");
    }
}

fn preview(mail: &InboundMail) -> Preview {
    let word = |text: &str| text.chars().take(LONGEST_WORD).collect::<String>();
    let from = mail.from.as_ref();
    Preview {
        from: from.map(|from| word(&from.address)).unwrap_or_default(),
        name: from
            .and_then(|from| from.name.as_deref())
            .map(word)
            .unwrap_or_default(),
        subject: word(&mail.subject),
        message_id: mail.message_id.as_deref().map(word),
        text: snippet(&mail.text),
    }
}
