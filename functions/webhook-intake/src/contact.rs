//! From a call's body to what a ticket needs: who, what, and where answers go.

use crate::{
    answer::HookError,
    payload::{Call, CallKind, Customer, Data, wrong},
};
use base64::Engine as _;
use docket_desk::{files::clean_media_type, tickets::NewAttachment};
use docket_domain::{
    Digest,
    configuration::Setup,
    contact::comment::{CommentBody, HandOff, bounded_text, snippet},
    people::person::Identity,
    ticket::ReplyVia,
};

/// Most attachments of one call.
const MOST_ATTACHMENTS: usize = 20;

/// By what the customer is recognised, the surest first. An address the channel does not vouch for is not used to find
/// an existing person: anybody can type anybody's.
pub(crate) fn identities(channel: &str, external_id: Option<&str>, customer: &Customer) -> Vec<Identity> {
    let given = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let mut identities = Vec::new();
    if let Some(id) = given(&customer.id) {
        identities.push(Identity::Channel(channel.to_owned(), id));
    }
    let vouched = customer.verified != Some(false);
    if let Some(email) = given(&customer.email).filter(|_| vouched) {
        identities.push(Identity::email(&email));
    }
    if let Some(phone) = given(&customer.phone).filter(|_| vouched) {
        identities.push(Identity::Phone(phone));
    }
    if identities.is_empty() {
        let claimed = given(&customer.email).or_else(|| given(&customer.phone));
        let id = claimed
            .map(|claim| format!("claims {claim}"))
            .or_else(|| external_id.map(|id| format!("of {id}")));
        identities.push(Identity::Channel(channel.to_owned(), id.unwrap_or_default()));
    }
    identities
}

/// The conversation a call belongs to, and whether its caller named it.
pub(crate) fn conversation(channel: &str, external_id: Option<&str>, identity: &Identity) -> (Digest, bool) {
    match external_id {
        Some(id) => (Digest::of_parts(["named", channel, id]), true),
        None => (
            Digest::of_parts(["customer", channel, identity.digest().as_str()]),
            false,
        ),
    }
}

/// Where answers go: where the channel says, otherwise to the customer's own address.
pub(crate) fn reply_via(channel: &str, data: &Data, setup: &Setup) -> ReplyVia {
    let via = data.reply_via.as_ref();
    if let Some(url) = via.and_then(|via| via.url.clone()) {
        return ReplyVia::Callback {
            channel: channel.to_owned(),
            url,
        };
    }
    let has_address = data.customer.email.is_some() || via.is_some_and(|via| via.email.is_some());
    match setup.mailboxes.first().filter(|_| has_address) {
        Some(mailbox) => ReplyVia::Mail {
            mailbox: mailbox.address.clone(),
        },
        None => ReplyVia::Nowhere,
    }
}

/// The text of the comment, with what the bot handed over.
pub(crate) fn body(call: &Call) -> CommentBody {
    let data = &call.data;
    let given = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let last_words = || {
        data.transcript
            .iter()
            .rev()
            .find(|line| line.who == "user")
            .map(|line| line.text.clone())
    };
    let from_html = || given(&data.html).map(|html| docket_mail::html_to_text(&html));
    let text = given(&data.text)
        .or_else(from_html)
        .or_else(|| given(&data.summary))
        .or_else(last_words);
    let mut text = text.unwrap_or_else(|| "(no text)".to_owned());
    for attachment in data
        .attachments
        .iter()
        .filter(|attachment| attachment.content_base64.is_none())
    {
        if let Some(url) = &attachment.url {
            text.push_str(&format!("\n\n[{}: {url}]", attachment.name));
        }
    }
    let (bounded, was_cut) = bounded_text(&text);
    let text = if was_cut {
        format!("{bounded}\n[cut here]")
    } else {
        text
    };
    CommentBody {
        parts: vec![],
        text,
        html: data.html.clone(),
        hand_off: hand_off(call),
    }
}

fn hand_off(call: &Call) -> Option<HandOff> {
    let data = &call.data;
    let has_context = !data.transcript.is_empty() || data.summary.is_some() || !data.collected.is_empty();
    if call.kind != CallKind::HandOff && !has_context {
        return None;
    }
    let mut collected = data.collected.clone();
    collected.extend(data.fields.clone());
    let bot = data.bot.as_ref().map(|bot| {
        let parts = [bot.name.as_deref(), bot.version.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    Some(HandOff {
        reason: data.reason.clone(),
        intent: data.intent.clone(),
        confidence: data.confidence,
        sentiment: data.sentiment.clone(),
        summary: data.summary.clone(),
        collected,
        transcript: data.transcript.clone(),
        bot,
    })
}

/// The subject: as given, or the first words.
pub(crate) fn subject(data: &Data, body: &CommentBody) -> String {
    let given = data
        .subject
        .as_deref()
        .map(str::trim)
        .filter(|subject| !subject.is_empty());
    given.map_or_else(|| snippet(&body.text), str::to_owned)
}

/// The files that came with the call.
pub(crate) fn attachments(data: &Data) -> Result<Vec<NewAttachment>, HookError> {
    if data.attachments.len() > MOST_ATTACHMENTS {
        return Err(wrong("data.attachments", "there are more than 20"));
    }
    let mut attachments = Vec::new();
    for (at, attachment) in data.attachments.iter().enumerate() {
        let Some(content) = &attachment.content_base64 else {
            continue;
        };
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(content)
            .map_err(|error| {
                wrong(
                    &format!("data.attachments[{at}].content_base64"),
                    &error.to_string(),
                )
            })?;
        attachments.push(NewAttachment {
            name: docket_mail::clean_file_name(&attachment.name).unwrap_or_else(|| "file".to_owned()),
            content_type: clean_media_type(attachment.content_type.as_deref().unwrap_or_default()),
            inline: false,
            content_id: None,
            bytes: bytes.into(),
        });
    }
    Ok(attachments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(id: Option<&str>, email: Option<&str>, verified: Option<bool>) -> Customer {
        Customer {
            id: id.map(str::to_owned),
            email: email.map(str::to_owned),
            verified,
            ..Customer::default()
        }
    }

    #[test]
    fn an_address_nobody_vouches_for_finds_no_person() {
        let found = identities(
            "bot",
            None,
            &customer(Some("u1"), Some("ceo@example.com"), Some(false)),
        );
        assert_eq!(found, [Identity::Channel("bot".into(), "u1".into())]);
        let found = identities("bot", None, &customer(None, Some("ceo@example.com"), Some(false)));
        assert_eq!(
            found,
            [Identity::Channel("bot".into(), "claims ceo@example.com".into())]
        );
    }

    #[test]
    fn conversations_of_two_channels_do_not_meet() {
        let identity = Identity::email("a@b.example");
        assert_ne!(
            conversation("bot", Some("1"), &identity),
            conversation("form", Some("1"), &identity)
        );
        assert_ne!(
            conversation("bot", None, &identity),
            conversation("bot", Some("1"), &identity)
        );
    }
}
