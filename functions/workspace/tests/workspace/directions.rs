//! No name and no control character turns the words around it.

use crate::world::{BEN, World};
use docket_desk::tickets::NewAttachment;
use docket_domain::{
    contact::comment::CommentBody,
    ticket::{Actor, Status, Update},
};

/// Whoever reads this sees "Sara", then everything behind it turned around.
const SARA: (&str, &str) = ("sara@shop.example", "\u{202e}\u{633}\u{627}\u{631}\u{629}");
const ISOLATED: &str = "\u{2068}\u{633}\u{627}\u{631}\u{629}\u{2069}";

#[tokio::test]
async fn a_sentence_keeps_its_direction_whatever_a_name_s_script() {
    let world = World::new().await.unwrap();
    let number = world.mail(SARA, "Hello", "Hi").await.unwrap();
    let requester = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    let solved = Update {
        status: Some(Status::Pending),
        add_tags: vec!["\u{5d0}\u{5d1}".to_owned()],
        ..Update::default()
    };
    world
        .write(number, Actor::Requester(requester), "", true, solved)
        .await
        .unwrap();
    let page = world
        .browser(BEN)
        .await
        .get(&format!("/agent/tickets/{number}"))
        .await;
    page.shows(&format!(
        "<span class=\"words\" dir=\"ltr\">{ISOLATED} set the status from New to Pending</span>"
    ));
    page.shows("added the tags \u{2068}\u{5d0}\u{5d1}\u{2069}");
    page.shows(&format!(
        "id=\"recipient\" dir=\"ltr\">To {ISOLATED} &#60;sara@shop.example&#62;"
    ));
}

#[tokio::test]
async fn control_characters_reorder_nothing_on_a_page() {
    let world = World::new().await.unwrap();
    let text = "See in\u{202e}fdp.exe\u{202c} and \u{2067}this";
    let body = CommentBody {
        text: text.to_owned(),
        html: Some("<p>in&#8238;fdp.exe</p><bdo dir=rtl>abc</bdo>".to_owned()),
        ..CommentBody::default()
    };
    let file = NewAttachment {
        name: "in\u{202e}fdp.exe".to_owned(),
        content_type: "text/plain".to_owned(),
        inline: false,
        content_id: None,
        bytes: b"x".to_vec().into(),
    };
    let subject = "Bill \u{202d}2\u{7}";
    let number = world
        .contact(SARA, subject, body, vec![file], None)
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    page.shows("See infdp.exe and \u{2067}this\u{2069}");
    page.shows("<h1 dir=\"auto\">Bill 2\u{fffd}</h1>");
    let list = browser.get("/agent/tickets?view=open").await;
    let comment = world.desk.tickets().file(number).await.unwrap().unwrap().comments[0].v;
    let formatted = browser.get(&format!("{path}/comments/{comment}/formatted")).await;
    formatted.shows("infdp.exe");
    formatted.hides("bdo");
    for page in [&page, &list, &formatted] {
        for control in [
            '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{7}',
        ] {
            assert!(!page.text().contains(control), "{control:?}");
        }
    }
    // The file is there under the name that it has.
    page.shows("infdp.exe</a>");
}
