//! What was said on a ticket, as one list: comments, and before a comment by which a bot handed somebody over the messages that they
//! wrote each other (developer.zendesk.com, "Conversation Log events reference", November 2026).

use super::{
    THE_SYSTEM, child_id,
    comment::{content, metadata},
    time,
};
use crate::{comment_texts::FullComment, kit::address::Address};
use docket_domain::{
    TicketNumber, Timestamp,
    contact::comment::{AuthorRole, TranscriptLine},
};
use serde_json::{Value, json};

/// The messages that a comment brought along, and the comment.
pub(crate) fn conversation_events(
    address: &Address,
    number: TicketNumber,
    full: &FullComment,
    author_name: Option<&str>,
) -> Vec<Value> {
    let hand_off = full.body.hand_off.as_ref();
    let lines = hand_off.map(|hand_off| hand_off.transcript.as_slice());
    let bot = hand_off.and_then(|hand_off| hand_off.bot.as_deref());
    let messages = (1_u64..).zip(lines.unwrap_or_default());
    let mut events: Vec<Value> = messages
        .map(|(place, line)| message(number, full, place, (line, bot)))
        .collect();
    events.push(comment(address, number, full, author_name));
    events
}

fn comment(address: &Address, number: TicketNumber, full: &FullComment, name: Option<&str>) -> Value {
    let shown = content(address, number, full);
    let author = full.comment.author;
    let kind = match full.comment.role {
        _ if author.is_of_the_desk() => "bot",
        AuthorRole::System => "bot",
        AuthorRole::Agent => "agent",
        AuthorRole::Requester | AuthorRole::Participant | AuthorRole::ThirdParty => "user",
    };
    let id = if author.is_of_the_desk() {
        json!(THE_SYSTEM)
    } else {
        json!(author)
    };
    event(
        "Comment",
        (child_id(number, full.comment.v), None),
        full.comment.at,
        json!({
            "attachments": shown.get("attachments"),
            "author": { "type": kind, "display_name": name, "zen:support:user_id": id },
            "content": {
                "type": "html",
                "body": shown.get("html_body"),
                "plain_body": shown.get("plain_body"),
                "public": full.comment.public,
            },
            "metadata": metadata(number, full),
        }),
    )
}

fn message(
    number: TicketNumber,
    full: &FullComment,
    place: u64,
    (line, bot): (&TranscriptLine, Option<&str>),
) -> Value {
    let (kind, name) = match line.who.as_str() {
        "bot" => ("bot", bot),
        "human" => ("agent", None),
        _ => ("user", None),
    };
    // A bot says when as it likes.
    let said_at = line.at.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    event(
        "Messaging::ConversationMessage",
        (child_id(number, full.comment.v), Some(place)),
        said_at.unwrap_or(full.comment.at),
        json!({
            "attachments": [],
            "author": { "type": kind, "display_name": name },
            "content": { "type": "text", "text": line.text },
            "metadata": {},
        }),
    )
}

fn event(kind: &str, (of, place): (u64, Option<u64>), at: Timestamp, rest: Value) -> Value {
    let mut event = rest;
    event["id"] = match place {
        Some(place) => json!(format!("{of}-{place}")),
        None => json!(of.to_string()),
    };
    event["type"] = json!(kind);
    event["reference"] = json!(format!("zen:ticket_event:{of}"));
    event["created_at"] = json!(time(at));
    event
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::comment::tests::{full_comment, here};
    use docket_domain::contact::comment::HandOff;

    #[test]
    fn messages_of_a_bot_come_before_the_comment_that_brought_them() {
        let mut full = full_comment(4, "Please help", None);
        let line = |who: &str, at: Option<&str>| TranscriptLine {
            at: at.map(str::to_owned),
            who: who.to_owned(),
            text: "Hello".to_owned(),
        };
        full.body.hand_off = Some(HandOff {
            bot: Some("Robbie".to_owned()),
            transcript: vec![
                line("user", Some("1970-01-01T00:00:09Z")),
                line("bot", Some("just now")),
                line("human", None),
            ],
            ..HandOff::default()
        });
        let events = conversation_events(&here(), TicketNumber(35), &full, Some("Ann"));
        let told: Vec<[&str; 4]> = events
            .iter()
            .map(|event| {
                [
                    &event["id"],
                    &event["type"],
                    &event["author"]["type"],
                    &event["created_at"],
                ]
                .map(|text| text.as_str().unwrap())
            })
            .collect();
        assert_eq!(
            told,
            [
                [
                    "3500004-1",
                    "Messaging::ConversationMessage",
                    "user",
                    "1970-01-01T00:00:09Z"
                ],
                [
                    "3500004-2",
                    "Messaging::ConversationMessage",
                    "bot",
                    "1970-01-01T00:01:00Z"
                ],
                [
                    "3500004-3",
                    "Messaging::ConversationMessage",
                    "agent",
                    "1970-01-01T00:01:00Z"
                ],
                ["3500004", "Comment", "user", "1970-01-01T00:01:00Z"],
            ]
        );
        assert_eq!(events[1]["author"]["display_name"], "Robbie");
        assert_eq!(
            (
                &events[3]["author"]["display_name"],
                &events[3]["author"]["zen:support:user_id"]
            ),
            (&json!("Ann"), &json!(9))
        );
        assert_eq!(events[3]["content"]["plain_body"], "Please help");
    }
}
