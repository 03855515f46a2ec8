//! From a call's body to what a ticket needs: who, what, and where answers go.

use crate::payload::{Call, CallKind, Customer, Data};
use docket_desk::{files::clean_media_type, tickets::NewAttachment};
use docket_domain::{
    Digest,
    configuration::Setup,
    contact::comment::{CommentBody, HandOff, LONGEST_TEXT_BYTES, bounded_text, snippet},
    people::person::{Identity, Person},
    ticket::ReplyVia,
};

/// By what the customer is recognised, the surest first; nothing where the call names a conversation alone. An address that the channel
/// does not vouch for is not used to find an existing person: anybody can type anybody's.
pub(crate) fn identities(channel: &str, customer: &Customer, vouched: bool) -> Vec<Identity> {
    let mut identities = Vec::new();
    if let Some(id) = &customer.id {
        identities.push(Identity::Channel(channel.to_owned(), id.clone()));
    }
    if let Some(email) = customer.email.as_ref().filter(|_| vouched) {
        identities.push(Identity::email(email));
    }
    if let Some(phone) = customer.phone.as_ref().filter(|_| vouched) {
        identities.push(Identity::Phone(phone.clone()));
    }
    identities
}

/// What stands for somebody who has nothing to be recognised by: what they claim, or their conversation.
pub(crate) fn stand_in(channel: &str, external_id: Option<&str>, customer: &Customer) -> Identity {
    let claimed = customer.email.as_deref().map(str::to_lowercase);
    let claimed = claimed.or_else(|| customer.phone.clone());
    let id = claimed
        .map(|claim| format!("claims {claim}"))
        .or_else(|| external_id.map(|id| format!("of {id}")));
    Identity::Channel(channel.to_owned(), id.unwrap_or_default())
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

/// Where answers go, as a call says it: back to the channel, or to an address; nothing where it says neither.
pub(crate) fn asked_reply_via(channel: &str, data: &Data, setup: &Setup) -> Option<ReplyVia> {
    let via = &data.reply_via;
    if let Some(url) = &via.url {
        return Some(ReplyVia::Callback {
            channel: channel.to_owned(),
            url: url.clone(),
        });
    }
    let by_mail = via.email.as_ref().and_then(|_| setup.mailboxes.first());
    by_mail.map(|mailbox| ReplyVia::Mail {
        mailbox: mailbox.address.clone(),
    })
}

/// Where answers of a new ticket go: where the call says, otherwise to the customer's own address.
pub(crate) fn reply_via(channel: &str, data: &Data, person: &Person, setup: &Setup) -> ReplyVia {
    let has_address = data.customer.email.is_some() || person.email.is_some();
    let by_mail = setup.mailboxes.first().filter(|_| has_address);
    asked_reply_via(channel, data, setup)
        .or_else(|| {
            by_mail.map(|mailbox| ReplyVia::Mail {
                mailbox: mailbox.address.clone(),
            })
        })
        .unwrap_or(ReplyVia::Nowhere)
}

/// The text of the comment, with what the bot handed over and what could not be read.
pub(crate) fn body(call: &Call, more_problems: Vec<String>) -> CommentBody {
    let data = &call.data;
    let trimmed = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let last_words = || {
        let mut lines = data.transcript.iter().rev();
        lines
            .find(|line| line.who == "user")
            .map(|line| line.text.clone())
    };
    let from_html = || trimmed(&data.html).map(|html| docket_mail::html_to_text(&html));
    let text = trimmed(&data.text)
        .or_else(from_html)
        .or_else(|| trimmed(&data.summary))
        .or_else(last_words);
    let mut text = text.unwrap_or_else(|| "(no text)".to_owned());
    for attachment in data.attachments.iter().filter(|file| file.content.is_none()) {
        if let Some(url) = &attachment.url {
            text.push_str(&format!("\n\n[{}: {url}]", attachment.name));
        }
    }
    let mut problems = call.problems.clone();
    problems.extend(more_problems);
    let (bounded, was_cut) = bounded_text(&text);
    let text = if was_cut {
        problems.push(format!("data.text: cut after {LONGEST_TEXT_BYTES} bytes"));
        format!("{bounded}\n[cut here]")
    } else {
        text
    };
    CommentBody {
        parts: vec![],
        text,
        html: data.html.clone(),
        hand_off: hand_off(call),
        problems,
    }
}

fn hand_off(call: &Call) -> Option<HandOff> {
    let data = &call.data;
    let has_context = !data.transcript.is_empty() || data.summary.is_some() || !data.collected.is_empty();
    if call.kind != CallKind::HandOff && !has_context {
        return None;
    }
    Some(HandOff {
        reason: data.reason.clone(),
        intent: data.intent.clone(),
        confidence: data.confidence,
        sentiment: data.sentiment.clone(),
        summary: data.summary.clone(),
        collected: data.collected.clone(),
        transcript: data.transcript.clone(),
        bot: data.bot.clone(),
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
pub(crate) fn attachments(data: &Data) -> Vec<NewAttachment> {
    let files = data.attachments.iter().filter_map(|attachment| {
        Some(NewAttachment {
            name: docket_mail::clean_file_name(&attachment.name).unwrap_or_else(|| "file".to_owned()),
            content_type: clean_media_type(attachment.content_type.as_deref().unwrap_or_default()),
            inline: false,
            content_id: None,
            bytes: attachment.content.clone()?.into(),
        })
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_nobody_vouches_for_finds_no_person() {
        let customer = |id: Option<&str>| Customer {
            id: id.map(str::to_owned),
            email: Some("CEO@example.com".to_owned()),
            ..Customer::default()
        };
        let known = Identity::Channel("bot".into(), "u1".into());
        let claimed = identities("bot", &customer(Some("u1")), false);
        assert_eq!(claimed, std::slice::from_ref(&known));
        let vouched = identities("bot", &customer(Some("u1")), true);
        assert_eq!(vouched, [known, Identity::Email("ceo@example.com".into())]);
        assert_eq!(identities("bot", &customer(None), false), []);
        let claims = Identity::Channel("bot".into(), "claims ceo@example.com".into());
        assert_eq!(stand_in("bot", Some("7"), &customer(None)), claims);
        let nobody = Customer::default();
        let of = Identity::Channel("bot".into(), "of 7".into());
        assert_eq!(stand_in("bot", Some("7"), &nobody), of);
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
