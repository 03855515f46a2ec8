//! The XML answers of SES's first API.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::wire::{WireResponse, xml_text};

/// The time over which SES counts what was sent.
const QUOTA_WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// Why SES does not do what it was asked.
pub(crate) struct Refusal {
    code: &'static str,
    message: String,
    status: u16,
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self {
            code: "InvalidParameterValue",
            message: message.into(),
            status: 400,
        }
    }

    pub(super) fn rejected(message: impl Into<String>) -> Self {
        Self {
            code: "MessageRejected",
            message: message.into(),
            status: 400,
        }
    }

    pub(super) fn storage(cause: &rusqlite::Error) -> Self {
        Self {
            code: "InternalFailure",
            message: cause.to_string(),
            status: 500,
        }
    }

    pub(super) fn unknown_action(action: &str) -> Self {
        Self {
            code: "InvalidAction",
            message: format!("{action} is not emulated"),
            status: 400,
        }
    }

    pub(super) fn answer(&self) -> WireResponse {
        error(self.status, self.code, &self.message)
    }
}

pub(crate) fn error(status: u16, code: &str, message: &str) -> WireResponse {
    let fault = if status < 500 { "Sender" } else { "Receiver" };
    WireResponse::xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>{fault}</Type>\
             <Code>{code}</Code><Message>{}</Message></Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>",
            xml_text(message)
        ),
    )
}

/// Requests are told apart by nothing else, so their ids need not differ.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

fn result(action: &str, inner: &str) -> WireResponse {
    WireResponse::xml(
        200,
        format!(
            "<{action}Response xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><{action}Result>{inner}\
             </{action}Result><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>\
             </{action}Response>"
        ),
    )
}

pub(super) fn sent(ses_id: &str) -> WireResponse {
    result("SendRawEmail", &format!("<MessageId>{ses_id}</MessageId>"))
}

pub(super) fn quota(sent_at: impl Iterator<Item = Timestamp>, now: Timestamp) -> WireResponse {
    let recent = sent_at
        .filter(|at| now.duration_since(*at) < QUOTA_WINDOW)
        .count();
    result(
        "GetSendQuota",
        &format!(
            "<Max24HourSend>50000.0</Max24HourSend><MaxSendRate>14.0</MaxSendRate>\
             <SentLast24Hours>{recent}.0</SentLast24Hours>"
        ),
    )
}

pub(super) fn sending_enabled() -> WireResponse {
    result("GetAccountSendingEnabled", "<Enabled>true</Enabled>")
}

pub(super) fn verified(form: &BTreeMap<String, String>) -> WireResponse {
    let mut entries = String::new();
    for (_, identity) in form
        .iter()
        .filter(|(name, _)| name.starts_with("Identities.member."))
    {
        entries.push_str(&format!(
            "<entry><key>{}</key><value><VerificationStatus>Success</VerificationStatus></value></entry>",
            xml_text(identity)
        ));
    }
    result(
        "GetIdentityVerificationAttributes",
        &format!("<VerificationAttributes>{entries}</VerificationAttributes>"),
    )
}

pub(super) fn no_receipt_rules() -> WireResponse {
    result("DescribeActiveReceiptRuleSet", "")
}
