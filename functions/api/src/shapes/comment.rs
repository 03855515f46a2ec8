//! A comment.

use super::{
    THE_SYSTEM,
    attachment::{attachment, content_url},
    child_id, time,
    via::via_comment,
};
use crate::{comment_texts::FullComment, kit::address::Address};
use docket_domain::{
    TicketNumber,
    contact::{comment::TextPart, tells::Tells},
};
use docket_mail::{SanitiseOptions, sanitise_html};
use serde_json::{Map, Value, json};

/// The comment, as a record of its own; `audit_v` is the first version of the save it was part of.
pub(crate) fn comment(address: &Address, number: TicketNumber, full: &FullComment, audit_v: u64) -> Value {
    let mut comment = content(address, number, full);
    comment.insert("audit_id".to_owned(), json!(child_id(number, audit_v)));
    comment.insert("via".to_owned(), via_comment(&full.comment));
    comment.insert("created_at".to_owned(), json!(time(full.comment.at)));
    comment.insert("metadata".to_owned(), metadata(number, full));
    Value::Object(comment)
}

/// What a comment and the event that added it have in common.
pub(super) fn content(address: &Address, number: TicketNumber, full: &FullComment) -> Map<String, Value> {
    let FullComment { comment, body } = full;
    let attachments: Vec<Value> = (0..)
        .zip(&comment.attachments)
        .map(|(place, file)| attachment(address, number, comment.v, place, file))
        .collect();
    let content = json!({
        "id": child_id(number, comment.v),
        "type": "Comment",
        "author_id": if comment.author.is_of_the_desk() { json!(THE_SYSTEM) } else { json!(comment.author) },
        "body": body.text,
        "html_body": html(address, number, full),
        "plain_body": body.text,
        "public": comment.public,
        "attachments": attachments,
    });
    match content {
        Value::Object(content) => content,
        _ => Map::new(),
    }
}

/// What came with a comment: which parts of its text are quotes and signatures, what a bot handed over, the sign by which it was
/// taken for automatic mail, to which comment it puts a sign, the call or the forwarding that it tells of.
pub(super) fn metadata(number: TicketNumber, full: &FullComment) -> Value {
    let mut custom = Map::new();
    if full.body.parts.iter().any(TextPart::is_folded) {
        custom.insert("text_parts".to_owned(), json!(full.body.parts));
    }
    if let Some(hand_off) = &full.body.hand_off {
        custom.insert("hand_off".to_owned(), json!(hand_off));
    }
    if let Some(sign) = &full.comment.automatic {
        custom.insert("automatic".to_owned(), json!(sign));
    }
    let mail = full.comment.mail.as_ref();
    if let Some(reaction) = mail.and_then(|mail| mail.reaction.as_ref()) {
        let to = child_id(number, reaction.to_v);
        custom.insert(
            "reaction".to_owned(),
            json!({ "sign": reaction.sign, "comment_id": to }),
        );
    }
    if let Some(incident) = mail.and_then(|mail| mail.incident.as_ref()) {
        custom.insert("monitor".to_owned(), json!(incident));
    }
    match &full.comment.tells {
        Some(Tells::Call(call)) => drop(custom.insert("call".to_owned(), json!(call))),
        Some(Tells::Forward(forward)) => {
            let comments: Vec<u64> = forward.comments.iter().map(|v| child_id(number, *v)).collect();
            let forwarded =
                json!({ "comment_ids": comments, "with_files": forward.with_files, "to_ids": forward.to });
            custom.insert("forwarded".to_owned(), forwarded);
        }
        None => {}
    }
    json!({ "system": {}, "custom": custom })
}

/// The text as HTML that is safe to show; of images, only the comment's own are shown.
fn html(address: &Address, number: TicketNumber, full: &FullComment) -> String {
    let v = full.comment.v;
    let own = (0..)
        .zip(&full.comment.attachments)
        .filter_map(|(place, file)| Some((file.content_id.clone()?, content_url(address, number, v, place))));
    let inner = match &full.body.html {
        Some(html) => sanitise_html(
            html,
            &SanitiseOptions {
                inline_images: own.collect(),
                remote_images: false,
            },
        ),
        None => escaped_lines(&full.body.text),
    };
    format!("<div class=\"zd-comment\" dir=\"auto\">{inner}</div>")
}

fn escaped_lines(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\r' => {}
            '\n' => html.push_str("<br>"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use docket_domain::{
        Digest, PersonId, Timestamp,
        contact::comment::{AuthorRole, BodyRef, Comment, CommentBody, snippet},
        ticket::Channel,
    };

    pub(crate) fn full_comment(v: u64, text: &str, html: Option<&str>) -> FullComment {
        let comment = Comment {
            v,
            at: Timestamp::from_second(60).unwrap(),
            author: PersonId(9),
            role: AuthorRole::Requester,
            public: true,
            channel: Channel::Api,
            body: BodyRef {
                digest: Digest::of(text.as_bytes()),
                bytes: 0,
            },
            body_json: None,
            snippet: snippet(text),
            mail: None,
            attachments: vec![],
            attachments_at: None,
            automatic: None,
            has_gaps: false,
            redacted_at: None,
            tells: None,
        };
        let body = CommentBody {
            parts: vec![],
            text: text.to_owned(),
            html: html.map(str::to_owned),
            ..CommentBody::default()
        };
        FullComment { comment, body }
    }

    pub(crate) fn here() -> Address {
        Address::for_test("/tickets", "")
    }

    #[test]
    fn a_comments_id_is_made_of_the_tickets_number_and_its_version() {
        let comment = comment(&here(), TicketNumber(35), &full_comment(4, "Hi", None), 3);
        assert_eq!(comment["id"], 3_500_004);
        assert_eq!(comment["audit_id"], 3_500_003);
        assert_eq!(comment["created_at"], "1970-01-01T00:01:00Z");
    }

    #[test]
    fn a_plain_text_is_escaped_in_its_html() {
        let comment = comment(
            &here(),
            TicketNumber(1),
            &full_comment(2, "1 < 2\r\n& 3", None),
            1,
        );
        assert_eq!(
            comment["html_body"],
            "<div class=\"zd-comment\" dir=\"auto\">1 &lt; 2<br>&amp; 3</div>"
        );
        assert_eq!(comment["body"], "1 < 2\r\n& 3");
    }

    #[test]
    fn scripts_do_not_leave() {
        let html = "<p onclick=x()>Hi</p><script>x()</script>";
        let comment = comment(&here(), TicketNumber(1), &full_comment(2, "Hi", Some(html)), 1);
        assert_eq!(
            comment["html_body"],
            "<div class=\"zd-comment\" dir=\"auto\"><p>Hi</p></div>"
        );
    }
}
