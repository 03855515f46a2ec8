//! Which ticket a mail belongs to, and whether its sender may append to it.

use crate::{
    Delivery, IntakeError,
    incident::{self, Told},
    known::Known,
    places::mailbox_of,
    understood::Understood,
};
use docket_desk::{GuardKey, MailIds};
use docket_domain::{
    TicketNumber,
    contact::{
        comment::AuthorRole,
        intake::{Append, Evidence, HoldReason, Standing, may_append},
    },
    people::person::Person,
    ticket::Ticket,
};
use docket_mail::ReplyKey;

/// What becomes of a mail.
pub(crate) enum Match {
    /// A comment on this ticket.
    Append {
        ticket: Box<Ticket>,
        role: AuthorRole,
        /// Whether it is for agents, whoever wrote it.
        is_note: bool,
        /// What a monitor tells by it.
        told: Option<Told>,
        /// Its own id and those it refers to, if nobody knew them: they lead to its ticket from now on.
        new_ids: Vec<String>,
    },
    /// A ticket of its own.
    New {
        follows: Option<TicketNumber>,
        /// Whether it refers to an id that leads to a ticket.
        answers_us: bool,
        /// What a monitor tells by it.
        told: Option<Told>,
        /// As above. An id that leads to another ticket goes on doing so, whoever names it.
        new_ids: Vec<String>,
    },
    /// Held.
    Hold(HoldReason, String),
}

/// Decides what becomes of a mail.
pub(crate) async fn find(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    known: &Known,
) -> Result<Match, IntakeError> {
    let author = &mail.author;
    if !author.is_named && delivery.release.is_none() {
        return Ok(Match::Hold(
            HoldReason::Unreadable,
            "it names no sender".to_owned(),
        ));
    }
    if delivery.release.is_none() && mailbox_of(&author.address, delivery.setup).is_some() {
        return Ok(Match::Hold(HoldReason::OwnAddress, String::new()));
    }
    let is_suspended = known.author.as_ref().is_some_and(Person::is_suspended);
    if is_suspended && delivery.release.is_none() {
        return Ok(Match::Hold(HoldReason::SuspendedPerson, String::new()));
    }
    let own = mail.mail.message_id.as_ref();
    let is_new = |id: &&String| known.ids.tickets(id, false).is_empty();
    let mut new_ids: Vec<String> = own.filter(is_new).cloned().into_iter().collect();
    let mut told = incident::told(delivery, mail).await?;
    let Some((evidence, found)) = evidence(delivery, mail, &known.ids, &mut new_ids).await? else {
        if let Some(told) = &mut told
            && let Some((ticket, role)) = joined(delivery, known, told).await?
        {
            told.joined = true;
            // Who nobody vouches for writes in nobody's name.
            let is_note = !told.is_vouched;
            return Ok(Match::Append {
                ticket: Box::new(ticket),
                role: if is_note { AuthorRole::ThirdParty } else { role },
                is_note,
                told: Some(told.clone()),
                new_ids,
            });
        }
        let hint = docket_mail::subject_ticket_hint(&mail.mail.subject).map(TicketNumber);
        let follows = match (beside(delivery, &mail.elsewhere).await?, hint) {
            (Some(number), _) => Some(number),
            (None, Some(number)) => delivery
                .desk
                .tickets()
                .get(number)
                .await?
                .map(|ticket| ticket.number),
            (None, None) => None,
        };
        return Ok(Match::New {
            follows,
            answers_us: false,
            told,
            new_ids,
        });
    };
    // What is said to a ticket that was merged reaches the one where it goes on.
    let ticket = delivery.desk.tickets().where_it_goes_on(found.clone()).await?;
    let (standing, role) = standing_on_either(known, &ticket, &found);
    // Who gets copies may be the one to whom something was forwarded: what they answer to that is not for the requester.
    let (standing, role) = match (evidence, role) {
        (Evidence::Forward, AuthorRole::Participant) => (Standing::Stranger, AuthorRole::ThirdParty),
        _ => (standing, role),
    };
    let is_gone = ticket.is_deleted_for_good();
    let follows = (!is_gone).then_some(ticket.number);
    let linked = |new_ids| Match::New {
        follows,
        answers_us: true,
        told: told.clone(),
        new_ids,
    };
    Ok(match may_append(evidence, standing, author.dmarc) {
        Append::Suspend => Match::Hold(HoldReason::UnverifiedAgent, String::new()),
        Append::LinkedTicket => linked(new_ids),
        Append::Comment | Append::AgentNote | Append::ThirdPartyNote if !ticket.takes_contacts() => {
            linked(new_ids)
        }
        append @ (Append::Comment | Append::AgentNote | Append::ThirdPartyNote) => Match::Append {
            ticket: Box::new(ticket),
            role: match append {
                Append::ThirdPartyNote => AuthorRole::ThirdParty,
                _ => role,
            },
            is_note: append == Append::AgentNote,
            told,
            new_ids,
        },
    })
}

/// What the author is to a ticket, and in which part they write on it.
fn standing(known: &Known, ticket: &Ticket) -> (Standing, AuthorRole) {
    match &known.author {
        // Whoever wrote before two records became one is the same person.
        Some(person) if person.is_or_was(ticket.requester) => (Standing::Participant, AuthorRole::Requester),
        Some(person) if person.role.is_staff() => (Standing::Agent, AuthorRole::Agent),
        Some(person) if ticket.ccs.iter().any(|copied| person.is_or_was(*copied)) => {
            (Standing::Participant, AuthorRole::Participant)
        }
        _ => (Standing::Stranger, AuthorRole::ThirdParty),
    }
}

/// The same where the ticket was merged: who took part in it takes part where it goes on, whoever gets copies there.
fn standing_on_either(known: &Known, ticket: &Ticket, merged: &Ticket) -> (Standing, AuthorRole) {
    match (standing(known, ticket), standing(known, merged)) {
        ((Standing::Stranger, _), (Standing::Participant, _)) => {
            (Standing::Participant, AuthorRole::Participant)
        }
        (there, _) => there,
    }
}

/// The ticket that a monitor's mail joins, and in which part its sender writes there. Whoever works here is no monitor.
async fn joined(
    delivery: &Delivery<'_>,
    known: &Known,
    told: &Told,
) -> Result<Option<(Ticket, AuthorRole)>, IntakeError> {
    let Some(ticket) = told.ticket(delivery).await? else {
        return Ok(None);
    };
    let (standing, role) = standing(known, &ticket);
    Ok((standing != Standing::Agent).then_some((ticket, role)))
}

/// The ticket that the same mail is on at another mailbox.
async fn beside(delivery: &Delivery<'_>, elsewhere: &[String]) -> Result<Option<TicketNumber>, IntakeError> {
    for mailbox in elsewhere {
        let there = GuardKey::Transport(delivery.ses_id.to_owned(), mailbox.clone());
        let taken = delivery.desk.guard(&there).await?;
        if let Some(number) = taken.and_then(|taken| taken.answer.ticket) {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// The strongest evidence for a ticket: an address we signed, then a mail id we know, the nearest first. The ids that
/// lead nowhere are put into `new_ids`.
async fn evidence(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    known: &MailIds,
    new_ids: &mut Vec<String>,
) -> Result<Option<(Evidence, Ticket)>, IntakeError> {
    let desk = delivery.desk;
    let (clues, only_here) = (&mail.clues, !mail.elsewhere.is_empty());
    if !clues.addresses.is_empty() {
        let keys: Vec<ReplyKey> = desk
            .reply_keys()
            .await?
            .into_iter()
            .filter_map(|key| ReplyKey::new(key.id, key.secret.expose().as_bytes()).ok())
            .collect();
        let tenant = desk.settings.tenant.as_str();
        let mailboxes: Vec<&str> = delivery.setup.mail_addresses().collect();
        for address in &clues.addresses {
            let reply = docket_mail::verify(&keys, tenant, &mailboxes, address);
            let forward = docket_mail::verify_forward(&keys, tenant, &mailboxes, address);
            let signed = reply.map(|number| (Evidence::SignedAddress, number));
            let signed = signed.or(forward.map(|number| (Evidence::Forward, number)));
            if let Some((evidence, number)) = signed
                && let Some(ticket) = desk.tickets().get(TicketNumber(number)).await?
            {
                return Ok(Some((evidence, ticket)));
            }
        }
    }
    for id in &clues.ids {
        let numbers = known.tickets(id, only_here);
        let forward = known.forward(id);
        // One that leads to another mailbox's ticket goes on doing so.
        let is_unknown = numbers.is_empty() && known.notice(id).is_none() && forward.is_none();
        if is_unknown && !only_here && !new_ids.contains(id) {
            new_ids.push(id.clone());
        }
        if let Some(number) = forward
            && let Some(ticket) = desk.tickets().get(number).await?
        {
            return Ok(Some((Evidence::Forward, ticket)));
        }
        for number in numbers {
            if let Some(ticket) = desk.tickets().get(number).await? {
                return Ok(Some((Evidence::KnownMailId, ticket)));
            }
        }
    }
    for id in &clues.ids {
        if let Some(number) = known.notice(id)
            && let Some(ticket) = desk.tickets().get(number).await?
        {
            return Ok(Some((Evidence::Notice, ticket)));
        }
    }
    Ok(None)
}
