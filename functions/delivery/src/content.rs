//! What a mail says, within the templates of its mailbox. Each kind of mail has a file.

mod acknowledgement;
mod answer;
mod by_rule;
mod escalation;
mod follower;
mod forward;
mod notices;
mod notification;
mod question;

use crate::DeliveryError;
use docket_desk::{Desk, TicketFile};
use docket_domain::{OutboxId, configuration::Mailbox as OurMailbox, outbox::MailPurpose};
use docket_mail::{OutboundAttachment, OutboxKind, TemplateError, TemplateNames};

/// What a mail says, whatever its envelope.
pub(crate) struct Content {
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub kind: OutboxKind,
    pub attachments: Vec<OutboundAttachment>,
}

/// What the mail of a piece of work says. The inner error says why there is nothing to say.
pub(crate) async fn content(
    desk: &Desk,
    mailbox: &OurMailbox,
    file: &TicketFile,
    (id, purpose): (OutboxId, &MailPurpose),
) -> Result<Result<Content, String>, DeliveryError> {
    Ok(Ok(match purpose {
        MailPurpose::Acknowledgement => acknowledgement::acknowledgement(desk, mailbox, file),
        MailPurpose::Reply { comment_v, solves } => {
            match answer::answer(desk, mailbox, file, (*comment_v, *solves)).await? {
                Some(content) => content,
                None => return Ok(Err("the comment is not there".to_owned())),
            }
        }
        MailPurpose::Reminder => notices::reminder(desk, file),
        MailPurpose::Solved => notices::solved(desk, file).await?,
        MailPurpose::Escalation => match escalation::escalation(desk, file, id.v) {
            Some(content) => content,
            None => return Ok(Err("the escalation is not there".to_owned())),
        },
        MailPurpose::RuleReply { comment_v } => match by_rule::reply(desk, file, *comment_v).await? {
            Some(content) => content,
            None => return Ok(Err("the comment is not there".to_owned())),
        },
        MailPurpose::FollowerNotice { comment_v } => match follower::notice(desk, file, *comment_v).await? {
            Some(content) => content,
            None => return Ok(Err("the comment is not there".to_owned())),
        },
        MailPurpose::Forward { comment_v } => {
            match forward::forward(desk, mailbox, file, *comment_v).await? {
                Some(content) => content,
                None => return Ok(Err("the comment is not there".to_owned())),
            }
        }
        MailPurpose::Notification { told } => {
            match notification::notification(desk, file, (*told, id.v)).await? {
                Some(content) => content,
                None => return Ok(Err("its event is not there".to_owned())),
            }
        }
        MailPurpose::RuleNotice => match by_rule::notice(desk, file, id.v).await? {
            Some(content) => content,
            None => return Ok(Err("what the rule says is not there".to_owned())),
        },
    }))
}

/// What the templates of a mailbox show.
fn names<'a>(
    desk: &'a Desk,
    mailbox: &'a OurMailbox,
    file: &TicketFile,
    agent: &'a str,
) -> TemplateNames<'a> {
    TemplateNames {
        brand: desk.settings.brand_name.as_str(),
        mailbox: &mailbox.name,
        ticket: file.ticket.number.0,
        agent,
        signature: "",
    }
}

/// A template that was accepted and can't be filled in costs nobody their answer.
fn tell(mailbox: &OurMailbox, error: &TemplateError) {
    let id = mailbox.id;
    tracing::error!(mailbox = id, %error, "a template of mailbox {id} can't be filled in and is left out");
}
