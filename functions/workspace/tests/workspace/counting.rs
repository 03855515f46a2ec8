//! How many rows a page of a list has, and how many tickets a list says it has.

use crate::{
    bulk::{act, done, toast},
    listing::{href, listed},
    world::{ADMIN, BEN, World},
};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Update},
};
use jiff::SignedDuration;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

/// Tickets that no rule has looked at yet.
async fn untriaged(world: &World, count: usize) -> Vec<TicketNumber> {
    let mut numbers = Vec::new();
    for nth in 1..=count {
        let subject = format!("New {nth}");
        numbers.push(world.mail(ANN, &subject, "Where is it?").await.unwrap());
    }
    numbers
}

#[tokio::test]
async fn a_page_of_unassigned_has_fifty_rows_also_while_tickets_are_triaged() {
    for (waiting, fresh, pages) in [
        (40, 30, vec![50, 20]),
        (60, 50, vec![50, 50, 10]),
        (3, 2, vec![5]),
    ] {
        let world = World::new().await.unwrap();
        let line = world.tickets(waiting).await;
        let fresh = untriaged(&world, fresh).await;
        let browser = world.browser(BEN).await;
        let mut page = browser.get("/agent/tickets?view=unassigned").await;
        let mut all = Vec::new();
        for (nth, rows) in pages.iter().enumerate() {
            let here = listed(&page);
            assert_eq!(here.len(), *rows, "page {nth}");
            all.extend(here);
            match href(&page, "next") {
                Some(next) => page = browser.get(&next).await,
                None => assert_eq!(nth + 1, pages.len()),
            }
        }
        // What has no group yet stands first, and each stands there once.
        assert_eq!(
            all[..fresh.len()],
            fresh.iter().map(|number| number.0).collect::<Vec<_>>()
        );
        all.sort_unstable();
        let mut expected: Vec<u64> = line.iter().chain(&fresh).map(|number| number.0).collect();
        expected.sort_unstable();
        assert_eq!(all, expected);
    }
}

#[tokio::test]
async fn all_of_unassigned_are_those_too_that_are_not_triaged_yet() {
    let world = World::new().await.unwrap();
    let line = world.tickets(50).await;
    let fresh = untriaged(&world, 3).await;
    let take = Update {
        assignee: Some(Some(BEN)),
        ..Update::default()
    };
    // One of them is somebody's already.
    world
        .write(fresh[0], Actor::Agent(ADMIN), "", true, take)
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let fields = [("list", "view=unassigned"), ("all", "1")];
    let answer = act(&browser, &line[..1], "priority:high", &fields).await;
    let page = browser.get(answer.header("location")).await;
    assert_eq!(
        toast(&page),
        "52 tickets are being changed. You can go on meanwhile."
    );
}

#[tokio::test]
async fn what_sleeps_is_counted_in_no_list_that_does_not_show_it() {
    let world = World::new().await.unwrap();
    let numbers = world.tickets(60).await;
    let until = world
        .clock
        .now()
        .checked_add(SignedDuration::from_hours(20))
        .unwrap();
    let sleep = Update {
        snooze: Some(Some(until)),
        ..Update::default()
    };
    for number in &numbers[..7] {
        world
            .write(*number, Actor::Agent(BEN), "", true, sleep.clone())
            .await
            .unwrap();
    }
    let browser = world.browser(BEN).await;
    // By heads, as long as there is no index; then by the index.
    for is_indexed in [false, true] {
        if is_indexed {
            world.index().await.unwrap();
        }
        for query in [
            "view=open&order=oldest",
            "view=open&status=new",
            "view=group-1&order=newest",
        ] {
            let page = browser.get(&format!("/agent/tickets?{query}")).await;
            page.shows("id=\"range\">1–50 of 53</span>");
            assert_eq!(listed(&page).len(), 50, "{query}");
            let second = browser.get(&href(&page, "next").unwrap()).await;
            assert_eq!(
                (listed(&second).len(), href(&second, "next")),
                (3, None),
                "{query}"
            );
        }
    }
    // Nor is any of them changed with the list.
    let fields = [("list", "view=open&status=new"), ("all", "1")];
    let answer = act(&browser, &numbers[10..11], "priority:high", &fields).await;
    let page = browser.get(answer.header("location")).await;
    assert_eq!(
        toast(&page),
        "53 tickets are being changed. You can go on meanwhile."
    );
    // One that wakes is in it again.
    let wake = Update {
        snooze: Some(None),
        ..Update::default()
    };
    world
        .write(numbers[0], Actor::Agent(BEN), "", true, wake)
        .await
        .unwrap();
    let page = browser.get("/agent/tickets?view=open&order=oldest").await;
    page.shows("id=\"range\">1–50 of 54</span>");
    let shown = done(&browser, &act(&browser, &numbers[..1], "priority:low", &[]).await).await;
    assert_eq!(toast(&shown), "1 set to Low");
}
