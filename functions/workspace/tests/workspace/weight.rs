//! What a page weighs with all that a browser loads for it, and what an open one is answered while nothing changes.

use crate::{
    browser::{Browser, Page},
    listing::listed,
    world::{ADMIN, BEN, CLEO, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Priority, Update},
};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// Most bytes of a page, as it is written and as it travels. The aim is 60 KB and 15 KB: a full list and a ticket of thirty comments are not there
/// yet.
const MOST_PAGE_BYTES: usize = 63_000;
const MOST_PACKED_PAGE_BYTES: usize = 16_500;
/// Most bytes of style, script and icon as they travel: once, since a browser keeps them for ever.
const MOST_PACKED_ASSETS_BYTES: usize = 20_500;
/// Comments that a page of a ticket shows.
const SHOWN: u64 = 30;
/// Rows of a page of a list.
const ROWS: u64 = 50;

/// What people write in a bicycle shop.
const WORDS: &str = "the front brake squeals when it is wet and only then since Friday please look whether pads or disc are worn \
    order number parcel carrier left a card at door nobody was home can you send another one before Monday invoice charged twice \
    account reminder names third amount statement bank refund frame size inside leg stretched city cargo bike dark green chain \
    twelve speed links stock fetch noon battery loses half of its charge over night shed degrees charger friend model difference \
    warranty weld cracked centimetres saddle rain lamp lantern glass box looked fine back whole helmet grey large address street \
    harbour workshop opens Saturday appointment service slip yellow ready until today thank regards kind hello again sorry photo \
    attached display cell three low evening gift card repairs Christmas open hours newsletter list third time ask wheel spoke rim \
    bent valve tyre tube pump pedal crank bearing grease noise hill mill ride daily work children trailer lock key lost spare";

/// So many words, of each number others.
fn words(count: usize, nth: u64) -> String {
    let all: Vec<&str> = WORDS.split_whitespace().collect();
    let most = u64::try_from(all.len()).unwrap();
    let mut dice = (nth + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut text = Vec::with_capacity(count);
    for _ in 0..count {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        text.push(all[usize::try_from(dice % most).unwrap()]);
    }
    text.join(" ")
}

async fn packed(browser: &Browser, path: &str) -> Page {
    let request = Request::get(path)
        .header(header::COOKIE, &browser.cookie)
        .header(header::ACCEPT_ENCODING, "gzip");
    browser.send(request.body(Body::empty()).unwrap()).await
}

/// What a page has a browser load besides.
fn assets(page: &Page) -> BTreeSet<String> {
    let text = page.text();
    let rest = text.split("\"/agent/assets/").skip(1);
    rest.map(|rest| format!("/agent/assets/{}", rest.split('"').next().unwrap()))
        .collect()
}

/// A page is light, and so is all of it together the first time that a browser comes; after that only the page itself travels.
async fn is_light(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK);
    let bytes = page.bytes.len();
    assert!(bytes <= MOST_PAGE_BYTES, "{path} has {bytes} bytes");
    let travels = packed(browser, path).await;
    assert_eq!(travels.header("content-encoding"), "gzip");
    let bytes = travels.bytes.len();
    assert!(
        bytes <= MOST_PACKED_PAGE_BYTES,
        "{path} has {bytes} bytes, packed"
    );
    let mut bytes = 0;
    let assets = assets(&page);
    assert_eq!(assets.len(), 3, "style, script and icon: {assets:?}");
    for asset in assets {
        let asset = packed(browser, &asset).await;
        assert_eq!(
            asset.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        bytes += asset.bytes.len();
    }
    assert!(
        bytes <= MOST_PACKED_ASSETS_BYTES,
        "{path} loads {bytes} bytes, packed"
    );
    page
}

/// So many tickets as agents have them: of many people, some of them answered, some marked.
async fn desk_of(tickets: u64) -> World {
    let world = World::new().await.unwrap();
    for n in 0..tickets {
        let (address, name) = (format!("customer{n}@shop{n}.example"), words(2, n));
        let (subject, text) = (words(9, n + 1_000), words(40, n + 2_000));
        let number = world
            .mail((address.as_str(), name.as_str()), &subject, &text)
            .await
            .unwrap();
        world.triage(number).await.unwrap();
        let take = Update {
            assignee: Some(Some(if n % 4 == 3 { CLEO } else { BEN })),
            priority: (n % 5 == 0).then_some(Priority::High),
            ..Update::default()
        };
        world
            .write(number, Actor::Agent(ADMIN), "", true, take)
            .await
            .unwrap();
        if n % 3 == 0 {
            let answer = words(30, n + 3_000);
            world
                .write(number, Actor::Agent(CLEO), &answer, true, Update::default())
                .await
                .unwrap();
        }
        world.clock.advance(SignedDuration::from_mins(7));
    }
    world.count().await;
    world
}

#[tokio::test]
async fn a_full_list_is_light() {
    let world = desk_of(ROWS + 20).await;
    let browser = world.browser(BEN).await;
    for view in ["open", "mine"] {
        let page = is_light(&browser, &format!("/agent/tickets?view={view}")).await;
        assert_eq!(listed(&page).len(), usize::try_from(ROWS).unwrap(), "{view}");
    }
}

#[tokio::test]
async fn a_ticket_of_thirty_comments_is_light() {
    let world = desk_of(20).await;
    let number = TicketNumber(2);
    let ann = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    for n in 1..SHOWN {
        let text = words(60, n + 4_000);
        let (actor, is_public) = match n % 3 {
            0 => (Actor::Agent(CLEO), false),
            1 => (Actor::Agent(BEN), true),
            _ => (Actor::Requester(ann), true),
        };
        world
            .write(number, actor, &text, is_public, Update::default())
            .await
            .unwrap();
        world.clock.advance(SignedDuration::from_mins(7));
    }
    let browser = world.browser(BEN).await;
    let page = is_light(&browser, &format!("/agent/tickets/{number}?view=mine")).await;
    let shown = page.text().matches("<li id=\"comment-").count();
    assert_eq!(shown, usize::try_from(SHOWN).unwrap());
    page.hides("id=\"earlier\"");
    page.shows("id=\"queue\"");
}

#[tokio::test]
async fn an_open_page_on_which_nothing_changes_is_answered_with_nothing() {
    let world = desk_of(3).await;
    let browser = world.browser(BEN).await;
    for open in ["view=mine", "view=open", "view=mine&ticket=1", "view=group-1"] {
        let path = format!("/agent/version?{open}");
        let first = browser.get(&path).await;
        assert_eq!(first.status, StatusCode::OK);
        assert!(first.bytes.len() < 300, "{}", first.text());
        let request = Request::get(&path)
            .header(header::COOKIE, &browser.cookie)
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::IF_NONE_MATCH, first.header("etag"));
        let again = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (again.status, again.bytes.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{open}"
        );
    }
}
