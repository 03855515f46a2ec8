//! Delivery status notifications of the standard form (RFC 3464): which of our mails did not arrive, and whether
//! it may yet.

use crate::inbound::InboundMail;
use crate::message_id::parse_ids;

/// What a notification says about the first recipient that was not reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryStatus {
    /// The address that was not reached, as the notification states it (the original one when stated).
    pub recipient: String,
    /// The status code, as `5.1.1` (RFC 3463).
    pub status: String,
    /// Whether the failure is permanent (5.x.x); else it is temporary or a delay.
    pub permanent: bool,
    /// The Message-ID of the mail that was not delivered, from the returned mail or header.
    pub original_message_id: Option<String>,
}

/// Most bytes read of a status part: a group of fields for each recipient, well below 1 KB each.
const MAX_STATUS_BYTES: usize = 256 * 1024;

/// Reads a delivery status notification; `None` if the mail is none or reports no failure.
pub fn delivery_status(mail: &InboundMail) -> Option<DeliveryStatus> {
    let part = mail.attachments.iter().find(|part| {
        matches!(
            part.content_type.as_str(),
            "message/delivery-status" | "message/global-delivery-status"
        )
    })?;
    let bytes = &part.bytes[..part.bytes.len().min(MAX_STATUS_BYTES)];
    let text = String::from_utf8_lossy(bytes);
    let group = groups(&text).into_iter().find(|group| {
        let action = group.field("action").map(first_word).unwrap_or_default();
        let status = group.field("status").map(first_word).unwrap_or_default();
        matches!(action.as_str(), "failed" | "delayed") || action.is_empty() && status.starts_with(['4', '5'])
    })?;
    let recipient = group
        .field("original-recipient")
        .or_else(|| group.field("final-recipient"))?;
    let status = group
        .field("status")
        .and_then(status_code)
        .unwrap_or_else(|| "5.0.0".to_owned());
    let delayed = group
        .field("action")
        .is_some_and(|action| first_word(action) == "delayed");
    Some(DeliveryStatus {
        recipient: address(recipient)?,
        permanent: status.starts_with('5') && !delayed,
        status,
        original_message_id: original_message_id(mail),
    })
}

struct Group(Vec<(String, String)>);

impl Group {
    fn field(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The groups of fields between blank lines: the first about the mail, then one for each recipient.
fn groups(text: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            groups.push(Group(std::mem::take(&mut fields)));
        } else if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), fields.last_mut()) {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups.push(Group(fields));
    groups
}

fn first_word(value: &str) -> String {
    let word = value
        .split(|c: char| c.is_whitespace() || c == ';' || c == '(')
        .next();
    word.unwrap_or_default().to_ascii_lowercase()
}

/// A code of the form class.subject.detail (RFC 3463, section 2).
fn status_code(value: &str) -> Option<String> {
    let code = first_word(value);
    let fields: Vec<&str> = code.split('.').collect();
    let digits =
        |field: &&str| !field.is_empty() && field.len() <= 3 && field.bytes().all(|b| b.is_ascii_digit());
    (fields.len() == 3 && fields.iter().all(digits)).then_some(code)
}

/// The address after its type, as in `rfc822; <ann@a.example>`.
fn address(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    let address = address.trim().trim_matches(['<', '>', '"']).trim();
    let address = address
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_matches(['<', '>']);
    address.contains('@').then(|| address.to_owned())
}

fn original_message_id(mail: &InboundMail) -> Option<String> {
    let returned = mail.attachments.iter().find(|part| {
        matches!(
            part.content_type.as_str(),
            "message/rfc822"
                | "text/rfc822-headers"
                | "message/global"
                | "message/global-headers"
                | "message/rfc822-headers"
        )
    })?;
    let head = &returned.bytes[..returned.bytes.len().min(MAX_STATUS_BYTES)];
    let head = String::from_utf8_lossy(head);
    let header = groups(&head).into_iter().find(|group| !group.0.is_empty())?;
    header
        .field("message-id")
        .and_then(|value| parse_ids(value).into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;

    fn notification(status: &str) -> InboundMail {
        let mail = format!(
            "From: mailer-daemon@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n\
             --r\n\nnot delivered\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\n{status}\n\
             --r\nContent-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID: <out.1@desk.example>\n\n--r--\n"
        );
        read(mail.as_bytes(), Some("")).unwrap()
    }

    #[test]
    fn a_permanent_failure_is_read() {
        let mail = notification(
            "Final-Recipient: rfc822; moved@b.example\nOriginal-Recipient: rfc822;<ann@b.example>\nAction: failed\n\
             Status: 5.1.1 (no such user)\n",
        );
        let expected = DeliveryStatus {
            recipient: "ann@b.example".into(),
            status: "5.1.1".into(),
            permanent: true,
            original_message_id: Some("out.1@desk.example".into()),
        };
        assert_eq!(delivery_status(&mail), Some(expected));
    }

    #[test]
    fn a_delay_is_not_permanent() {
        let mail = notification("Final-Recipient: rfc822; ann@b.example\nAction: delayed\nStatus: 4.4.7\n");
        assert!(!delivery_status(&mail).unwrap().permanent);
    }

    #[test]
    fn a_delivered_notification_is_no_failure() {
        let mail = notification("Final-Recipient: rfc822; ann@b.example\nAction: delivered\nStatus: 2.1.5\n");
        assert_eq!(delivery_status(&mail), None);
    }

    #[test]
    fn the_recipient_that_failed_is_the_one_told() {
        let mail = notification(
            "Final-Recipient: rfc822; one@b.example\nAction: relayed\nStatus: 2.1.9\n\n\
             Final-Recipient: rfc822; two@b.example\nAction: failed\nStatus: 5.2.2\n",
        );
        assert_eq!(delivery_status(&mail).unwrap().recipient, "two@b.example");
    }

    #[test]
    fn a_human_mail_is_no_notification() {
        let mail = read(b"From: a@b.example\n\nAction: failed\n", None).unwrap();
        assert_eq!(delivery_status(&mail), None);
    }
}
