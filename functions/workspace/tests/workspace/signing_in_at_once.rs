//! What happens at once while somebody signs in.

use crate::{provider::Provider, signing_in::LOST, visitor::Visitor, world::BEN};
use docket_desk::SignInName;

#[tokio::test]
async fn two_windows_of_one_browser_sign_in_at_once() {
    let (world, provider) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    let first = browser.leave("/agent/tickets/1").await;
    let second = browser.leave("/agent/tickets/2").await;
    let page = browser.get(&provider.allow(&first)).await;
    assert_eq!(page.header("location"), "/agent/tickets/1");
    // The cookie of the sign-in went with the first; the second is signed in by that, and goes on to what it wanted.
    let session = browser.cookies["docket_session"].clone();
    let link = provider.allow(&second);
    let page = browser.get(&link).await;
    assert_eq!(page.header("location"), "/agent/tickets/2");
    assert_eq!(
        browser.cookies["docket_session"], session,
        "forms of the first hold"
    );
    assert_eq!(provider.times("token"), 1);
    // Once more, as a browser does that goes back.
    let page = browser.get(&link).await;
    assert_eq!(page.header("location"), "/agent/tickets");
    // Whoever is not signed in by then begins again.
    world.desk.sessions().close_all(BEN).await.unwrap();
    browser.get(&link).await.shows(LOST);
}

#[tokio::test]
async fn nobody_comes_in_by_an_account_that_is_let_go_while_they_sign_in() {
    let (world, provider) = Provider::desk().await;
    let name = SignInName::new(&provider.issuer, "ben-1");
    for steps in 0..60 {
        let people = world.desk.people();
        people.forget_sign_ins(BEN).await.unwrap();
        world.desk.sessions().close_all(BEN).await.unwrap();
        Visitor::new(&world.app).sign_in(&provider).await;
        // It is let go a little earlier or later while they come back once more.
        let mut browser = Visitor::new(&world.app);
        let address = browser.leave("").await;
        let link = provider.allow(&address);
        let let_go = async {
            for _ in 0..steps * 4 {
                tokio::task::yield_now().await;
            }
            people.forget_sign_ins(BEN).await.unwrap();
            world.desk.sessions().close_all(BEN).await.unwrap();
        };
        tokio::join!(browser.get(&link), let_go);
        let leads_on = people.signing_in_as(&name).await.unwrap() == Some(BEN);
        assert!(leads_on || !browser.is_in().await, "after {steps}");
        let leads_back = people.signs_in_at(BEN, &name).await.unwrap();
        assert_eq!(
            leads_on, leads_back,
            "after {steps}: it could not be let go any more"
        );
    }
}

#[tokio::test]
async fn an_account_that_is_let_go_twice_at_once_leaves_nothing_behind() {
    let (world, provider) = Provider::desk().await;
    let name = SignInName::new(&provider.issuer, "ben-1");
    for steps in 0..60 {
        let people = world.desk.people();
        Visitor::new(&world.app).sign_in(&provider).await;
        let again = async {
            people.forget_sign_ins(BEN).await.unwrap();
            Visitor::new(&world.app).sign_in(&provider).await;
        };
        let too = async {
            for _ in 0..steps * 2 {
                tokio::task::yield_now().await;
            }
            people.forget_sign_ins(BEN).await.unwrap();
        };
        tokio::join!(again, too);
        let leads_on = people.signing_in_as(&name).await.unwrap() == Some(BEN);
        let leads_back = people.signs_in_at(BEN, &name).await.unwrap();
        assert_eq!(
            leads_on, leads_back,
            "after {steps}: it could not be let go any more"
        );
    }
}
