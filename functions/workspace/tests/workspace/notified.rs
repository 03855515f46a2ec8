//! Agents are told what concerns them, by the ways they chose, and never what they did themselves.

use crate::{
    browser::Browser,
    mentioned::tell,
    world::{BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_domain::{
    PersonId, TicketNumber,
    notification::{NotificationKind, NotificationSettings, Ways},
    outbox::{MailPurpose, Work},
    ticket::{Actor, Update},
};
use docket_projection::{Counters, Projections};
use docket_store::workspace::{MOST_NOTIFICATIONS, NotificationState};
use embedded_aws::{Call, Fault};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

pub async fn told(world: &World, agent: PersonId) -> Vec<(NotificationKind, TicketNumber)> {
    world.tell().await.unwrap();
    let told = world
        .desk
        .notifications()
        .newest(agent, MOST_NOTIFICATIONS)
        .await
        .unwrap();
    let of = told
        .iter()
        .map(|it| (it.notification.kind, it.notification.ticket));
    of.collect()
}

pub async fn customer_writes(world: &World, number: TicketNumber) {
    let ann = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    world
        .write(number, Actor::Requester(ann), "Hello?", true, Update::default())
        .await
        .unwrap();
}

pub async fn choose(browser: &Browser, ticked: &[&str]) -> StatusCode {
    let csrf = browser.get("/agent/notifications").await.field("csrf");
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(ticked.iter().map(|name| (*name, "1")));
    browser.post("/agent/notifications", &fields).await.status
}

async fn mails(world: &World, number: TicketNumber) -> Vec<(NotificationKind, Vec<PersonId>)> {
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    let told = file.outbox.iter().filter_map(|item| match &item.work {
        Work::Mail {
            purpose: MailPurpose::Notification { told },
            ..
        } => Some((*told, item.work.recipients())),
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn an_agent_is_told_what_they_are_given_and_what_a_customer_writes_once() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    customer_writes(&world, number).await;
    let expected = [
        (NotificationKind::Replied, number),
        (NotificationKind::Assigned, number),
    ];
    assert_eq!(told(&world, BEN).await, expected);
    // The same ticket taken in again, by a walk from the beginning, tells nothing anew.
    Projections::new(world.desk.store(), &Counters)
        .rebuild()
        .await
        .unwrap();
    assert_eq!(told(&world, BEN).await, expected);
    let state = world.desk.notifications().state(BEN).await.unwrap();
    assert_eq!(state.unseen(), 2, "nothing is counted twice");
    assert_eq!(told(&world, CLEO).await, []);
    assert_eq!(mails(&world, number).await, [], "nobody asked for mail");
}

#[tokio::test]
async fn nobody_is_told_what_they_did() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(CLEO).await.unwrap();
    told(&world, CLEO).await;
    let update = Update {
        assignee: Some(Some(BEN)),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "I take it.", false, update)
        .await
        .unwrap();
    assert_eq!(told(&world, BEN).await, []);
}

#[tokio::test]
async fn the_list_shows_what_is_new_and_whoever_opened_it_has_seen_it() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    let ben = world.browser(BEN).await;
    let version: Value = serde_json::from_slice(&ben.get("/agent/version").await.bytes).unwrap();
    assert_eq!(
        (version["told"].as_u64(), version["unseen"].as_u64()),
        (Some(1), Some(1))
    );
    let news = ben.get("/agent/notifications/news?told=0").await;
    let news: Value = serde_json::from_slice(&news.bytes).unwrap();
    assert_eq!(news["news"][0]["href"], format!("/agent/tickets/{number}"));
    assert_eq!(
        (news["news"][0]["page"].as_bool(), news["more"].as_u64()),
        (Some(true), Some(0))
    );

    let page = ben.get("/agent/notifications").await;
    page.shows("gave it to you");
    page.shows("<span class=\"pill\">New</span>");
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    let page = ben.get("/agent/notifications").await;
    page.hides("<span class=\"pill\">New</span>");
    let version: Value = serde_json::from_slice(&ben.get("/agent/version").await.bytes).unwrap();
    assert_eq!(
        (version["told"].as_u64(), version["unseen"].as_u64()),
        (Some(1), Some(0))
    );
}

#[tokio::test]
async fn a_page_that_was_open_for_long_does_not_undo_what_a_newer_one_has_seen() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    let notifications = world.desk.notifications();
    let older = notifications.state(BEN).await.unwrap();
    customer_writes(&world, number).await;
    world.tell().await.unwrap();
    let newer = notifications.state(BEN).await.unwrap();
    assert_eq!((older.told, newer.told), (1, 2));
    notifications.see(BEN, &newer).await.unwrap();
    let seen = notifications.state(BEN).await.unwrap();
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    notifications.see(BEN, &older).await.unwrap();
    assert_eq!(notifications.state(BEN).await.unwrap(), seen);
    assert_eq!(seen.unseen(), 0);
}

/// The next two writes meet a transaction at the same item.
fn meets_another() -> impl Fn(&Call) -> Fault + Send + Sync + 'static {
    let met = AtomicU32::new(0);
    move |call: &Call| {
        let is_write = ["UpdateItem", "TransactWriteItems"].contains(&call.operation.as_str());
        match is_write && met.fetch_add(1, Ordering::Relaxed) < 2 {
            true => Fault::TransactionConflict,
            false => Fault::None,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_seen_or_chosen_while_somebody_is_told_something_stands() {
    let world = World::new().await.unwrap();
    world.mail_of(BEN).await.unwrap();
    world.tell().await.unwrap();
    let notifications = world.desk.notifications();
    let state = notifications.state(BEN).await.unwrap();
    assert_eq!(state.unseen(), 1);
    world.aws.set_fault_plan(Some(Arc::new(meets_another())));
    notifications.see(BEN, &state).await.unwrap();
    world.aws.set_fault_plan(Some(Arc::new(meets_another())));
    let by_mail = Ways {
        page: false,
        browser: false,
        mail: true,
    };
    let settings = NotificationSettings::of([(NotificationKind::Replied, by_mail)]);
    notifications.choose(BEN, &settings).await.unwrap();
    let now = notifications.state(BEN).await.unwrap();
    assert_eq!((now.unseen(), now.settings), (0, settings));
}

#[tokio::test]
async fn a_mail_goes_to_who_chose_it_and_what_was_not_chosen_is_not_shown() {
    let world = World::new().await.unwrap();
    let ben = world.browser(BEN).await;
    assert_eq!(choose(&ben, &["replied_mail"]).await, StatusCode::SEE_OTHER);
    let page = ben.get("/agent/notifications?saved=1").await;
    page.shows("name=\"replied_mail\" value=\"1\" checked");
    page.hides("name=\"replied_page\" value=\"1\" checked");
    let number = world.mail_of(BEN).await.unwrap();
    customer_writes(&world, number).await;
    assert_eq!(told(&world, BEN).await, []);
    assert_eq!(
        mails(&world, number).await,
        [(NotificationKind::Replied, vec![BEN])]
    );
    // Built anew, no mail goes out twice.
    Projections::new(world.desk.store(), &Counters)
        .rebuild()
        .await
        .unwrap();
    assert_eq!(mails(&world, number).await.len(), 1);
}

#[tokio::test]
async fn choices_come_from_a_page_of_ones_own() {
    let world = World::new().await.unwrap();
    let ben = world.browser(BEN).await;
    let forged = ben
        .post(
            "/agent/notifications",
            &[("csrf", "forged"), ("replied_mail", "1")],
        )
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let state = world.desk.notifications().state(BEN).await.unwrap();
    assert!(!state.settings.ways(NotificationKind::Replied).mail);
}

#[tokio::test]
async fn of_what_an_agent_was_told_the_newest_hundred_stay() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    for _ in 0..130 {
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        customer_writes(&world, number).await;
        world.tell().await.unwrap();
    }
    let state = world.desk.notifications().state(BEN).await.unwrap();
    assert_eq!((state.told, state.unseen()), (131, 100));
    assert_eq!(told(&world, BEN).await.len(), MOST_NOTIFICATIONS);
    world.desk.notifications().clear_up(BEN).await.unwrap();
    let left = world
        .desk
        .notifications()
        .newest(BEN, MOST_NOTIFICATIONS)
        .await
        .unwrap();
    assert_eq!(left.len(), MOST_NOTIFICATIONS);
}

#[tokio::test]
async fn mentions_are_cleared_up_also_of_whoever_is_shown_none() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let store = world.desk.store();
    tell(&world, CLEO, number, true).await;
    let state = store.notifications().state(CLEO).await.unwrap();
    assert_eq!((state.told, state.mentioned), (0, 1));
    assert!(!store.is_to_be_cleared(&state, 1));
    let many = NotificationState {
        mentioned: 24,
        ..NotificationState::default()
    };
    assert!(store.is_to_be_cleared(&many, 1));
}
