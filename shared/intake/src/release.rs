//! A held contact that a person lets in, or throws away.

use crate::{
    Delivery, IntakeError, Opened, Place, Receipt, Release,
    finding::{Finding, Look},
    hold::tell_lists,
    known::Known,
    mailboxes,
    matching::{self, Match},
    understood::Understood,
};
use docket_desk::{
    Attempt, Changed, Committed, Desk, HeldContact, MOST_TRIES, Resolution, tickets::StoredOnce,
};
use docket_domain::{
    PersonId, TicketNumber, configuration::Setup, contact::intake::HoldReason, ticket::Actor,
};
use docket_mail::{Attachment, InboundMail};

/// What became of a held contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is on this ticket.
    OnTicket(TicketNumber),
    /// It was discarded, earlier or now.
    Discarded,
    /// There is none of this number.
    Missing,
}

impl Settled {
    fn of(resolution: &Resolution) -> Self {
        resolution.ticket.map_or(Self::Discarded, Self::OnTicket)
    }
}

/// Lets a held contact in: onto the ticket it belongs to, as a ticket of its own otherwise. Once it was dealt with, this
/// only says how.
///
/// # Errors
/// When the store fails, or too many others were first.
pub async fn release(desk: &Desk, id: u64, by: PersonId, reason: &str) -> Result<Settled, IntakeError> {
    let Some(held) = desk.held().get(id).await? else {
        return Ok(Settled::Missing);
    };
    if let Some(resolution) = &held.resolution {
        return Ok(Settled::of(resolution));
    }
    let release = Release {
        held,
        by,
        reason: reason.to_owned(),
    };
    if let Some(ticket) = let_in(desk, release).await? {
        return Ok(Settled::OnTicket(ticket));
    }
    // Somebody else dealt with it in the meantime.
    let held = desk.held().get(id).await?;
    match held.and_then(|held| held.resolution) {
        Some(resolution) => Ok(Settled::of(&resolution)),
        None => Err(IntakeError::Contended(format!("held contact {id}"))),
    }
}

/// Throws a held contact away. It leaves the lists; the original stays, and so does the reason.
///
/// # Errors
/// When the store fails, or too many others were first.
pub async fn discard(desk: &Desk, id: u64, by: PersonId, reason: &str) -> Result<Settled, IntakeError> {
    for nth in 0..MOST_TRIES {
        desk.wait_before(nth).await;
        let Some(held) = desk.held().get(id).await? else {
            return Ok(Settled::Missing);
        };
        if let Some(resolution) = &held.resolution {
            return Ok(Settled::of(resolution));
        }
        let discarded = HeldContact {
            v: held.v + 1,
            resolution: Some(Resolution {
                at: desk.now(),
                by,
                ticket: None,
                reason: reason.to_owned(),
            }),
            ..held
        };
        let committed = desk.commit_writes(vec![], vec![desk.held().write(&discarded)?]);
        if let Committed::Done(_) = committed.await? {
            tell_lists(desk).await;
            return Ok(Settled::Discarded);
        }
    }
    Err(IntakeError::Contended(format!("held contact {id}")))
}

/// The ticket it is on; nothing: somebody else was first.
async fn let_in(desk: &Desk, release: Release) -> Result<Option<TicketNumber>, IntakeError> {
    let raw = desk.spool().original(&release.held.stored_at).await?;
    let receipt = Receipt::on_top_of(&raw);
    let setup = desk.setup().await?;
    let (ses_id, stored_at) = (release.held.ses_id.clone(), release.held.stored_at.clone());
    let place = place_of(&release.held, &receipt, &setup);
    let mail = match Opened::read(&raw, &receipt, release.held.reason.is_never_read()) {
        Opened::Mail(mail) => *mail,
        Opened::Shut { reason, detail, face } => stand_in(*face, reason.words(), &detail, raw),
    };
    let delivery = Delivery {
        desk,
        setup: &setup,
        ses_id: &ses_id,
        stored_at: &stored_at,
        accepted_at: Some(release.held.accepted_at.unwrap_or(release.held.at)),
        receipt: &receipt,
        place,
        release: Some(release),
        drawn: None,
    };
    let mut finding = Finding {
        delivery: &delivery,
        mail: Understood::of(&delivery, &mail),
        look: LettingIn,
        stored: StoredOnce::default(),
        held: None,
    };
    let attempt = Attempt::by(Actor::System, delivery.cause()).guarded(delivery.guards(&mail));
    match desk.change_found(attempt, &mut finding).await? {
        Changed::Done(saved) => Ok(Some(saved.ticket.number)),
        // The same mail came in by another delivery: that is where this one is, too.
        Changed::Duplicate(answer) => match answer.ticket {
            Some(ticket) => {
                let mut writes = delivery.writes(ticket, desk.now())?;
                let held = delivery.release.as_ref().map(|release| release.held.id);
                let repeat = delivery.original(&mail, held);
                writes.push(desk.tickets().repeat_write(ticket, &repeat)?);
                let resolved = desk.commit_writes(vec![], writes).await?;
                Ok(matches!(resolved, Committed::Done(_)).then_some(ticket))
            }
            None => Ok(None),
        },
        Changed::NotThere => Ok(None),
        Changed::Refused(refusal) => Err(refusal.into()),
    }
}

/// A mail that a person lets in, whatever it was held for.
struct LettingIn;

impl Look for LettingIn {
    async fn look(
        &self,
        delivery: &Delivery<'_>,
        mail: &Understood<'_>,
        known: &Known,
    ) -> Result<Match, IntakeError> {
        // Somebody else may have dealt with it.
        let id = delivery.release.as_ref().map_or(0, |release| release.held.id);
        let now = delivery.desk.held().get(id).await?;
        if now.is_none_or(|held| held.resolution.is_some()) {
            return Ok(Match::Hold(HoldReason::Unreadable, String::new()));
        }
        Ok(match matching::find(delivery, mail, known).await? {
            Match::Hold(..) => Match::New {
                follows: None,
                answers_us: false,
                told: None,
                new_ids: vec![],
            },
            found => found,
        })
    }
}

/// The mailbox that a held contact is let in at: its own, the first where there is no such mailbox (any more).
fn place_of(held: &HeldContact, receipt: &Receipt, setup: &Setup) -> Place {
    let mailbox = setup.mailbox(&held.mailbox).or_else(|| setup.mailboxes.first());
    let Some(mailbox) = mailbox else {
        return Place::unknown(held.mailbox.clone());
    };
    let mut places = mailboxes(receipt, setup).into_iter();
    let place = places.find(|place| place.mailbox == mailbox.address);
    place.unwrap_or_else(|| Place::ours(mailbox))
}

/// A mail in place of one that is not shown, which it carries.
fn stand_in(face: InboundMail, why: &str, detail: &str, original: Vec<u8>) -> InboundMail {
    let detail = if detail.is_empty() {
        String::new()
    } else {
        format!(": {detail}")
    };
    InboundMail {
        text: format!(
            "This mail is not shown, because {why}{detail}.\nThe original is attached as it came.\n"
        ),
        attachments: vec![Attachment {
            name: "original.eml".to_owned(),
            content_type: "message/rfc822".to_owned(),
            bytes: original.into(),
            inline: false,
            content_id: None,
        }],
        ..face
    }
}
