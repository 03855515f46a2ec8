//! `SendRawEmail`: what SES accepts, and what it makes of a mail.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::answers::{self, Refusal};
use super::headers::{self, Header};
use super::{State, StoredMail, Surroundings, events};
use crate::wire::WireResponse;

/// SES's limit of recipients of one mail.
const MAX_RECIPIENTS: usize = 50;

/// The first API's limit of one mail, encoded as it is sent.
const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Headers that a mail must not have twice.
const SINGLE_HEADERS: [&str; 10] = [
    "Cc",
    "Content-Type",
    "Date",
    "From",
    "In-Reply-To",
    "Message-ID",
    "References",
    "Reply-To",
    "Subject",
    "To",
];

pub(super) fn send_raw(
    state: &mut State,
    form: &BTreeMap<String, String>,
    around: &Surroundings<'_>,
) -> Result<WireResponse, Refusal> {
    let encoded = form
        .get("RawMessage.Data")
        .map(String::as_str)
        .unwrap_or_default();
    let raw = STANDARD
        .decode(encoded)
        .map_err(|_| Refusal::invalid("RawMessage.Data is no base64."))?;
    let raw = Bytes::from(raw);
    if raw.len() > MAX_BYTES {
        return Err(Refusal::invalid(format!(
            "Message length is more than {MAX_BYTES} bytes long."
        )));
    }
    let (headers, _) = headers::split(&raw);
    check_headers(&headers)?;
    let mail = StoredMail {
        ses_id: outgoing_id(around),
        at: around.now,
        source: source(form, &headers)?,
        destinations: destinations(form, &headers)?,
        configuration_set: form
            .get("ConfigurationSetName")
            .cloned()
            .or_else(|| headers::value(&headers, "X-SES-CONFIGURATION-SET").map(str::to_owned)),
        tags: tags(form)?,
    };
    let known = |address: &String| state.rejected.contains(&address.to_ascii_lowercase());
    if let Some(address) = mail
        .destinations
        .iter()
        .chain([&mail.source])
        .find(|address| known(address))
    {
        return Err(Refusal::rejected(format!(
            "Email address is not verified. The following identities failed the check in region US-EAST-1: \
             {address}"
        )));
    }
    let answer = answers::sent(&mail.ses_id);
    let mut messages = Vec::new();
    if state.event_queue_url.is_some() && mail.configuration_set.is_some() {
        for event in events::of(state, &mail, &headers, around.ids) {
            let kind = event["eventType"].as_str().unwrap_or_default();
            messages.push((event.to_string(), around.seam.meet_event(kind, &mail.ses_id)));
        }
    }
    let queue_url = state.event_queue_url.clone().unwrap_or_default();
    let kept = state.keep(mail, raw.clone(), around.journal);
    // A queue that is gone loses the events, as on AWS; the mail is sent all the same.
    around
        .deliver(&queue_url, messages, vec![kept])
        .map_err(|cause| Refusal::storage(&cause))?;
    Ok(answer)
}

/// An id as SES gives to mail it sends: the time, a random part, a counter.
fn outgoing_id(around: &Surroundings<'_>) -> String {
    format!(
        "0100{:012x}-{}-000000",
        around.now.as_millisecond(),
        around.ids.uuid()
    )
}

fn check_headers(headers: &[Header<'_>]) -> Result<(), Refusal> {
    if headers::value(headers, "From").is_none() {
        return Err(Refusal::invalid("Missing required header 'From'."));
    }
    for name in SINGLE_HEADERS {
        if headers
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case(name))
            .count()
            > 1
        {
            return Err(Refusal::invalid(format!("Duplicate header '{name}'.")));
        }
    }
    Ok(())
}

fn source(form: &BTreeMap<String, String>, headers: &[Header<'_>]) -> Result<String, Refusal> {
    let given = form.get("Source").map(|source| headers::bare(source).to_owned());
    let source = given.or_else(|| headers::addresses(headers, "From").into_iter().next());
    source.ok_or_else(|| Refusal::invalid("Missing final '@domain'"))
}

/// The recipients given with the call; without any, those of the headers.
fn destinations(form: &BTreeMap<String, String>, headers: &[Header<'_>]) -> Result<Vec<String>, Refusal> {
    let mut addresses: Vec<String> = numbered(form, "Destinations.member.")
        .map(|entry| headers::bare(entry).to_owned())
        .collect();
    if addresses.is_empty() {
        addresses = ["To", "Cc", "Bcc"]
            .iter()
            .flat_map(|name| headers::addresses(headers, name))
            .collect();
    }
    if addresses.is_empty() {
        return Err(Refusal::invalid("No recipient."));
    }
    if addresses.len() > MAX_RECIPIENTS {
        return Err(Refusal::invalid(format!(
            "Recipient count exceeds {MAX_RECIPIENTS}."
        )));
    }
    let wrong = |address: &&String| {
        !matches!(address.rsplit_once('@'), Some((local, domain)) if !local.is_empty() && !domain.is_empty())
            || address
                .chars()
                .any(|character| character.is_control() || character == ' ')
    };
    match addresses.iter().find(wrong) {
        Some(address) => Err(Refusal::invalid(format!("Missing final '@domain': {address}"))),
        None => Ok(addresses),
    }
}

/// The members of a list in a form, in the order of their numbers.
fn numbered<'a>(form: &'a BTreeMap<String, String>, prefix: &'a str) -> impl Iterator<Item = &'a String> {
    (1..).map_while(move |number| form.get(&format!("{prefix}{number}")))
}

fn tags(form: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut tags = BTreeMap::new();
    for number in 1.. {
        let Some(name) = form.get(&format!("Tags.member.{number}.Name")) else {
            break;
        };
        let value = form
            .get(&format!("Tags.member.{number}.Value"))
            .cloned()
            .unwrap_or_default();
        let allowed = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            !text.is_empty() && text.len() < 256 && text.bytes().all(fits)
        };
        if !allowed(name) || !allowed(&value) {
            return Err(Refusal::invalid(format!("Invalid tag: {name}={value}")));
        }
        tags.insert(name.clone(), value);
    }
    Ok(tags)
}

/// The mail as it leaves SES.
pub(super) fn as_received(raw: &[u8], ses_id: &str, at: Timestamp) -> Bytes {
    let (headers, rest) = headers::split(raw);
    let mut mail = Vec::with_capacity(raw.len() + 256);
    let own = [
        "Message-ID",
        "Bcc",
        "X-SES-CONFIGURATION-SET",
        "X-SES-MESSAGE-TAGS",
    ];
    for header in &headers {
        if !own.iter().any(|name| header.name.eq_ignore_ascii_case(name)) {
            mail.extend_from_slice(header.bytes);
        }
    }
    mail.extend(format!("Message-ID: <{ses_id}@email.amazonses.com>\r\n").bytes());
    if headers::value(&headers, "Date").is_none() {
        let date = at
            .to_zoned(TimeZone::UTC)
            .strftime("%a, %d %b %Y %H:%M:%S +0000")
            .to_string();
        mail.extend(format!("Date: {date}\r\n").bytes());
    }
    let day = at.to_zoned(TimeZone::UTC).strftime("%Y.%m.%d").to_string();
    mail.extend(format!("X-SES-Outgoing: {day}-192.0.2.25\r\n").bytes());
    mail.extend_from_slice(rest);
    mail.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipient_sees_the_message_id_of_ses() {
        let at: Timestamp = "2026-03-02T12:00:00Z".parse().expect("a literal");
        let raw = b"From: a@b\r\nMessage-ID: <ours@desk>\r\nBcc: c@d\r\n\r\nbody\r\n";
        let seen = String::from_utf8(as_received(raw, "0100-x", at).to_vec()).expect("text");
        assert!(seen.contains("Message-ID: <0100-x@email.amazonses.com>\r\n"));
        assert!(!seen.contains("ours@desk"));
        assert!(!seen.contains("Bcc"));
        assert!(seen.contains("Date: Mon, 02 Mar 2026 12:00:00 +0000\r\n"));
        assert!(seen.ends_with("\r\n\r\nbody\r\n"));
    }

    #[test]
    fn a_header_that_must_be_single_is_refused_twice() {
        let (headers, _) = headers::split(b"From: a@b\r\nSubject: x\r\nsubject: y\r\n\r\n");
        assert!(check_headers(&headers).is_err());
    }
}
