//! Who gets an answer in copy.

use crate::{
    mailed::{ANN, Ticket},
    world::{BEN, CLEO, MAILBOX, World},
};
use axum::http::StatusCode;
use docket_domain::{
    contact::comment::CommentBody,
    people::person::Identity,
    ticket::{Actor, Update},
};
use embedded_aws::{Call, Fault};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

#[tokio::test]
async fn whoever_answers_sees_whom_the_mail_went_to_and_answers_all() {
    let others = [
        ("dan@x.example", "Dan"),
        (MAILBOX, ""),
        ("Bob@x.example", ""),
        (ANN.0, ""),
    ];
    let ticket = Ticket::copied_to(&others, "PASS").await;
    let page = ticket.page().await;
    page.shows("Also to Dan &#60;dan@x.example&#62;, support@in.docket.local, Bob@x.example");
    let field = page.field("copies");
    assert_eq!(
        (field.as_str(), page.field("was_cc").as_str()),
        ("dan@x.example, bob@x.example", "")
    );
    let sent = ticket.answer("It left today.", &field).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(ticket.ccs().await, ["bob@x.example", "dan@x.example"]);
    assert_eq!(ticket.cc_of_newest().await.len(), 2);
    assert_eq!(
        ticket.person("dan@x.example").await.unwrap().name,
        "Dan",
        "as the mail said"
    );
    ticket
        .page()
        .await
        .shows("In copy to Dan &#60;dan@x.example&#62;, bob@x.example");
}

#[tokio::test]
async fn whom_the_agent_takes_out_gets_nothing_and_does_not_come_back() {
    let ticket = Ticket::copied_to(&[("dan@x.example", "Dan"), ("bob@x.example", "")], "GRAY").await;
    ticket.answer("It left today.", "bob@x.example").await;
    assert_eq!(ticket.ccs().await, ["bob@x.example"]);
    let page = ticket.page().await;
    assert_eq!(page.field("copies"), "bob@x.example");
    ticket.answer("It has arrived.", "").await;
    assert_eq!(ticket.ccs().await, Vec::<String>::new());
    assert_eq!(ticket.cc_of_newest().await, vec![]);
    assert!(ticket.person("dan@x.example").await.is_none());
}

#[tokio::test]
async fn a_mail_whose_sender_is_forged_suggests_nobody() {
    let ticket = Ticket::copied_to(&[("dan@x.example", "Dan")], "FAIL").await;
    assert_eq!(ticket.page().await.field("copies"), "");
}

#[tokio::test]
async fn a_note_and_a_form_without_the_field_change_nobodys_copies() {
    let ticket = Ticket::new().await;
    ticket.answer("Hello", "Dan <dan@x.example>").await;
    assert_eq!(ticket.ccs().await, ["dan@x.example"]);
    assert_eq!(
        ticket.person("dan@x.example").await.unwrap().name,
        "Dan",
        "as was typed"
    );
    let page = ticket.page().await;
    let note = [
        ("text", "Careful"),
        ("visibility", "internal"),
        ("copies", ""),
        ("was_cc", "dan@x.example"),
    ];
    ticket.browser.answer(&page, ticket.number, &note).await;
    let page = ticket.page().await;
    ticket
        .browser
        .answer(&page, ticket.number, &[("text", "More")])
        .await;
    assert_eq!(ticket.comments().await.len(), 4);
    assert_eq!(ticket.ccs().await, ["dan@x.example"]);
}

#[tokio::test]
async fn what_can_not_be_in_copy_is_said_and_what_was_typed_is_kept() {
    let ticket = Ticket::new().await;
    let many: Vec<String> = (0..41).map(|n| format!("p{n}@x.example")).collect();
    for (copies, words) in [
        ("dan@x.example, bob", "\u{201c}bob\u{201d} is not a mail address."),
        (MAILBOX, "support@in.docket.local is a mailbox of this desk"),
        (
            &many.join(", "),
            "There are 41 addresses in copy, at most 40 are allowed.",
        ),
    ] {
        let page = ticket.answer("It left today.", copies).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{copies}");
        page.shows(words);
        page.shows("It left today.");
        assert_eq!(page.field("copies"), copies);
    }
    assert_eq!(ticket.comments().await.len(), 1);
    assert!(ticket.person("dan@x.example").await.is_none());
}

#[tokio::test]
async fn forty_new_people_fit_into_one_save() {
    let ticket = Ticket::new().await;
    let many: Vec<String> = (0..40).map(|n| format!("p{n}@x.example")).collect();
    let sent = ticket.answer("Hello all", &many.join(", ")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(ticket.ccs().await.len(), 40);
}

#[tokio::test]
async fn whoever_comes_in_copy_meanwhile_stays() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let desk = &ticket.world.desk;
    let identity = vec![Identity::email("kim@x.example")];
    let (kim, _) = desk
        .people()
        .find_or_make(identity, "Kim", None, &desk.by_system("a test"))
        .await
        .unwrap();
    let writes = desk.people().new_writes(&kim, &desk.by_system("a test")).unwrap();
    desk.commit_writes(vec![], writes).await.unwrap();
    let update = Update {
        add_ccs: vec![kim.id],
        ..Update::default()
    };
    let world = &ticket.world;
    world
        .write(ticket.number, Actor::Agent(CLEO), "", false, update)
        .await
        .unwrap();
    let fields = [("text", "Hello"), ("copies", "dan@x.example"), ("was_cc", "")];
    let shown = ticket.browser.answer(&page, ticket.number, &fields).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    assert_eq!(shown.field("copies"), "dan@x.example, kim@x.example");
    assert_eq!(shown.field("was_cc"), "kim@x.example");
}

#[tokio::test]
async fn a_ticket_that_is_not_answered_by_mail_has_no_such_field() {
    let world = World::new().await.unwrap();
    let body = CommentBody {
        text: "hi".into(),
        ..CommentBody::default()
    };
    let number = world
        .contact(ANN, "Refund", body, vec![], Some("bot"))
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.hides("name=\"copies\"");
    page.shows("name=\"files\"");
}

/// The first transaction fails at first, and so comes after the second.
fn second_is_first() -> impl Fn(&Call) -> Fault {
    let is_first = AtomicBool::new(true);
    move |call| {
        if call.operation == "TransactWriteItems" && is_first.swap(false, Ordering::SeqCst) {
            Fault::FailBefore(500)
        } else {
            Fault::None
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_who_name_the_same_new_person_at_once_both_save() {
    let ticket = Ticket::new().await;
    let world = &ticket.world;
    let other = world
        .mail(ANN, "And my other order?", "It is late too.")
        .await
        .unwrap();
    let cleo = world.browser(CLEO).await;
    let mine = ticket.page().await;
    let theirs = cleo.get(&format!("/agent/tickets/{other}")).await;
    let fields = [("text", "Hello"), ("copies", "kim@x.example"), ("was_cc", "")];
    world.aws.set_fault_plan(Some(Arc::new(second_is_first())));
    let (one, two) = tokio::join!(
        ticket.browser.answer(&mine, ticket.number, &fields),
        cleo.answer(&theirs, other, &fields)
    );
    assert_eq!(
        (one.status, two.status),
        (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER)
    );
    let kim = ticket.person("kim@x.example").await.unwrap().id;
    for number in [ticket.number, other] {
        let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
        assert_eq!(ticket.ccs, [kim]);
    }
}
