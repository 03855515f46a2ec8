//! From a mail to a ticket or a comment.

use crate::{
    Delivery, IntakeError,
    matching::{self, Author, mailbox_of},
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
    comment::{
        AuthorRole, CommentBody, Correspondent, MOST_COPIED, MailFacts, TextKind, TextPart, bounded_text,
    },
    intake::{Acknowledging, Dmarc},
    person::{Identity, Undeliverable},
    ticket::{Actor, Channel, Refusal, ReplyVia, Ticket, Update},
};
use docket_mail::{AutomaticSign, InboundMail, Part};

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
    let from = from(delivery, mail);
    let (author, mut writes) = person(delivery, &from).await?;
    writes.extend(mail_ids(delivery, new_ids, ticket.number));
    writes.extend(delivery.writes(ticket.number)?);
    let actor = match role {
        AuthorRole::Requester => Actor::Requester(author),
        AuthorRole::Agent => Actor::Agent(author),
        AuthorRole::Participant | AuthorRole::ThirdParty | AuthorRole::System => Actor::ThirdParty(author),
    };
    let amendment = Amendment {
        actor,
        cause: delivery.cause(),
        update: Update::default(),
        comment: Some(comment(delivery, mail, &from, author, role)),
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
    let from = from(delivery, mail);
    let (author, mut writes) = person(delivery, &from).await?;
    let unacknowledged = unacknowledged(delivery, mail, &from, answers_us).await?;
    let acknowledge = unacknowledged.is_none();
    if acknowledge {
        writes.push(desk.told_today_write(&from.address)?);
    }
    let number = desk.next_ticket_number().await?;
    writes.extend(mail_ids(delivery, new_ids, number));
    writes.extend(delivery.writes(number)?);
    let channel = Channel::Mail {
        mailbox: delivery.written_to.clone(),
    };
    let contact = NewContact {
        actor: Actor::Requester(author),
        cause: delivery.cause(),
        ticket: TicketDraft {
            subject: mail.subject.clone(),
            requester: author,
            channel,
            reply_via: ReplyVia::Mail {
                mailbox: delivery.written_to.clone(),
            },
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec![],
            follows,
            acknowledge,
            unacknowledged,
        },
        comment: comment(delivery, mail, &from, author, AuthorRole::Requester),
        note: None,
        alongside: Alongside {
            guards: delivery.guards(mail),
            writes,
        },
    };
    Ok(desk.create_ticket(number, contact).await?)
}

/// Who wrote. A mail that names nobody does not come this far.
fn from(delivery: &Delivery<'_>, mail: &InboundMail) -> Author {
    matching::author(delivery, mail).unwrap_or_else(|| Author {
        address: String::new(),
        name: String::new(),
        dmarc: Dmarc::Unknown,
        contact_form: None,
    })
}

/// Why the sender of a new ticket is not told that we have it; nothing: they are.
async fn unacknowledged(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    from: &Author,
    answers_us: bool,
) -> Result<Option<String>, IntakeError> {
    if delivery.release.is_some() {
        return Ok(Some("a person let it in".to_owned()));
    }
    let setup = delivery.setup;
    if setup
        .mailbox(&delivery.mailbox)
        .is_some_and(|mailbox| mailbox.is_silent)
    {
        return Ok(Some("its mailbox acknowledges nothing".to_owned()));
    }
    let own_subjects = setup
        .mailboxes
        .iter()
        .filter_map(|mailbox| mailbox.acknowledgement_subject.as_deref());
    let mut subjects = own_subjects.chain([ACKNOWLEDGEMENT_SUBJECT]);
    let facts = Acknowledging {
        automatic: automatic(mail, from).map(|sign| sign.words()),
        hold_back: mail.hold_back.map(|sign| sign.words()),
        dmarc: from.dmarc,
        answers_us: answers_us || subjects.any(|subject| mail.subject.contains(subject)),
        told_today: delivery.desk.was_told_today(&from.address).await?,
    };
    Ok(facts.withheld())
}

/// The sign of automatic mail. A form's mail is a person's, though a machine sends it.
fn automatic(mail: &InboundMail, from: &Author) -> Option<AutomaticSign> {
    mail.automatic.filter(|_| from.contact_form.is_none())
}

/// The others to whom a mail says it went: without our own addresses and the author's, each once.
fn copied(delivery: &Delivery<'_>, mail: &InboundMail, from: &Author) -> Vec<Correspondent> {
    let mut copied: Vec<Correspondent> = Vec::new();
    for other in mail.to.iter().chain(&mail.cc) {
        let is_known = |known: &Correspondent| known.address.eq_ignore_ascii_case(&other.address);
        let is_ours = mailbox_of(&other.address, delivery.setup).is_some();
        let is_author = other.address.eq_ignore_ascii_case(&from.address);
        if other.address.contains('@') && !is_ours && !is_author && !copied.iter().any(is_known) {
            copied.push(Correspondent {
                name: other.name.clone(),
                address: other.address.clone(),
            });
        }
        if copied.len() == MOST_COPIED {
            break;
        }
    }
    copied
}

/// The person who wrote, new if need be.
async fn person(delivery: &Delivery<'_>, from: &Author) -> Result<(PersonId, Vec<Write>), IntakeError> {
    let desk = delivery.desk;
    let identities = vec![Identity::email(&from.address)];
    let (mut person, mut writes) = desk
        .find_or_make_person(identities, &from.name, None, desk.now())
        .await?;
    // Whoever writes from an address can be expected to read there, too. Only they: a form's visitor may mistype it.
    let is_back = |known: &mut Undeliverable| {
        known.address.eq_ignore_ascii_case(&from.address) && from.contact_form.is_none()
    };
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

fn comment(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    from: &Author,
    author: PersonId,
    role: AuthorRole,
) -> NewComment {
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
        copied: copied(delivery, mail, from),
        contact_form: from.contact_form.clone(),
        forwarded_by: None,
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
            mailbox: delivery.written_to.clone(),
        },
        body: CommentBody {
            text: text.to_owned(),
            parts: parts(mail, text),
            html,
            hand_off: None,
        },
        attachments: attachments.collect(),
        mail: Some(facts),
        automatic: automatic(mail, from).map(|sign| sign.as_str().to_owned()),
    }
}
