//! Whether an automatic mail may go out: programs that answer each other are to fall silent, and nobody is told what is no
//! longer so.

use crate::DeliveryError;
use docket_aws::{
    Desk,
    store::{TicketFile, Write},
};
use docket_domain::{
    Digest,
    automatic::{AutomaticMail, MOST_TO_DOMAIN, OverBudget},
    delivery::{OutboxItem, State},
    person::Person,
    work::{MailPurpose, Work},
};

/// Why an automatic mail does not go out.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Withheld {
    /// There were too many.
    #[error(transparent)]
    Budget(#[from] OverBudget),
    /// The mailbox writes nothing by itself.
    #[error("its mailbox sends no automatic mail")]
    Silent,
    /// The address may be a stranger's: it was never written to about this ticket.
    #[error("no mail about this ticket went to the requester before")]
    NeverWritten,
    /// Mail to the address goes nowhere.
    #[error("{0}")]
    Unreachable(String),
    /// The requester answered meanwhile.
    #[error("the requester is not waited for any more")]
    NotWaitedFor,
    /// The ticket was reopened meanwhile.
    #[error("the ticket is not solved any more")]
    NotSolved,
}

/// What the claim of a mail carries besides. The inner error: it is not to go out.
pub(crate) async fn claim_parts(
    desk: &Desk,
    item: &OutboxItem,
) -> Result<Result<Vec<Write>, Withheld>, DeliveryError> {
    let Work::Mail {
        purpose, mailbox, to, ..
    } = &item.work
    else {
        return Ok(Ok(vec![]));
    };
    if !purpose.is_automatic() {
        return Ok(Ok(vec![]));
    }
    let recipient = desk.person(*to).await?;
    // Whether a ticket is acknowledged was decided when it was made.
    if *purpose != MailPurpose::Acknowledgement
        && let Some(file) = desk.ticket_file(item.id.ticket).await?
    {
        let setup = desk.setup().await?;
        if setup.mailbox(mailbox).is_some_and(|mailbox| mailbox.is_silent) {
            return Ok(Err(Withheld::Silent));
        }
        if let Some(why) = held_back(&file, item, purpose, recipient.as_ref()) {
            return Ok(Err(why));
        }
    }
    let address = recipient.and_then(|person| person.email);
    let (Some(address), Some(ticket)) = (address, desk.ticket(item.id.ticket).await?) else {
        // Composing says what is missing.
        return Ok(Ok(vec![]));
    };
    let mail = AutomaticMail {
        at: desk.now(),
        outbox: item.id,
        subject: Digest::of(docket_mail::normalised_subject(&ticket.subject).as_bytes()),
    };
    let history = match desk.automatic_history(&address).await?.with(mail) {
        Ok(history) => history,
        Err(over) => return Ok(Err(over.into())),
    };
    let domain = address
        .rsplit_once('@')
        .map_or(address.as_str(), |(_, domain)| domain);
    if desk.count_automatic_to_domain(domain).await? > MOST_TO_DOMAIN {
        return Ok(Err(OverBudget::Domain.into()));
    }
    Ok(Ok(vec![desk.automatic_history_write(&address, &history)?]))
}

/// Why a reminder or the word that it is solved is not for this ticket, as it stands now.
fn held_back(
    file: &TicketFile,
    item: &OutboxItem,
    purpose: &MailPurpose,
    recipient: Option<&Person>,
) -> Option<Withheld> {
    if let Some(why) = recipient.and_then(Person::unreachable_because) {
        return Some(Withheld::Unreachable(why));
    }
    if *purpose == MailPurpose::Reminder && file.ticket.wait.is_none() {
        return Some(Withheld::NotWaitedFor);
    }
    if *purpose == MailPurpose::Solved && file.ticket.status.is_unsolved() {
        return Some(Withheld::NotSolved);
    }
    let went_before = |other: &OutboxItem| {
        let is_mail = matches!(other.work, Work::Mail { .. }) && !other.work.is_for_agents();
        is_mail && other.id != item.id && other.state != State::Failed
    };
    (!file.outbox.iter().any(went_before)).then_some(Withheld::NeverWritten)
}
