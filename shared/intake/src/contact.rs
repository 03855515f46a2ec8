//! From a mail to a ticket or a comment.

use crate::{
    Delivery, IntakeError,
    matching::{dmarc, sender},
};
use docket_aws::{
    StoreError,
    operations::{
        Alongside, Amended, Amendment, NewAttachment, NewComment, NewContact, OperationError, TicketDraft,
    },
    store::{Committed, Write},
};
use docket_domain::{
    PersonId, TicketNumber,
    automatic::ACKNOWLEDGEMENT_SUBJECT,
    comment::{AuthorRole, CommentBody, MailFacts, TextKind, TextPart, bounded_text},
    intake::Acknowledging,
    person::{Identity, Undeliverable},
    ticket::{Actor, Channel, Refusal, ReplyVia, Ticket, Update},
};
use docket_mail::{InboundMail, Part};

/// Largest HTML that is kept beside the text, in bytes; the original has it whole.
const MOST_HTML_BYTES: usize = 1024 * 1024;

/// Adds a mail to a ticket. [`Committed::Lost`]: look again.
pub(crate) async fn append(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    ticket: Box<Ticket>,
    role: AuthorRole,
    new_ids: &[String],
) -> Result<Committed, IntakeError> {
    let (author, mut writes) = author(delivery, mail).await?;
    writes.extend(mail_ids(delivery, new_ids, ticket.number));
    writes.extend(delivery.writes(ticket.number)?);
    let actor = match role {
        AuthorRole::Requester => Actor::Requester(author),
        AuthorRole::Agent => Actor::Agent(author),
        AuthorRole::ThirdParty | AuthorRole::System => Actor::ThirdParty(author),
    };
    let amendment = Amendment {
        actor,
        cause: delivery.cause(),
        update: Update::default(),
        comment: Some(comment(delivery, mail, author, role)),
        alongside: Alongside {
            guards: delivery.guards(mail),
            writes,
        },
    };
    match delivery.desk.amend_ticket(ticket.number, amendment).await {
        Ok(Amended::Done { ticket, .. }) => Ok(Committed::Done(ticket)),
        Ok(Amended::Duplicate(answer)) => Ok(Committed::Duplicate(answer)),
        // It closed in this moment, or its sender was made by somebody else: look again.
        Err(
            OperationError::Refused(Refusal::Closed) | OperationError::Store(StoreError::Contended { .. }),
        ) => Ok(Committed::Lost),
        Err(error) => Err(error.into()),
    }
}

/// Makes a ticket of a mail. [`Committed::Lost`]: look again.
pub(crate) async fn create(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    follows: Option<TicketNumber>,
    answers_us: bool,
    new_ids: &[String],
) -> Result<Committed, IntakeError> {
    let desk = delivery.desk;
    let (author, mut writes) = author(delivery, mail).await?;
    let (address, _) = sender(delivery, mail).unwrap_or_default();
    let told_today = desk.was_told_today(&address).await?;
    let unacknowledged = if delivery.release.is_some() {
        Some("a person let it in".to_owned())
    } else {
        let facts = Acknowledging {
            automatic: mail.automatic.map(|sign| sign.words()),
            hold_back: mail.hold_back.map(|sign| sign.words()),
            dmarc: dmarc(delivery),
            answers_us: answers_us || mail.subject.contains(ACKNOWLEDGEMENT_SUBJECT),
            told_today,
        };
        facts.withheld()
    };
    let acknowledge = unacknowledged.is_none();
    if acknowledge {
        writes.push(desk.told_today_write(&address)?);
    }
    let number = desk.next_ticket_number().await?;
    writes.extend(mail_ids(delivery, new_ids, number));
    writes.extend(delivery.writes(number)?);
    let channel = Channel::Mail {
        mailbox: delivery.mailbox.clone(),
    };
    let contact = NewContact {
        actor: Actor::Requester(author),
        cause: delivery.cause(),
        ticket: TicketDraft {
            subject: mail.subject.clone(),
            requester: author,
            channel,
            reply_via: ReplyVia::Mail {
                mailbox: delivery.mailbox.clone(),
            },
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec![],
            follows,
            acknowledge,
            unacknowledged,
        },
        comment: comment(delivery, mail, author, AuthorRole::Requester),
        alongside: Alongside {
            guards: delivery.guards(mail),
            writes,
        },
    };
    Ok(desk.create_ticket(number, contact).await?)
}

/// The person who wrote, new if need be.
async fn author(delivery: &Delivery<'_>, mail: &InboundMail) -> Result<(PersonId, Vec<Write>), IntakeError> {
    let (address, name) = sender(delivery, mail).unwrap_or_default();
    let desk = delivery.desk;
    let identities = vec![Identity::email(&address)];
    let (mut person, mut writes) = desk
        .find_or_make_person(identities, &name, None, desk.now())
        .await?;
    // Whoever writes from an address can be expected to read there, too.
    let is_back = |known: &mut Undeliverable| known.address.eq_ignore_ascii_case(&address);
    if person.undeliverable.take_if(is_back).is_some() {
        writes.extend(desk.changed_person_writes(&person, &[])?);
    }
    Ok((person.id, writes))
}

fn mail_ids(delivery: &Delivery<'_>, new_ids: &[String], number: TicketNumber) -> Vec<Write> {
    let ids = new_ids.iter().map(String::as_str);
    delivery.desk.mail_id_writes(ids, &delivery.mailbox, number)
}

/// The parts of a mail's text, as far as the text is kept.
fn parts(mail: &InboundMail, kept: &str) -> Vec<TextPart> {
    let spans = docket_mail::fold_mail(mail);
    let parts = spans.iter().take_while(|span| span.start_bytes < kept.len());
    parts
        .map(|span| TextPart {
            start_bytes: span.start_bytes,
            end_bytes: span.end_bytes.min(kept.len()),
            kind: match span.part {
                Part::New => TextKind::New,
                Part::Quote => TextKind::Quote,
                Part::Signature => TextKind::Signature,
                Part::Forward => TextKind::Forward,
            },
        })
        .collect()
}

fn comment(delivery: &Delivery<'_>, mail: &InboundMail, author: PersonId, role: AuthorRole) -> NewComment {
    let mut problems = mail.problems.clone();
    let (text, was_cut) = bounded_text(&mail.text);
    if was_cut {
        problems.push("the text is longer than 64 KB and was cut; the original has it whole".to_owned());
    }
    let html = mail.html.clone().filter(|html| html.len() <= MOST_HTML_BYTES);
    let facts = MailFacts {
        ses_id: delivery.ses_id.to_owned(),
        message_id: mail.message_id.clone(),
        stored_at: delivery.stored_at.to_owned(),
        dmarc: Some(delivery.receipt.verdicts.dmarc.as_str().to_owned()),
        problems,
    };
    let attachments = mail.attachments.iter().map(|attachment| NewAttachment {
        name: attachment.name.clone(),
        content_type: attachment.content_type.clone(),
        inline: attachment.inline,
        content_id: attachment.content_id.clone(),
        bytes: attachment.bytes.clone(),
    });
    NewComment {
        author,
        role,
        public: role != AuthorRole::ThirdParty,
        channel: Channel::Mail {
            mailbox: delivery.mailbox.clone(),
        },
        body: CommentBody {
            text: text.to_owned(),
            parts: parts(mail, text),
            html,
            hand_off: None,
        },
        attachments: attachments.collect(),
        mail: Some(facts),
        automatic: mail.automatic.map(|sign| sign.as_str().to_owned()),
    }
}
