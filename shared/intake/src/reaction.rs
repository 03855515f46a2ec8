//! A reaction: a sign put to a comment, by the mail that carried the comment or brought it.

use crate::{Delivery, IntakeError, understood::Understood};
use docket_desk::TicketFile;
use docket_domain::{
    TicketNumber,
    contact::comment::Reaction,
    outbox::{MailPurpose, OutboxItem, Work},
};
use docket_mail::ses_local_part;

/// The sign that a mail puts to a comment of a ticket; nothing where it is no reaction, or to what is no comment.
pub(crate) async fn reaction(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    number: TicketNumber,
) -> Result<Option<Reaction>, IntakeError> {
    let Some(sign) = &mail.mail.reaction else {
        return Ok(None);
    };
    let Some(file) = delivery.desk.tickets().file(number).await? else {
        return Ok(None);
    };
    let to_v = mail.clues.ids.iter().find_map(|id| comment_of(&file, id));
    let sign = sign.clone();
    Ok(to_v.map(|to_v| Reaction { sign, to_v }))
}

/// The comment that the mail of this id carried to somebody, or brought.
fn comment_of(file: &TicketFile, id: &str) -> Option<u64> {
    let brought = file.comments.iter().find(|comment| {
        let mail = comment.mail.as_ref();
        mail.and_then(|mail| mail.message_id.as_deref()) == Some(id)
    });
    if let Some(comment) = brought {
        return Some(comment.v);
    }
    let ses_id = ses_local_part(id)?;
    let carried = |item: &&OutboxItem| item.ses_id.as_deref() == Some(ses_id);
    match &file.outbox.iter().find(carried)?.work {
        Work::Mail {
            purpose: MailPurpose::Reply { comment_v, .. } | MailPurpose::RuleReply { comment_v },
            ..
        } => Some(*comment_v),
        _ => None,
    }
}
