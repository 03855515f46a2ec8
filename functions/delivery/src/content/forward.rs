//! What an agent forwards to somebody outside: their own words, and below them the comments as they stand now. What was made unreadable
//! in them since is so here, too.

use super::{Content, answer::frame, names, tell};
use crate::DeliveryError;
use docket_desk::{Desk, TicketFile};
use docket_domain::{
    PersonId, TicketNumber,
    configuration::Mailbox,
    contact::{
        comment::{AttachmentRef, Comment, CommentBody},
        tells::Tells,
    },
    people::person::Person,
};
use docket_mail::{OutboundAttachment, OutboxKind, SanitiseOptions, paragraphs};

/// What stands above each message, by which readers and mail programs know it.
const MARK: &str = "---------- Forwarded message ----------";

/// A message that is forwarded.
struct Message<'f> {
    comment: &'f Comment,
    body: CommentBody,
    /// Who wrote it, and when.
    head: String,
}

/// The mail; nothing where the comment is not there, or forwards nothing.
pub(super) async fn forward(
    desk: &Desk,
    mailbox: &Mailbox,
    file: &TicketFile,
    comment_v: u64,
) -> Result<Option<Content>, DeliveryError> {
    let number = file.ticket.number;
    let note = file.comments.iter().find(|comment| comment.v == comment_v);
    let Some((note, Tells::Forward(forward))) = note.and_then(|note| Some((note, note.tells.as_ref()?)))
    else {
        return Ok(None);
    };
    let own = desk.blobs().body_of(number, note).await?;
    let chosen = file
        .comments
        .iter()
        .filter(|comment| forward.comments.contains(&comment.v));
    let chosen: Vec<&Comment> = chosen.collect();
    let mut people: Vec<PersonId> = chosen.iter().map(|comment| comment.author).collect();
    people.push(note.author);
    let people = desk.people().get_many(&people).await?;
    let agent = people.iter().find(|person| person.id == note.author);
    let agent = agent.map_or("", |agent| agent.name.as_str());
    let names = names(desk, mailbox, file, agent);
    let (before, after) = frame(mailbox, names).unwrap_or_else(|error| {
        tell(mailbox, &error);
        Default::default()
    });
    let mut messages = Vec::with_capacity(chosen.len());
    for comment in chosen {
        messages.push(Message {
            comment,
            body: desk.blobs().body_of(number, comment).await?,
            head: head(desk, comment, &people),
        });
    }
    let own_text = format!("{before}{}{after}", own.text);
    let html = html((&before, &own, &after), &messages, forward.with_files);
    let mut attachments = files(desk, number, &note.attachments, |_| None).await?;
    if forward.with_files {
        for message in &messages {
            let shown = |file: &AttachmentRef| {
                let id = file.content_id.as_deref()?;
                let is_shown = html.as_ref().is_some_and(|_| message.shows(id));
                is_shown.then(|| message.id_of(id))
            };
            attachments.extend(files(desk, number, &message.comment.attachments, shown).await?);
        }
    }
    let mut text = own_text.trim_end().to_owned();
    for message in &messages {
        text.push_str(&format!(
            "\n\n{MARK}\n{}\n\n{}",
            message.head,
            message.body.text.trim_end()
        ));
    }
    text.push('\n');
    Ok(Some(Content {
        subject: docket_mail::forward_subject(&file.ticket.subject),
        text: text.trim_start().to_owned(),
        html,
        kind: OutboxKind::Personal,
        attachments,
    }))
}

impl Message<'_> {
    /// Whether its HTML shows the file of this id.
    fn shows(&self, id: &str) -> bool {
        let html = self.body.html.as_deref().unwrap_or_default();
        html.contains(&format!("cid:{id}"))
    }

    /// The id of its file in the mail: two messages may have the same.
    fn id_of(&self, id: &str) -> String {
        format!("{}.{id}", self.comment.v)
    }
}

/// Who wrote a comment, and when. Customers are named with their address: whoever is asked for help needs to know of whom it is.
fn head(desk: &Desk, comment: &Comment, people: &[Person]) -> String {
    let author = people.iter().find(|person| person.id == comment.author);
    let from = match author {
        Some(person) if person.role.is_staff() => person.name.clone(),
        Some(person) => match person.email.as_deref() {
            Some(address) if address != person.name => format!("{} <{address}>", person.name),
            _ => person.name.clone(),
        },
        None => desk.settings.brand_name.clone(),
    };
    format!(
        "From: {from}\nDate: {}",
        comment.at.strftime("%-d %b %Y, %H:%M UTC")
    )
}

/// The same as HTML, where something of it says more by HTML than by its text.
fn html(
    (before, own, after): (&str, &CommentBody, &str),
    messages: &[Message<'_>],
    with_files: bool,
) -> Option<String> {
    let is_rich = |body: &CommentBody| body.html.is_some();
    if !is_rich(own) && !messages.iter().any(|message| is_rich(&message.body)) {
        return None;
    }
    let written = match &own.html {
        Some(own) => docket_mail::sanitise_html(own, &SanitiseOptions::default()),
        None => paragraphs(&own.text),
    };
    let mut html = format!(
        "<!DOCTYPE html>\n<html><body>\n{}{written}{}",
        paragraphs(before),
        paragraphs(after)
    );
    for message in messages {
        html.push_str(&format!(
            "\n<hr>\n{}",
            paragraphs(&format!("{MARK}\n{}", message.head))
        ));
        match &message.body.html {
            Some(formatted) => {
                let ids = message.comment.attachments.iter();
                let ids = ids.filter_map(|file| file.content_id.as_ref());
                let inline = ids.map(|id| (id.clone(), format!("cid:{}", message.id_of(id))));
                let options = SanitiseOptions {
                    inline_images: inline.filter(|_| with_files).collect(),
                    remote_images: true,
                };
                html.push_str(&docket_mail::sanitise_html(formatted, &options));
            }
            None => html.push_str(&paragraphs(&message.body.text)),
        }
    }
    html.push_str("</body></html>\n");
    Some(html)
}

/// Files as they go out, without those that were made unreadable. `id`: under which the HTML shows one.
async fn files(
    desk: &Desk,
    number: TicketNumber,
    files: &[AttachmentRef],
    id: impl Fn(&AttachmentRef) -> Option<String>,
) -> Result<Vec<OutboundAttachment>, DeliveryError> {
    let mut attachments = Vec::with_capacity(files.len());
    for file in files.iter().filter(|file| !file.is_redacted()) {
        attachments.push(OutboundAttachment {
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            content_id: id(file),
            bytes: desk.blobs().attachment(number, file).await?,
        });
    }
    Ok(attachments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        Digest, Timestamp,
        contact::comment::{AuthorRole, BodyRef},
        ticket::Channel,
    };

    fn comment(v: u64) -> Comment {
        let file = AttachmentRef {
            digest: Digest::of(b"x"),
            name: "lamp.png".to_owned(),
            content_type: "image/png".to_owned(),
            bytes: 1,
            inline: true,
            content_id: Some("lamp@x".to_owned()),
            packed: None,
        };
        Comment {
            v,
            at: Timestamp::UNIX_EPOCH,
            author: PersonId(5),
            role: AuthorRole::Requester,
            public: true,
            channel: Channel::Api,
            body: BodyRef {
                digest: Digest::of(b""),
                bytes: 0,
            },
            body_json: None,
            snippet: String::new(),
            mail: None,
            attachments: vec![file],
            attachments_at: None,
            automatic: None,
            has_gaps: false,
            redacted_at: None,
            tells: None,
        }
    }

    fn body(text: &str, html: Option<&str>) -> CommentBody {
        CommentBody {
            text: text.to_owned(),
            html: html.map(str::to_owned),
            ..CommentBody::default()
        }
    }

    #[test]
    fn pictures_of_two_messages_do_not_take_each_others_place() {
        let (first, second) = (comment(2), comment(4));
        let shown = "<p>see <img src=\"cid:lamp@x\"></p>";
        let message = |comment, head: &str| Message {
            comment,
            body: body("see", Some(shown)),
            head: head.to_owned(),
        };
        let messages = [
            message(&first, "From: Ann <ann@x>"),
            message(&second, "From: <b>"),
        ];
        let own = body("Have a look", None);
        let html = super::html(("", &own, "-- \nBen"), &messages, true).unwrap();
        assert!(
            html.contains("cid:2.lamp@x") && html.contains("cid:4.lamp@x"),
            "{html}"
        );
        assert!(
            html.contains("Ann &lt;ann@x&gt;") && !html.contains("<b>"),
            "{html}"
        );
        let without = super::html(("", &own, ""), &messages, false).unwrap();
        assert!(!without.contains("cid:"), "{without}");
        assert!(messages[0].shows("lamp@x") && !messages[0].shows("other@x"));
    }

    #[test]
    fn what_says_nothing_by_html_stays_text() {
        let first = comment(2);
        let message = Message {
            comment: &first,
            body: body("see", None),
            head: "From: Ann".to_owned(),
        };
        assert_eq!(super::html(("", &body("Look", None), ""), &[message], true), None);
    }
}
