//! What an open page asks for again and again, and who else is there.

use crate::{
    browser::{Browser, Page},
    world::{BEN, CLEO, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Update},
};
use jiff::SignedDuration;
use serde_json::Value;

async fn version(browser: &Browser, query: &str, tag: &str) -> Page {
    let request = Request::get(format!("/agent/version?{query}"))
        .header(header::COOKIE, &browser.cookie)
        .header(header::IF_NONE_MATCH, tag);
    browser.send(request.body(Body::empty()).unwrap()).await
}

async fn now(browser: &Browser, query: &str) -> Value {
    let page = version(browser, query, "").await;
    assert_eq!(page.status, StatusCode::OK);
    serde_json::from_slice(&page.bytes).unwrap()
}

async fn say(browser: &Browser, csrf: &str, number: TicketNumber, does: &str) -> StatusCode {
    let path = format!("/agent/tickets/{number}/presence");
    browser
        .post(&path, &[("csrf", csrf), ("does", does)])
        .await
        .status
}

/// The calls since they are counted: table, operation, how many.
fn calls(world: &World) -> Vec<String> {
    let used = world.aws.capacity().into_iter();
    let mut calls: Vec<String> = used
        .map(|it| format!("{} {} {}", it.table, it.operation, it.calls))
        .collect();
    calls.sort();
    calls
}

async fn csrf_of(browser: &Browser) -> String {
    browser.get("/agent/notifications").await.field("csrf")
}

#[tokio::test]
async fn an_open_page_is_answered_304_until_something_changes() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    let ben = world.browser(BEN).await;
    let query = format!("view=mine&ticket={number}");
    let first = version(&ben, &query, "").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.len() > 10, "{tag}");
    let again = version(&ben, &query, &tag).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    // Compressed on its way, a tag is weak.
    let weak = version(&ben, &query, &format!("W/{tag}")).await;
    assert_eq!(weak.status, StatusCode::NOT_MODIFIED);

    let ann = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    world
        .write(number, Actor::Requester(ann), "Hello?", true, Update::default())
        .await
        .unwrap();
    let changed = version(&ben, &query, &tag).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn a_view_changes_for_whom_it_concerns_and_the_counts_for_all() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    let (of_ben, of_cleo) = (now(&ben, "view=mine").await, now(&cleo, "view=mine").await);
    let ann = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    world
        .write(number, Actor::Requester(ann), "Hello?", true, Update::default())
        .await
        .unwrap();
    world.tell().await.unwrap();
    let (ben_now, cleo_now) = (now(&ben, "view=mine").await, now(&cleo, "view=mine").await);
    assert_ne!(ben_now["view"], of_ben["view"]);
    assert_eq!(cleo_now["view"], of_cleo["view"]);
    assert_ne!(cleo_now["lists"], of_cleo["lists"]);
}

#[tokio::test]
async fn who_loses_a_ticket_sees_their_list_change_too() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    let ben = world.browser(BEN).await;
    let before = now(&ben, "view=mine").await;
    let update = Update {
        assignee: Some(Some(CLEO)),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(CLEO), "", false, update)
        .await
        .unwrap();
    world.tell().await.unwrap();
    assert_ne!(now(&ben, "view=mine").await["view"], before["view"]);
}

#[tokio::test]
async fn two_agents_see_each_other_look_and_write_until_they_leave_or_fall_silent() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    let query = format!("ticket={number}");
    let csrf = csrf_of(&cleo).await;
    let company = async || now(&ben, &query).await["ticket"]["company"].clone();
    assert_eq!(company().await, serde_json::json!([]));
    assert_eq!(say(&cleo, &csrf, number, "looks").await, StatusCode::NO_CONTENT);
    let looks = company().await;
    assert_eq!(looks[0]["writes"], false);
    assert!(looks[0]["words"].as_str().unwrap().contains("looks"), "{looks}");
    say(&cleo, &csrf, number, "writes").await;
    let writes = company().await;
    assert_eq!(writes[0]["writes"], true);
    assert!(
        writes[0]["words"].as_str().unwrap().contains("Cleo Marsh"),
        "{writes}"
    );
    assert_eq!(
        now(&cleo, &query).await["ticket"]["company"],
        serde_json::json!([])
    );

    world.clock.advance(SignedDuration::from_secs(29));
    assert_eq!(company().await[0]["writes"], true);
    world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(company().await, serde_json::json!([]), "who is silent has left");

    say(&cleo, &csrf, number, "looks").await;
    say(&cleo, &csrf, number, "leaves").await;
    assert_eq!(company().await, serde_json::json!([]));
}

#[tokio::test]
async fn a_list_looks_again_when_somebody_comes_to_its_ticket_writes_or_goes_and_for_no_beat() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    let csrf = csrf_of(&cleo).await;
    let view = async |of: &Browser, query: &str| now(of, query).await["view"].clone();
    let mut mine = view(&ben, "view=mine").await;
    let (others, open) = (view(&cleo, "view=mine").await, now(&cleo, "view=open").await);
    let on_ticket = view(&ben, &format!("view=mine&ticket={number}")).await;
    for (does, is_news) in [
        ("looks", true),
        ("looks", false),
        ("writes", true),
        ("writes", false),
        ("looks", true),
        ("leaves", true),
        ("leaves", false),
    ] {
        world.clock.advance(SignedDuration::from_secs(10));
        assert_eq!(say(&cleo, &csrf, number, does).await, StatusCode::NO_CONTENT);
        let now = view(&ben, "view=mine").await;
        assert_eq!(now != mine, is_news, "{does}");
        mine = now;
    }
    // Whoever fell silent and comes again comes anew.
    say(&cleo, &csrf, number, "looks").await;
    let before = view(&ben, "view=mine").await;
    world.clock.advance(SignedDuration::from_secs(31));
    say(&cleo, &csrf, number, "looks").await;
    assert_ne!(view(&ben, "view=mine").await, before);
    // At the lists of all, somebody always comes or goes: that is a number by itself, which a page follows slowly.
    let open_now = now(&cleo, "view=open").await;
    assert_eq!(open_now["view"], open["view"]);
    assert_ne!(open_now["there"], open["there"]);
    assert_eq!(view(&cleo, "view=mine").await, others, "it is no ticket of hers");
    let query = format!("view=mine&ticket={number}");
    assert_eq!(
        view(&ben, &query).await,
        on_ticket,
        "a ticket's page has its own company"
    );
}

#[tokio::test]
async fn nobody_says_anything_with_a_forged_token_or_signed_out_or_of_no_ticket() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let cleo = world.browser(CLEO).await;
    assert_eq!(
        say(&cleo, "forged", number, "writes").await,
        StatusCode::FORBIDDEN
    );
    let csrf = csrf_of(&cleo).await;
    assert_eq!(
        say(&cleo, &csrf, TicketNumber(99), "looks").await,
        StatusCode::NOT_FOUND
    );
    let stranger = Browser {
        app: world.app.clone(),
        cookie: "docket_session=none".to_owned(),
    };
    assert_eq!(
        say(&stranger, &csrf, number, "writes").await,
        StatusCode::UNAUTHORIZED
    );
    let page = version(&stranger, "", "").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        world.desk.marks(BEN, &[number]).await.unwrap()[&number].present,
        []
    );
}

#[tokio::test]
async fn fifty_rows_have_their_marks_by_two_reads() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.desk.read_marks().note(BEN, number, 3).await.unwrap();
    world.desk.read_marks().note(BEN, number, 2).await.unwrap();
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    world.desk.presence().look(&ticket, CLEO, true).await.unwrap();
    let numbers: Vec<TicketNumber> = (1..=50).map(TicketNumber).collect();
    world.aws.tally_capacity(true);
    let marks = world.desk.marks(BEN, &numbers).await.unwrap();
    assert_eq!(calls(&world), ["guard BatchGetItem 1", "tickets BatchGetItem 1"]);
    assert_eq!(marks.len(), 50);
    let of = &marks[&number];
    assert_eq!((of.read_v, of.present.len()), (3, 1));
    assert!(of.present[0].writes);
    assert_eq!(marks[&TicketNumber(50)].read_v, 0);
}

#[tokio::test]
async fn a_page_at_rest_is_one_read_beside_who_asks() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let ben = world.browser(BEN).await;
    world.aws.tally_capacity(true);
    now(&ben, &format!("view=mine&ticket={number}")).await;
    // Session and person, and one batch over both tables.
    let expected = [
        "guard BatchGetItem 1",
        "guard GetItem 1",
        "tickets BatchGetItem 1",
        "tickets GetItem 1",
    ];
    assert_eq!(calls(&world), expected);
}
