//! What a monitor tells joins the ticket of the problem: of the same sender, at the same mailbox, about the same.

use crate::{Delivery, IntakeError, understood::Understood};
use docket_desk::{IncidentPlace, Write};
use docket_domain::{
    Digest, TicketNumber,
    contact::{
        comment::{Incident, IncidentState},
        intake::Dmarc,
    },
    ticket::{Status, Ticket},
};
use docket_mail::{MonitorNotice, MonitorState};

/// Versions of a ticket from which on no notice joins it: what goes to and fro so often goes on in a ticket of its own, so that none
/// grows without end.
const MOST_VERSIONS: u64 = 1_000;

/// What a monitor's mail tells, and where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    digest: Digest,
    place: Option<IncidentPlace>,
    state: IncidentState,
    about: String,
    /// Whether a ticket that it makes is found by the next notice.
    opens: bool,
    /// Whether its sender's domain vouches for it.
    pub is_vouched: bool,
    /// Whether it is on its ticket for this reason.
    pub joined: bool,
}

/// What a monitor's mail tells; nothing of a mail that no monitor wrote, or for which nobody vouches although somebody should.
pub(crate) async fn told(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
) -> Result<Option<Told>, IntakeError> {
    let author = &mail.author;
    let Some(notice) = &mail.mail.monitor else {
        return Ok(None);
    };
    // A form that sends for many says by Reply-To for whom: these are contacts of their own.
    let reply_to = mail.mail.reply_to.as_ref();
    let is_for_another = reply_to.is_some_and(|to| !to.address.eq_ignore_ascii_case(&author.address));
    if !author.is_sender || !author.is_named || is_for_another || author.dmarc == Dmarc::Fail {
        return Ok(None);
    }
    // A person who writes such words is no monitor, and neither is any other machine.
    if !notice.is_by_monitor {
        return Ok(None);
    }
    let digest = digest(delivery, mail, notice);
    let place = delivery.desk.mail().incident(&digest).await?;
    let state = match notice.state {
        MonitorState::Problem => IncidentState::Problem,
        MonitorState::Recovery => IncidentState::Recovery,
        MonitorState::Update => IncidentState::Update,
    };
    Ok(Some(Told {
        digest,
        place,
        state,
        about: notice.incident.clone(),
        opens: state == IncidentState::Problem,
        is_vouched: author.dmarc == Dmarc::Pass,
        joined: false,
    }))
}

/// Who tells it where and what it is about. What nobody vouches for leads to no ticket of somebody for whom their domain does.
fn digest(delivery: &Delivery<'_>, mail: &Understood<'_>, notice: &MonitorNotice) -> Digest {
    let address = mail.author.address.to_lowercase();
    let vouched = match mail.author.dmarc {
        Dmarc::Pass => "vouched",
        Dmarc::Fail | Dmarc::Unknown => "",
    };
    Digest::of_parts([
        delivery.place.mailbox.as_str(),
        &address,
        vouched,
        &notice.incident,
    ])
}

impl Told {
    /// The ticket that it joins. A problem joins one that is not solved: after that it is another one. What follows a problem joins
    /// a solved one, too, and does not reopen it.
    pub async fn ticket(&self, delivery: &Delivery<'_>) -> Result<Option<Ticket>, IntakeError> {
        let Some(place) = self.place else {
            return Ok(None);
        };
        let tickets = delivery.desk.tickets();
        let ticket = match tickets.get(place.ticket).await? {
            Some(ticket) => Some(tickets.where_it_goes_on(ticket).await?),
            None => None,
        };
        let ticket = ticket.filter(|ticket| ticket.v < MOST_VERSIONS && ticket.takes_contacts());
        Ok(ticket.filter(|ticket| match ticket.status {
            Status::Closed => false,
            Status::Solved => self.state != IncidentState::Problem,
            Status::New | Status::Open | Status::Pending | Status::Hold => true,
        }))
    }

    /// What is kept with its comment.
    pub fn facts(&self) -> Incident {
        Incident {
            state: self.state,
            about: self.about.clone(),
            joined: self.joined,
            vouched: self.is_vouched,
        }
    }

    /// The part that lets the next notice find this ticket.
    pub fn write(&self, delivery: &Delivery<'_>, number: TicketNumber) -> Option<Write> {
        let mail = delivery.desk.mail();
        (self.joined || self.opens).then(|| mail.incident_write(&self.digest, self.place, number))
    }
}
