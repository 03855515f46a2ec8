//! The files that go with an answer.

use crate::{browser::Browser, mailed::Ticket};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

#[tokio::test]
async fn files_go_with_an_answer() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let files = [
        ("a b.png", "image/png", PNG),
        ("..\\x.html", "text/html; x=y", b"<script>"),
    ];
    let fields = [("text", "See there"), ("copies", "dan@x.example"), ("was_cc", "")];
    let sent = ticket
        .browser
        .answer_with(&page, ticket.number, &fields, &files)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let comment = ticket.comments().await.pop().unwrap();
    let kept: Vec<_> = comment
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.content_type.as_str(), file.bytes))
        .collect();
    assert_eq!(
        kept,
        [
            ("a b.png", "image/png", PNG.len() as u64),
            ("x.html", "text/html", 8)
        ]
    );
    assert_eq!(ticket.ccs().await, ["dan@x.example"]);
    let page = ticket.page().await;
    page.shows("a b.png</a>");
    let path = format!("{}/attachments/{}", ticket.path, comment.attachments[0].digest);
    assert_eq!(ticket.browser.get(&path).await.bytes, PNG);
}

#[tokio::test]
async fn a_file_is_found_by_its_comment_alone() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let files = [("a.png", "image/png", PNG)];
    let fields = [("text", "See there")];
    ticket
        .browser
        .answer_with(&page, ticket.number, &fields, &files)
        .await;
    let comments = ticket.comments().await;
    let (first, v) = (comments[0].v, comments[1].v);
    let path = format!(
        "{}/attachments/{}",
        ticket.path, comments[1].attachments[0].digest
    );
    let page = ticket.page().await;
    page.shows(&format!("{path}?v={v}&amp;name=a.png"));
    page.shows(&format!("<img src=\"{path}?v={v}\""));
    ticket.world.aws.reset_calls();
    let file = ticket.browser.get(&format!("{path}?v={v}")).await;
    assert_eq!(file.bytes, PNG);
    let calls = ticket.world.aws.calls().into_keys();
    let queries: Vec<_> = calls.filter(|(_, operation)| operation == "Query").collect();
    assert_eq!(queries, [], "nothing that grows with a ticket is read");
    let other = ticket.browser.get(&format!("{path}?v={first}")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_without_a_chosen_file_is_an_answer_without_files() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let none = [("", "application/octet-stream", &b""[..])];
    let sent = ticket
        .browser
        .answer_with(&page, ticket.number, &[("text", "Hi")], &none)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(ticket.comments().await[1].attachments.is_empty());
}

#[tokio::test]
async fn files_that_are_not_taken_lose_no_words() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let large = vec![b'x'; 4_000_000];
    let half = &large[..3_500_001];
    for (files, text, words) in [
        (
            vec![("a.png", "image/png", half), ("b.png", "image/png", half)],
            "Two",
            "7.1 MB together",
        ),
        (
            vec![("a.png", "image/png", &b"x"[..]); 21],
            "Many",
            "there are 21 files",
        ),
        (
            vec![("a.png", "image/png", &b"x"[..])],
            " ",
            "Write a few words to go with the files.",
        ),
    ] {
        let shown = ticket
            .browser
            .answer_with(&page, ticket.number, &[("text", text)], &files)
            .await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        shown.shows(words);
        shown.shows(text);
        shown.shows("Please choose again: <bdi>a.png");
    }
    assert_eq!(ticket.comments().await.len(), 1);
}

#[tokio::test]
async fn files_of_somebody_who_is_signed_out_or_of_a_foreign_page_are_not_kept() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let files = [("a.png", "image/png", PNG)];
    let foreign = [("text", "Keep me"), ("csrf", "wrong")];
    let shown = ticket
        .browser
        .answer_with(&page, ticket.number, &foreign, &files)
        .await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    shown.shows("Keep me");
    let stranger = Browser {
        app: ticket.world.app.clone(),
        cookie: String::new(),
    };
    let shown = stranger
        .answer_with(&page, ticket.number, &[("text", "Keep me")], &files)
        .await;
    assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
    shown.shows("Keep me");
    assert_eq!(ticket.comments().await.len(), 1);
}

#[tokio::test]
async fn a_form_that_breaks_off_changes_nothing() {
    let ticket = Ticket::new().await;
    let request = Request::post(&ticket.path)
        .header(header::COOKIE, &ticket.browser.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    let body = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHel";
    let shown = ticket.browser.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(shown.status, StatusCode::BAD_REQUEST);
    shown.shows("The form could not be read");
    assert_eq!(ticket.comments().await.len(), 1);
}

#[tokio::test]
async fn a_field_beside_the_text_that_is_longer_than_any_is_left_out_and_nothing_is_saved() {
    let ticket = Ticket::new().await;
    let long = "9,".repeat(9_000);
    for name in ["macros", "was_cc", "forward_to", "saw"] {
        let page = ticket.page().await;
        let fields = [("text", "Keep me"), (name, long.as_str())];
        let answer = ticket.browser.answer(&page, ticket.number, &fields);
        let in_parts =
            ticket
                .browser
                .answer_with(&page, ticket.number, &fields, &[("a.png", "image/png", PNG)]);
        for shown in [answer.await, in_parts.await] {
            assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            shown.shows("a field beside the text has more than 16 KB");
            shown.shows("Keep me</textarea>");
            shown.hides("9,9,9,9,");
        }
    }
    assert_eq!(ticket.comments().await.len(), 1);
}

#[tokio::test]
async fn the_files_of_what_was_taken_back_are_named() {
    let mut ticket = Ticket::new().await;
    ticket.browser.app = workspace::app(ticket.world.desk.clone());
    let page = ticket.page().await;
    let (files, fields) = ([("a.png", "image/png", PNG)], [("text", "See there")]);
    let sent = ticket
        .browser
        .answer_with(&page, ticket.number, &fields, &files)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let stored = ticket.world.desk.recallable();
    let waiting = stored.of_ticket(ticket.number).await.unwrap();
    let csrf = page.field("csrf");
    let recall = format!("{}/answers/{}/recall", ticket.path, waiting[0].id.name);
    ticket.browser.post(&recall, &[("csrf", &csrf)]).await;
    let page = ticket.page().await;
    page.shows("See there</textarea>");
    page.shows("Please choose again: <bdi>a.png</bdi>");
    // So they are where something else was begun meanwhile.
    let draft = [
        ("csrf", csrf.as_str()),
        ("known", "0"),
        ("text", "Something else"),
    ];
    let kept = ticket
        .browser
        .post(&format!("{}/draft", ticket.path), &draft)
        .await;
    assert_eq!(kept.status, StatusCode::OK);
    let page = ticket.page().await;
    page.shows("Something else</textarea>");
    page.shows("Its files: <bdi>a.png</bdi>");
}
