//! Signing in at a provider.

use crate::{
    provider::{ByName, Provider},
    visitor::Visitor,
    world::{BEN, START, World},
};
use axum::http::StatusCode;
use docket_desk::Secret;
use docket_domain::people::{
    person::{Identity, Person},
    staff::Role,
};
use docket_oidc::Internet;
use jiff::SignedDuration;
use serde_json::json;
use std::sync::Arc;

pub const LOST: &str = "That sign-in is not going on";

#[tokio::test]
async fn an_agent_signs_in_at_the_provider_and_comes_to_the_page_they_wanted() {
    let (world, provider) = Provider::desk().await;
    let number = world
        .mail(("ann@shop.example", "Ann Lee"), "Hi", "hello")
        .await
        .unwrap();
    let mut browser = Visitor::new(&world.app);
    let wanted = browser.get(&format!("/agent/tickets/{number}")).await;
    let page = browser.get(wanted.header("location")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows(&format!(
        "href=\"/agent/sign-in/provider?next=%2Fagent%2Ftickets%2F{number}\""
    ));
    page.hides("Ben Okafor");
    let address = browser.leave(&format!("/agent/tickets/{number}")).await;
    assert!(
        address.starts_with(&format!("{}/auth?", provider.issuer)),
        "{address}"
    );
    let back = browser.get(&provider.allow(&address)).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(back.header("location"), format!("/agent/tickets/{number}"));
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.shows("<bdi id=\"me\">Ben Okafor</bdi>");
    // What the sign-in needed is gone.
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["docket_session"]);
}

#[tokio::test]
async fn from_the_first_sign_in_on_the_account_counts_and_not_the_address() {
    let (world, provider) = Provider::desk().await;
    Visitor::new(&world.app).sign_in(&provider).await;
    // The same account under another address is the same person still.
    provider.manners().about = json!({ "email": "ben.new@elsewhere.example", "email_verified": true });
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    browser.get("/agent/tickets").await.shows("Ben Okafor");
    // Somebody who gets the address later is not.
    provider.manners().about = json!({ "email": "ben@docket.local", "email_verified": true });
    provider.manners().subject = "ben-2";
    let mut other = Visitor::new(&world.app);
    let page = other.sign_in(&provider).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.shows("That is another account than yours");
    page.shows("Sign in as somebody else");
    assert!(!other.is_in().await);
    // Until whoever runs the desk lets the first account go.
    assert!(world.desk.people().forget_sign_ins(BEN).await.unwrap());
    assert!(!world.desk.people().forget_sign_ins(BEN).await.unwrap());
    other.sign_in(&provider).await;
    assert!(other.is_in().await);
    provider.manners().subject = "ben-1";
    let page = Visitor::new(&world.app).sign_in(&provider).await;
    page.shows("That is another account than yours");
}

#[tokio::test]
async fn whoever_comes_back_after_their_record_was_deleted_is_who_they_are_now() {
    let (world, provider) = Provider::desk().await;
    Visitor::new(&world.app).sign_in(&provider).await;
    let ben = world.desk.people().get(BEN).await.unwrap().unwrap();
    let mut gone = ben.clone();
    gone.role = Role::EndUser;
    gone.deleted_at = Some(world.desk.now());
    change(&world, &ben, &gone).await;
    let mut browser = Visitor::new(&world.app);
    let page = browser.sign_in(&provider).await;
    page.shows("You do not work at this desk any more");
    // They work here again, under a record of their own.
    let by = world.desk.by_system("a test");
    let identities = vec![Identity::email("ben@docket.local")];
    let made = world.desk.people().make(identities, "Ben Again", None, &by).await;
    let (made, writes) = made.unwrap();
    world.desk.commit_writes(vec![], writes).await.unwrap();
    let new = world.desk.people().get(made.id).await.unwrap().unwrap();
    let mut agent = new.clone();
    agent.role = Role::Agent;
    change(&world, &new, &agent).await;
    browser.sign_in(&provider).await;
    browser.get("/agent/tickets").await.shows("Ben Again");
    // What is cleared up after the old record leaves them their account.
    world.desk.people().forget_sign_ins(BEN).await.unwrap();
    Visitor::new(&world.app).sign_in(&provider).await;
    assert!(world.desk.people().forget_sign_ins(made.id).await.unwrap());
}

#[tokio::test]
async fn who_does_not_work_here_is_told_so_and_not_let_in() {
    let (world, provider) = Provider::desk().await;
    world
        .mail(("ann@shop.example", "Ann Lee"), "Hi", "hello")
        .await
        .unwrap();
    for address in ["ann@shop.example", "nobody@shop.example"] {
        provider.manners().about = json!({ "email": address, "email_verified": true });
        let mut browser = Visitor::new(&world.app);
        let page = browser.sign_in(&provider).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.shows(&format!(
            "You signed in as {address}, and nobody who works at this desk has that address."
        ));
        page.shows("again=1");
        assert!(!browser.is_in().await);
    }
    // Who asks again is asked for their name at the provider again.
    let mut browser = Visitor::new(&world.app);
    let page = browser.get("/agent/sign-in/provider?again=1").await;
    assert!(page.header("location").contains("prompt=login"));
}

#[tokio::test]
async fn an_address_counts_only_if_the_provider_says_that_it_is_theirs() {
    let (mut world, provider) = Provider::desk().await;
    for about in [
        json!({ "email": "ben@docket.local" }),
        json!({ "email": "ben@docket.local", "email_verified": false }),
        json!({ "email": "ben@docket.local", "email_verified": "no" }),
        json!({ "name": "Ben" }),
    ] {
        provider.manners().about = about.clone();
        let mut browser = Visitor::new(&world.app);
        let page = browser.sign_in(&provider).await;
        page.shows("Your address is not confirmed");
        assert!(!browser.is_in().await, "{about}");
    }
    // A desk may be told that its provider gives out no other addresses.
    let settings = docket_desk::SignInSettings {
        trusts_addresses: true,
        ..provider.settings()
    };
    world = World::signing_in_at(world.clock.clone(), true, Some(settings))
        .await
        .unwrap();
    provider.manners().about = json!({ "email": "ben@docket.local" });
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
}

/// An address that came with a contact may be anybody's who wrote it there.
#[tokio::test]
async fn an_address_that_nobody_confirmed_leads_to_nobody_unless_answers_go_there() {
    let (world, provider) = Provider::desk().await;
    let ben = world.desk.people().get(BEN).await.unwrap().unwrap();
    let stray = Identity::email("stray@elsewhere.example");
    let mut after = ben.clone();
    after.identities.push(stray.clone());
    change(&world, &ben, &after).await;
    provider.manners().about = json!({ "email": "stray@elsewhere.example", "email_verified": true });
    let mut browser = Visitor::new(&world.app);
    browser
        .sign_in(&provider)
        .await
        .shows("You do not work at this desk");
    let ben = world.desk.people().get(BEN).await.unwrap().unwrap();
    let mut after = ben.clone();
    after.note_identity(&stray, true, world.desk.now());
    change(&world, &ben, &after).await;
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
}

pub async fn change(world: &World, before: &Person, after: &Person) {
    let by = world.desk.by_system("a test");
    let writes = world
        .desk
        .people()
        .changed_writes(before, after, &by)
        .await
        .unwrap();
    world.desk.commit_writes(vec![], writes).await.unwrap();
}

#[tokio::test]
async fn an_address_that_does_not_stand_in_the_token_is_asked_for() {
    let (world, provider) = Provider::desk().await;
    provider.manners().tells_in_token = false;
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
    assert_eq!(provider.times("me"), 1);
    // What is told of somebody else is not theirs.
    provider.manners().about =
        json!({ "sub": "ada-1", "email": "admin@docket.local", "email_verified": true });
    let mut other = Visitor::new(&world.app);
    let page = other.sign_in(&provider).await;
    page.shows("does not prove who you are");
    assert!(!other.is_in().await);
}

#[tokio::test]
async fn the_desk_shows_its_secret_where_it_has_one() {
    let (world, provider) = Provider::desk().await;
    provider.manners().secret = Some("s3cret");
    let page = Visitor::new(&world.app).sign_in(&provider).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.shows("The sign-in is set up wrong");
    let secret = Secret::new("s3cret\n");
    let put = world.desk.put_sign_in_secret(&provider.issuer, &secret);
    put.await.unwrap();
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
}

/// Whoever is named as the provider next is not told what the one before knew the desk by.
#[tokio::test]
async fn a_secret_is_not_shown_to_another_provider() {
    let (world, provider) = Provider::desk().await;
    let secret = Secret::new("s3cret");
    let put = world.desk.put_sign_in_secret("https://former.example", &secret);
    put.await.unwrap();
    // This one refuses who shows it anything.
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
    assert_eq!(provider.times("token"), 1);
}

#[tokio::test]
async fn what_the_provider_or_whoever_asks_there_decides_is_said_in_words() {
    let (world, provider) = Provider::desk().await;
    for (error, status, words) in [
        ("access_denied", 403, "it was cancelled or is not allowed"),
        ("server_error", 503, "does not answer"),
        ("unauthorized_client", 502, "set up wrong"),
    ] {
        let mut browser = Visitor::new(&world.app);
        let address = browser.leave("").await;
        let state = state_of(&address);
        let page = browser
            .get(&format!("/agent/sign-in/callback?error={error}&state={state}"))
            .await;
        assert_eq!(page.status.as_u16(), status, "{error}");
        page.shows(words);
    }
    provider.manners().refuses = Some("invalid_grant");
    let page = Visitor::new(&world.app).sign_in(&provider).await;
    page.shows("does not prove who you are");
}

pub fn state_of(address: &str) -> String {
    let url = url::Url::parse(address).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state");
    state.unwrap().1.into_owned()
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_named_and_the_desk_goes_on() {
    let clock = embedded_aws::Clock::manual(START.parse().unwrap());
    let nowhere = docket_desk::SignInSettings {
        issuer: "http://127.0.0.1:9".to_owned(),
        client_id: "desk".to_owned(),
        trusts_addresses: false,
    };
    let world = World::signing_in_at(clock, true, Some(nowhere)).await.unwrap();
    let mut browser = Visitor::new(&world.app);
    let page = browser.get("/agent/sign-in/provider?next=/agent/tickets/7").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    page.shows("Your sign-in provider does not answer");
    // Where they wanted to go is not forgotten.
    page.shows("next=%2Fagent%2Ftickets%2F7");
    let token = world.desk.sessions().open(BEN, "Firefox").await.unwrap();
    browser.cookies.insert("docket_session".to_owned(), token);
    assert!(browser.is_in().await);
    assert_eq!(browser.get("/agent/sessions").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_read_of_the_provider_serves_for_an_hour_and_a_new_key_is_found_at_once() {
    let (world, provider) = Provider::desk().await;
    for _ in 0..3 {
        Visitor::new(&world.app).sign_in(&provider).await;
    }
    assert_eq!((provider.times("description"), provider.times("keys")), (1, 1));
    world.clock.advance(SignedDuration::from_mins(2));
    provider.takes_another_key("second");
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
    assert_eq!(provider.times("keys"), 2);
    // Keys that are made up make no calls.
    provider.manners().header = json!({ "kid": "made-up" });
    for _ in 0..3 {
        Visitor::new(&world.app)
            .sign_in(&provider)
            .await
            .shows("does not prove");
    }
    assert_eq!(provider.times("keys"), 2);
    world.clock.advance(SignedDuration::from_mins(61));
    provider.manners().header = json!({});
    Visitor::new(&world.app).sign_in(&provider).await;
    assert_eq!((provider.times("description"), provider.times("keys")), (2, 3));
}

#[tokio::test]
async fn a_sign_in_takes_ten_minutes_at_most() {
    let (world, provider) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    let address = browser.leave("").await;
    world.clock.advance(SignedDuration::from_secs(599));
    browser.get(&provider.allow(&address)).await;
    assert!(browser.is_in().await);
    let mut late = Visitor::new(&world.app);
    let address = late.leave("").await;
    world.clock.advance(SignedDuration::from_secs(600));
    late.get(&provider.allow(&address)).await.shows(LOST);
    assert!(!late.is_in().await);
}

#[tokio::test]
async fn a_provider_that_did_not_answer_is_not_asked_again_for_some_seconds() {
    let (world, provider) = Provider::desk().await;
    provider.manners().is_down = true;
    for _ in 0..3 {
        let mut browser = Visitor::new(&world.app);
        let page = browser.get("/agent/sign-in/provider").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        page.shows("Your sign-in provider does not answer");
        let out = browser.get("/agent/sign-in?out=1").await;
        assert_eq!(out.status, StatusCode::OK);
    }
    assert_eq!(provider.times("description"), 1);
    provider.manners().is_down = false;
    world.clock.advance(SignedDuration::from_secs(15));
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await;
    assert!(browser.is_in().await);
    assert_eq!(provider.times("description"), 2);
}

#[tokio::test]
async fn in_the_cloud_cookies_are_bound_to_the_host_and_to_tls() {
    let clock = embedded_aws::Clock::manual(START.parse().unwrap());
    let provider = Provider::called(Some("https://id.example"), &clock).await;
    let world = World::signing_in_at(clock, false, Some(provider.settings()))
        .await
        .unwrap();
    // A desk in the cloud knows where it is reached; this one was not told.
    let refused = Visitor::new(&world.app).get("/agent/sign-in/provider").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let desk = docket_desk::Desk::new(
        docket_desk::Settings {
            public_url: "https://desk.example".to_owned(),
            ..world.desk.settings.clone()
        },
        docket_store::Clients::new(&world.aws.config("workspace")),
        Arc::new(crate::world::DeskClock(world.clock.clone())),
        Arc::new(docket_store::ports::SystemEntropy),
    );
    let web = ByName {
        provider: provider.clone(),
        internet: Internet::new().unwrap(),
    };
    let app = workspace::app_reaching(desk, Arc::new(web));
    let mut browser = Visitor::new(&app);
    let page = browser.get("/agent/sign-in/provider").await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-docket_sign_in="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure"),
        "{cookie}"
    );
    let address = page.header("location").to_owned();
    assert!(address.contains("redirect_uri=https%3A%2F%2Fdesk.example%2Fagent%2Fsign-in%2Fcallback"));
    let page = browser.get(&provider.allow(&address)).await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-docket_session="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure"),
        "{cookie}"
    );
    assert!(browser.is_in().await);
    // Nobody is listed there, and nobody picked.
    let listed = browser.get("/agent/sign-in").await;
    listed.hides("Ada Admin");
    let picked = browser.post("/agent/sign-in", &[("person", "1")]).await;
    assert_eq!(picked.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_desk_with_a_provider_lists_nobody_on_ones_own_machine_either() {
    let (world, _) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    browser.get("/agent/sign-in").await.hides("Ada Admin");
    let picked = browser.post("/agent/sign-in", &[("person", "1")]).await;
    assert_eq!(picked.status, StatusCode::FORBIDDEN);
    assert!(!browser.is_in().await);
}
