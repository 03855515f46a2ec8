//! What today's code would make of a mail that was stored, without doing it.

use crate::{
    Delivery, IntakeError, Opened, Place, Receipt,
    known::Known,
    matching::{self, Match},
    understood::Understood,
};
use docket_desk::Desk;
use docket_domain::{
    TicketNumber,
    contact::{comment::AuthorRole, intake::HoldReason},
};
use docket_mail::{InboundMail, Verdict};

/// What would become of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayOutcome {
    /// A comment on this ticket.
    Comment(TicketNumber, AuthorRole),
    /// A ticket of its own, linked to another or not.
    Ticket {
        /// The ticket it may belong to.
        follows: Option<TicketNumber>,
    },
    /// It would be held.
    Held(HoldReason, String),
}

/// What today's code reads and would decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// What would become of it. What it finds in the store is of today, too: the ticket that it was taken in on is known.
    pub outcome: ReplayOutcome,
    /// What is read; sender and subject only where it is not read further.
    pub mail: InboundMail,
}

/// Reads a stored mail again, as if it came to `mailbox` now. Nothing is changed.
///
/// # Errors
/// When the store fails or the original can't be had.
pub async fn replay(desk: &Desk, stored_at: &str, mailbox: &str) -> Result<Replay, IntakeError> {
    let raw = desk.spool().original(stored_at).await?;
    let receipt = Receipt::on_top_of(&raw);
    let setup = desk.setup().await?;
    let mail = match Opened::read(&raw, &receipt, false) {
        Opened::Mail(mail) => *mail,
        Opened::Shut { reason, detail, face } => {
            return Ok(Replay {
                outcome: ReplayOutcome::Held(reason, detail),
                mail: *face,
            });
        }
    };
    let ours = setup.mailbox(mailbox);
    let place = ours.map_or_else(|| Place::unknown(mailbox.to_owned()), Place::ours);
    let delivery = Delivery {
        desk,
        setup: &setup,
        ses_id: stored_at.rsplit('/').next().unwrap_or_default(),
        stored_at,
        accepted_at: None,
        receipt: &receipt,
        place,
        release: None,
        drawn: None,
    };
    let held = |reason| ReplayOutcome::Held(reason, String::new());
    let outcome = if receipt.verdicts.virus == Verdict::Fail {
        held(HoldReason::Virus)
    } else if receipt.verdicts.spam == Verdict::Fail {
        held(HoldReason::Spam)
    } else if !delivery.place.is_ours {
        held(HoldReason::UnknownMailbox)
    } else {
        let understood = Understood::of(&delivery, &mail);
        let known = Known::of(&delivery, &understood, desk.now()).await?;
        match matching::find(&delivery, &understood, &known).await? {
            Match::Append { ticket, role, .. } => ReplayOutcome::Comment(ticket.number, role),
            Match::New { follows, .. } => ReplayOutcome::Ticket { follows },
            Match::Hold(reason, detail) => ReplayOutcome::Held(reason, detail),
        }
    };
    Ok(Replay { outcome, mail })
}
