//! Signs that people put to comments by mail.

use crate::mailed::{ANN, Ticket};
use docket_desk::tickets::{Alongside, Amendment, NewAttachment, NewComment};
use docket_domain::{
    contact::comment::{AuthorRole, CommentBody, MailFacts, Reaction},
    ticket::{Actor, Channel, Update},
};

/// Ann puts a sign to a comment.
async fn react(ticket: &Ticket, to_v: u64, attachments: Vec<NewAttachment>) {
    let ann = ticket.person(ANN.0).await.unwrap().id;
    let sign = "\u{1f389}".to_owned();
    let comment = NewComment {
        author: ann,
        role: AuthorRole::Requester,
        public: true,
        channel: Channel::Mail {
            mailbox: "support@in.docket.local".to_owned(),
        },
        body: CommentBody {
            text: "\u{1f389} Ann reacted via Gmail".to_owned(),
            ..CommentBody::default()
        },
        attachments,
        mail: Some(MailFacts {
            reaction: Some(Reaction { sign, to_v }),
            ..MailFacts::default()
        }),
        automatic: Some("reaction".to_owned()),
    };
    let amendment = Amendment {
        actor: Actor::Requester(ann),
        cause: "mail".to_owned(),
        update: Update::default(),
        comment: Some(comment),
        alongside: Alongside::default(),
    };
    let tickets = ticket.world.desk.tickets();
    tickets.amend(ticket.number, amendment).await.unwrap();
}

#[tokio::test]
async fn a_reaction_is_a_small_sign_with_a_name_at_its_comment() {
    let ticket = Ticket::new().await;
    ticket.answer("It comes on Monday.", "").await;
    let answered = ticket.comments().await.last().unwrap().v;
    react(&ticket, answered, vec![]).await;
    let page = ticket.page().await;
    page.shows("\u{1f389}");
    page.hides("reacted via Gmail");
    let sign = ticket.comments().await.last().unwrap().v;
    let original = format!("/agent/tickets/{}/comments/{sign}/original", ticket.number);
    page.shows(&original);
}

#[tokio::test]
async fn a_reaction_with_a_file_is_shown_whole() {
    let ticket = Ticket::new().await;
    let first = ticket.comments().await[0].v;
    let file = NewAttachment {
        name: "notes.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        inline: false,
        content_id: None,
        bytes: "notes".into(),
    };
    react(&ticket, first, vec![file]).await;
    let page = ticket.page().await;
    page.shows("reacted via Gmail");
    page.shows("notes.txt");
}
