//! From bytes to [`InboundMail`]. Beyond the guards reading never fails: it returns what could be read and
//! notes about what could not.

mod addresses;
mod attachments;
mod body;
mod data_images;
mod date;
mod enriched;
mod flowed;
mod headers;
mod html_text;
mod meta_charset;
mod odd_addresses;
mod parts;
mod preamble;
mod reaction;
mod select;
mod uuencoded;
mod winmail;

pub(crate) use addresses::clean_address;
pub use html_text::html_to_text;
pub(crate) use html_text::without_tags;

use mail_parser::{HeaderName, Message};

use parts::Structure;

use crate::automatic::{automatic_sign, hold_back_sign, is_auto_replied};
use crate::bounce::failed_recipients;
use crate::charset::Hints;
use crate::guard::{self, Refusal};
use crate::inbound::InboundMail;
use crate::message_id::{MAX_IDS, parse_ids};
use crate::monitor::monitor_notice;
use crate::notes::{Notes, Place, ReadingNote};
use crate::text::one_line;

/// Reads a mail. `mail_from` is the envelope sender as the receipt states it (`""` or `"<>"` for the null
/// return path), `None` when it is not known.
///
/// # Errors
/// A [`Refusal`] when the bytes are no mail or would harm the parsers. Nothing else fails: every oddity ends in
/// [`InboundMail::notes`].
pub fn read(raw: &[u8], mail_from: Option<&str>) -> Result<InboundMail, Refusal> {
    let checked = guard::check(raw)?;
    let message = guard::mime_parser()
        .parse(checked.for_parser())
        .ok_or(Refusal::NotAMail {
            reason: "it has no header line",
        })?;
    let fields = headers::fields(&message, checked.mail());
    let country = top_level_domain(&fields);
    let mut structure = Structure {
        message: &message,
        raw: checked.mail(),
        hints: Hints {
            beside: None,
            top_level_domain: country.as_deref(),
        },
    };
    structure.hints.beside = structure.stated_charset();
    let mut notes = Notes::default();
    let (reaction, selection) = reaction::taken(&structure, select::select(&structure));
    let mut body = body::read_body(&structure, &selection, &mut notes);
    structure.hints.beside = structure.hints.beside.or(body.charset);
    let mut attachments = attachments::read_attachments(&structure, &selection.files, &mut notes);
    attachments.append(&mut body.files);
    let mut first = |name| addresses::all(&structure, name, &mut notes).into_iter().next();
    let mut mail = InboundMail {
        message_id: None,
        in_reply_to: ids(&fields, "In-Reply-To"),
        references: ids(&fields, "References"),
        from: first(HeaderName::From),
        sender: first(HeaderName::Sender),
        reply_to: first(HeaderName::ReplyTo),
        to: addresses::all(&structure, HeaderName::To, &mut notes),
        cc: addresses::all(&structure, HeaderName::Cc, &mut notes),
        subject: subject(&structure, &mut notes),
        date: headers::values(&fields, "Date").next().and_then(date::read_date),
        text: body.text,
        html: body.html,
        attachments,
        automatic: automatic_sign(&fields, mail_from),
        hold_back: hold_back_sign(&fields),
        auto_replied: is_auto_replied(&fields),
        failed_recipients: failed_recipients(&fields),
        reaction,
        monitor: None,
        notes: Vec::new(),
    };
    let is_automatic = mail.automatic.is_some() && !mail.auto_replied;
    mail.monitor = monitor_notice(&mail.subject, mail.from.as_ref(), &fields, is_automatic);
    mail.message_id = message_id(&fields, &mut notes);
    winmail::unpack_winmail(&mut mail, &mut notes);
    note_oddities(&message, &fields, &mail, &mut notes);
    mail.notes = notes.into_list();
    Ok(mail)
}

/// The last label of the sender's domain, which says where the sender writes.
fn top_level_domain(fields: &[(String, String)]) -> Option<String> {
    let (_, domain) = headers::values(fields, "From").next()?.rsplit_once('@')?;
    let end = domain.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'));
    let domain = domain[..end.unwrap_or(domain.len())].trim_end_matches('.');
    Some(domain.rsplit('.').next()?.to_ascii_lowercase())
}

fn message_id(fields: &[(String, String)], notes: &mut Notes) -> Option<String> {
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
        notes.add(ReadingNote::SeveralMessageIds);
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

fn subject(structure: &Structure<'_>, notes: &mut Notes) -> String {
    let root = structure.part(0);
    let text = root.and_then(|root| headers::unstructured(structure, root, HeaderName::Subject));
    let text = text.unwrap_or_default();
    notes.add_reading(Place::Subject, text.guessed, text.lost);
    one_line(&text.text)
}

fn note_oddities(message: &Message<'_>, fields: &[(String, String)], mail: &InboundMail, notes: &mut Notes) {
    let stated = |name: &str| headers::values(fields, name).next().is_some();
    if mail.from.is_none() {
        notes.add(ReadingNote::NoFrom);
    }
    if mail.date.is_none() && stated("Date") {
        notes.add(ReadingNote::DateUnread);
    }
    if message
        .parts
        .iter()
        .any(|part| part.is_encoding_problem && !part.is_empty())
    {
        notes.add(ReadingNote::PartDamaged);
    }
    let content_type = headers::values(fields, "Content-Type")
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content_type = content_type.trim_start();
    if content_type.starts_with("multipart/encrypted") || content_type.starts_with("application/pkcs7-mime") {
        notes.add(ReadingNote::Encrypted);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
