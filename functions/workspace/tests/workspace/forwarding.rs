//! What agents forward to somebody outside the desk.

use crate::{
    browser::Page,
    mailed::{ANN, Ticket},
    world::{BEN, MAILBOX, World},
};
use axum::http::StatusCode;
use docket_desk::tickets::{NewAttachment, SavedAnswer};
use docket_domain::{
    contact::{
        comment::CommentBody,
        tells::{Forward, Tells},
    },
    outbox::{MailPurpose, OutboxItem, Work},
    sla::{Course, Metric},
    ticket::{Actor, Update},
};
use jiff::SignedDuration;

const SAM: &str = "sam@parts.example";
const TEXT: &str = "Do you have **this** lamp?";

/// A ticket of Ann's with a file; what is sent waits where that is wanted.
async fn with_file(waits: bool) -> Ticket {
    let mut world = World::new().await.unwrap();
    if waits {
        world.app = workspace::app(world.desk.clone());
    }
    let lamp = NewAttachment {
        name: "lamp.txt".into(),
        content_type: "text/plain".into(),
        inline: false,
        content_id: None,
        bytes: "A lamp.".into(),
    };
    let body = CommentBody {
        text: "It flickers.".into(),
        ..CommentBody::default()
    };
    let number = world
        .contact(ANN, "My lamp", body, vec![lamp], None)
        .await
        .unwrap();
    world.triage(number).await.unwrap();
    let browser = world.browser(BEN).await;
    Ticket {
        path: format!("/agent/tickets/{number}"),
        world,
        number,
        browser,
    }
}

async fn forward(ticket: &Ticket, changed: &[(&str, &str)]) -> Page {
    let page = ticket.page().await;
    let v = page.field("forward_v");
    let mut fields = vec![
        ("visibility", "forward"),
        ("act", "forward"),
        ("forward_to", SAM),
        ("forward_v", v.as_str()),
        ("forward_files", "1"),
        ("text", TEXT),
    ];
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((*name, *value));
    }
    ticket.browser.answer(&page, ticket.number, &fields).await
}

/// What goes out because of the newest comment.
async fn sent(ticket: &Ticket) -> Vec<OutboxItem> {
    let tickets = ticket.world.desk.tickets();
    let file = tickets.file(ticket.number).await.unwrap().unwrap();
    let newest = file.comments.last().unwrap().v;
    let mut outbox = file.outbox;
    outbox.retain(|item| item.id.v == newest);
    outbox
}

#[tokio::test]
async fn a_message_goes_to_others_with_its_files_and_is_told_by_a_note() {
    let ticket = with_file(false).await;
    let to = [("forward_to", "Sam Poe <sam@parts.example>, pam@parts.example")];
    let answer = forward(&ticket, &to).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let sam = ticket.person(SAM).await.unwrap();
    let pam = ticket.person("pam@parts.example").await.unwrap();
    assert_eq!(sam.name, "Sam Poe");
    let comments = ticket.comments().await;
    let told = Forward {
        comments: vec![comments[0].v],
        with_files: true,
        to: vec![sam.id, pam.id],
    };
    assert_eq!(comments[1].tells, Some(Tells::Forward(told)));
    assert_eq!((comments[1].public, comments[1].author), (false, BEN));
    let outbox = sent(&ticket).await;
    let works: Vec<&Work> = outbox.iter().map(|item| &item.work).collect();
    let wanted = Work::Mail {
        purpose: MailPurpose::Forward {
            comment_v: comments[1].v,
        },
        mailbox: MAILBOX.into(),
        to: sam.id,
        cc: vec![pam.id],
    };
    assert_eq!(works, [&wanted], "one mail, and none to the customer");
    let tickets = ticket.world.desk.tickets();
    let head = tickets.get(ticket.number).await.unwrap().unwrap();
    let clocks = head.clocks.unwrap();
    assert_eq!(
        clocks.newest(Metric::FirstReply).unwrap().course,
        Course::Running,
        "the customer has no answer yet"
    );
    let page = ticket.page().await;
    page.shows("Forwarded to Sam Poe");
    page.shows("with files:");
    page.shows("forwarded, colleagues only by Ben Okafor");
    page.shows("Do you have <strong>this</strong> lamp?");
}

#[tokio::test]
async fn it_needs_no_words_and_no_files() {
    let ticket = with_file(false).await;
    let answer = forward(&ticket, &[("text", ""), ("forward_files", "")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let comment = ticket.comments().await.pop().unwrap();
    let Some(Tells::Forward(told)) = comment.tells else {
        panic!("{comment:?}");
    };
    assert!(!told.with_files);
    assert_eq!(sent(&ticket).await.len(), 1);
}

#[tokio::test]
async fn what_was_said_before_goes_with_it_without_what_was_said_inside() {
    let ticket = with_file(false).await;
    let (world, number) = (&ticket.world, ticket.number);
    let ann = ticket.person(ANN.0).await.unwrap().id;
    for (actor, text, is_public) in [
        (Actor::Agent(BEN), "She is angry.", false),
        (Actor::Agent(BEN), "Which one?", true),
        (Actor::Requester(ann), "The red one.", true),
        (Actor::Agent(BEN), "Let us see.", true),
    ] {
        world
            .write(number, actor, text, is_public, Update::default())
            .await
            .unwrap();
    }
    let answer = forward(&ticket, &[("forward_all", "1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let comments = ticket.comments().await;
    let Some(Tells::Forward(told)) = &comments[5].tells else {
        panic!("{comments:?}");
    };
    let until_hers = [comments[0].v, comments[2].v, comments[3].v];
    assert_eq!(told.comments, until_hers, "what the customer said last is meant");
}

#[tokio::test]
async fn a_message_that_is_marked_fills_the_form_in() {
    let ticket = with_file(false).await;
    let write = ticket.world.write(
        ticket.number,
        Actor::Agent(BEN),
        "The type is E27.",
        false,
        Update::default(),
    );
    write.await.unwrap();
    let v = ticket.comments().await[1].v;
    let page = ticket.page().await;
    page.shows("form=\"split-form\" class=\"mark");
    page.hides("id=\"forward\" checked");
    let csrf = page.field("csrf");
    let first = ticket.comments().await[0].v.to_string();
    let last = v.to_string();
    let path = format!("{}/split", ticket.path);
    let marked = async |marked: &[&str]| {
        let mut fields = vec![("csrf", csrf.as_str()), ("act", "forward"), ("subject", "Lamp")];
        fields.extend(marked.iter().map(|v| ("comment", *v)));
        ticket.browser.post(&path, &fields).await
    };
    for too_few_or_many in [&[][..], &[first.as_str(), last.as_str()][..], &["x"][..]] {
        let refused = marked(too_few_or_many).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.shows("Mark the one message that is to be forwarded.");
    }
    let sent = marked(&[last.as_str(), last.as_str()]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(
        sent.header("location"),
        format!("{}?forward={v}#composer", ticket.path)
    );
    let page = ticket.browser.get(&format!("{}?forward={v}", ticket.path)).await;
    page.shows("id=\"forward\" checked");
    assert_eq!(page.field("forward_v"), v.to_string());
    let strange = ticket.browser.get(&format!("{}?forward=99", ticket.path)).await;
    assert_eq!(strange.status, StatusCode::OK);
    strange.hides("id=\"forward\" checked");
}

#[tokio::test]
async fn what_can_t_be_forwarded_loses_no_words() {
    let ticket = with_file(false).await;
    let many: Vec<String> = (0..=Forward::MOST_RECIPIENTS)
        .map(|n| format!("p{n}@parts.example"))
        .collect();
    let many = many.join(", ");
    for (changed, words) in [
        (("forward_to", " "), "Say to whom."),
        (("forward_to", "sam"), "is not a mail address."),
        (("forward_to", ANN.0), "is the customer: answer them instead."),
        (("forward_to", MAILBOX), "is a mailbox of this desk."),
        (("forward_to", many.as_str()), "There are 11 recipients"),
        (("forward_v", "99"), "is not there any more."),
        (("forward_v", ""), "Choose what is to be forwarded."),
    ] {
        let shown = forward(&ticket, &[changed]).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        shown.shows(words);
        shown.shows("Do you have **this** lamp?</textarea>");
        shown.shows("id=\"forward\" checked");
    }
    assert_eq!(ticket.comments().await.len(), 1);
    assert!(ticket.person("p0@parts.example").await.is_none());
}

#[tokio::test]
async fn under_another_button_it_stays_inside_as_a_note() {
    let ticket = with_file(false).await;
    for act in ["send", "note", "call"] {
        forward(&ticket, &[("act", act)]).await;
        let comment = ticket.comments().await.pop().unwrap();
        assert_eq!((comment.public, &comment.tells), (false, &None), "{act}");
        assert_eq!(sent(&ticket).await, [], "{act}");
    }
}

#[tokio::test]
async fn it_waits_can_be_taken_back_and_is_forwarded_after_all_once() {
    let ticket = with_file(true).await;
    let answer = forward(&ticket, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address = answer.header("location").split('#').next().unwrap().to_owned();
    let page = ticket.browser.get(&address).await;
    page.shows("What you forward from ticket 1 is sent in a moment.");
    page.shows("Forwarded mail by Ben Okafor, not sent yet");
    let desk = &ticket.world.desk;
    let waiting = desk.recallable().of_ticket(ticket.number).await.unwrap();
    let path = format!("{}/answers/{}/recall", ticket.path, waiting[0].id.name);
    let csrf = page.field("csrf");
    ticket.browser.post(&path, &[("csrf", &csrf)]).await;
    ticket.world.clock.advance(SignedDuration::from_secs(8));
    let late = desk.tickets().save_answer(&waiting[0].id).await.unwrap();
    assert!(matches!(late, SavedAnswer::Gone), "{late:?}");
    assert_eq!(ticket.comments().await.len(), 1);
    let page = ticket.page().await;
    page.shows("You took it back. Nothing was forwarded; your text is below.");
    page.shows("id=\"forward\" checked");
    page.shows(&format!("name=\"forward_to\" value=\"{SAM}\""));
    let restores = page.field("restores");
    forward(&ticket, &[("restores", restores.as_str())]).await;
    ticket.world.clock.advance(SignedDuration::from_secs(8));
    let waiting = desk.recallable().of_ticket(ticket.number).await.unwrap();
    assert_eq!(waiting.len(), 1);
    let saved = desk.tickets().save_answer(&waiting[0].id).await.unwrap();
    assert!(matches!(saved, SavedAnswer::Saved { .. }), "{saved:?}");
    let outbox = sent(&ticket).await;
    assert!(
        matches!(&outbox[..], [item] if item.work.is_forward()),
        "{outbox:?}"
    );
    ticket.page().await.hides("You took it back.");
}
