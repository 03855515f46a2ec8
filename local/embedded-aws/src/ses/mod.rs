//! SES: sending through the first API with events of what became of it, and receiving into S3 and SQS.

mod answers;
mod events;
mod headers;
mod receive;
mod send;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::faults::Fate;
use crate::ids::Ids;
use crate::journal::{Change, Journal};
use crate::lock;
use crate::seam::Seam;
use crate::sqs::Sqs;
use crate::sqs::operations::Context;
use crate::wire::{WireRequest, WireResponse};

pub(crate) use answers::error;
pub use events::BounceKind;
pub(crate) use receive::receive;
pub use receive::{Inbound, InboundError, Verdict, Verdicts};

/// Records of sent mail in the journal.
const SENT_SPACE: &str = "ses.sent";

/// A mail that SES accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMail {
    /// The id SES gave it, without a domain.
    pub ses_id: String,
    /// When it was accepted.
    pub at: Timestamp,
    /// The envelope's sender.
    pub source: String,
    /// The envelope's recipients.
    pub destinations: Vec<String>,
    /// The configuration set, if one was named.
    pub configuration_set: Option<String>,
    /// The tags of the call.
    pub tags: BTreeMap<String, String>,
    /// The mail as it was handed in.
    pub raw: Bytes,
    /// The mail as the recipients see it: SES's own Message-ID, and a Date if there was none.
    pub as_received: Bytes,
}

/// What is kept of a sent mail beside its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredMail {
    ses_id: String,
    at: Timestamp,
    source: String,
    destinations: Vec<String>,
    configuration_set: Option<String>,
    tags: BTreeMap<String, String>,
}

#[derive(Default)]
struct State {
    event_queue_url: Option<String>,
    bounces: BTreeMap<String, BounceKind>,
    complaints: BTreeSet<String>,
    rejected: BTreeSet<String>,
    /// Each mail, with its bytes unless they stand in the journal.
    sent: Vec<(StoredMail, Option<Bytes>)>,
}

pub(crate) struct Ses {
    state: Mutex<State>,
}

/// What SES needs of its surroundings for one call.
pub(crate) struct Surroundings<'a> {
    pub(crate) ids: &'a Ids,
    pub(crate) journal: &'a Journal,
    pub(crate) sqs: &'a Sqs,
    pub(crate) seam: &'a Seam,
    pub(crate) now: Timestamp,
}

impl Surroundings<'_> {
    /// Sends messages to a queue and writes `more` with them; whether the queue is there.
    fn deliver(
        &self,
        queue_url: &str,
        messages: Vec<(String, Fate)>,
        more: Vec<Change>,
    ) -> rusqlite::Result<bool> {
        let now_ms = self.now.as_millisecond();
        let context = Context {
            ids: self.ids,
            journal: self.journal,
            now_ms,
            fails: 0,
        };
        self.sqs.deliver(queue_url, messages, more, &context)
    }
}

impl Ses {
    pub(crate) fn load(journal: &Journal) -> rusqlite::Result<Self> {
        let mut state = State::default();
        state
            .bounces
            .insert("bounce@simulator.amazonses.com".to_owned(), BounceKind::Permanent);
        state
            .complaints
            .insert("complaint@simulator.amazonses.com".to_owned());
        state.sent = journal
            .load(SENT_SPACE)?
            .into_iter()
            .map(|(_, mail)| (mail, None))
            .collect();
        Ok(Self {
            state: Mutex::new(state),
        })
    }

    pub(crate) fn call(&self, request: &WireRequest, around: &Surroundings<'_>) -> WireResponse {
        let form: BTreeMap<String, String> = form_urlencoded::parse(&request.body)
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        let mut state = lock(&self.state);
        match form.get("Action").map(String::as_str).unwrap_or_default() {
            "SendRawEmail" => match send::send_raw(&mut state, &form, around) {
                Ok(answer) => answer,
                Err(refusal) => refusal.answer(),
            },
            "GetSendQuota" => answers::quota(state.sent.iter().map(|(mail, _)| mail.at), around.now),
            "GetAccountSendingEnabled" => answers::sending_enabled(),
            "GetIdentityVerificationAttributes" => answers::verified(&form),
            "DescribeActiveReceiptRuleSet" => answers::no_receipt_rules(),
            other => answers::Refusal::unknown_action(other).answer(),
        }
    }

    pub(crate) fn set_event_queue(&self, queue_url: Option<String>) {
        lock(&self.state).event_queue_url = queue_url;
    }

    pub(crate) fn bounce(&self, address: &str, kind: BounceKind) {
        lock(&self.state)
            .bounces
            .insert(address.to_ascii_lowercase(), kind);
    }

    pub(crate) fn complain(&self, address: &str) {
        lock(&self.state).complaints.insert(address.to_ascii_lowercase());
    }

    pub(crate) fn reject(&self, address: &str) {
        lock(&self.state).rejected.insert(address.to_ascii_lowercase());
    }

    pub(crate) fn sent(&self, journal: &Journal) -> Vec<SentMail> {
        let state = lock(&self.state);
        let numbered = state.sent.iter().enumerate();
        numbered
            .map(|(number, (mail, held))| {
                let raw = held.clone().or_else(|| {
                    journal
                        .body(SENT_SPACE, &format!("{number:020}"))
                        .ok()
                        .flatten()
                        .map(Bytes::from)
                });
                let raw = raw.unwrap_or_default();
                let as_received = send::as_received(&raw, &mail.ses_id, mail.at);
                SentMail {
                    ses_id: mail.ses_id.clone(),
                    at: mail.at,
                    source: mail.source.clone(),
                    destinations: mail.destinations.clone(),
                    configuration_set: mail.configuration_set.clone(),
                    tags: mail.tags.clone(),
                    raw,
                    as_received,
                }
            })
            .collect()
    }

    pub(crate) fn sent_count(&self) -> usize {
        lock(&self.state).sent.len()
    }
}

impl State {
    /// Keeps a mail and gives the record to write.
    fn keep(&mut self, mail: StoredMail, raw: Bytes, journal: &Journal) -> Change {
        let change = Change::put(SENT_SPACE, format!("{:020}", self.sent.len()), &mail);
        if journal.keeps() {
            self.sent.push((mail, None));
            change.with_body(&raw)
        } else {
            self.sent.push((mail, Some(raw)));
            change
        }
    }
}
