//! Where one came from is where one goes back to.

use crate::world::{BEN, World};
use axum::http::StatusCode;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

#[tokio::test]
async fn a_ticket_leads_back_to_the_view_it_was_opened_from_whatever_is_done_on_it() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Where is it?", "It is late.").await.unwrap();
    world.triage(number).await.unwrap();
    let browser = world.browser(BEN).await;
    let list = browser.get("/agent/tickets?view=unassigned").await;
    let ticket = format!("/agent/tickets/{number}?view=unassigned");
    list.shows(&format!("<a href=\"{ticket}\""));
    let back = format!(
        "href=\"/agent/tickets?view=unassigned#open-{number}\" id=\"back\" title=\"Back to Unassigned"
    );
    let page = browser.get(&ticket).await;
    page.shows(&back);
    page.shows("title=\"Unassigned\" aria-current=\"true\"");
    page.shows(&format!("name=\"next\" value=\"{ticket}\""));
    page.shows(&format!(
        "action=\"/agent/tickets/{number}/snooze?view=unassigned\""
    ));
    page.shows(&format!("action=\"{ticket}#composer\""));

    // Saved, held back, snoozed: the way back stays.
    let csrf = page.field("csrf");
    let nothing = browser.post(&ticket, &[("csrf", &csrf), ("seen", "99")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing.shows(&back);
    let fields = [
        ("csrf", csrf.as_str()),
        ("seen", "99"),
        ("text", "On its way."),
        ("visibility", "public"),
    ];
    let saved = browser.post(&ticket, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let address = saved.header("location").split('#').next().unwrap();
    assert!(address.starts_with(&format!("{ticket}&saved=")), "{address}");
    browser.get(address).await.shows(&back);
    let snooze = format!("/agent/tickets/{number}/snooze?view=unassigned");
    let snoozed = browser
        .post(&snooze, &[("csrf", &csrf), ("until", "tomorrow")])
        .await;
    let address = snoozed.header("location").split('#').next().unwrap();
    let page = browser.get(address).await;
    page.shows(&back);
    page.shows("Saved: snoozed until ");
}

#[tokio::test]
async fn a_ticket_opened_from_elsewhere_leads_to_ones_own() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Where is it?", "It is late.").await.unwrap();
    let browser = world.browser(BEN).await;
    let back = format!("href=\"/agent/tickets#open-{number}\" id=\"back\" title=\"Back to Mine");
    for query in [
        "",
        "?view=%2F%2Fevil.example",
        "?view=nothing&after=%22%3E%3Cb%3E",
    ] {
        let page = browser.get(&format!("/agent/tickets/{number}{query}")).await;
        page.shows(&back);
        page.hides("evil");
    }
}
