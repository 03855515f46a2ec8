//! One mail at one mailbox.

use crate::{
    IntakeError,
    finding::{Finding, Look},
    hold::hold,
    matching::{self, Match},
    returned::{self, Returned},
};
use docket_desk::{
    Answer, Attempt, Changed, Committed, Desk, Guard, GuardKey, HeldContact, Resolution, StoreError, Write,
    tickets::StoredOnce,
};
use docket_domain::{
    Digest, PersonId, TicketNumber, Timestamp,
    configuration::Setup,
    contact::{comment::AuthorRole, intake::HoldReason},
    ticket::{Actor, Status},
};
use docket_mail::{InboundMail, Verdict, Verdicts, ses_headers};

/// What the receiving service says of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The envelope's sender, empty for the null return path; nothing when it is not known.
    pub mail_from: Option<String>,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    /// What it found out.
    pub verdicts: Verdicts,
}

impl Receipt {
    /// What SES wrote on top of a mail, for one whose receipt is lost. What is missing counts as not passed.
    pub fn on_top_of(raw: &[u8]) -> Self {
        let headers = ses_headers(raw).unwrap_or_default();
        Self {
            mail_from: headers.mail_from,
            recipients: headers.recipients,
            verdicts: headers.verdicts,
        }
    }
}

/// A mail, as far as it is read.
pub enum Opened {
    /// All of it.
    Mail(Box<InboundMail>),
    /// Only what it says on its face, and why.
    Shut {
        /// Why.
        reason: HoldReason,
        /// More, in words.
        detail: String,
        /// Sender, subject and id.
        face: Box<InboundMail>,
    },
}

impl Opened {
    /// Reads a mail. `is_poisonous`: earlier attempts never came back, so it is not read again.
    pub fn read(raw: &[u8], receipt: &Receipt, is_poisonous: bool) -> Self {
        let (reason, detail) = if is_poisonous {
            (
                HoldReason::Poisonous,
                "it could not be taken in: its function never came back, or failed each time".to_owned(),
            )
        } else {
            match docket_mail::read(raw, receipt.mail_from.as_deref()) {
                Ok(mail) => return Self::Mail(Box::new(mail)),
                Err(refusal) => (HoldReason::Unreadable, refusal.to_string()),
            }
        };
        let face = Box::new(docket_mail::peek(raw));
        Self::Shut { reason, detail, face }
    }

    fn face(&self) -> &InboundMail {
        match self {
            Self::Mail(mail) => mail,
            Self::Shut { face, .. } => face,
        }
    }
}

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
    /// What the receiving service says of it.
    pub receipt: &'a Receipt,
    /// The mailbox's address; the recipient's where there is no such mailbox.
    pub mailbox: String,
    /// The address of the mailbox that the mail was written to, which may be an alias: answers leave from it.
    pub written_to: String,
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
    pub(crate) fn transport_guard(&self) -> Guard {
        Guard::new(GuardKey::Transport(self.ses_id.to_owned(), self.mailbox.clone()))
    }

    pub(crate) fn cause(&self) -> String {
        match &self.release {
            Some(release) => format!("mail {}, released by person {}", self.ses_id, release.by),
            None => format!("mail {}", self.ses_id),
        }
    }

    /// What its ticket's commit carries besides: a held contact that is let in with it leaves the lists.
    pub(crate) fn writes(&self, ticket: TicketNumber) -> Result<Vec<Write>, StoreError> {
        let resolved = self
            .release
            .as_ref()
            .map(|release| self.desk.held().write(&release.resolved(ticket, self.desk.now())));
        resolved.into_iter().collect()
    }

    /// What forbids to take the mail in twice. A held one has its delivery's guard already.
    pub(crate) fn guards(&self, mail: &InboundMail) -> Vec<Guard> {
        let transport = self.release.is_none().then(|| self.transport_guard());
        let logical = docket_mail::logical_key(&self.mailbox, mail);
        let logical = logical.map(|key| Guard::new(GuardKey::Logical(Digest::of(&key))));
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

/// A place a mail came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The mailbox's address; the recipient's where there is no such mailbox.
    pub mailbox: String,
    /// The mailbox's address, or the alias of it, that the mail was written to.
    pub written_to: String,
    /// Whether there is such a mailbox.
    pub is_ours: bool,
}

/// The mailboxes a mail came to, each once: who writes to a mailbox and its alias writes to one. A mail without any
/// recipient still comes to one place: where it is held.
pub fn mailboxes(receipt: &Receipt, setup: &Setup) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for recipient in &receipt.recipients {
        let place = match matching::mailbox_of(recipient, setup) {
            Some((mailbox, written_to)) => Place {
                mailbox: mailbox.address.clone(),
                written_to,
                is_ours: true,
            },
            None => Place::unknown(recipient.to_lowercase()),
        };
        if !found.iter().any(|known| known.mailbox == place.mailbox) {
            found.push(place);
        }
    }
    if found.is_empty() {
        found.push(Place::unknown(String::new()));
    }
    found
}

impl Place {
    fn unknown(recipient: String) -> Self {
        Self {
            mailbox: recipient.clone(),
            written_to: recipient,
            is_ours: false,
        }
    }
}

/// What becomes of a mail that is read and not held for what it is. One about a mail of ours is told to that mail's ticket
/// first.
async fn decide_match(delivery: &Delivery<'_>, mail: &InboundMail) -> Result<Match, IntakeError> {
    let about = match returned::about(delivery, mail).await? {
        Returned::Contact => return matching::find(delivery, mail).await,
        Returned::Stray => return Ok(Match::Hold(HoldReason::StrayNotice, String::new())),
        Returned::Ours(about) => about,
    };
    returned::tell(delivery, &about).await?;
    // As it is after what was just told.
    let number = about.ticket.number;
    let ticket = delivery.desk.tickets().get(number).await?.unwrap_or(about.ticket);
    if ticket.status == Status::Closed {
        let detail = format!("its ticket {number} is closed");
        return Ok(Match::Hold(HoldReason::StrayNotice, detail));
    }
    Ok(Match::Append {
        ticket: Box::new(ticket),
        role: AuthorRole::ThirdParty,
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
async fn repeated(delivery: &Delivery<'_>, answer: Answer) -> Result<Delivered, IntakeError> {
    let guard = Guard {
        answer: Answer {
            repeated: true,
            ..answer
        },
        ..delivery.transport_guard()
    };
    Ok(match delivery.desk.commit_writes(vec![guard], vec![]).await? {
        Committed::Done(_) => Delivered::Repeated,
        Committed::Duplicate(_) | Committed::Lost => Delivered::OnTicket,
    })
}

/// Takes a mail in at a mailbox, or holds it. Doing so again changes nothing.
pub async fn deliver(
    delivery: &Delivery<'_>,
    opened: &Opened,
    is_ours: bool,
) -> Result<Delivered, IntakeError> {
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
    if !is_ours {
        let detail = if delivery.mailbox.is_empty() {
            "nobody knows whom it was for"
        } else {
            ""
        };
        return held(delivery, mail, HoldReason::UnknownMailbox, detail).await;
    }
    let mut finding = Finding {
        delivery,
        mail,
        look: Arriving { delivery, mail },
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
        Changed::Duplicate(answer) => repeated(delivery, answer).await,
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
    if let Err(error) = desk.note_drawn(ses_id, &delivery.mailbox, number).await {
        tracing::warn!(%ses_id, %number, %error, "number {number} was drawn for mail {ses_id} in vain");
    }
}

/// A mail that comes in.
struct Arriving<'a> {
    delivery: &'a Delivery<'a>,
    mail: &'a InboundMail,
}

impl Look for Arriving<'_> {
    async fn look(&mut self) -> Result<Match, IntakeError> {
        decide_match(self.delivery, self.mail).await
    }
}
