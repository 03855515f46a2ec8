//! Where one is signed in.

use crate::{
    provider::Provider,
    signing_in::change,
    visitor::Visitor,
    world::{ADMIN, BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_domain::{PersonId, people::staff::Role};
use jiff::SignedDuration;

async fn signed_in(world: &World, person: PersonId, browser: &str) -> Visitor {
    let mut visitor = Visitor::new(&world.app);
    let token = world.desk.sessions().open(person, browser).await.unwrap();
    visitor.cookies.insert("docket_session".to_owned(), token);
    visitor
}

async fn ids(world: &World, person: PersonId) -> Vec<String> {
    let sessions = world.desk.sessions().of(person).await.unwrap();
    sessions.into_iter().map(|session| session.id).collect()
}

#[tokio::test]
async fn one_sees_ones_own_sessions_and_ends_any_of_them() {
    let world = World::new().await.unwrap();
    let mut mine = signed_in(&world, BEN, "Firefox on Linux").await;
    world.clock.advance(SignedDuration::from_mins(61));
    let mut phone = signed_in(&world, BEN, "Safari on an iPhone").await;
    let mut others = signed_in(&world, CLEO, "Chrome on Windows").await;
    let page = mine.get("/agent/sessions").await;
    page.shows("Firefox on Linux <span class=\"pill\">this browser</span>");
    page.shows("Safari on an iPhone");
    page.shows("1 h ago");
    page.hides("Chrome on Windows");
    let csrf = page.field("csrf");
    let lost = world.desk.sessions().of(BEN).await.unwrap();
    let lost = lost
        .iter()
        .find(|session| session.browser.starts_with("Safari"))
        .unwrap();
    let path = format!("/agent/sessions/{}/end", lost.id);
    assert_eq!(
        mine.post(&path, &[("csrf", "x")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(phone.is_in().await);
    let done = mine.post(&path, &[("csrf", &csrf)]).await;
    assert_eq!(done.header("location"), "/agent/sessions");
    assert!(!phone.is_in().await);
    assert!(mine.is_in().await);
    // Somebody else's is none of theirs, whatever they send.
    let theirs = ids(&world, CLEO).await.remove(0);
    mine.post(&format!("/agent/sessions/{theirs}/end"), &[("csrf", &csrf)])
        .await;
    assert!(others.is_in().await);
    // One's own, by its button, is a sign-out.
    let own = ids(&world, BEN).await.remove(0);
    let done = mine
        .post(&format!("/agent/sessions/{own}/end"), &[("csrf", &csrf)])
        .await;
    assert_eq!(done.header("location"), "/agent/sign-in?out=1");
    assert!(!mine.is_in().await);
}

#[tokio::test]
async fn whoever_signs_out_everywhere_is_out_everywhere_and_at_the_provider() {
    let (world, provider) = Provider::desk().await;
    let mut mine = Visitor::new(&world.app);
    mine.sign_in(&provider).await;
    let mut phone = signed_in(&world, BEN, "Safari on an iPhone").await;
    let mut others = signed_in(&world, CLEO, "Chrome on Windows").await;
    let page = mine.get("/agent/sessions").await;
    // The form leads on to the provider, and browsers hold it to its page's policy on all of its way.
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains(&format!("form-action 'self' {};", provider.issuer)),
        "{policy}"
    );
    let csrf = page.field("csrf");
    let refused = mine.post("/agent/sessions/end", &[("csrf", "x")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(phone.is_in().await);
    let done = mine.post("/agent/sessions/end", &[("csrf", &csrf)]).await;
    let on = url::Url::parse(done.header("location")).unwrap();
    assert!(
        on.as_str()
            .starts_with(&format!("{}/end?client_id=docket-desk&", provider.issuer))
    );
    let back = on
        .query_pairs()
        .find(|(name, _)| name == "post_logout_redirect_uri");
    assert_eq!(back.unwrap().1, "http://127.0.0.1:3000/agent/sign-in");
    assert_eq!(done.header("clear-site-data"), "\"storage\"");
    assert!(!mine.is_in().await && !phone.is_in().await);
    assert!(others.is_in().await);
    assert_eq!(ids(&world, BEN).await, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_signs_out_is_told_that_the_provider_may_know_them_still() {
    let (world, provider) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    let out = browser.post("/agent/sign-out", &[("csrf", &csrf)]).await;
    let page = browser.get(out.header("location")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("You are signed out");
    page.shows(&format!("id=\"forget\" href=\"{}/end?", provider.issuer));
    assert_eq!(ids(&world, BEN).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let world = World::new().await.unwrap();
    let mut browser = signed_in(&world, BEN, "Firefox").await;
    for _ in 0..3 {
        world.clock.advance(SignedDuration::from_secs(4 * 3600 - 1));
        assert!(browser.is_in().await);
    }
    world.clock.advance(SignedDuration::from_secs(3));
    assert!(!browser.is_in().await);
    assert_eq!(ids(&world, BEN).await, Vec::<String>::new());
}

#[tokio::test]
async fn when_a_session_was_used_is_noted_to_five_minutes() {
    let world = World::new().await.unwrap();
    let mut browser = signed_in(&world, BEN, "Firefox").await;
    let used = async || world.desk.sessions().of(BEN).await.unwrap()[0].used_at;
    let opened = used().await;
    world.clock.advance(SignedDuration::from_secs(299));
    browser.is_in().await;
    assert_eq!(used().await, opened);
    world.clock.advance(SignedDuration::from_secs(1));
    browser.is_in().await;
    assert_eq!(used().await.as_second() - opened.as_second(), 300);
}

#[tokio::test]
async fn the_oldest_of_very_many_sessions_gives_way() {
    let world = World::new().await.unwrap();
    let mut first = signed_in(&world, BEN, "The first").await;
    let mut second = signed_in(&world, BEN, "The second").await;
    for _ in 0..19 {
        signed_in(&world, BEN, "Another").await;
    }
    assert!(!first.is_in().await);
    assert!(second.is_in().await);
    assert_eq!(ids(&world, BEN).await.len(), 20);
}

#[tokio::test]
async fn whoever_does_not_work_here_any_more_is_out_with_the_next_page() {
    let world = World::new().await.unwrap();
    let mut suspended = signed_in(&world, BEN, "Firefox").await;
    let mut demoted = signed_in(&world, CLEO, "Firefox").await;
    let mut admin = signed_in(&world, ADMIN, "Firefox").await;
    assert!(suspended.is_in().await && demoted.is_in().await);
    let people = world.desk.people();
    let ben = people.get(BEN).await.unwrap().unwrap();
    let mut after = ben.clone();
    after.suspended_at = Some(world.desk.now());
    change(&world, &ben, &after).await;
    let cleo = people.get(CLEO).await.unwrap().unwrap();
    let mut after = cleo.clone();
    after.role = Role::EndUser;
    change(&world, &cleo, &after).await;
    assert!(!suspended.is_in().await && !demoted.is_in().await);
    assert!(admin.is_in().await);
}

#[tokio::test]
async fn two_sign_ins_of_one_person_at_once_stand_both_on_the_list() {
    let world = World::new().await.unwrap();
    let sessions = world.desk.sessions();
    let (one, other) = tokio::join!(sessions.open(BEN, "one"), sessions.open(BEN, "other"));
    assert_ne!(one.unwrap(), other.unwrap());
    assert_eq!(ids(&world, BEN).await.len(), 2);
    // And a sign-out everywhere beside a sign-in leaves a list that says all.
    let (closed, opened) = tokio::join!(sessions.close_all(BEN), sessions.open(BEN, "third"));
    closed.unwrap();
    let token = opened.unwrap();
    let stands = sessions.get(&token).await.unwrap().is_some();
    assert_eq!(ids(&world, BEN).await.len(), usize::from(stands));
}
