//! What a contact says and who says it: the fields that there is one of.

use super::{
    Customer, Data, LONGEST_WORD, ReplyTo,
    lists::{attachments, collect, tags, transcript},
    reading::{Notes, Object},
    wrong,
};
use crate::{answer::HookError, callback_url};
use docket_domain::{people::person::is_email, ticket::Priority};
use serde_json::Value;

/// Longest language or locale, in bytes (RFC 5646, section 4.4.1: 35 characters are enough for every tag there is).
const LONGEST_LANGUAGE: usize = 35;
/// Longest address that answers go to, in bytes: it stands on the ticket's head.
const LONGEST_REPLY_URL: usize = 1_000;
/// Longest reason, in bytes: a sentence or two.
const LONGEST_REASON: usize = 2_000;

/// Reads what a contact says.
pub(super) fn data(from: Object<'_>, is_local: bool, notes: &mut Notes) -> Result<Data, HookError> {
    let mut data = Data {
        external_id: from.word("external_id", LONGEST_WORD, notes)?,
        subject: from.text("subject", notes),
        text: from.text("text", notes),
        html: from.text("html", notes),
        priority: priority(from, notes)?,
        tags: tags(from, notes),
        attachments: attachments(from, notes)?,
        reason: cut(from, "reason", LONGEST_REASON, notes),
        intent: from.word("intent", LONGEST_WORD, notes)?,
        confidence: confidence(from, notes),
        language: from.word("language", LONGEST_LANGUAGE, notes)?,
        sentiment: from.word("sentiment", LONGEST_WORD, notes)?,
        summary: from.text("summary", notes),
        transcript: transcript(from, notes),
        ..Data::default()
    };
    for name in ["collected", "fields"] {
        let path = from.path_of(name);
        collect(from.object(name, &path, notes), notes, &mut data.collected);
    }
    let bot = from.object("bot", "data.bot", notes);
    let parts = [
        bot.word("name", LONGEST_WORD, notes)?,
        bot.word("version", LONGEST_WORD, notes)?,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    data.bot = (!parts.is_empty()).then(|| parts.join(" "));
    data.customer = customer(from.object("customer", "data.customer", notes), notes)?;
    data.reply_via = reply_to(from.object("reply_via", "data.reply_via", notes), is_local, notes)?;
    check(data, from, notes)
}

/// Refuses what comes from nobody and what says nothing. An address that is none is left out where something else says who asks.
fn check(mut data: Data, from: Object<'_>, notes: &mut Notes) -> Result<Data, HookError> {
    let customer = &mut data.customer;
    let is_known = customer.id.is_some() || customer.phone.is_some() || data.external_id.is_some();
    if let Some(email) = customer.email.take_if(|email| !is_email(email)) {
        if !is_known {
            return Err(wrong("data.customer.email", "is not a mail address"));
        }
        notes.add(
            "data.customer.email",
            &format!("left out: {email} is not a mail address"),
        );
    }
    if !is_known && customer.email.is_none() {
        return Err(wrong(
            "data.customer",
            "needs an id, an email or a phone, or data.external_id must be given",
        ));
    }
    let says = [&data.text, &data.html, &data.summary];
    let says_nothing = says.into_iter().all(Option::is_none) && data.transcript.is_empty();
    // A file that could not be read was sent all the same, and so were words.
    if says_nothing && data.attachments.is_empty() && from.value("attachments").is_none() {
        return Err(wrong(
            "data.text",
            "there is no text, html, summary, transcript or attachment",
        ));
    }
    Ok(data)
}

fn customer(from: Object<'_>, notes: &mut Notes) -> Result<Customer, HookError> {
    Ok(Customer {
        id: from.word("id", LONGEST_WORD, notes)?,
        email: from.word("email", LONGEST_WORD, notes)?,
        phone: from.word("phone", LONGEST_WORD, notes)?,
        name: from.word("name", LONGEST_WORD, notes)?,
        locale: from.word("locale", LONGEST_LANGUAGE, notes)?,
        verified: from.yes_or_no("verified", notes),
    })
}

/// Where answers are to go. What can't be called or written to is refused here: later nobody is there to be told.
fn reply_to(from: Object<'_>, is_local: bool, notes: &mut Notes) -> Result<ReplyTo, HookError> {
    let url = from.word("url", LONGEST_REPLY_URL, notes)?;
    if let Some(why) = url
        .as_deref()
        .and_then(|url| callback_url::refused(url, is_local))
    {
        return Err(wrong("data.reply_via.url", why));
    }
    let email = from.word("email", LONGEST_WORD, notes)?;
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(wrong("data.reply_via.email", "is not a mail address"));
    }
    Ok(ReplyTo { url, email })
}

fn priority(from: Object<'_>, notes: &mut Notes) -> Result<Option<Priority>, HookError> {
    let Some(word) = from.word("priority", LONGEST_WORD, notes)? else {
        return Ok(None);
    };
    let known = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];
    let found = known
        .into_iter()
        .find(|priority| priority.as_str().eq_ignore_ascii_case(&word));
    if found.is_none() {
        let words = format!("left out: {word} is none of low, normal, high, urgent");
        notes.add(&from.path_of("priority"), &words);
    }
    Ok(found)
}

fn confidence(from: Object<'_>, notes: &mut Notes) -> Option<f64> {
    let said = match from.value("confidence")? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return None,
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let known = said.filter(|confidence| (0.0..=1.0).contains(confidence));
    if known.is_none() {
        notes.add(
            &from.path_of("confidence"),
            "left out, since it is no number from 0 to 1",
        );
    }
    known
}

fn cut(from: Object<'_>, name: &str, most: usize, notes: &mut Notes) -> Option<String> {
    let mut text = from.text(name, notes)?;
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        notes.add(&from.path_of(name), &format!("cut after {most} bytes"));
    }
    Some(text)
}
