//! A new state of a piece of outgoing work, together with what its ticket is told.

use crate::{DeliveryError, bounded};
use docket_desk::{Attempt, Changed, Desk, Find, Found, Guard, Try, Wish, Write};
use docket_domain::{
    OutboxId, Timestamp,
    audit::ChangedBy,
    outbox::{DeliveryOutcome, OutboxItem, State},
    ticket::{Actor, Command, Ticket},
};

/// What is to become of a piece of work.
pub(crate) struct Settling {
    /// Its new state.
    pub to: OutboxItem,
    /// What the agents are told, with why.
    pub told: Option<(DeliveryOutcome, String)>,
    /// What goes with it.
    pub also: Vec<Write>,
}

impl Settling {
    /// Its new state alone.
    pub fn quietly(to: OutboxItem) -> Self {
        Self {
            to,
            told: None,
            also: vec![],
        }
    }

    /// Its new state, which the agents are told with its reason.
    pub fn telling(to: OutboxItem, outcome: DeliveryOutcome) -> Self {
        let why = to.detail.clone().unwrap_or_default();
        Self {
            to,
            told: Some((outcome, why)),
            also: vec![],
        }
    }
}

/// Settles work by how it stands now. `read`: as somebody read it a moment ago. `decide` says what is to become of it;
/// nothing: it needs nothing any more.
pub(crate) async fn settle<D>(
    desk: &Desk,
    id: OutboxId,
    read: Option<OutboxItem>,
    decide: D,
) -> Result<(), DeliveryError>
where
    D: Fn(&OutboxItem, Timestamp) -> Option<Settling> + Send,
{
    let mut settled = Settled {
        desk,
        id,
        read,
        decide,
    };
    let attempt = Attempt::by(Actor::System, format!("outgoing work {id}"));
    stands(desk.change_found(attempt, &mut settled).await?)
}

/// A mail that came back.
pub(crate) struct CameBack {
    /// The id that SES gave it.
    pub ses_id: String,
    /// From these addresses.
    pub addresses: Vec<String>,
    /// Those of them to which mail goes nowhere, each with why.
    pub dead: Vec<(String, String)>,
}

/// Tells a ticket what became of its work, once for each event. From whom it came back is noted with it.
pub(crate) async fn tell(
    desk: &Desk,
    id: OutboxId,
    guard: Guard,
    (outcome, detail): (DeliveryOutcome, &str),
    (ses_id, came_back): (&str, Option<&CameBack>),
) -> Result<(), DeliveryError> {
    let attempt = Attempt::by(Actor::System, format!("outgoing work {id}")).guarded(vec![guard]);
    let mut want = |on: Try| async move {
        let mut writes = vec![];
        let mut is_lost = false;
        let asks = came_back.is_some() || outcome == DeliveryOutcome::Failed;
        let item = if asks { desk.outbox().get(id).await? } else { None };
        let answers = item
            .as_ref()
            .is_some_and(|item| item.answers(on.ticket.requester));
        if let (Some(came_back), Some(item)) = (came_back, &item) {
            let addresses: Vec<&str> = came_back.addresses.iter().map(String::as_str).collect();
            writes = desk.returned_writes(item, &came_back.ses_id, &addresses).await?;
            is_lost = desk
                .people()
                .is_at_one_of(on.ticket.requester, &came_back.dead)
                .await?;
            let recipients = item.work.recipients();
            let by = ChangedBy::system(format!("outgoing work {id}"), on.now);
            writes.extend(
                desk.people()
                    .undeliverable_writes(&recipients, &came_back.dead, &by)
                    .await?,
            );
        }
        // What is told of an earlier sending says nothing of the last one.
        let is_last = item
            .as_ref()
            .is_some_and(|item| item.ses_id.as_deref() == Some(ses_id));
        let is_lost = answers && is_last && (is_lost || outcome == DeliveryOutcome::Failed);
        Ok::<_, DeliveryError>(Some(Wish {
            writes,
            ..Wish::from(report(id, outcome, detail, is_lost.then_some(false)))
        }))
    };
    stands(desk.change(id.ticket, attempt, &mut want).await?)
}

fn stands(changed: Changed) -> Result<(), DeliveryError> {
    changed.stands().map_err(DeliveryError::Refused)
}

fn report(id: OutboxId, outcome: DeliveryOutcome, detail: &str, is_answered: Option<bool>) -> Command {
    Command::ReportDelivery {
        outbox: id,
        outcome,
        detail: bounded(detail),
        is_answered,
    }
}

struct Settled<'d, D> {
    desk: &'d Desk,
    id: OutboxId,
    read: Option<OutboxItem>,
    decide: D,
}

impl<D: Fn(&OutboxItem, Timestamp) -> Option<Settling> + Send> Find<DeliveryError> for Settled<'_, D> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, DeliveryError> {
        let blank = || Ticket::blank(self.id.ticket);
        let item = match self.read.take() {
            Some(item) => Some(item),
            None => self.desk.outbox().get(self.id).await?,
        };
        let Some((item, settling)) = item.and_then(|item| (self.decide)(&item, now).map(|to| (item, to)))
        else {
            return Ok(Found::Nothing(Box::new(blank())));
        };
        let mut writes = vec![self.desk.outbox().change_write(&item, &settling.to)?];
        writes.extend(settling.also);
        let Some((outcome, detail)) = settling.told else {
            // The ticket itself does not change.
            let wish = Wish {
                writes,
                ..Wish::default()
            };
            return Ok(Found::wish(blank(), wish));
        };
        let Some(ticket) = self.desk.tickets().get(self.id.ticket).await? else {
            return Ok(Found::NotThere);
        };
        let is_answered = match (&item.state, &settling.to.state) {
            _ if !item.answers(ticket.requester) => None,
            (_, State::Failed) => Some(false),
            (State::Failed, State::Sent) => Some(true),
            _ => None,
        };
        let wish = Wish {
            writes,
            ..Wish::from(report(self.id, outcome, &detail, is_answered))
        };
        Ok(Found::wish(ticket, wish))
    }
}
