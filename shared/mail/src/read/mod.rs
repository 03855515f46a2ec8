//! From bytes to [`InboundMail`]. Beyond the guards reading never fails: it returns what could be read and
//! notes about what could not.

mod addresses;
mod attachments;
mod body;
mod date;
mod headers;
mod winmail;

pub(crate) use addresses::clean_address;
pub use body::html_to_text;
pub(crate) use body::without_tags;

use mail_parser::{HeaderName, Message};

use crate::automatic::{automatic_sign, hold_back_sign, is_auto_replied};
use crate::bounce::failed_recipients;
use crate::guard::{self, Refusal};
use crate::inbound::InboundMail;
use crate::message_id::{MAX_IDS, parse_ids};
use crate::text::one_line;

/// Reads a mail. `mail_from` is the envelope sender as the receipt states it (`""` or `"<>"` for the null
/// return path), `None` when it is not known.
///
/// # Errors
/// A [`Refusal`] when the bytes are no mail or would harm the parsers. Nothing else fails: every oddity ends in
/// [`InboundMail::problems`].
pub fn read(raw: &[u8], mail_from: Option<&str>) -> Result<InboundMail, Refusal> {
    let raw = guard::check(raw)?;
    let message = guard::mime_parser()
        .parse(raw.as_ref())
        .ok_or(Refusal::NotAMail {
            reason: "it has no header line",
        })?;
    let mut problems = Vec::new();
    let fields = headers::fields(&message);
    let body = body::read_body(&message, &mut problems);
    let mut mail = InboundMail {
        message_id: message_id(&fields, &mut problems),
        in_reply_to: ids(&fields, "In-Reply-To"),
        references: ids(&fields, "References"),
        from: addresses::all(&message, HeaderName::From).into_iter().next(),
        sender: addresses::all(&message, HeaderName::Sender).into_iter().next(),
        reply_to: addresses::all(&message, HeaderName::ReplyTo).into_iter().next(),
        to: addresses::all(&message, HeaderName::To),
        cc: addresses::all(&message, HeaderName::Cc),
        subject: subject(&message),
        date: headers::values(&fields, "Date").next().and_then(date::read_date),
        text: body.text,
        html: body.html,
        attachments: attachments::read_attachments(&message, body.unshown_html),
        automatic: automatic_sign(&fields, mail_from),
        hold_back: hold_back_sign(&fields),
        auto_replied: is_auto_replied(&fields),
        failed_recipients: failed_recipients(&fields),
        problems,
    };
    winmail::unpack_winmail(&mut mail);
    note_problems(&message, &fields, &mut mail);
    Ok(mail)
}

fn message_id(fields: &[(String, String)], problems: &mut Vec<String>) -> Option<String> {
    let mut ids = ids(fields, "Message-ID");
    if ids.is_empty() {
        // Some devices number their mails and leave out brackets and host.
        let words: Vec<&str> = headers::values(fields, "Message-ID")
            .flat_map(str::split_whitespace)
            .collect();
        if let [word] = words[..] {
            ids.extend(parse_ids(&format!("<{}>", word.trim_matches(['<', '>']))));
        }
    }
    if ids.len() > 1 {
        problems.push("the mail has more than one Message-ID; the first is used".to_owned());
    }
    ids.into_iter().next()
}

fn ids(fields: &[(String, String)], name: &str) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut ids: Vec<String> = headers::values(fields, name).flat_map(parse_ids).collect();
    ids.retain(|id| seen.insert(id.clone()));
    if ids.len() > MAX_IDS {
        ids.drain(..ids.len() - MAX_IDS);
    }
    ids
}

fn subject(message: &Message<'_>) -> String {
    let text = headers::unstructured(message, HeaderName::Subject).unwrap_or_default();
    one_line(&text)
}

fn note_problems(message: &Message<'_>, fields: &[(String, String)], mail: &mut InboundMail) {
    let stated = |name: &str| headers::values(fields, name).next().is_some();
    if mail.from.is_none() {
        mail.problems.push("the mail has no readable From".to_owned());
    }
    if mail.date.is_none() && stated("Date") {
        mail.problems
            .push("the Date of the mail cannot be read".to_owned());
    }
    if message
        .parts
        .iter()
        .any(|part| part.is_encoding_problem && !part.is_empty())
    {
        mail.problems
            .push("a part of the mail is damaged; it is shown as far as it can be read".to_owned());
    }
    let content_type = headers::values(fields, "Content-Type")
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content_type = content_type.trim_start();
    if content_type.starts_with("multipart/encrypted") || content_type.starts_with("application/pkcs7-mime") {
        mail.problems
            .push("the mail is encrypted or sealed; its contents are attached as they came".to_owned());
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
