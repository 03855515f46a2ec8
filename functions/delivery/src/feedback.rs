//! What became of it: SES's events and results of calls.

use crate::{DeliveryError, bounded, reported, send::known_ids, settle};
use docket_aws::{
    Desk,
    keys::GuardKey,
    mailer::OUTBOX_TAG,
    queues::CallResult,
    store::{Change, Committed, Guard, MOST_TRIES, Write},
};
use docket_domain::{
    OutboxId,
    delivery::{Outcome, State},
    work::Work,
};
use serde::Deserialize;
use std::collections::HashMap;

/// Most recipients that a ticket is told of.
const MOST_NAMED: usize = 5;

/// An event as SES publishes it, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct SesEvent {
    #[serde(rename = "eventType")]
    event_type: String,
    mail: SesMail,
    #[serde(default)]
    bounce: Option<SesBounce>,
}

#[derive(Debug, Deserialize)]
struct SesMail {
    #[serde(rename = "messageId")]
    message_id: String,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct SesBounce {
    #[serde(rename = "bounceType", default)]
    bounce_type: String,
    #[serde(rename = "bouncedRecipients", default)]
    recipients: Vec<SesRecipient>,
}

#[derive(Debug, Deserialize)]
struct SesRecipient {
    #[serde(rename = "emailAddress", default)]
    address: String,
    #[serde(rename = "diagnosticCode", default)]
    diagnostic: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

/// Takes an event of SES: any of them proves that the mail was accepted; some say what became of it.
pub(crate) async fn take_event(desk: &Desk, event: SesEvent) -> Result<(), DeliveryError> {
    let tag = event.mail.tags.get(OUTBOX_TAG).and_then(|values| values.first());
    let Some((tenant, id)) = tag.and_then(|tag| OutboxId::from_tag(tag)) else {
        tracing::info!(ses_id = %event.mail.message_id, "an event of SES is about a mail that is not ours");
        return Ok(());
    };
    if tenant != desk.settings.tenant {
        return Ok(());
    }
    settle_by_evidence(desk, id, &event.mail.message_id).await?;
    let told = match event.event_type.as_str() {
        "Bounce" => Some((Outcome::Bounced, bounced(event.bounce.as_ref()))),
        "Complaint" => Some((Outcome::Complained, "the recipient marked it as spam".to_owned())),
        "Reject" => Some((
            Outcome::Failed,
            "SES rejected it after taking it: it holds a virus".to_owned(),
        )),
        "Rendering Failure" => Some((Outcome::Failed, "SES could not render it".to_owned())),
        _ => None,
    };
    match told {
        Some((outcome, detail)) => tell_once(desk, id, &event, outcome, &detail).await,
        None => Ok(()),
    }
}

/// SES has the mail: whatever state its item is in, it is sent.
async fn settle_by_evidence(desk: &Desk, id: OutboxId, ses_id: &str) -> Result<(), DeliveryError> {
    for _ in 0..MOST_TRIES {
        let Some(item) = desk.outbox_item(id).await? else {
            return Ok(());
        };
        if !matches!(item.work, Work::Mail { .. }) {
            return Ok(());
        }
        let Some(to) = item.settle_by_evidence(ses_id) else {
            return Ok(());
        };
        let was_in_doubt = matches!(item.state, State::InDoubt { .. });
        let ids = known_ids(desk, &item, ses_id);
        if settle(desk, &item, &to, None, ids).await? {
            if was_in_doubt {
                tracing::info!(outbox = %id, "the doubt about mail {id} is settled: it was sent");
            }
            return Ok(());
        }
    }
    Ok(())
}

/// Tells the agents, once for each event, however often SES publishes it.
async fn tell_once(
    desk: &Desk,
    id: OutboxId,
    event: &SesEvent,
    outcome: Outcome,
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
    let key = GuardKey::Webhook("ses".to_owned(), about.join(" "));
    for _ in 0..MOST_TRIES {
        let change = reported(desk, id, outcome, detail).await?;
        let change = Change {
            guards: vec![Guard::new(key.clone())],
            writes: dead_addresses(desk, id, event).await?,
            ..change
        };
        if !matches!(desk.commit(change).await?, Committed::Lost) {
            return Ok(());
        }
    }
    Ok(())
}

/// Marks the addresses of which SES says that mail to them goes nowhere.
async fn dead_addresses(desk: &Desk, id: OutboxId, event: &SesEvent) -> Result<Vec<Write>, DeliveryError> {
    let bounce = event.bounce.as_ref();
    let Some(bounce) = bounce.filter(|bounce| bounce.bounce_type == "Permanent") else {
        return Ok(vec![]);
    };
    let Some(item) = desk.outbox_item(id).await? else {
        return Ok(vec![]);
    };
    let why = |recipient: &SesRecipient| {
        let diagnostic = recipient.diagnostic.as_deref();
        bounded(diagnostic.unwrap_or("a permanent bounce"))
    };
    let dead: Vec<(&str, String)> = bounce
        .recipients
        .iter()
        .map(|recipient| (recipient.address.as_str(), why(recipient)))
        .collect();
    Ok(desk.undeliverable_writes(&item.work.recipients(), &dead).await?)
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
pub(crate) async fn settle_call(desk: &Desk, result: &CallResult) -> Result<(), DeliveryError> {
    for _ in 0..MOST_TRIES {
        let Some(item) = desk.outbox_item(result.call).await? else {
            return Ok(());
        };
        if item.is_done() || !item.work.is_call() {
            return Ok(());
        }
        let to = item.settle_call(result.status, &result.detail, desk.now());
        let told =
            (to.state == State::Failed).then(|| (Outcome::Failed, to.detail.clone().unwrap_or_default()));
        if settle(desk, &item, &to, told, vec![]).await? {
            return Ok(());
        }
    }
    Ok(())
}
