//! What SES tells of a mail that it took, as it is published.

use docket_desk::Desk;
use docket_domain::OutboxId;
use docket_store::mail::OUTBOX_TAG;
use serde::Deserialize;
use std::collections::HashMap;

/// An event as SES publishes it, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct SesEvent {
    #[serde(rename = "eventType")]
    pub event_type: String,
    pub mail: SesMail,
    #[serde(default)]
    pub bounce: Option<SesBounce>,
}

/// The mail it is about.
#[derive(Debug, Deserialize)]
pub(crate) struct SesMail {
    #[serde(rename = "messageId")]
    pub message_id: String,
    #[serde(default)]
    pub tags: HashMap<String, Vec<String>>,
}

/// That it came back.
#[derive(Debug, Deserialize)]
pub(crate) struct SesBounce {
    #[serde(rename = "bounceType", default)]
    pub bounce_type: String,
    #[serde(rename = "bouncedRecipients", default)]
    pub recipients: Vec<SesRecipient>,
}

/// From whom, and why.
#[derive(Debug, Deserialize)]
pub(crate) struct SesRecipient {
    #[serde(rename = "emailAddress", default)]
    pub address: String,
    #[serde(rename = "diagnosticCode", default)]
    pub diagnostic: Option<String>,
    #[serde(default)]
    pub status: Option<String>,
}

impl SesEvent {
    /// Which mail of this desk it is about.
    pub fn about(&self, desk: &Desk) -> Option<OutboxId> {
        let tag = self.mail.tags.get(OUTBOX_TAG)?.first()?;
        let (tenant, id) = OutboxId::from_tag(tag)?;
        (tenant == desk.settings.tenant).then_some(id)
    }
}
