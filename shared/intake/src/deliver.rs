//! One mail at one mailbox.

use crate::{
    IntakeError, Opened, Place, Receipt,
    finding::{Finding, Look},
    hold::hold,
    known::Known,
    matching::{self, Match},
    returned::{self, Returned},
    understood::Understood,
};
use docket_desk::{
    Answer, Attempt, Changed, Committed, Desk, Guard, GuardKey, HeldContact, Original, Resolution,
    StoreError, Write, tickets::StoredOnce,
};
use docket_domain::{
    Digest, PersonId, TicketNumber, Timestamp,
    configuration::{Mailbox, Setup},
    contact::{comment::AuthorRole, intake::HoldReason},
    ticket::Actor,
};
use docket_mail::{InboundMail, Verdict};

/// A mail at one of our mailboxes.
pub struct Delivery<'a> {
    /// The desk.
    pub desk: &'a Desk,
    /// Its set-up.
    pub setup: &'a Setup,
    /// The id that the receiving service gave the mail.
    pub ses_id: &'a str,
    /// Where the original stays.
    pub stored_at: &'a str,
    /// When it was accepted; nothing where that is of no account.
    pub accepted_at: Option<Timestamp>,
    /// What the receiving service says of it.
    pub receipt: &'a Receipt,
    /// The mailbox it is at.
    pub place: Place,
    /// The held contact that a person lets in with it.
    pub release: Option<Release>,
    /// The number that an earlier attempt drew for a ticket of its own.
    pub drawn: Option<TicketNumber>,
}

/// A person's decision to let a held contact in.
#[derive(Clone, Debug)]
pub struct Release {
    /// The contact.
    pub held: HeldContact,
    /// Who decided.
    pub by: PersonId,
    /// Why, in their words.
    pub reason: String,
}

impl Delivery<'_> {
    /// The mailbox as it is set up.
    pub(crate) fn mailbox(&self) -> Option<&Mailbox> {
        self.setup.mailbox(&self.place.mailbox)
    }

    pub(crate) fn transport_guard(&self) -> Guard {
        let (ses_id, mailbox) = (self.ses_id.to_owned(), self.place.mailbox.clone());
        Guard {
            accepted_at: self.accepted_at,
            ..Guard::new(GuardKey::Transport(ses_id, mailbox))
        }
    }

    /// The mail as it came, for what may have to go later.
    pub(crate) fn original(&self, mail: &InboundMail, held: Option<u64>) -> Original {
        Original {
            ses_id: self.ses_id.to_owned(),
            stored_at: self.stored_at.to_owned(),
            message_id: mail.message_id.clone(),
            held,
            at: self.desk.now(),
        }
    }

    pub(crate) fn cause(&self) -> String {
        match &self.release {
            Some(release) => format!("mail {}, released by person {}", self.ses_id, release.by),
            None => format!("mail {}", self.ses_id),
        }
    }

    /// What its ticket's commit carries besides: a held contact that is let in with it leaves the lists.
    pub(crate) fn writes(&self, ticket: TicketNumber, now: Timestamp) -> Result<Vec<Write>, StoreError> {
        let resolved = self
            .release
            .as_ref()
            .map(|release| self.desk.held().write(&release.resolved(ticket, now)));
        resolved.into_iter().collect()
    }

    /// What forbids to take the mail in twice. A held one has its delivery's guard already.
    pub(crate) fn guards(&self, mail: &InboundMail) -> Vec<Guard> {
        let transport = self.release.is_none().then(|| self.transport_guard());
        let logical = docket_mail::logical_key(&self.place.mailbox, mail);
        let logical = logical.map(|key| Guard {
            accepted_at: self.accepted_at,
            ..Guard::new(GuardKey::Logical(Digest::of(&key)))
        });
        transport.into_iter().chain(logical).collect()
    }
}

impl Release {
    /// The contact once it is on a ticket.
    pub(crate) fn resolved(&self, ticket: TicketNumber, now: Timestamp) -> HeldContact {
        HeldContact {
            v: self.held.v + 1,
            resolution: Some(Resolution {
                at: now,
                by: self.by,
                ticket: Some(ticket),
                reason: self.reason.clone(),
            }),
            ..self.held.clone()
        }
    }
}

/// What becomes of a mail that is read and not held for what it is. One about a mail of ours is told to that mail's ticket
/// first.
async fn decide_match(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    known: &Known,
) -> Result<Match, IntakeError> {
    let about = match returned::about(delivery, mail).await? {
        Returned::Contact => return matching::find(delivery, mail, known).await,
        Returned::Stray => return Ok(Match::Hold(HoldReason::StrayNotice, String::new())),
        Returned::Ours(about) => about,
    };
    returned::tell(delivery, &about).await?;
    // As it is after what was just told.
    let number = about.ticket.number;
    let ticket = delivery.desk.tickets().get(number).await?.unwrap_or(about.ticket);
    if !ticket.takes_contacts() {
        let state = if ticket.is_deleted() {
            "was deleted"
        } else {
            "is closed"
        };
        let detail = format!("its ticket {number} {state}");
        return Ok(Match::Hold(HoldReason::StrayNotice, detail));
    }
    Ok(Match::Append {
        ticket: Box::new(ticket),
        role: AuthorRole::ThirdParty,
        is_note: true,
        told: None,
        new_ids: vec![],
    })
}

/// What became of a mail at a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It is on a ticket, now or since an earlier try.
    OnTicket,
    /// It is held.
    Held,
    /// Another delivery brought the same mail: it is where that one is. Said once, however often this one comes.
    Repeated,
}

async fn held(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    reason: HoldReason,
    detail: &str,
) -> Result<Delivered, IntakeError> {
    hold(delivery, mail, reason, detail).await?;
    Ok(Delivered::Held)
}

/// Which of its guards stood: this very delivery's, or that of the same mail. Then this delivery is dealt with, too.
async fn repeated(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    answer: Answer,
) -> Result<Delivered, IntakeError> {
    let guard = Guard {
        answer: Answer {
            repeated: true,
            ..answer
        },
        ..delivery.transport_guard()
    };
    // Its original says what the other one does: it is noted where that is, so that both can go.
    let repeat = delivery.original(mail, None);
    let tickets = delivery.desk.tickets();
    let on = guard.answer.ticket;
    let noted = on
        .map(|ticket| tickets.repeat_write(ticket, &repeat))
        .transpose()?;
    let writes = noted.into_iter().collect();
    Ok(match delivery.desk.commit_writes(vec![guard], writes).await? {
        Committed::Done(_) => {
            if let Some(ticket) = on {
                tickets.look_after_repeat(ticket).await?;
            }
            Delivered::Repeated
        }
        Committed::Duplicate(_) | Committed::Lost => Delivered::OnTicket,
    })
}

/// Takes a mail in at a mailbox, or holds it. Doing so again changes nothing.
pub async fn deliver(delivery: &Delivery<'_>, opened: &Opened) -> Result<Delivered, IntakeError> {
    let verdicts = &delivery.receipt.verdicts;
    let mail = match opened {
        _ if verdicts.virus == Verdict::Fail => {
            return held(delivery, opened.face(), HoldReason::Virus, "").await;
        }
        Opened::Shut { reason, detail, face } => return held(delivery, face, *reason, detail).await,
        Opened::Mail(mail) => mail,
    };
    if verdicts.spam == Verdict::Fail {
        return held(delivery, mail, HoldReason::Spam, "").await;
    }
    if !delivery.place.is_ours {
        let detail = match (delivery.place.mailbox.as_str(), delivery.place.others) {
            ("", _) => "nobody knows whom it was for".to_owned(),
            (_, 0) => String::new(),
            (_, others) => format!("and {others} other recipients are none of ours either"),
        };
        return held(delivery, mail, HoldReason::UnknownMailbox, &detail).await;
    }
    let mut finding = Finding {
        delivery,
        mail: Understood::of(delivery, mail),
        look: Arriving,
        stored: StoredOnce::under(delivery.drawn),
        held: None,
    };
    let attempt = Attempt::by(Actor::System, delivery.cause()).guarded(delivery.guards(mail));
    let changed = delivery.desk.change_found(attempt, &mut finding).await;
    if matches!(changed, Err(_) | Ok(Changed::Refused(_))) {
        note_drawn(delivery, finding.stored.drawn).await;
    }
    match changed? {
        Changed::Done(saved) => {
            let (ses_id, number) = (delivery.ses_id, saved.ticket.number);
            tracing::info!(%ses_id, %number, "mail {ses_id} is on ticket {number}");
            Ok(Delivered::OnTicket)
        }
        Changed::Duplicate(answer) => repeated(delivery, mail, answer).await,
        Changed::NotThere => {
            let (reason, detail) = finding.held.unwrap_or((HoldReason::Unreadable, String::new()));
            held(delivery, mail, reason, &detail).await
        }
        Changed::Refused(refusal) => Err(refusal.into()),
    }
}

/// Has the next attempt take the number that this one drew. Where that fails, too, it draws another.
async fn note_drawn(delivery: &Delivery<'_>, drawn: Option<TicketNumber>) {
    let (desk, ses_id) = (delivery.desk, delivery.ses_id);
    let Some(number) = drawn.filter(|_| drawn != delivery.drawn) else {
        return;
    };
    if let Err(error) = desk.note_drawn(ses_id, &delivery.place.mailbox, number).await {
        tracing::warn!(%ses_id, %number, %error, "number {number} was drawn for mail {ses_id} in vain");
    }
}

/// A mail that comes in.
struct Arriving;

impl Look for Arriving {
    async fn look(
        &self,
        delivery: &Delivery<'_>,
        mail: &Understood<'_>,
        known: &Known,
    ) -> Result<Match, IntakeError> {
        decide_match(delivery, mail, known).await
    }
}
