//! What nobody may do.

use crate::{
    browser::{Browser, Page},
    world::{BEN, START, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use docket_desk::tickets::NewAttachment;
use docket_domain::{
    PersonId,
    contact::comment::CommentBody,
    ticket::{Actor, Update},
};
use tower::ServiceExt as _;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

async fn nobody(world: &World, path: &str) -> Page {
    let browser = Browser {
        app: world.app.clone(),
        cookie: String::new(),
    };
    browser.get(path).await
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_sign_in() {
    let world = World::new().await.unwrap();
    for path in [
        "/agent/tickets",
        "/agent/tickets/1",
        "/agent/tickets/1/attachments/00",
        "/agent/tickets/1/comments/2/original",
        "/agent/tickets/1/comments/2/formatted",
    ] {
        let page = nobody(&world, path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(
            page.header("location")
                .starts_with("/agent/sign-in?next=%2Fagent%2Ftickets")
        );
    }
    assert_eq!(nobody(&world, "/").await.header("location"), "/agent/tickets");
}

#[tokio::test]
async fn the_sign_in_of_a_desk_on_ones_own_machine_lists_its_staff_only() {
    let world = World::new().await.unwrap();
    world.mail(ANN, "Hi", "hello").await.unwrap();
    let page = nobody(&world, "/agent/sign-in").await;
    for name in ["Ada Admin", "Ben Okafor", "Cleo Marsh", "Dan Ilves"] {
        page.shows(name);
    }
    page.hides("Ann Lee");
}

#[tokio::test]
async fn a_desk_in_the_cloud_lets_nobody_in_until_sign_in_is_set_up() {
    let clock = embedded_aws::Clock::manual(START.parse().unwrap());
    let world = World::at(clock, false).await.unwrap();
    let page = nobody(&world, "/agent/sign-in").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.shows("Sign-in is not set up");
    page.hides("Ada Admin");
    assert!(!page.header("strict-transport-security").is_empty());
    let sent = sign_in(
        &world,
        "1",
        &[("host", "127.0.0.1"), ("sec-fetch-site", "same-origin")],
    )
    .await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert_eq!(sent.header("set-cookie"), "");
}

async fn sign_in(world: &World, person: &str, headers: &[(&str, &str)]) -> Page {
    let mut request =
        Request::post("/agent/sign-in").header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(format!("person={person}"))).unwrap();
    Page::of(world.app.clone().oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn a_sign_in_sent_from_elsewhere_is_refused() {
    let world = World::new().await.unwrap();
    for headers in [
        vec![("host", "127.0.0.1:3000"), ("sec-fetch-site", "cross-site")],
        vec![("host", "127.0.0.1:3000"), ("origin", "http://evil.example")],
        vec![("host", "127.0.0.1:3000")],
        vec![("host", "evil.example:3000"), ("sec-fetch-site", "same-origin")],
    ] {
        let page = sign_in(&world, "2", &headers).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let own = [("host", "127.0.0.1:3000"), ("origin", "http://127.0.0.1:3000")];
    assert_eq!(sign_in(&world, "2", &own).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_requester_can_not_sign_in() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Hi", "hello").await.unwrap();
    let requester = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    let own = [("host", "127.0.0.1:3000"), ("sec-fetch-site", "same-origin")];
    let page = sign_in(&world, &requester.to_string(), &own).await;
    assert_eq!(page.header("set-cookie"), "");
    let token = world.desk.sessions().open(requester, "A browser").await.unwrap();
    let browser = Browser {
        app: world.app.clone(),
        cookie: format!("docket_session={token}"),
    };
    assert_eq!(browser.get("/agent/tickets").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let world = World::new().await.unwrap();
    let own = [("host", "127.0.0.1:3000"), ("sec-fetch-site", "same-origin")];
    let cookie = sign_in(&world, "2", &own).await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("docket_session="));
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"),
        "{cookie}"
    );
}

#[tokio::test]
async fn whoever_signs_out_is_out() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    assert_eq!(
        browser.post("/agent/sign-out", &[("csrf", "x")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(browser.get("/agent/tickets").await.status, StatusCode::OK);
    browser.post("/agent/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(browser.get("/agent/tickets").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_without_the_sessions_token_changes_nothing_and_gives_the_text_back() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Hi", "hello").await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    let other = world
        .browser(PersonId(3))
        .await
        .get("/agent/tickets")
        .await
        .field("csrf");
    for token in ["", "x", other.as_str()] {
        let sent = browser
            .answer(&page, number, &[("text", "forged"), ("csrf", token)])
            .await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        sent.shows("forged</textarea>");
    }
    assert_eq!(world.desk.tickets().get(number).await.unwrap().unwrap().v, 2);
}

#[tokio::test]
async fn markup_from_outside_is_shown_as_the_text_it_is() {
    let world = World::new().await.unwrap();
    let canary = "<img src=x onerror=alert(1)>\"'</textarea></title><script>";
    let file = NewAttachment {
        name: "<img src=x>.txt".into(),
        content_type: "text/plain".into(),
        inline: false,
        content_id: None,
        bytes: b"x"[..].into(),
    };
    let body = CommentBody {
        text: canary.into(),
        html: Some("<p>ok</p><script>alert(1)</script><img src=x onerror=alert(1)>".into()),
        ..CommentBody::default()
    };
    let number = world
        .contact(("a@b.example", canary), canary, body, vec![file], None)
        .await
        .unwrap();
    world.triage(number).await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let ticket = browser.get(&path).await;
    let held = browser
        .answer(&ticket, number, &[("text", canary), ("assignee", canary)])
        .await;
    for page in [browser.get("/agent/tickets?view=open").await, ticket, held] {
        page.hides("<img");
        page.hides("</textarea></title>");
        page.shows("&#60;img src=x onerror=alert(1)&#62;");
    }
    let formatted = browser.get(&format!("{path}/comments/2/formatted")).await;
    formatted.shows("<p>ok</p>");
    formatted.hides("<script");
    formatted.hides("onerror");
    assert!(formatted.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn pages_forbid_whatever_they_do_not_need() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Hi", "hello").await.unwrap();
    let browser = world.browser(BEN).await;
    for path in [
        "/agent/tickets".to_owned(),
        format!("/agent/tickets/{number}"),
        "/agent/x".to_owned(),
    ] {
        let page = browser.get(&path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"),
            "{path}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        for inline in ["style=", "<style", "onclick", "<script>"] {
            page.hides(inline);
        }
    }
}

#[tokio::test]
async fn files_of_one_ticket_are_not_handed_out_under_another() {
    let world = World::new().await.unwrap();
    let file = NewAttachment {
        name: "a.txt".into(),
        content_type: "text/plain".into(),
        inline: false,
        content_id: None,
        bytes: b"private"[..].into(),
    };
    let body = CommentBody {
        text: "x".into(),
        ..CommentBody::default()
    };
    let with_file = world.contact(ANN, "A", body, vec![file], None).await.unwrap();
    let without = world.mail(ANN, "B", "y").await.unwrap();
    let digest = world
        .desk
        .tickets()
        .comment(with_file, 2)
        .await
        .unwrap()
        .unwrap()
        .attachments[0]
        .digest
        .clone();
    let browser = world.browser(BEN).await;
    let get = async |number, digest: &str| {
        browser
            .get(&format!("/agent/tickets/{number}/attachments/{digest}"))
            .await
            .status
    };
    assert_eq!(get(with_file, digest.as_str()).await, StatusCode::OK);
    assert_eq!(get(without, digest.as_str()).await, StatusCode::NOT_FOUND);
    // A body is a blob of the ticket too, but no file.
    let body = world
        .desk
        .tickets()
        .comment(with_file, 2)
        .await
        .unwrap()
        .unwrap()
        .body
        .digest;
    assert_eq!(get(with_file, body.as_str()).await, StatusCode::NOT_FOUND);
    assert_eq!(get(with_file, "..%2F..%2Fx").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_note_has_no_original_and_a_text_no_formatted_page() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Hi", "hello").await.unwrap();
    world
        .write(number, Actor::Agent(BEN), "note", false, Update::default())
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    for path in [
        "comments/3/original",
        "comments/3/formatted",
        "comments/2/formatted",
        "comments/9/original",
    ] {
        let page = browser.get(&format!("/agent/tickets/{number}/{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
}
