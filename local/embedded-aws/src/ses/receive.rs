//! Mail that comes in: SES's header block on top, the object in S3, then the receipt in the queue.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::events::timestamp;
use super::{Surroundings, headers};
use crate::aws::StorageError;
use crate::faults::Fate;
use crate::s3::S3;
use crate::{ACCOUNT, REGION};

/// What SES found out about a mail in one respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In order.
    Pass,
    /// Not in order.
    Fail,
    /// Neither can be said.
    Gray,
    /// SES could not look.
    ProcessingFailed,
    /// SES was told not to look: there is no verdict.
    Disabled,
}

impl Verdict {
    fn status(self) -> Option<&'static str> {
        match self {
            Self::Pass => Some("PASS"),
            Self::Fail => Some("FAIL"),
            Self::Gray => Some("GRAY"),
            Self::ProcessingFailed => Some("PROCESSING_FAILED"),
            Self::Disabled => None,
        }
    }

    /// As `Authentication-Results` has it.
    fn result(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Gray | Self::Disabled => "none",
            Self::ProcessingFailed => "temperror",
        }
    }
}

/// All that SES found out about a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdicts {
    /// Whether the sending host may send for the envelope's domain.
    pub spf: Verdict,
    /// Whether a signature holds.
    pub dkim: Verdict,
    /// Whether either stands for the domain in From.
    pub dmarc: Verdict,
    /// Whether it is free of spam's signs.
    pub spam: Verdict,
    /// Whether it is free of viruses.
    pub virus: Verdict,
}

impl Verdicts {
    /// Nothing to be said against the mail.
    pub const PASS: Self = Self {
        spf: Verdict::Pass,
        dkim: Verdict::Pass,
        dmarc: Verdict::Pass,
        spam: Verdict::Pass,
        virus: Verdict::Pass,
    };
}

/// One mail on its way in, with what the receipt rule says about where to.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// The rule's bucket.
    pub bucket: String,
    /// The rule's prefix of object keys, such as `raw/`.
    pub prefix: String,
    /// The queue that hears of it.
    pub queue_url: String,
    /// The mail as the sender's host handed it over.
    pub raw: Bytes,
    /// The envelope's sender; empty for the null sender.
    pub mail_from: String,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    /// What SES found out.
    pub verdicts: Verdicts,
    /// What becomes of the message to the queue; the object stands in any case.
    pub receipt: Fate,
}

/// Why a mail could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum InboundError {
    /// The rule names a bucket that is not there.
    #[error("no bucket {0}")]
    NoBucket(String),
    /// The rule names a queue that is not there; the object stands.
    #[error("no queue {0}")]
    NoQueue(String),
    /// The emulation's own storage failed.
    #[error("storage failed")]
    Storage(#[source] StorageError),
}

pub(crate) fn receive(mail: &Inbound, s3: &S3, around: &Surroundings<'_>) -> Result<String, InboundError> {
    let id = around.ids.base32(40);
    let key = format!("{}{id}", mail.prefix);
    let mut stored = header_block(mail, &id, around.now).into_bytes();
    stored.extend_from_slice(&mail.raw);
    let stored = Bytes::from(stored);
    let found = s3.deliver(&mail.bucket, &key, stored.clone(), around.journal, around.now);
    if !found.map_err(not_kept)? {
        return Err(InboundError::NoBucket(mail.bucket.clone()));
    }
    let receipt = notification(mail, &id, &key, &stored, around.now).to_string();
    let found = around.deliver(&mail.queue_url, vec![(receipt, mail.receipt)], Vec::new());
    if found.map_err(not_kept)? {
        Ok(id)
    } else {
        Err(InboundError::NoQueue(mail.queue_url.clone()))
    }
}

fn not_kept(cause: rusqlite::Error) -> InboundError {
    InboundError::Storage(StorageError(cause))
}

/// What SES puts on top of the object. Everything below the line `X-SES-DKIM-SIGNATURE` is the sender's.
fn header_block(mail: &Inbound, id: &str, now: Timestamp) -> String {
    let from_domain = mail.mail_from.rsplit('@').next().unwrap_or_default();
    let helo = if from_domain.is_empty() {
        "mail.example.net"
    } else {
        from_domain
    };
    let (headers, _) = headers::split(&mail.raw);
    let author = headers::addresses(&headers, "From")
        .into_iter()
        .next()
        .unwrap_or_default();
    let author_domain = author.rsplit('@').next().unwrap_or_default();
    let date = now
        .to_zoned(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S +0000 (UTC)")
        .to_string();
    let verdicts = &mail.verdicts;
    let spf = format!(
        "{} (spfCheck: domain of {helo} and 192.0.2.10) client-ip=192.0.2.10; envelope-from={}; helo={helo};",
        verdicts.spf.result(),
        mail.mail_from
    );
    let mut block = format!(
        "Return-Path: <{}>\r\n\
         Received: from {helo} ({helo} [192.0.2.10])\r\n by inbound-smtp.{REGION}.amazonaws.com with SMTP id {id}\
         \r\n for {};\r\n {date}\r\n",
        mail.mail_from,
        mail.recipients.first().map(String::as_str).unwrap_or_default(),
    );
    for (name, verdict) in [("Spam", verdicts.spam), ("Virus", verdicts.virus)] {
        if let Some(status) = verdict.status() {
            block.push_str(&format!("X-SES-{name}-Verdict: {status}\r\n"));
        }
    }
    block.push_str(&format!(
        "Received-SPF: {spf}\r\n\
         Authentication-Results: amazonses.com;\r\n spf={spf}\r\n dkim={} header.i=@{author_domain};\r\n \
         dmarc={} header.from={author_domain};\r\n\
         X-SES-RECEIPT: AEFBQUFB{:x}\r\n\
         X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b=AA==; c=relaxed/simple; d=amazonses.com; t={}; v=1;\r\n",
        verdicts.dkim.result(),
        verdicts.dmarc.result(),
        md5::compute(id),
        now.as_second(),
    ));
    block
}

fn notification(mail: &Inbound, id: &str, key: &str, stored: &[u8], now: Timestamp) -> Value {
    let (all, _) = headers::split(stored);
    let (truncated, headers, common) = headers::notified(&all, id);
    let mut receipt = json!({
        "timestamp": timestamp(now),
        "processingTimeMillis": 256,
        "recipients": mail.recipients,
        "action": {
            "type": "S3",
            "topicArn": format!("arn:aws:sns:{REGION}:{ACCOUNT}:inbound"),
            "bucketName": mail.bucket,
            "objectKeyPrefix": mail.prefix,
            "objectKey": key,
        },
    });
    let verdicts = &mail.verdicts;
    for (member, verdict) in [
        ("spamVerdict", verdicts.spam),
        ("virusVerdict", verdicts.virus),
        ("spfVerdict", verdicts.spf),
        ("dkimVerdict", verdicts.dkim),
        ("dmarcVerdict", verdicts.dmarc),
    ] {
        if let Some(status) = verdict.status() {
            receipt[member] = json!({ "status": status });
        }
    }
    if verdicts.dmarc == Verdict::Fail {
        receipt["dmarcPolicy"] = json!("reject");
    }
    json!({
        "notificationType": "Received",
        "mail": {
            "timestamp": timestamp(now),
            "source": mail.mail_from,
            "messageId": id,
            "destination": mail.recipients,
            "headersTruncated": truncated,
            "headers": headers,
            "commonHeaders": common,
        },
        "receipt": receipt,
    })
}
