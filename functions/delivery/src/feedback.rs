//! What became of it: SES's events and results of calls.

use crate::{
    DeliveryError, bounded,
    items::Items,
    send::known_ids,
    ses_event::{SesBounce, SesEvent, SesRecipient},
    settle::{CameBack, Settling, settle, tell},
};
use docket_desk::{Desk, Guard, GuardKey};
use docket_domain::{
    OutboxId,
    outbox::{DeliveryOutcome, OutboxItem, State, Work},
};
use docket_store::queue::CallResult;

/// Most recipients that a ticket is told of.
const MOST_NAMED: usize = 5;

/// Takes an event of SES: any of them proves that the mail was accepted; some say what became of it.
pub(crate) async fn take_event(desk: &Desk, items: &Items, event: SesEvent) -> Result<(), DeliveryError> {
    let Some(id) = event.about(desk) else {
        tracing::info!(ses_id = %event.mail.message_id, "an event of SES is about a mail that is not ours");
        return Ok(());
    };
    settle_by_evidence(desk, items, id, &event.mail.message_id).await?;
    let told = match event.event_type.as_str() {
        "Bounce" => Some((DeliveryOutcome::Bounced, bounced(event.bounce.as_ref()))),
        "Complaint" => Some((
            DeliveryOutcome::Complained,
            "the recipient marked it as spam".to_owned(),
        )),
        "Reject" => Some((
            DeliveryOutcome::Failed,
            "SES rejected it after taking it: it holds a virus".to_owned(),
        )),
        "Rendering Failure" => Some((DeliveryOutcome::Failed, "SES could not render it".to_owned())),
        _ => None,
    };
    match told {
        Some((outcome, detail)) => tell_once(desk, id, &event, outcome, &detail).await,
        None => Ok(()),
    }
}

/// SES has the mail: whatever state its item is in, it is sent.
async fn settle_by_evidence(
    desk: &Desk,
    items: &Items,
    id: OutboxId,
    ses_id: &str,
) -> Result<(), DeliveryError> {
    let proven = |item: &OutboxItem| match item.work {
        Work::Mail { .. } => item.settle_by_evidence(ses_id),
        _ => None,
    };
    let read = items.take(id);
    if let Some(item) = &read
        && proven(item).is_none()
    {
        items.put_back(item.clone());
        return Ok(());
    }
    settle(desk, id, read, |item, _| {
        let to = proven(item)?;
        if matches!(item.state, State::InDoubt { .. }) {
            tracing::info!(outbox = %id, "the doubt about mail {id} is settled: it was sent");
        }
        // The ticket says that it was not sent.
        let told = (item.state == State::Failed).then(|| (DeliveryOutcome::Sent, String::new()));
        Some(Settling {
            told,
            also: known_ids(desk, item, ses_id),
            ..Settling::quietly(to)
        })
    })
    .await
}

/// Tells the agents, once for each event, however often SES publishes it.
async fn tell_once(
    desk: &Desk,
    id: OutboxId,
    event: &SesEvent,
    outcome: DeliveryOutcome,
    detail: &str,
) -> Result<(), DeliveryError> {
    // A mail to several people may bounce once for each.
    let mut about: Vec<&str> = vec![&event.event_type, &event.mail.message_id];
    about.extend(
        event
            .bounce
            .iter()
            .flat_map(|bounce| &bounce.recipients)
            .map(|who| who.address.as_str()),
    );
    let guard = Guard::new(GuardKey::Webhook("ses".to_owned(), about.join(" ")));
    let ses_id = event.mail.message_id.as_str();
    let came_back = came_back(event);
    tell(desk, id, guard, (outcome, detail), (ses_id, came_back.as_ref())).await
}

/// From whom a mail came back, and which of their addresses SES says are dead.
fn came_back(event: &SesEvent) -> Option<CameBack> {
    if event.event_type != "Bounce" {
        return None;
    }
    let bounce = event.bounce.as_ref();
    let recipients = bounce.map_or(&[][..], |bounce| &bounce.recipients);
    let is_permanent = bounce.is_some_and(|bounce| bounce.bounce_type == "Permanent");
    let why = |recipient: &SesRecipient| {
        let diagnostic = recipient.diagnostic.as_deref();
        bounded(diagnostic.unwrap_or("a permanent bounce"))
    };
    let dead = recipients.iter().filter(|_| is_permanent);
    Some(CameBack {
        ses_id: event.mail.message_id.clone(),
        addresses: recipients.iter().map(|who| who.address.clone()).collect(),
        dead: dead.map(|who| (who.address.clone(), why(who))).collect(),
    })
}

/// A bounce in words: for whom, of which kind, with which status.
fn bounced(bounce: Option<&SesBounce>) -> String {
    let Some(bounce) = bounce else {
        return "bounce".to_owned();
    };
    let each = bounce.recipients.iter().map(|recipient| match &recipient.status {
        Some(status) => format!("{} ({status})", recipient.address),
        None => recipient.address.clone(),
    });
    let each: Vec<String> = each.take(MOST_NAMED).collect();
    format!(
        "{} bounce of {}",
        bounce.bounce_type.to_lowercase(),
        each.join(", ")
    )
}

/// Settles a call by its result.
pub(crate) async fn settle_call(
    desk: &Desk,
    items: &Items,
    result: &CallResult,
) -> Result<(), DeliveryError> {
    settle(desk, result.call, items.take(result.call), |item, now| {
        if item.is_done() || !item.work.is_call() {
            return None;
        }
        let to = item.settle_call(result.status, &result.detail, now);
        Some(match to.state {
            State::Failed => Settling::telling(to, DeliveryOutcome::Failed),
            _ => Settling::quietly(to),
        })
    })
    .await
}
