//! A reaction to a comment: a small sign, and no word.

use crate::{answer, eves_ticket, file, in_world, mail};
use docket_domain::{contact::comment::Reaction, ticket::Status};
use docket_local::world::World;
use serde_json::Value;

/// Eve presses the button of a reaction on the mail of this id, as Gmail sends it.
fn reaction(to: &str, id: &str) -> String {
    format!(
        "From: Eve <eve@example.com>\r\nTo: support@in.docket.local\r\nSubject: Re: The printer burns\r\n\
         Message-ID: <{id}>\r\nIn-Reply-To: <{to}>\r\nReferences: <{to}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\u{1f389} Eve reacted via Gmail\r\n\
         --b\r\nContent-Type: text/vnd.google.email-reaction+json; charset=utf-8\r\n\r\n{{\"version\":1,\"emoji\":\"\u{1f389}\"}}\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>\u{1f389} Eve reacted via Gmail</p>\r\n--b--\r\n"
    )
}

fn id_of_newest(world: &World) -> String {
    let sent = world.local.aws.sent_mails();
    let newest = docket_mail::read(&sent.last().unwrap().as_received, None).unwrap();
    newest.message_id.unwrap()
}

#[test]
fn a_reaction_stands_at_the_comment_it_is_to_and_reopens_nothing() {
    in_world(async {
        let mut world = eves_ticket().await;
        assert!(answer(&world, 1, "Take the extinguisher.", true).await);
        world.settle().await;
        let answered = file(&world, 1).await.comments.last().unwrap().v;
        world.receive(&reaction(&id_of_newest(&world), "r1@mail.gmail.com"), &[], false);
        world.settle().await;
        let after = file(&world, 1).await;
        assert_eq!(after.ticket.status, Status::Solved);
        let comment = after.comments.last().unwrap();
        let facts = comment.mail.as_ref().unwrap();
        assert_eq!(
            facts.reaction,
            Some(Reaction {
                sign: "\u{1f389}".to_owned(),
                to_v: answered
            })
        );
        assert_eq!(
            world.local.aws.objects(&facts.stored_at).len(),
            1,
            "the original is kept"
        );
        // The API shows a comment all the same, and says to which it is a sign.
        let listed = world
            .api("GET", "tickets/1/comments.json", None, &Value::Null)
            .await
            .unwrap()
            .body;
        let comments = listed["comments"].as_array().unwrap();
        let said = &comments.last().unwrap()["metadata"]["custom"]["reaction"];
        assert_eq!(said["sign"], "\u{1f389}");
        assert_eq!(said["comment_id"], comments[1]["id"]);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_reaction_to_what_is_no_comment_is_a_comment_like_any_other() {
    in_world(async {
        let mut world = eves_ticket().await;
        // The newest mail is the acknowledgement.
        world.receive(&reaction(&id_of_newest(&world), "r1@mail.gmail.com"), &[], false);
        world.settle().await;
        let after = file(&world, 1).await;
        assert_eq!(after.comments.len(), 2);
        assert_eq!(after.comments[1].mail.as_ref().unwrap().reaction, None);
        // One to a customer's own mail is to the comment that it brought.
        world.receive(&reaction("m1@example.com", "r2@mail.gmail.com"), &[], false);
        world.settle().await;
        let after = file(&world, 1).await;
        let facts = after.comments[2].mail.as_ref().unwrap();
        assert_eq!(
            facts.reaction.as_ref().map(|it| it.to_v),
            Some(after.comments[0].v)
        );
        // Nothing of an ordinary answer is a sign.
        let reply = mail(
            "eve@example.com",
            "m2@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
            "Hello?",
        );
        world.receive(&reply, &[], false);
        world.settle().await;
        assert_eq!(
            file(&world, 1).await.comments[3].mail.as_ref().unwrap().reaction,
            None
        );
    });
}
