//! A long ticket is shown from its end, piece by piece, and costs no more than its page shows.

use crate::{
    browser::Browser,
    world::{BEN, CLEO, World},
};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Update},
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");
/// What a page may have, before it is compressed.
const MOST_PAGE_BYTES: usize = 60_000;

async fn notes(world: &World, number: TicketNumber, which: std::ops::RangeInclusive<u32>) {
    for n in which {
        let text = format!("note {n}.");
        let actor = Actor::Agent(CLEO);
        world
            .write(number, actor, &text, false, Update::default())
            .await
            .unwrap();
    }
}

async fn calls(world: &World, browser: &Browser, path: &str) -> u64 {
    // What is kept at hand is.
    browser.get(path).await;
    world.aws.reset_calls();
    browser.get(path).await;
    world.aws.calls().values().sum()
}

#[tokio::test]
async fn an_ordinary_page_is_small_and_a_long_ticket_is_read_in_a_bounded_number_of_calls() {
    let world = World::new().await.unwrap();
    let number = world
        .mail(ANN, "Where is my order?", "It is late.")
        .await
        .unwrap();
    world.triage(number).await.unwrap();
    world.assign(number).await.unwrap();
    notes(&world, number, 1..=8).await;
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}?view=mine");
    let page = browser.get(&path).await;
    let bytes = page.bytes.len();
    assert!(bytes <= MOST_PAGE_BYTES, "{bytes} bytes");
    let short = calls(&world, &browser, &path).await;
    notes(&world, number, 9..=80).await;
    let long = calls(&world, &browser, &path).await;
    notes(&world, number, 81..=160).await;
    assert_eq!(calls(&world, &browser, &path).await, long);
    // The newest of each kind of item, and how it began.
    assert!(long <= short + 8, "{long} calls, {short} for a short one");
}

#[tokio::test]
async fn every_message_of_a_long_ticket_is_found_once_going_back() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Long", "the very first words").await.unwrap();
    notes(&world, number, 1..=100).await;
    let browser = world.browser(BEN).await;
    let mut path = format!("/agent/tickets/{number}");
    let mut found = Vec::new();
    loop {
        let text = browser.get(&path).await.text();
        let mut shown: Vec<u32> = text
            .split("<p>note ")
            .skip(1)
            .map(|rest| rest.split('.').next().unwrap().parse().unwrap())
            .collect();
        shown.extend(found);
        found = shown;
        let Some((before, _)) = text.split_once("#conversation\" id=\"earlier\"") else {
            assert!(text.contains("the very first words"));
            break;
        };
        path = before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&");
    }
    assert_eq!(found, (1..=100).collect::<Vec<_>>());
}
