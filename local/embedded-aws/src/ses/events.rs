//! What SES publishes about a mail it has sent.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::headers::{self, Header};
use super::{State, StoredMail};
use crate::ids::Ids;
use crate::{ACCOUNT, REGION};

/// How a mail comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BounceKind {
    /// The address does not exist (status 5.1.1).
    Permanent,
    /// The mailbox is full (status 4.2.2).
    Transient,
}

/// `Send`, then for the recipients `Delivery`, `Bounce` or (after a delivery) `Complaint`.
pub(super) fn of(state: &State, mail: &StoredMail, headers: &[Header<'_>], ids: &Ids) -> Vec<Value> {
    let described = described(mail, headers);
    let event = |kind: &str, member: &str, details: Value| {
        let mut event = Map::new();
        event.insert("eventType".to_owned(), json!(kind));
        event.insert("mail".to_owned(), described.clone());
        event.insert(member.to_owned(), details);
        Value::Object(event)
    };
    let at = timestamp(mail.at);
    let mut events = vec![event("Send", "send", json!({}))];
    let bounce = |address: &&String| state.bounces.get(&address.to_ascii_lowercase()).copied();
    let delivered: Vec<&String> = mail
        .destinations
        .iter()
        .filter(|to| bounce(to).is_none())
        .collect();
    if !delivered.is_empty() {
        events.push(event(
            "Delivery",
            "delivery",
            json!({
                "timestamp": at, "processingTimeMillis": 512, "recipients": delivered,
                "smtpResponse": "250 2.6.0 Message received",
                "reportingMTA": "a8-50.smtp-out.amazonses.com",
            }),
        ));
    }
    for address in &mail.destinations {
        if let Some(kind) = bounce(&address) {
            events.push(event("Bounce", "bounce", bounced(address, kind, &at, ids)));
        } else if state.complaints.contains(&address.to_ascii_lowercase()) {
            events.push(event(
                "Complaint",
                "complaint",
                json!({
                    "timestamp": at, "arrivalDate": at, "complaintFeedbackType": "abuse",
                    "feedbackId": format!("0100{}-000000", ids.uuid()),
                    "complainedRecipients": [{ "emailAddress": address }],
                    "userAgent": "Amazon SES Mailbox Simulator",
                }),
            ));
        }
    }
    events
}

fn bounced(address: &str, kind: BounceKind, at: &str, ids: &Ids) -> Value {
    let (bounce_type, sub_type, status, diagnostic) = match kind {
        BounceKind::Permanent => ("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"),
        BounceKind::Transient => (
            "Transient",
            "MailboxFull",
            "4.2.2",
            "smtp; 452 4.2.2 mailbox full",
        ),
    };
    json!({
        "bounceType": bounce_type, "bounceSubType": sub_type, "timestamp": at,
        "bouncedRecipients": [{
            "emailAddress": address, "action": "failed", "status": status, "diagnosticCode": diagnostic,
        }],
        "feedbackId": format!("0100{}-000000", ids.uuid()),
        "reportingMTA": "dns; amazonses.com",
    })
}

fn described(mail: &StoredMail, all: &[Header<'_>]) -> Value {
    let (truncated, headers, common) = headers::notified(all, &mail.ses_id);
    let domain = mail.source.rsplit('@').next().unwrap_or_default();
    let mut tags = json!({
        "ses:source-ip": ["192.0.2.1"],
        "ses:from-domain": [domain],
        "ses:caller-identity": ["embedded"],
    });
    if let Some(set) = &mail.configuration_set {
        tags["ses:configuration-set"] = json!([set]);
    }
    for (name, value) in &mail.tags {
        tags[name] = json!([value]);
    }
    json!({
        "timestamp": timestamp(mail.at),
        "source": mail.source,
        "sourceArn": format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}"),
        "sendingAccountId": ACCOUNT,
        "messageId": mail.ses_id,
        "destination": mail.destinations,
        "headersTruncated": truncated,
        "headers": headers,
        "commonHeaders": common,
        "tags": tags,
    })
}

pub(super) fn timestamp(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}
